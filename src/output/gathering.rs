//! What several PBXs have to show, until it is shown together.

use super::rows::Rows;
use super::screen::Block;
use crate::ami::Reply;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// Who has shown what of amish's own.
    screens: Vec<(usize, Block)>,
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

    /// Keeps the screen of the PBX with this number.
    pub(super) fn add_screen(&self, pbx: usize, block: &Block) {
        self.lock().screens.push((pbx, block.clone()));
    }

    /// The screens in the order of the PBXs.
    pub fn take_screens(&self) -> Vec<(usize, Block)> {
        let mut screens = std::mem::take(&mut self.lock().screens);
        screens.sort_by_key(|(pbx, _)| *pbx);
        screens
    }

    /// The answers to each Action in the order of the PBXs, and how many there
    /// was no memory for.
    pub fn take(&self) -> (Vec<Vec<(usize, Reply)>>, usize) {
        let mut answers = self.lock();
        let mut all = std::mem::take(&mut answers.all);
        all.iter_mut()
            .for_each(|all| all.sort_by_key(|(pbx, _)| *pbx));
        (all, std::mem::take(&mut answers.left_out))
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        // Nothing panics half way through a change.
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// PbxLabel output a printer shows, where that of several PBXs is shown together.
#[derive(Debug, Clone)]
pub struct PbxLabel {
    /// The number of the PBX, from 0.
    pub number: usize,
    /// Its name.
    pub name: String,
    /// Columns of the terminal for the names of all.
    pub columns: usize,
    /// Where answers are kept that are shown together; None where each is shown by
    /// itself.
    pub gathering: Option<Arc<Gathering>>,
}

/// What amish shows of several PBXs: rows as one table label first column is the
/// PBX, under `head`.
pub(super) fn one_screen(screens: &[(&str, Block)], head: &'static str) -> Vec<Block> {
    if let Some((_, Block::Text { kind, text })) = screens.first()
        && screens.iter().all(|(_, block)| block.is_text(text))
    {
        let text = text.clone();
        return vec![Block::Text { kind, text }];
    }
    let mut shown: Vec<Block> = Vec::new();
    // A table for each kind.
    let mut tables: Vec<Rows> = Vec::new();
    for (pbx, block) in screens {
        match block {
            Block::Rows(own) => {
                let heads = std::iter::once((head, false)).chain(own.heads.clone());
                let all = table(&mut tables, own.kind, || Rows {
                    heads: heads.collect(),
                    rows: Vec::new(),
                    ..own.clone()
                });
                let Some(all) = all else { continue };
                let of_pbx = |row: &Vec<String>| {
                    let first = std::iter::once((*pbx).to_owned());
                    first.chain(row.iter().cloned()).collect()
                };
                all.rows.extend(own.rows.iter().map(of_pbx));
            }
            Block::Facts { kind, facts } => {
                let all = table(&mut tables, kind, || of_facts(kind, screens, head));
                let Some(all) = all else { continue };
                let cell = |(name, _): &(&str, bool)| {
                    let mut facts = facts.iter();
                    let found = facts.find(|(own, _)| own == name);
                    found.map_or_else(String::new, |(_, fact)| fact.clone())
                };
                let mut row: Vec<String> = all.heads.iter().map(cell).collect();
                if let Some(first) = row.first_mut() {
                    (*pbx).clone_into(first);
                }
                all.rows.push(row);
            }
            Block::Text { kind, text } => {
                let is_line = text.iter().filter(|byte| **byte == b'\n').count() == 1;
                let end = if is_line { ' ' } else { '\n' };
                let name = format!("{pbx}:{end}").into_bytes();
                let text = name.into_iter().chain(text.iter().copied()).collect();
                shown.push(Block::Text { kind, text });
            }
        }
    }
    for all in &mut tables {
        all.footer = format!("{} rows of {} PBXs", all.rows.len(), screens.len());
        // Who has none is told by the others.
        shown.retain(|block| !matches!(block, Block::Text { kind, .. } if *kind == all.kind));
    }
    let tables = tables.into_iter().map(Block::Rows);
    tables.chain(shown).collect()
}

/// The table of this kind, begun if there is none yet.
fn table<'t>(
    tables: &'t mut Vec<Rows>,
    kind: &str,
    begun: impl FnOnce() -> Rows,
) -> Option<&'t mut Rows> {
    if tables.iter().all(|one| one.kind != kind) {
        tables.push(begun());
    }
    tables.iter_mut().find(|one| one.kind == kind)
}

/// A table for facts, with a column for each that anybody has.
fn of_facts(kind: &'static str, screens: &[(&str, Block)], head: &'static str) -> Rows {
    let mut heads = vec![(head, false)];
    for (_, block) in screens {
        let Block::Facts { facts, .. } = block else {
            continue;
        };
        for (name, _) in facts {
            if heads.iter().all(|(known, _)| known != name) {
                heads.push((name, false));
            }
        }
    }
    Rows {
        kind,
        heads,
        rows: Vec::new(),
        footer: String::new(),
        gives: &[],
    }
}
