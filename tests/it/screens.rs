//! The pictures of the README: real screens, drawn from what a terminal shows.
//! `AMISH_BLESS=1 cargo test` draws them anew.

use crate::picture::draw;
use crate::pty::{Key, Pty, hint};
use crate::servers::simulator;
use crate::support::BOUND;
use std::path::PathBuf;
use std::time::Instant;

/// Compares the screen with the picture `name`.
#[track_caller]
fn compare(pty: &Pty, name: &str, address: &str) {
    let drawn = pty.look(|screen| draw(screen, "amish", &[(address, "pbx")]));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/screens")
        .join(format!("{name}.svg"));
    if std::env::var_os("AMISH_BLESS").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "tests/screens/{name}.svg is old: AMISH_BLESS=1 cargo test screens{}",
        pty.picture()
    );
}

// What a newcomer sees first: a list that can be read, and events that do not
// disturb the line being typed.
#[test]
fn the_shell_at_work() {
    let pbx = simulator();
    let address = pbx.addr().to_string();
    let mut pty = Pty::spawn(
        &["-u", "demo", &address],
        &[("AMISH_SECRET", "demo"), ("COLORTERM", "")],
        100,
        26,
    );
    pty.wait_typed(&format!("demo@{address}>"));
    pty.type_line("QueueStatus support");
    pty.wait_line(" members");
    pty.type_line("/events call");
    pty.wait_typed(&format!("demo@{address} (events)>"));
    // What the server says of the key comes in the background.
    let begun = Instant::now();
    while !pty.look(|screen| hint(screen).contains("name of the channel")) {
        assert!(begun.elapsed() < BOUND, "{}", pty.picture());
        pty.key(Key::Ctrl('u'));
        pty.type_text("Hangup Cha");
        pty.wait_typed(&format!("demo@{address} (events)> Hangup Cha"));
    }
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
