//! A packet of any kind as keys and values: the columns of csv and tsv, and what
//! `--fields` can name.

use super::body_lines;
use super::numbered::numbered;
use crate::ami::Packet;

/// The column for lines that belong to no header. Json uses the same name.
const LINES: &[u8] = b"_lines";

/// The keys and values of a packet. The text of a Command gets the key that
/// servers from 14 on use.
pub(super) fn pairs(packet: &Packet) -> impl Iterator<Item = (&[u8], &[u8])> {
    let framed = !packet.is_text();
    let headers = packet.headers().filter(move |_| framed);
    let headers = headers.map(|header| (header.key, header.value));
    let body = packet.body().into_iter().flat_map(body_lines);
    let stray = packet.stray_lines().filter(move |_| framed);
    let lines = text_lines(packet).filter(move |_| !framed).chain(stray);
    headers
        .chain(body.map(|line| (&b"Output"[..], line)))
        .chain(lines.map(|line| (LINES, line)))
}

/// The lines of text without a frame. IAXpeers of 1.4 has its ActionID in front.
pub(super) fn text_lines(packet: &Packet) -> impl Iterator<Item = &[u8]> {
    let has_id = packet
        .header(0)
        .is_some_and(|first| is_action_id(first.key));
    packet.lines().skip(usize::from(has_id))
}

/// Whether `packet` has a value of this name.
pub(super) fn has(packet: &Packet, name: &str) -> bool {
    let is = |key: &[u8]| key.eq_ignore_ascii_case(name.as_bytes());
    let has_column = || numbered(packet).is_some_and(|rows| rows.columns.into_iter().any(is));
    pairs(packet).any(|(key, _)| is(key)) || has_column()
}

pub(super) fn is_action_id(key: &[u8]) -> bool {
    key.eq_ignore_ascii_case(b"ActionID")
}
