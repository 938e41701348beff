//! One place that knows which form is in force: a packet, a reply or a gap
//! in, text at the end of a buffer out.

use super::separated::{self, Pen, Style, Tables};
use super::{Arrival, Fields, Look, Palette, event_line, json, packet, sanitize, table};
use crate::ami::{Kind, Packet, Reply};
use std::time::SystemTime;

/// How replies and events are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A list as a table, an event as a line.
    Table,
    /// `Key: Value` lines.
    Packet,
    /// The very bytes of the server; on a terminal, what it would obey is
    /// made visible.
    Raw,
    /// One JSON object a packet, one line each.
    Json,
    /// Items as rows, as RFC 4180 has them.
    Csv,
    /// Items as rows, cells apart by tabs.
    Tsv,
}

/// All forms, sorted by name.
const FORMS: [(&str, Form); 6] = [
    ("csv", Form::Csv),
    ("json", Form::Json),
    ("packet", Form::Packet),
    ("raw", Form::Raw),
    ("table", Form::Table),
    ("tsv", Form::Tsv),
];

impl Form {
    /// The form of this name, as `/set output` takes it.
    ///
    /// # Errors
    /// There is none; the names that there are.
    pub fn named(name: &str) -> Result<Form, String> {
        let found = FORMS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .map(|(_, form)| *form)
            .ok_or_else(|| format!("'{name}' is no form: table, packet, raw, json, csv or tsv"))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let found = FORMS.iter().find(|(_, form)| *form == self);
        found.map_or("", |(name, _)| name)
    }

    /// Rows below a header row: events of different kinds do not fit it.
    pub fn is_rows(self) -> bool {
        matches!(self, Form::Csv | Form::Tsv)
    }
}

/// Where a reply came from, as far as showing it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// An Action.
    Action,
    /// `cli TEXT`: plain text where people read.
    Cli,
}

/// Shows in one form, for one server.
#[derive(Debug, Clone)]
pub struct Printer {
    /// The form in force.
    pub form: Form,
    /// Colour, width, and whether a terminal must be protected.
    pub look: Look,
    /// `host:port` as connected, for json.
    pub target: String,
    fields: Fields,
    /// Of the fields, those that nothing shown has had.
    unmet: Vec<String>,
    tables: Tables,
    copy: Option<Box<Copy>>,
}

/// What is shown, once more for a file.
#[derive(Debug, Clone)]
struct Copy {
    printer: Printer,
    text: Vec<u8>,
}

impl Printer {
    /// A printer with the fields that amish chooses.
    pub fn new(form: Form, look: Look, target: String) -> Printer {
        Printer {
            form,
            look,
            target,
            fields: Fields::Chosen,
            unmet: Vec::new(),
            tables: Tables::default(),
            copy: None,
        }
    }

    /// Which headers are shown.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Shows these headers from now on.
    pub fn set_fields(&mut self, fields: Fields) {
        self.unmet = fields.named().unwrap_or_default().to_vec();
        self.tables.close();
        self.fields = fields;
    }

    /// Can a stream of events be shown, which all have `one_name` or not?
    ///
    /// # Errors
    /// Rows want columns, and events of different kinds have none in common;
    /// what to do.
    pub fn takes_events(&self, one_name: bool) -> Result<(), String> {
        match self.form.is_rows() && self.fields == Fields::Chosen && !one_name {
            true => Err(format!(
                "events have no columns in common: name those of the {} with --fields Event,Channel, or one event with --filter Hangup",
                self.form.name()
            )),
            false => Ok(()),
        }
    }

    /// Shows as `other` does from now on.
    pub fn show_as(&mut self, other: &Printer) {
        self.form = other.form;
        self.look = other.look;
        self.target.clone_from(&other.target);
        self.set_fields(other.fields.clone());
    }

    /// Keeps what is shown from now on for [`Printer::copied`] as well, as it
    /// would be in a pipe. `begun`: something stands before it.
    pub fn copy(&mut self, begun: bool) {
        let look = Look {
            palette: Palette::OFF,
            terminal: false,
            width: 0,
        };
        let mut printer = Printer::new(self.form, look, self.target.clone());
        printer.tables = Tables::new(begun);
        let text = Vec::new();
        self.copy = Some(Box::new(Copy { printer, text }));
    }

    /// Ends what [`Printer::copy`] began.
    pub fn end_copy(&mut self) {
        self.copy = None;
    }

    /// What was shown since the last time.
    pub fn copied(&mut self) -> Vec<u8> {
        let text = self.copy.as_mut().map(|copy| &mut copy.text);
        text.map(std::mem::take).unwrap_or_default()
    }

    /// What should be said beside the output: what its form has no place for.
    pub fn notes(&mut self) -> Vec<String> {
        self.tables.notes()
    }

    /// Says once which fields nothing has had until now.
    pub fn unmet(&mut self) -> Option<String> {
        let unmet = std::mem::take(&mut self.unmet);
        let used = self.form == Form::Table || self.form.is_rows();
        (used && !unmet.is_empty()).then(|| format!("nothing here has {}", unmet.join(", ")))
    }

