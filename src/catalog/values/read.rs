//! Reads values from lists. The server's text is kept as it is; showing it
//! safely is up to the caller.

pub(super) mod cli;

use super::bounds::{distinct, value};
use super::kind::Value;
use crate::ami::{Packet, Reply};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The state of a device by its number, as in queue members (`Status: 1`).
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

pub(super) fn callers(reply: &Reply) -> Vec<Value> {
    items(of(reply, "QueueEntry"), "Channel", |item| {
        let position = [b"position ", text(item, "Position")].concat();
        let waits = [b"waits ", text(item, "Wait"), b" s"].concat();
        join(&[text(item, "CallerIDNum"), &position, &waits])
    })
}

/// `Category-000000: name` in the Response.
pub(super) fn categories(reply: &Reply) -> Vec<Value> {
    let headers = reply.response.iter().flat_map(Packet::headers);
    let names = headers.filter(|header| {
        let head = header.key.get(..9);
        head.is_some_and(|head| head.eq_ignore_ascii_case(b"Category-"))
    });
    distinct(names.filter_map(|header| value(header.first_line(), b"")))
}

pub(super) fn endpoints(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "ObjectName", |item| {
        let channels = text(item, "ActiveChannels");
        let channels = channels.split(|byte| *byte == b',');
        let channels = match channels
            .filter(|name| !name.trim_ascii().is_empty())
            .count()
        {
            0 => Vec::new(),
            some => count(some.to_string().as_bytes(), "channel"),
        };
        let state = text(item, "DeviceState").to_ascii_lowercase();
        join(&[&state, &channels])
    })
}

/// With the first application of each.
pub(super) fn extensions(reply: &Reply) -> Vec<Value> {
    items(steps(reply), "Extension", step)
}

pub(super) fn priorities(reply: &Reply) -> Vec<Value> {
    items(steps(reply), "Priority", step)
}

/// Without hints, which cannot be called.
fn steps(reply: &Reply) -> impl Iterator<Item = &Packet> {
    let items = reply.items.iter();
    items.filter(|item| text(item, "Priority") != b"hint")
}

fn step(item: &Packet) -> Vec<u8> {
    called(item, "Application", "AppData")
}

/// `Application(data)`.
fn called(item: &Packet, name: &str, data: &str) -> Vec<u8> {
    match text(item, name) {
        b"" => Vec::new(),
        name => [name, b"(", text(item, data), b")"].concat(),
    }
}

/// From `/family/key` the families, with their numbers of keys.
pub(super) fn families(reply: &Reply) -> Vec<Value> {
    let mut found: Vec<(&[u8], usize)> = Vec::new();
    for (path, _) in database(reply) {
        let family = path.split(|byte| *byte == b'/').next();
        let family = family.unwrap_or_default();
        match found.last_mut() {
            Some((last, count)) if *last == family => *count += 1,
            _ => found.push((family, 1)),
        }
    }
    let about = |keys: usize| count(keys.to_string().as_bytes(), "key");
    let families = found.into_iter();
    distinct(families.filter_map(|(family, keys)| value(family, &about(keys))))
}

/// From `/family/key` the keys of this family, with their values.
pub(super) fn keys(reply: &Reply, family: &str) -> Vec<Value> {
    let database = database(reply).into_iter();
    distinct(database.filter_map(|(path, holds)| {
        let key = path.strip_prefix(family.as_bytes())?;
        value(key.strip_prefix(b"/")?, holds)
    }))
}

/// Paths without the first slash, and values, of DBGetTree or `database show`.
fn database(reply: &Reply) -> Vec<(&[u8], &[u8])> {
    if let Some(shown) = cli::database(reply) {
        return shown;
    }
    let items = reply.items.iter();
    let both = items.map(|item| (text(item, "Key"), text(item, "Val")));
    both.filter_map(|(path, holds)| Some((path.strip_prefix(b"/")?, holds)))
        .collect()
}

pub(super) fn mailboxes(reply: &Reply) -> Vec<Value> {
    let boxes = reply.items.iter().filter_map(|item| {
        let name = text(item, "VoiceMailbox");
        let context = text(item, "VMContext");
        let whole = [name, b"@", context].concat();
        let new = [text(item, "NewMessageCount"), b" new"].concat();
        let about = join(&[text(item, "Fullname"), &new]);
        value(&whole, &about).filter(|_| !name.is_empty())
    });
    distinct(boxes)
}

pub(super) fn members(reply: &Reply) -> Vec<Value> {
    distinct(of(reply, "QueueMember").filter_map(|item| {
        let state = std::str::from_utf8(text(item, "Status")).ok();
        let state = state.and_then(device).unwrap_or_default().as_bytes();
        let paused: &[u8] = match text(item, "Paused") {
            b"1" => b"paused",
            _ => b"",
        };
        let about = join(&[text(item, "Name"), state, paused]);
        value(first(item, "Interface|Location"), &about)
    }))
}

