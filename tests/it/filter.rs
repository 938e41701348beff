//! Which events are shown (`--filter`, `--until`), and what the server is asked
//! to leave out.

use crate::program::{Amish, amish_at};
use crate::scripted::Scripted;
use crate::servers::{real_servers_with, servers, simulator};
use amish::simulator::Simulator;
use std::io::{BufRead, BufReader};

/// Emits `events`, then a last one, until the stream ends. Returns its output
/// and exit code.
fn streamed(pbx: &Simulator, stream: Amish, events: &[(&str, &[(&str, &str)])]) -> (String, i32) {
    let (mut child, _home) = stream.spawn();
    let out = child.stdout.take().unwrap();
    let reading = std::thread::spawn(move || {
        let lines = BufReader::new(out).lines();
        lines.map(|line| line.unwrap() + "\n").collect::<String>()
    });
    let code = loop {
        for (name, headers) in events {
            pbx.emit(name, "user", headers);
        }
        pbx.emit("Last", "user", &[]);
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().unwrap();
        }
        std::thread::yield_now();
    };
    (reading.join().unwrap(), code)
}

fn stream(pbx: &Simulator, args: &str) -> Amish {
    amish_at(
        pbx.addr(),
        "demo",
        "demo",
        &format!("-e=user -o packet {args}"),
    )
}

// A recorder that wants one kind of event gets it, counts it, and stops at it.
#[test]
fn a_stream_shows_and_counts_what_the_filter_means() {
    let pbx = simulator();
    let events: [(&str, &[(&str, &str)]); 3] = [
        ("UserEvent", &[("UserEvent", "Ring"), ("Line", "1")]),
        ("UserEvent", &[("UserEvent", "Ring"), ("Line", "2")]),
        ("Other", &[("Line", "2")]),
    ];
    let run = stream(&pbx, "--count 2 --filter").arg("UserEvent Line=2");
    let ring = "Event: UserEvent\nPrivilege: user,all\nUserEvent: Ring\nLine: 2\n\n";
    assert_eq!(streamed(&pbx, run, &events), (ring.repeat(2), 0));
    // The event that ends the stream is shown although the filter would drop
    // it.
    let run = stream(&pbx, "--filter !Last --until").arg("last");
    let (out, code) = streamed(&pbx, run, &events);
    assert!(
        out.ends_with("Event: Last\nPrivilege: user,all\n\n"),
        "{out}"
    );
    assert_eq!((out.matches("Event: Last").count(), code), (1, 0));
}

// A script must be able to tell that the expected event has not come.
#[test]
fn a_missed_until_is_told_by_the_exit_code() {
    for server in servers() {
        let at = |args: &str| amish_at(server.address, server.user, server.secret, args);
        let done = at("-e=user --for 200ms --until e-never").run();
        assert_eq!(done.code, 7, "{}: {}", server.name, done.err);
        assert!(
            done.err.contains("no event matched --until: e-never"),
            "{}",
            done.err
        );
    }
    let pbx = simulator();
    let run = stream(&pbx, "--count 1 --until never");
    let (_, code) = streamed(&pbx, run, &[]);
    assert_eq!(code, 7, "it ended before");
    // The end of the link takes precedence: what followed is unknown.
    let gone = Scripted::logged_in(|server| {
        server.expect("Events");
        server.answer("Success", "Events: On");
    });
    let args = "-e --no-reconnect --until never";
    let done = amish_at(gone.address(), "demo", "demo", args).run();
    assert_eq!(done.code, 6, "{}", done.err);
}

// A malformed expression is refused before anything is sent or asked.
#[test]
fn a_wrong_expression_is_told_before_connecting() {
    let at = |args: &str| amish_at("127.0.0.1:1".parse().unwrap(), "demo", "demo", args);
    for option in ["--filter", "--until"] {
        let done = at(&format!("-e {option}")).arg("Queue~(").run();
        assert_eq!(done.code, 2);
        let words = format!("{option} 'Queue~(': not a regular expression");
        assert!(done.err.contains(&words), "{}", done.err);
    }
    assert_eq!(at("Ping --until Hangup").run().code, 2, "for a stream only");
    let done = at("-e").file(
        ".config/amish/config.toml",
        "[profile.default]\ntarget = \"127.0.0.1:1\"\nfilter = \"Queue=\"\n",
    );
    let done = done.run();
    assert_eq!(done.code, 2);
    assert!(
        done.err
            .contains("config.toml:3: Queue has no value to compare with"),
        "{}",
        done.err
    );
}

