//! Headers, one per line, with the values aligned.

use super::columns::{end_line, widest, width};
use super::moments::{is_moment, moment};
use super::{Look, Role, words};
use crate::ami::{Header, Packet};
use crate::peer_text::visible;
use std::borrow::Cow;

/// Whether it is a header of the protocol's framing, not of the item.
pub(super) fn is_frame(header: &Header<'_>) -> bool {
    ["Event", "ActionID", "Privilege", "EventList"]
        .iter()
        .any(|key| header.is(key))
}

pub(super) fn is_protocol(header: &Header<'_>) -> bool {
    header.is("Response") || header.is("Message") || is_frame(header)
}

pub(super) fn headers(out: &mut Vec<u8>, packet: &Packet, look: &Look) {
    let shown = packet.headers().filter(|header| !is_protocol(header));
    block(
        out,
        shown.map(|header| texts(packet, &header, look)),
        "  ",
        look,
    );
    stray(out, packet);
}

/// Appends all headers, including those of the framing.
pub(super) fn all_headers(out: &mut Vec<u8>, packet: &Packet, look: &Look) {
    let all = packet.headers().map(|header| texts(packet, &header, look));
    block(out, all, "  ", look);
    stray(out, packet);
}

fn stray(out: &mut Vec<u8>, packet: &Packet) {
    let lines = packet.stray_lines().map(visible::text);
    lines.for_each(|line| end_line(out, &format!("  {line}")));
}

/// A header's key and value as shown, the value perhaps in several lines.
pub(super) fn texts(packet: &Packet, header: &Header<'_>, look: &Look) -> (String, String) {
    let key = visible::text(header.key).into_owned();
    let value = match words::decoded(packet, header) {
        Some(decoded) => lines_of(&decoded).join("\n"),
        None => value(packet, header, look).into_owned(),
    };
    (key, value)
}

fn lines_of(text: &[u8]) -> Vec<Cow<'_, str>> {
    let lines = text.split(|byte| *byte == b'\n');
    lines.map(visible::text).collect()
}

/// The value of a header of `packet`, in one line, with words beside numbers, and
/// times.
pub(super) fn value<'a>(packet: &Packet, header: &Header<'a>, look: &Look) -> Cow<'a, str> {
    if let Some(decoded) = words::decoded(packet, header) {
        return Cow::Owned(lines_of(&decoded).join(", "));
    }
    let text = shown(packet, header.key, header.value);
    if is_moment(packet, header) {
        return moment(text, look.now);
    }
    match words::beside(packet, header) {
        Some(words) => Cow::Owned(format!("{text} {words}")),
        None => text,
    }
}

/// `value` of a header `key` of `packet` for people.
pub(super) fn shown<'a>(packet: &Packet, key: &[u8], value: &'a [u8]) -> Cow<'a, str> {
    match packet.plain(key, value.trim_ascii_end()) {
        Cow::Borrowed(value) => visible::text(value),
        Cow::Owned(value) => Cow::Owned(visible::text(&value).into_owned()),
    }
}

/// Appends keys and values, the values aligned. `pairs` is iterated twice
/// instead of collected, since a packet may have millions.
pub(super) fn block(
    out: &mut Vec<u8>,
    pairs: impl Iterator<Item = (String, String)> + Clone,
    indent: &str,
    look: &Look,
) {
    // A very long key is not aligned, so that it does not push all others to
    // the right.
    let longest = widest(pairs.clone().map(|(key, _)| key)).min(32);
    for (key, value) in pairs {
        let blanks = " ".repeat(longest.saturating_sub(width(&key)));
        let below = " ".repeat(width(&key) + blanks.len());
        let key = look.palette.paint(Role::Key, &key);
        let mut lines = value.split('\n');
        let first = lines.next().unwrap_or_default();
        end_line(out, &format!("{indent}{key}{blanks}  {first}"));
        lines.for_each(|line| end_line(out, &format!("{indent}{below}  {line}")));
    }
}
