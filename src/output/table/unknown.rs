//! Items of a kind that amish has no columns for.

use super::super::columns::{end_line, room, width};
use super::super::headers::{all_headers, headers, is_frame, value};
use super::super::pairs::text_lines;
use super::super::{Look, Role};
use super::grid::Grid;
use super::known::{Nouns, count};
use crate::ami::{Header, Packet};
use crate::peer_text::visible;

/// More columns than any terminal has room for.
const MOST_COLUMNS: usize = 64;

/// Appends the items of a list: as a table of every header that is not empty in
/// all of them, or packet by packet if that does not fit.
pub(super) fn items(out: &mut Vec<u8>, items: &[&Packet], nouns: Nouns, look: &Look) {
    let says = |header: &Header<'_>| !header.value.is_empty() && !is_frame(header);
    if !fits(out, items, says, nouns, look) {
        each(out, items, look, |out, packet| headers(out, packet, look));
    }
}

/// The same with every header.
pub(super) fn whole(out: &mut Vec<u8>, items: &[&Packet], nouns: Nouns, look: &Look) {
    if !fits(out, items, |_| true, nouns, look) {
        each(out, items, look, |out, packet| {
            all_headers(out, packet, look)
        });
    }
}

/// Appends the headers of these names as a table, as far as it fits.
pub(super) fn named(
    out: &mut Vec<u8>,
    items: &[&Packet],
    names: &[String],
    nouns: Nouns,
    look: &Look,
) {
    let keys: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    let footer = count(items.len(), nouns);
    grid(items, &keys, look).write(out, &footer, room(look), look);
}

/// A table of the headers that `says` accepts, if that fits.
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
    // Do not build the rows of a list that cannot fit.
    let heads = keys.iter().map(|key| width(&visible::text(key)) + 2);
    if heads.sum::<usize>() > room(look) + 2 || !(1..=MOST_COLUMNS).contains(&keys.len()) {
        return false;
    }
    let grid = grid(items, &keys, look);
    let fits = grid.fits(room(look));
    if fits {
        grid.write(out, &count(items.len(), nouns), room(look), look);
    }
    fits
}

fn grid(items: &[&Packet], keys: &[&[u8]], look: &Look) -> Grid {
    let rows = items
        .iter()
        .map(|packet| keys.iter().map(|key| cell(packet, key, look)).collect());
    let heads: Vec<_> = keys.iter().map(|key| visible::text(key)).collect();
    let heads: Vec<(&str, bool)> = heads.iter().map(|head| (&**head, false)).collect();
    Grid::new(&heads, rows.collect())
}

/// The values of `key`.
pub(super) fn cell(packet: &Packet, key: &[u8], look: &Look) -> String {
    let values = packet
        .headers()
        .filter(|header| header.key.eq_ignore_ascii_case(key));
    let texts: Vec<_> = values.map(|header| value(packet, &header, look)).collect();
    texts.join(", ")
}

/// Appends the items one by one, each below its name.
fn each(out: &mut Vec<u8>, items: &[&Packet], look: &Look, show: impl Fn(&mut Vec<u8>, &Packet)) {
    for (i, packet) in items.iter().enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        let name = visible::text(packet.name());
        end_line(out, &look.palette.paint(Role::Event, &name));
        show(out, packet);
    }
}

/// Appends text without headers, such as the table of IAXnetstats, unchanged.
pub(super) fn lines(out: &mut Vec<u8>, items: &[&Packet]) {
    for line in items.iter().flat_map(|packet| text_lines(packet)) {
        end_line(out, &visible::line(line));
    }
}
