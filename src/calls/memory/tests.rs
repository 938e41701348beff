use super::*;
use crate::ami::Packet;
use jiff::tz::TimeZone;

/// Feeds events, one per millisecond.
struct Feeder {
    calls: Calls,
    at: SystemTime,
}

impl Feeder {
    fn new() -> Feeder {
        Feeder {
            calls: Calls::default(),
            at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_385_794),
        }
    }

    fn event(&mut self, name: &str, headers: &[(&str, &str)]) {
        self.at += Duration::from_millis(1);
        let headers = headers
            .iter()
            .map(|(key, value)| format!("{key}: {value}\r\n"));
        let text = format!("Event: {name}\r\n{}\r\n", headers.collect::<String>());
        self.calls
            .feed(&Packet::new(text.into_bytes().into()), self.at);
    }

    fn leg(&mut self, name: &str, uid: &str, linked: &str) {
        let channel = format!("PJSIP/{uid}");
        let headers = [
            ("Channel", &channel[..]),
            ("Uniqueid", uid),
            ("Linkedid", linked),
        ];
        self.event(name, &headers);
    }
}

/// Feeds the nth event of an attack.
type Attack<'a> = dyn Fn(&mut Feeder, usize) + 'a;

/// The bytes of all texts, counted independently.
fn held(calls: &Calls) -> usize {
    let legs = calls.legs.values();
    let legs: usize = legs.map(|leg| leg.weight() - 2 * leg.uid.len()).sum();
    let call = |call: &super::super::Call| -> usize {
        let uids: usize = call.legs.iter().map(|uid| uid.len() + 24).sum();
        let turns = call
            .turns
            .iter()
            .map(|turn| format!("{:?}", turn.what).len());
        let talks = call.talks.iter().flat_map(|talk| &talk.with);
        let talks = talks.map(|(uid, name)| uid.len() + name.len() + 48);
        let linked = call.linked.iter().map(|linked| 2 * linked.len() + 48);
        uids + turns.chain(talks).chain(linked).sum::<usize>()
    };
    let linked: usize = calls.linked.keys().map(String::len).sum();
    let halves: usize = calls.halves.iter().map(|(a, b)| a.len() + b.len()).sum();
    let bridges: usize = calls.bridges.keys().map(|id| 2 * id.len()).sum();
    legs + calls.calls.values().map(call).sum::<usize>() + linked + halves + bridges
}

// A busy server must not fill the memory of a shell that is left open.
#[test]
fn so_many_calls_are_kept_and_no_more() {
    let mut feeder = Feeder::new();
    for number in 0..5_000 {
        let uid = number.to_string();
        feeder.leg("Newchannel", &uid, &uid);
        feeder.leg("Hangup", &uid, &uid);
    }
    assert_eq!(feeder.calls.legs.len(), MOST_ENDED);
    assert_eq!(feeder.calls.forgotten(), 0);
    for number in 0..MOST_LEGS + 100 {
        let uid = (10_000 + number).to_string();
        feeder.leg("Newchannel", &uid, &uid);
    }
    let calls = &feeder.calls;
    assert!(calls.legs.len() <= MOST_LEGS);
    assert!(calls.linked.len() <= MOST_LEGS && calls.calls.len() <= MOST_LEGS);
    // Whoever lists the calls must learn that there are more.
    assert_eq!(calls.forgotten(), 100);
}

// A hostile server sends names of half a megabyte; real ones are at most 150
// bytes.
#[test]
fn names_are_not_longer_than_names_are() {
    let mut feeder = Feeder::new();
    let long = "x".repeat(512 * 1024);
    for number in 0..40 {
        let uid = format!("{number}{long}");
        let headers = [
            ("Channel", &*format!("PJSIP/{number}-{long}")),
            ("Uniqueid", &uid),
            ("Linkedid", &uid),
            ("CallerIDName", &long),
            ("ConnectedLineName", "\u{9b}\u{202e}".repeat(1000).leak()),
            ("Exten", &long),
            ("Context", &long),
        ];
        feeder.event("Newchannel", &headers);
    }
    assert_eq!(feeder.calls.legs.len(), 40);
    assert!(held(&feeder.calls) < 200 << 10, "{}", held(&feeder.calls));
}

