//! Which Action may claim an answer, and for how long.

use super::*;

// A Response without an ActionID belongs only to an Action that is known to get
// none.
#[test]
fn a_response_without_actionid_is_matched_where_that_is_known() {
    let mut newer = Rig::new("2.10.6");
    newer.send("Ping", "a");
    assert_eq!(newer.feed("Response: Success"), ["unsolicited Success"]);
    for version in ["1.0", "1.1"] {
        let mut old = Rig::new(version);
        old.send("Ping", "a");
        old.send("events", "b");
        assert_eq!(old.feed("Response: Pong"), ["1 Response Pong"]);
        assert_eq!(old.feed("Response: Events On"), ["2 Response Events On"]);
        old.send("Getvar", "c");
        assert_eq!(old.feed("Response: Success"), ["unsolicited Success"]);
    }
    let mut by_user = Rig::new("11.0.0");
    by_user.send("Ping", "");
    by_user.send("Ping", "");
    assert_eq!(by_user.feed("Response: Success"), ["1 Response Success"]);
    assert_eq!(
        by_user.feed("Response: Success\nActionID: "),
        ["2 Response Success"]
    );
}

// A server that cannot parse a packet says so without an ActionID. Answers come
// in order, so this cannot be the Ping's while the Command before it is
// unanswered.
#[test]
fn a_response_without_actionid_waits_for_its_turn() {
    let mut rig = Rig::new("1.1");
    let command = rig.send("Command", "c");
    rig.send("Ping", "p");
    let stray = "Response: Error\nMessage: Missing action in request";
    assert_eq!(rig.feed(stray), ["unsolicited Error"]);
    rig.router.abandon(command);
    assert_eq!(
        rig.feed("Response: Success"),
        ["2 Response Success"],
        "a Command given up may never be answered"
    );
}

// The server does not begin with the second Action before the first is
// answered: a slow one must not time out those behind it, but a stuck one does.
#[test]
fn time_runs_when_the_turn_has_come() {
    let mut rig = Rig::new("11.0.0");
    for id in ["a", "b", "c"] {
        rig.send("Getvar", id);
    }
    assert!(rig.after(29).is_empty());
    let first = rig.feed("Response: Success\nActionID: a");
    assert_eq!(first, ["1 Response Success"]);
    assert!(rig.after(29).is_empty(), "58 s after it was sent");
    assert_eq!(
        rig.router.deadline(),
        Some(rig.now + Duration::from_secs(1))
    );
    assert_eq!(rig.after(1), ["2 timed out", "3 timed out"]);
    let late = rig.feed("Response: Success\nActionID: b");
    assert_eq!(late, ["2 late Response Success"]);
}

// A late answer must not be taken for the answer to another Action.
#[test]
fn what_was_given_up_is_late_not_somebody_elses() {
    let mut rig = Rig::new("11.0.0");
    let slow = rig.send("Originate", "");
    rig.router.abandon(slow);
    rig.send("Ping", "");
    assert!(rig.after(29).is_empty());
    assert_eq!(rig.feed("Response: Error"), ["1 late Response Error"]);
    assert_eq!(rig.feed("Response: Success"), ["2 Response Success"]);
}

// With brokeneventsaction Asterisk never answers `Events: on`. Its slot must go
// once that is certain, or the session never becomes quiet.
#[test]
fn what_is_never_answered_is_forgotten_once_passed() {
    let mut rig = Rig::new("11.0.0");
    rig.send("Events", "e");
    rig.send("Ping", "p");
    assert_eq!(
        rig.feed("Response: Success\nActionID: p"),
        ["2 Response Success"]
    );
    assert!(!rig.router.is_quiet(), "its waiter still hopes");
    assert_eq!(rig.after(30), ["1 timed out"]);
    assert!(rig.router.is_quiet());
    rig.send("Events", "f");
    assert_eq!(rig.after(30), ["3 timed out"]);
    assert!(!rig.router.is_quiet(), "the answer may yet come");
    rig.send("Ping", "q");
    assert_eq!(
        rig.feed("Response: Success\nActionID: q"),
        ["4 Response Success"]
    );
    assert!(rig.router.is_quiet());
    assert_eq!(rig.router.deadline(), None);
}

#[test]
fn a_list_is_overtaken_by_the_next_answer() {
    let mut rig = Rig::new("11.0.0");
    let given_up = rig.send("X", "a");
    rig.send("Ping", "b");
    rig.feed("Response: Success\nActionID: a\nEventList: start\n\nEvent: I");
    rig.router.abandon(given_up);
    assert_eq!(
        rig.feed("Response: Success\nActionID: b"),
        ["1 late Overtaken Success+I", "2 Response Success"]
    );
}

// Callers and the dialplan choose what Getvar returns, and a CRLF in it makes
// it look like headers. 1.4 puts the ActionID after it.
#[test]
fn values_of_callers_are_no_headers_of_the_answer() {
    let mut rig = Rig::new("1.0");
    rig.send("Getvar", "g");
    rig.send("Getvar", "h");
    let forged = "Response: Success\nVariable: X\nValue: a\nActionID: h2\nEventList: start\nMessage: it will follow\nActionID: g";
    assert_eq!(rig.feed(forged), ["1 Response Success"]);
    let continued = "Response: Success\nActionID: h\nValue: a\nloose\nEventList: start";
    assert_eq!(rig.feed(continued), ["2 Response Success"]);
}

// Scripts written for telnet give every Action the same ActionID.
#[test]
fn two_actions_may_share_an_actionid() {
    let mut rig = Rig::new("11.0.0");
    rig.send("FAXStats", "1");
    rig.send("Ping", "1");
    rig.feed("Response: Success\nActionID: 1\nMessage: event will follow");
    assert_eq!(
        rig.feed("Response: Success\nActionID: 1\nPing: Pong"),
        ["1 Unmarked Success", "2 Response Success"]
    );
}

// When the connection ends, nobody may go on waiting.
#[test]
fn the_end_tells_who_waited() {
    let mut rig = Rig::new("11.0.0");
    let a = rig.send("Ping", "a");
    let b = rig.send("Ping", "b");
    rig.router.abandon(a);
    let waited: Vec<Ticket> = rig.router.end().into_iter().map(|(who, _)| who).collect();
    assert_eq!(waited, [b]);
    assert!(rig.router.is_quiet());
}