/// What a stream with `filter` shows when the server treats a Filter as
/// `answer` says.
fn shown(filter: &str, answer: &'static str) -> (String, i32) {
    let server = Scripted::logged_in(move |server| {
        let mut request = server.hear().expect("a request");
        if request.get("Action") == Some("Filter") {
            match answer {
                "" => {}
                "Error" => server.answer("Error", "Message: Invalid/unknown command"),
                status => server.answer(status, "Message: Success"),
            }
            request = server.expect("Events");
        }
        assert_eq!(request.get("Action"), Some("Events"));
        server.answer("Success", "Events: On");
        server.packets("Event: VarSet\nVariable: A");
        server.packets("Event: UserEvent\nUserEvent: x\nEvent: VarSet\nVariable: B");
        server.packets("Event: VarSetAlike\nVariable: C");
        server.packets("Event: Hangup\nVariable: D");
        server.carry_on();
    });
    let args = "-e -o packet --count 3 --filter";
    let done = amish_at(server.address(), "demo", "demo", args)
        .arg(filter)
        .run();
    (done.out, done.code)
}

// The output must not depend on whether the server narrows the stream, ignores
// the Filter, refuses it or does not answer.
#[test]
fn what_is_shown_never_depends_on_the_filter_of_the_server() {
    let wanted = ["B", "C", "D"];
    // The last one asks the server for nothing.
    for filter in ["!VarSet", "!varset Variable~.", "!VarSet,Nothing"] {
        for answer in ["Success", "Error", ""] {
            let (out, code) = shown(filter, answer);
            let variables = out
                .lines()
                .filter_map(|line| line.strip_prefix("Variable: "));
            assert_eq!(variables.collect::<Vec<_>>(), wanted, "{filter} {answer}");
            assert_eq!(code, 0);
        }
    }
}

// After a reconnect a stream asks for the same again.
#[test]
fn every_link_of_a_stream_is_narrowed() {
    let mut links = 0;
    let server = Scripted::logged_in(move |server| {
        server.expect("Filter");
        server.answer("Error", "Message: Permission denied");
        server.expect("Events");
        server.answer("Success", "Events: On");
        links += 1;
        server.packets("Event: VarSet");
        server.packets(&format!("Event: Link\nNumber: {links}"));
        if links == 2 {
            server.carry_on();
        }
    });
    let args = "-e --reconnect -o packet --count 2 --filter !VarSet";
    let done = amish_at(server.address(), "demo", "demo", args).run();
    let events = "Event: Link\nNumber: 1\n\nEvent: Link\nNumber: 2\n\n";
    let shown: String = done
        .out
        .split_inclusive("\n\n")
        .filter(|one| one.starts_with("Event"))
        .collect();
    assert_eq!(shown, events, "{}", done.err);
    // The user is not told of the refusal.
    assert!(!done.err.contains("Filter"), "{}", done.err);
    assert_eq!(done.code, 8, "there was a gap");
}

// Real servers leave out exactly what they are asked to: the same is shown with
// and without narrowing, also for events whose text looks like an excluded one.
#[test]
fn real_servers_leave_out_nothing_that_is_shown() {
    for server in real_servers_with(&["filter"]) {
        let at = |args: &str| amish_at(server.address, server.user, server.secret, args);
        // The second cannot be narrowed, and means the same.
        let filters = ["!VarSet", "!VarSet,e-never"];
        let streams = filters.map(|filter| {
            let run = at("-e -o packet --for 4s --trace trace --filter").arg(filter);
            run.spawn()
        });
        let lines = "UserEvent UserEvent=e-begin\n\
            UserEvent UserEvent=e-alike Body='Event: VarSet' VarSet=1 Event=VarSet\n\
            Originate Channel=Local/200@default Application=Wait Data=1 Variable=E=1\n\
            UserEvent UserEvent=VarSet\n\
            UserEvent UserEvent=e-end\n";
        let sent = at("").input(format!("sleep 1\n{lines}")).run();
        assert_eq!(sent.code, 0, "{}", sent.err);
        let [(narrowed, traced), (whole, all)] = streams.map(|(child, home)| {
            let done = child.wait_with_output().unwrap();
            assert!(done.status.success(), "{done:?}");
            let out = String::from_utf8_lossy(&done.stdout).into_owned();
            let begin = out.find("UserEvent: e-begin").expect("the begin");
            let end = out.find("UserEvent: e-end").expect("the end");
            let trace = std::fs::read(home.path().join("trace")).unwrap();
            let received = String::from_utf8_lossy(&trace)
                .matches("Event: VarSet\r\nPriv")
                .count();
            // A busy server tells of the call after the second mark.
            assert!(out.contains("Event: Newchannel"), "{out}");
            (out[begin..end].to_owned(), received)
        });
        assert_eq!(narrowed, whole, "{}", server.name);
        assert!(
            !whole.contains("\nEvent: VarSet\nPrivilege: dialplan"),
            "{whole}"
        );
        assert_eq!(traced, 0, "{} was not narrowed", server.name);
        assert!(all > 0, "{}: nothing was there to be left out", server.name);
    }
}