// Each of these once grew without limit: turns and talks of one call, calls
// with long names, Linkedids of one leg, empty bridges.
#[test]
fn whatever_a_server_makes_up_takes_a_bounded_memory() {
    let long = "y".repeat(200);
    let attacks: [&Attack<'_>; 5] = [
        &|feeder, n| feeder.leg("Newchannel", &format!("{n}{long}"), &n.to_string()),
        &|feeder, n| feeder.leg("Newstate", "1", &format!("{n}{long}")),
        &|feeder, n| {
            let exten = format!("{n}{long}");
            let uid = (n / 1_000).to_string();
            let headers = [
                ("Channel", "PJSIP/1"),
                ("Uniqueid", &uid),
                ("Linkedid", &uid),
            ];
            let more = [
                ("Exten", &exten[..]),
                ("Context", &long),
                ("Application", "Dial"),
            ];
            feeder.event("Newexten", &[&headers[..], &more].concat());
        },
        &|feeder, n| feeder.event("BridgeCreate", &[("BridgeUniqueid", &format!("{n}{long}"))]),
        &|feeder, n| {
            // A conference with 200 members who come and go.
            let uid = format!("{}{long}", n % 200);
            let name = ["BridgeEnter", "BridgeLeave"][n / 200 % 2];
            let headers = [("Channel", &*format!("PJSIP/{uid}")), ("Uniqueid", &uid)];
            let more = [("Linkedid", &uid[..]), ("BridgeUniqueid", "b")];
            feeder.event(name, &[&headers[..], &more].concat());
        },
    ];
    // Events in a conference cost more the larger it is.
    let events = [25_000, 25_000, 25_000, 45_000, 2_000];
    for (number, (attack, events)) in attacks.iter().zip(events).enumerate() {
        let mut feeder = Feeder::new();
        for n in 0..events {
            attack(&mut feeder, n);
        }
        let (held, counted) = (held(&feeder.calls), feeder.calls.weight);
        assert!(counted <= MOST_BYTES, "{number}: {counted}");
        // Bridges have their own limit, in number and length.
        assert!(
            held <= MOST_BYTES + (16 << 20),
            "{number}: {held}, counted {counted}"
        );
    }
}

// A story must say what was left out of it.
#[test]
fn a_story_that_is_cut_says_so() {
    let mut feeder = Feeder::new();
    for n in 0..30 {
        let uid = format!("u{n}");
        let channel = format!("PJSIP/{n}");
        let headers = [
            ("Channel", &channel[..]),
            ("Uniqueid", &uid),
            ("Linkedid", "one"),
        ];
        feeder.event("Newchannel", &headers);
        let more = [("BridgeUniqueid", "b"), ("Conference", "big")];
        feeder.event("BridgeEnter", &[&headers[..], &more].concat());
    }
    for n in 0..600 {
        let uid = format!("u{}", n % 30);
        let headers = [
            ("Channel", "PJSIP/1"),
            ("Uniqueid", &uid),
            ("Linkedid", "one"),
        ];
        let more = [
            ("Application", "Dial"),
            ("Exten", &n.to_string()),
            ("Context", "c"),
        ];
        feeder.event("Newexten", &[&headers[..], &more].concat());
    }
    let id = feeder.calls.leg("u0").unwrap().call;
    let story = feeder.calls.story(id, feeder.at, &TimeZone::UTC).unwrap();
    let text = story
        .turns
        .iter()
        .map(|(_, what)| format!("{what}\n"))
        .collect::<String>();
    assert!(text.contains(" others are in conference big"), "{text}");
    assert!(text.contains("more that were not kept"), "{text}");
}
