//! Compares the stories told by `/follow` with the call records of a real
//! server.

use crate::calls::{Lab, device, phone, tells, text};
use crate::servers::{Spawned, spawn, spawnable};
use crate::support::until;
use amish::ami::Packet;
use std::collections::BTreeSet;

/// Whether a word of the story names this phone.
fn is(word: &str, phone: &str) -> bool {
    word == phone || word == device(phone)
}

/// Who spoke with whom, according to the story; in a conference everybody with
/// everybody.
fn talks(story: &[String]) -> Vec<(String, String)> {
    let mut talks = Vec::new();
    for line in story {
        let text = line.rsplit("  ").next().unwrap_or_default().trim();
        if let Some((who, whom)) = text.split_once(" speaks with ") {
            let whom = whom.rsplit_once(", ").map_or(whom, |(whom, _)| whom);
            talks.push((bare(who), bare(whom)));
        } else if let Some((all, _)) = text.split_once(" are in conference ") {
            let all: Vec<String> = all.replace(" and ", ", ").split(", ").map(bare).collect();
            for (at, who) in all.iter().enumerate() {
                let others = all.get(at + 1..).unwrap_or_default().iter();
                talks.extend(others.map(|whom| (who.clone(), whom.clone())));
            }
        }
    }
    talks
}

/// The phone in `Erin (Local/200@default)`.
fn bare(name: &str) -> String {
    let inner = name.rsplit_once('(').map_or(name, |(_, inner)| inner);
    inner.trim_end_matches(')').to_owned()
}

/// The server's own records: channel, other channel, disposition.
fn records(server: &Spawned) -> Vec<[String; 3]> {
    let file = server
        .folder()
        .parent()
        .unwrap()
        .join("log/cdr-csv/Master.csv");
    let text = std::fs::read_to_string(file).expect("call records");
    let fields = |line: &str| -> Vec<String> {
        let mut fields = vec![String::new()];
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(String::new()),
                c => fields.last_mut().unwrap().push(c),
            }
        }
        fields
    };
    let record = |line: &str| {
        let fields = fields(line);
        let field = |at: usize| fields.get(at).cloned().unwrap_or_default();
        [phone(&field(5)), phone(&field(6)), field(14)]
    };
    text.lines().map(record).collect()
}

/// Checks that story and records agree on who spoke with whom.
fn agrees(story: &[String], records: &[[String; 3]]) {
    let answered = records
        .iter()
        .filter(|[_, to, how]| !to.is_empty() && how == "ANSWERED");
    let known: BTreeSet<(&str, &str)> = answered.map(|[a, b, _]| (&a[..], &b[..])).collect();
    let told = talks(story);
    let same = |(who, whom): &(String, String), (a, b): &(&str, &str)| {
        is(who, a) && is(whom, b) || is(who, b) && is(whom, a)
    };
    for talk in &told {
        let found = known.iter().any(|pair| same(talk, pair));
        assert!(found, "{talk:?} is in no record: {records:#?}\n{story:#?}");
    }
    for pair in &known {
        let found = told.iter().any(|talk| same(talk, pair));
        assert!(found, "{pair:?} is not told: {records:#?}\n{story:#?}");
    }
    agrees_on_the_unreached(story, records);
}

/// Checks that they agree on the phones that were busy or did not answer.
fn agrees_on_the_unreached(story: &[String], records: &[[String; 3]]) {
    let rung = |line: &String| {
        let text = line.rsplit("  ").next().unwrap_or_default().trim();
        let (who, rest) = text.split_once(" rings ")?;
        let (whom, how) = rest.rsplit_once(": ")?;
        let how = match how {
            "busy" => "BUSY",
            "no answer" | "answered elsewhere" => "NO ANSWER",
            _ => return None,
        };
        Some((bare(who), bare(whom), how))
    };
    let told: Vec<_> = story.iter().filter_map(rung).collect();
    let records = records
        .iter()
        .filter(|[_, to, how]| !to.is_empty() && how != "ANSWERED");
    let known: Vec<_> = records.collect();
    assert_eq!(told.len(), known.len(), "{told:?}, {known:?}");
    for (who, whom, how) in &told {
        let same = |[from, to, was]: &&&[String; 3]| is(who, from) && is(whom, to) && how == was;
        let found = known.iter().find(same);
        assert!(found.is_some(), "{who} {whom} {how}: {known:?}");
    }
}

/// Waits until the server has no channels: a leg leaves the list just before or
/// after its Hangup, and legs of other calls must not appear in the story.
fn all_gone(lab: &mut Lab) {
    until("channels are left", || {
        lab.driver.ask("CoreShowChannels", &[]).len() == 2
    });
}

fn simple(lab: &mut Lab) -> Vec<String> {
    let (_, called) = lab.pair();
    lab.hangup(&called);
    let story = lab.story();
    tells(
        &story,
        &["goes on to 120", "rings", "speaks with", "Normal clearing"],
    );
    assert!(
        story
            .last()
            .is_some_and(|end| end.contains(&phone(&called))),
        "{story:#?}"
    );
    story
}

fn busy(lab: &mut Lab) -> Vec<String> {
    let caller = lab.phone("101", "110");
    lab.follow(&caller);
    lab.redirect(&caller, "130");
    let story = lab.story();
    tells(
        &story,
        &["Local/400@default: busy", "Local/400@default was busy"],
    );
    story
}

fn unanswered(lab: &mut Lab) -> Vec<String> {
    let caller = lab.phone("101", "110");
    lab.follow(&caller);
    lab.redirect(&caller, "140");
    let story = lab.story();
    tells(
        &story,
        &[
            "Local/500@default: no answer",
            "Local/500@default did not answer",
        ],
    );
    story
}

