//! csv and tsv: one table per kind of item, each with a header row, separated by
//! an empty line. With chosen fields a list is written as it comes.
//!
//! Values are as the server sent them. Words such as `17 User busy` are for people
//! and belong to the other forms.

mod merged;
mod pen;

pub(super) use pen::{Pen, Style};

use super::fields::Fields;
use super::groups::{Choice, groups, shown};
use super::numbered::{Numbered, numbered};
use super::pairs::{has, is_action_id, pairs};
use super::words;
use crate::ami::{Ending, Kind, Packet, Reply};
use crate::peer_text::visible;
use std::borrow::Cow;
use std::collections::HashMap;

/// The most memory, in bytes, that the columns of a table may take while it waits
/// for the next event: one event may have a million different headers.
const MOST_KEPT: usize = 1024 * 1024;

/// So many columns are sooner searched than looked up.
const FEW: usize = 8;

/// Successive tables. The last one may still get rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    begun: bool,
    /// The last table, if it may still get rows, and its columns.
    open: Option<(Of, Columns)>,
    /// Of a list that is not complete.
    choice: Choice,
    /// Notes for stderr.
    notes: Vec<String>,
    /// The PBX label events are rows of a table of several, which is begun
    /// elsewhere.
    label: Option<String>,
}

/// What the rows of a table are.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Of {
    /// Events: with fields all of them, without name; otherwise those of a name.
    Events(Vec<u8>),
    /// Items of a list, of this kind. Among them a row of an event would be
    /// taken for an item.
    Items(Vec<u8>),
}

/// The columns of a table: their heads, and the position of each key.
#[derive(Debug, Clone, Default)]
struct Columns {
    heads: Vec<Vec<u8>>,
    places: HashMap<Vec<u8>, usize>,
    /// Whether the user has been told that a header has no column.
    told: bool,
}

impl Columns {
    /// The columns `fields`, or else every key of `packets` in order of first
    /// appearance. The ActionID is amish's own and differs each time, so it is
    /// left out unless all headers are wanted.
    fn of<'a>(fields: &Fields, packets: impl IntoIterator<Item = &'a Packet>) -> Columns {
        if let Some(names) = fields.named() {
            return Columns::named(names);
        }
        let mut columns = Columns::default();
        for (key, _) in packets.into_iter().flat_map(pairs) {
            if *fields == Fields::All || !is_action_id(key) {
                columns.add(key);
            }
        }
        columns
    }

    fn named(names: &[String]) -> Columns {
        let mut columns = Columns::default();
        names.iter().for_each(|name| columns.add(name.as_bytes()));
        columns
    }

    fn add(&mut self, key: &[u8]) {
        let place = self.heads.len();
        let known = self.places.entry(key.to_ascii_lowercase());
        if *known.or_insert(place) == place {
            self.heads.push(key.to_vec());
        }
    }

    fn memory(&self) -> usize {
        let beside = 4 * size_of::<Vec<u8>>();
        let heads = self.heads.iter().map(|head| 2 * head.len() + beside);
        heads.sum()
    }

    fn place(&self, key: &[u8]) -> Option<usize> {
        // To look it up is to copy it.
        if self.heads.len() <= FEW {
            let is_key = |head: &Vec<u8>| head.eq_ignore_ascii_case(key);
            return self.heads.iter().position(is_key);
        }
        self.places.get(&key.to_ascii_lowercase()).copied()
    }

    /// Appends `pairs` as a row, and returns a key that has no column.
    fn row<'a>(
        &self,
        out: &mut Vec<u8>,
        pairs: impl Iterator<Item = (&'a [u8], &'a [u8])>,
        pen: Pen,
    ) -> Option<&'a [u8]> {
        let mut other = None;
        let mut cells: Vec<(usize, &[u8])> = Vec::with_capacity(self.heads.len());
        for (key, value) in pairs {
            match self.place(key) {
                Some(place) => cells.push((place, value)),
                None if is_action_id(key) => {}
                None => other = other.or(Some(key)),
            }
        }
        // Stable: repeats keep their order.
        cells.sort_by_key(|(place, _)| *place);
        let mut cells = &cells[..];
        pen.row(
            out,
            (0..self.heads.len()).map(|column| {
                let here = cells
                    .iter()
                    .take_while(|(place, _)| *place == column)
                    .count();
                let (values, rest) = cells.split_at(here);
                cells = rest;
                joined(values)
            }),
        );
        other
    }
}

