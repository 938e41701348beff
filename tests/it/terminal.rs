//! The shell on a terminal, against the built-in PBX.

use crate::pty::{Key, Pty};
use crate::servers::simulator;
use amish::simulator::Simulator;

/// A shell that is logged in and shows its prompt.
fn shell(pbx: &Simulator) -> (Pty, String) {
    let target = pbx.addr().to_string();
    let pty = Pty::spawn(
        &["-u", "demo", &target],
        &[("AMISH_SECRET", "demo")],
        80,
        24,
    );
    let prompt = format!("demo@{target}>");
    pty.wait_typed(&prompt);
    (pty, prompt)
}

// Caller names come from strangers; a title set or a paste begun by one would be
// the least that could happen. No form is an exception.
#[test]
fn no_control_sequence_of_a_peer_reaches_the_terminal() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    let prompt = prompt.replace('>', " (events)>");
    pty.type_line("/events user");
    pty.wait_typed(&prompt);
    let name = "\x1b]0;owned\x07\x1b[2J\u{9b}31m\u{202e}";
    for (seen, form) in ["table", "packet", "raw", "json"].iter().enumerate() {
        pty.type_line(&format!("/set output {form}"));
        pty.wait_typed(&prompt);
        pbx.emit("UserEvent", "user", &[("UserEvent", name)]);
        pty.wait_for("the event", |screen| {
            screen.contents().matches("owned").count() > seen
        });
    }
    let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
    for begun in ["\x1b]0", "\x07", "\x1b[2J", "\u{9b}", "\u{202e}"] {
        assert!(!written.contains(begun), "{begun:?} in {written:?}");
    }
}

#[test]
fn a_name_is_completed_and_a_line_recalled() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    pty.type_text("coreset");
    pty.key(Key::Tab);
    pty.wait_for("the server's spelling", |screen| {
        screen.contents().contains("CoreSettings")
    });
    pty.key(Key::Enter);
    pty.wait_line("AMIversion");
    pty.wait_typed(&prompt);
    pty.key(Key::Up);
    pty.wait_typed(&format!("{prompt} CoreSettings"));
    pty.key(Key::Down);
    pty.wait_typed(&prompt);
    pty.type_text("Pin");
    pty.key(Key::Left);
    pty.key(Key::Right);
    pty.type_line("g");
    pty.wait_line("Pong");
}
