//! Scripts: every Action is answered, in order, with a reliable exit code.

use crate::program::{Amish, amish, amish_at, finish, signal};
use crate::servers::{real_servers, servers, simulator, spawn, spawnable, with};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Child;

fn on_demo(lines: &str) -> crate::program::Done {
    amish("--demo").input(lines).run()
}

// On every server: nothing lost, nothing reordered, and success only if all
// succeeded.
#[test]
fn a_thousand_actions_are_answered_in_order() {
    for server in with(&["queue-summary"], servers()) {
        let script: String = (0..1000)
            .map(|i| match i % 4 {
                0 => format!("Ping ActionID=n{i}\n"),
                1 => format!("action: getvar\nvariable: N\nactionid: n{i}\n\n"),
                2 => format!("DBPut amish key{i} {i} ActionID=n{i}\n"),
                _ => format!("QueueSummary ActionID=n{i}\n"),
            })
            .collect();
        let run = amish_at(server.address, server.user, server.secret, "-o json");
        let done = run.input(script).run();
        assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
        let ids: Vec<String> = json(&done.out)
            .filter(|packet| packet["_kind"] == "response")
            .map(|packet| packet["ActionID"].as_str().unwrap().to_owned())
            .collect();
        let expected: Vec<String> = (0..1000).map(|i| format!("n{i}")).collect();
        assert_eq!(ids, expected, "{}", server.name);
    }
}

fn json(text: &str) -> impl Iterator<Item = serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap())
}

// A script that continues after a failure may do damage.
#[test]
fn an_unknown_action_in_the_middle_stops_the_script() {
    for server in with(&["ping-pong"], servers()) {
        let run = amish_at(server.address, server.user, server.secret, "");
        let done = run.input("Ping\n\nNoSuchThing x=1\nPing\nPing\n").run();
        assert_eq!(done.code, 3, "{}: {}", server.name, done.err);
        assert_eq!(done.out.matches("Ping: Pong").count(), 1, "{}", server.name);
        assert!(done.err.contains("stdin:3: NoSuchThing"), "{}", done.err);
    }
}

// --keep-going runs the rest, but never reports a false success.
#[test]
fn keep_going_goes_on_and_still_exits_3() {
    let done = amish("--demo --keep-going")
        .input("Foo\nPing\nBar\nPing\n")
        .run();
    assert_eq!(done.code, 3);
    assert_eq!(done.out.matches("Ping: Pong").count(), 2);
}

// For one expected refusal, without ignoring the others.
#[test]
fn a_forgiven_line_is_no_failure() {
    let done = on_demo("-DBDel no such\nPing\n");
    assert_eq!(
        (done.code, done.out.matches("Pong").count()),
        (0, 1),
        "{}",
        done.err
    );
    assert_eq!(
        on_demo("-Ping x\n").code,
        2,
        "it forgives the server, not the script"
    );
}

// A script that stops half way at a typing error is worse than one that does
// not start.
#[test]
fn a_script_in_a_file_is_checked_before_anything_is_sent() {
    let simulator = simulator();
    for (script, at) in [
        ("Ping\nPing\nDBPut 'open\n", "todo:3"),
        ("Ping\nusername: x\n\nPing\n", "todo:2"),
        ("Ping\nPing some words\n", "todo:2"),
        ("Ping\n/history\n", "todo:2"),
        ("Ping\nDBPut f k $x\n", "todo:2"),
    ] {
        let run = amish_at(simulator.addr(), "demo", "demo", "-f todo");
        let done = run.file("todo", script).run();
        assert_eq!(done.code, 2, "{script}: {}", done.err);
        assert!(done.err.contains(at), "{}", done.err);
    }
    assert!(simulator.received().is_empty(), "not even a login");
}

// What telnet users have in their notes must work unchanged, on a pipe.
#[test]
fn the_telnet_session_works_to_the_letter() {
    let session = "action: login\nusername: abcde123\nsecret: abcde123\n\n\
        action: listcommands\n\naction: logoff\n\n";
    for server in servers() {
        for flag in ["--no-login", ""] {
            let done = amish(&format!("{flag} {}", server.address))
                .input(session)
                .run();
            assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
            let at = |text: &str| {
                done.out
                    .find(text)
                    .unwrap_or_else(|| panic!("{text}: {}", done.out))
            };
            let order = [
                at("Response: Success"),
                at("Message: Authentication accepted"),
                at("WaitEvent: "),
                at("Response: Goodbye"),
                at("Message: Thanks for all the fish."),
            ];
            assert!(order.is_sorted(), "{}: {order:?}", server.name);
        }
    }
}

