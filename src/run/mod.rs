//! Without a terminal: scripts, streams of events, captured bytes.

pub mod decode;
pub mod dry;
mod narrow;
mod progress;
pub mod script;
pub mod signals;
pub mod source;
pub mod step;
pub mod stream;

pub use progress::Progress;

use crate::ami::{Kind, Packet};
use crate::language::{Expr, Filter};
use crate::output::Printer;
use crate::perform::Saved;
use crate::session::{Arrival, Arrived, Gap, Session};
use std::io::{self, Write};
use std::time::SystemTime;

/// Where everything goes: what was asked for, and what is said about it.
pub struct Sink<'a> {
    /// Replies and events.
    pub out: &'a mut dyn Write,
    /// Everything else.
    pub err: &'a mut dyn Write,
    /// How both look.
    pub printer: Printer,
    /// Say only what is wrong.
    pub quiet: bool,
    /// Of events only these are shown.
    pub filter: Option<Expr>,
    /// Is `err` a terminal?
    pub terminal: bool,
    /// What stands on the last line of it.
    pub progress: Option<Progress>,
    /// What is shown, in a file as well.
    pub saved: Saved,
}

impl Sink<'_> {
    /// Writes `text` and flushes, and says what there is to say of it.
    fn show(&mut self, text: &[u8]) -> io::Result<()> {
        self.out.write_all(text)?;
        self.out.flush()?;
        let mut notes = self.printer.notes();
        let copied = self.printer.copied();
        notes.extend(self.saved.write(&copied));
        notes.iter().for_each(|note| self.say(note));
        Ok(())
    }

    /// Keeps what is shown from now on in `file`, or no longer.
    fn save(&mut self, file: Option<&str>) -> Result<(), String> {
        match file {
            Some(path) => {
                let begun = self.saved.begin(path);
                self.printer
                    .copy(begun.map_err(|why| format!("{path}: {why}"))?);
            }
            None => {
                self.saved.end();
                self.printer.end_copy();
            }
        }
        Ok(())
    }

    /// Can events be shown in the form in force?
    fn takes_events(&self) -> Result<(), String> {
        let filter = self.filter.as_ref();
        let one_name = filter.is_some_and(Expr::is_of_one_name);
        self.printer.takes_events(one_name)
    }

    /// Says which of the fields there were none of.
    fn unmet(&mut self) {
        if let Some(words) = self.printer.unmet() {
            self.say(&words);
        }
    }

    /// `/filter`.
    fn filter(&mut self, filter: &Filter) {
        match (filter, &self.filter) {
            (Filter::Told, _) if self.quiet => {}
            (Filter::Told, Some(filter)) => {
                let words = format!("filter: {filter}");
                self.say(&words);
            }
            (Filter::Told, None) => self.say("filter: off"),
            (Filter::Off, _) => self.filter = None,
            (Filter::Only(expr), _) => self.filter = Some(expr.clone()),
        }
    }

    /// Does the filter let `event` be seen?
    fn lets_see(&self, event: &Packet) -> bool {
        let filter = self.filter.as_ref();
        filter.is_none_or(|filter| filter.matches(event))
    }

    /// A line on stderr. There is nowhere to report that this failed.
    fn say(&mut self, text: &str) {
        if let Some(progress) = &mut self.progress {
            progress.clear(self.err);
        }
        let _ = writeln!(self.err, "amish: {}", safe(text));
    }

    /// Says what goes wrong in the middle of a stream of arrivals.
    fn gap(&mut self, out: &mut Vec<u8>, time: SystemTime, gap: Gap) {
        let (reason, seconds, events) = (gap.reason(), gap.seconds(), gap.events());
        self.printer.gap(out, time, reason, seconds, events);
        self.say(&gap.to_string());
    }

    /// A Response or text that nobody asked for. An answer that lost its
    /// ActionID is one, and then the Action waits in vain: that wants a word.
    fn unsolicited(&mut self, out: &mut Vec<u8>, time: SystemTime, packet: &Packet) {
        self.printer.unsolicited(out, time, packet);
        if packet.kind() == Kind::Response && !self.quiet {
            let id = match packet.text("ActionID") {
                Some(id) => format!("ActionID {id}"),
                None => "no ActionID".to_owned(),
            };
            self.say(&format!("a Response that nobody asked for: {id}"));
        }
    }

    /// What is neither the answer to anything here nor an event to count.
    fn aside(&mut self, out: &mut Vec<u8>, session: &Session, arrived: Arrived) {
        let time = arrived.time;
        match arrived.what {
            Arrival::Event(event) if self.lets_see(&event) && session.is_wanted(&event) => {
                self.printer.event(out, time, &event);
            }
            Arrival::Event(_) | Arrival::Answer(..) => {}
            Arrival::Unsolicited(packet) => self.unsolicited(out, time, &packet),
            Arrival::Late(reply) => {
                let asked = crate::output::Asked::Action;
                self.printer.reply(out, time, &reply, asked, true);
            }
            Arrival::Gap(gap) => self.gap(out, time, gap),
            // Whoever waits says why the end matters.
            Arrival::Ended(_, false) => {}
            news @ (Arrival::Ended(..)
            | Arrival::StillDown(..)
            | Arrival::Back(_)
            | Arrival::Unchecked
            | Arrival::NotRenewed(..)) => {
                self.say(&news.news().unwrap_or_default());
            }
        }
    }
}

/// Server text on stderr, which may be a terminal.
fn safe(text: &str) -> String {
    crate::output::sanitize::text(text.as_bytes()).into_owned()
}
