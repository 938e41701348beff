//! The current output form: a packet, a reply or a gap goes in, and text is
//! appended to a buffer.

mod list;
mod merged;

use super::csv::{Pen, Style, Tables};
use super::gathering::PbxLabel;
use super::pairs::has;
use super::screen::{self, Block};
use super::{Fields, Form, Look, Palette, event_line, json, packet, table};
use crate::ami::{Kind, Packet, Reply};
use crate::peer_text::visible;
use jiff::tz::TimeZone;
use std::time::SystemTime;

/// What a reply answers, as far as that changes how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// An Action.
    Action,
    /// `cli TEXT`: plain text in the forms for people.
    Cli,
}

/// Shows what one server sends, in one form.
#[derive(Debug, Clone)]
pub struct Printer {
    /// The current form.
    pub form: Form,
    /// Colour, width, and whether a terminal must be protected.
    pub look: Look,
    /// `host:port` as connected, for json.
    pub target: String,
    stamp: json::Stamp,
    fields: Fields,
    /// The fields that no packet has had so far.
    unmet: Vec<String>,
    tables: Tables,
    copy: Option<Box<Copy>>,
    /// Which of several PBXs this is.
    label: Option<PbxLabel>,
    /// How many of its answers were gathered.
    answers: usize,
}

/// A second rendering of the output, for a file.
#[derive(Debug, Clone)]
struct Copy {
    printer: Printer,
    text: Vec<u8>,
}

impl Printer {
    /// A printer with amish's choice of fields.
    pub fn new(form: Form, look: Look, target: String) -> Printer {
        Printer {
            form,
            look,
            target,
            stamp: json::Stamp::default(),
            fields: Fields::Chosen,
            unmet: Vec::new(),
            tables: Tables::default(),
            copy: None,
            label: None,
            answers: 0,
        }
    }

    /// Gives every json object an `_id` from now on, which begins with `run`: for
    /// a reader who may get some twice.
    pub fn identify_in(&mut self, run: String) {
        self.stamp.identify_in(run);
    }

    /// What is shown next is `id` of this run.
    pub fn identify(&mut self, id: &impl std::fmt::Display) {
        self.stamp.identify(id);
    }

    /// Which headers are shown.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Sets the headers to show from now on.
    pub fn set_fields(&mut self, fields: Fields) {
        self.unmet = fields.named().unwrap_or_default().to_vec();
        self.tables.close();
        self.fields = fields;
    }

    /// Whether a stream of events can be shown. `one_name`: they all have the
    /// same name.
    ///
    /// # Errors
    /// In csv and tsv, events of different kinds have no columns in common. The
    /// text says what to do.
    pub fn takes_events(&self, one_name: bool) -> Result<(), String> {
        match self.form.is_rows() && self.fields == Fields::Chosen && !one_name {
            true => Err(format!(
                "events have no columns in common: choose those of the {} with --fields Event,Channel, or one event with --filter Hangup",
                self.form.name()
            )),
            false => Ok(()),
        }
    }

