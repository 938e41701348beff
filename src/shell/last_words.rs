//! Alt-. inserts the last word of the line before, and of an earlier one when it
//! is pressed again, as in bash.

use crate::language::{Place, split};
use std::collections::VecDeque;

/// Lines whose last word is kept.
const LINES: usize = 1_000;

/// The last words of the lines before.
#[derive(Default)]
pub(super) struct LastWords {
    /// The newest last.
    words: VecDeque<String>,
    inserted: Option<Inserted>,
}

/// What the key did last.
struct Inserted {
    /// Where the word begins, in bytes.
    start: usize,
    /// The line up to the cursor, with the word.
    left: String,
    /// How many words are newer.
    newer: usize,
}

impl LastWords {
    /// Adds that of `entry`, a line or the lines of a raw packet.
    pub fn add(&mut self, entry: &str) {
        let line = entry.trim_end().rsplit('\n').next().unwrap_or_default();
        let words = split(line.as_bytes(), 0, Place::Shell);
        let word = words.last().and_then(|word| line.get(word.span.clone()));
        let Some(word) = word else {
            return;
        };
        if self.words.len() == LINES {
            self.words.pop_front();
        }
        self.words.push_back(word.to_owned());
    }

    /// The next word for `left`, the line up to the cursor, and where it begins
    /// there. It replaces the one that was inserted just now.
    pub fn next(&mut self, left: &str) -> Option<(usize, String)> {
        let again = self.inserted.take().filter(|last| last.left == left);
        let (start, newer) = match again {
            Some(last) => (last.start, last.newer + 1),
            None => (left.len(), 0),
        };
        // After the oldest one, that stays.
        let newer = newer.min(self.words.len().checked_sub(1)?);
        let word = self.words.iter().rev().nth(newer)?.clone();
        let left = left.get(..start).unwrap_or_default().to_owned() + &word;
        self.inserted = Some(Inserted { start, left, newer });
        Some((start, word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Whoever presses the key again wants another word in the same place, and
    // after typing something, one more.
    #[test]
    fn the_key_goes_back_line_by_line() {
        let mut words = LastWords::default();
        assert_eq!(words.next("Ping "), None);
        for entry in [
            "QueueStatus support",
            "Getvar Variable='a b'",
            "Action: DBGet\nKey: \u{e4}\n",
        ] {
            words.add(entry);
        }
        let at = |start, word: &str| Some((start, word.to_owned()));
        assert_eq!(words.next("DBPut "), at(6, "\u{e4}"));
        assert_eq!(words.next("DBPut \u{e4}"), at(6, "Variable='a b'"));
        assert_eq!(words.next("DBPut Variable='a b'"), at(6, "support"));
        assert_eq!(words.next("DBPut support"), at(6, "support"));
        assert_eq!(words.next("DBPut support "), at(14, "\u{e4}"));
    }
}
