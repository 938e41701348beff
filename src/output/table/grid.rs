//! One table: heads, a thin rule, rows, a footer.

use super::super::columns::{cut, pad, widest, width, wrap};
use super::super::signs::rule;
use super::super::{Look, Role, signs};

/// Blanks between columns.
pub(in crate::output) const GAP: usize = 2;

/// In fewer columns a text is not recognised.
const LEAST: usize = 12;

/// The same of the text that says what a row is about.
const LEAST_OF_FIRST: usize = 24;

/// A table whose width has not been chosen yet.
pub(in crate::output) struct Grid {
    rows: Vec<Vec<String>>,
    heads: Vec<String>,
    /// Which columns are numbers, aligned to the right.
    numbers: Vec<bool>,
    widths: Vec<usize>,
    /// The heads of columns that others are made narrower and left out for.
    kept: Vec<&'static str>,
}

impl Grid {
    /// The columns of a [`Grid::new`] that are not empty in every row.
    pub(in crate::output) fn of_used(heads: &[(&str, bool)], mut rows: Vec<Vec<String>>) -> Grid {
        let is_full =
            |row: &Vec<String>, at| row.get(at).is_some_and(|text: &String| !text.is_empty());
        let is_used = |at| rows.iter().any(|row| is_full(row, at));
        let used: Vec<bool> = (0..heads.len()).map(is_used).collect();
        for row in &mut rows {
            let mut used = used.iter();
            row.retain(|_| used.next() == Some(&true));
        }
        let heads = heads.iter().zip(&used).filter(|(_, used)| **used);
        let heads: Vec<(&str, bool)> = heads.map(|(head, _)| *head).collect();
        Grid::new(&heads, rows)
    }

    /// `heads`, each with whether it is a number. All text must be escaped
    /// already: an escape sequence would be measured as columns.
    pub(in crate::output) fn new(heads: &[(&str, bool)], rows: Vec<Vec<String>>) -> Grid {
        let column = |at| rows.iter().filter_map(move |row| row.get(at));
        let columns = heads.iter().enumerate();
        let widths = columns.map(|(at, (head, _))| width(&signs(head)).max(widest(column(at))));
        let widths = widths.collect();
        Grid {
            heads: heads
                .iter()
                .map(|(head, _)| signs(head).into_owned())
                .collect(),
            numbers: heads.iter().map(|(_, number)| *number).collect(),
            rows,
            widths,
            kept: Vec::new(),
        }
    }

    /// Leaves the columns with these heads whole, and others out before them.
    pub(in crate::output) fn keeping(
        mut self,
        heads: impl IntoIterator<Item = &'static str>,
    ) -> Grid {
        self.kept = heads.into_iter().collect();
        self
    }

    fn is_kept(&self, at: usize) -> bool {
        let head = self.heads.get(at);
        head.is_some_and(|head| self.kept.contains(&&head[..]))
    }

    /// Is this column the same in each of several rows?
    fn says_nothing(&self, at: usize) -> bool {
        let mut column = self.rows.iter().map(|row| row.get(at));
        let first = column.next();
        self.rows.len() > 1 && column.all(|text| Some(text) == first)
    }

    /// The fewest columns of the terminal for this column. The first says what
    /// a row is about, and half a number is another.
    fn least(&self, at: usize, room: usize) -> usize {
        let head = self.heads.get(at).map_or(0, |head| width(head));
        let whole = self.widths.get(at).copied().unwrap_or_default();
        match at {
            _ if self.is_kept(at) || self.numbers.get(at) == Some(&true) => whole,
            0 if whole + GAP + LEAST <= room => whole,
            0 => whole.min(LEAST_OF_FIRST.max(room / 2)),
            _ => whole.min(LEAST.max(head)),
        }
    }

