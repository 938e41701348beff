//! Replies for people: a list as one table a kind of item, everything else as
//! its status, its message and its headers.

pub use super::actions::{actions, explained};
use super::columns::{cut, width};
use super::kinds::{self, Column, Kind};
use super::separated::has;
use super::sheet::Sheet;
use super::unknown;
use super::{Fields, Look, Role, sanitize, words};
use crate::ami::{self, Ending, Packet, Reply, Status};
use crate::catalog::{Catalog, Listing};
use std::borrow::Cow;
use std::collections::HashMap;

/// Appends `reply`; of its items or its Response, `fields`.
pub fn reply(out: &mut Vec<u8>, reply: &Reply, fields: &Fields, look: &Look) {
    if output(out, reply, look) {
        return;
    }
    // What else came with a single Response (an OriginateResponse) is told in
    // words by whoever waited for it.
    let is_list = reply.ending != Ending::Response;
    if is_list {
        list(out, reply, fields, look);
    }
    if !is_list || reply.status() == Status::Error {
        response(out, reply, fields, look);
    }
}

/// Appends what a Command printed, as it would look on Asterisk's own console.
/// False where `reply` is not the answer to one.
pub fn output(out: &mut Vec<u8>, reply: &Reply, look: &Look) -> bool {
    let Some(lines) = reply.output() else {
        return false;
    };
    for line in lines {
        match look.terminal {
            true => out.extend_from_slice(sanitize::line(line).as_bytes()),
            false => out.extend_from_slice(line),
        }
        out.push(b'\n');
    }
    true
}

fn list(out: &mut Vec<u8>, reply: &Reply, fields: &Fields, look: &Look) {
    if reply.items.is_empty() && reply.status() != Status::Error {
        let completion = reply.completion.as_ref().map(|packet| packet.name());
        let name = String::from_utf8_lossy(completion.unwrap_or_default());
        let line = match kinds::none_of(&name) {
            Some(nouns) => format!("No {nouns}."),
            None => "The list is empty.".to_owned(),
        };
        end_line(out, &look.palette.paint(Role::Dim, &line));
    }
    for (i, (name, items)) in shown(groups(&reply.items), fields).iter().enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        let kind = kinds::of(&String::from_utf8_lossy(name));
        let nouns = kind.map_or(("item", "items"), |kind| kind.nouns);
        match (kind, fields) {
            _ if name.is_empty() => unknown::lines(out, items),
            (_, Fields::Named(names)) => unknown::named(out, items, names, nouns, look),
            (Some(kind), Fields::Chosen) => known(out, kind, items, look),
            (None, Fields::Chosen) => unknown::items(out, items, nouns, look),
            (_, Fields::All) => unknown::whole(out, items, nouns, look),
        }
    }
    if let Some(words) = broken(reply.ending) {
        end_line(out, &look.palette.paint(Role::Warning, words));
    }
}

/// What is to be said of a list that is not whole.
pub(super) fn broken(ending: Ending) -> Option<&'static str> {
    Some(match ending {
        Ending::Cancelled => "The server broke the list off here.",
        Ending::Cut => "The rest of the list did not come.",
        Ending::Full => "The list goes on; this is as much of it as is kept at once.",
        Ending::Overtaken => "The list ended here without saying so.",
        _ => return None,
    })
}

/// The items of each kind, by the first of each.
pub(super) fn groups(items: &[Packet]) -> Vec<(&[u8], Vec<&Packet>)> {
    let mut groups: Vec<(&[u8], Vec<&Packet>)> = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    for item in items {
        // Unframed text is of one kind, whatever its first line says.
        let kind: &[u8] = match item.kind() {
            ami::Kind::Unframed => b"",
            // Of a capture; whatever they say.
            ami::Kind::Response => b"Response",
            ami::Kind::Event => item.name(),
        };
        let place = *places
            .entry(kind.to_ascii_lowercase())
            .or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, items)) => items.push(item),
            None => groups.push((kind, vec![item])),
        }
    }
    groups
}

/// The kinds that have a table: those that have all of the fields, else those
/// that have any, else all. Who names headers of members does not want the
/// queues, though these have some of them.
pub(super) fn shown<'a>(
    mut kinds: Vec<(&'a [u8], Vec<&'a Packet>)>,
    fields: &Fields,
) -> Vec<(&'a [u8], Vec<&'a Packet>)> {
    let Some(names) = fields.named() else {
        return kinds;
    };
    let met = |items: &[&Packet]| {
        let has = |name: &&String| items.iter().any(|item| has(item, name));
        names.iter().filter(has).count()
    };
    let most = kinds.iter().map(|(_, items)| met(items)).max();
    let least = if most == Some(names.len()) {
        names.len()
    } else {
        1
    };
    if most.is_some_and(|most| most >= least) {
        kinds.retain(|(_, items)| met(items) >= least);
    }
    kinds
}

