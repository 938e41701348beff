//! What came, as text for this terminal, in the form in force.

use super::behind::Behind;
use crate::ami::{Packet, Reply, Ticket};
use crate::output::{Asked, Form, Palette, Printer, Role, sanitize};
use crate::perform::{Code, Saved, Watch};
use crate::session::{Arrival, Arrived, Session};
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// Arrivals shown at once. Each time draws the line again, so a flood needs
/// many; but keys wait meanwhile.
const BATCH: usize = 128;

/// Arrivals taken at once: most may be none to show.
const TAKEN: usize = 1024;

/// How things are shown; `/set` changes it, main and the pump use it. And what
/// is to be shown: both feed the watch.
pub(super) struct Screen {
    printer: Mutex<Printer>,
    watch: Mutex<Watch>,
    saved: Mutex<Saved>,
    last: Mutex<Option<Last>>,
    behind: Mutex<Vec<Behind>>,
}

/// What was shown last.
pub(super) enum Last {
    Reply(Box<Reply>),
    Event(Packet),
}

impl Screen {
    /// Shows with `printer`.
    pub fn new(printer: Printer) -> Screen {
        Screen {
            printer: Mutex::new(printer),
            watch: Mutex::default(),
            saved: Mutex::default(),
            last: Mutex::default(),
            behind: Mutex::default(),
        }
    }

    /// The printer in force.
    pub fn printer(&self) -> Printer {
        self.own().clone()
    }

    /// The text of an answer, and what is to be said of it.
    pub fn reply(&self, time: SystemTime, reply: &Reply, asked: Asked) -> (Vec<u8>, Vec<String>) {
        let mut out = Vec::new();
        let mut printer = self.own();
        printer.reply(&mut out, time, reply, asked, false);
        let mut notes = printer.notes();
        notes.extend(printer.unmet());
        let copied = printer.copied();
        drop(printer);
        notes.extend(lock(&self.saved).write(&copied));
        (out, notes)
    }

