//! Showing several PBXs together.

use super::super::csv::Tables;
use super::super::gathering::{Gathering, PbxLabel, one_screen};
use super::super::merged::Answered;
use super::super::screen::Block;
use super::super::{Form, table};
use super::Printer;
use crate::ami::Reply;
use crate::peer_text::visible::{self, pad};
use std::sync::Arc;

impl Printer {
    /// The same, for one PBX of several that are shown together.
    pub fn of_pbx(mut self, label: PbxLabel) -> Printer {
        self.stamp.of_pbx(label.number, label.name.clone());
        self.tables = Tables::of_pbx(label.name.clone());
        self.label = Some(label);
        self
    }

    /// Shows what several PBXs answered to the same Action.
    pub fn merged(&mut self, out: &mut Vec<u8>, answered: &[Answered<'_>]) {
        let replies = answered.iter().flat_map(|one| one.reply.packets());
        replies.for_each(|packet| self.meet(packet));
        self.twice(out, |own, out| match own.form.is_rows() {
            true => own.tables.merged(out, answered, &own.fields, own.pen()),
            false => table::merged(out, answered, &own.fields, &own.look),
        });
    }

    /// Begins what several PBXs stream, in forms with a header row.
    pub fn begin_merged(&mut self, out: &mut Vec<u8>) {
        self.twice(out, |own, out| {
            if own.form.is_rows() {
                own.tables.begin_stream(out, &own.fields, own.pen());
            }
        });
    }

    /// Keeps `reply` for [`Printer::merged`] if the form shows all together.
    pub(super) fn gathered(&mut self, reply: &Reply) -> bool {
        let is_gathered = self.form.is_rows() || self.form == Form::Table;
        let Some((label, gathering)) = self.gathering().filter(|_| is_gathered) else {
            return false;
        };
        gathering.add(label.number, self.answers, reply);
        self.answers += 1;
        true
    }

    /// Keeps `blocks` for [`Printer::one_screen`] if they are shown together.
    pub(super) fn gathered_screen(&mut self, blocks: &[Block]) -> bool {
        let Some((label, gathering)) = self.gathering() else {
            return false;
        };
        let number = label.number;
        blocks
            .iter()
            .for_each(|block| gathering.add_screen(number, block));
        true
    }

    pub(super) fn gathering(&self) -> Option<(&PbxLabel, &Gathering)> {
        let label = self.label.as_ref()?;
        Some((label, label.gathering.as_deref()?))
    }

    /// From now on answers are kept in `gathering`, as those of the PBX with this
    /// number, or else shown.
    pub fn gather(&mut self, gathering: Option<(Arc<Gathering>, usize)>) {
        let Some(label) = &mut self.label else {
            return;
        };
        if let Some((_, number)) = &gathering {
            label.number = *number;
        }
        label.gathering = gathering.map(|(gathering, _)| gathering);
        self.answers = 0;
    }

    /// Has `show` show an answer by itself that others do not wait for.
    pub fn apart(&mut self, show: impl FnOnce(&mut Printer)) {
        let own = self.label.as_mut();
        let gathering = own.and_then(|label| label.gathering.take());
        show(self);
        if let Some(label) = &mut self.label {
            label.gathering = gathering;
        }
    }

    /// The screens of several PBXs, each with its name, as one.
    pub fn one_screen(&self, screens: &[(&str, Block)]) -> Vec<Block> {
        let head = match self.form {
            Form::Json => "_pbx",
            Form::Csv | Form::Tsv => "pbx",
            Form::Table | Form::Packet | Form::Raw => "PBX",
        };
        one_screen(screens, head)
    }

    /// Appends the PBX of what follows, which has no place for it.
    pub(super) fn above(&self, out: &mut Vec<u8>) {
        if let Some(label) = &self.label {
            let name = visible::line(label.name.as_bytes());
            out.extend_from_slice(format!("{name}:\n").as_bytes());
        }
    }

    /// The PBX of an event, for the line that begins with its time.
    pub(super) fn beside_time(&self) -> String {
        let name = |label: &PbxLabel| {
            let name = visible::text(label.name.as_bytes());
            format!("  {}", pad(&name, label.columns))
        };
        // Other forms have it elsewhere, and nothing is made for each of their events.
        let label = self.label.as_ref().filter(|_| self.form == Form::Table);
        label.map(name).unwrap_or_default()
    }
}
