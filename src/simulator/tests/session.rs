use std::time::Duration;

use super::{Telnet, start};
use crate::simulator::{Config, Faults, Version};

fn quick() -> Config {
    Config {
        fail_delay: Duration::from_millis(1),
        ..Config::default()
    }
}

// A session as typed by telnet against AMI 1.1.
#[test]
fn the_telnet_session_works_to_the_letter() {
    let simulator = start(Config {
        version: Version::V18,
        ..quick()
    });
    let mut telnet = Telnet::to(&simulator);
    telnet.send("action: login\nusername: abcde123\nsecret: abcde123\nevents: off\n\naction: listcommands\n\naction: logoff\n\n");
    let text = telnet.rest().replace("\r\n", "\n");
    let start = "Asterisk Call Manager/1.1\nResponse: Success\nMessage: Authentication accepted\n\nResponse: Success\n\
                 WaitEvent: Wait for an event to occur.  (Priv: <none>)\n\
                 QueueReset: Reset queue statistics.  (Priv: <none>)\n";
    assert!(text.starts_with(start), "{text}");
    assert!(
        text.ends_with("\n\nResponse: Goodbye\nMessage: Thanks for all the fish.\n\n"),
        "{text}"
    );
}

// The client's MD5 login is tested against this one; a challenge that changed
// before the login would refuse everybody.
#[test]
fn the_challenge_opens_with_its_key_only() {
    let simulator = start(quick());
    let mut telnet = Telnet::to(&simulator);
    telnet.until("/11.0.0\r\n");
    let answer = telnet.ask("Action: Challenge\nAuthType: md5");
    let digits = answer.split("Challenge: ").nth(1).unwrap().trim();
    let key: String = {
        use md5::Digest;
        let digest = md5::Md5::digest(format!("{digits}demo"));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let answer = telnet.ask(&format!(
        "Action: Login\nAuthType: MD5\nUsername: DEMO\nKey: {key}\nActionID: 1"
    ));
    assert_eq!(
        answer,
        "Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n"
    );
}

// Requests pipelined after a refused login must not run.
#[test]
fn a_refused_login_ends_the_connection() {
    let simulator = start(quick());
    let mut telnet = Telnet::to(&simulator);
    telnet.send("Action: Login\nUsername: demo\nSecret: wrong\nActionID: 1\n\nAction: Logoff\n\n");
    let text = telnet.rest();
    assert!(
        text.ends_with("Response: Error\r\nActionID: 1\r\nMessage: Authentication failed\r\n\r\n"),
        "{text}"
    );
}

#[test]
fn who_does_not_log_in_is_dropped_without_a_word() {
    let simulator = start(Config {
        auth_timeout: Duration::from_millis(50),
        ..Config::default()
    });
    assert_eq!(
        Telnet::to(&simulator).rest(),
        "Asterisk Call Manager/11.0.0\r\n"
    );
}

#[test]
fn rights_are_checked_and_shown() {
    let simulator = start(quick());
    let mut telnet = Telnet::to(&simulator);
    telnet.until("/11.0.0\r\n");
    assert!(
        telnet
            .ask("Action: NoSuch")
            .contains("Message: Permission denied")
    );
    let mut telnet = Telnet::login(&simulator, "readonly", "off");
    assert!(
        telnet
            .ask("Action: Command\nCommand: core show version")
            .contains("Message: Permission denied")
    );
    let list = telnet.ask("Action: ListCommands");
    assert!(
        list.contains("\r\nPing: Keepalive command.  (Priv: <none>)\r\n")
            && !list.contains("Command:"),
        "{list}"
    );
    assert!(
        telnet
            .ask("Action: NoSuch\nActionID: 7")
            .contains("ActionID: 7\r\nMessage: Invalid/unknown command: NoSuch.")
    );
    assert!(
        telnet
            .ask("ActionID: 8")
            .contains("ActionID: 8\r\nMessage: Missing action in request")
    );
}

#[test]
fn events_reach_who_asked_and_may() {
    let simulator = start(quick());
    let mut telnet = Telnet::login(&simulator, "abcde123", "off");
    simulator.emit("Unseen", "call", &[]);
    assert!(
        telnet
            .ask("Action: Events\nEventMask: call,reporting")
            .contains("Events: On")
    );
    simulator.emit("AlsoUnseen", "reporting", &[]);
    simulator.emit("Newchannel", "call", &[("Channel", "Local/1")]);
    assert_eq!(
        telnet.until("\r\n\r\n"),
        "Event: Newchannel\r\nPrivilege: call,all\r\nChannel: Local/1\r\n\r\n"
    );
    assert!(
        telnet
            .ask("Action: Events\nEventMask:")
            .contains("Invalid event mask")
    );
    simulator.stop();
    assert!(
        telnet.rest().is_empty(),
        "the Shutdown event is of class system"
    );
}

#[test]
fn wait_event_ends_at_the_first_event() {
    let simulator = start(quick());
    let mut telnet = Telnet::login(&simulator, "demo", "user");
    telnet.send("Action: WaitEvent\nTimeout: -1\nActionID: w\n\n");
    while simulator.received().len() < 2 {
        std::thread::yield_now();
    }
    simulator.emit("Ding", "user", &[]);
    let text = telnet.until("Event: WaitEventComplete\r\nActionID: w\r\n\r\n");
    assert!(text.starts_with("Response: Success\r\nActionID: w\r\nMessage: Waiting for Event completed.\r\n\r\nEvent: Ding"));
}

// Asterisk drops a client that does not read, without affecting others.
#[test]
fn a_client_that_does_not_read_is_dropped_alone() {
    let simulator = start(Config {
        write_backlog: 100_000,
        ..quick()
    });
    let slow = Telnet::login(&simulator, "demo", "on");
    let value = "x".repeat(10_000);
    let mut other = Telnet::login(&simulator, "demo", "off");
    for _ in 0..2_000 {
        simulator.emit("Flood", "call", &[("Value", &value)]);
    }
    assert!(other.ask("Action: Ping").contains("Pong"));
    assert!(slow.rest().matches("Event: Flood").count() < 2_000);
}

#[test]
fn faults_happen_as_ordered() {
    let faults = Faults {
        bytes_per_write: Some(3),
        cut_after: Some(2),
        garbage: true,
        ..Faults::default()
    };
    let simulator = start(Config { faults, ..quick() });
    let mut telnet = Telnet::to(&simulator);
    telnet.send("Action: Login\nUsername: demo\nSecret: demo\nEvents: off\n\nAction: Ping\n\nAction: Ping\n\n");
    let text = telnet.rest();
    assert_eq!(text.matches("Response: ").count(), 2, "{text}");
    assert!(text.contains("not a header"), "{text}");
}

#[test]
fn kick_closes_everybody_and_lets_them_come_back() {
    let simulator = start(quick());
    let telnet = Telnet::login(&simulator, "demo", "off");
    simulator.kick();
    assert_eq!(telnet.rest(), "");
    Telnet::login(&simulator, "demo", "off");
}

// Asterisk counts the time to the login from the connection, whatever else is sent.
#[test]
fn requests_before_the_login_do_not_extend_its_time() {
    let simulator = start(Config {
        auth_timeout: Duration::from_millis(100),
        ..quick()
    });
    let mut telnet = Telnet::to(&simulator);
    telnet.until("/11.0.0\r\n");
    while telnet.try_ask("Action: Ping").is_some_and(|answer| {
        assert!(
            answer.ends_with("Message: Permission denied\r\n\r\n"),
            "{answer}"
        );
        true
    }) {}
}

// Only logged-in clients get a large queue for answers they do not read.
#[test]
fn a_client_that_does_not_read_before_its_login_is_dropped() {
    let simulator = start(Config {
        write_backlog: usize::MAX,
        ..quick()
    });
    let mut telnet = Telnet::to(&simulator);
    let requests = "Action: Ping\n\n".repeat(1_000);
    let sent = (0..4_000)
        .take_while(|_| telnet.try_send(&requests))
        .count();
    assert!(sent < 4_000, "all of them were read");
}

#[test]
fn one_client_too_many_is_closed_without_a_byte() {
    let simulator = start(Config {
        max_clients: 2,
        ..quick()
    });
    let one = Telnet::login(&simulator, "demo", "off");
    let _other = Telnet::login(&simulator, "demo", "off");
    assert_eq!(Telnet::to(&simulator).rest(), "");
    one.leave();
    while !Telnet::to(&simulator).gets_a_banner() {}
}

// A demo server may run for weeks.
#[test]
fn what_is_remembered_of_requests_has_a_bound_in_bytes() {
    let simulator = start(quick());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    let line = format!("X: {}\n", "x".repeat(1_000));
    for _ in 0..50 {
        telnet.ask(&format!("Action: Ping\n{}ActionID: 1", line.repeat(120)));
    }
    let received = simulator.received();
    let bytes: usize = received.iter().map(String::len).sum();
    assert!(received.len() > 20 && bytes <= 4 * 1024 * 1024, "{bytes}");
}
