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

// One line, also on a terminal of 80 columns.
#[test]
fn the_greeting_names_product_user_and_help() {
    let pbx = simulator();
    let (pty, _) = shell(&pbx);
    let target = pbx.addr();
    pty.wait_line(&format!(
        "Asterisk Call Manager/11.0.0, demo@{target}; type help"
    ));
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
    pty.type_text("coreset ActionID=1");
    pty.type_bytes(&b"\x1b[D".repeat(" ActionID=1".len()));
    pty.key(Key::Tab);
    pty.wait_typed(&format!("{prompt} CoreSettings ActionID=1"));
    pty.key(Key::Ctrl('c'));
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

// A terminal without echo is what a user remembers of a wrong target.
#[test]
fn leaving_the_question_for_the_secret_leaves_the_terminal_as_it_was() {
    let pbx = simulator();
    let script = format!(
        "trap : INT; stty -a >before; {} demo@{}; echo ended $?; \
         stty -a >after; cmp before after && echo same",
        env!("CARGO_BIN_EXE_amish"),
        pbx.addr()
    );
    for (key, code) in [(Key::Ctrl('c'), 130), (Key::Enter, 2)] {
        let mut pty = Pty::program("/bin/sh", &["-c", &script], &[], 80, 24);
        pty.wait_line("Secret for demo:");
        pty.wait_silent();
        pty.key(key);
        pty.wait_line(&format!("ended {code}"));
        pty.wait_line("same");
    }
    assert!(!pbx.received().iter().any(|one| one.contains("Login")));
}

// What is typed ahead is neither lost nor mixed with what is shown.
#[test]
fn a_line_typed_while_connecting_waits_for_the_prompt() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let target = silent.local_addr().expect("an address");
    pty.type_line(&format!("/connect {target}"));
    let (connection, _) = silent.accept().expect("it connects");
    pty.type_text("Ping ActionID=ahead");
    drop(connection);
    pty.wait_typed(&format!("{prompt} Ping ActionID=ahead"));
    pty.key(Key::Enter);
    pty.wait_line("Pong");
    let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(!written.contains("\nPing"), "it was echoed: {written:?}");
}

// A key away from a packet of ten lines; the shell is still there.
#[test]
fn ctrl_d_in_a_packet_takes_it_back() {
    let pbx = simulator();
    let (mut pty, prompt) = shell(&pbx);
    pty.type_line("Action: Ping");
    pty.wait_typed("…");
    pty.key(Key::Ctrl('d'));
    pty.wait_line("the packet was not sent");
    pty.wait_typed(&prompt);
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
    assert!(
        !pbx.received()
            .iter()
            .any(|one| one.contains("Action: Ping"))
    );
}

// A table without rows says nothing, and a script goes on.
#[test]
fn help_about_what_there_is_not_says_so() {
    let pty = Pty::spawn(&["--demo", "help", "Pnig"], &[], 80, 24);
    pty.wait_line("there is no Action Pnig; help lists what there is");
    assert_eq!(pty.exit_code(), 2);
}

// The prompt of the shell behind it would stand in the line of ours.
#[test]
fn a_terminal_that_can_do_nothing_is_left_at_the_beginning_of_a_line() {
    let script = format!("{} --demo; echo ended $?", env!("CARGO_BIN_EXE_amish"));
    let env = [("TERM", "dumb")];
    let mut pty = Pty::program("/bin/sh", &["-c", &script], &env, 80, 24);
    pty.wait_line("> ");
    pty.type_line("Ping");
    pty.wait_line("Pong");
    pty.wait_for("the next prompt", |screen| {
        screen.contents().matches("> ").count() == 2
    });
    pty.key(Key::Ctrl('d'));
    pty.wait_for("the end", |screen| {
        screen.contents().lines().any(|line| line == "ended 0")
    });
    assert!(!pty.bytes().contains(&0x1b), "no control sequence");
}