fn queue(lab: &mut Lab) -> Vec<String> {
    let caller = lab.phone("101", "110");
    lab.follow(&caller);
    lab.redirect(&caller, "320");
    let connected = lab.event("AgentConnect", |_| true);
    let agent = text(&connected, "DestChannel");
    // The second of the two; before it they do not speak yet.
    lab.event("BridgeEnter", |event| {
        [&agent, &caller].contains(&&text(event, "Channel"))
            && text(event, "BridgeNumChannels") == "2"
    });
    lab.hangup(&agent);
    let story = lab.story();
    let dora = "Dora (Local/500@default)";
    tells(
        &story,
        &[
            "waits in queue desk",
            "speaks with Erin",
            dora,
            "3 legs; Erin",
        ],
    );
    story
}

fn blind(lab: &mut Lab) -> Vec<String> {
    let (caller, called) = lab.pair();
    let to = [
        ("Channel", &called[..]),
        ("Context", "default"),
        ("Exten", "110"),
    ];
    lab.ask("BlindTransfer", &to);
    lab.event("Hangup", |event| text(event, "Channel") == called);
    lab.hangup(&caller);
    let story = lab.story();
    let transfers = format!(
        "{} transfers {} to 110@default",
        phone(&called),
        phone(&caller)
    );
    let end = format!("2 legs; {}", phone(&caller));
    tells(&story, &["speaks with", &transfers, &end]);
    story
}

fn attended(lab: &mut Lab) -> Vec<String> {
    let (caller, called) = lab.pair();
    let to = [
        ("Channel", &called[..]),
        ("Context", "default"),
        ("Exten", "110"),
    ];
    lab.ask("Atxfer", &to);
    let third = lab.event("BridgeEnter", |event| {
        text(event, "Channel").contains("/110@")
    });
    lab.event("BridgeEnter", |event| {
        text(event, "BridgeUniqueid") == text(&third, "BridgeUniqueid")
    });
    lab.hangup(&called);
    lab.event("AttendedTransfer", |_| true);
    lab.hangup(&caller);
    let story = lab.story();
    let (caller, called) = (phone(&caller), phone(&called));
    let connects = format!("{called} connects {caller} with Local/110@default");
    tells(
        &story,
        &[&connects, &format!("3 legs; {caller} was hung up")],
    );
    let third = "Local/110@default".to_owned();
    let spoke = [
        (caller.clone(), called.clone()),
        (called, third.clone()),
        (caller, third),
    ];
    assert_eq!(talks(&story), spoke);
    story
}

fn parked(lab: &mut Lab) -> Vec<String> {
    let (caller, called) = lab.pair();
    let park = [
        ("Channel", &caller[..]),
        ("TimeoutChannel", &called[..]),
        ("Timeout", "45000"),
    ];
    lab.ask("Park", &park);
    let space = text(&lab.event("ParkedCall", |_| true), "ParkingSpace");
    lab.pty.wait_line("ParkedCall");
    let fetching = format!("Local/{space}@parkedcalls/n");
    let fetch = [
        ("Channel", &fetching[..]),
        ("Application", "Wait"),
        ("Data", "30"),
        ("Async", "true"),
    ];
    lab.ask("Originate", &fetch);
    // The server sends these two in either order.
    lab.comes("UnParkedCall");
    let fetching = format!("Local/{space}@");
    lab.event("BridgeEnter", |event| {
        text(event, "Channel").starts_with(&fetching)
    });
    lab.hangup(&caller);
    let story = lab.story();
    let caller = phone(&caller);
    let is_parked = format!("{caller} is parked on {space}");
    let retrieves = format!("Local/{space}@parkedcalls retrieves {caller}");
    tells(&story, &["speaks with", &is_parked]);
    tells(&story, &[&retrieves, "3 legs; "]);
    tells(
        &story,
        &[&format!("{caller} speaks with Local/{space}@parkedcalls")],
    );
    story
}

fn conference(lab: &mut Lab) -> Vec<String> {
    let first = lab.phone("101", "110");
    lab.follow(&first);
    lab.redirect(&first, "800");
    let joins = |channel: &str| {
        let channel = channel.to_owned();
        move |event: &Packet| text(event, "Channel") == channel
    };
    lab.event("ConfbridgeJoin", joins(&first));
    let mut others = Vec::new();
    for number in ["102", "103"] {
        let other = lab.phone(number, "110");
        lab.redirect(&other, "800");
        lab.event("ConfbridgeJoin", joins(&other));
        others.push(other);
    }
    for other in &others {
        lab.hangup(other);
        lab.event("ConfbridgeLeave", joins(other));
    }
    lab.hangup(&first);
    let story = lab.story();
    let [first, second, third] = [&first, &others[0], &others[1]].map(|channel| phone(channel));
    let all = format!("{first}, {second} and {third} are in conference 800");
    tells(&story, &[&all, &format!("{first} was hung up")]);
    story
}

// The story must be what happened: calls are moved by another client, and the
// result is compared with the server's own records.
#[test]
fn the_story_of_a_call_is_what_happened() {
    let scenarios: [fn(&mut Lab) -> Vec<String>; 8] = [
        simple, busy, unanswered, queue, blind, attended, parked, conference,
    ];
    for real in spawnable(&["call-records"]) {
        for scenario in scenarios {
            let server = spawn(&real.name);
            let mut lab = Lab::new(&server.server());
            let story = scenario(&mut lab);
            // Records are written when the last leg is gone.
            lab.pty.type_line("quit");
            assert_eq!(lab.pty.exit_code(), 0);
            all_gone(&mut lab);
            server.ctl("stop");
            agrees(&story, &records(&server));
        }
    }
}
