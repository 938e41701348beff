//! Lists to values. What a server sent stays as it is; whoever shows it makes
//! it safe.

pub(super) mod cli;

use super::Value;
use crate::ami::{Packet, Reply};
use std::collections::{BTreeMap, BTreeSet};

/// The state of a device, as queues report their members (`Status: 1`).
pub fn device(code: &str) -> Option<&'static str> {
    Some(match code {
        "0" => "unknown",
        "1" => "not in use",
        "2" => "in use",
        "3" => "busy",
        "4" => "invalid",
        "5" => "unavailable",
        "6" => "ringing",
        "7" => "ringing, in use",
        "8" => "on hold",
        _ => return None,
    })
}

pub(super) fn agents(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Agent", |item| {
        let state = text(item, "Status").to_ascii_lowercase();
        let state = state
            .trim_start_matches("agent_")
            .replace("logged", "logged ");
        join([text(item, "Name"), state])
    })
}

pub(super) fn aors(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "ObjectName", |item| {
        count(&text(item, "TotalContacts"), "contact").unwrap_or_default()
    })
}

pub(super) fn bridges(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "BridgeUniqueid", |item| {
        let channels = count(&text(item, "BridgeNumChannels"), "channel");
        join([text(item, "BridgeType"), channels.unwrap_or_default()])
    })
}

pub(super) fn bridge_technologies(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "BridgeTechnology", |item| {
        let suspended = text(item, "BridgeSuspended").eq_ignore_ascii_case("yes");
        let suspended = if suspended { "suspended" } else { "" };
        join([text(item, "BridgeType"), suspended.to_owned()])
    })
}

pub(super) fn callers(reply: &Reply) -> Vec<Value> {
    items(of(reply, "QueueEntry"), "Channel", |item| {
        let waits = text(item, "Wait");
        join([
            text(item, "CallerIDNum"),
            format!("position {}", text(item, "Position")),
            format!("waits {waits} s"),
        ])
    })
}

/// `Category-000000: name` in the Response.
pub(super) fn categories(reply: &Reply) -> Vec<Value> {
    let headers = reply.response.iter().flat_map(Packet::headers);
    let names = headers.filter(|header| {
        let head = header.key.get(..9);
        head.is_some_and(|head| head.eq_ignore_ascii_case(b"Category-"))
    });
    distinct(names.filter_map(|header| value(header.first_line(), String::new())))
}

/// CoreShowChannels, and Status before there was that.
pub(super) fn channels(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Channel", |item| {
        let state = first(item, &["ChannelStateDesc", "State"]);
        let application = match (text(item, "Application"), text(item, "ApplicationData")) {
            (name, _) if name.is_empty() => name,
            (name, data) => format!("{name}({data})"),
        };
        join([state, text(item, "CallerIDNum"), application])
    })
}

/// ConfBridge's, and MeetMe's.
pub(super) fn conferences(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Conference", |item| {
        let parties = text(item, "Parties");
        let parties = parties.trim_start_matches('0');
        let locked = text(item, "Locked").eq_ignore_ascii_case("yes");
        let locked = if locked { "locked" } else { "" };
        let parties = if parties.is_empty() { "0" } else { parties };
        join([
            count(parties, "participant").unwrap_or_default(),
            locked.to_owned(),
        ])
    })
}

pub(super) fn contexts(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Context", |_| String::new())
}

pub(super) fn dahdi_channels(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "DAHDIChannel", |item| {
        join([text(item, "SignallingCode"), text(item, "Signalling")])
    })
}

pub(super) fn devices(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Device", |item| small(&text(item, "State")))
}

pub(super) fn endpoints(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "ObjectName", |item| {
        let channels = text(item, "ActiveChannels");
        let channels = channels.split(',').filter(|name| !name.trim().is_empty());
        let channels = match channels.count() {
            0 => None,
            some => count(&some.to_string(), "channel"),
        };
        join([
            text(item, "DeviceState").to_lowercase(),
            channels.unwrap_or_default(),
        ])
    })
}

/// With what is done first.
pub(super) fn extensions(reply: &Reply) -> Vec<Value> {
    items(steps(reply), "Extension", step)
}

pub(super) fn priorities(reply: &Reply) -> Vec<Value> {
    items(steps(reply), "Priority", step)
}

/// Without the hints, which a call cannot go to.
fn steps(reply: &Reply) -> impl Iterator<Item = &Packet> {
    let items = reply.items.iter();
    items.filter(|item| text(item, "Priority") != "hint")
}

fn step(item: &Packet) -> String {
    match text(item, "Application") {
        name if name.is_empty() => name,
        name => format!("{name}({})", text(item, "AppData")),
    }
}

/// Of `/family/key` the families, with how many keys each has.
pub(super) fn families(reply: &Reply) -> Vec<Value> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for (path, _) in database(reply) {
        let family = path.trim_start_matches('/').split('/').next();
        let family = family.unwrap_or_default();
        match found.last_mut() {
            Some((last, count)) if last == family => *count += 1,
            _ => found.push((family.to_owned(), 1)),
        }
    }
    let about = |keys: usize| count(&keys.to_string(), "key").unwrap_or_default();
    distinct(
        found
            .into_iter()
            .filter_map(|(family, keys)| value(family.as_bytes(), about(keys))),
    )
}

/// Of `/family/key` the keys of this family, with their values.
pub(super) fn keys(reply: &Reply, family: &str) -> Vec<Value> {
    let key = |(path, holds): (String, String)| {
        let key = path.trim_start_matches('/').strip_prefix(family)?;
        value(key.strip_prefix('/')?.as_bytes(), holds)
    };
    distinct(database(reply).into_iter().filter_map(key))
}