    /// Keeps a copy of what is shown for [`Printer::copied`], as a pipe would
    /// get it. `begun`: the file is not empty, so that a table starts with an
    /// empty line.
    pub fn copy(&mut self, begun: bool) {
        let look = Look {
            palette: Palette::OFF,
            terminal: false,
            width: 0,
            now: None,
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

    /// The copy of what was shown since the last call.
    pub fn copied(&mut self) -> Vec<u8> {
        let text = self.copy.as_mut().map(|copy| &mut copy.text);
        text.map(std::mem::take).unwrap_or_default()
    }

    /// Notes for stderr, for which the form has no place.
    pub fn notes(&mut self) -> Vec<String> {
        self.tables.notes()
    }

    /// Names, once, the fields that no packet has had so far.
    pub fn unmet(&mut self) -> Option<String> {
        if self.gathering().is_some() {
            // Another PBX may have them: whoever shows all together tells.
            return None;
        }
        let unmet = std::mem::take(&mut self.unmet);
        let used = self.form == Form::Table || self.form.is_rows();
        (used && !unmet.is_empty()).then(|| format!("nothing here has {}", unmet.join(", ")))
    }

    fn meet(&mut self, packet: &Packet) {
        if !self.unmet.is_empty() {
            self.unmet.retain(|name| !has(packet, name));
        }
    }

    /// Notes which fields a screen of amish's own has: another printer, such as
    /// one for a local command, may show it.
    pub fn meet_columns(&mut self, blocks: &[Block]) {
        let is_column = |name: &String| {
            let mut rows = blocks.iter().filter_map(Block::rows);
            rows.any(|rows| rows.place(name).is_some())
        };
        self.unmet.retain(|name| !is_column(name));
    }

    /// Shows a complete reply. `late`: amish had stopped waiting for it.
    pub fn reply(
        &mut self,
        out: &mut Vec<u8>,
        time: SystemTime,
        reply: &Reply,
        asked: Asked,
        late: bool,
    ) {
        reply.packets().for_each(|packet| self.meet(packet));
        if !late && self.gathered(reply) {
            return;
        }
        self.twice(out, |own, out| match own.form {
            Form::Table | Form::Packet if asked == Asked::Cli && reply.output().is_some() => {
                table::output(out, reply, &own.look);
            }
            Form::Table => table::reply(out, reply, &own.fields, &own.look_at(time)),
            Form::Csv | Form::Tsv => own.tables.reply(out, reply, &own.fields, own.pen()),
            _ => reply
                .unseen()
                .for_each(|packet| own.packet(out, Some(time), packet, late)),
        });
    }

    /// Shows an event that belongs to no answer.
    pub fn event(&mut self, out: &mut Vec<u8>, time: SystemTime, event: &Packet) {
        self.meet(event);
        let label = self.beside_time();
        let stamp = || event_line::clock(time, &TimeZone::system()) + &label;
        self.twice(out, |own, out| own.stamped(out, time, event, stamp));
    }

    /// Shows an event of something that began at `begun`, with the seconds
    /// since then.
    pub fn event_after(
        &mut self,
        out: &mut Vec<u8>,
        begun: SystemTime,
        time: SystemTime,
        event: &Packet,
    ) {
        self.meet(event);
        let label = self.beside_time();
        let stamp = || event_line::since(begun, time) + &label;
        self.twice(out, |own, out| own.stamped(out, time, event, stamp));
    }

    fn stamped(
        &mut self,
        out: &mut Vec<u8>,
        time: SystemTime,
        event: &Packet,
        stamp: impl Fn() -> String,
    ) {
        match self.form {
            Form::Table => {
                let look = self.look_at(time);
                event_line::event(out, event, stamp(), &self.fields, &look);
            }
            _ => self.packet(out, Some(time), event, false),
        }
    }

    /// Shows a Response or unframed text that answers no Action of ours. It is
    /// no row: below a header row it would be taken for an event.
    pub fn unsolicited(&mut self, out: &mut Vec<u8>, time: SystemTime, packet: &Packet) {
        if packet.kind() == Kind::Event {
            return self.event(out, time, packet);
        }
        if self.form.is_rows() {
            return self.tables.left_out(packet);
        }
        self.twice(out, |own, out| match own.form {
            Form::Table => {
                own.above(out);
                packet::packet(out, packet, &own.look);
            }
            _ => own.packet(out, Some(time), packet, false),
        });
    }

    /// Records that events are missing here. Only json shows this in the
    /// output; for the other forms the caller reports it on stderr.
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
                let stamp = own.stamp.at(time, &own.target);
                json::gap(out, Some(stamp), reason, seconds, events);
            }
        });
    }

    /// Shows the text of a script's `echo`.
    pub fn echo(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        self.twice(out, |own, out| match own.form {
            Form::Json => {
                let label = own
                    .label
                    .as_ref()
                    .map(|label| ("_pbx", label.name.as_bytes()));
                json::object(out, "echo", label.into_iter().chain([("text", text)]));
            }
            // It may contain a server's value.
            form => {
                if let Some(label) = own.label.as_ref().filter(|_| form == Form::Table) {
                    let name = visible::line(label.name.as_bytes());
                    out.extend_from_slice(format!("{name}: ").as_bytes());
                }
                match form {
                    _ if own.look.terminal => {
                        out.extend_from_slice(visible::line(text).as_bytes());
                    }
                    Form::Packet | Form::Table => visible::controls(out, text),
                    _ => out.extend_from_slice(text),
                }
                out.push(b'\n');
            }
        });
    }

    /// Shows a screen of amish's own.
    pub fn screen(&mut self, out: &mut Vec<u8>, blocks: &[Block]) {
        if self.gathered_screen(blocks) {
            return;
        }
        self.twice(out, |own, out| {
            let pen = own.pen();
            for block in blocks {
                if own.form.is_rows() {
                    own.tables.part(out, pen);
                }
                let how = (own.form, &own.fields);
                screen::screen(out, block, how, pen, &own.drawn_look());
            }
        });
    }

    fn look_at(&self, time: SystemTime) -> Look {
        Look {
            now: Some(time),
            ..self.look
        }
    }

    /// The look of what is meant for people, without colours in forms that
    /// programs read.
    pub fn drawn_look(&self) -> Look {
        match self.form {
            Form::Table | Form::Packet => self.look,
            _ => Look {
                palette: Palette::OFF,
                ..self.look
            },
        }
    }

    /// Shows a packet of a capture, in a form that shows it by itself.
    pub fn captured(&mut self, out: &mut Vec<u8>, packet: &Packet) {
        self.meet(packet);
        self.twice(out, |own, out| own.packet(out, None, packet, false));
    }

    /// Shows the packets of a whole capture, in a form of rows or as tables.
    pub fn capture(&mut self, out: &mut Vec<u8>, packets: &[Packet]) {
        packets.iter().for_each(|packet| self.meet(packet));
        self.twice(out, |own, out| {
            let pen = own.pen();
            match own.form {
                Form::Table => table::capture(out, packets, &own.fields, &own.look),
                _ => own.tables.capture(out, packets, &own.fields, pen),
            }
        });
    }

    /// Runs `show` for the output and, if there is one, for the copy. Everything a
    /// printer shows comes through here.
    fn twice(&mut self, out: &mut Vec<u8>, show: impl Fn(&mut Printer, &mut Vec<u8>)) {
        let look = self.look;
        match self.form {
            // JSON has its own escapes.
            Form::Json if look.terminal => {
                let start = out.len();
                show(self, out);
                visible::json(out, start);
            }
            _ => look.shown(out, |out| show(self, out)),
        }
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
        match self.form {
            Form::Json => {
                let stamp = time.map(|time| self.stamp.at(time, &self.target));
                json::packet(out, packet, stamp, late);
            }
            Form::Raw if self.look.terminal => visible::lines(out, packet.bytes()),
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
}
