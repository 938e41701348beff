//! An event as one line: its time, its name, its subject and its main headers.

mod known;
mod unknown;

use super::columns::{cut, pad, width};
use super::headers::value;
use super::{Fields, Look, Role};
use crate::ami::{Header, Packet};
use crate::peer_text::visible;
use jiff::tz::TimeZone;
use known::Line;
use std::fmt::Write;
use std::time::SystemTime;

/// Columns of `14:02:11.123`.
const CLOCK: usize = 12;
/// Most names of events fit into this.
const NAME: usize = 18;
/// Most channels fit into this.
const SUBJECT: usize = 30;

/// Appends `packet`, an event, as one line: its `stamp`, its name, its channel
/// or other subject, and its main headers, or `fields`. On a terminal the line
/// is cut to the width.
pub(super) fn event(
    out: &mut Vec<u8>,
    packet: &Packet,
    stamp: String,
    fields: &Fields,
    look: &Look,
) {
    let name = visible::text(packet.name());
    let (subject, details) = match (fields, known::of(&name)) {
        (Fields::Chosen, Some(known)) => chosen(packet, known, look.now),
        (Fields::Chosen, None) => unknown::event(packet),
        _ => (String::new(), asked_for(packet, fields, look)),
    };
    // Columns are aligned if there is room for that.
    let (name_columns, subject_columns) = match look.terminal && look.width < 100 {
        true if look.width < 60 => (0, 0),
        true => (NAME, 0),
        false => (NAME, SUBJECT),
    };
    let name = pad(&name, name_columns);
    let subject = match details.is_empty() || subject.is_empty() {
        true => subject,
        false => pad(&subject, subject_columns),
    };
    let mut pieces = vec![(Role::Dim, stamp), (Role::Event, name)];
    if !subject.is_empty() {
        pieces.push((Role::Subject, subject));
    }
    pieces.extend(details.into_iter().map(|text| (Role::Value, text)));
    write_cut(out, &pieces, look);
}

fn write_cut(out: &mut Vec<u8>, pieces: &[(Role, String)], look: &Look) {
    let mut room = match look.terminal {
        true => look.width.max(CLOCK + 8),
        false => usize::MAX,
    };
    for (i, (role, text)) in pieces.iter().enumerate() {
        let text = match i + 1 == pieces.len() {
            true => text.trim_end(),
            false => text,
        };
        if i > 0 {
            // An ellipsis needs a column too.
            if room < 3 {
                break;
            }
            out.extend_from_slice(b"  ");
            room -= 2;
        }
        let shown = cut(text, room);
        look.palette.append(out, *role, &shown);
        room = room.saturating_sub(width(&shown));
        if shown.len() != text.len() {
            break;
        }
    }
    out.push(b'\n');
}

/// Local time with milliseconds.
pub(super) fn clock(time: SystemTime, zone: &TimeZone) -> String {
    let time = jiff::Timestamp::try_from(time).unwrap_or_default();
    let local = zone.to_datetime(time);
    let mut text = String::with_capacity(CLOCK);
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "{:02}:{:02}:{:02}.{:03}",
        local.hour(),
        local.minute(),
        local.second(),
        local.millisecond()
    );
    text
}

/// The seconds since `begun`.
pub(super) fn since(begun: SystemTime, time: SystemTime) -> String {
    let since = time.duration_since(begun).unwrap_or_default();
    let since = format!("+{:.3}", since.as_secs_f64());
    format!("{since:>CLOCK$}")
}

/// The requested headers; a dash for one that is absent.
fn asked_for(packet: &Packet, fields: &Fields, look: &Look) -> Vec<String> {
    let text = |header: Header<'_>| value(packet, &header, look).into_owned();
    let Some(names) = fields.named() else {
        let others = packet.headers().skip(1);
        return others
            .map(|header| format!("{}={}", visible::text(header.key), text(header)))
            .collect();
    };
    let of = |name: &String| {
        let texts: Vec<String> = packet.all(name).map(text).collect();
        match texts.join(", ") {
            none if none.is_empty() => "-".to_owned(),
            texts => texts,
        }
    };
    names.iter().map(of).collect()
}

