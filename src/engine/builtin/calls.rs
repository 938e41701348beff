//! `/calls`: who is talking to whom or waiting where, and since when.

use crate::ami::Classes;
use crate::calls::Row;
use crate::engine::flow::Done;
use crate::engine::runner::Runner;
use crate::output::{Block, Gives, Role, Rows, signs};
use jiff::tz::TimeZone;

/// Time says what Since says; who talks to whom, and what the call is doing, is
/// what it is asked for.
const GIVES: [Gives; 8] = [
    Gives::Way("Since"),
    Gives::Room("Who", 12),
    Gives::Room("Where", 12),
    Gives::Way("Time"),
    Gives::Way("Where"),
    Gives::Way("Who"),
    Gives::Way("Whom"),
    Gives::Way("State"),
];

impl Runner<'_> {
    pub(super) fn calls(&mut self) -> Done {
        self.connected()?;
        let _wanted = self.want(Classes::CALL)?;
        let now = self.refresh_channels()?;
        let (rows, forgotten) = match &self.transcript.lock().observed {
            Some(observed) => {
                let calls = &observed.calls;
                (calls.overview(now, &TimeZone::system()), calls.forgotten())
            }
            None => (Vec::new(), 0),
        };
        let block = self.overview(rows, forgotten);
        self.screen(&[block])
    }

    fn overview(&self, rows: Vec<Row>, forgotten: u64) -> Block {
        let calls = rows.iter().filter(|row| row.first).count();
        let mut footer = match (calls, rows.len()) {
            (0, _) => "No calls.".to_owned(),
            (calls, legs) => format!("{}, {}", counted(calls, "call"), counted(legs, "leg")),
        };
        if forgotten > 0 {
            footer += &format!("; {forgotten} more did not fit into memory");
        }
        let printer = self.printer();
        let look = printer.drawn_look();
        if calls == 0 && printer.form.is_drawn() {
            let text = format!("{}\n", look.palette.paint(Role::Dim, &footer)).into_bytes();
            return Block::Text { kind: "call", text };
        }
        let row = |row: Row| {
            let mut cells = Vec::from(row.cells);
            if let Some(leg) = cells
                .first_mut()
                .filter(|_| !row.first && printer.form.is_drawn())
            {
                leg.insert_str(0, &signs("└ "));
            }
            cells
        };
        let heads = ["Leg", "Who", "Whom", "State", "Where", "Since", "Time"];
        Block::Rows(Rows {
            kind: "call",
            heads: heads.map(|head| (head, head == "Time")).to_vec(),
            rows: rows.into_iter().map(row).collect(),
            footer,
            gives: &GIVES,
        })
    }
}

/// `1 leg`, `2 legs`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
