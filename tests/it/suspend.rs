//! Ctrl-Z and what comes after it.

use crate::program::{amish_at, signal};
use crate::pty::{Key, Pty};
use crate::scripted::Scripted;
use crate::servers::simulator;
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::channel;

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
    let mask = |mask: &str| {
        let line = format!("EventMask: {mask}");
        move |one: &&String| one.contains(&line)
    };
    assert!(pbx.received().iter().any(|one| mask("off")(&one)));
    pbx.emit("UserEvent", "user", &[("UserEvent", "unseen")]);
    pty.key(Key::Enter);
    pty.wait_line("; what happened meanwhile is missing here");
    pty.wait_typed(&format!("{prompt} Ping Action"));
    while pbx.received().iter().filter(mask("user")).count() < 2 {
        std::thread::yield_now();
    }
    pbx.emit("UserEvent", "user", &[("UserEvent", "seen")]);
    pty.wait_line("seen");
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
    let (back, is_back) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Success", "Ping: Keepalive. (Priv: <none>)");
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        conversation.expect("Ping");
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
    pty.wait_for("the next row", |screen| screen.cursor_position() == (4, 0));
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
    let (mut child, _home) = amish_at(pbx.addr(), "demo", "demo", "-e=user --count 20").spawn();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut next = || {
        let mut packet = String::new();
        while !packet.ends_with("\n\n") && out.read_line(&mut packet).unwrap() > 0 {}
        packet
    };
    while !pbx
        .received()
        .iter()
        .any(|one| one.contains("EventMask: user"))
    {
        std::thread::yield_now();
    }
    let emit = |n: u32| {
        pbx.emit(
            "UserEvent",
            "user",
            &[("UserEvent", &format!("number {n}"))],
        )
    };
    emit(1);
    assert!(next().contains("number 1\n"));
    signal(&child, Signal::SIGSTOP);
    (2..=20).for_each(emit);
    signal(&child, Signal::SIGCONT);
    for n in 2..=20 {
        let packet = next();
        assert!(packet.contains(&format!("number {n}\n")), "{n}: {packet}");
    }
    assert!(child.wait().unwrap().success());
}
