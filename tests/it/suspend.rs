//! Ctrl-Z and what comes after it.

use crate::program::{amish_at, signal};
use crate::pty::{Key, Pty};
use crate::reconnect::listening;
use crate::scripted::Scripted;
use crate::servers::simulator;
use crate::support::{BOUND, code_of};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// amish with `args` as a job of a shell that says when it has stopped, and
/// lets it go on after Enter. The modes of the terminal are compared on the way.
fn job(args: &str) -> Pty {
    let script = format!(
        "set -m; stty -a >before; {} {args}; echo stopped; stty -a >after; \
         cmp before after && echo same; read line; fg; echo ended $?",
        env!("CARGO_BIN_EXE_amish")
    );
    let env = [("AMISH_SECRET", "demo")];
    Pty::program("/bin/sh", &["-c", &script], &env, 80, 24)
}

// Whoever presses Ctrl-Z wants their shell, with its echo, and later their line
// and their events; and to know that there are events they have not seen.
#[test]
fn ctrl_z_costs_nothing_but_what_happened_meanwhile() {
    let pbx = simulator();
    let mut pty = job(&format!("-u demo {}", pbx.addr()));
    let prompt = format!("demo@{} (events)>", pbx.addr());
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_typed(&prompt);
    pty.type_text("Ping Action");
    pty.wait_typed(&format!("{prompt} Ping Action"));
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    let begun = Instant::now();
    let is_off = |one: &String| one.contains("EventMask: off");
    while !pbx.received().iter().any(is_off) {
        assert!(begun.elapsed() < BOUND, "the server was not asked");
        std::thread::yield_now();
    }
    pbx.emit("UserEvent", "user", &[("UserEvent", "unseen")]);
    pty.key(Key::Enter);
    pty.wait_line("; what happened meanwhile is missing here");
    pty.wait_typed(&format!("{prompt} Ping Action"));
    // It listens again some time after it has asked for it.
    let begun = Instant::now();
    while !String::from_utf8_lossy(&pty.bytes()).contains("noticed") {
        assert!(begun.elapsed() < BOUND, "no events any more");
        pbx.emit("UserEvent", "user", &[("UserEvent", "noticed")]);
        // Not so many that they cover what comes next.
        std::thread::sleep(Duration::from_millis(5));
    }
    pty.type_line("ID=7");
    pty.wait_line("Pong");
    pty.wait_typed(&prompt);
    pty.key(Key::Ctrl('d'));
    pty.wait_line("ended 0");
    let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(!written.contains("unseen"), "{written:?}");
}

// Events stay as they are then: any byte would end a WaitEvent.
#[test]
fn ctrl_z_while_an_answer_is_awaited_leaves_the_server_alone() {
    let (asked, is_asked) = channel();
    let (back, is_back) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Success", "Ping: Keepalive. (Priv: <none>)");
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        conversation.expect("Ping");
        asked.send(()).unwrap();
        is_back.recv().unwrap();
        conversation.answer("Success", "Ping: Pong");
        // Whether it is still there may be asked from here on.
        while let Some(request) = conversation.hear() {
            assert_eq!(request.get("EventMask"), None, "{request:?}");
            conversation.answer("Success", "");
        }
    });
    let mut pty = job(&format!("-u demo {}", server.target()));
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_line("events: user");
    pty.type_line("Ping");
    is_asked.recv_timeout(BOUND).unwrap();
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_silent();
    back.send(()).unwrap();
    pty.wait_line("Pong");
    pty.wait_typed(&format!("demo@{} (events)>", server.target()));
    pty.key(Key::Ctrl('d'));
    pty.wait_line("ended 0");
}

// Questions that the user knows nothing of must not keep the events coming.
#[test]
fn ctrl_z_while_amish_asks_something_of_its_own_stops_the_events() {
    let (asked, is_asked) = channel();
    let server = Scripted::logged_in(move |conversation| {
        let listing = conversation.expect("ListCommands");
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        let off = conversation.expect("Events");
        asked.send(off.get("EventMask").map(str::to_owned)).unwrap();
        conversation.answer("Success", "Events: Off");
        let id = listing.get("ActionID").unwrap();
        let late = "Response: Success\r\nPing: Keepalive. (Priv: <none>)\r\nActionID: ";
        conversation.send(format!("{late}{id}\r\n\r\n"));
        conversation.carry_on();
    });
    let mut pty = job(&format!("-u demo {}", server.target()));
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_typed(&format!("demo@{} (events)>", server.target()));
    pty.key(Key::Ctrl('z'));
    let mask = is_asked.recv_timeout(BOUND).expect("it is asked");
    assert_eq!(mask.as_deref(), Some("off"));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_line("; what happened meanwhile is missing here");
}

// What the server did meanwhile is news, and the shell is still there.
#[test]
fn a_server_that_left_meanwhile_is_noticed() {
    let server = Scripted::logged_in(|conversation| {
        while let Some(request) = conversation.hear() {
            match request.get("EventMask") {
                Some("off") => return,
                _ => conversation.answer("Success", "Events: On"),
            }
        }
    });
    let mut pty = job(&format!("-u demo --no-reconnect {}", server.target()));
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_typed(&format!("demo@{} (events)>", server.target()));
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_line("the server closed the connection; /reconnect");
    pty.key(Key::Enter);
    pty.wait_typed("not connected>");
    pty.key(Key::Ctrl('d'));
    pty.wait_line("ended 0");
}

// Behind the first process of a terminal there is nobody to go back to: the
// window would be frozen for good.
#[test]
fn the_first_process_of_a_terminal_does_not_stop() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let env = [("AMISH_SECRET", "demo")];
    let mut pty = Pty::spawn(&["-u", "demo", &target], &env, 80, 24);
    pty.wait_typed(&format!("demo@{target}>"));
    pty.type_text("Pi");
    pty.key(Key::Ctrl('z'));
    pty.type_line("ng");
    pty.wait_line("Pong");
}

// A consumer that stops its producer for a while must find the stream whole.
#[test]
fn a_stream_goes_on_after_a_stop() {
    let pbx = simulator();
    let (mut child, _home) = amish_at(pbx.addr(), "demo", "demo", "-e=user").spawn();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    listening(&pbx, &mut lines);
    signal(&child, Signal::SIGSTOP);
    for n in 1..=20 {
        pbx.emit(
            "UserEvent",
            "user",
            &[("UserEvent", &format!("number {n}"))],
        );
    }
    signal(&child, Signal::SIGCONT);
    let mut lines = lines.lines().map(Result::unwrap);
    for n in 1..=20 {
        let next = lines.find(|line| line.contains("number"));
        assert_eq!(next.unwrap(), format!("UserEvent: number {n}"));
    }
    signal(&child, Signal::SIGTERM);
    assert_eq!(code_of(child.wait().unwrap()), 143);
}
