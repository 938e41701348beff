//! Numbered headers of a Response as rows: `Category-000000: general` and
//! `Line-000000-000003: bindaddr=::` of GetConfig are a line of the file.

use crate::ami::{Header, Kind, Packet};
use std::collections::HashMap;

/// A key and its value.
type Pair<'a> = (&'a [u8], &'a [u8]);

/// The rows of a Response, each with the keys and values that it has.
pub(super) struct Numbered<'a> {
    /// In the order of the columns.
    pub columns: Vec<&'a [u8]>,
    pub rows: Vec<Vec<Pair<'a>>>,
}

/// What has the same first number.
#[derive(Default)]
struct Group<'a> {
    /// Without a second number: they hold for all of its rows.
    own: Vec<Pair<'a>>,
    /// By the second number.
    rows: Vec<(&'a [u8], Vec<Pair<'a>>)>,
    places: HashMap<&'a [u8], usize>,
}

/// `Stem-000001` and `Stem-000001-000002` in their parts.
pub(super) struct Key<'a> {
    pub stem: &'a [u8],
    first: &'a [u8],
    second: Option<&'a [u8]>,
}

impl<'a> Key<'a> {
    pub fn of(key: &'a [u8]) -> Option<Key<'a>> {
        let (head, last) = number_of(key)?;
        Some(match number_of(head) {
            Some((stem, first)) => Key {
                stem,
                first,
                second: Some(last),
            },
            None => Key {
                stem: head,
                first: last,
                second: None,
            },
        })
    }
}

/// A key without its last `-digits`, and those digits.
fn number_of(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let dash = key.iter().rposition(|byte| *byte == b'-')?;
    let (head, digits) = (key.get(..dash)?, key.get(dash + 1..)?);
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    (is_number && !head.is_empty()).then_some((head, digits))
}

/// The rows of `packet`, if it is a Response with numbered headers. What has no
/// number holds for all of them.
pub(super) fn numbered(packet: &Packet) -> Option<Numbered<'_>> {
    if packet.kind() != Kind::Response || packet.body().is_some() {
        return None;
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: HashMap<&[u8], usize> = HashMap::new();
    let mut common: Vec<Pair<'_>> = Vec::new();
    for header in packet.headers() {
        let Some(key) = Key::of(header.key) else {
            if !is_frame(&header) {
                common.push((header.key, header.value));
            }
            continue;
        };
        let place = *places.entry(key.first).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group::default());
        }
        let Some(group) = groups.get_mut(place) else {
            continue;
        };
        let cells = match key.second {
            None => &mut group.own,
            Some(second) => group.row(second),
        };
        match key.second.and_then(|_| option(&key, header.value)) {
            Some(pair) => cells.extend(pair),
            None => cells.push((key.stem, header.value)),
        }
    }
    let columns = columns(&common, &groups);
    let rows = groups.into_iter().flat_map(Group::rows);
    let rows = rows.map(|row| common.iter().copied().chain(row).collect());
    (!places.is_empty()).then(|| Numbered {
        columns,
        rows: rows.collect(),
    })
}

fn is_frame(header: &Header<'_>) -> bool {
    let keys = ["Response", "Message", "ActionID", "EventList"];
    keys.iter().any(|key| header.is(key))
}

/// A line of a configuration file: what is set, and to what.
fn option<'a>(key: &Key<'a>, line: &'a [u8]) -> Option<[Pair<'a>; 2]> {
    let is_line = key.stem.eq_ignore_ascii_case(b"Line");
    let sign = line.iter().position(|byte| *byte == b'=');
    let (name, value) = line.split_at(sign.unwrap_or(line.len()));
    let value = value.strip_prefix(b"=").unwrap_or(value);
    is_line.then_some([(b"Key", name), (b"Value", value)])
}

