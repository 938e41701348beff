//! Servers that misbehave, or are older than any available for tests.

use crate::program::{Done, amish, finish, signal};
use crate::scripted::{Conversation, Scripted};
use crate::support::BOUND;
use nix::sys::signal::Signal;

fn run(server: &Scripted, args: &str) -> Done {
    let args = format!("-u me {} {args}", server.target());
    amish(&args).env("AMISH_SECRET", "secret").run()
}

fn partial_list(conversation: &mut Conversation) {
    conversation.expect("QueueStatus");
    conversation.answer("Success", "EventList: start\nMessage: will follow");
    conversation.packets("Event: QueueMember\nActionID: $ID\nName: Alice");
}

// Half a list may explain why the server died: it is shown, and the exit code
// still says that it is incomplete.
#[test]
fn what_came_of_a_list_that_was_cut_off_is_shown() {
    let server = Scripted::logged_in(partial_list);
    let done = run(&server, "QueueStatus");
    assert_eq!(done.code, 6, "{done:?}");
    assert!(done.out.contains("Name: Alice\n"), "{done:?}");
    assert!(done.err.contains("in the middle of the answer"), "{done:?}");
    let done = run(&server, "-o table QueueStatus");
    assert!(done.out.contains("did not arrive"), "{done:?}");
}

// The same if the server stays connected and falls silent; what comes too late
// is shown once, marked late.
#[test]
fn a_list_that_stops_half_way_is_shown_and_its_rest_is_late() {
    let server = Scripted::logged_in(|conversation| {
        partial_list(conversation);
        let list = conversation.id().to_owned();
        conversation.expect("Logoff");
        conversation.packets(&format!(
            "Event: QueueStatusComplete\nActionID: {list}\nEventList: Complete"
        ));
        conversation.answer("Goodbye", "");
    });
    let done = run(&server, "-t 0.3 -o json QueueStatus");
    assert_eq!(done.code, 6, "{done:?}");
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.len(), 3, "{done:?}");
    assert!(lines[1].contains("Alice") && !lines[1].contains("_late"));
    assert!(lines[2].contains("\"_late\":true,\"Event\":\"QueueStatusComplete\""));
}

// A stream that will never bring an event must not look like a quiet server.
#[test]
fn a_refused_stream_of_events_is_an_error() {
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("Events");
        conversation.answer("Error", "Message: Permission denied");
        conversation.carry_on();
    });
    let stream = run(&server, "-e --for 20s");
    let script = amish(&format!("-u me {} -c", server.target()));
    let script = script
        .arg("/events call")
        .env("AMISH_SECRET", "secret")
        .run();
    for done in [stream, script] {
        assert_eq!(done.code, 3, "{done:?}");
        assert!(done.err.contains("Permission denied"), "{done:?}");
    }
}

// Events may come although the Events action is never answered
// (brokeneventsaction=yes); only if none came is the outcome unknown.
#[test]
fn a_stream_does_not_wait_for_the_answer_to_events() {
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("Events");
        conversation.packets("Event: Newchannel\nPrivilege: call,all\nChannel: a");
        conversation.carry_on();
    });
    let done = run(&server, "-e --count 1");
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("Channel: a\n"), "{done:?}");
    let silent = Scripted::logged_in(|conversation| {
        conversation.expect("Events");
        conversation.carry_on();
    });
    let done = run(&silent, "-e --for 0.2s");
    assert_eq!(done.code, 6, "{done:?}");
}

// Old servers and proxies greet in their own way.
#[test]
fn odd_banners_are_banners() {
    for banner in [
        "Asterisk Call Manager/1.1\n",
        "OtherPBX Call Manager/3.2\r\n",
        "Asterisk Call Manager\r\n",
    ] {
        let server = Scripted::start(move |conversation| {
            conversation.send(banner);
            conversation.expect("Challenge");
            conversation.answer("Success", "Challenge: 1");
            conversation.expect("Login");
            conversation.answer("Success", "Message: Authentication accepted");
            conversation.carry_on();
        });
        assert_eq!(run(&server, "Ping").code, 0, "{banner:?}");
    }
}

// The message must say at which moment the server closed.
#[test]
fn a_server_that_closes_behind_its_banner_is_named() {
    let server =
        Scripted::start(|conversation| conversation.send("Asterisk Call Manager/11.0.0\r\n"));
    let done = run(&server, "Ping");
    assert_eq!(done.code, 5, "{done:?}");
    assert!(done.err.contains("during the login"), "{done:?}");
}

// Ctrl-C must also work while amish waits for the answer to its own query.
#[test]
fn ctrl_c_ends_a_wait_for_events() {
    let (heard, hears) = std::sync::mpsc::channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("Events");
        heard.send(()).expect("the test waits");
        conversation.carry_on();
    });
    let script = amish(&format!("-u me {} -c", server.target())).arg("/events call");
    let (child, _home) = script.env("AMISH_SECRET", "secret").spawn();
    hears.recv_timeout(BOUND).expect("an Events action");
    signal(&child, Signal::SIGINT);
    assert_eq!(finish(child, b"").code, 130);
}

// Exit code 4 without a message would leave a script's log empty.
#[test]
fn a_login_by_hand_that_fails_is_said() {
    let server = Scripted::start(|conversation| {
        conversation.send("Asterisk Call Manager/11.0.0\r\n");
        conversation.expect("Login");
        conversation.answer("Error", "Message: Authentication failed");
    });
    let done = run(&server, "Login Username=a Secret=hidden");
    assert_eq!(done.code, 4, "{done:?}");
    assert!(done.err.contains("Authentication failed"), "{done:?}");
    assert!(!done.err.contains("hidden"), "{done:?}");
}

// Mistakes are found before anything is sent, and correct lines are not
// misread.
#[test]
fn command_lines_are_read_as_they_were_meant() {
    let demo = |words: &[&str]| {
        let run = words.iter().fold(amish(""), |run, word| run.arg(word));
        run.run()
    };
    for wrong in [
        &["--demo", "-e="][..],
        &["--decode", "-", "extra"],
        &["pbx:5038:5038", "Ping"],
        &["--demo", "-c", "Ping", "-c", "/events bogus"],
    ] {
        let done = demo(wrong);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{wrong:?}");
    }
    let done = demo(&["--demo", "-c", "-NoSuch", "-c", "echo on"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.ends_with("\non\n"), "{done:?}");
}
