//! What came, as text for this terminal, in the form in force.

use crate::output::{Asked, Form, Printer, Role, sanitize};
use crate::session::{Arrival, Arrived, Session, Wake};
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Arrivals shown at once. Each time draws the line again, so a flood needs
/// many; but keys wait meanwhile.
const BATCH: usize = 128;

/// How things are shown; `/set` changes it, main and the pump use it.
pub(super) struct Screen {
    printer: Mutex<Printer>,
}

impl Screen {
    /// Shows with `printer`.
    pub fn new(printer: Printer) -> Screen {
        Screen {
            printer: Mutex::new(printer),
        }
    }

    /// The printer in force, for the terminal's width of this moment.
    pub fn printer(&self) -> Printer {
        let mut printer = self.lock().clone();
        if let Some((width, _)) = terminal_size::terminal_size() {
            printer.look.width = usize::from(width.0);
        }
        printer
    }

    /// Changes how things are shown from now on.
    pub fn change(&self, change: impl FnOnce(&mut Printer)) {
        change(&mut self.lock());
    }

    /// The text of what arrived outside of an answer.
    pub fn text(&self, session: &Session, arrived: impl IntoIterator<Item = Arrived>) -> String {
        let printer = self.printer();
        let mut out = Vec::new();
        for one in arrived {
            arrival(&mut out, &printer, session, one);
        }
        // Raw packets may hold any bytes; a terminal shows text.
        String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into())
    }

    /// The text of what waits to be shown, or of the first of it.
    pub fn news(&self, session: &Session) -> String {
        let mut taken = Vec::new();
        while taken.len() < BATCH {
            match session.next(Some(Instant::now())) {
                Wake::Arrived(arrived) => taken.push(arrived),
                Wake::Timeout => break,
                // For somebody who waits; nobody does now.
                Wake::Interrupted | Wake::Nudged => {}
            }
        }
        match taken.is_empty() {
            true => String::new(),
            false => self.text(session, taken),
        }
    }

    /// Writes `text` to the terminal. A terminal that has gone is noticed by
    /// the next read.
    pub fn show(&self, text: &[u8]) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(text).and_then(|()| out.flush());
    }

    /// What happened, not from the server, in one line or several.
    pub fn say(&self, text: &str) {
        let lines = text.lines().map(|line| sanitize::text(line.as_bytes()));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        // As above.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    fn lock(&self) -> MutexGuard<'_, Printer> {
        self.printer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn arrival(out: &mut Vec<u8>, printer: &Printer, session: &Session, arrived: Arrived) {
    let time = arrived.time;
    let note = |out: &mut Vec<u8>, text: &str| {
        let text = sanitize::text(text.as_bytes());
        let painted = printer.look.palette.paint(Role::Warning, &text);
        out.extend_from_slice(painted.as_bytes());
        out.push(b'\n');
    };
    match arrived.what {
        Arrival::Event(event) if session.is_wanted(&event) => printer.event(out, time, &event),
        // Amish itself wanted it, or the one who asked has gone.
        Arrival::Event(_) | Arrival::Answer(..) => {}
        Arrival::Unsolicited(packet) => {
            if printer.form != Form::Json {
                note(out, "nobody asked for this:");
            }
            printer.unsolicited(out, time, &packet);
        }
        Arrival::Late(reply) => {
            if printer.form != Form::Json {
                note(out, "late reply:");
            }
            printer.reply(out, time, &reply, Asked::Action, true);
        }
        news => {
            if let Arrival::Gap(gap) = &news {
                let (reason, seconds, events) = (gap.reason(), gap.seconds(), gap.events());
                printer.gap(out, time, reason, seconds, events);
            }
            let mut words = news.news().unwrap_or_default();
            if let Arrival::Ended(_, false) | Arrival::StillDown(_, false) = news {
                // Some advice ends with a question.
                words.push_str(if words.ends_with('?') { " " } else { "; " });
                words.push_str("/reconnect, /connect TARGET or quit");
            }
            note(out, &words);
        }
    }
}