// Two packets pasted into a pipe, with CRLF, and a comment between actions.
#[test]
fn raw_packets_comments_and_echo_share_a_script() {
    let done = on_demo(
        "# first\r\nAction: Ping\r\nActionID: one\r\n\r\nAction: Ping\r\nActionID: two\r\n\r\n\
         echo done with it\nsleep 0.01\n",
    );
    assert_eq!(done.code, 0, "{}", done.err);
    let at = |text: &str| done.out.find(text).unwrap();
    assert!([at("ActionID: one"), at("ActionID: two"), at("done with it")].is_sorted());
}

// `tail -f todo | amish pbx`: each line runs when it comes, not at the end.
#[test]
fn a_pipe_is_read_line_by_line() {
    let simulator = simulator();
    let (mut child, _home) = amish_at(simulator.addr(), "demo", "demo", "").spawn();
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for id in ["a", "b", "c"] {
        writeln!(stdin, "Ping ActionID={id}").unwrap();
        let mut packet = String::new();
        while !packet.ends_with("\n\n") {
            assert!(out.read_line(&mut packet).unwrap() > 0);
        }
        assert!(packet.contains(&format!("ActionID: {id}\n")), "{packet}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

// -c and -x keep the order in which they were given.
#[test]
fn lines_of_options_run_in_order() {
    let run = amish("--demo -x")
        .arg("core show version")
        .arg("-c")
        .arg("Ping")
        .arg("-c")
        .arg("echo end");
    let done = run.run();
    let at = |text: &str| {
        done.out
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {}", done.out))
    };
    assert!([at("Asterisk 22"), at("Ping: Pong"), at("end")].is_sorted());
}

// If the server is gone nothing may look answered, and the one Action with an
// unknown outcome is named.
#[test]
fn a_server_killed_in_the_middle_leaves_one_action_unknown() {
    for server in spawnable(&[]) {
        let own = spawn(&server.name);
        let run = amish_at(own.address, "admin", "secret", "");
        let running = ponged(run, "Ping\nWaitEvent Timeout=20 ActionID=waits\n");
        own.ctl("kill");
        let done = running.end();
        assert_eq!(done.0, 6, "{}: {}", server.name, done.1);
        let named = done.1.contains("WaitEvent (ActionID waits) is unknown");
        assert!(named, "{}: {}", server.name, done.1);
    }
}

// A stopping server answers with an Error for a moment, then closes: whichever
// comes first, the script was not completed.
#[test]
fn a_server_stopped_in_the_middle_is_exit_6() {
    for server in spawnable(&["stop-in-order"]) {
        let own = spawn(&server.name);
        let run = amish_at(own.address, "admin", "secret", "");
        let mut running = ponged(run, "Ping\n");
        let mut stdin = running.child.stdin.take().unwrap();
        let feeding = std::thread::spawn(move || {
            // Until the program is gone.
            while writeln!(stdin, "Ping").is_ok() {}
        });
        own.ctl("stop");
        let done = running.end();
        feeding.join().unwrap();
        assert_eq!(done.0, 6, "{}: {}", server.name, done.1);
        assert!(done.1.contains("stdin:"), "{}", done.1);
    }
}

/// A script in progress, whose first Ping has been answered.
struct Running {
    child: Child,
    /// Keeps reading, so that output never blocks.
    reading: std::thread::JoinHandle<()>,
    _home: tempfile::TempDir,
}

/// Starts `run` with `input`, whose pipe stays open, and waits for a Pong.
fn ponged(run: Amish, input: &str) -> Running {
    let (mut child, home) = run.spawn();
    let stdin = child.stdin.as_mut().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains("Pong") {
        assert!(out.read_line(&mut text).unwrap() > 0);
    }
    let reading = std::thread::spawn(move || drop(out.read_to_end(&mut Vec::new())));
    Running {
        child,
        reading,
        _home: home,
    }
}

impl Running {
    /// Its exit code and messages, once it has ended by itself.
    fn end(mut self) -> (i32, String) {
        let mut err = String::new();
        let mut pipe = self.child.stderr.take().unwrap();
        pipe.read_to_string(&mut err).unwrap();
        // `wait` closes standard input, which must not be what ends it.
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            std::thread::yield_now();
        };
        self.reading.join().unwrap();
        (status.code().unwrap(), err)
    }
}

// The same without a real server: cut between two packets.
#[test]
fn a_link_that_ends_before_the_script_is_exit_6() {
    let simulator = simulator();
    let running = ponged(amish_at(simulator.addr(), "demo", "demo", ""), "Ping\n");
    simulator.kick();
    let (code, err) = running.end();
    assert_eq!(code, 6, "{err}");
    assert!(err.contains("closed the connection"), "{err}");
}

// Ctrl-C must neither leave a session behind nor claim an answer.
#[test]
fn an_interrupt_logs_off_and_exits_130() {
    let simulator = simulator();
    let run = amish_at(simulator.addr(), "demo", "demo", "-c Ping -c").arg("sleep 60");
    let running = ponged(run, "");
    signal(&running.child, Signal::SIGINT);
    let (code, err) = running.end();
    assert_eq!(code, 130, "{err}");
    let last = simulator.received().last().cloned().unwrap_or_default();
    assert!(format!("{last:?}").contains("Logoff"), "{last:?}");
}

// Service managers end a script like this.
#[test]
fn term_logs_off_and_exits_143() {
    let simulator = simulator();
    let running = ponged(amish_at(simulator.addr(), "demo", "demo", ""), "Ping\n");
    signal(&running.child, Signal::SIGTERM);
    let (code, err) = running.end();
    assert_eq!(code, 143, "{err}");
    let last = simulator.received().last().cloned().unwrap_or_default();
    assert!(format!("{last:?}").contains("Logoff"), "{last:?}");
}

// An empty list is an answer: cron jobs must not fail on a quiet PBX.
#[test]
fn an_empty_list_is_no_failure() {
    for server in real_servers() {
        for (need, action) in [
            ("conference-lists", "ConfbridgeListRooms"),
            ("pjsip-contacts", "PJSIPShowContacts"),
            ("channels", "CoreShowChannels"),
        ] {
            if server.lacks(need).is_some() {
                continue;
            }
            let run = amish_at(server.address, server.user, server.secret, action);
            let done = run.run();
            assert_eq!(done.code, 0, "{} {action}: {}", server.name, done.err);
        }
    }
}

// On some versions a server's limit would silently drop a header.
#[test]
fn what_a_server_would_misread_is_refused_unsent() {
    let simulator = simulator();
    let long = "x".repeat(1020);
    for value in [long.as_str(), "a\nAction: Logoff", "a\rb"] {
        let run = amish_at(simulator.addr(), "demo", "demo", "DBPut");
        let done = run
            .arg("Family=f")
            .arg("Key=k")
            .arg(format!("Val={value}"))
            .run();
        assert_eq!(done.code, 2, "{}", done.err);
    }
    assert!(simulator.received().is_empty());
}

// stdout closed by its reader, as by `| head -1`, is not a failure.
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let simulator = simulator();
    let (mut child, _home) = amish_at(simulator.addr(), "demo", "demo", "").spawn();
    drop(child.stdout.take());
    let done = {
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(b"Ping\n").unwrap();
        child.stdin = Some(stdin);
        child.stdout = Some(empty());
        finish(child, b"Ping\n")
    };
    assert_eq!(done.code, 0, "{}", done.err);
}

fn empty() -> std::process::ChildStdout {
    let (reader, _) = std::io::pipe().unwrap();
    std::process::ChildStdout::from(std::os::fd::OwnedFd::from(reader))
}

// As it is pasted from forums: no blank behind a colon, a TAB, capitals, CRLF, an
// ActionID for several, one before the Action.
#[test]
fn packets_pasted_from_a_forum_are_sent_as_the_server_reads_them() {
    let pasted = include_bytes!("../transcripts/reported/forum-pasted.amish");
    let done = amish("--dry-run pbx -f pasted")
        .file("pasted", pasted)
        .run();
    assert_eq!((done.code, &*done.err), (0, ""), "{done:?}");
    let packets = [
        "Action: Ping\nActionID: 77\n",
        "ACTION: COMMAND\ncommand: core show uptime\nActionID: 77\n",
        "Action: Originate\nChannel: Local/w@hunt1\nApplication: Wait\nData: 1\nAsync: yes\n\
         Variable: a=1\nVariable: b=2\nActionID: 77\n",
        "Action: Ping\nActionID: 88\n",
        "actionid: 1\nActionID: 1982\naction: ping\n",
    ];
    let sent = done.out.replace("\r\n", "\n");
    assert_eq!(sent, packets.map(|packet| format!("{packet}\n")).concat());
}