    /// What was shown last.
    pub fn last(&self) -> MutexGuard<'_, Option<Last>> {
        lock(&self.last)
    }

    /// Saves what is shown from now on in the file at `path` as well.
    pub fn save(&self, path: &str) -> io::Result<()> {
        let begun = lock(&self.saved).begin(path)?;
        self.own().copy(begun);
        Ok(())
    }

    /// Ends that.
    pub fn save_no_more(&self) {
        lock(&self.saved).end();
        self.own().end_copy();
    }

    /// What comes of `code` where not everything could be saved.
    pub fn settle(&self, code: Code) -> Code {
        lock(&self.saved).settle(code)
    }

    /// Ends a batch of arrivals shown by `printer`: saves them too, and says
    /// what there is to say of them.
    fn finish(&self, mut printer: MutexGuard<'_, Printer>, mut out: Vec<u8>) -> String {
        let copied = printer.copied();
        let palette = printer.look.palette;
        let mut notes = printer.notes();
        drop(printer);
        notes.extend(lock(&self.saved).write(&copied));
        notes
            .iter()
            .for_each(|words| note(&mut out, palette, words));
        // Raw packets may hold any bytes; a terminal shows text.
        String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into())
    }

    /// The printer, for the terminal's width of this moment. Not to be held
    /// across a print.
    pub fn own(&self) -> MutexGuard<'_, Printer> {
        let mut printer = lock(&self.printer);
        if let Some((width, _)) = terminal_size::terminal_size() {
            printer.look.width = usize::from(width.0);
        }
        printer
    }

    /// Changes how things are shown from now on.
    pub fn change(&self, change: impl FnOnce(&mut Printer)) {
        change(&mut lock(&self.printer));
    }

    /// What passes by. Nobody takes an arrival while it is held.
    pub fn watch(&self) -> MutexGuard<'_, Watch> {
        lock(&self.watch)
    }

    /// The reply to it is to be shown when it comes.
    pub fn expect(&self, one: Behind) {
        lock(&self.behind).push(one);
    }

    /// What was to be expected, and is not any more.
    pub fn forget(&self) -> Vec<Behind> {
        std::mem::take(&mut lock(&self.behind))
    }

    fn expects(&self, ticket: Ticket) -> bool {
        let behind = lock(&self.behind);
        behind.iter().any(|one| one.sent.ticket == ticket)
    }

    /// The one that `ticket` is the claim of.
    fn expected(&self, ticket: Ticket) -> Option<Behind> {
        let mut behind = lock(&self.behind);
        let at = behind.iter().position(|one| one.sent.ticket == ticket)?;
        Some(behind.remove(at))
    }

    /// The text of what arrived outside of an answer.
    pub fn text(&self, session: &Session, arrived: Arrived) -> String {
        let mut watch = self.watch();
        let Some(arrived) = self.unseen(&mut watch, session, arrived) else {
            return String::new();
        };
        let mut out = Vec::new();
        let mut printer = self.own();
        self.arrival(&mut out, &mut printer, &mut watch, session, arrived);
        self.finish(printer, out)
    }

    /// The text of what waits to be shown, or of the first of it.
    pub fn news(&self, session: &Session) -> String {
        let mut watch = self.watch();
        let mut out = Vec::new();
        let mut printer = None;
        let mut shown = 0;
        for _ in 0..TAKEN {
            let Some(arrived) = session.backlog().take() else {
                break;
            };
            if let Some(one) = self.unseen(&mut watch, session, arrived) {
                let printer = printer.get_or_insert_with(|| self.own());
                self.arrival(&mut out, printer, &mut watch, session, one);
                shown += 1;
            }
            if shown == BATCH {
                break;
            }
        }
        printer.map_or_else(String::new, |printer| self.finish(printer, out))
    }

    /// Takes what waits and is not to be shown. True: the first that waits is,
    /// and was left there.
    pub fn sift(&self, session: &Session) -> bool {
        let mut watch = self.watch();
        for _ in 0..TAKEN {
            let Some(arrived) = session.backlog().take() else {
                return false;
            };
            if let Some(shown) = self.unseen(&mut watch, session, arrived) {
                session.backlog().put_back(shown);
                return true;
            }
        }
        false
    }

    /// Hands back what is to be shown; the watch has then not been fed with it
    /// yet.
    fn unseen(&self, watch: &mut Watch, session: &Session, arrived: Arrived) -> Option<Arrived> {
        // The filter first: it may do with the name.
        let is_shown = |event: &Packet| watch.lets_see(event) && session.is_wanted(event);
        match arrived.what {
            Arrival::Event(event) if !is_shown(&event) => {
                watch.note(arrived.time, &event);
                watch.keep(arrived.time, event);
                None
            }
            // The one who asked has gone.
            Arrival::Answer(ticket, _) if !self.expects(ticket) => None,
            _ => Some(arrived),
        }
    }

    fn arrival(
        &self,
        out: &mut Vec<u8>,
        printer: &mut Printer,
        watch: &mut Watch,
        session: &Session,
        arrived: Arrived,
    ) {
        let time = arrived.time;
        let palette = printer.look.palette;
        let note = |out: &mut Vec<u8>, text: &str| note(out, palette, text);
        match arrived.what {
            Arrival::Event(event) => {
                watch.note(time, &event);
                printer.event(out, time, &event);
                *self.last() = Some(Last::Event(event.clone()));
                watch.keep(time, event);
            }
            Arrival::Answer(ticket, answer) => {
                if let Some(one) = self.expected(ticket) {
                    one.answered(out, printer, session, time, answer);
                }
            }
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
                *self.last() = Some(Last::Reply(reply));
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
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Something that is not from the server, between what is.
pub(super) fn note(out: &mut Vec<u8>, palette: Palette, text: &str) {
    let text = sanitize::text(text.as_bytes());
    out.extend_from_slice(palette.paint(Role::Warning, &text).as_bytes());
    out.push(b'\n');
}
