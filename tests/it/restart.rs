//! Real servers that restart, die and fall silent under a stream and a shell.
//! Each test uses its own servers.

use crate::cut::{await_arrival, session};
use crate::program::{amish_at, finish, signal};
use crate::pty::Pty;
use crate::servers::{Spawned, spawn, spawnable};
use crate::support::{BOUND, Watched, code_of};
use amish::session::{Arrival, Ended};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::time::Instant;

/// The lines of a running program, as they come.
fn lines(from: impl Read + Send + 'static) -> Arc<Watched<Vec<String>>> {
    let seen = Watched::new(Vec::new());
    let lines = seen.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            let line = line.expect("text");
            lines.change(|seen: &mut Vec<String>| seen.push(line));
        }
    });
    seen
}

/// Waits until `count` of the lines contain `text`; the last of them.
#[track_caller]
fn wait(lines: &Watched<Vec<String>>, count: usize, text: &str) -> String {
    let found = lines.wait(BOUND, |seen| {
        let mut with = seen.iter().filter(|line| line.contains(text));
        with.nth(count - 1).cloned()
    });
    found.unwrap_or_else(|| panic!("no {text:?}, {count} times, in {:#?}", lines.look()))
}

fn user_event(server: &Spawned, name: &str) {
    let args = format!("UserEvent UserEvent={name}");
    let done = amish_at(server.address, "admin", "secret", &args).run();
    assert_eq!(done.code, 0, "{done:?}");
}

// An operator's week: the PBX is restarted, crashes, comes back. Each time the
// stream and the shell must be back with the events they had asked for, know
// what happened, and report one gap.
#[test]
fn streams_and_shells_outlive_a_restart_and_a_crash() {
    for real in spawnable(&["stop-in-order"]) {
        let server = spawn(&real.name);
        let stream = amish_at(server.address, "admin", "secret", "-e=system,user -o json");
        let (mut child, _home) = stream.spawn();
        let out = lines(child.stdout.take().unwrap());
        let err = lines(child.stderr.take().unwrap());
        let target = server.address.to_string();
        let env = [("AMISH_SECRET", "secret"), ("AMISH_USER", "admin")];
        let mut shell = Pty::spawn(&["-o", "packet", &target], &env, 120, 50);
        shell.wait_line("> ");
        shell.type_line("/events user");
        let prompt = format!("admin@{target} (events)> ");
        shell.wait_typed(&prompt);
        // Until the stream listens.
        let begun = Instant::now();
        while !out.look().iter().any(|line| line.contains("Before")) {
            assert!(begun.elapsed() < BOUND, "no event");
            user_event(&server, "Before");
        }

        amish_at(server.address, "admin", "secret", "-t 1 -x")
            .arg("core restart now")
            .run();
        wait(&err, 1, "amish: Asterisk restarts; connecting again");
        let gap = wait(&out, 1, r#""_kind":"gap""#);
        assert!(gap.contains(r#""reason":"reconnect","seconds":"#), "{gap}");
        shell.wait_line("connected again after");
        shell.wait_typed(&prompt);
        user_event(&server, "Restarted");
        wait(&out, 1, "Restarted");
        shell.wait_line("UserEvent: Restarted");

        server.ctl("kill");
        wait(
            &err,
            1,
            "amish: the server closed the connection; connecting again",
        );
        server.ctl("start");
        wait(&out, 2, r#""_kind":"gap""#);
        // The two come back independently.
        shell.wait_for("a second return", |screen| {
            screen.contents().matches("connected again after").count() == 2
        });
        user_event(&server, "Started");
        wait(&out, 1, "Started");
        shell.wait_line("UserEvent: Started");
        signal(&child, Signal::SIGINT);
        assert_eq!(code_of(child.wait().unwrap()), 130);
        assert_eq!(
            out.look()
                .iter()
                .filter(|line| line.contains("gap"))
                .count(),
            2
        );
        assert_eq!(
            err.look().len(),
            4,
            "two lines an outage: {:#?}",
            err.look()
        );
    }
}

// A server that hangs: its system still accepts data, and the connection does
// not end.
#[test]
fn a_server_that_hangs_is_noticed_and_found_again() {
    for real in spawnable(&["stop-in-order"]) {
        let server = spawn(&real.name);
        let session = session(server.address, "admin", "secret", true);
        assert_eq!(crate::masks::set_events(&session, "user"), Ok(()));
        server.ctl("pause");
        await_arrival(&session, |what| match what {
            Arrival::Ended(Ended::Silent(_), true) => Some(()),
            _ => None,
        });
        server.ctl("resume");
        await_arrival(&session, |what| match what {
            Arrival::Gap(_) => Some(()),
            _ => None,
        });
        session.close();
    }
}

// What is in flight when a server dies is unknown, and the reason is reported.
#[test]
fn an_action_under_which_a_server_dies_is_unknown() {
    for real in spawnable(&["stop-in-order"]) {
        let server = spawn(&real.name);
        // 500 rings and never answers; the server does nothing else meanwhile.
        let call = "Originate Channel=Local/500@default Application=Wait Async=false";
        let (child, _home) = amish_at(server.address, "admin", "secret", call).spawn();
        let until = Instant::now() + BOUND;
        let rings = || {
            let shown = amish_at(server.address, "admin", "secret", "CoreShowChannels");
            shown.run().out.contains("Local/500@default")
        };
        while !rings() {
            assert!(Instant::now() < until, "it is not sent");
        }
        server.ctl("kill");
        let done = finish(child, b"");
        assert_eq!(done.code, 6, "{done:?}");
        assert!(
            done.err.contains("the outcome of Originate (ActionID"),
            "{done:?}"
        );
        assert!(
            done.err.contains("it was sent and is not sent again"),
            "{done:?}"
        );
    }
}
