use super::*;
use crate::ami::{Frame, Framer, Kind};
use jiff::tz::TimeZone;
use std::time::Duration;

mod older;

/// Feeds recorded events, one every tenth of a second.
fn calls(bytes: &[u8]) -> (Calls, SystemTime) {
    let mut calls = Calls::default();
    let mut at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_385_794);
    for packet in packets(bytes) {
        if packet.kind() == Kind::Event {
            calls.feed(&packet, at);
            at += Duration::from_millis(100);
        }
    }
    (calls, at)
}

fn packets(bytes: &[u8]) -> Vec<Packet> {
    let mut framer = Framer::for_capture();
    framer.feed(bytes);
    let frames = std::iter::from_fn(|| framer.next_frame());
    let packets = frames.filter_map(|frame| match frame {
        Frame::Packet(packet) => Some(packet),
        _ => None,
    });
    packets.collect()
}

/// All stories, without the numbers of Local channels.
fn told(bytes: &[u8]) -> String {
    let (calls, now) = calls(bytes);
    let mut ids: Vec<u64> = calls.calls.keys().copied().collect();
    ids.sort_unstable();
    let mut text = String::new();
    for id in ids {
        let story = calls.story(id, now, &TimeZone::UTC).unwrap();
        for leg in story.legs {
            text += &format!("{}\n", leg.join(" | "));
        }
        for (stamp, what) in story.turns {
            text += &format!("{stamp:13} {what}\n");
        }
        text += &format!("= {}\n", story.end.unwrap_or("it goes on".into()));
    }
    text.replace("-000000", "-")
}

