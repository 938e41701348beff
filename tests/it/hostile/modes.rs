//! The program without its shell, on a terminal.

use super::{Hostile, MARK, Serving};
use crate::calm::leaks_of_program;
use crate::evils::{self, EVILS, all_in_one};
use crate::pty::Pty;
use crate::support::is_full;

const FORMS: [&str; 6] = ["table", "packet", "raw", "json", "csv", "tsv"];
const SECRET: [(&str, &str); 1] = [("AMISH_SECRET", "secret")];

/// A way to run it: its name, and its arguments after the target.
type Mode = (&'static str, &'static [&'static str]);

#[rustfmt::skip]
const REPLIES: Mode = ("replies in a script", &["--keep-going",
    "-c", "CoreShowChannels", "-c", "QueueStatus", "-c", "Status", "-c", "GetConfig x", "-c", "Getvar c x", "-c", "Hangup x"]);
#[rustfmt::skip]
const MODES: &[Mode] = &[
    REPLIES,
    ("one action", &["QueueStatus"]),
    ("an error", &["Hangup", "Channel=x"]),
    ("help", &["help"]),
    ("help of an action", &["help", "QueueRemove"]),
    ("the packets of the login", &["-v", "Ping"]),
];

/// A script that echoes a value from the server.
#[rustfmt::skip]
const ECHO: Mode = ("echo", &["-c", "Ping", "-c", "set v = Message", "-c", "echo $v"]);
#[rustfmt::skip]
const FAIL: Mode = ("fail", &["-c", "Ping", "-c", "set v = Message", "-c", "fail $v"]);
const CLI: Mode = ("CLI text in a script", &["-c", "cli core show channels"]);
const CLI_ALONE: Mode = ("CLI text of -x", &["-x", "core show channels"]);
const STREAM: Mode = ("events", &["-e", "--fields", "*", "--count", "3"]);

/// Runs it on a wide terminal, so that nothing is cut off before it could do
/// harm.
fn run(server: &Serving, form: &str, (_, args): Mode, cols: u16) -> Vec<u8> {
    let target = server.target();
    let mut words = vec!["-u", "me", "-o", form, &target];
    words.extend(args);
    let pty = Pty::spawn(&words, &SECRET, cols, 50);
    pty.exit_code();
    printed(form, pty.bytes())
}

/// What it printed. In tsv, tabs between cells are amish's own; one in a value
/// is written as two characters.
fn printed(form: &str, bytes: Vec<u8>) -> Vec<u8> {
    match form {
        "tsv" => bytes
            .into_iter()
            .map(|byte| if byte == b'\t' { b' ' } else { byte })
            .collect(),
        _ => bytes,
    }
}

/// Runs these modes against hostile servers: with all texts at once in every
/// form, and with each text alone, in one form unless tests run at full size.
#[track_caller]
fn all_is_calm(modes: &[Mode], forms: &[&str]) {
    let mut found = Vec::new();
    let mut check = |server: &Serving, evil: &str, form: &str, mode: Mode, cols: u16| {
        let written = run(server, form, mode, cols);
        let leaks = leaks_of_program(&written);
        if !leaks.is_empty() {
            found.push(format!("{evil}, {form}, {}: {:?}", mode.0, leaks.first()));
        }
        String::from_utf8_lossy(&written).contains(MARK)
    };
    let server = Hostile::everywhere(&all_in_one()).serve();
    for form in forms {
        for mode in modes {
            let shown = check(&server, "all in one", form, *mode, 4000);
            assert!(
                shown,
                "{form}, {}: nothing of the server's is shown",
                mode.0
            );
        }
    }
    for (number, (name, evil)) in evils::chosen().enumerate() {
        let server = Hostile::everywhere(evil).serve();
        for (at, mode) in modes.iter().enumerate() {
            let one = forms[(number + at) % forms.len()];
            let chosen = if is_full() { forms } else { &[one] };
            for form in chosen {
                check(&server, name, form, *mode, 400);
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} of them, such as {:#?}",
        found.len(),
        &found[..found.len().min(12)]
    );
}

// Every form, in every mode that shows a reply.
#[test]
fn replies_are_calm() {
    all_is_calm(&[REPLIES], &FORMS);
}

// Help, errors and the packets of the login bypass the forms, on stdout or
// stderr.
#[test]
fn what_is_shown_beside_replies_is_calm() {
    all_is_calm(&MODES[1..], &["table", "json"]);
}

// A value taken from a reply is still the server's.
#[test]
fn what_a_script_echoes_is_calm() {
    all_is_calm(&[ECHO], &FORMS);
}

#[test]
fn what_a_script_fails_with_is_calm() {
    all_is_calm(&[FAIL], &FORMS);
}

#[test]
fn cli_text_is_calm() {
    all_is_calm(&[CLI, CLI_ALONE], &FORMS);
}

#[test]
fn events_are_calm() {
    all_is_calm(&[STREAM], &FORMS);
}

// A capture is untrusted as well.
#[test]
fn what_is_decoded_is_calm() {
    let evil = [&*all_in_one(), MARK.as_bytes()].concat();
    let mut capture = [b"Asterisk Call Manager/", &*evil, b"\r\n"].concat();
    for line in [
        "Response: Success\r\nMessage: ",
        "Event: Newchannel\r\nCallerIDName: ",
        "Event: ",
        "",
        "X",
        "\r\n",
    ] {
        capture.extend([line.as_bytes(), &*evil, b"\r\n\r\n"].concat());
    }
    capture.extend([b"Response: ", &*evil].concat());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("capture");
    std::fs::write(&path, capture).unwrap();
    for form in FORMS {
        let args = [
            "--decode",
            path.to_str().unwrap(),
            "-o",
            form,
            "--fields",
            "*",
        ];
        let pty = Pty::spawn(&args, &[], 4000, 50);
        pty.exit_code();
        assert!(
            String::from_utf8_lossy(&pty.bytes()).contains(MARK),
            "{form}"
        );
        crate::calm::assert_calm(form, &printed(form, pty.bytes()));
    }
}

// Excessive amounts must neither be obeyed nor keep amish from ending.
#[test]
fn what_is_too_much_is_calm() {
    for (name, evil) in EVILS.iter().filter(|(_, evil)| evil.len() >= 100) {
        let server = Hostile::everywhere(evil).serve();
        for mode in [ECHO, CLI, MODES[2]] {
            let written = run(&server, "packet", mode, 400);
            crate::calm::assert_calm(format!("{name}, {}", mode.0), &written);
            assert!(
                String::from_utf8_lossy(&written).contains(MARK),
                "{name}, {}",
                mode.0
            );
        }
    }
}
