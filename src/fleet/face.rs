//! One PBX as a face: what it shows goes into the one output, by its name.

use super::merge::Merge;
use crate::engine::{Batch, Face, Part};
use std::io;

/// The face of one PBX.
pub(super) struct PbxFace<'a> {
    merge: &'a Merge,
    number: usize,
}

impl<'a> PbxFace<'a> {
    /// Of the PBX with this number.
    pub fn new(merge: &'a Merge, number: usize) -> PbxFace<'a> {
        PbxFace { merge, number }
    }
}

impl Face for PbxFace<'_> {
    fn show(&mut self, batch: &Batch) -> io::Result<()> {
        self.merge.show(self.number, batch.parts())
    }

    fn page(&mut self, text: &[u8]) -> io::Result<()> {
        if text.is_empty() {
            // It is shown with that of the others.
            return Ok(());
        }
        self.merge.show(self.number, [Part::Text(text)])
    }

    fn say(&mut self, words: &str) {
        // Standard output may be broken; whoever writes there is told.
        let _ = self.merge.show(self.number, [Part::Notice(words)]);
    }
}
