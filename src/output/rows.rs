//! Rows of amish's own as a table: the columns that are asked for, and what
//! gives way where the screen is narrow.

use super::columns::{cut, room, widest, width};
use super::table::{GAP, Grid};
use super::{Fields, Look, Role, signs, views};
use crate::peer_text::visible;

/// Rows below their heads.
#[derive(Debug, Clone)]
pub struct Rows {
    /// What a row is, for json: `call`.
    pub kind: &'static str,
    /// The name of each column; true marks a column of numbers.
    pub heads: Vec<(&'static str, bool)>,
    /// As many cells per row as there are heads.
    pub rows: Vec<Vec<String>>,
    /// Shown below the table, for people.
    pub footer: String,
    /// What gives way first where there is no room; then columns from the
    /// right, but never the first.
    pub gives: &'static [Gives],
}

/// One step to a table that is less wide.
#[derive(Debug, Clone, Copy)]
pub enum Gives {
    /// This column is left out.
    Way(&'static str),
    /// The texts of this column are cut, down to so many columns.
    Room(&'static str, usize),
}

impl Rows {
    /// The columns that `fields` names, in its order. Fields that name none of
    /// them are meant for a list of the server's.
    pub(super) fn chosen(&self, fields: &Fields) -> (Vec<String>, Vec<Vec<String>>) {
        let all = || self.heads.iter().map(|(head, _)| (*head).to_owned());
        let named = fields.named().unwrap_or_default();
        let places: Vec<Option<usize>> = named.iter().map(|name| self.place(name)).collect();
        if places.iter().all(Option::is_none) {
            return (all().collect(), self.rows.clone());
        }
        let pick = |row: &Vec<String>| {
            let cell = |at: &Option<usize>| row.get((*at)?).cloned();
            places
                .iter()
                .map(|at| cell(at).unwrap_or_default())
                .collect()
        };
        (named.to_vec(), self.rows.iter().map(pick).collect())
    }

    /// Which column has the head `name`, in any case.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let mut heads = self.heads.iter();
        heads.position(|(head, _)| head.eq_ignore_ascii_case(name))
    }

    /// Appends the table. Columns that are empty in every row are left out.
    pub(super) fn drawn(&self, out: &mut Vec<u8>, fields: &Fields, look: &Look) {
        let (names, mut rows) = self.chosen(fields);
        for text in rows.iter_mut().flatten() {
            *text = visible::text(text.as_bytes()).into_owned();
        }
        let column = |(at, head): (usize, &'_ String)| {
            let cells = rows.iter().map(|row| row.get(at).cloned());
            (head.clone(), cells.map(Option::unwrap_or_default).collect())
        };
        let columns = names.iter().enumerate().map(column);
        let columns = columns.map(|(head, cells)| Column {
            is_number: self.heads.contains(&(&head, true)),
            head,
            cells,
        });
        let mut columns: Vec<Column> = columns.filter(Column::is_used).collect();
        let room = room(look);
        if *fields == Fields::All && excess(&columns, room) > 0 {
            return self.one_by_one(out, &columns, look);
        }
        let gone = narrow(&mut columns, self.gives, room);
        let footer = match gone.is_empty() {
            true => self.footer.clone(),
            false => format!(
                "{}; no room for {} (/set fields * shows all)",
                self.footer,
                gone.join(", ")
            ),
        };
        let heads = columns.iter().map(|one| (&one.head[..], one.is_number));
        let heads: Vec<(&str, bool)> = heads.collect();
        let row = |at: usize| columns.iter().map(|one| one.cell(at).to_owned()).collect();
        let rows = (0..rows.len()).map(row).collect();
        look.shown(out, |out| {
            Grid::new(&heads, rows).write(out, &footer, room, look);
        });
    }

    /// Appends each row as a name and a value a line.
    fn one_by_one(&self, out: &mut Vec<u8>, columns: &[Column], look: &Look) {
        for at in 0..self.rows.len() {
            let pairs = columns.iter().map(|one| (one.head.clone(), one.cell(at)));
            let pairs: Vec<(String, &str)> = pairs.collect();
            views::explained(out, &pairs, look);
            out.push(b'\n');
        }
        look.palette.append(out, Role::Dim, &self.footer);
        out.push(b'\n');
    }
}

struct Column {
    head: String,
    is_number: bool,
    cells: Vec<String>,
}

impl Column {
    fn is_used(&self) -> bool {
        self.cells.iter().any(|cell| !cell.is_empty())
    }

    fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    /// With the blanks behind it.
    fn width(&self) -> usize {
        widest(&self.cells).max(width(&signs(&self.head))) + GAP
    }
}

/// By how much `columns` are too wide for `room`.
fn excess(columns: &[Column], room: usize) -> usize {
    let all: usize = columns.iter().map(Column::width).sum();
    all.saturating_sub(room + GAP)
}

/// Makes `columns` fit `room`; returns the heads of those left out.
fn narrow(columns: &mut Vec<Column>, gives: &[Gives], room: usize) -> Vec<String> {
    let mut gone = Vec::new();
    for step in gives {
        let (Gives::Way(head) | Gives::Room(head, _)) = step;
        let excess = excess(columns, room);
        let mut heads = columns.iter();
        let place = heads.position(|one| one.head.eq_ignore_ascii_case(head));
        let Some(at) = place.filter(|at| excess > 0 && *at > 0) else {
            continue;
        };
        match (step, columns.get_mut(at)) {
            (Gives::Room(_, least), Some(column)) => {
                let room = (column.width() - GAP).saturating_sub(excess).max(*least);
                for cell in &mut column.cells {
                    *cell = cut(cell, room).into_owned();
                }
            }
            _ => gone.push(columns.remove(at).head),
        }
    }
    while columns.len() > 1 && excess(columns, room) > 0 {
        gone.extend(columns.pop().map(|column| column.head));
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::PLAIN;

    fn shown(width: usize, fields: &str) -> String {
        let cells = [
            "SIP/1-1",
            "Alice Longname <101>",
            "102",
            "talking",
            "11:38:45",
            "0:07",
        ];
        let rows = Rows {
            kind: "call",
            heads: ["Leg", "Who", "Whom", "State", "Since", "Time"]
                .map(|head| (head, head == "Time"))
                .to_vec(),
            rows: vec![cells.map(str::to_owned).to_vec()],
            footer: "1 leg".to_owned(),
            gives: &[
                Gives::Way("Since"),
                Gives::Room("Who", 12),
                Gives::Way("Time"),
            ],
        };
        let look = Look {
            terminal: true,
            width,
            ..PLAIN
        };
        let mut out = Vec::new();
        rows.drawn(&mut out, &Fields::set(fields).unwrap(), &look);
        String::from_utf8(out).unwrap()
    }

    // What is asked for stays longest, and the footer says what brings the rest.
    #[test]
    fn what_matters_least_gives_way_first() {
        assert!(!shown(61, "off").contains("no room"));
        insta::assert_snapshot!(shown(50, "off"), @"
            Leg      Who                   Whom  State    Time
            ──────────────────────────────────────────────────
            SIP/1-1  Alice Longname <101>  102   talking  0:07
            1 leg; no room for Since (/set fields * shows all)
            ");
        insta::assert_snapshot!(shown(42, "off"), @"
            Leg      Who           Whom  State    Time
            ──────────────────────────────────────────
            SIP/1-1  Alice Longn…  102   talking  0:07
            1 leg; no room for Since (/set fields *
            shows all)
            ");
    }

    // The footer promises it, and the columns are those of a table.
    #[test]
    fn fields_choose_the_columns() {
        insta::assert_snapshot!(shown(80, "whom,LEG,Nothing"), @"
            whom  LEG
            ─────────────
            102   SIP/1-1
            1 leg
            ");
        insta::assert_snapshot!(shown(40, "*"), @"
            Leg    SIP/1-1
            Who    Alice Longname <101>
            Whom   102
            State  talking
            Since  11:38:45
            Time   0:07
            
            1 leg
            ");
        assert_eq!(
            shown(80, "Queue,Calls"),
            shown(80, "off"),
            "of another list"
        );
    }
}
