//! Events that cannot come are not waited for in silence: a server takes every
//! event mask, whatever the user may read, and says nothing more.

use crate::program::{Amish, amish_at, code, signal};
use crate::pty::{Pty, rows};
use crate::servers::{Server, servers, simulator, with};
use crate::support::until;
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader};

/// May read neither dtmf nor dialplan.
const LIMITED: &str = "abcde123";

fn as_limited(server: &Server, args: &str) -> Amish {
    amish_at(server.address, LIMITED, LIMITED, args)
}

/// Has `run` been told `words` while it waits? It is ended then.
fn assert_told(run: Amish, words: &str, what: &str) {
    let (mut child, _home) = run.spawn();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains(words) {
        let read = err.read_line(&mut said).unwrap();
        assert!(read > 0, "{what}: {said:?}");
    }
    signal(&child, Signal::SIGINT);
    let ended = code(child.wait().unwrap());
    assert_eq!(ended, 130, "{what}: {said}");
}

// It looks like a quiet server, for ever.
#[test]
fn what_a_user_may_not_read_is_said_while_it_is_waited_for() {
    let no = "abcde123 has no dtmf in read= of manager.conf";
    let class = format!("no events of class dtmf will come: {no}");
    let event = format!("no DTMFEnd will come: {no}");
    for server in with(&["class-originate"], servers()) {
        let stream = |args: &str| as_limited(&server, &format!("{args} --for 20s"));
        let script = |line: &str| as_limited(&server, "-c").arg(line);
        let rests = script("/events call,dtmf").arg("-c").arg("sleep 20s");
        let mut waiting = vec![
            (stream("-e=call,dtmf"), &class, "-e"),
            (rests, &class, "/events in a script"),
        ];
        // Up to 1.8 some events are in other classes.
        let old = ["1.4", "1.6", "1.8"];
        let is_old = old.iter().any(|old| server.name.contains(old));
        if !is_old {
            waiting.extend([
                (stream("-e --until DTMFEnd"), &event, "--until"),
                (stream("-e --filter DTMFEnd"), &event, "--filter"),
                (script("expect DTMFEnd within 20s"), &event, "expect"),
            ]);
        }
        // Each is told after some seconds.
        std::thread::scope(|scope| {
            for (run, words, what) in waiting {
                let what = format!("{}: {what}", server.name);
                scope.spawn(move || assert_told(run, words, &what));
            }
        });
        let env = [("AMISH_SECRET", LIMITED), ("AMISH_USER", LIMITED)];
        let mut pty = Pty::spawn(&[&server.address.to_string()], &env, 120, 24);
        pty.wait_line("> ");
        pty.type_line("/events dtmf");
        pty.wait_line(&class);
        if !is_old {
            pty.type_line("/events DTMFEnd");
            pty.wait_line(&event);
        }
    }
}

// Whoever has the rights, or waits for something that may come, is not bothered.
#[test]
fn what_may_come_is_waited_for_in_silence() {
    let pbx = simulator();
    for (user, lines) in [
        ("demo", &["/events on", "/events dtmf"][..]),
        (
            LIMITED,
            &[
                "/events on",
                "/events call,agent",
                "/events DTMFEnd,Hangup",
                "/events Digit=1",
                "/events DTMF*",
            ],
        ),
        ("readonly", &["/events call"]),
    ] {
        let env = [("AMISH_SECRET", user), ("AMISH_USER", user)];
        let target = pbx.addr().to_string();
        let mut pty = Pty::spawn(&["-o", "packet", &target], &env, 120, 40);
        pty.wait_line("> ");
        for (number, line) in lines.iter().enumerate() {
            pty.type_line(line);
            // Behind whatever is told of it.
            pty.type_line(&format!("Ping ActionID=told-{number}"));
            pty.wait_line(&format!("ActionID: told-{number}"));
        }
        pty.look(|screen| {
            let rows = rows(screen).join("\n");
            assert!(!rows.contains("will come"), "{user}: {rows}");
        });
    }
}

// A class that nobody asks for needs no question to the server.
#[test]
fn an_event_of_a_class_that_is_not_asked_for_is_told_before() {
    let pbx = simulator();
    let at = |args: &str| amish_at(pbx.addr(), "demo", "demo", args);
    let words = "no Registry will come: it is of class system, and only call is asked for";
    for (args, code) in [
        ("-e=call --until Registry --for 100ms", 7),
        ("-e=call --filter Registry --for 100ms", 0),
    ] {
        let done = at(args).run();
        assert!(done.err.contains(words), "{args}: {done:?}");
        assert_eq!(done.code, code, "{args}: {done:?}");
    }
    let script = "/events call\n/filter Registry\n";
    let done = at("").input(script).run();
    assert!(done.err.contains(words), "{done:?}");
    let piped = "/events call\nexpect Registry within 100ms\n";
    let done = at("").input(piped).run();
    assert!(done.err.contains(words), "{done:?}");
    let done = at("-e=call,system --until Registry --for 100ms").run();
    assert!(!done.err.contains("will come"), "{done:?}");
}

// An Action alone costs the server nothing but itself; and who may not send
// Command is not made an entry in its security log.
#[test]
fn the_server_is_asked_only_by_who_waits_and_only_what_it_answers() {
    let names = |pbx: &amish::simulator::Simulator| {
        let name = |one: String| one.lines().next().unwrap_or_default().to_owned();
        pbx.received().into_iter().map(name).collect::<Vec<_>>()
    };
    let actions = |names: &[&str]| -> Vec<String> {
        let around = ["Challenge", "Login"]
            .iter()
            .chain(names)
            .chain(&["Logoff"]);
        around.map(|name| format!("Action: {name}")).collect()
    };
    let pbx = simulator();
    amish_at(pbx.addr(), "demo", "demo", "Ping").run();
    assert_eq!(names(&pbx), actions(&["Ping"]));
    let pbx = simulator();
    let (mut child, _home) = amish_at(pbx.addr(), "readonly", "readonly", "-e=call").spawn();
    let asked =
        ["Challenge", "Login", "Events", "ListCommands"].map(|name| format!("Action: {name}"));
    until("the server is not asked", || names(&pbx) == asked);
    signal(&child, Signal::SIGINT);
    child.wait().unwrap();
    assert_eq!(names(&pbx), actions(&["Events", "ListCommands"]));
}
