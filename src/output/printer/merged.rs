//! Showing several PBXs together.

use super::super::csv::Tables;
use super::super::merged::{Answered, Whose};
use super::super::{Form, table};
use super::Printer;
use crate::ami::Reply;
use crate::peer_text::visible::{self, pad};

impl Printer {
    /// The same, for one PBX of several that are shown together.
    pub fn of_pbx(mut self, whose: Whose) -> Printer {
        self.stamp.of_pbx(whose.number, whose.name.clone());
        self.tables = Tables::of_pbx(whose.name.clone());
        self.whose = Some(whose);
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
        match self.whose.as_ref().filter(|_| is_gathered) {
            Some(whose) => {
                whose.gathering.add(whose.number, self.answers, reply);
                self.answers += 1;
                true
            }
            None => false,
        }
    }

    /// The PBX of an event, for the line that begins with its time.
    pub(super) fn beside_time(&self) -> String {
        let name = |whose: &Whose| {
            let name = visible::text(whose.name.as_bytes());
            format!("  {}", pad(&name, whose.columns))
        };
        // Other forms have it elsewhere, and nothing is made for each of their events.
        let whose = self.whose.as_ref().filter(|_| self.form == Form::Table);
        whose.map(name).unwrap_or_default()
    }
}