    fn meet(&mut self, packet: &Packet) {
        if !self.unmet.is_empty() {
            self.unmet.retain(|name| !separated::has(packet, name));
        }
    }

    /// A whole answer. `late`: its waiter had given up.
    pub fn reply(
        &mut self,
        out: &mut Vec<u8>,
        time: SystemTime,
        reply: &Reply,
        asked: Asked,
        late: bool,
    ) {
        reply.packets().for_each(|packet| self.meet(packet));
        self.twice(out, |own, out| match own.form {
            Form::Table | Form::Packet if asked == Asked::Cli && reply.output().is_some() => {
                table::output(out, reply, &own.look);
            }
            Form::Table => table::reply(out, reply, &own.fields, &own.look),
            Form::Csv | Form::Tsv => own.tables.reply(out, reply, &own.fields, own.pen()),
            _ => reply
                .packets()
                .for_each(|packet| own.packet(out, Some(time), packet, late)),
        });
    }

    /// An event that belongs to no answer.
    pub fn event(&mut self, out: &mut Vec<u8>, time: SystemTime, event: &Packet) {
        self.meet(event);
        self.twice(out, |own, out| match own.form {
            Form::Table => event_line::event(out, event, time, &own.fields, &own.look),
            _ => own.packet(out, Some(time), event, false),
        });
    }

    /// An event of something that began at `begun`: its line tells how long
    /// after that it came.
    pub fn event_after(
        &mut self,
        out: &mut Vec<u8>,
        begun: SystemTime,
        time: SystemTime,
        event: &Packet,
    ) {
        self.meet(event);
        self.twice(out, |own, out| match own.form {
            Form::Table => {
                event_line::event_after(out, event, begun, time, &own.fields, &own.look);
            }
            _ => own.packet(out, Some(time), event, false),
        });
    }

    /// A Response or text that nobody asked for.
    pub fn unsolicited(&mut self, out: &mut Vec<u8>, time: SystemTime, packet: &Packet) {
        if packet.kind() == Kind::Event {
            return self.event(out, time, packet);
        }
        self.twice(out, |own, out| match own.form {
            Form::Table => packet::packet(out, packet, &own.look),
            _ => own.packet(out, Some(time), packet, false),
        });
    }

    /// Something is missing here. Only json has a place for it in the output;
    /// in the other forms the caller says it on stderr.
    pub fn gap(
        &mut self,
        out: &mut Vec<u8>,
        time: SystemTime,
        reason: &str,
        seconds: Option<f64>,
        events: Option<u64>,
    ) {
        self.twice(out, |own, out| {
            if own.form == Form::Json {
                json::gap(out, Some(&own.arrival(time)), reason, seconds, events);
            }
        });
    }

    /// A text of the script's own.
    pub fn echo(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        self.twice(out, |own, out| match own.form {
            Form::Json => json::echo(out, text),
            _ => {
                out.extend_from_slice(text);
                out.push(b'\n');
            }
        });
    }

    /// A packet of a capture, which has no times. An event has no line of its
    /// own then: the table form shows packets.
    pub fn captured(&mut self, out: &mut Vec<u8>, packet: &Packet) {
        self.packet(out, None, packet, false);
    }

    /// The packets of a whole capture, in a form of rows.
    pub fn capture(&mut self, out: &mut Vec<u8>, packets: &[Packet]) {
        let pen = self.pen();
        packets.iter().for_each(|packet| self.meet(packet));
        self.tables.capture(out, packets, &self.fields, pen);
    }

    /// Does `show` for the output, and for the copy where there is one.
    fn twice(&mut self, out: &mut Vec<u8>, show: impl Fn(&mut Printer, &mut Vec<u8>)) {
        show(self, out);
        if let Some(mut copy) = self.copy.take() {
            let own = &mut copy.printer;
            own.form = self.form;
            own.target.clone_from(&self.target);
            if own.fields != self.fields {
                own.set_fields(self.fields.clone());
            }
            show(own, &mut copy.text);
            self.copy = Some(copy);
        }
    }

    fn packet(&mut self, out: &mut Vec<u8>, time: Option<SystemTime>, packet: &Packet, late: bool) {
        let start = out.len();
        match self.form {
            Form::Json => {
                let arrival = time.map(|time| self.arrival(time));
                json::packet(out, packet, arrival.as_ref(), late);
                if self.look.terminal {
                    sanitize::json(out, start);
                }
            }
            Form::Raw if self.look.terminal => sanitize::lines(out, packet.bytes()),
            Form::Raw => out.extend_from_slice(packet.bytes()),
            Form::Csv | Form::Tsv => self.tables.row_of(out, packet, &self.fields, self.pen()),
            Form::Table | Form::Packet => packet::packet(out, packet, &self.look),
        }
    }

    fn pen(&self) -> Pen {
        Pen {
            style: match self.form {
                Form::Tsv => Style::Tsv,
                _ => Style::Csv,
            },
            terminal: self.look.terminal,
        }
    }

    fn arrival(&self, time: SystemTime) -> Arrival<'_> {
        Arrival {
            time,
            target: &self.target,
        }
    }
}
