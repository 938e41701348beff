//! Groups the items of a list by kind, and chooses the kinds that are shown.

use super::Fields;
use super::pairs::has;
use crate::ami::{Kind, Packet};
use std::collections::HashMap;

/// The most memory, in bytes, of the items of a list that wait for its end.
const MOST_HELD: usize = 2 * 1024 * 1024;

/// Items by their kind.
type Kinds<'a> = Vec<(&'a [u8], Vec<&'a Packet>)>;

/// What a list is grouped by.
pub(super) fn kind(item: &Packet) -> &[u8] {
    match item.kind() {
        // All unframed text is one kind.
        Kind::Unframed => b"",
        // In a capture: Success and Error share a table.
        Kind::Response => b"Response",
        Kind::Event => item.name(),
    }
}

/// The items of each kind; kinds are in the order in which they first appear.
pub(super) fn groups<'a>(items: impl IntoIterator<Item = &'a Packet>) -> Kinds<'a> {
    let mut groups: Kinds<'_> = Vec::new();
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

/// The kinds that get a table: those that have all of the fields, else those
/// that have any, else all. A user who names headers of queue members does not
/// want the queues, which have some of these headers too.
pub(super) fn shown<'a>(kinds: Kinds<'a>, fields: &Fields) -> Kinds<'a> {
    match fields.named() {
        Some(names) => {
            let least = least(&kinds, names);
            having(kinds, names, least)
        }
        None => kinds,
    }
}

/// How many of the fields a kind must have to be shown.
fn least(kinds: &Kinds<'_>, names: &[String]) -> usize {
    let most = kinds.iter().map(|(_, items)| met(items, names)).max();
    match most {
        Some(most) if most == names.len() => most,
        most => most.unwrap_or_default().min(1),
    }
}

fn having<'a>(mut kinds: Kinds<'a>, names: &[String], least: usize) -> Kinds<'a> {
    kinds.retain(|(_, items)| met(items, names) >= least);
    kinds
}

/// How many of the fields these items have.
fn met(items: &[&Packet], names: &[String]) -> usize {
    let has = |name: &&String| items.iter().any(|item| has(item, name));
    names.iter().filter(has).count()
}

/// Appends items of one kind.
type Show<'a> = dyn FnMut(&[u8], &[&Packet]) + 'a;

/// Chooses as [`shown`] does, while the list comes. The kind of the first item
/// that has all of the fields is shown from then on. Other items wait for the end:
/// their kind may lack a field that a later one of them has, and it is a table of
/// its own. A list in which they become too large is chosen from in parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Choice {
    /// The kind that is shown as it comes, and how many of the fields any other
    /// must have.
    first: Option<(Vec<u8>, usize)>,
    held: Vec<Packet>,
    /// Memory of `held`, in bytes.
    bytes: usize,
}

impl Choice {
    /// Takes the next item, and shows what can be shown by now.
    pub fn next(&mut self, item: &Packet, names: &[String], show: &mut Show<'_>) {
        if let Some((first, _)) = &self.first
            && first.eq_ignore_ascii_case(kind(item))
        {
            return show(kind(item), &[item]);
        }
        self.bytes += memory(item);
        self.held.push(item.clone().kept());
        if self.first.is_none() && met(&[item], names) == names.len() {
            self.first = Some((kind(item).to_vec(), names.len()));
            self.release(kind(item), show);
        } else if self.bytes > MOST_HELD {
            self.choose(names, show);
        }
    }

    /// Shows what has waited for the end of the list.
    pub fn end(mut self, names: &[String], show: &mut Show<'_>) {
        self.choose(names, show);
    }

    /// Shows those of one kind.
    fn release(&mut self, wanted: &[u8], show: &mut Show<'_>) {
        let is_wanted = |item: &Packet| kind(item).eq_ignore_ascii_case(wanted);
        let held = std::mem::take(&mut self.held);
        let (found, others): (Vec<Packet>, _) = held.into_iter().partition(is_wanted);
        self.held = others;
        self.bytes = self.held.iter().map(memory).sum();
        show(wanted, &found.iter().collect::<Vec<&Packet>>());
    }

    fn choose(&mut self, names: &[String], show: &mut Show<'_>) {
        self.bytes = 0;
        let held = std::mem::take(&mut self.held);
        let kinds = groups(&held);
        let known = self.first.as_ref().map(|(_, least)| *least);
        let least = known.unwrap_or_else(|| least(&kinds, names));
        for (kind, items) in having(kinds, names, least) {
            show(kind, &items);
            self.first.get_or_insert_with(|| (kind.to_vec(), least));
        }
    }
}

/// Memory of an item, in bytes.
fn memory(item: &Packet) -> usize {
    size_of::<Packet>() + item.heap()
}
