//! Ctrl-C wherever amish reads or waits.

use super::{question, refused, shell};
use crate::dangerous::heard;
use crate::given_back::{end, on_a_mortal_terminal};
use crate::pty::{Key, Pty};
use crate::scripted::Scripted;
use crate::shell::pbx;
use crate::support::until;
use amish::simulator::Simulator;
use nix::sys::signal::Signal;
use std::io::{Read, Write};
use std::net::TcpListener;

/// A shell on a dumb terminal.
fn dumb(pbx: &Simulator) -> (Pty, String) {
    let (pty, prompt) = shell(&pbx.addr().to_string(), "", &[("TERM", "dumb")], 30);
    (pty, prompt)
}

// There is no editor there to receive the key.
#[test]
fn ctrl_c_takes_back_a_question_and_a_packet_on_a_dumb_terminal() {
    let pbx = pbx();
    let (mut pty, prompt) = dumb(&pbx);
    pty.type_line("DBDelTree night");
    question(&pty);
    pty.key(Key::Ctrl('c'));
    pty.wait_line("nothing was sent");
    pty.wait_typed(&prompt);
    pty.type_line("y");
    refused(&pty, "y");
    pty.wait_typed(&prompt);
    pty.type_line("Action: DBDelTree");
    pty.wait_typed("…");
    pty.type_line("Family: night");
    pty.wait_for("the next line", |screen| {
        screen.contents().matches('…').count() == 2
    });
    // All in one write: the key comes before the empty line, which would send
    // the packet.
    pty.type_text("\x03\rPing ActionID=after\r");
    pty.wait_line("ActionID: after");
    assert_eq!(heard(&pbx, "DBDelTree"), 0);
    pty.wait_typed(&prompt);
    pty.type_line("DBDelTree night");
    question(&pty);
    pty.type_line("y");
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "DBDelTree"), 1);
    pty.type_text("half a line");
    pty.key(Key::Ctrl('c'));
    pty.wait_line("Ctrl-D or quit leaves");
    pty.type_text("half");
    pty.key(Key::Ctrl('d'));
    pty.type_line(" more");
    refused(&pty, "half");
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
}

// vi's operators wait for a key as well. Ctrl-Z and Ctrl-\ go the same way.
#[test]
fn ctrl_c_discards_the_line_behind_every_operator_of_vi() {
    let pbx = pbx();
    let config = "[keys]\nedit_mode = 'vi'\n";
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), config, &[], 24);
    for begun in [
        "", "d", "c", "y", "f", "T", "r", "<", ">", "2", "d2", "df", "c3t",
    ] {
        pty.type_text("QueueReset");
        pty.wait_typed(&format!("{prompt}QueueReset"));
        pty.type_text("\x1b");
        // In command mode the cursor is on the last character.
        pty.wait_for("command mode", |screen| {
            usize::from(screen.cursor_position().1) == prompt.len() + "QueueRese".len()
        });
        pty.type_text(begun);
        pty.key(Key::Ctrl('c'));
        pty.wait_typed(&prompt);
    }
    // What the operators do otherwise.
    pty.type_text("Getvar abc def\x1bbd0x");
    pty.wait_typed(&format!("{prompt}ef"));
    pty.type_text("d");
    pty.key(Key::Ctrl('\\'));
    assert_eq!(pty.exit_code(), 128 + Signal::SIGQUIT as i32);
}

// A shell's loop continues after exit code 2, and ends after 130.
#[test]
fn ctrl_c_at_the_question_of_a_single_action_ends_it() {
    let pbx = pbx();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let target = pbx.addr().to_string();
    let script = format!(
        "stty -a >before; {} {target} QueueReset; echo ended $?; stty -a >after; cmp before after && echo same",
        env!("CARGO_BIN_EXE_amish")
    );
    for (keys, code) in [
        ("\x03y\r", 130),
        ("y\x03", 130),
        ("\x04", 2),
        ("yn\r", 2),
        ("y\r", 0),
    ] {
        let mut pty = Pty::program(
            "/bin/sh",
            &["-c", &format!("trap : INT; {script}")],
            &env,
            100,
            30,
        );
        question(&pty);
        pty.type_text(keys);
        pty.wait_line(&format!("ended {code}"));
        pty.wait_line("same");
    }
    assert_eq!(heard(&pbx, "QueueReset"), 1);
}

// Twenty seconds are long for a user who mistyped a port.
#[test]
fn ctrl_c_ends_waiting_for_a_port_that_says_nothing() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &[], 30);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = silent.local_addr().unwrap();
    pty.type_line(&format!("/connect {target}"));
    let (first, _) = silent.accept().unwrap();
    // The message can come only while the connection is still pending.
    pty.key(Key::Ctrl('c'));
    pty.wait_line("stopped: not connected");
    // The previous session continues.
    pty.wait_typed(&prompt);
    pty.type_line("Ping ActionID=still");
    pty.wait_line("ActionID: still");
    drop(first);
}

// Otherwise whatever is typed next would be sent as the secret.
#[test]
fn ctrl_c_at_the_secret_of_another_server_comes_back_to_the_prompt() {
    let (pbx, other) = (pbx(), pbx());
    let target = pbx.addr().to_string();
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "demo\n").unwrap();
    let config = tempfile::NamedTempFile::new().unwrap();
    let profile = format!(
        "[profile.here]\ntarget = \"demo@{target}\"\nsecret_file = \"{}\"\n",
        secret.path().display()
    );
    std::fs::write(config.path(), profile).unwrap();
    let env = [("AMISH_CONFIG", config.path().to_str().unwrap())];
    let mut pty = Pty::spawn(&["-o", "packet", "here"], &env, 100, 30);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    pty.type_line(&format!("/connect you@{}", other.addr()));
    pty.wait_line("Secret for you:");
    pty.type_text("\x03Ping ActionID=after\r");
    pty.wait_line("ActionID: after");
    pty.wait_typed(&prompt);
    pty.type_line(&format!("/connect {}", other.addr()));
    pty.wait_line("User: ");
    pty.type_text("yox\x7f");
    pty.wait_typed("User: yo");
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&prompt);
    assert_eq!(heard(&other, "Login"), 0);
}

// A terminal is slower than any server. What is not shown is counted.
#[test]
fn ctrl_c_ends_a_long_page_on_a_slow_terminal() {
    let server = Scripted::logged_in(|conversation| {
        while let Some(request) = conversation.hear() {
            match request.get("Action").unwrap_or_default() {
                "Command" => {
                    let lines = "Output: a line of many\n".repeat(20_000);
                    conversation.answer("Success", lines.trim_end());
                }
                "Logoff" => return conversation.answer("Goodbye", ""),
                _ => conversation.answer("Error", "Message: Permission denied"),
            }
        }
    });
    let (mut child, mut master) =
        on_a_mortal_terminal(&format!("--no-pager {}", server.target()), "-");
    master.write_all(b"cli core show many\r").unwrap();
    // It is full, and nobody reads.
    until("nothing is shown", || {
        rustix::io::ioctl_fionread(&master).unwrap() >= 4_000
    });
    master.write_all(b"\x03").unwrap();
    let mut seen = Vec::new();
    let mut buffer = [0; 64 * 1024];
    while !String::from_utf8_lossy(&seen).contains("more lines were not shown") {
        let count = master.read(&mut buffer).unwrap();
        seen.extend_from_slice(&buffer[..count]);
    }
    assert!(seen.len() < 400_000, "{} bytes were shown", seen.len());
    drop(master);
    assert_eq!(end(&mut child), 129);
}
