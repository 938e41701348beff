//! Attacks that once succeeded, one test for each kind.

use crate::program::{amish, finish, signal};
use crate::pty::Pty;
use crate::scripted::Scripted;
use crate::support::{BOUND, code_of};
use nix::sys::signal::Signal;
use std::sync::mpsc::channel;
use std::time::Duration;

const SECRET: [(&str, &str); 1] = [("AMISH_SECRET", "secret")];

/// How long to watch that nothing is sent.
const QUIET: Duration = Duration::from_millis(200);

// An IPv4 address mapped into IPv6 is another text for the same server, which
// must not get the secret in clear after it took a challenge.
#[test]
fn a_server_is_known_under_both_forms_of_its_address() {
    let mut is_first = true;
    let server = Scripted::start(move |conversation| {
        if std::mem::take(&mut is_first) {
            return conversation.log_in();
        }
        conversation.send("Asterisk Call Manager/11.0.0\r\n");
        conversation.expect("Challenge");
        conversation.answer("Error", "Message: Must specify AuthType");
        let next = conversation.hear();
        let is_login = |one: &crate::scripted::Request| one.get("Action") == Some("Login");
        assert!(!next.as_ref().is_some_and(is_login), "in clear: {next:?}");
    });
    let target = server.target();
    let args = ["--no-reconnect", "-u", "me", &target];
    let mut pty = Pty::spawn(&args, &SECRET, 200, 24);
    // The prompt may stand already when the link ends.
    pty.wait_line("/reconnect, /connect TARGET or quit");
    let port = server.address().port();
    pty.type_line(&format!("/connect me@[::ffff:127.0.0.1]:{port}"));
    pty.wait_line("Secret for me: ");
    pty.type_line("secret");
    pty.wait_line("which it has accepted before, so the secret was not sent");
}

// After Ctrl-C, Actions in flight have a second. Writing their replies to a
// reader that has stopped must not hold up the end.
#[test]
fn ctrl_c_ends_a_script_whose_reader_has_stopped() {
    let (heard, is_heard) = channel();
    let (go, goes) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("Ping");
        heard.send(()).expect("the test waits");
        goes.recv().expect("the test goes on");
        conversation.expect_nothing(QUIET);
        let much = format!("Text: {}", "x".repeat(1 << 20));
        conversation.answer("Success", &much);
        while conversation.hear().is_some() {}
    });
    let args = format!("-u me {} --keep-going --window 4", server.target());
    let script = amish(&args).env("AMISH_SECRET", "secret");
    let (mut child, _home) = script.arg("-c").arg("Ping").spawn();
    is_heard.recv_timeout(BOUND).expect("it sends");
    signal(&child, Signal::SIGINT);
    go.send(()).expect("the server waits");
    let (over, is_over) = channel::<()>();
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    let limit = std::thread::spawn(move || {
        if is_over.recv_timeout(BOUND) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            nix::sys::signal::kill(pid, Signal::SIGKILL).expect("it runs");
        }
    });
    // Its output is read by nobody.
    let code = code_of(child.wait().expect("its end"));
    drop(over);
    limit.join().expect("no panic");
    assert_eq!(code, 130);
}

// Ctrl-C during a query of amish's own ends the script like any other Ctrl-C.
#[test]
fn ctrl_c_at_a_question_of_amishs_own_ends_the_script() {
    for (line, question) in [
        ("/follow PJSIP/a", "CoreShowChannels"),
        ("/calls", "CoreShowChannels"),
        ("/top", "Events"),
        ("/whoami", "CoreSettings"),
        ("/doctor", "CoreSettings"),
    ] {
        let (heard, is_heard) = channel();
        let server = Scripted::logged_in(move |conversation| {
            while let Some(request) = conversation.hear() {
                match request.get("Action") {
                    Some(name) if name == question => heard.send(()).expect("the test waits"),
                    Some("Events" | "ListCommands") => conversation.answer("Success", ""),
                    Some("Logoff") => conversation.answer("Goodbye", ""),
                    // Forgiven, a refusal leads on to the next question.
                    _ => conversation.answer("Error", "Message: Permission denied"),
                }
                let name = request.get("Action");
                assert_ne!(name, Some("Ping"), "the script went on");
            }
        });
        let args = format!("-u me {}", server.target());
        let script = amish(&args).env("AMISH_SECRET", "secret");
        let script = script.arg("-c").arg(format!("-{line}"));
        let (child, _home) = script.arg("-c").arg("Ping").spawn();
        let asked = is_heard.recv_timeout(BOUND);
        asked.unwrap_or_else(|_| panic!("{line} asks for {question}"));
        signal(&child, Signal::SIGINT);
        let done = finish(child, b"");
        assert_eq!(done.code, 130, "{line}: {done:?}");
    }
}

// Statements that wait for nothing must still notice Ctrl-C.
#[test]
fn ctrl_c_ends_a_sourced_script_that_waits_for_nothing() {
    let server = Scripted::logged_in(|conversation| conversation.carry_on());
    let target = server.target();
    let mut pty = Pty::spawn(&["-u", "me", &target], &SECRET, 100, 24);
    pty.wait_typed(&format!("me@{target}> "));
    // Each is run twice by the one before: it would take hours.
    for depth in 1..=14 {
        let next = pty.home().join((depth + 1).to_string());
        let twice = format!("/source {}\n", next.display()).repeat(2);
        std::fs::write(pty.home().join(depth.to_string()), twice).unwrap();
    }
    let echoes = "echo still running\n".repeat(10_000);
    std::fs::write(pty.home().join("15"), echoes).unwrap();
    let first = pty.home().join("1");
    pty.type_line(&format!("/source {}", first.display()));
    pty.wait_line("still running");
    pty.type_text("\x03");
    pty.wait_typed(&format!("me@{target}> "));
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
}
