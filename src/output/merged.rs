//! What several PBXs answered to the same Action, shown together.

use super::groups::kind;
use crate::ami::{Packet, Reply};
use std::collections::HashMap;

/// What one PBX answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// Its name.
    pub pbx: &'a str,
    /// All of it.
    pub reply: &'a Reply,
}

/// One row: the PBX, and what it sent.
pub(super) type Row<'a> = (&'a str, &'a Packet);

/// The rows of each kind, in the order in which kinds first appear.
pub(super) fn kinds<'a>(items: impl IntoIterator<Item = Row<'a>>) -> Vec<(&'a [u8], Vec<Row<'a>>)> {
    let mut kinds: Vec<(&[u8], Vec<Row<'_>>)> = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    for row in items {
        let name = kind(row.1);
        let place = *places
            .entry(name.to_ascii_lowercase())
            .or_insert(kinds.len());
        match kinds.get_mut(place) {
            Some((_, rows)) => rows.push(row),
            None => kinds.push((name, vec![row])),
        }
    }
    kinds
}
