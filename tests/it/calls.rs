//! `/calls` and `/follow`: what is told of a call is what happened, and on a
//! real server what its own call records say.

use crate::live::Client;
use crate::pty::{Key, Pty, rows};
use crate::servers::{Server, Spawned, real_servers, servers, spawn};
use amish::ami::Packet;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// A shell with a person who watches, and a client of our own that moves calls.
struct Lab {
    driver: Client,
    pty: Pty,
    prompt: String,
}

impl Lab {
    fn new(server: &Server) -> Lab {
        let target = server.address.to_string();
        let env = [("AMISH_SECRET", server.secret), ("AMISH_USER", server.user)];
        let pty = Pty::spawn(&[&target], &env, 200, 60);
        let prompt = format!("{}@{target}> ", server.user);
        pty.wait_typed(&prompt);
        Lab {
            driver: Client::log_in(server, "call,agent"),
            pty,
            prompt,
        }
    }

    fn ask(&mut self, name: &str, headers: &[(&str, &str)]) {
        let answer = self.driver.ask(name, headers);
        assert_eq!(answer[0].name(), b"Success", "{name} {headers:?}");
    }

    /// Waits for an event `name` that is as wanted, past all before it.
    fn event(&mut self, name: &str, is: impl Fn(&Packet) -> bool) -> Packet {
        loop {
            let at = self.driver.wait_event(name);
            let event = self.driver.events.drain(..=at).next_back();
            if let Some(event) = event.filter(&is) {
                return event;
            }
        }
    }

    /// A phone that is called and, once it answers, sent to `exten`; its channel.
    fn phone(&mut self, number: &str, exten: &str) -> String {
        let caller = format!("Ann <{number}>");
        let channel = "Local/200@default/n";
        let call = [
            ("Channel", channel),
            ("Context", "default"),
            ("Exten", exten),
            ("Priority", "1"),
            ("CallerID", &caller),
            ("Async", "true"),
        ];
        self.ask("Originate", &call);
        let placed = self.event("OriginateResponse", |_| true);
        text(&placed, "Channel")
    }

    fn follow(&mut self, channel: &str) {
        self.pty.type_line(&format!("/follow {channel}"));
        self.pty.wait_line("following ");
    }

    /// The leg goes on at another extension.
    fn redirect(&mut self, channel: &str, exten: &str) {
        let to = [
            ("Channel", channel),
            ("Context", "default"),
            ("Exten", exten),
            ("Priority", "1"),
        ];
        self.ask("Redirect", &to);
    }

    fn hangup(&mut self, channel: &str) {
        self.ask("Hangup", &[("Channel", channel)]);
    }

    /// A call of two phones that speak: who called and who was called.
    fn pair(&mut self) -> (String, String) {
        let caller = self.phone("101", "110");
        self.follow(&caller);
        self.redirect(&caller, "120");
        let begins = self.event("DialBegin", |event| text(event, "Channel") == caller);
        let called = text(&begins, "DestChannel");
        self.event("BridgeEnter", |event| text(event, "Channel") == caller);
        (caller, called)
    }

    /// The story, once it is told, line by line.
    fn story(&mut self) -> Vec<String> {
        self.pty.wait_typed(&self.prompt);
        let story = RefCell::new(Vec::new());
        self.pty.wait_for("story", |screen| {
            let rows = rows(screen);
            let begins = rows.iter().rposition(|row| row.starts_with("A call of"));
            let told = begins.and_then(|at| rows.get(at..)).unwrap_or_default();
            let ends = |row: &String| row.contains(" legs; ") || row.starts_with("1 leg; ");
            let end = told.iter().position(ends);
            let told = end.and_then(|end| told.get(..=end));
            story.replace(told.unwrap_or_default().to_vec());
            told.is_some()
        });
        story.into_inner()
    }
}

fn text(packet: &Packet, key: &str) -> String {
    packet.text(key).unwrap_or_default().into_owned()
}

/// The name without the half of a Local channel.
fn phone(channel: &str) -> String {
    channel.split(';').next().unwrap_or_default().to_owned()
}