fn known(out: &mut Vec<u8>, kind: &Kind, items: &[&Packet], look: &Look) {
    let longest = (room(look) / 2).max(24);
    let row = |packet: &&Packet| -> Vec<String> {
        let texts = kind.columns.iter().map(|column| column.cell.text(packet));
        texts.map(|text| text.into_owned()).collect()
    };
    let mut rows: Vec<Vec<String>> = items.iter().map(row).collect();
    let used = |column: usize| {
        rows.iter()
            .any(|row| row.get(column).is_some_and(|text| !text.is_empty()))
    };
    // A column that is empty in every row says nothing.
    let used: Vec<bool> = (0..kind.columns.len()).map(used).collect();
    for row in &mut rows {
        let mut used = used.iter();
        row.retain(|_| used.next().is_some_and(|used| *used));
    }
    let columns: Vec<&Column> = kind
        .columns
        .iter()
        .zip(&used)
        .filter(|(_, used)| **used)
        .map(|(column, _)| column)
        .collect();
    let heads: Vec<(&str, bool)> = columns
        .iter()
        .map(|column| (column.heading, column.number))
        .collect();
    let footer = count(items.len(), kind.nouns);
    // One item, and something too long for a cell: all of it is worth more
    // than a row.
    if let [row] = &rows[..]
        && row.iter().any(|text| width(text) > longest)
    {
        let heads = heads.iter().map(|(head, _)| (*head).to_owned());
        return block(out, heads.zip(row.iter().cloned()), "", look);
    }
    for text in rows.iter_mut().flatten() {
        if let Cow::Owned(short) = cut(text, longest) {
            *text = short;
        }
    }
    Sheet::new(&heads, rows).write(out, &footer, room(look), look);
}

/// Headers that are the protocol's, not the item's.
pub(super) fn is_frame(header: &ami::Header<'_>) -> bool {
    ["Event", "ActionID", "Privilege", "EventList"]
        .iter()
        .any(|key| header.is(key))
}

fn response(out: &mut Vec<u8>, reply: &Reply, fields: &Fields, look: &Look) {
    let says = match (&reply.completion, &reply.response) {
        (Some(error), _) if reply.ending == Ending::Error => error,
        (_, Some(response)) => response,
        _ => return,
    };
    let listing = Listing::of(reply);
    // A value may speak of `(Priv: ` too; in ListCommands every one does.
    let is_listing = |header: ami::Header<'_>| {
        is_known(&header) || listing.get(&String::from_utf8_lossy(header.key)).is_some()
    };
    let is_chosen = *fields == Fields::Chosen;
    if is_chosen && !listing.is_empty() && says.headers().all(is_listing) {
        return actions(out, Catalog::with(listing).actions(), look);
    }
    let role = match Status::of(says) {
        Status::Error => Role::Error,
        _ => Role::Ok,
    };
    let status = sanitize::text(says.name());
    let message = reply.message().unwrap_or_default();
    let message = sanitize::text(message.as_bytes());
    let status = look.palette.paint(role, &status);
    end_line(out, &format!("{status}  {message}"));
    match fields {
        Fields::Chosen => headers(out, says, look),
        Fields::All => all_headers(out, says, look),
        Fields::Named(names) => {
            let named: Vec<_> = names.iter().flat_map(|name| says.all(name)).collect();
            block(
                out,
                named.iter().map(|header| texts(says, header)),
                "  ",
                look,
            );
        }
    }
}

fn is_known(header: &ami::Header<'_>) -> bool {
    header.is("Response") || header.is("Message") || is_frame(header)
}

pub(super) fn headers(out: &mut Vec<u8>, packet: &Packet, look: &Look) {
    let shown = packet.headers().filter(|header| !is_known(header));
    block(out, shown.map(|header| texts(packet, &header)), "  ", look);
    stray(out, packet);
}

/// The protocol's headers too.
pub(super) fn all_headers(out: &mut Vec<u8>, packet: &Packet, look: &Look) {
    let all = packet.headers().map(|header| texts(packet, &header));
    block(out, all, "  ", look);
    stray(out, packet);
}

fn stray(out: &mut Vec<u8>, packet: &Packet) {
    let lines = packet.stray_lines().map(sanitize::text);
    lines.for_each(|line| end_line(out, &format!("  {line}")));
}

/// A header's key and value as they are shown.
fn texts(packet: &Packet, header: &ami::Header<'_>) -> (String, String) {
    (
        sanitize::text(header.key).into_owned(),
        value(packet, header).into_owned(),
    )
}

/// The value of a header of `packet`, with words beside a number.
pub(super) fn value<'a>(packet: &Packet, header: &ami::Header<'a>) -> Cow<'a, str> {
    let text = sanitize::text(header.value.trim_ascii_end());
    match words::beside(packet, header) {
        Some(words) => Cow::Owned(format!("{text} {words}")),
        None => text,
    }
}

/// Keys and values, the values aligned. They are gone through twice and never
/// gathered: a packet may have millions.
fn block(
    out: &mut Vec<u8>,
    pairs: impl Iterator<Item = (String, String)> + Clone,
    indent: &str,
    look: &Look,
) {
    let widths = pairs.clone().map(|(key, _)| width(&key));
    // A key of a stranger may be very long; it alone is out of line then.
    let longest = widths.max().unwrap_or(0).min(32);
    for (key, value) in pairs {
        let blanks = " ".repeat(longest.saturating_sub(width(&key)));
        let key = look.palette.paint(Role::Key, &key);
        end_line(out, &format!("{indent}{key}{blanks}  {value}"));
    }
}

pub(super) fn count(items: usize, nouns: (&str, &str)) -> String {
    let (one, many) = nouns;
    match items {
        1 => format!("1 {one}"),
        _ => format!("{items} {many}"),
    }
}

/// The columns that text may take.
pub(super) fn room(look: &Look) -> usize {
    match look.terminal {
        true => look.width.max(20),
        // comfy-table counts columns in 16 bits.
        false => usize::from(u16::MAX / 2),
    }
}

pub(super) fn end_line(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(line.trim_end().as_bytes());
    out.push(b'\n');
}

#[cfg(test)]
mod tests;
