//! The Actions that people try first on the built-in PBX: their answers and
//! events, beside those of every real server named in AMISH_TEST_SERVERS. What
//! is learned on the one must be true on the other.

use crate::live::{Client, shape};
use crate::servers::{Server, real_servers_with, servers};
use amish::ami::Packet;

/// An Action with its headers. `{}` stands for a channel that is up.
type Asked = (&'static str, &'static [(&'static str, &'static str)]);

/// What can be asked where nothing happens.
const IDLE: &[Asked] = &[
    ("AGI", &[]),
    ("AGI", &[("Channel", "nosuch/1"), ("Command", "ANSWER")]),
    ("Atxfer", &[]),
    ("Atxfer", &[("Channel", "nosuch/1")]),
    ("Atxfer", &[("Channel", "nosuch/1"), ("Exten", "110")]),
    ("BlindTransfer", &[]),
    ("BlindTransfer", &[("Channel", "nosuch/1")]),
    (
        "BlindTransfer",
        &[("Channel", "nosuch/1"), ("Exten", "110")],
    ),
    ("CancelAtxfer", &[("Channel", "nosuch/1")]),
    ("ConfbridgeKick", &[]),
    ("ConfbridgeList", &[]),
    ("ConfbridgeMute", &[]),
    ("DeviceStateList", &[]),
    ("ExtensionState", &[]),
    (
        "ExtensionState",
        &[("Exten", "nosuch"), ("Context", "default")],
    ),
    ("ExtensionStateList", &[]),
    ("MailboxCount", &[]),
    ("MailboxCount", &[("Mailbox", "101@default")]),
    ("MailboxStatus", &[]),
    ("MailboxStatus", &[("Mailbox", "101@default")]),
    ("MixMonitor", &[]),
    ("MixMonitor", &[("Channel", "nosuch/1")]),
    ("MuteAudio", &[]),
    ("MuteAudio", &[("Channel", "nosuch/1")]),
    ("MuteAudio", &[("Channel", "nosuch/1"), ("State", "on")]),
    ("PJSIPShowEndpoint", &[]),
    ("PJSIPShowEndpoint", &[("Endpoint", "nosuch")]),
    ("Park", &[]),
    ("Park", &[("Channel", "nosuch/1")]),
    ("ParkedCalls", &[("ParkingLot", "nosuch")]),
    ("Parkinglots", &[]),
    ("PlayDTMF", &[]),
    ("PlayDTMF", &[("Channel", "nosuch/1"), ("Digit", "1")]),
    ("PresenceState", &[]),
    ("PresenceState", &[("Provider", "CustomPresence:amish")]),
    ("PresenceState", &[("Provider", "nosuch:amish")]),
    ("Redirect", &[]),
    ("Redirect", &[("Channel", "nosuch/1")]),
    (
        "Redirect",
        &[("Channel", "nosuch/1"), ("Context", "default")],
    ),
    (
        "Redirect",
        &[
            ("Channel", "nosuch/1"),
            ("Context", "default"),
            ("Exten", "110"),
            ("Priority", "x"),
        ],
    ),
    (
        "Redirect",
        &[
            ("Channel", "nosuch/1"),
            ("Context", "default"),
            ("Exten", "110"),
            ("Priority", "1"),
        ],
    ),
    ("ShowDialPlan", &[("Context", "nosuch")]),
    ("ShowDialPlan", &[("Extension", "nosuch")]),
    (
        "ShowDialPlan",
        &[("Context", "default"), ("Extension", "100")],
    ),
    ("StopMixMonitor", &[]),
    ("StopMixMonitor", &[("Channel", "nosuch/1")]),
];

/// What can be asked of a channel that is up and in no call with another.
const ALONE: &[Asked] = &[
    ("AGI", &[("Channel", "{}"), ("Command", "ANSWER")]),
    ("Atxfer", &[("Channel", "{}"), ("Exten", "110")]),
    ("BlindTransfer", &[("Channel", "{}"), ("Exten", "110")]),
    ("MixMonitor", &[("Channel", "{}")]),
    (
        "MixMonitor",
        &[("Channel", "{}"), ("File", "amish-test.wav")],
    ),
    (
        "MixMonitor",
        &[
            ("Channel", "{}"),
            ("File", "amish-test.wav"),
            ("Options", "i(ID)"),
        ],
    ),
    ("StopMixMonitor", &[("Channel", "{}")]),
    ("StopMixMonitor", &[("Channel", "{}")]),
    ("StopMixMonitor", &[("Channel", "{}")]),
    ("PlayDTMF", &[("Channel", "{}")]),
    ("PlayDTMF", &[("Channel", "{}"), ("Digit", "5")]),
    (
        "PlayDTMF",
        &[("Channel", "{}"), ("Digit", "5"), ("Duration", "x")],
    ),
    (
        "MuteAudio",
        &[("Channel", "{}"), ("State", "on"), ("Direction", "in")],
    ),
    (
        "MuteAudio",
        &[("Channel", "{}"), ("State", "on"), ("Direction", "up")],
    ),
    ("Park", &[("Channel", "{}"), ("Timeout", "x")]),
    ("Park", &[("Channel", "{}"), ("Parkinglot", "nosuch")]),
    ("Park", &[("Channel", "{}"), ("Timeout", "60000")]),
    ("ParkedCalls", &[]),
    (
        "Redirect",
        &[
            ("Channel", "{}"),
            ("Context", "default"),
            ("Exten", "110"),
            ("Priority", "1"),
        ],
    ),
];