/// Path and value, of DBGetTree or of `database show`.
fn database(reply: &Reply) -> Vec<(String, String)> {
    if let Some(shown) = cli::database(reply) {
        return shown;
    }
    let items = reply.items.iter();
    let both = items.map(|item| (text(item, "Key"), text(item, "Val")));
    both.filter(|(path, _)| path.starts_with('/')).collect()
}

pub(super) fn fax_sessions(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "SessionNumber", |item| {
        join([text(item, "Channel"), text(item, "State")])
    })
}

pub(super) fn hints(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Exten", |item| {
        let state = small(&text(item, "StatusText"));
        join([text(item, "Context"), text(item, "Hint"), state])
    })
}

pub(super) fn mailboxes(reply: &Reply) -> Vec<Value> {
    let boxes = reply.items.iter().filter_map(|item| {
        let name = text(item, "VoiceMailbox");
        let context = text(item, "VMContext");
        let whole = format!("{name}@{context}");
        let new = text(item, "NewMessageCount");
        let about = join([text(item, "Fullname"), format!("{new} new")]);
        value(whole.as_bytes(), about).filter(|_| !name.is_empty())
    });
    distinct(boxes)
}

pub(super) fn members(reply: &Reply) -> Vec<Value> {
    let members = of(reply, "QueueMember");
    let about = |item: &Packet| {
        let status = text(item, "Status");
        let paused = text(item, "Paused") == "1";
        join([
            text(item, "Name"),
            device(&status).unwrap_or_default().to_owned(),
            if paused { "paused" } else { "" }.to_owned(),
        ])
    };
    let members = members.into_iter();
    distinct(members.filter_map(|item| {
        let interface = first(item, &["Interface", "Location"]);
        value(interface.as_bytes(), about(item))
    }))
}

pub(super) fn parked_calls(reply: &Reply) -> Vec<Value> {
    let calls = reply.items.iter().filter_map(|item| {
        let space = first(item, &["ParkingSpace", "Exten"]);
        let channel = first(item, &["ParkeeChannel", "Channel"]);
        let lot = first(item, &["Parkinglot", "ParkingLot"]);
        value(space.as_bytes(), join([channel, lot]))
    });
    distinct(calls)
}

pub(super) fn parking_lots(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Name", |item| {
        let (start, stop) = (text(item, "StartSpace"), text(item, "StopSpace"));
        format!("{start} to {stop}")
    })
}

pub(super) fn participants(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Channel", |item| {
        let muted = text(item, "Muted").eq_ignore_ascii_case("yes");
        let muted = if muted { "muted" } else { "" };
        join([text(item, "CallerIDNum"), muted.to_owned()])
    })
}

/// chan_sip's and chan_iax2's.
pub(super) fn peers(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "ObjectName", |item| {
        let address = first(item, &["IPaddress", "IPAddress"]);
        let unknown = ["(null)", "-none-"].contains(&address.as_str());
        let address = if unknown { String::new() } else { address };
        join([small(&text(item, "Status")), address])
    })
}

pub(super) fn presence_states(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Presentity", |item| {
        join([text(item, "Status"), text(item, "Message")])
    })
}

pub(super) fn queues(reply: &Reply) -> Vec<Value> {
    let mut members: BTreeMap<String, usize> = BTreeMap::new();
    for member in of(reply, "QueueMember") {
        *members.entry(text(member, "Queue")).or_default() += 1;
    }
    items(of(reply, "QueueParams"), "Queue", |item| {
        let members = members.get(&text(item, "Queue")).unwrap_or(&0);
        let members = count(&members.to_string(), "member").unwrap_or_default();
        join([members, format!("{} waiting", text(item, "Calls"))])
    })
}

pub(super) fn registrations(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "ObjectName", |item| {
        small(&text(item, "Status"))
    })
}

/// The header `key` of each of these packets, with what `about` says of it.
fn items<'a>(
    packets: impl IntoIterator<Item = &'a Packet>,
    key: &str,
    about: impl Fn(&Packet) -> String,
) -> Vec<Value> {
    let packets = packets.into_iter();
    let values = packets.filter_map(|item| value(item.get(key)?, about(item)));
    distinct(values)
}

fn of<'a>(reply: &'a Reply, event: &str) -> Vec<&'a Packet> {
    let items = reply.items.iter();
    items.filter(|item| item.is_event(event)).collect()
}

/// None for what cannot be typed, and for nothing at all.
fn value(bytes: &[u8], about: String) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_typed = !text.is_empty() && !text.chars().any(char::is_control);
    is_typed.then(|| Value {
        text: text.to_owned(),
        about,
    })
}

/// The first of each name.
fn distinct(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    values
        .filter(|value| seen.insert(value.text.clone()))
        .collect()
}

fn text(item: &Packet, key: &str) -> String {
    item.text(key).unwrap_or_default().into_owned()
}

/// The first of these headers that says something.
fn first(item: &Packet, keys: &[&str]) -> String {
    let mut all = keys.iter().map(|key| text(item, key));
    all.find(|text| !text.is_empty()).unwrap_or_default()
}

/// `AGENT_IDLE`, `NOT_INUSE` as people write.
fn small(state: &str) -> String {
    let words = state.to_ascii_lowercase().replace('_', " ");
    words.replace("inuse", "in use")
}

fn count(number: &str, of: &str) -> Option<String> {
    let number: usize = number.trim().parse().ok()?;
    let many = if number == 1 { "" } else { "s" };
    Some(format!("{number} {of}{many}"))
}

/// What is known of it, in a row.
fn join<const N: usize>(parts: [String; N]) -> String {
    let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    known.join(", ")
}
