//! What several PBXs answered, as rows label first column is the PBX.

use super::super::groups::{groups, shown};
use super::super::merged::{Answered, Row, kinds};
use super::super::pairs::pairs;
use super::super::{Fields, words};
use super::{Columns, Pen, Tables};
use crate::ami::{Ending, Packet};
use std::collections::HashSet;

/// The name of the first column.
pub(super) const FIRST: &[u8] = b"pbx";

impl Tables {
    /// Rows for the table of several PBXs; see [`Tables::begin_stream`].
    pub(in crate::output) fn of_pbx(name: String) -> Tables {
        Tables {
            label: Some(name),
            ..Tables::default()
        }
    }

    /// Begins the table of several PBXs, label events have `fields`.
    pub(in crate::output) fn begin_stream(&mut self, out: &mut Vec<u8>, fields: &Fields, pen: Pen) {
        self.begin(out, &columns(fields).heads, pen);
    }

    /// Appends what all answered to the same Action: a table a kind, with the
    /// columns of all PBXs, or one with the columns `fields`.
    pub(in crate::output) fn merged(
        &mut self,
        out: &mut Vec<u8>,
        answered: &[Answered<'_>],
        fields: &Fields,
        pen: Pen,
    ) {
        let outputs = answered.iter();
        let outputs = outputs.filter_map(|one| Some((one.pbx, one.reply.output()?)));
        let outputs: Vec<_> = outputs.collect();
        if !outputs.is_empty() {
            self.begin(out, &[FIRST.to_vec(), b"Output".to_vec()], pen);
        }
        for (pbx, lines) in outputs {
            let rows = lines.iter();
            rows.for_each(|line| pen.row(out, [pbx.as_bytes(), line]));
        }
        let others = || answered.iter().filter(|one| one.reply.output().is_none());
        let all: Vec<Row<'_>> = others().flat_map(rows).collect();
        let kept = shown(groups(all.iter().map(|(_, packet)| *packet)), fields);
        let kept: HashSet<Vec<u8>> = kept
            .iter()
            .map(|(kind, _)| kind.to_ascii_lowercase())
            .collect();
        let is_kept = |name: &[u8]| kept.contains(&name.to_ascii_lowercase());
        for (_, rows) in kinds(all).iter().filter(|(name, _)| is_kept(name)) {
            self.table(out, rows, fields, pen);
        }
        let incomplete = others().filter_map(|one| {
            let words = words::incomplete(one.reply)?;
            Some(format!("{}: {words}", one.pbx))
        });
        self.notes.extend(incomplete);
    }

    fn table(&mut self, out: &mut Vec<u8>, rows: &[Row<'_>], fields: &Fields, pen: Pen) {
        let mut columns = Columns::default();
        columns.add(FIRST);
        let all = Columns::of(fields, rows.iter().map(|(_, packet)| *packet));
        all.heads.iter().for_each(|head| columns.add(head));
        self.begin(out, &columns.heads, pen);
        for (pbx, packet) in rows {
            columns.row(out, of_pbx(pbx, packet), pen);
        }
    }
}

/// The columns of a stream of events with `fields`.
pub(super) fn columns(fields: &Fields) -> Columns {
    let mut columns = Columns::default();
    columns.add(FIRST);
    let named = fields.named().unwrap_or_default();
    named.iter().for_each(|name| columns.add(name.as_bytes()));
    columns
}

/// The rows of one answer: its items, or its Response. An empty list is none.
fn rows<'a>(one: &Answered<'a>) -> Vec<Row<'a>> {
    let reply = one.reply;
    let is_single = reply.items.is_empty() && reply.ending == Ending::Response;
    let single = reply.packets().filter(|_| is_single).take(1);
    let packets = reply.items.iter().chain(single);
    packets.map(|packet| (one.pbx, packet)).collect()
}

/// What a server itself calls `pbx` must not look like ours.
pub(super) fn of_pbx<'a>(
    pbx: &'a str,
    packet: &'a Packet,
) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
    let own = std::iter::once((FIRST, pbx.as_bytes()));
    own.chain(pairs(packet).filter(|(key, _)| !key.eq_ignore_ascii_case(FIRST)))
}
