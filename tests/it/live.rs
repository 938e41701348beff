//! The wire itself: what the built-in PBX and every real server named in
//! AMISH_TEST_SERVERS send to a simple client. --demo must behave like
//! Asterisk, and tests against it are meaningful only while it does.

use crate::servers::{Server, real_servers_with, servers};
use crate::support::BOUND;
use amish::ami::{Action, Frame, Framer, Packet, Routed, Router};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A simple client that uses only this library's protocol layer.
pub struct Client {
    stream: TcpStream,
    framer: Framer,
    router: Router,
    sent: usize,
    /// Events that belonged to no answer, in order.
    pub events: Vec<Packet>,
}

impl Client {
    pub fn connect(server: &Server) -> Client {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        let bound = Some(Duration::from_secs(10));
        stream.set_read_timeout(bound).expect("a timeout");
        let mut framer = Framer::new();
        let banner = loop {
            if let Some(Frame::Banner(banner)) = framer.next_frame() {
                break banner;
            }
            fill(&mut stream, &mut framer);
        };
        Client {
            stream,
            framer,
            router: Router::new(&banner, 0),
            sent: 0,
            events: Vec::new(),
        }
    }

    /// With all events or none.
    pub fn log_in(server: &Server, events: &str) -> Client {
        let mut client = Client::connect(server);
        let login = client.ask(
            "Login",
            &[
                ("Username", server.user),
                ("Secret", server.secret),
                ("Events", events),
            ],
        );
        assert_eq!(login[0].name(), b"Success", "{} lets us in", server.name);
        client
    }

    /// Sends an Action and returns all packets of its answer.
    pub fn ask(&mut self, name: &str, headers: &[(&str, &str)]) -> Vec<Packet> {
        self.sent += 1;
        let mut action = Action::new(name).expect("a name");
        let id = format!("live-{}", self.sent);
        for (key, value) in headers.iter().chain(&[("ActionID", &id[..])]) {
            action.push(key, value.as_bytes()).expect("in bounds");
        }
        self.router
            .register(&action, Duration::from_secs(10), Instant::now());
        let packet = action.packet().expect("it has an Action");
        self.stream.write_all(&packet).expect("the server reads");
        let mut answer = None;
        let begun = Instant::now();
        while answer.is_none() {
            assert!(begun.elapsed() < BOUND, "{name} is not answered");
            self.read(|routed| match routed {
                Routed::Reply(_, reply) => {
                    answer = Some(reply);
                    None
                }
                Routed::Event(event) => Some(event),
                other => panic!("{name}: {other:?}"),
            });
        }
        let reply = answer.expect("it came");
        let packets = reply.response.into_iter().chain(reply.items);
        packets.chain(reply.completion).collect()
    }

    /// Waits for an event `name`; those before it are kept in `events`.
    pub fn wait_event(&mut self, name: &str) -> usize {
        let begun = Instant::now();
        loop {
            // Others may come for ever.
            assert!(begun.elapsed() < BOUND, "no {name}: {:?}", self.events);
            if let Some(at) = self.events.iter().position(|event| event.is_event(name)) {
                return at;
            }
            self.read(|routed| match routed {
                Routed::Event(event) => Some(event),
                other => panic!("waiting for {name}: {other:?}"),
            });
        }
    }

    fn read(&mut self, mut routed: impl FnMut(Routed) -> Option<Packet>) {
        fill(&mut self.stream, &mut self.framer);
        while let Some(frame) = self.framer.next_frame() {
            let Frame::Packet(packet) = frame else {
                panic!("{frame:?}");
            };
            let events = &mut self.events;
            let mut out = |one| events.extend(routed(one));
            self.router.feed(packet, Instant::now(), &mut out);
        }
    }
}

fn fill(stream: &mut TcpStream, framer: &mut Framer) {
    let count = stream.read(framer.space()).expect("the server speaks");
    assert!(
        count > 0,
        "the server has closed: {:?}",
        framer.rest().escape_ascii().to_string()
    );
    framer.filled(count);
}

