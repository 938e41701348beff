//! The lines at the bottom of the screen that `/watch` redraws.

use super::display::size;
use crate::output::diff::marked;
use crate::output::{Look, Role, cut};

#[derive(Default)]
pub(super) struct Block {
    /// Rows on the screen now.
    drawn: usize,
    lines: Vec<String>,
}

impl Block {
    /// The bytes that erase it.
    pub fn erased(&mut self) -> String {
        match std::mem::take(&mut self.drawn) {
            0 => String::new(),
            rows => format!("\x1b[{rows}A\r\x1b[J"),
        }
    }

    /// The bytes that draw it.
    pub fn drawn(&mut self) -> String {
        self.drawn = self.lines.len();
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The bytes that draw `text` in its place, marking what changed since
    /// `before`.
    pub fn redrawn(
        &mut self,
        title: &str,
        text: &str,
        before: Option<&str>,
        look: &Look,
    ) -> String {
        let (_, height) = size().unwrap_or((80, 24));
        // Room for the title and the cursor's row.
        let rows = height.saturating_sub(2).max(1);
        let title = cut(title, look.width);
        let title = look.palette.paint(Role::Dim, &title).into_owned();
        let lines = marked(text, before, rows, look);
        let erased = self.erased();
        self.lines = [title].into_iter().chain(lines).collect();
        erased + &self.drawn()
    }
}