pub(super) fn parking_lots(reply: &Reply) -> Vec<Value> {
    items(&reply.items, "Name", |item| {
        let (start, stop) = (text(item, "StartSpace"), text(item, "StopSpace"));
        [start, b" to ", stop].concat()
    })
}

pub(super) fn queues(reply: &Reply) -> Vec<Value> {
    let mut members: BTreeMap<&[u8], usize> = BTreeMap::new();
    for member in of(reply, "QueueMember") {
        *members.entry(text(member, "Queue")).or_default() += 1;
    }
    items(of(reply, "QueueParams"), "Queue", |item| {
        let members = members.get(text(item, "Queue")).unwrap_or(&0);
        let members = count(members.to_string().as_bytes(), "member");
        join(&[&members, &[text(item, "Calls"), b" waiting"].concat()])
    })
}

/// Reads a list whose items name a value in the first header of `written`, with
/// what the others say of it: `Value: Header, Header`. A header may be
///
/// - `A|B`: the first of these that has a value;
/// - `State~`: `AGENT_IDLE`, `NOT_INUSE` in words;
/// - `Contacts#contact`: a number of them;
/// - `Muted?muted`: a word if it says yes;
/// - `Application(Data)`: both.
pub(super) fn told(written: &'static str) -> impl Fn(&Reply) -> Vec<Value> + Send {
    let (key, others) = written.split_once(": ").unwrap_or((written, ""));
    move |reply| {
        let values = reply.items.iter().filter_map(|item| {
            let texts: Vec<_> = others.split(", ").map(|one| said(item, one)).collect();
            let texts: Vec<&[u8]> = texts.iter().map(|text| &**text).collect();
            value(first(item, key), &join(&texts))
        });
        distinct(values)
    }
}

/// What a header of [`told`] says.
fn said<'a>(item: &'a Packet, written: &str) -> Cow<'a, [u8]> {
    let mark = written.find(['~', '#', '?', '(']).unwrap_or(written.len());
    let (headers, mark) = written.split_at(mark);
    let text = first(item, headers);
    let mut mark = mark.chars();
    match (mark.next(), mark.as_str()) {
        (Some('~'), _) => Cow::Owned(small(text)),
        (Some('#'), of) => Cow::Owned(count(text, of)),
        (Some('?'), word) if text.eq_ignore_ascii_case(b"yes") => Cow::Owned(word.into()),
        (Some('?'), _) => Cow::Borrowed(b""),
        (Some(_), data) => Cow::Owned(called(item, headers, data.trim_end_matches(')'))),
        (None, _) => Cow::Borrowed(text),
    }
}

/// The header `key` of each of these packets, described by `about`.
fn items<'a>(
    packets: impl IntoIterator<Item = &'a Packet>,
    key: &str,
    about: impl Fn(&'a Packet) -> Vec<u8>,
) -> Vec<Value> {
    let packets = packets.into_iter();
    let values = packets.filter_map(|item| value(item.get(key)?, &about(item)));
    distinct(values)
}

fn of<'a>(reply: &'a Reply, event: &'a str) -> impl Iterator<Item = &'a Packet> {
    let items = reply.items.iter();
    items.filter(move |item| item.is_event(event))
}

fn text<'a>(item: &'a Packet, key: &str) -> &'a [u8] {
    item.get(key).unwrap_or_default()
}

/// The first of the headers `A|B` that has a value; chan_sip and chan_iax2 have
/// words for an address that is not known.
fn first<'a>(item: &'a Packet, keys: &str) -> &'a [u8] {
    let mut all = keys.split('|').map(|key| text(item, key));
    let found = all.find(|text| !matches!(*text, b"" | b"(null)" | b"-none-"));
    found.unwrap_or_default()
}

/// `AGENT_IDLE`, `NOT_INUSE` in lower case with blanks, without `agent`.
fn small(state: &[u8]) -> Vec<u8> {
    let words = state
        .split(|byte| *byte == b'_')
        .map(<[u8]>::to_ascii_lowercase);
    let words = words.map(|word| match word.as_slice() {
        b"inuse" => b"in use".to_vec(),
        b"loggedoff" => b"logged off".to_vec(),
        _ => word,
    });
    let words: Vec<_> = words.filter(|word| word != b"agent").collect();
    words.join(&b' ')
}

/// Empty if `number` is not a number.
fn count(number: &[u8], of: &str) -> Vec<u8> {
    let number = std::str::from_utf8(number).ok();
    let number = number.and_then(|number| number.trim().parse::<usize>().ok());
    let counted = number.map(|number| {
        let many = if number == 1 { "" } else { "s" };
        format!("{number} {of}{many}").into_bytes()
    });
    counted.unwrap_or_default()
}

/// The non-empty parts of a description.
fn join(parts: &[&[u8]]) -> Vec<u8> {
    let known = parts.iter().filter(|part| !part.is_empty());
    known.copied().collect::<Vec<_>>().join(&b", "[..])
}