/// What does not differ between servers: the kind, the name, and the headers in
/// order. For an ActionID only its presence counts.
pub fn shape(packet: &Packet) -> String {
    let keys: Vec<String> = packet
        .headers()
        .skip(1)
        .map(|header| String::from_utf8_lossy(header.key).into_owned())
        .collect();
    let name = packet.name().escape_ascii();
    format!("{:?} {name}: {}", packet.kind(), keys.join(" "))
}

/// The shapes of answers to Actions without lasting effects.
fn conversation(server: &Server) -> Vec<(String, Vec<String>)> {
    let mut client = Client::log_in(server, "off");
    let mut said = Vec::new();
    let mut ask = |name: &str, headers: &[(&str, &str)]| {
        let answer = client.ask(name, headers);
        // Other tests use channels on the same server; the next test checks a
        // call of its own.
        let passing =
            |packet: &&Packet| packet.is_event("CoreShowChannel") || packet.is_event("Status");
        let lasting = answer.iter().filter(|packet| !passing(packet));
        let mut shapes: Vec<String> = lasting.map(shape).collect();
        // Their number depends on the server, their shapes do not.
        shapes.dedup();
        said.push((format!("{name} {headers:?}"), shapes));
    };
    ask("Ping", &[]);
    ask("Events", &[("EventMask", "off")]);
    ask("Events", &[("EventMask", "")]);
    ask("CoreSettings", &[]);
    ask("CoreStatus", &[]);
    ask("CoreShowChannels", &[]);
    ask("Status", &[]);
    ask("QueueSummary", &[("Queue", "nosuch")]);
    ask("QueueStatus", &[("Queue", "nosuch")]);
    ask(
        "DBPut",
        &[("Family", "amish-test"), ("Key", "k"), ("Val", "v")],
    );
    ask("DBGet", &[("Family", "amish-test"), ("Key", "k")]);
    ask("DBDel", &[("Family", "amish-test"), ("Key", "k")]);
    ask("DBDel", &[("Family", "amish-test"), ("Key", "k")]);
    ask("DBGet", &[("Family", "amish-test"), ("Key", "k")]);
    ask("Getvar", &[("Variable", "AMISH_TEST")]);
    ask("Getvar", &[("Variable", "X"), ("Channel", "nosuch/1")]);
    ask("Setvar", &[("Variable", "AMISH_TEST"), ("Value", "1")]);
    ask("UserEvent", &[("UserEvent", "Test"), ("Body", "x")]);
    ask("Command", &[("Command", "core show version")]);
    ask("Command", &[("Command", "nosuch command")]);
    ask("Command", &[]);
    ask(
        "Command",
        &[("Command", "_command matchesarray \"core show ch\" \"ch\"")],
    );
    ask("Hangup", &[("Channel", "nosuch/1")]);
    ask("Hangup", &[("Channel", "/^nosuch.*/")]);
    ask("Originate", &[]);
    ask(
        "Originate",
        &[("Channel", "Local/nosuch@default"), ("Application", "Wait")],
    );
    ask("WaitEvent", &[("Timeout", "1")]);
    ask("Challenge", &[("AuthType", "MD5")]);
    ask("Challenge", &[("AuthType", "none")]);
    let member = [("Queue", "empty"), ("Interface", "Local/110@default")];
    let paused = [
        ("Queue", "empty"),
        ("Interface", "Local/110@default"),
        ("Paused", "true"),
    ];
    ask("QueueAdd", &member);
    ask("QueueAdd", &member);
    ask("QueuePause", &paused);
    ask("QueueStatus", &[("Queue", "empty")]);
    ask("QueueSummary", &[("Queue", "empty")]);
    ask("QueueRemove", &member);
    ask("QueueRemove", &member);
    ask("NoSuchAction", &[]);
    ask(
        "Login",
        &[("Username", server.user), ("Secret", server.secret)],
    );
    ask("Logoff", &[]);
    said
}

