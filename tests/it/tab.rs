//! What Tab offers at the prompt, compared with what the server tells another
//! client at the same moment.

mod cli;
mod measured;
mod prompt;
mod slow;

use crate::live::Client;
use crate::servers::{Server, Spawned, servers, spawn, spawnable};
use amish::ami::Packet;
use prompt::Shell;

/// Servers without other clients: the simulator, and a separate one of each
/// real server. They live as long as the returned values.
fn servers_of_our_own() -> impl Iterator<Item = (Server, Option<Spawned>)> {
    let simulated = servers().into_iter().filter(|server| !server.is_real());
    let spawned = spawnable(&["lists-of-today"]).into_iter().map(|server| {
        let own = spawn(&server.name);
        (own.server(), Some(own))
    });
    simulated.map(|server| (server, None)).chain(spawned)
}

/// `key` of each item of the list that `action` returns.
fn listed(client: &mut Client, action: &[&str], event: &str, key: &str) -> Vec<String> {
    let headers: Vec<(&str, &str)> = action[1..]
        .iter()
        .map(|header| header.split_once('=').expect("a header"))
        .collect();
    let answer = client.ask(action[0], &headers);
    let is_item = |packet: &&Packet| packet.is_event(event);
    let values = answer.iter().filter(is_item);
    let mut names: Vec<String> = Vec::new();
    for value in values.filter_map(|item| item.text(key)) {
        let value = value.terminal();
        if !names.iter().any(|name| *name == value) {
            names.push(value.into_owned());
        }
    }
    assert!(!names.is_empty(), "{action:?} lists nothing to offer");
    names
}

/// Line, question, event and header.
type Row<'a> = (&'a str, &'a [&'a str], &'a str, &'a str);

const CHANNELS: &[&str] = &["CoreShowChannels"];
const QUEUES: &[&str] = &["QueueStatus"];
const SUPPORT: &[&str] = &["QueueStatus", "Queue=support"];
const PARKING: &[&str] = &["ShowDialPlan", "Context=parkedcalls"];

#[rustfmt::skip]
const EVERYWHERE: &[Row<'_>] = &[
    ("QueueStatus Queue=", QUEUES, "QueueParams", "Queue"),
    ("QueueSummary Queue=", QUEUES, "QueueParams", "Queue"),
    ("QueueReset Queue=", QUEUES, "QueueParams", "Queue"),
    ("QueueAdd Interface=x Queue=", QUEUES, "QueueParams", "Queue"),
    ("QueueRemove Queue=support Interface=", SUPPORT, "QueueMember", "Location"),
    ("QueuePause Queue=support Interface=", SUPPORT, "QueueMember", "Location"),
    ("QueuePause Interface=", QUEUES, "QueueMember", "Location"),
    ("QueueStatus Queue=support Member=", SUPPORT, "QueueMember", "Location"),
    ("Hangup Channel=", CHANNELS, "CoreShowChannel", "Channel"),
    ("Status Channel=", CHANNELS, "CoreShowChannel", "Channel"),
    ("Setvar Variable=x Channel=", CHANNELS, "CoreShowChannel", "Channel"),
    ("Getvar Channel=", CHANNELS, "CoreShowChannel", "Channel"),
];

/// Things that the built-in PBX does not have.
#[rustfmt::skip]
const ON_A_REAL_SERVER: &[Row<'_>] = &[
    ("Redirect Channel=", CHANNELS, "CoreShowChannel", "Channel"),
    ("Park Channel=", CHANNELS, "CoreShowChannel", "Channel"),
    ("MixMonitor Channel=", CHANNELS, "CoreShowChannel", "Channel"),
    ("AgentLogoff Agent=", &["Agents"], "Agents", "Agent"),
    ("Park Parkinglot=", &["Parkinglots"], "Parkinglot", "Name"),
    ("BridgeTechnologySuspend BridgeTechnology=", &["BridgeTechnologyList"], "BridgeTechnologyListItem", "BridgeTechnology"),
    ("Redirect Context=parkedcalls Exten=", PARKING, "ListDialplan", "Extension"),
    ("ShowDialPlan Context=parkedcalls Extension=", PARKING, "ListDialplan", "Extension"),
    ("ExtensionState Context=default Exten=", &["ExtensionStateList"], "ExtensionStatus", "Exten"),
    ("PJSIPShowEndpoint Endpoint=", &["PJSIPShowEndpoints"], "EndpointList", "ObjectName"),
    ("PJSIPQualify Endpoint=", &["PJSIPShowEndpoints"], "EndpointList", "ObjectName"),
    ("PJSIPNotify Endpoint=", &["PJSIPShowEndpoints"], "EndpointList", "ObjectName"),
];

// Completion offers what is on the server now.
#[test]
fn what_is_on_the_server_is_offered() {
    for (server, real) in servers_of_our_own() {
        let mut client = Client::log_in(&server, "off");
        call(&mut client, &server);
        let mut shell = Shell::on(&server);
        let mut holds = |client: &mut Client, rows: &[Row<'_>]| {
            for (line, action, event, key) in rows {
                shell.offers(line, || listed(client, action, event, key));
            }
        };
        holds(&mut client, EVERYWHERE);
        if let Some(server) = real {
            furnish(&mut client, &server);
            holds(&mut client, ON_A_REAL_SERVER);
            shell.offers("DBGet Family=tab Key=", || {
                ["one", "two"].map(str::to_owned).to_vec()
            });
        }
    }
}

const PHONES: &str = "\n[alice]\ntype = endpoint\naors = alice\n\n[alice]\ntype = aor\n\n\
    [bob]\ntype = endpoint\naors = bob\n\n[bob]\ntype = aor\nmax_contacts = 1\n";

/// Adds phones and database keys: what was just added is what users type next.
fn furnish(client: &mut Client, server: &Spawned) {
    for key in ["one", "two"] {
        let entry = [("Family", "tab"), ("Key", key), ("Val", "x")];
        client.ask("DBPut", &entry);
    }
    let file = server.folder().join("pjsip.conf");
    let before = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, before + PHONES).unwrap();
    server.cli("module reload res_pjsip.so");
}

/// A channel of our own, which stays.
fn call(client: &mut Client, server: &Server) {
    let headers = [
        ("Channel", "Local/110@default"),
        ("Application", "Wait"),
        ("Data", "60"),
        ("Async", "true"),
    ];
    let answer = client.ask("Originate", &headers);
    assert_eq!(answer[0].name(), b"Success", "{} calls", server.name);
}
