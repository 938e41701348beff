//! The events of Asterisk 22, with its header names, order and spelling.

use super::channel::Channel;
use crate::simulator::outbox::Event;
use crate::simulator::wire::Packet;

/// The headers with which a channel is described everywhere.
const SNAPSHOT: &str = "Channel ChannelState ChannelStateDesc CallerIDNum CallerIDName ConnectedLineNum \
                        ConnectedLineName Language AccountCode Context Exten Priority Uniqueid Linkedid";

pub(super) fn event(name: &str, classes: &str) -> Packet {
    Packet::event(name).header("Privilege", format!("{classes},all"))
}

/// Names and variables come C-escaped from Asterisk 13 on.
pub(in crate::simulator) fn escaped(value: &[u8]) -> String {
    String::from_utf8_lossy(value)
        .chars()
        .fold(String::new(), |mut text, char| {
            match char {
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                '"' | '\'' | '\\' | '?' => text.extend(['\\', char]),
                _ => text.push(char),
            }
            text
        })
}

/// What is known under the name of a header: the facts of an event, then what the channels tell, those with a prefix
/// under names that begin with it. `unknown` stands for a party without number or name.
pub(in crate::simulator) fn known(
    unknown: &str,
    channels: &[(&str, &Channel)],
    facts: &[(&str, impl AsRef<str>)],
) -> impl Fn(&str) -> String {
    move |name| {
        let of = |(prefix, channel): &(&str, &Channel)| channel.told(name.strip_prefix(prefix)?);
        let fact = facts
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_ref().to_owned());
        let value = fact.or_else(|| channels.iter().find_map(of));
        match value.unwrap_or_default() {
            value if value.is_empty() && is_party(name) => unknown.to_owned(),
            value => value,
        }
    }
}

fn is_party(name: &str) -> bool {
    name.contains("CallerID") || name.contains("ConnectedLine")
}

/// Describes a channel, each header with a prefix.
pub(in crate::simulator) fn snapshot(packet: Packet, prefix: &str, channel: &Channel) -> Packet {
    SNAPSHOT.split_whitespace().fold(packet, |packet, name| {
        let value = match channel.told(name).unwrap_or_default() {
            value if !is_party(name) => value,
            value if value.is_empty() => "<unknown>".into(),
            value => escaped(value.as_bytes()),
        };
        packet.header(&format!("{prefix}{name}"), value)
    })
}

/// What happened to channels, as an event. Those of 1.8 alone have none.
pub(super) fn happened(
    name: &str,
    channels: &[(&str, &Channel)],
    facts: &[(&str, &str)],
) -> Option<Event> {
    let classes = match name {
        "DialOver" | "Link" | "Unlink" | "NewAccountCode" => return None,
        "Newexten" | "VarSet" => "dialplan",
        "UserEvent" => "user",
        _ if name.starts_with("Agent") || name.starts_with("Queue") => "agent",
        _ => "call",
    };
    let own = match name {
        "Newexten" => "Extension Application AppData",
        "NewCallerid" => "CID-CallingPres",
        "LocalBridge" => "Context=LocalTwoContext Exten=LocalTwoExten LocalOptimization:Yes",
        _ => "",
    };
    let packet = channels
        .iter()
        .fold(event(name, classes), |packet, (prefix, channel)| {
            snapshot(packet, prefix, channel)
        });
    let packet = packet.listed(own, known("", channels, facts)).with(facts);
    Some(Event::new(classes, packet))
}