/// Whether these are the same shapes. A server older than 22 may lack headers
/// that 22 has, but has no others, and the same order.
fn agree(server: &Server, ours: &[String], theirs: &[String]) -> bool {
    let fits = |(ours, theirs): (&String, &String)| {
        let mut words = ours.split(' ');
        theirs.split(' ').all(|word| words.any(|own| own == word))
    };
    match server.name.as_str() {
        "22" => ours == theirs,
        _ => ours.len() == theirs.len() && ours.iter().zip(theirs).all(fits),
    }
}

// Packet by packet: kind, name and headers, in order.
#[test]
fn the_simulator_answers_as_asterisk() {
    let ours = conversation(&servers()[0]);
    for server in real_servers_with(&["layout-of-22"]) {
        let theirs = conversation(&server);
        let mut wrong = Vec::new();
        for ((asked, ours), (_, theirs)) in ours.iter().zip(&theirs) {
            if !agree(&server, ours, theirs) {
                wrong.push(format!(
                    "{asked}\n  ours   {ours:#?}\n  {} {theirs:#?}",
                    server.name
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

// With a call up there is more to compare.
#[test]
fn the_simulator_shows_a_call_as_asterisk() {
    let seen = |server: &Server| {
        let mut client = Client::log_in(server, "call");
        let headers = [
            ("Channel", "Local/110@default"),
            ("Context", "default"),
            ("Exten", "110"),
            ("Priority", "1"),
            ("Async", "true"),
        ];
        client.ask("Originate", &headers);
        let at = client.wait_event("OriginateResponse");
        let mut shapes = vec![shape(&client.events[at])];
        let channel = client.events[at]
            .text("Channel")
            .expect("its channel")
            .terminal()
            .into_owned();
        let questions: [(&str, &[(&str, &str)]); 4] = [
            ("Status", &[("Channel", &channel)]),
            (
                "Getvar",
                &[("Channel", &channel), ("Variable", "CHANNEL(state)")],
            ),
            (
                "Setvar",
                &[("Channel", &channel), ("Variable", "X"), ("Value", "1")],
            ),
            ("Hangup", &[("Channel", &channel)]),
        ];
        let listed = client.ask("CoreShowChannels", &[]);
        let ours = |item: &&Packet| item.get("Channel").is_some_and(|c| c == channel.as_bytes());
        shapes.extend(listed.iter().find(ours).map(shape));
        for (name, headers) in questions {
            shapes.extend(client.ask(name, headers).iter().map(shape));
        }
        client.wait_event("Hangup");
        for name in [
            "Newchannel",
            "Newstate",
            "Newexten",
            "LocalBridge",
            "Hangup",
        ] {
            let event = client.events.iter().find(|event| event.is_event(name));
            shapes.extend(event.map(shape));
        }
        shapes
    };
    let ours = seen(&servers()[0]);
    for server in real_servers_with(&["layout-of-22"]) {
        let theirs = seen(&server);
        assert!(
            agree(&server, &ours, &theirs),
            "ours {ours:#?}\n{} {theirs:#?}",
            server.name
        );
    }
}

// The sequence of events of a real call is what users watch, in the demo and at
// work.
#[test]
fn a_call_is_originated_answered_and_hung_up() {
    for server in servers() {
        let mut client = Client::log_in(&server, "call");
        let headers = [
            ("Channel", "Local/100@default"),
            ("Context", "default"),
            ("Exten", "200"),
            ("Priority", "1"),
            ("Async", "true"),
        ];
        let queued = client.ask("Originate", &headers);
        assert_eq!(shape(&queued[0]), "Response Success: ActionID Message");
        let at = client.wait_event("OriginateResponse");
        let outcome = &client.events[at];
        assert_eq!(outcome.get("Response"), Some(&b"Success"[..]));
        assert_eq!(outcome.get("ActionID"), Some(&b"live-2"[..]));
        let channel = outcome.text("Channel").expect("its channel");
        let channel = channel.terminal().into_owned();
        let hung = client.ask("Hangup", &[("Channel", &channel)]);
        assert_eq!(hung[0].name(), b"Success");
        client.wait_event("Hangup");
        for name in ["Newchannel", "Newstate"] {
            let seen = client.events.iter().any(|event| event.is_event(name));
            assert!(seen, "{name} of {}", server.name);
        }
    }
}