// Two phones, one of which is rung for the other.
#[test]
fn a_call_of_22_is_told() {
    insta::assert_snapshot!(told(include_bytes!("../../tests/calls/simple.txt")), @r"
        Local/200@default-03 | 101 | +0.0 | +0.7 | +2.9 | 16 Normal clearing
        Local/200@default-04 | 120 | +1.0 | +1.6 | +3.4 | 16 Normal clearing
        +0.6 – +0.8   the server rings Local/200@default-03: answered
        +0.9          Local/200@default-03 calls 120@default
        +1.3 – +1.7   Local/200@default-03 rings Local/200@default-04: answered
        +2.0 – +2.3   Local/200@default-03 speaks with Local/200@default-04, 0.3 s
        = Local/200@default-04 hung up: 16 Normal clearing
        ");
}

// Busy and unanswered must read differently, even if the cause of the rung leg
// says nothing.
#[test]
fn a_call_that_nobody_takes_is_told() {
    insta::assert_snapshot!(told(include_bytes!("../../tests/calls/busy.txt")), @r"
        Local/200@default | 101 | +0.0 | +0.6 | +2.6 | 16 Normal clearing
        Local/400@default | 130 | +1.0 |  | +2.0 | 17 User busy
        +0.3 – +0.7   the server rings Local/200@default: answered
        +0.8          Local/200@default calls 130@default
        +1.5 – +1.6   Local/200@default rings Local/400@default: busy
        = Local/400@default was busy (17 User busy)
        ");
    insta::assert_snapshot!(told(include_bytes!("../../tests/calls/noans.txt")), @r"
        Local/200@default | 101 | +0.0 | +0.7 | +3.0 | 16 Normal clearing
        Local/500@default | 140 | +1.0 |  | +2.4 | 0 Unknown
        +0.3 – +0.8   the server rings Local/200@default: answered
        +0.9          Local/200@default calls 140@default
        +1.4 – +2.0   Local/200@default rings Local/500@default: no answer
        = Local/500@default did not answer
        ");
}

// All members ring and one answers; the others must not appear at fault.
#[test]
fn a_queue_with_two_agents_is_told() {
    insta::assert_snapshot!(told(include_bytes!("../../tests/calls/queue.txt")), @r"
        Local/200@default-15 | 101 | +0.0 | +0.6 | +5.4 | 16 Normal clearing
        Dora (Local/500@default) | 101 | +1.2 |  | +3.6 | 26 Answered elsewhere
        Erin (Local/200@default-17) | 101 | +2.0 | +2.7 | +5.0 | 16 Normal clearing
        +0.5 – +0.7   the server rings Local/200@default-15: answered
        +0.9          Local/200@default-15 calls 320@default
        +1.1 – +3.3   Local/200@default-15 waits in queue desk
        +1.9 – +2.9   Local/200@default-15 rings Dora (Local/500@default): answered elsewhere
        +2.6 – +2.8   Local/200@default-15 rings Erin (Local/200@default-17): answered
        +3.4          the queue gives Local/200@default-15 to Erin (Local/200@default-17)
        +3.9 – +4.2   Local/200@default-15 speaks with Erin (Local/200@default-17), 0.3 s
        = Erin (Local/200@default-17) hung up: 16 Normal clearing
        ");
}

// Legs before and after a transfer are one call.
#[test]
fn transfers_are_told() {
    insta::assert_snapshot!(told(include_bytes!("../../tests/calls/blind.txt")), @r"
        Local/200@default-0c | 101 | +0.0 | +0.6 | +4.0 | 16 Normal clearing
        Local/200@default-0d | 120 | +1.0 | +1.6 | +3.3 | 16 Normal clearing
        +0.3 – +0.7   the server rings Local/200@default-0c: answered
        +0.8          Local/200@default-0c calls 120@default
        +1.3 – +1.7   Local/200@default-0c rings Local/200@default-0d: answered
        +2.0 – +2.5   Local/200@default-0c speaks with Local/200@default-0d, 0.5 s
        +2.4          Local/200@default-0d transfers Local/200@default-0c to 100@default
        = Local/200@default-0c hung up: 16 Normal clearing
        ");
    insta::assert_snapshot!(told(include_bytes!("../../tests/calls/atx.txt")), @r"
        Local/200@default-00 | 101 | +0.0 | +0.6 | +5.9 | 16 Normal clearing
        Local/200@default-01 | 120 | +1.0 | +1.6 | +4.6 | 16 Normal clearing
        Local/110@default | 120 | +2.5 | +3.2 | +5.7 | 16 Normal clearing
        +0.5 – +0.7   the server rings Local/200@default-00: answered
        +0.9          Local/200@default-00 calls 120@default
        +1.5 – +1.7   Local/200@default-00 rings Local/200@default-01: answered
        +2.0 – +3.4   Local/200@default-00 speaks with Local/200@default-01, 1.4 s
        +2.3          Local/200@default-01 puts the others on hold
        +3.5 – +3.7   Local/200@default-01 speaks with Local/110@default, 0.2 s
        +4.0 – +4.9   Local/200@default-00 speaks with Local/110@default, 0.9 s
        +4.4          Local/200@default-01 connects Local/200@default-00 with Local/110@default
        = Local/200@default-00 was hung up: 16 Normal clearing
        ");
}

// Retrieving a parked call begins another call, which must be merged with it.
#[test]
fn a_parked_call_is_told() {
    insta::assert_snapshot!(told(include_bytes!("../../tests/calls/park.txt")), @r"
        Local/200@default-0e | 101 | +0.0 | +0.6 | +5.7 | 16 Normal clearing
        Local/200@default-0f | 120 | +1.0 | +1.6 | +4.6 | 16 Normal clearing
        Local/701@parkedcalls | 105 | +2.7 | +3.3 | +5.9 | 16 Normal clearing
        +0.5 – +0.7   the server rings Local/200@default-0e: answered
        +0.8          Local/200@default-0e calls 120@default
        +1.3 – +1.7   Local/200@default-0e rings Local/200@default-0f: answered
        +2.0 – +2.4   Local/200@default-0e speaks with Local/200@default-0f, 0.4 s
        +2.5 – +4.0   Local/200@default-0e is parked on 701
        +3.0 – +3.4   the server rings Local/701@parkedcalls: answered
        +3.9 – +4.8   Local/200@default-0e speaks with Local/701@parkedcalls, 0.9 s
        +4.0          Local/701@parkedcalls retrieves Local/200@default-0e
        = Local/701@parkedcalls was hung up: 16 Normal clearing
        ");
}

// Three calls, each with its own Linkedid, in one room.
#[test]
fn a_conference_is_told() {
    insta::assert_snapshot!(told(include_bytes!("../../tests/calls/conf.txt")), @r"
        Local/200@default-11 | 100 | +0.0 | +0.6 | +6.0 | 16 Normal clearing
        +0.5 – +0.7   the server rings Local/200@default-11: answered
        +0.9          Local/200@default-11 calls 800@default
        +2.8 – +4.3   Local/200@default-11 and Local/200@default-13 are in conference 800, 1.5 s
        +4.3 – +5.0   Local/200@default-11, Local/200@default-13 and Local/200@default-14 are in conference 800, 0.7 s
        = Local/200@default-11 was hung up: 16 Normal clearing
        Local/200@default-13 | 101 | +0.0 | +0.6 |  | 0 Unknown
        +0.3 – +0.7   the server rings Local/200@default-13: answered
        +0.8          Local/200@default-13 calls 800@default
        +1.1 – +2.6   Local/200@default-13 and Local/200@default-11 are in conference 800, 1.5 s
        +2.6 – +3.3   Local/200@default-13, Local/200@default-11 and Local/200@default-14 are in conference 800, 0.7 s
        +3.3 – +3.5   Local/200@default-13 and Local/200@default-14 are in conference 800, 0.2 s
        = it goes on
        Local/200@default-14 | 102 | +0.0 | +0.6 | +3.3 | 16 Normal clearing
        +0.3 – +0.8   the server rings Local/200@default-14: answered
        +0.9          Local/200@default-14 calls 800@default
        +1.1 – +1.8   Local/200@default-14, Local/200@default-11 and Local/200@default-13 are in conference 800, 0.7 s
        +1.8 – +2.0   Local/200@default-14 and Local/200@default-13 are in conference 800, 0.2 s
        = Local/200@default-14 was hung up: 16 Normal clearing
        ");
}

fn overview(calls: &Calls, now: SystemTime) -> String {
    let rows = calls.overview(now, &TimeZone::UTC).into_iter();
    let rows = rows.map(|row| {
        let mark = if row.first { "" } else { "└ " };
        format!("{mark}{}\n", row.cells.join(" | "))
    });
    rows.collect()
}

// A session that starts during a call has only the list, which must suffice; a
// channel missing from the next list has ended.
#[test]
fn a_fresh_list_is_all_it_takes() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_386_900);
    let mut text = String::new();
    for list in [
        &include_bytes!("../../tests/transcripts/asterisk-22/coreshowchannels-calls.txt")[..],
        include_bytes!("../../tests/transcripts/asterisk-16/status-calls.txt"),
        include_bytes!("../../tests/transcripts/asterisk-1.8/coreshowchannels.txt"),
        include_bytes!("../../tests/transcripts/asterisk-1.8/status.txt"),
    ] {
        let mut calls = Calls::default();
        calls.refresh(&packets(list), now);
        text += &format!("{}\n", overview(&calls, now));
        calls.refresh(&[], now);
        assert_eq!(overview(&calls, now), "");
    }
    insta::assert_snapshot!(text, @r"
        Local/200@default-00000005;1 | Caller 1 <1001> | 100 | up | Wait(30) | 22:34:57 | 0:03
        Local/200@default-00000006;1 | Caller 2 <1002> | 100 | up | Wait(30) | 22:34:58 | 0:02

        Local/200@default-00000001;1 | Caller 2 <1002> | 100 | up | Wait(30) | 22:34:56 | 0:04
        Local/200@default-00000000;1 | Caller 1 <1001> | 100 | up | Wait(30) | 22:34:56 | 0:04

        Local/200@default-00000005;1 | Bob <1002> | 200 | up | Wait(25) | 22:34:58 | 0:02
        Local/100@default-00000004;1 | Alice Test <1001> | 200 | up | Echo() | 22:34:58 | 0:02

        Local/100@default-00000006;1 | Alice Test <1001> | 200 | up |  | 22:34:57 | 0:03
        Local/200@default-00000007;1 | Bob <1002> | Bob <1002> | up |  |  |
        ");
}

// Events supply what lists do not have.
#[test]
fn events_refine_the_list() {
    let mut text = String::new();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_386_900);
    for (events, name) in [
        (
            &include_bytes!("../../tests/calls/queue.txt")[..],
            "BridgeLeave",
        ),
        (include_bytes!("../../tests/calls/park.txt"), "UnParkedCall"),
        (include_bytes!("../../tests/calls/conf.txt"), "Hangup"),
    ] {
        let mut calls = Calls::default();
        let events = packets(events).into_iter();
        for event in events.take_while(|event| !event.is_event(name)) {
            calls.feed(&event, now);
        }
        text += &format!("{}\n", overview(&calls, now));
    }
    insta::assert_snapshot!(text.replace("-000000", "-"), @r"
        Local/200@default-15;1 | 101 | 320 | talking | with Local/200@default-17 | 22:35:00 | 0:00
        └ Local/200@default-17;1 | 101 | 320 | talking | with Local/200@default-15 | 22:35:00 | 0:00

        Local/200@default-0e;1 | 101 | 120 | parked | space 701 | 22:35:00 | 0:00
        └ Local/200@default-0f;1 | 120 | 120 | up |  | 22:35:00 | 0:00
        └ Local/701@parkedcalls-10;1 | 105 | 701 | up |  | 22:35:00 | 0:00

        Local/200@default-11;1 | 100 | 800 | up | ConfBridge(800) | 22:35:00 | 0:00
        Local/200@default-13;1 | 101 | 800 | talking | conference 800 | 22:35:00 | 0:00
        Local/200@default-14;1 | 102 | 800 | talking | conference 800 | 22:35:00 | 0:00
        ");
}

// A call can be named in the usual ways; if several match, all are listed.
#[test]
fn a_call_is_found_by_what_people_type() {
    let events = b"Event: Newchannel\r\nChannel: PJSIP/101-00000001\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\n\r\n\
        Event: Newchannel\r\nChannel: PJSIP/1010-00000002\r\nUniqueid: 1.2\r\nLinkedid: 1.1\r\n\r\n\
        Event: Newchannel\r\nChannel: PJSIP/102-00000003\r\nUniqueid: 1.3\r\nLinkedid: 1.3\r\n\r\n\
        Event: Newchannel\r\nChannel: PJSIP/102-00000004\r\nUniqueid: 1.4\r\nLinkedid: 1.4\r\n\r\n";
    let (calls, _) = calls(events);
    for one in ["PJSIP/101", "pjsip/101-00000001", "101", "1.2", "PJSIP/10"] {
        let found = calls.find(one);
        match one {
            "PJSIP/10" => assert!(matches!(found, Found::Other(_)), "{found:?}"),
            _ => assert_eq!(found, Found::One(1), "{one}"),
        }
    }
    let callers = b"Event: Newchannel\r\nChannel: PJSIP/trunk-00000001\r\nCallerIDName: Ann O\\'Brien\r\nCallerIDNum: 555\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\n\r\n\
        Event: Newchannel\r\nChannel: PJSIP/trunk-00000002\r\nCallerIDName: Bo\r\nCallerIDNum: 5550\r\nConnectedLineNum: 300\r\nUniqueid: 1.2\r\nLinkedid: 1.2\r\n\r\n";
    let (named, _) = super::tests::calls(callers);
    for (text, call) in [
        ("ann o'brien", 1),
        ("Ann", 1),
        ("O'Brien", 1),
        ("555", 1),
        ("bo", 2),
        ("5550", 2),
        ("300", 2),
    ] {
        assert_eq!(named.find(text), Found::One(call), "{text}");
    }
    let both = ["PJSIP/102-00000003", "PJSIP/102-00000004"].map(str::to_owned);
    assert_eq!(calls.find("PJSIP/102"), Found::Other(both.into()));
    let Found::Other(all) = calls.find("SIP/9") else {
        panic!("there is none");
    };
    assert_eq!(all.len(), 4);
}
