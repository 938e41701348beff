//! csv and tsv: one table with a header row a kind, an empty line between.
//!
//! Values are as the server sent them; the words and pictures of the other
//! forms are for people.

use super::fields::Fields;
use super::table::{broken, groups, shown};
use super::{body_lines, sanitize};
use crate::ami::{Ending, Kind, Packet, Reply};
use std::borrow::Cow;
use std::collections::HashMap;

/// How cells and rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// RFC 4180: commas, quotes where they are needed, CRLF.
    Csv,
    /// Tabs; a tab, a line end and a backslash in a value as `\t`, `\n`, `\r`
    /// and `\\`.
    Tsv,
}

/// The column of lines that belong to no header, named as in json.
const LINES: &[u8] = b"_lines";

/// How a table is written: in which style, and for whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub style: Style,
    /// Is it a terminal? Then everything of the server is sanitised.
    pub terminal: bool,
}

/// What is written one after the other, and what of it another row may
/// continue.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    begun: bool,
    /// The table of events that was written last, with their name.
    open: Option<(Vec<u8>, Columns)>,
    /// What somebody should know who sees the rows only.
    notes: Vec<String>,
}

/// The columns of a table: their heads, and the place of each key.
#[derive(Debug, Clone, Default)]
struct Columns {
    heads: Vec<Vec<u8>>,
    places: HashMap<Vec<u8>, usize>,
    /// It was said that something has no column.
    told: bool,
}

impl Columns {
    /// Those of `fields`, else every key of `packets` in the order in which
    /// they first appear. The ActionID is amish's own and another one each
    /// time: it is left out unless all is wanted.
    fn of<'a>(fields: &Fields, packets: impl IntoIterator<Item = &'a Packet>) -> Columns {
        let mut columns = Columns::default();
        if let Some(names) = fields.named() {
            names.iter().for_each(|name| columns.add(name.as_bytes()));
            return columns;
        }
        for (key, _) in packets.into_iter().flat_map(pairs) {
            if *fields == Fields::All || !is_action_id(key) {
                columns.add(key);
            }
        }
        columns
    }

    fn add(&mut self, key: &[u8]) {
        let place = self.heads.len();
        let known = self.places.entry(key.to_ascii_lowercase());
        if *known.or_insert(place) == place {
            self.heads.push(key.to_vec());
        }
    }

    fn place(&self, key: &[u8]) -> Option<usize> {
        self.places.get(&key.to_ascii_lowercase()).copied()
    }
}

impl Tables {
    /// `begun`: an empty line comes first.
    pub(super) fn new(begun: bool) -> Tables {
        Tables {
            begun,
            ..Tables::default()
        }
    }

    /// The columns are others from now on.
    pub(super) fn close(&mut self) {
        self.open = None;
    }

    /// Appends the items of `reply`, or its Response where there are none; of a
    /// Command what it printed, line by line.
    pub(super) fn reply(&mut self, out: &mut Vec<u8>, reply: &Reply, fields: &Fields, pen: Pen) {
        if let Some(lines) = reply.output() {
            self.begin(out, &[b"Output".to_vec()], pen);
            lines.iter().for_each(|line| pen.row(out, [*line]));
            return;
        }
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
        self.notes.extend(broken(reply.ending).map(str::to_owned));
    }

    /// One table a kind.
    fn kinds(
        &mut self,
        out: &mut Vec<u8>,
        kinds: Vec<(&[u8], Vec<&Packet>)>,
        fields: &Fields,
        pen: Pen,
    ) {
        for (_, items) in shown(kinds, fields) {
            let columns = Columns::of(fields, items.iter().copied());
            self.begin(out, &columns.heads, pen);
            for item in items {
                self.row(out, item, &columns, pen);
            }
        }
    }