/// What a device is called where no other is like it.
fn device(phone: &str) -> &str {
    phone.rsplit_once('-').map_or(phone, |(device, _)| device)
}

/// Is this phone meant by a word of the story?
fn is(word: &str, phone: &str) -> bool {
    word == phone || word == device(phone)
}

/// Who spoke with whom, by the story; in a conference everybody with everybody.
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

/// `Erin (Local/200@default)` is the phone in brackets.
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

/// Says the story who spoke with whom as the records of the server do?
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
}

#[track_caller]
fn tells(story: &[String], lines: &[&str]) {
    let mut rest = story.iter();
    for line in lines {
        let found = rest.any(|told| told.contains(line));
        assert!(found, "no {line:?}, or not in its place, in {story:#?}");
    }
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
    lab.event("BridgeEnter", |event| text(event, "Channel") == agent);
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
    lab.event("UnParkedCall", |_| true);
    lab.event("BridgeEnter", |event| {
        text(event, "Channel").starts_with("Local/70")
    });
    lab.hangup(&caller);
    let story = lab.story();
    let caller = phone(&caller);
    let is_parked = format!("{caller} is parked on {space}");
    let fetches = format!("Local/{space}@parkedcalls fetches {caller}");
    tells(&story, &["speaks with", &is_parked]);
    tells(&story, &[&fetches, "3 legs; "]);
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

// The story of a call is worth something only if it is what happened: moved by
// another client, and compared with what the server itself has written down.
#[test]
fn the_story_of_a_call_is_what_happened() {
    let scenarios: [fn(&mut Lab) -> Vec<String>; 8] = [
        simple, busy, unanswered, queue, blind, attended, parked, conference,
    ];
    for real in real_servers() {
        for scenario in scenarios {
            let server = spawn(&real.name);
            let mut lab = Lab::new(&server.server());
            let story = scenario(&mut lab);
            // Records are written when the last leg is gone.
            lab.pty.type_line("quit");
            assert_eq!(lab.pty.exit_code(), 0);
            let last = lab.driver.ask("CoreShowChannels", &[]);
            assert_eq!(last.len(), 2, "a channel is left");
            server.ctl("stop");
            agrees(&story, &records(&server));
        }
    }
}

// A list when asked for one, whatever events were seen; and a call followed to
// its end, on every generation of servers.
#[test]
fn calls_are_listed_and_followed() {
    for server in servers() {
        let mut lab = Lab::new(&server);
        let mine = format!("9{}", server.address.port());
        let call = [
            ("Channel", "Local/100@default/n"),
            ("Context", "default"),
            ("Exten", "110"),
            ("Priority", "1"),
            ("CallerID", &format!("Hal <{mine}>")),
            ("Async", "true"),
        ];
        lab.ask("Originate", &call);
        let placed = lab.event("OriginateResponse", |event| {
            text(event, "Channel").contains("/100@")
        });
        let channel = text(&placed, "Channel");
        lab.pty.type_line("/calls");
        lab.pty.wait_line(&format!("Hal <{mine}>"));
        lab.pty.wait_typed(&lab.prompt);
        lab.follow(&channel);
        lab.hangup(&channel);
        let story = lab.story();
        let name = phone(&channel);
        tells(&story, &[device(&name), "1 leg; "]);
    }
}

// Whoever names no call is told which there are; Ctrl-C tells the story so far.
#[test]
fn a_call_that_is_not_there_is_not_followed() {
    let server = servers().remove(0);
    let mut lab = Lab::new(&server);
    lab.pty.type_line("/follow PJSIP/101");
    lab.pty.wait_line("there is no call at all");
    lab.pty.type_line("/calls");
    lab.pty.wait_line("No calls.");
    let channel = lab.phone("101", "110");
    lab.pty.type_line("/follow PJSIP/101");
    lab.pty.wait_line(&format!(
        "no call of PJSIP/101; there are {}",
        phone(&channel)
    ));
    lab.follow("local/200");
    lab.pty.key(Key::Ctrl('c'));
    lab.pty.wait_line("A call since");
    lab.pty.wait_typed(&lab.prompt);
}
