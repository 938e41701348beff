//! The built-in PBX.

use crate::program::{amish, amish_at, signal};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader, Read};

// Other clients can use it; it shuts down like a server.
#[test]
fn the_demo_can_be_served_to_others() {
    let (mut child, _home) = amish("--demo-listen 127.0.0.1:0").spawn();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    err.read_line(&mut said).unwrap();
    let address = said.split(' ').find(|word| word.starts_with("127.0.0.1:"));
    let address = address.unwrap_or_else(|| panic!("{said}"));
    let address = address.trim_end_matches(';').parse().unwrap();
    for (user, code) in [("demo", 0), ("readonly", 3), ("abcde123", 0)] {
        let done = amish_at(address, user, user, "cli core show version").run();
        assert_eq!(done.code, code, "{user}: {}", done.err);
    }
    signal(&child, Signal::SIGTERM);
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let mut rest = String::new();
    err.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let done = amish(&format!("--demo-listen {}", taken.local_addr().unwrap())).run();
    assert_eq!(done.code, 1, "{}", done.err);
}

// The first thing people do with it: several lines in one session share its
// state.
#[test]
fn the_demo_remembers_within_a_session() {
    let script = "QueueAdd support Local/110@default\nDBPut night mode on\n\
        Originate Channel=Local/110@default Context=default Exten=110 Priority=1\n\
        CoreShowChannels\nQueueStatus support\nDBGet night mode\n";
    let done = amish("--demo").input(script).run();
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(
        done.out.contains("Channel: Local/110@default-"),
        "{}",
        done.out
    );
    assert!(
        done.out.contains("Location: Local/110@default"),
        "{}",
        done.out
    );
    assert!(done.out.contains("Val: on"), "{}", done.out);
}

// It must have activity, so that there are events to see.
#[test]
fn calls_come_and_go_in_the_demo() {
    let done = amish("--demo -e=call -o json --count 1 --for 30s").run();
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains(r#""Event":"Newchannel""#), "{}", done.out);
}