    /// Appends an event as a row of the table above, if that has the same
    /// columns: with fields it has for all events, else for those of one name.
    pub(super) fn row_of(&mut self, out: &mut Vec<u8>, event: &Packet, fields: &Fields, pen: Pen) {
        let kind = match fields.named() {
            Some(_) => &b""[..],
            None => event.name(),
        };
        let above = self.open.take();
        let (kind, mut columns) = match above.filter(|(above, _)| above.eq_ignore_ascii_case(kind))
        {
            Some(above) => above,
            None => {
                let columns = Columns::of(fields, [event]);
                self.begin(out, &columns.heads, pen);
                (kind.to_vec(), columns)
            }
        };
        let other = self.row(out, event, &columns, pen);
        // The header row is written: it cannot grow.
        if let (None, false, Some(key)) = (fields.named(), columns.told, other) {
            let [name, key] = [event.name(), key].map(String::from_utf8_lossy);
            self.notes.push(format!(
                "a later {name} has {key} too, which has no column here: name the fields"
            ));
            columns.told = true;
        }
        self.open = Some((kind, columns));
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

    /// What is to be said beside the rows, once.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    fn begin(&mut self, out: &mut Vec<u8>, heads: &[Vec<u8>], pen: Pen) {
        if std::mem::replace(&mut self.begun, true) {
            out.extend_from_slice(pen.line_end());
        }
        self.open = None;
        pen.row(out, heads.iter().map(Vec::as_slice));
    }

    /// Appends `packet` as a row, and returns a key that has no column.
    fn row<'a>(
        &self,
        out: &mut Vec<u8>,
        packet: &'a Packet,
        columns: &Columns,
        pen: Pen,
    ) -> Option<&'a [u8]> {
        let mut other = None;
        let mut cells: Vec<(usize, &[u8])> = Vec::with_capacity(columns.heads.len());
        for (key, value) in pairs(packet) {
            match columns.place(key) {
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
            (0..columns.heads.len()).map(|column| {
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

/// The values of a header that occurs again, joined by LF.
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

/// The keys and values of a packet. The text of a Command has the key that
/// servers from 14 on give it.
fn pairs(packet: &Packet) -> impl Iterator<Item = (&[u8], &[u8])> {
    let framed = packet.kind() != Kind::Unframed;
    let headers = packet.headers().filter(move |_| framed);
    let headers = headers.map(|header| (header.key, header.value));
    let body = packet.body().into_iter().flat_map(body_lines);
    let stray = packet.stray_lines().filter(move |_| framed);
    let lines = packet.lines().filter(move |_| !framed).chain(stray);
    headers
        .chain(body.map(|line| (&b"Output"[..], line)))
        .chain(lines.map(|line| (LINES, line)))
}

/// Has `packet` a value of this name?
pub(super) fn has(packet: &Packet, name: &str) -> bool {
    pairs(packet).any(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes()))
}

fn is_action_id(key: &[u8]) -> bool {
    key.eq_ignore_ascii_case(b"ActionID")
}

impl Pen {
    fn line_end(self) -> &'static [u8] {
        match (self.style, self.terminal) {
            (Style::Csv, false) => b"\r\n",
            _ => b"\n",
        }
    }

    fn row<T: AsRef<[u8]>>(self, out: &mut Vec<u8>, cells: impl IntoIterator<Item = T>) {
        let start = out.len();
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                out.push(if self.style == Style::Csv {
                    b','
                } else {
                    b'\t'
                });
            }
            self.cell(out, cell.as_ref());
        }
        // One empty cell would look like the empty line between tables.
        if out.len() == start && self.style == Style::Csv {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(self.line_end());
    }

    fn cell(self, out: &mut Vec<u8>, value: &[u8]) {
        match (self.style, self.terminal) {
            (Style::Csv, true) => quoted(out, sanitize::text(value).as_bytes()),
            (Style::Csv, false) => quoted(out, value),
            (Style::Tsv, false) => escaped(out, value),
            (Style::Tsv, true) => {
                let mut safe = Vec::new();
                escaped(&mut safe, value);
                out.extend_from_slice(sanitize::text(&safe).as_bytes());
            }
        }
    }
}

fn quoted(out: &mut Vec<u8>, value: &[u8]) {
    if !value.iter().any(|byte| b",\"\r\n".contains(byte)) {
        return out.extend_from_slice(value);
    }
    out.push(b'"');
    for byte in value {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

fn escaped(out: &mut Vec<u8>, value: &[u8]) {
    for byte in value {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests;
