//! The shell on a terminal, against the built-in PBX.

use crate::pty::{Key, Pty, rows};
use crate::servers::{simulator, simulator_with};
use amish::simulator::{Config, Simulator, User};
use nix::sys::signal::Signal;

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

// Caller names come from strangers; a title or a paste begun by one would be
// the least that could happen. This holds for every form.
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

// Neither needs a hostile server: a database or a capture may contain what a
// caller once called themselves. This holds for every form, and for a script's
// own output.
#[test]
fn no_script_and_no_capture_hands_the_terminal_to_a_name() {
    let evil = "a\x1b]0;EVIL\x07\u{9b}31m\u{202e}\u{200b}b";
    let folder = tempfile::tempdir().expect("a folder");
    let capture = folder.path().join("capture");
    let packets = format!("Event: UserEvent\r\nK{evil}: {evil}\r\nno colon {evil}\r\n\r\n");
    std::fs::write(&capture, packets).expect("a capture");
    let put = format!("DBPut f k \"{evil}\"");
    for form in ["table", "packet", "raw", "json", "csv", "tsv"] {
        let capture = capture.to_str().expect("a path");
        let decode = ["--decode", capture, "-o", form];
        let script = ["--demo", "-o", form, "-c", &put, "-c", "DBGet f k"];
        let told = ["-c", "set v = Val", "-c", "echo $v", "-c", "fail $v"];
        for (args, code) in [(&decode[..], 0), (&[&script[..], &told].concat(), 7)] {
            let pty = Pty::spawn(args, &[], 80, 24);
            assert_eq!(pty.exit_code(), code, "{args:?}");
            let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
            assert!(written.contains("EVIL"), "{args:?}: {written:?}");
            for begun in ["\x1b]0", "\x07", "\u{9b}", "\u{202e}", "\u{200b}"] {
                assert!(!written.contains(begun), "{begun:?} in {written:?}");
            }
        }
    }
}

// One line, even on a terminal of 80 columns.
#[test]
fn the_greeting_names_product_user_and_help() {
    let pbx = simulator();
    let (pty, _) = shell(&pbx);
    let target = pbx.addr();
    pty.wait_line(&format!("Asterisk 22.10.1, demo@{target}; type help"));
    // The version in the banner is that of the protocol, and reads like one of
    // Asterisk; without class command it is all that is known.
    let pbx = simulator_with(Config {
        users: vec![User::new("demo", "demo", "call", "call")],
        ..Config::default()
    });
    let (pty, _) = shell(&pbx);
    let target = pbx.addr();
    pty.wait_line(&format!("Asterisk (AMI 11.0.0), demo@{target}; type help"));
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

// A user with a wrong target must not be left with a terminal without echo.
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

// Text typed ahead is neither lost nor mixed with the output.
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

// Ctrl-D after ten lines of a packet discards it; the shell goes on.
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

// An empty table would say nothing, and a script would continue.
#[test]
fn help_about_what_there_is_not_says_so() {
    let pty = Pty::spawn(&["--demo", "help", "Pnig"], &[], 80, 24);
    pty.wait_line("there is no Action Pnig; did you mean Ping?");
    assert_eq!(pty.exit_code(), 2);
}

// Otherwise the next prompt of the parent shell would be in our line.
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

// In Emacs and in containers. Without the prompt below an event one does not
// know whether amish still listens; a control sequence would be shown.
#[test]
fn a_terminal_that_can_do_nothing_has_a_prompt_below_what_arrived() {
    let pbx = simulator();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    for term in ["TERM=dumb", "TERM=dumb-emacs-ansi", "unset TERM"] {
        let amish = env!("CARGO_BIN_EXE_amish");
        let script = format!("{term}; exec {amish} {}", pbx.addr());
        let mut pty = Pty::program("/bin/sh", &["-c", &script], &env, 80, 24);
        let prompt = format!("demo@{}", pbx.addr());
        pty.wait_typed(&format!("{prompt}>"));
        pty.type_line("/events user");
        pty.wait_typed(&format!("{prompt} (events)>"));
        pbx.emit("UserEvent", "user", &[("UserEvent", "noticed")]);
        pty.wait_for("the prompt below the event", |screen| {
            let rows = rows(screen);
            let event = rows.iter().position(|row| row.contains("noticed"));
            event.is_some_and(|at| rows[at + 1].starts_with(&prompt))
        });
        // As Emacs does for Ctrl-C.
        pty.signal(Signal::SIGINT);
        pty.wait_line("Ctrl-D or quit leaves");
        pty.wait_typed(&format!("{prompt} (events)>"));
        pty.type_line("Ping");
        pty.wait_line("Pong");
        pty.key(Key::Ctrl('d'));
        assert_eq!(pty.exit_code(), 0);
        assert!(!pty.bytes().contains(&0x1b), "{term}: no control sequence");
    }
}

// A terminal breaks what is too long anywhere, and broken words are hard to read.
#[test]
fn prose_is_broken_between_words_at_every_width() {
    for columns in [20, 27, 33, 45, 80] {
        for words in [
            &["help", "QueueAdd"][..],
            &["help", "Originate"],
            &["help"],
            &["Pnig", "Key=1"],
        ] {
            let args: Vec<&str> = ["--demo", "--color", "never"]
                .iter()
                .chain(words)
                .copied()
                .collect();
            let pty = Pty::spawn(&args, &[], columns, 24);
            pty.exit_code();
            let text = String::from_utf8_lossy(&pty.bytes()).into_owned();
            assert!(text.lines().count() > 1, "{words:?}: {text}");
            for line in text.lines() {
                let fits = line.chars().count() <= usize::from(columns);
                let is_word = !line.trim().contains(' ');
                assert!(fits || is_word, "{words:?} at {columns}: {line:?}");
            }
        }
    }
}
