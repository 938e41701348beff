//! What is shown of kinds that nothing is known of.

use super::columns::{cut, width};
use super::kinds::Nouns;
use super::sheet::Sheet;
use super::table::{all_headers, count, end_line, headers, is_frame, room, value};
use super::{Look, Role, sanitize};
use crate::ami::{Header, Packet};

/// What an unknown event may be about: the first of these that it has.
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

/// Headers that never are what matters.
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

/// More columns than any terminal has room for.
const MOST_COLUMNS: usize = 64;

/// Items of a list: as a table of every header that is not empty in every one,
/// or packet by packet where that does not fit.
pub(super) fn items(out: &mut Vec<u8>, items: &[&Packet], nouns: Nouns, look: &Look) {
    let says = |header: &Header<'_>| !header.value.is_empty() && !is_frame(header);
    if !fits(out, items, says, nouns, look) {
        each(out, items, look, |out, packet| headers(out, packet, look));
    }
}

/// The same with every header there is.
pub(super) fn whole(out: &mut Vec<u8>, items: &[&Packet], nouns: Nouns, look: &Look) {
    if !fits(out, items, |_| true, nouns, look) {
        each(out, items, look, |out, packet| {
            all_headers(out, packet, look)
        });
    }
}

/// The headers of these names as a table, whatever fits of it.
pub(super) fn named(
    out: &mut Vec<u8>,
    items: &[&Packet],
    names: &[String],
    nouns: Nouns,
    look: &Look,
) {
    let keys: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    let footer = count(items.len(), nouns);
    sheet(items, &keys).write(out, &footer, room(look), look);
}

/// A table of the headers that `says` something of, if that fits.
fn fits(
    out: &mut Vec<u8>,
    items: &[&Packet],
    says: impl Fn(&Header<'_>) -> bool,
    nouns: Nouns,
    look: &Look,
) -> bool {
    let mut keys: Vec<&[u8]> = Vec::new();
    for header in items.iter().flat_map(|packet| packet.headers()) {
        let met = || keys.iter().any(|key| header.key.eq_ignore_ascii_case(key));
        if says(&header) && keys.len() <= MOST_COLUMNS && !met() {
            keys.push(header.key);
        }
    }
    // Building rows of a list that cannot fit would be for nothing.
    let heads = keys.iter().map(|key| width(&sanitize::text(key)) + 2);
    if heads.sum::<usize>() > room(look) + 2 || !(1..=MOST_COLUMNS).contains(&keys.len()) {
        return false;
    }
    let sheet = sheet(items, &keys);
    let fits = sheet.fits(room(look));
    if fits {
        sheet.write(out, &count(items.len(), nouns), room(look), look);
    }
    fits
}

fn sheet(items: &[&Packet], keys: &[&[u8]]) -> Sheet {
    let cell = |packet: &Packet, key: &[u8]| {
        let values = packet
            .headers()
            .filter(|header| header.key.eq_ignore_ascii_case(key));
        let texts: Vec<_> = values.map(|header| value(packet, &header)).collect();
        texts.join(", ")
    };
    let rows = items
        .iter()
        .map(|packet| keys.iter().map(|key| cell(packet, key)).collect());
    let heads: Vec<_> = keys.iter().map(|key| sanitize::text(key)).collect();
    let heads: Vec<(&str, bool)> = heads.iter().map(|head| (&**head, false)).collect();
    Sheet::new(&heads, rows.collect())
}

/// One after the other, each below its name.
fn each(out: &mut Vec<u8>, items: &[&Packet], look: &Look, show: impl Fn(&mut Vec<u8>, &Packet)) {
    for (i, packet) in items.iter().enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        let name = sanitize::text(packet.name());
        end_line(out, &look.palette.paint(Role::Event, &name));
        show(out, packet);
    }
}

/// Text without any header, such as the table of IAXnetstats, as it is.
pub(super) fn lines(out: &mut Vec<u8>, items: &[&Packet]) {
    for line in items.iter().flat_map(|packet| packet.lines()) {
        end_line(out, &sanitize::line(line));
    }
}

/// For events that nothing is known of: the first header that looks like a
/// subject, and the first three that say something.
pub(super) fn event(packet: &Packet) -> (String, Vec<String>) {
    let says = |key: &&&str| packet.get(key).is_some_and(|value| !value.is_empty());
    let about = SUBJECTS.iter().find(says);
    let subject = about.and_then(|key| packet.get(key)).unwrap_or_default();
    let is_subject = |header: &Header<'_>| about.is_some_and(|key| header.is(key));
    let matters = |header: &Header<'_>| {
        !header.value.is_empty() && !NOISE.iter().any(|key| header.is(key)) && !is_subject(header)
    };
    let pair = |header: Header<'_>| {
        let (key, value) = (sanitize::text(header.key), sanitize::text(header.value));
        format!("{key}={}", cut(value.trim_end(), 48))
    };
    // A UserEvent from the dialplan begins with all about its channel; what
    // its author wrote comes after its name.
    let own = about == Some(&"UserEvent");
    let headers = packet
        .headers()
        .skip_while(|header| own && !is_subject(header));
    let mut details: Vec<String> = headers.filter(matters).take(3).map(pair).collect();
    if let (true, Some(channel)) = (own, packet.get("Channel")) {
        details.push(sanitize::text(channel).into_owned());
    }
    (sanitize::text(subject).into_owned(), details)
}
