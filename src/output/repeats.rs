//! Which headers of a packet occur again.

use crate::ami::Packet;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// A header among those with the same key, and the index of the next of them;
/// the last one has its own. Four bytes an index: there may be millions, and a
/// packet has fewer headers than bytes (`frame::MAX_PACKET`).
#[derive(Clone, Copy)]
pub(super) enum Place {
    First(u32),
    Again(u32),
}

impl Place {
    pub(super) fn next(self) -> usize {
        let (Place::First(next) | Place::Again(next)) = self;
        next as usize
    }
}

/// Chains the headers with the same key. A hash map whose seed is the
/// process's own: a packet of a million keys that share their `key_hash` costs
/// no more than any other.
pub(super) fn repeats(packet: &Packet) -> Vec<Place> {
    let headers = packet.headers();
    let mut places: Vec<Place> = Vec::with_capacity(headers.len());
    let mut last: HashMap<CaseBlind<'_>, u32> = HashMap::with_capacity(headers.len());
    for (i, header) in (0..).zip(headers) {
        match last.insert(CaseBlind(header.key), i) {
            None => places.push(Place::First(i)),
            Some(before) => {
                places.push(Place::Again(i));
                let before = places.get_mut(before as usize);
                if let Some(Place::First(next) | Place::Again(next)) = before {
                    *next = i;
                }
            }
        }
    }
    places
}

struct CaseBlind<'a>(&'a [u8]);

impl PartialEq for CaseBlind<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for CaseBlind<'_> {}

impl Hash for CaseBlind<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0 {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}