impl Tables {
    /// `begun`: the output is not empty, so the first table begins with an
    /// empty line.
    pub(super) fn new(begun: bool) -> Tables {
        Tables {
            begun,
            ..Tables::default()
        }
    }

    /// Makes the next row begin a new table, because the columns change.
    pub(super) fn close(&mut self) {
        self.open = None;
    }

    /// Appends the items of `reply`, or its Response if there are none; for a
    /// Command its output, line by line.
    pub(super) fn reply(&mut self, out: &mut Vec<u8>, reply: &Reply, fields: &Fields, pen: Pen) {
        if let Some(lines) = reply.output() {
            self.begin(out, &[b"Output".to_vec()], pen);
            lines.iter().for_each(|line| pen.row(out, [*line]));
            return;
        }
        match fields.named() {
            Some(names) if reply.count() > 0 => self.list(out, reply, names, pen),
            _ => self.whole(out, reply, fields, pen),
        }
        self.notes.extend(words::incomplete(reply));
    }

    /// Appends the items of `reply` that were not handed out as they came, and
    /// ends the list.
    fn list(&mut self, out: &mut Vec<u8>, reply: &Reply, names: &[String], pen: Pen) {
        if reply.flown.is_some() {
            return self.end(out, names, pen);
        }
        // It may be late, and come in the middle of another list.
        let other = std::mem::take(&mut self.choice);
        for item in &reply.items {
            self.item(out, item, names, pen);
        }
        self.end(out, names, pen);
        self.choice = other;
    }

    /// Takes the next packet of a list that is not complete, and appends the rows
    /// that can be told by now.
    pub(super) fn item(&mut self, out: &mut Vec<u8>, packet: &Packet, names: &[String], pen: Pen) {
        // It is the row of an empty list, if at all, which is known at the end.
        if packet.kind() == Kind::Response {
            return;
        }
        let mut choice = std::mem::take(&mut self.choice);
        choice.next(packet, names, &mut |kind, items| {
            self.rows(out, kind, items, names, pen);
        });
        self.choice = choice;
    }

    /// Ends the list of which [`Tables::item`] has got a part.
    pub(super) fn end(&mut self, out: &mut Vec<u8>, names: &[String], pen: Pen) {
        let choice = std::mem::take(&mut self.choice);
        choice.end(names, &mut |kind, items| {
            self.rows(out, kind, items, names, pen);
        });
        self.open = None;
    }

    /// Appends items of one kind, to the last table if that is theirs.
    fn rows(
        &mut self,
        out: &mut Vec<u8>,
        kind: &[u8],
        items: &[&Packet],
        names: &[String],
        pen: Pen,
    ) {
        let above = self.open.take();
        let is_theirs = |(of, _): &(Of, Columns)| matches!(of, Of::Items(above) if above.eq_ignore_ascii_case(kind));
        let (of, columns) = above.filter(is_theirs).unwrap_or_else(|| {
            let columns = Columns::named(names);
            self.begin(out, &columns.heads, pen);
            (Of::Items(kind.to_vec()), columns)
        });
        for item in items {
            columns.row(out, pairs(item), pen);
        }
        self.open = Some((of, columns));
    }

    fn whole(&mut self, out: &mut Vec<u8>, reply: &Reply, fields: &Fields, pen: Pen) {
        let mut kinds = groups(&reply.items);
        if let (true, Some(says)) = (kinds.is_empty(), reply.packets().next()) {
            // An empty list must not look like an item without values.
            let is_list = reply.ending != Ending::Response;
            let named = fields.named().unwrap_or_default();
            let none = !named.is_empty() && !named.iter().any(|name| has(says, name));
            match is_list && none {
                true => self.begin(out, &Columns::of(fields, []).heads, pen),
                false => kinds.push((says.name(), vec![says])),
            }
        }
        self.kinds(out, kinds, fields, pen);
    }

    /// One table per kind.
    fn kinds(
        &mut self,
        out: &mut Vec<u8>,
        kinds: Vec<(&[u8], Vec<&Packet>)>,
        fields: &Fields,
        pen: Pen,
    ) {
        for (_, mut items) in shown(kinds, fields) {
            items.retain(|item| !self.numbered(out, item, fields, pen));
            if items.is_empty() {
                continue;
            }
            let columns = Columns::of(fields, items.iter().copied());
            self.begin(out, &columns.heads, pen);
            for item in items {
                columns.row(out, pairs(item), pen);
            }
        }
    }

