//! The terminal is given back as it was, whatever ends amish.

use crate::pty::{Key, Pty};
use crate::scripted::Scripted;
use crate::servers::simulator;
use nix::sys::signal::Signal;
use rustix::termios::{InputModes, LocalModes};

const ENDS: [Signal; 3] = [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

const SECRET: [(&str, &str); 1] = [("AMISH_SECRET", "demo")];

/// After its end: echo, lines, keys that make signals; no marks around pastes.
#[track_caller]
fn assert_given_back(pty: &Pty, what: &str) {
    let modes = pty.modes();
    let local = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
    assert!(modes.local_modes.contains(local), "{what}: {modes:?}");
    assert!(
        modes.input_modes.contains(InputModes::ICRNL),
        "{what}: {modes:?}"
    );
    let written = pty.bytes();
    let last = |mark: &[u8]| written.windows(mark.len()).rposition(|part| part == mark);
    assert!(
        last(b"\x1b[?2004l") >= last(b"\x1b[?2004h"),
        "{what}: pastes are marked"
    );
}

/// Brings a shell at its prompt somewhere.
type Step = fn(&mut Pty);

// A terminal that shows nothing of what is typed is the last thing an operator
// needs whose server room is on fire.
#[test]
fn a_signal_at_any_moment_of_a_line_gives_the_terminal_back() {
    let steps: [(&str, Step); 5] = [
        ("the prompt", |_| {}),
        ("half a line", |pty| {
            pty.type_text("Ping Act");
            pty.wait_line("> Ping Act");
        }),
        ("a raw packet", |pty| {
            pty.type_line("Action: Ping");
            pty.wait_typed("…");
        }),
        ("a search", |pty| {
            pty.type_line("Ping");
            pty.wait_line("Pong");
            pty.key(Key::Ctrl('r'));
            pty.wait_line("reverse-i-search");
        }),
        ("a list of candidates", |pty| {
            pty.type_text("Q");
            pty.key(Key::Tab);
            pty.wait_line("--More--");
        }),
    ];
    let pbx = simulator();
    let target = pbx.addr().to_string();
    for (what, step) in steps {
        for signal in ENDS {
            let before = goodbyes(&pbx);
            let mut pty = Pty::spawn(&["-u", "demo", &target], &SECRET, 80, 6);
            pty.wait_typed(&format!("demo@{target}>"));
            step(&mut pty);
            pty.signal(signal);
            assert_eq!(pty.exit_code(), 128 + signal as i32, "{what}");
            assert_given_back(&pty, &format!("{signal} at {what}"));
            assert_eq!(goodbyes(&pbx), before + 1, "{signal} at {what}: no Logoff");
        }
    }
}

fn goodbyes(pbx: &amish::simulator::Simulator) -> usize {
    let received = pbx.received();
    received.iter().filter(|one| one.contains("Logoff")).count()
}

// The modes are others then: nothing typed is shown, and keys make signals.
#[test]
fn a_signal_while_an_answer_is_awaited_gives_the_terminal_back() {
    for (signal, key) in ENDS
        .map(|signal| (signal, None))
        .into_iter()
        .chain([(Signal::SIGQUIT, Some(Key::Ctrl('\\')))])
    {
        let server = Scripted::logged_in(|conversation| while conversation.hear().is_some() {});
        let target = server.target();
        let mut pty = Pty::spawn(&["-u", "demo", &target], &SECRET, 80, 24);
        pty.wait_typed(&format!("demo@{target}>"));
        pty.type_line("Ping");
        pty.wait_for("its line", |screen| screen.cursor_position().1 == 0);
        match key {
            Some(key) => pty.key(key),
            None => pty.signal(signal),
        }
        assert_eq!(pty.exit_code(), 128 + signal as i32);
        assert_given_back(&pty, &format!("{signal} while waiting"));
    }
}

#[test]
fn a_signal_at_the_question_for_the_secret_gives_the_terminal_back() {
    let pbx = simulator();
    let target = format!("demo@{}", pbx.addr());
    for signal in ENDS.into_iter().chain([Signal::SIGINT]) {
        let pty = Pty::spawn(&[&target], &[], 80, 24);
        pty.wait_line("Secret for demo:");
        pty.wait_silent();
        pty.signal(signal);
        assert_eq!(pty.exit_code(), 128 + signal as i32);
        assert_given_back(&pty, &format!("{signal} at the question"));
    }
}
