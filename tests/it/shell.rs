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

/// How often the PBX was asked for `action`.
fn asked(pbx: &Simulator, action: &str) -> usize {
    let line = format!("action: {}", action.to_lowercase());
    let is_it = |request: &&String| request.lines().any(|l| l.to_lowercase() == line);
    pbx.received().iter().filter(is_it).count()
}

#[test]
fn a_line_is_answered_and_quit_leaves() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    pty.type_line("ping");
    pty.wait_line("Pong");
    pty.wait_typed(&prompt);
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
    assert_eq!(asked(&pbx, "Logoff"), 1);
}

#[test]
fn the_line_is_edited_cleared_and_left() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    let (_, start) = pty.cursor();
    pty.type_text("DBGex  a");
    for _ in 0..3 {
        pty.key(Key::Left);
    }
    pty.key(Key::Backspace);
    pty.type_text("t");
    pty.wait_typed(&format!("{prompt} DBGet  a"));
    assert_eq!(pty.cursor().1, start + 5);
    pty.key(Key::End);
    pty.key(Key::Home);
    pty.key(Key::Delete);
    pty.wait_typed(&format!("{prompt} BGet  a"));
    assert_eq!(pty.cursor().1, start);
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&prompt);
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
    assert_eq!(asked(&pbx, "DBGet"), 0);
}

// As from documentation or another terminal.
#[test]
fn two_raw_packets_pasted_at_once_both_run() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    pty.paste(
        "Action: DBPut\nFamily: f\nKey: k\nVal: pasted\n\naction: dbget\nfamily: f\nkey: k\n\n",
    );
    pty.key(Key::Enter);
    pty.wait_line("pasted");
    pty.wait_typed(&prompt);
    assert_eq!((asked(&pbx, "DBPut"), asked(&pbx, "DBGet")), (1, 1));
}

// Whoever types faster than the server answers loses nothing.
#[test]
fn lines_typed_ahead_all_run() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    pty.type_text("DBPut f a 1\rDBPut f b second\rDBGet f b\r");
    pty.wait_for("the value", |screen| {
        screen.contents().matches("second").count() == 2
    });
    pty.wait_typed(&prompt);
    assert_eq!((asked(&pbx, "DBPut"), asked(&pbx, "DBGet")), (2, 1));
}

// What comes from the network must not disturb what is being typed.
#[test]
fn a_thousand_events_leave_the_line_as_it_was() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    pty.type_line("/events on");
    pty.wait_for("(events) in the prompt", |screen| {
        screen.contents().contains("(events)>")
    });
    let prompt = prompt.replace('>', " (events)>");
    pty.type_text("Hangup Chanel=SIP/1");
    for _ in 0..9 {
        pty.key(Key::Left);
    }
    pty.type_text("n");
    let line = format!("{prompt} Hangup Channel=SIP/1");
    pty.wait_typed(&line);
    let (_, column) = pty.cursor();
    for n in 1..=1000 {
        let number = n.to_string();
        let body = [("UserEvent", "Count"), ("Number", number.as_str())];
        pbx.emit("UserEvent", "user", &body);
    }
    pty.wait_for("the last event above the line", |screen| {
        screen.contents().contains("1000") && screen.cursor_position().1 == column
    });
    pty.wait_typed(&line);
    assert_eq!(pty.cursor().1, column);
    pty.key(Key::Ctrl('c'));
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
}

// Caller names come from strangers; a title set or a paste begun by one would be
// the least that could happen.
#[test]
fn no_control_sequence_of_a_peer_reaches_the_terminal() {
    let pbx = simulator();
    let (mut pty, _) = shell(&pbx);
    pty.type_line("/events user");
    pty.wait_for("(events) in the prompt", |screen| {
        screen.contents().contains("(events)>")
    });
    let name = "\x1b]0;owned\x07\x1b[2J\u{9b}31m\u{202e}";
    pbx.emit(
        "UserEvent",
        "user",
        &[("UserEvent", name), ("CallerIDName", name)],
    );
    pty.wait_line("owned");
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
