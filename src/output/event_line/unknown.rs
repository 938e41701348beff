//! The line of an event that amish does not know.

use super::super::columns::cut;
use crate::ami::{Header, Packet};
use crate::peer_text::visible;

/// Possible subjects of an unknown event: the first that it has is used.
const SUBJECTS: [&str; 24] = [
    "UserEvent",
    "Queue",
    "Conference",
    "Channel",
    "Channel1",
    "TransfererChannel",
    "ParkeeChannel",
    "LocalOneChannel",
    "Peer",
    "EndpointName",
    "Endpoint",
    "AOR",
    "Device",
    "Agent",
    "Mailbox",
    "BridgeUniqueid",
    "AccountID",
    "ObjectName",
    "Presentity",
    "Exten",
    "Module",
    "Source",
    "Username",
    "SubEvent",
];

/// Headers that are never important.
const NOISE: [&str; 27] = [
    "Event",
    "Privilege",
    "Timestamp",
    "SequenceNumber",
    "File",
    "Line",
    "Func",
    "SystemName",
    "ActionID",
    "EventList",
    "Uniqueid",
    "Linkedid",
    "Language",
    "AccountCode",
    "ChannelState",
    "Tenantid",
    "Context",
    "Priority",
    "ChanVariable",
    "EventTV",
    "EventVersion",
    "SessionID",
    "SessionTV",
    "Severity",
    "CallerIDName",
    "ConnectedLineNum",
    "ConnectedLineName",
];

/// For an unknown event: the first header that looks like a subject, and the
/// first three that say something.
pub(super) fn event(packet: &Packet) -> (String, Vec<String>) {
    let says = |key: &&&str| packet.get(key).is_some_and(|value| !value.is_empty());
    let about = SUBJECTS.iter().find(says);
    let subject = about.and_then(|key| packet.get(key)).unwrap_or_default();
    let is_subject = |header: &Header<'_>| about.is_some_and(|key| header.is(key));
    let matters = |header: &Header<'_>| {
        !header.value.is_empty() && !NOISE.iter().any(|key| header.is(key)) && !is_subject(header)
    };
    let pair = |header: Header<'_>| {
        let (key, value) = (visible::text(header.key), visible::text(header.value));
        format!("{key}={}", cut(value.trim_end(), 48))
    };
    // A UserEvent from the dialplan begins with many headers about its channel;
    // those of its author come after its name.
    let own = about == Some(&"UserEvent");
    let headers = packet
        .headers()
        .skip_while(|header| own && !is_subject(header));
    let mut details: Vec<String> = headers.filter(matters).take(3).map(pair).collect();
    if let (true, Some(channel)) = (own, packet.get("Channel")) {
        details.push(visible::text(channel).into_owned());
    }
    (visible::text(subject).into_owned(), details)
}