    /// How many columns of the terminal each column gets in `room`; none if it is
    /// left out, which the first never is. First those go that say the same in
    /// every row. If the others fit when they are made narrower, the widest are;
    /// else they go too, and last those to be kept; all from the right.
    fn fitting(&self, room: usize) -> Vec<Option<usize>> {
        let mut shown: Vec<Option<usize>> = self.widths.iter().copied().map(Some).collect();
        if self.fits(room) {
            return shown;
        }
        let fits = |widths: &mut dyn Iterator<Item = usize>| {
            widths.map(|width| width + GAP).sum::<usize>() <= room + GAP
        };
        let is_idle = |at: &usize| !self.is_kept(*at) && self.says_nothing(*at);
        let from_right = (1..shown.len()).rev();
        let (idle, mut others): (Vec<_>, Vec<_>) = from_right.partition(is_idle);
        others.sort_by_key(|at| self.is_kept(*at));
        for at in idle.iter().chain(&others) {
            let there = shown.iter().enumerate();
            let there = there.filter_map(|(at, one)| one.map(|whole| (at, whole)));
            let mut widths = there.map(|(other, whole)| match idle.contains(at) {
                true => whole,
                false => self.least(other, room),
            });
            if fits(&mut widths) {
                continue;
            }
            if let Some(one) = shown.get_mut(*at) {
                *one = None;
            }
        }
        self.shrink(&mut shown, room);
        shown
    }

    /// Makes the widest columns narrower until all fit `room`.
    fn shrink(&self, shown: &mut [Option<usize>], room: usize) {
        let columns = shown.iter_mut().enumerate();
        for (at, one) in columns.filter_map(|(at, one)| Some((at, one.as_mut()?))) {
            // No text needs more than all the room.
            *one = (*one).min(room.max(self.least(at, room)));
        }
        while shown
            .iter()
            .flatten()
            .map(|width| width + GAP)
            .sum::<usize>()
            > room + GAP
        {
            let columns = shown.iter_mut().enumerate();
            let columns = columns.filter_map(|(at, one)| Some((at, one.as_mut()?)));
            let wider = columns.filter(|(at, one)| **one > self.least(*at, room));
            match wider.max_by_key(|(_, one)| **one) {
                Some((_, one)) => *one -= 1,
                None => break,
            }
        }
    }

    pub(in crate::output) fn fits(&self, room: usize) -> bool {
        let total: usize = self.widths.iter().map(|width| width + GAP).sum();
        total <= room + GAP
    }

    /// Appends the table. Columns that have no `room` are named in the footer,
    /// which begins with `count`.
    pub(in crate::output) fn write(self, out: &mut Vec<u8>, count: &str, room: usize, look: &Look) {
        let shown = self.fitting(room);
        let columns: usize = shown.iter().flatten().map(|width| width + GAP).sum();
        let rule = rule().to_string();
        let rule = rule.repeat(columns.saturating_sub(GAP).min(room));
        self.line(out, &self.heads, &shown, Role::Heading, room, look);
        look.palette.append(out, Role::Dim, &rule);
        out.push(b'\n');
        for row in &self.rows {
            self.line(out, row, &shown, Role::Value, room, look);
        }
        let hidden = self.heads.iter().zip(&shown);
        let hidden = hidden.filter(|(_, shown)| shown.is_none());
        let hidden: Vec<_> = hidden.map(|(head, _)| &head[..]).collect();
        let hidden = hidden.join(", ");
        let footer = match hidden.is_empty() {
            true => count.to_owned(),
            false => format!("{count}; no room for {hidden} (/x or --fields '*' shows all)"),
        };
        for line in wrap(&footer, room) {
            look.palette.append(out, Role::Dim, &line);
            out.push(b'\n');
        }
    }

    /// Appends the cells of one line that are `shown`.
    fn line(
        &self,
        out: &mut Vec<u8>,
        cells: &[String],
        shown: &[Option<usize>],
        role: Role,
        room: usize,
        look: &Look,
    ) {
        let mut line = String::new();
        let columns = shown.iter().zip(&self.numbers).enumerate();
        for (at, columns, number) in
            columns.filter_map(|(at, (shown, number))| Some((at, (*shown)?, *number)))
        {
            let text = cells.get(at).map_or("", String::as_str);
            let text = cut(text, columns);
            if at > 0 {
                line.push_str(&" ".repeat(GAP));
            }
            match number {
                true => {
                    let blanks = columns.saturating_sub(width(&text));
                    line.push_str(&" ".repeat(blanks));
                    line.push_str(&text);
                }
                false => line.push_str(&pad(&text, columns)),
            }
        }
        look.palette.append(out, role, &cut(line.trim_end(), room));
        out.push(b'\n');
    }
}
