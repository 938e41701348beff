//! What several PBXs answered, as one table a kind whose first column is the PBX.

use super::super::columns::{end_line, room};
use super::super::headers::{is_frame, is_protocol};
use super::super::merged::{Answered, Row, kinds};
use super::super::{Fields, Look, Role, words};
use super::grid::Grid;
use super::known::{self, Nouns, count};
use super::unknown::cell;
use crate::ami::{Ending, Header, Packet, Status};
use crate::peer_text::visible;

/// More columns than any terminal has room for.
const MOST_COLUMNS: usize = 64;

/// Appends what all answered to the same Action: outputs of Commands below the name
/// of their PBX, items and Responses as tables, and who answered an Error by name.
pub(in crate::output) fn reply(
    out: &mut Vec<u8>,
    answered: &[Answered<'_>],
    fields: &Fields,
    look: &Look,
) {
    let mut part = Parts::default();
    for one in answered {
        if one.reply.output().is_some() {
            part.begin(out);
            end_line(out, &look.palette.paint(Role::Event, one.pbx));
            super::output(out, one.reply, look);
        }
    }
    let all = answered.iter().filter(|one| one.reply.output().is_none());
    let items = all
        .clone()
        .flat_map(|one| one.reply.items.iter().map(|item| (one.pbx, item)));
    let pbxs = answered.len();
    for (name, rows) in kinds(items) {
        part.begin(out);
        one_kind(out, name, &rows, fields, pbxs, look);
    }
    let responses: Vec<Row<'_>> = all.clone().filter_map(response).collect();
    if !responses.is_empty() {
        part.begin(out);
        one_kind(out, b"Response", &responses, fields, pbxs, look);
    }
    let is_empty = part.is_first;
    let troubled: Vec<String> = all.filter_map(|one| trouble(one, is_empty)).collect();
    if !troubled.is_empty() {
        part.begin(out);
    }
    for line in troubled {
        end_line(out, &look.palette.paint(Role::Warning, &line));
    }
}

/// Parts are separated by an empty line.
struct Parts {
    is_first: bool,
}

impl Default for Parts {
    fn default() -> Parts {
        Parts { is_first: true }
    }
}

impl Parts {
    fn begin(&mut self, out: &mut Vec<u8>) {
        if !std::mem::replace(&mut self.is_first, false) {
            out.push(b'\n');
        }
    }
}

/// The Response of a single answer that is a row.
fn response<'a>(one: &Answered<'a>) -> Option<Row<'a>> {
    let says = one.reply.response.as_ref()?;
    let is_row = one.reply.ending == Ending::Response && Status::of(says) != Status::Error;
    is_row.then_some((one.pbx, says))
}

/// Why an answer is no row, or not whole.
fn trouble(one: &Answered<'_>, is_empty: bool) -> Option<String> {
    let reply = one.reply;
    let message = reply.message().unwrap_or_default();
    let words = match words::incomplete(reply) {
        Some(words) => words,
        None if reply.status() == Status::Error => {
            let said = message.terminal();
            match words::is_empty_list(&message) {
                true => said.into_owned(),
                false => format!("Error: {said}"),
            }
        }
        // Among rows of others an empty list is none; where all are empty, the
        // screen must not be.
        None if reply.ending != Ending::Response && reply.items.is_empty() && is_empty => {
            let end = reply.completion.as_ref().map(Packet::name);
            match known::none_of(end.unwrap_or_default()) {
                Some(nouns) => format!("no {nouns}"),
                None => "the list is empty".to_owned(),
            }
        }
        None => return None,
    };
    Some(format!("{}: {words}", one.pbx))
}

fn one_kind(
    out: &mut Vec<u8>,
    name: &[u8],
    rows: &[Row<'_>],
    fields: &Fields,
    pbxs: usize,
    look: &Look,
) {
    let kind = known::of(name).filter(|_| *fields == Fields::Chosen);
    let is_single = name == b"Response";
    let nouns: Nouns = match (kind, is_single) {
        (Some(kind), _) => kind.nouns,
        (None, true) => ("answer", "answers"),
        (None, false) => ("item", "items"),
    };
    let (heads, cells): (Vec<(String, bool)>, Vec<Vec<String>>) = match kind {
        Some(kind) => {
            let heads = kind.columns.iter();
            let heads = heads.map(|one| (one.heading.to_owned(), one.number));
            let row = |packet: &Packet| {
                let cells = kind.columns.iter();
                cells
                    .map(|column| column.cell.text(packet, look.now).into_owned())
                    .collect()
            };
            let cells = rows.iter().map(|(_, packet)| row(packet));
            (heads.collect(), cells.collect())
        }
        None => {
            let keys = keys(rows, fields, is_single);
            let heads = keys
                .iter()
                .map(|key| (visible::text(key).into_owned(), false));
            let row = |packet: &Packet| keys.iter().map(|key| cell(packet, key, look)).collect();
            let cells = rows.iter().map(|(_, packet)| row(packet));
            (heads.collect(), cells.collect())
        }
    };
    let heads: Vec<(&str, bool)> = std::iter::once(("PBX", false))
        .chain(heads.iter().map(|(head, number)| (&head[..], *number)))
        .collect();
    let cells = rows.iter().zip(cells).map(|((pbx, _), mut row)| {
        row.insert(0, (*pbx).to_owned());
        row
    });
    let footer = format!("{} of {pbxs} PBXs", count(rows.len(), nouns));
    Grid::of_used(&heads, cells.collect()).write(out, &footer, room(look), look);
}

/// The columns of a kind that amish has none for: `fields`, or every header that
/// is not empty in all rows.
fn keys<'a>(rows: &[Row<'a>], fields: &'a Fields, is_single: bool) -> Vec<&'a [u8]> {
    if let Some(names) = fields.named() {
        return names.iter().map(|name| name.as_bytes()).collect();
    }
    let says = |header: &Header<'_>| match (fields, is_single) {
        (Fields::All, _) => true,
        // Of a single answer the message is what there is to say.
        (_, true) => header.is("Message") || !is_protocol(header),
        (_, false) => !is_frame(header),
    };
    let mut keys: Vec<&[u8]> = Vec::new();
    let headers = rows.iter().flat_map(|(_, packet)| packet.headers());
    for header in headers.filter(|header| says(header) && !header.value.is_empty()) {
        let is_met = keys.iter().any(|key| key.eq_ignore_ascii_case(header.key));
        if !is_met && keys.len() < MOST_COLUMNS {
            keys.push(header.key);
        }
    }
    keys
}
