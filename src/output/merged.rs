//! What several PBXs answered to the same Action, shown together.

use super::groups::kind;
use crate::ami::{Packet, Reply};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// What all PBXs have answered so far, for forms that show it together. Shared by
/// their printers.
#[derive(Debug)]
pub struct Gathering {
    answers: Mutex<Answers>,
    /// The most bytes of packets that are kept.
    limit: usize,
}

#[derive(Debug, Default)]
struct Answers {
    /// For each Action of the script: who answered, and what.
    all: Vec<Vec<(usize, Reply)>>,
    bytes: usize,
    left_out: usize,
}

impl Gathering {
    /// Keeps at most `limit` bytes.
    pub fn new(limit: usize) -> Gathering {
        Gathering {
            answers: Mutex::default(),
            limit,
        }
    }

    /// Keeps the `nth` answer of the PBX with this number, from 0 both.
    pub(super) fn add(&self, pbx: usize, nth: usize, reply: &Reply) {
        let bytes = reply.packets().map(|one| one.bytes().len() * 2 + 128);
        let bytes: usize = bytes.sum();
        let mut answers = self.lock();
        if answers.bytes + bytes > self.limit {
            answers.left_out += 1;
            return;
        }
        answers.bytes += bytes;
        if answers.all.len() <= nth {
            answers.all.resize_with(nth + 1, Vec::new);
        }
        if let Some(all) = answers.all.get_mut(nth) {
            all.push((pbx, reply.clone()));
        }
    }

    /// The answers to each Action in the order of the PBXs, and how many there
    /// was no memory for.
    pub fn take(&self) -> (Vec<Vec<(usize, Reply)>>, usize) {
        let mut answers = std::mem::take(&mut *self.lock());
        for all in &mut answers.all {
            all.sort_by_key(|(pbx, _)| *pbx);
        }
        (answers.all, answers.left_out)
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        // Nothing panics half way through a change.
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose output a printer shows, where that of several PBXs is shown together.
#[derive(Debug, Clone)]
pub struct Whose {
    /// The number of the PBX, from 0.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Columns of the terminal for the names of all.
    pub columns: usize,
    /// Where answers are kept that are shown together.
    pub gathering: Arc<Gathering>,
}
