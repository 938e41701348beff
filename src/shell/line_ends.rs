//! Tracks where the line ends in the typed line come from.
//!
//! A line end begins another statement. A person may type or paste one. Text
//! inserted by Tab never contains one; if it ever did, Enter would run a
//! statement chosen by the server.

use std::cell::Cell;

/// The line ends of one line, from its start to Enter.
#[derive(Default)]
pub(super) struct LineEnds {
    /// Line ends at the last change.
    there: Cell<usize>,
    /// Line ends that were typed, pasted or recalled.
    own: Cell<usize>,
}

impl LineEnds {
    pub fn begin(&self) {
        self.there.set(0);
        self.own.set(0);
    }

    /// The line changed to `line`, by a key or by Tab.
    pub fn changed(&self, line: &str, by_tab: bool) {
        let there = count(line);
        let added = there.saturating_sub(self.there.replace(there));
        let own = self.own.get() + if by_tab { 0 } else { added };
        self.own.set(own.min(there));
    }

    /// Are all line ends of the finished `line` the person's?
    pub fn are_own(&self, line: &str) -> bool {
        count(line) <= self.own.get()
    }
}

fn count(line: &str) -> usize {
    line.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    // What Enter runs must have been seen by the person pressing it.
    #[test]
    fn a_line_end_that_tab_brought_is_nobodys_until_it_is_gone() {
        let ends = LineEnds::default();
        ends.changed("Ping\nPing", false);
        assert!(ends.are_own("Ping\nPing"));
        ends.changed("Ping\nPing Key\n!id #", true);
        assert!(!ends.are_own("Ping\nPing Key\n!id #"));
        ends.changed("Ping\nPing Key\n!id #=", false);
        assert!(!ends.are_own("Ping\nPing Key\n!id #="));
        ends.changed("", false);
        ends.changed("a\nb", false);
        assert!(ends.are_own("a\nb"));
        ends.begin();
        assert!(!ends.are_own("a\nb"));
    }
}
