//! One place that knows which form is in force: a packet, a reply or a gap
//! in, text at the end of a buffer out.

use super::{Arrival, Look, event_line, json, packet, sanitize, table};
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
}

impl Form {
    /// The form of this name, as `/set output` takes it.
    pub fn named(name: &str) -> Option<Form> {
        match name {
            "table" => Some(Form::Table),
            "packet" => Some(Form::Packet),
            "raw" => Some(Form::Raw),
            "json" => Some(Form::Json),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Form::Table => "table",
            Form::Packet => "packet",
            Form::Raw => "raw",
            Form::Json => "json",
        }
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
}

impl Printer {
    /// A whole answer. `late`: its waiter had given up.
    pub fn reply(
        &self,
        out: &mut Vec<u8>,
        time: SystemTime,
        reply: &Reply,
        asked: Asked,
        late: bool,
    ) {
        match self.form {
            Form::Table | Form::Packet if asked == Asked::Cli && reply.output().is_some() => {
                table::output(out, reply, &self.look);
            }
            Form::Table => table::reply(out, reply, &self.look),
            _ => reply
                .packets()
                .for_each(|packet| self.packet(out, Some(time), packet, late)),
        }
    }

    /// An event that belongs to no answer.
    pub fn event(&self, out: &mut Vec<u8>, time: SystemTime, event: &Packet) {
        match self.form {
            Form::Table => event_line::event(out, event, time, &self.look),
            _ => self.packet(out, Some(time), event, false),
        }
    }

    /// A Response or text that nobody asked for.
    pub fn unsolicited(&self, out: &mut Vec<u8>, time: SystemTime, packet: &Packet) {
        match (self.form, packet.kind()) {
            (Form::Table, Kind::Event) => self.event(out, time, packet),
            (Form::Table, _) => packet::packet(out, packet, &self.look),
            _ => self.packet(out, Some(time), packet, false),
        }
    }

    /// Something is missing here. Only json has a place for it in the output;
    /// in the other forms the caller says it on stderr.
    pub fn gap(
        &self,
        out: &mut Vec<u8>,
        time: SystemTime,
        reason: &str,
        seconds: Option<f64>,
        events: Option<u64>,
    ) {
        if self.form == Form::Json {
            json::gap(out, Some(&self.arrival(time)), reason, seconds, events);
        }
    }

    /// A text of the script's own.
    pub fn echo(&self, out: &mut Vec<u8>, text: &[u8]) {
        match self.form {
            Form::Json => json::echo(out, text),
            _ => {
                out.extend_from_slice(text);
                out.push(b'\n');
            }
        }
    }

    /// A packet of a capture, which has no times. An event has no line of its
    /// own then: the table form shows packets.
    pub fn captured(&self, out: &mut Vec<u8>, packet: &Packet) {
        self.packet(out, None, packet, false);
    }

    fn packet(&self, out: &mut Vec<u8>, time: Option<SystemTime>, packet: &Packet, late: bool) {
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
            Form::Table | Form::Packet => packet::packet(out, packet, &self.look),
        }
    }

    fn arrival(&self, time: SystemTime) -> Arrival<'_> {
        Arrival {
            time,
            target: &self.target,
        }
    }
}
