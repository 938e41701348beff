//! `-e` and `--decode`: events and captures in every form.

use crate::program::{amish, amish_at, finish, signal};
use crate::servers::{real_servers_with, servers, simulator, with};
use amish::simulator::Simulator;
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader};
use std::process::Child;

// The same JSON from the simulator and from real servers: metadata first, then
// the server's headers.
#[test]
fn a_stream_ends_after_its_count() {
    for server in with(&["answered-userevents"], servers()) {
        let run = amish_at(
            server.address,
            server.user,
            server.secret,
            "-e=user -o json --count 2",
        );
        let (mut child, _home) = run.spawn();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let sender = std::thread::spawn({
            let (address, user, secret) = (server.address, server.user, server.secret);
            move || {
                // Until the stream has enough: it may not be listening yet.
                let ring = "UserEvent UserEvent=Ring Line='one two'\n".repeat(20);
                amish_at(address, user, secret, "")
                    .input(format!("{ring}sleep 1\n{ring}"))
                    .run()
            }
        });
        for _ in 0..2 {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            assert!(line.starts_with(r#"{"_kind":"event","_time":""#), "{line}");
            let event: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert_eq!(event["_target"], server.address.to_string());
            assert_eq!(event["UserEvent"], "Ring", "{}", server.name);
            assert_eq!(event["Line"], "one two");
        }
        assert!(child.wait().unwrap().success());
        assert_eq!(sender.join().unwrap().code, 0);
    }
}

// Time over, Ctrl-C, and a server that closes: three ends, three exit codes.
#[test]
fn a_stream_ends_as_it_was_ended() {
    let simulator = simulator();
    let stream = |args: &str| amish_at(simulator.addr(), "demo", "demo", args);
    assert_eq!(stream("-e --for 300ms").run().code, 0);
    for end in [Signal::SIGINT, Signal::SIGTERM] {
        let (mut child, _home) = stream("-e=user").spawn();
        let rest = first_event(&simulator, &mut child);
        signal(&child, end);
        assert_eq!(child.wait().unwrap().code(), Some(128 + end as i32));
        drop(rest);
    }
    let (mut child, _home) = stream("-e=user --no-reconnect").spawn();
    let rest = first_event(&simulator, &mut child);
    simulator.kick();
    assert_eq!(child.wait().unwrap().code(), Some(6));
    drop(rest);
}

/// Emits events until the stream shows one, because only then it is listening.
/// From then on its output is discarded, until the returned value is dropped.
fn first_event(simulator: &Simulator, child: &mut Child) -> Joined {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (shown, first) = std::sync::mpsc::channel();
    let reading = std::thread::spawn(move || {
        let mut line = String::new();
        while out.read_line(&mut line).unwrap() > 0 {
            // The test uses the first only.
            let _ = shown.send(());
        }
    });
    loop {
        simulator.emit("UserEvent", "user", &[("UserEvent", "Ring")]);
        if first
            .recv_timeout(std::time::Duration::from_millis(10))
            .is_ok()
        {
            return Joined(Some(reading));
        }
    }
}

/// A thread that must succeed.
struct Joined(Option<std::thread::JoinHandle<()>>);

impl Drop for Joined {
    fn drop(&mut self) {
        self.0.take().unwrap().join().unwrap();
    }
}

#[test]
fn what_is_no_class_is_refused_with_the_classes() {
    let done = amish("--demo -e=calls").run();
    assert_eq!(done.code, 2);
    assert!(
        done.err.contains("'calls'") && done.err.contains("system, call, log"),
        "{}",
        done.err
    );
}

// The message must name the capture, or users would suspect the output.
#[test]
fn a_capture_that_cannot_be_read_is_named() {
    let done = amish("--decode .").run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.starts_with("amish: .: "), "{done:?}");
}

// Captures of real servers can be read back later, in any form.
#[test]
fn captures_are_decoded_in_every_form() {
    let capture = include_bytes!("../transcripts/asterisk-22/originate-async-events.txt");
    let decode = |form: &str| {
        let run = amish(&format!("--decode capture -o {form}")).file("capture", capture);
        let done = run.run();
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        done.out
    };
    let banner_end = capture.windows(2).position(|two| two == b"\r\n").unwrap() + 2;
    assert_eq!(
        decode("raw").as_bytes(),
        &capture[banner_end..],
        "the very bytes"
    );
    let packets = decode("packet").matches("\n\n").count();
    assert_eq!(decode("json").lines().count(), packets);
    // A file has neither times nor a target.
    assert!(decode("json").starts_with(r#"{"_kind":"response","Response":"#));
    let piped = amish("--decode - -o json").input(capture).run();
    assert_eq!(piped.out, decode("json"));
}

// An incomplete packet at the end does not count, and is reported.
#[test]
fn an_unfinished_capture_says_so() {
    let done = amish("--decode -o json")
        .input("Event: A\r\n\r\nEvent: B\r\nKey: v")
        .run();
    assert_eq!(done.out, "{\"_kind\":\"event\",\"Event\":\"A\"}\n");
    assert!(done.err.contains("16 bytes"), "{}", done.err);
    let done = amish("--decode nothing-there").run();
    assert!(
        done.code == 1 && done.err.contains("nothing-there"),
        "{}",
        done.err
    );
}

// Events keep coming while a script waits for its next line.
#[test]
fn events_are_shown_while_a_script_rests() {
    for server in real_servers_with(&["answered-userevents"]) {
        let script = "/events user\nUserEvent UserEvent=Ring\nsleep 0.5\n";
        let run = amish_at(server.address, server.user, server.secret, "");
        let (child, _home) = run.spawn();
        let done = finish(child, script.as_bytes());
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(
            done.out.contains("Event: UserEvent"),
            "{}: {}",
            server.name,
            done.out
        );
    }
}
