//! Finds the repeated headers of a packet.

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

/// Chains the headers with the same key. Uses a hash map with a random seed, so
/// that a packet of a million keys with the same hash costs no more than
/// any other.
pub(super) fn repeats(packet: &Packet) -> Vec<Place> {
    let headers = packet.headers();
    if headers.len() <= FEW {
        return few(packet);
    }
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

/// So many headers are compared with one another, which costs less than a hash
/// map.
const FEW: usize = 64;

fn few(packet: &Packet) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::with_capacity(FEW);
    // The key's length and its ends tell most keys apart.
    let mark = |key: &[u8]| {
        let lower = |byte: Option<&u8>| byte.map_or(0, u8::to_ascii_lowercase);
        let ends = [
            lower(key.first()),
            lower(key.get(key.len() / 2)),
            lower(key.last()),
        ];
        u32::from_le_bytes([ends[0], ends[1], ends[2], key.len() as u8])
    };
    let mut marks: Vec<u32> = Vec::with_capacity(FEW);
    for (i, header) in (0..).zip(packet.headers()) {
        let own = mark(header.key);
        let is_same = |at: usize| {
            let other = packet.header(at);
            other.is_some_and(|other| other.key.eq_ignore_ascii_case(header.key))
        };
        let mut same = marks
            .iter()
            .enumerate()
            .rev()
            .filter(|(_, mark)| **mark == own);
        let before = same.find(|(at, _)| is_same(*at)).map(|(at, _)| at);
        marks.push(own);
        match before.and_then(|before| places.get_mut(before)) {
            None => places.push(Place::First(i)),
            Some(Place::First(next) | Place::Again(next)) => {
                *next = i;
                places.push(Place::Again(i));
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