/// What is common, what names a group, what its rows have, and what else the
/// group has.
fn columns<'a>(common: &[Pair<'a>], groups: &[Group<'a>]) -> Vec<&'a [u8]> {
    let mut columns: Vec<&[u8]> = Vec::new();
    let mut seen: HashMap<Vec<u8>, ()> = HashMap::new();
    let names = groups.iter().filter_map(|group| group.own.first());
    let rows = groups.iter().flat_map(|group| &group.rows);
    let cells = rows.flat_map(|(_, cells)| cells);
    let others = groups.iter().flat_map(|group| &group.own);
    for (key, _) in common.iter().chain(names).chain(cells).chain(others) {
        if seen.insert(key.to_ascii_lowercase(), ()).is_none() {
            columns.push(key);
        }
    }
    columns
}

impl<'a> Group<'a> {
    fn row(&mut self, number: &'a [u8]) -> &mut Vec<Pair<'a>> {
        let next = self.rows.len();
        let place = *self.places.entry(number).or_insert(next);
        if place == next {
            self.rows.push((number, Vec::new()));
        }
        match self.rows.get_mut(place) {
            Some((_, cells)) => cells,
            None => &mut self.own,
        }
    }

    /// A group without rows, such as an empty section, is a row itself.
    fn rows(self) -> Vec<Vec<Pair<'a>>> {
        if self.rows.is_empty() {
            return vec![self.own];
        }
        let own = &self.own;
        let whole = |(_, cells)| own.iter().copied().chain::<Vec<Pair<'a>>>(cells).collect();
        self.rows.into_iter().map(whole).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::frames;
    use super::*;

    fn table(bytes: &[u8]) -> Option<(String, Vec<String>)> {
        let packets = frames(bytes);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let numbered = numbered(&packets[0])?;
        let columns: Vec<String> = numbered.columns.iter().map(|one| text(one)).collect();
        let row = |row: &Vec<Pair<'_>>| {
            let cells = row.iter();
            let cells: Vec<String> = cells
                .map(|(key, value)| format!("{}:{}", text(key), text(value)))
                .collect();
            cells.join(" ")
        };
        let rows = numbered.rows.iter().map(row).collect();
        Some((columns.join(" "), rows))
    }

    // A file in a spreadsheet is one row a line, not one row with a thousand
    // columns.
    #[test]
    fn numbers_make_rows() {
        let file = b"Response: Success\r\nActionID: 1\r\nCategory-000000: general\r\n\
            Line-000000-000000: a=1\r\nLine-000000-000001: exten=1,1,Set(x=2)\r\n\
            Category-000001: empty\r\nCategory-000002: t\r\nIsTemplate-000002: 1\r\n\
            Line-000002-000000: odd\r\n\r\n";
        let (columns, rows) = table(file).unwrap();
        assert_eq!(columns, "Category Key Value IsTemplate");
        assert_eq!(
            rows,
            [
                "Category:general Key:a Value:1",
                "Category:general Key:exten Value:1,1,Set(x=2)",
                "Category:empty",
                "Category:t IsTemplate:1 Key:odd Value:",
            ]
        );
        let device = b"Response: Success\r\nName: x\r\nContact-1: a\r\nState-1: up\r\n\
            Contact-2: b\r\nContact-10: c\r\n\r\n";
        let (columns, rows) = table(device).unwrap();
        assert_eq!(columns, "Name Contact State");
        assert_eq!(
            rows,
            [
                "Name:x Contact:a State:up",
                "Name:x Contact:b",
                "Name:x Contact:c"
            ]
        );
    }

    // Keys that only look like it, and events, whose columns are one a header.
    #[test]
    fn what_is_not_numbered_has_no_rows() {
        for bytes in [
            &b"Response: Success\r\nCause-txt: a\r\nSIP-T.38EC: b\r\n-1: c\r\nA-: d\r\n\r\n"[..],
            b"Response: Success\r\nPing: Pong\r\n\r\n",
            b"Event: E\r\nLine-000000: a\r\n\r\n",
        ] {
            assert!(table(bytes).is_none());
        }
    }
}
