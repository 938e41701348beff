//! What amish itself shows, in every form: a list of calls, a page of help, who
//! the user is. Table and packet forms are laid out for people; in json each
//! row is an object, in csv and tsv a row.

use super::csv::Pen;
use super::rows::Rows;
use super::{Fields, Form, Look, json, views};

/// One part of a screen.
#[derive(Debug, Clone)]
pub enum Block {
    /// Rows below their heads.
    Rows(Rows),
    /// Names and values, one per line.
    Facts {
        /// Their subject, for json: `whoami`.
        kind: &'static str,
        /// A name and its value.
        facts: Vec<(&'static str, String)>,
    },
    /// Lines for people, laid out already. Programs get them line by line.
    Text {
        /// What they are, for json: `help`.
        kind: &'static str,
        /// Each ends in a line end.
        text: Vec<u8>,
    },
}

impl Block {
    pub(super) fn is_text(&self, wanted: &[u8]) -> bool {
        matches!(self, Block::Text { text, .. } if text == wanted)
    }

    pub(super) fn rows(&self) -> Option<&Rows> {
        match self {
            Block::Rows(rows) => Some(rows),
            _ => None,
        }
    }
}

/// Appends `block` in a form, with these fields.
pub(super) fn screen(
    out: &mut Vec<u8>,
    block: &Block,
    (form, fields): (Form, &Fields),
    pen: Pen,
    look: &Look,
) {
    match form {
        Form::Json => objects(out, block),
        Form::Csv | Form::Tsv => records(out, block, fields, pen),
        Form::Table | Form::Packet | Form::Raw => drawn(out, block, fields, look),
    }
}

fn drawn(out: &mut Vec<u8>, block: &Block, fields: &Fields, look: &Look) {
    match block {
        Block::Rows(rows) => rows.drawn(out, fields, look),
        Block::Facts { facts, .. } => views::facts(out, facts, look),
        Block::Text { text, .. } => out.extend_from_slice(text),
    }
}

fn objects(out: &mut Vec<u8>, block: &Block) {
    match block {
        Block::Rows(Rows {
            kind, heads, rows, ..
        }) => {
            for row in rows {
                let cells = heads.iter().map(|(head, _)| *head).zip(row);
                json::object(out, kind, cells.map(|(head, cell)| (head, cell.as_bytes())));
            }
        }
        Block::Facts { kind, facts } => {
            let pairs = facts.iter().map(|(name, fact)| (*name, fact.as_bytes()));
            json::object(out, kind, pairs);
        }
        Block::Text { kind, text } => json::lines(out, kind, lines(text)),
    }
}

fn records(out: &mut Vec<u8>, block: &Block, fields: &Fields, pen: Pen) {
    match block {
        Block::Rows(rows) => {
            let (heads, rows) = rows.chosen(fields);
            pen.row(out, heads);
            rows.iter().for_each(|row| pen.row(out, row));
        }
        Block::Facts { facts, .. } => {
            facts
                .iter()
                .for_each(|(name, fact)| pen.row(out, [*name, fact]));
        }
        Block::Text { text, .. } => lines(text).for_each(|line| pen.row(out, [line])),
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.split(|byte| *byte == b'\n')
}
