//! Showing a list as it comes.

use super::super::Form;
use super::Printer;
use crate::ami::Packet;
use std::time::SystemTime;

impl Printer {
    /// Shows a packet of a list that is not complete. Its end is shown by
    /// [`Printer::reply`] or [`Printer::broken_off`].
    pub fn part(&mut self, out: &mut Vec<u8>, time: SystemTime, packet: &Packet) {
        self.meet(packet);
        self.twice(out, |own, out| match own.fields.named() {
            Some(names) if own.form.is_rows() => {
                let pen = own.pen();
                own.tables.item(out, packet, names, pen);
            }
            _ => own.packet(out, Some(time), packet, false),
        });
    }

    /// Shows what came of a list of which no more is waited for.
    pub fn broken_off(&mut self, out: &mut Vec<u8>) {
        self.twice(out, |own, out| {
            if let Some(names) = own.fields.named() {
                let pen = own.pen();
                own.tables.end(out, names, pen);
            }
        });
    }

    /// Whether the current form shows a list as it comes. Without chosen fields
    /// the header row of a table is known at its end.
    pub fn takes_parts(&self) -> bool {
        match self.form {
            Form::Json | Form::Packet | Form::Raw => true,
            // Of several PBXs the rows are shown together.
            Form::Csv | Form::Tsv => self.fields.named().is_some() && self.label.is_none(),
            Form::Table => false,
        }
    }
}
