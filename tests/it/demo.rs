//! The built-in PBX.

use crate::program::{amish, amish_at, signal};
use crate::pty::{Pty, typed};
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

// A learner who was told of modules looked for them; there are none.
#[test]
fn what_the_demo_lacks_is_said_to_be_lacking_there() {
    for (line, words) in [
        (
            "GetConfig Filename=users.conf",
            "the built-in PBX has no GetConfig: try it on a real Asterisk 22",
        ),
        (
            "SIPpeers",
            "this version of Asterisk has no SIPpeers: use `PJSIPShowEndpoints`",
        ),
        (
            "cli sip show peers",
            "the built-in PBX has no such CLI command; `cli core show help` lists those it has",
        ),
    ] {
        let done = amish("--demo").arg("-c").arg(line).run();
        assert_eq!(done.code, 3, "{line}: {}", done.err);
        assert!(done.err.contains(words), "{line}: {}", done.err);
    }
    let done = amish("--demo").arg("-c").arg("/doctor QueueRule").run();
    let words = "the built-in PBX has no QueueRule: try it on a real Asterisk 22";
    assert!(done.out.contains(words), "{}", done.out);
    // What it has is refused for another reason.
    let done = amish("--demo -u readonly --secret-file s")
        .file("s", "readonly")
        .arg("-c")
        .arg("Originate Channel=PJSIP/101 Application=Wait")
        .run();
    assert!(done.err.contains("needs write=originate"), "{}", done.err);
    let done = amish("--demo-fleet 2 QueueRule").run();
    let words = "demo2: QueueRule: the built-in PBX has no QueueRule";
    assert!(done.err.contains(words), "{}", done.err);
}

// At a prompt with nothing to do nobody learns anything. What is proposed must
// work, and who wants quiet gets it.
#[test]
fn the_shell_on_the_demo_says_what_to_try() {
    let mut pty = Pty::spawn(&["--demo", "--no-pager"], &[], 100, 40);
    pty.wait_line("try  QueueStatus support");
    pty.wait_for("a prompt", |screen| typed(screen).trim_end().ends_with('>'));
    pty.type_line("QueueStatus support");
    pty.wait_line("3 members");
    pty.type_line("/events call");
    pty.wait_line("events: call");
    pty.wait_line("DialBegin");
    pty.type_line("/calls");
    pty.wait_for("calls", |screen| screen.contents().contains(" legs"));
    pty.type_line("GetConfig Filename=users.conf");
    pty.wait_line("the built-in PBX has no GetConfig");
    let quiet = Pty::spawn(&["--demo", "-q"], &[], 100, 40);
    quiet.wait_for("a prompt", |screen| typed(screen).trim_end().ends_with('>'));
    let shown = quiet.look(|screen| screen.contents());
    assert!(!shown.contains("QueueStatus"), "{shown}");
}