/// The subject and the main headers of an event.
fn chosen(packet: &Packet, line: &Line, now: Option<SystemTime>) -> (String, Vec<String>) {
    let subject = line.subject.text(packet, now).into_owned();
    let texts = line.details.iter().map(|cell| cell.text(packet, now));
    let mut details: Vec<String> = texts
        .filter(|text| !text.is_empty())
        .map(|text| text.into_owned())
        .collect();
    match (subject.is_empty(), details.is_empty()) {
        // A server that spells its headers differently must not cause an empty
        // line.
        (true, true) => unknown::event(packet),
        // A call from an Originate dials without a channel of its own.
        (true, false) => (details.remove(0), details),
        (false, _) => (subject, details),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{PLAIN, frames};
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn shown(bytes: &[u8], width: usize) -> String {
        let time = UNIX_EPOCH + Duration::from_millis(1_795_385_794_004);
        let mut out = Vec::new();
        for packet in frames(bytes) {
            if packet.kind() == crate::ami::Kind::Event {
                let stamp = clock(time, &TimeZone::UTC);
                let look = Look { width, ..PLAIN };
                event(&mut out, &packet, stamp, &Fields::Chosen, &look);
            }
        }
        String::from_utf8(out).unwrap()
    }

    // A call as people read it, from recordings of a new and an old server.
    #[test]
    fn a_call_reads_as_a_story() {
        let call =
            include_bytes!("../../../tests/transcripts/asterisk-22/originate-async-events.txt");
        insta::assert_snapshot!(shown(call, 120), @r"
            22:16:34.004  FullyBooted         Fully Booted                    up 27:57  last reload 11:49
            22:16:34.004  SuccessfulAuth      admin                           AMI  IPV4/TCP/127.0.0.1/47182
            22:16:34.004  Newchannel          Local/200@default-00000009;1    to 200@default
            22:16:34.004  Newchannel          Local/200@default-00000009;2    to 200@default
            22:16:34.004  Newexten            Local/200@default-00000009;1    AppDial2((Outgoing Line))  200@default:1
            22:16:34.004  VarSet              Local/200@default-00000009;1    B=two words
            22:16:34.004  VarSet              Local/200@default-00000009;1    A=1
            22:16:34.004  NewCallerid         Local/200@default-00000009;1    O'Brien ? <1001>
            22:16:34.004  NewConnectedLine    Local/200@default-00000009;1    connected to O'Brien ? <1001>
            22:16:34.004  VarSet              Local/200@default-00000009;2    A=1
            22:16:34.004  VarSet              Local/200@default-00000009;2    B=two words
            22:16:34.004  NewCallerid         Local/200@default-00000009;2    O'Brien ? <1001>
            22:16:34.004  NewConnectedLine    Local/200@default-00000009;2    connected to O'Brien ? <1001>
            22:16:34.004  LocalBridge         Local/200@default-00000009;1    ↔ Local/200@default-00000009;2
            22:16:34.004  TestEvent           Local/200@default-00000009;2    Type=StateChange  State=CallIDChange  AppFile=channel…
            22:16:34.004  Newexten            Local/200@default-00000009;2    Answer()  200@default:1
            22:16:34.004  Newstate            Local/200@default-00000009;2    Up  O'Brien ? <1001>
            22:16:34.004  DialBegin           → Local/200@default-00000009;1  200@default
            22:16:34.004  Newstate            Local/200@default-00000009;1    Up  O'Brien ? <1001>
            22:16:34.004  DialEnd             → Local/200@default-00000009;1  ANSWER
            22:16:34.004  TestEvent           Local/200@default-00000009;1    Type=StateChange  State=CallIDChange  AppFile=channel…
            22:16:34.004  DeviceStateChange   Local/200@default               INUSE
            22:16:34.004  Newexten            Local/200@default-00000009;1    Answer()  600@default:1
            22:16:34.004  OriginateResponse   Local/200@default-00000009;1    Success  4 answered  600@default
            22:16:34.004  QueueMemberStatus   support                         Alice  in use  calls 2
            22:16:34.004  DeviceStateChange   Local/200@default               INUSE
            22:16:34.004  Newexten            Local/200@default-00000009;1    UserEvent(Ding,Body: hello)  600@default:2
            22:16:34.004  UserEvent           Ding                            Body=hello  Local/200@default-00000009;1
            22:16:34.004  Newexten            Local/200@default-00000009;1    Hangup()  600@default:3
            22:16:34.004  SoftHangupRequest   Local/200@default-00000009;1    16 Normal clearing  O'Brien ? <1001>
            22:16:34.004  HangupRequest       Local/200@default-00000009;2    16 Normal clearing  O'Brien ? <1001>
            22:16:34.004  Hangup              Local/200@default-00000009;1    16 Normal clearing  O'Brien ? <1001>
            22:16:34.004  SoftHangupRequest   Local/200@default-00000009;2    16 Normal clearing  O'Brien ? <1001>
            22:16:34.004  DeviceStateChange   Local/200@default               NOT_INUSE
            22:16:34.004  QueueMemberStatus   support                         Alice  not in use  calls 2
            22:16:34.004  Hangup              Local/200@default-00000009;2    16 Normal clearing  O'Brien ? <1001>
            22:16:34.004  DeviceStateChange   Local/200@default               NOT_INUSE
            ");
        let queue = include_bytes!("../../../tests/transcripts/asterisk-1.8/queue_call.txt");
        insta::assert_snapshot!(shown(queue, 80), @r"
        22:16:34.004  FullyBooted         Fully Booted
        22:16:34.004  Newchannel          Local/300@default-00000013;1  to 300@default
        22:16:34.004  Newchannel          Local/300@default-00000013;2  to 300@default
        22:16:34.004  NewAccountCode      Local/300@default-00000013;1
        22:16:34.004  NewCallerid         Local/300@default-00000013;1
        22:16:34.004  Newexten            Local/300@default-00000013;2  Answer()  300@d…
        22:16:34.004  Newstate            Local/300@default-00000013;2  Up
        22:16:34.004  Newstate            Local/300@default-00000013;1  Up
        22:16:34.004  NewAccountCode      Local/300@default-00000013;1
        22:16:34.004  OriginateResponse   Local/300@default-00000013;1  Success  4 answ…
        22:16:34.004  Newexten            Local/300@default-00000013;2  Queue(support,,…
        22:16:34.004  Join                support  position 1  Local/300@default-000000…
        22:16:34.004  Newchannel          Local/200@default-00000014;1  to 200@default
        22:16:34.004  Newchannel          Local/200@default-00000014;2  to 200@default
        22:16:34.004  NewCallerid         Local/200@default-00000014;1  300
        22:16:34.004  AgentCalled         support  → Local/200@default-00000014;1
        22:16:34.004  Newexten            Local/200@default-00000014;2  Answer()  200@d…
        22:16:34.004  Newstate            Local/200@default-00000014;2  Up
        22:16:34.004  Newstate            Local/200@default-00000014;1  Up  300
        22:16:34.004  QueueMemberStatus   support  Alice  in use  calls 0
        22:16:34.004  QueueMemberStatus   support  Alice  in use  calls 0
        22:16:34.004  Leave               support  still waiting 0  Local/300@default-0…
        22:16:34.004  VarSet              Local/300@default-00000013;2  QUEUEPOSITION=1
        22:16:34.004  AgentConnect        support  Alice  waited 0:00
        22:16:34.004  VarSet              Local/300@default-00000013;2  BRIDGEPEER=Loca…
        22:16:34.004  VarSet              Local/200@default-00000014;1  BRIDGEPEER=Loca…
        22:16:34.004  NewAccountCode      Local/200@default-00000014;1
        22:16:34.004  Bridge              Local/300@default-00000013;2  ↔ Local/200@def…
        22:16:34.004  VarSet              Local/300@default-00000013;2  BRIDGEPEER=Loca…
        22:16:34.004  VarSet              Local/200@default-00000014;1  BRIDGEPEER=Loca…
        22:16:34.004  VarSet              Local/300@default-00000013;2  BRIDGEPEER=Loca…
        22:16:34.004  VarSet              Local/200@default-00000014;1  BRIDGEPEER=Loca…
        22:16:34.004  Newexten            Local/200@default-00000014;2  Echo()  200@def…
        22:16:34.004  Hangup              Local/300@default-00000013;1  0 Unknown
        22:16:34.004  Cdr                 Local/300@default-00000013;1  ANSWERED  to 300
        22:16:34.004  Unlink              Local/300@default-00000013;2  ↔ Local/200@def…
        22:16:34.004  Cdr                 Local/300@default-00000013;2  ANSWERED  to 300
        22:16:34.004  AgentComplete       support  Alice  talked 0:01  waited 0:00  end…
        22:16:34.004  Hangup              Local/200@default-00000014;1  0 Unknown  300
        22:16:34.004  Hangup              Local/300@default-00000013;2  0 Unknown
        22:16:34.004  Hangup              Local/200@default-00000014;2  0 Unknown
        22:16:34.004  Cdr                 Local/200@default-00000014;2  ANSWERED  to 200
        22:16:34.004  QueueMemberStatus   support  Alice  not in use  calls 1
        22:16:34.004  QueueMemberStatus   support  Alice  not in use  calls 1
        ");
    }

    // A name that is longer than its column pushes the rest of the line aside.
    #[test]
    fn the_usual_names_fit_their_column() {
        let names = [
            "Hangup",
            "DeviceStateChange",
            "QueueMemberStatus",
            "SoftHangupRequest",
        ];
        let events = names.map(|name| format!("Event: {name}\r\nChannel: SIP/1-1\r\n\r\n"));
        let events = events.concat();
        for (width, column) in [(60, 34), (80, 34), (120, 34)] {
            for line in shown(events.as_bytes(), width).lines() {
                assert_eq!(line.find("SIP/1-1"), Some(column), "{width}: {line}");
            }
        }
    }

    // Later versions have events that amish does not know, and anybody may have
    // chosen their contents.
    #[test]
    fn an_unknown_event_is_one_safe_line() {
        let events = b"Event: Brand\x1bNew\r\nPrivilege: call,all\r\nChannel: PJSIP/a-1\r\nUniqueid: 1.1\r\nEmpty: \r\n\
            A: 1\r\nB: two\nlines\r\nC: 3\r\nD: 4\r\n\r\n\
            Event: UserEvent\r\nPrivilege: user,all\r\nChannel: PJSIP/a-1\r\nCallerIDNum: 7\r\nUserEvent: Ding\r\nBody: \xe2\x80\xaehello\r\n\r\n\
            Event: Bare\r\n\r\nEvent: \r\n\r\n";
        insta::assert_snapshot!(shown(events, 80), @r"
        22:16:34.004  Brand\x1bNew        PJSIP/a-1  A=1  B=two\nlines  C=3
        22:16:34.004  UserEvent           Ding  Body=\u{202e}hello  PJSIP/a-1
        22:16:34.004  Bare
        22:16:34.004
        ");
        let longest = |width| {
            shown(events, width)
                .lines()
                .map(|l| l.chars().count())
                .max()
        };
        assert!((20..200).all(|width| longest(width) <= Some(width)));
    }
}
