//! The pictures of the README and the manual: real screens, drawn from what a terminal shows.
//! `AMISH_BLESS=1 cargo test` redraws them.

use crate::picture::draw;
use crate::pty::{Key, Pty, hint};
use crate::servers::simulator;
use crate::support::until;
use amish::simulator::Simulator;
use std::path::PathBuf;

/// Waits until the screen matches the picture `name`.
#[track_caller]
fn compare(pty: &Pty, name: &str, address: &str) {
    let draw = || pty.look(|screen| draw(screen, "amish", &[(address, "pbx")]));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/screens")
        .join(format!("{name}.svg"));
    if std::env::var_os("AMISH_BLESS").is_some() {
        std::fs::write(&path, draw()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let missing = format!("tests/screens/{name}.svg is old: AMISH_BLESS=1 cargo test screens");
    until(&missing, || draw() == kept);
}

/// A PBX, its address, and a shell at its prompt.
fn shell() -> (Simulator, String, Pty) {
    let pbx = simulator();
    let address = pbx.addr().to_string();
    let env = [("AMISH_SECRET", "demo"), ("COLORTERM", "")];
    let pty = Pty::spawn(&["-u", "demo", &address], &env, 100, 26);
    pty.wait_typed(&format!("demo@{address}>"));
    (pbx, address, pty)
}

/// Types `line` until the hint after it says `words`: the server's
/// documentation arrives in the background.
fn hinted(pty: &mut Pty, prompt: &str, line: &str, words: &str) {
    pty.until("no such hint", |pty| {
        pty.key(Key::Ctrl('u'));
        pty.type_text(line);
        pty.wait_typed(&format!("{prompt}{line}"));
        pty.look(|screen| hint(screen).contains(words))
    });
}

// What a newcomer sees first: a readable list, and events that do not disturb
// the line being typed.
#[test]
fn the_shell_at_work() {
    let (pbx, address, mut pty) = shell();
    pty.type_line("QueueStatus support");
    pty.wait_line(" members");
    pty.type_line("/events call");
    pty.wait_typed(&format!("demo@{address} (events)>"));
    hinted(
        &mut pty,
        &format!("demo@{address} (events)> "),
        "Hangup Cha",
        "name of the channel",
    );
    pbx.emit(
        "Newchannel",
        "call",
        &[
            ("Channel", "PJSIP/101-00000031"),
            ("Exten", "102"),
            ("Context", "internal"),
            ("Uniqueid", "1.1"),
        ],
    );
    pty.wait_line("Newchannel");
    pty.wait_typed(&format!("demo@{address} (events)> Hangup Cha"));
    compare(&pty, "shell", &address);
}

// Keys and current values replace the manual.
#[test]
fn what_tab_offers() {
    let (_pbx, address, mut pty) = shell();
    let prompt = format!("demo@{address}> ");
    hinted(&mut pty, &prompt, "QueueAdd ", "[MemberName");
    pty.key(Key::Tab);
    pty.wait_line("ActionID=");
    pty.key(Key::Ctrl('u'));
    pty.type_text("QueuePause Queue=support Interface=");
    pty.key(Key::Tab);
    pty.wait_line("PJSIP/103  Carol");
    pty.type_text("2 Paused=");
    pty.wait_for("the hint", |screen| hint(screen).contains("true|false"));
    let typed = "QueuePause Queue=support Interface=PJSIP/102 Paused=";
    pty.wait_typed(&format!("{prompt}{typed}"));
    compare(&pty, "completion", &address);
}

// The manual of this server.
#[test]
fn what_help_says() {
    let (_pbx, address, mut pty) = shell();
    let prompt = format!("demo@{address}> ");
    hinted(&mut pty, &prompt, "QueueAdd ", "[MemberName");
    pty.key(Key::Ctrl('u'));
    pty.type_line("help QueueAdd");
    pty.wait_line("Since ");
    pty.type_line("QueueAdd support Interfce=PJSIP/101");
    pty.wait_line("Interface");
    pty.type_line("queue show");
    pty.wait_line("cli queue show");
    pty.wait_typed(&prompt);
    compare(&pty, "help", &address);
}