    /// Appends a Response with numbered headers, a row a number, in a table of
    /// its own. False: it has none, or its headers themselves are asked for.
    fn numbered(&mut self, out: &mut Vec<u8>, says: &Packet, fields: &Fields, pen: Pen) -> bool {
        let Some(Numbered { columns, rows }) = numbered(says).filter(|_| *fields != Fields::All)
        else {
            return false;
        };
        let mut heads = Columns::default();
        match fields.named() {
            Some(names) => {
                let is = |name: &String, key: &[u8]| key.eq_ignore_ascii_case(name.as_bytes());
                let here = |name: &String| columns.iter().any(|key| is(name, key));
                if !names.iter().any(here) {
                    return false;
                }
                heads = Columns::named(names);
            }
            None => columns.iter().for_each(|key| heads.add(key)),
        }
        self.begin(out, &heads.heads, pen);
        for row in rows {
            heads.row(out, row.into_iter(), pen);
        }
        true
    }

    /// Appends an event as a row of the current table if that has the same
    /// columns: with fields all events have, otherwise those of the same name.
    pub(super) fn row_of(&mut self, out: &mut Vec<u8>, event: &Packet, fields: &Fields, pen: Pen) {
        let kind = match fields.named() {
            Some(_) => &b""[..],
            None => event.name(),
        };
        let above = self.open.take();
        let is_theirs = |(of, _): &(Of, Columns)| matches!(of, Of::Events(above) if above.eq_ignore_ascii_case(kind));
        let (of, mut columns) = above.filter(is_theirs).unwrap_or_else(|| {
            let columns = match self.label {
                Some(_) => merged::columns(fields),
                None => Columns::of(fields, [event]),
            };
            if self.label.is_none() {
                self.begin(out, &columns.heads, pen);
            }
            (Of::Events(kind.to_vec()), columns)
        });
        let other = match &self.label {
            Some(pbx) => columns.row(out, merged::of_pbx(pbx, event), pen),
            None => columns.row(out, pairs(event), pen),
        };
        // The header row has been written and cannot grow.
        if let (None, false, Some(key)) = (fields.named(), columns.told, other) {
            let [name, key] = [event.name(), key].map(visible::text);
            self.notes.push(format!(
                "a later {name} also has {key}, which has no column here: use --fields"
            ));
            columns.told = true;
        }
        // If the columns are too large to keep, the next event begins a new
        // table.
        self.open = (kind.len() + columns.memory() <= MOST_KEPT).then_some((of, columns));
    }

    /// Appends the packets of a capture.
    pub(super) fn capture(
        &mut self,
        out: &mut Vec<u8>,
        packets: &[Packet],
        fields: &Fields,
        pen: Pen,
    ) {
        self.kinds(out, groups(packets), fields, pen);
    }

    /// The notes since the last call.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Notes that `packet` is not among the rows.
    pub(super) fn left_out(&mut self, packet: &Packet) {
        let line = packet.bytes().split(|byte| *byte == b'\n').next();
        let line = visible::text(line.unwrap_or_default().trim_ascii());
        let line: String = line.chars().take(80).collect();
        self.notes
            .push(format!("left out, for it is no event: {line}"));
    }

    /// Ends the table above: what follows is another.
    pub(super) fn part(&mut self, out: &mut Vec<u8>, pen: Pen) {
        if std::mem::replace(&mut self.begun, true) {
            out.extend_from_slice(pen.line_end());
        }
        self.open = None;
    }

    fn begin(&mut self, out: &mut Vec<u8>, heads: &[Vec<u8>], pen: Pen) {
        self.part(out, pen);
        pen.row(out, heads.iter().map(Vec::as_slice));
    }
}

/// The values of a repeated header, joined by LF.
fn joined<'a>(values: &[(usize, &'a [u8])]) -> Cow<'a, [u8]> {
    match values {
        [] => Cow::Borrowed(b""),
        [(_, one)] => Cow::Borrowed(one),
        many => {
            let values: Vec<&[u8]> = many.iter().map(|(_, value)| *value).collect();
            Cow::Owned(values.join(&b'\n'))
        }
    }
}

#[cfg(test)]
mod tests;