/// What can be asked once it is in the conference.
const SEATED: &[Asked] = &[
    ("ConfbridgeList", &[("Conference", "4711")]),
    ("ConfbridgeList", &[("Conference", "nosuch")]),
    ("ConfbridgeListRooms", &[]),
    (
        "ConfbridgeMute",
        &[("Conference", "4711"), ("Channel", "{}")],
    ),
    (
        "ConfbridgeUnmute",
        &[("Conference", "4711"), ("Channel", "{}")],
    ),
    (
        "ConfbridgeMute",
        &[("Conference", "4711"), ("Channel", "nosuch")],
    ),
    (
        "ConfbridgeKick",
        &[("Conference", "4711"), ("Channel", "nosuch")],
    ),
    (
        "ConfbridgeKick",
        &[("Conference", "4711"), ("Channel", "{}")],
    ),
];

/// The events of all that, each of which has a shape of its own.
const EVENTS: [&str; 12] = [
    "BlindTransfer",
    "ConfbridgeEnd",
    "ConfbridgeJoin",
    "ConfbridgeLeave",
    "ConfbridgeMute",
    "ConfbridgeStart",
    "ConfbridgeUnmute",
    "DTMFEnd",
    "MixMonitorStart",
    "MixMonitorStop",
    "ParkedCall",
    "ParkedCallGiveUp",
];

/// The kind and headers of a packet, and its message, where it is no name.
fn told(packet: &Packet) -> String {
    let message = packet
        .text("Message")
        .map(|text| text.terminal().into_owned());
    let message = message.unwrap_or_default();
    format!("{} {message}", shape(packet))
}

/// What this server answers to each, without what repeats itself.
fn asked(client: &mut Client, channel: &str, all: &[Asked]) -> Vec<(String, Vec<String>)> {
    let mut said = Vec::new();
    for (name, headers) in all {
        let put =
            |(key, value): &(&'static str, &'static str)| (*key, value.replace("{}", channel));
        let own: Vec<(&str, String)> = headers.iter().map(put).collect();
        let own: Vec<(&str, &str)> = own.iter().map(|(key, value)| (*key, &value[..])).collect();
        let told = |packet: &Packet| told(packet).replace(channel, "{}");
        let mut answer: Vec<String> = client.ask(name, &own).iter().map(told).collect();
        answer.sort();
        answer.dedup();
        said.push((format!("{name} {headers:?}"), answer));
    }
    said
}

/// The channel of a call that is up.
fn originate(client: &mut Client, call: &[(&str, &str)]) -> String {
    client.ask("Originate", call);
    let at = client.wait_event("OriginateResponse");
    let answered = client.events.remove(at);
    let channel = answered.text("Channel").expect("its channel");
    channel.terminal().into_owned()
}

/// All of it on one server, the events last.
fn conversation(server: &Server) -> Vec<(String, Vec<String>)> {
    let mut client = Client::log_in(server, "call,dtmf");
    let mut said = asked(&mut client, "nosuch/1", IDLE);
    let call = [
        ("Channel", "Local/110@default/n"),
        ("Context", "default"),
        ("Exten", "110"),
        ("Priority", "1"),
        ("Async", "true"),
    ];
    let channel = originate(&mut client, &call);
    said.extend(asked(&mut client, &channel, ALONE));
    client.ask("Hangup", &[("Channel", &channel)]);
    // Room 800 of the real ones is other tests'.
    let join = [
        ("Channel", "Local/110@default/n"),
        ("Application", "ConfBridge"),
        ("Data", "4711"),
        ("Async", "true"),
    ];
    let channel = originate(&mut client, &join);
    client.wait_event("ConfbridgeJoin");
    said.extend(asked(&mut client, &channel, SEATED));
    for name in EVENTS {
        let at = client.wait_event(name);
        said.push((name.to_owned(), vec![shape(&client.events[at])]));
    }
    said
}

// What is learned here is typed into a real server tomorrow: the same headers
// in the same order, the same ends of lists, the same words for the same
// mistakes.
#[test]
fn the_built_in_pbx_answers_as_22_does() {
    let ours = conversation(&servers()[0]);
    for server in real_servers_with(&["layout-of-22"]) {
        // The answers of older ones lack headers here and there.
        if server.lacks("answers-of-22").is_some() {
            continue;
        }
        let theirs = conversation(&server);
        let pairs = ours.iter().zip(&theirs);
        let other = pairs.filter(|(ours, theirs)| ours != theirs);
        let other: Vec<String> = other
            .map(|((asked, ours), (_, theirs))| {
                format!("{asked}\n  ours {ours:#?}\n  {} {theirs:#?}", server.name)
            })
            .collect();
        assert!(other.is_empty(), "{}", other.join("\n"));
    }
}

// A list without items would teach nothing.
#[test]
fn the_office_has_something_for_every_list() {
    let servers = servers();
    let mut client = Client::log_in(&servers[0], "off");
    for (name, items) in [
        ("DeviceStateList", 9),
        ("ExtensionStateList", 6),
        ("PJSIPShowAors", 5),
        ("PJSIPShowContacts", 5),
        ("PJSIPShowEndpoints", 5),
        ("Parkinglots", 1),
        ("PresenceStateList", 1),
        ("PJSIPShowRegistrationsOutbound", 2),
        ("VoicemailUsersList", 5),
    ] {
        let answer = client.ask(name, &[]);
        // Response, items, end.
        assert_eq!(answer.len(), items + 2, "{name}: {answer:?}");
    }
    let endpoint = client.ask("PJSIPShowEndpoint", &[("Endpoint", "101")]);
    let told: Vec<&[u8]> = endpoint.iter().map(Packet::name).collect();
    let wanted = [
        &b"Success"[..],
        b"EndpointDetail",
        b"AuthDetail",
        b"AorDetail",
        b"ContactStatusDetail",
        b"EndpointDetailComplete",
    ];
    assert_eq!(told, wanted);
}
