//! Groups the items of a list by kind, and chooses the kinds that are shown.

use super::Fields;
use super::pairs::has;
use crate::ami::{Kind, Packet};
use std::collections::HashMap;

/// The items of each kind; kinds are in the order in which they first appear.
pub(super) fn groups<'a>(
    items: impl IntoIterator<Item = &'a Packet>,
) -> Vec<(&'a [u8], Vec<&'a Packet>)> {
    let mut groups: Vec<(&[u8], Vec<&Packet>)> = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    for item in items {
        let kind = kind(item);
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

/// The kind of an item: items of one kind have columns in common.
pub(super) fn kind(item: &Packet) -> &[u8] {
    match item.kind() {
        // All unframed text is one kind.
        Kind::Unframed => b"",
        // In a capture: Success and Error share a table.
        Kind::Response => b"Response",
        Kind::Event => item.name(),
    }
}

/// The kinds that get a table: those that have all of the fields, else those
/// that have any, else all. A user who names headers of queue members does not
/// want the queues, which have some of these headers too.
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
