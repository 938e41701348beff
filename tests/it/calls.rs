//! `/calls` and `/follow` on a terminal, against every server.

use crate::live::Client;
use crate::program::amish;
use crate::pty::{Key, Pty, rows};
use crate::scripted::Scripted;
use crate::servers::{Server, servers};
use crate::support::BOUND;
use amish::ami::Packet;
use std::cell::RefCell;
use std::time::Instant;

/// A shell with a user who watches, and a client of our own that moves calls.
pub struct Lab {
    pub driver: Client,
    pub pty: Pty,
    prompt: String,
}

impl Lab {
    pub fn new(server: &Server) -> Lab {
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

    pub fn ask(&mut self, name: &str, headers: &[(&str, &str)]) {
        let answer = self.driver.ask(name, headers);
        assert_eq!(answer[0].name(), b"Success", "{name} {headers:?}");
    }

    /// Waits for an event `name` that `is` accepts, skipping others.
    pub fn event(&mut self, name: &str, is: impl Fn(&Packet) -> bool) -> Packet {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < BOUND, "no {name} that fits");
            let at = self.driver.wait_event(name);
            let event = self.driver.events.drain(..=at).next_back();
            if let Some(event) = event.filter(&is) {
                return event;
            }
        }
    }

    /// Waits for an event `name`, and passes none.
    pub fn comes(&mut self, name: &str) {
        self.driver.wait_event(name);
    }

    /// Calls a phone and, once it answers, sends it to `exten`; returns its
    /// channel.
    pub fn phone(&mut self, number: &str, exten: &str) -> String {
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

    pub fn follow(&mut self, channel: &str) {
        self.pty.type_line(&format!("/follow {channel}"));
        self.pty.wait_line("following ");
    }

    /// The leg goes on at another extension.
    pub fn redirect(&mut self, channel: &str, exten: &str) {
        let to = [
            ("Channel", channel),
            ("Context", "default"),
            ("Exten", exten),
            ("Priority", "1"),
        ];
        self.ask("Redirect", &to);
    }

    pub fn hangup(&mut self, channel: &str) {
        self.ask("Hangup", &[("Channel", channel)]);
    }

    /// A call between two phones: the caller and the callee.
    pub fn pair(&mut self) -> (String, String) {
        let caller = self.phone("101", "110");
        self.follow(&caller);
        self.redirect(&caller, "120");
        let begins = self.event("DialBegin", |event| text(event, "Channel") == caller);
        let called = text(&begins, "DestChannel");
        self.event("BridgeEnter", |event| text(event, "Channel") == caller);
        (caller, called)
    }

    /// The story, line by line, once it has been printed.
    pub fn story(&mut self) -> Vec<String> {
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

pub fn text(packet: &Packet, key: &str) -> String {
    let value = packet.text(key).unwrap_or_default();
    value.terminal().into_owned()
}

/// The name without the suffix of a Local channel's half.
pub fn phone(channel: &str) -> String {
    channel.split(';').next().unwrap_or_default().to_owned()
}

/// The name of a device that is unique in the call.
pub fn device(phone: &str) -> &str {
    phone.rsplit_once('-').map_or(phone, |(device, _)| device)
}

#[track_caller]
pub fn tells(story: &[String], lines: &[&str]) {
    let mut rest = story.iter();
    for line in lines {
        let found = rest.any(|told| told.contains(line));
        assert!(found, "no {line:?}, or not in its place, in {story:#?}");
    }
}

// A complete list whatever events were seen, and a call followed to its end, on
// every generation of servers.
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

// An unknown call is answered by the list of calls; Ctrl-C prints the story so
// far.
#[test]
fn a_call_that_is_not_there_is_not_followed() {
    let server = servers().remove(0);
    let mut lab = Lab::new(&server);
    lab.pty.type_line("/follow PJSIP/101");
    lab.pty.wait_line("there are no calls");
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

// Before Asterisk 12 the first events of a leg are kept until it is known whose
// they are: they must pass the filter as well as the others.
#[test]
fn a_filter_holds_for_every_event_of_a_followed_call() {
    let server = Scripted::start(|client| {
        client.greet("1.0");
        client.expect("Events");
        client.answer("Success", "");
        client.expect("CoreShowChannels");
        client.answer("Error", "Message: Invalid/unknown command");
        // The second time for the names of callers.
        for _ in 0..2 {
            client.expect("Status");
            client.answer("Success", "Message: Channel status will follow");
            client.packets(
                "Event: Status\nActionID: $ID\nChannel: SIP/101-1\nState: Ring\nUniqueid: 1.1\n",
            );
            client.packets("Event: StatusComplete\nActionID: $ID\n");
        }
        client.expect("ParkedCalls");
        client.answer("Error", "Message: Invalid/unknown command");
        let call = "Privilege: call,all";
        for event in [
            "Newchannel\nChannel: SIP/102-2\nState: Down\nUniqueid: 1.2",
            "Newstate\nChannel: SIP/102-2\nState: Ringing\nUniqueid: 1.2",
            "Dial\nSource: SIP/101-1\nDestination: SIP/102-2\nSrcUniqueID: 1.1\nDestUniqueID: 1.2",
            "Hangup\nChannel: SIP/102-2\nUniqueid: 1.2\nCause: 16",
            "Hangup\nChannel: SIP/101-1\nUniqueid: 1.1\nCause: 16",
        ] {
            let (name, rest) = event.split_once('\n').unwrap_or((event, ""));
            client.packets(&format!("Event: {name}\n{call}\n{rest}\n"));
        }
        client.carry_on();
    });
    let lines = |first: &str| {
        let run = amish(&format!("{} -u u -o packet", server.target()));
        let run = run.arg("-c").arg(first).arg("-c").arg("/follow SIP/101-1");
        run.env("AMISH_SECRET", "s").run()
    };
    let done = lines("/filter Hangup");
    assert_eq!(done.code, 0, "{done:?}");
    let is_of = |out: &str, name: &str| out.contains(&format!("Event: {name}\n"));
    assert!(is_of(&done.out, "Hangup"), "{done:?}");
    assert!(
        !is_of(&done.out, "Newchannel") && !is_of(&done.out, "Newstate"),
        "{done:?}"
    );
    // They are there to be filtered.
    let done = lines("/filter off");
    assert!(is_of(&done.out, "Newchannel"), "{done:?}");
}
