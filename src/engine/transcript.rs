//! What a session shows on any face: the output form, the filter, the `/save`
//! copy, and what was shown last.

use super::batch::Batch;
use super::in_flight::Background;
use super::observed::Observed;
use super::originate::placed::Placed;
use super::saved::Saved;
use crate::ami::{Kind, Packet, Reply, Ticket};
use crate::exit_code::Code;
use crate::language::{Color, Expr, Setting};
use crate::output::{Asked, Form, Look, Palette, Printer};
use crate::session::{Answer, Arrival, Arrived, Gap, Session, Wish};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

/// A transcript shared between threads: main while it works, the pump while a
/// line is typed.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Transcript>>);

impl Shared {
    /// Makes `transcript` shareable.
    pub fn new(transcript: Transcript) -> Shared {
        Shared(Arc::new(Mutex::new(transcript)))
    }

    /// Locks it. Never hold the lock across a write to the terminal: it would
    /// keep the other threads from draining the backlog.
    pub fn lock(&self) -> MutexGuard<'_, Transcript> {
        // No code under the lock leaves it half changed, so poisoning is
        // harmless.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Decides what is shown of a session and how.
pub struct Transcript {
    /// The output form.
    pub printer: Printer,
    /// Only matching events are shown.
    pub filter: Option<Expr>,
    /// Is a person reading the output? Then unrequested packets get a word of
    /// explanation before them; a program gets the bare output, with the
    /// explanation on stderr.
    pub is_read_along: bool,
    /// Report only what is wrong (`--quiet`).
    pub quiet: bool,
    /// Show reply times.
    pub timing: bool,
    /// The colour setting.
    pub color: Color,
    /// Does the output support colours under [`Color::Auto`]?
    pub takes_color: bool,
    /// Use a pager for output longer than the screen.
    pub pager: bool,
    /// What the events have shown; None for a stream, which never looks back.
    pub observed: Option<Observed>,
    /// What was shown last, for `/x`.
    pub last: Option<Shown>,
    /// The last Action refused because the user lacked a class.
    pub refused: Option<String>,
    saved: Saved,
    /// Lines running in the background.
    background: Vec<Background>,
    /// The calls that such lines have placed.
    placed: Placed,
}

/// A reply or an event that was shown.
pub enum Shown {
    /// A whole answer.
    Reply(Arc<Reply>),
    /// One event.
    Event(Packet),
}

impl Shown {
    /// The value of its first header `key`, from the response, then the items.
    /// The output of a Command is its Output, in both wire forms. A name is as
    /// people write it: sent back as a server escaped it, it would be another.
    pub(super) fn get(&self, key: &str) -> Option<Vec<u8>> {
        let plain = |packet: &Packet| {
            let header = packet.all(key).next()?;
            Some(packet.plain(header.key, header.value).into_owned())
        };
        match self {
            Shown::Event(event) => plain(event),
            Shown::Reply(reply) => {
                let output = || reply.output().map(|lines| lines.join(&b"\n"[..]));
                let output = output().filter(|_| key.eq_ignore_ascii_case("Output"));
                output.or_else(|| reply.packets().find_map(plain))
            }
        }
    }
}

impl Transcript {
    /// A transcript for a program, shown with `printer`.
    pub fn new(printer: Printer) -> Transcript {
        Transcript {
            printer,
            filter: None,
            is_read_along: false,
            quiet: false,
            timing: false,
            color: Color::Auto,
            takes_color: false,
            pager: false,
            observed: Some(Observed::default()),
            last: None,
            refused: None,
            saved: Saved::default(),
            background: Vec::new(),
            placed: Placed::default(),
        }
    }

    /// Starts over with another server. Returns what is to be said of lines in
    /// the background.
    pub fn begin(&mut self, target: String) -> Vec<String> {
        self.printer.target = target;
        self.observed = self.observed.take().map(|_| Observed::default());
        self.refused = None;
        self.end_background()
    }

    /// Applies `setting`, if it concerns the transcript.
    pub fn set(&mut self, setting: &Setting) {
        match setting {
            Setting::Output(form) => self.printer.form = *form,
            Setting::Fields(fields) => self.printer.set_fields(fields.clone()),
            Setting::Color(color) => {
                self.color = *color;
                let on = match color {
                    Color::Always => true,
                    Color::Never => false,
                    Color::Auto => self.takes_color,
                };
                self.printer.look.palette = Palette::new(on);
            }
            Setting::Pager(on) => self.pager = *on,
            Setting::Timeout(_) => {}
        }
    }

    /// Checks that the current form can show events.
    ///
    /// # Errors
    /// What to do about it.
    pub fn takes_events(&self) -> Result<(), String> {
        let filter = self.filter.as_ref();
        let one_name = filter.is_some_and(Expr::is_of_one_name);
        self.printer.takes_events(one_name)
    }

    /// Is `event` to be shown? The filter comes first: it often needs only the
    /// name.
    pub fn is_seen(&self, session: &Session, event: &Packet) -> bool {
        let filter = self.filter.as_ref();
        filter.is_none_or(|filter| filter.matches(event)) && session.is_wanted(event)
    }

    /// Does this arrival need no output? Then it only has to be recorded.
    pub fn is_hidden(&self, session: &Session, arrived: &Arrived) -> bool {
        match &arrived.what {
            Arrival::Event(event) => !self.is_seen(session, event) && !self.placed.is_news(event),
            // Its waiter has gone.
            Arrival::Answer(ticket, _) => !self.awaits(*ticket),
            _ => false,
        }
    }

    /// Shows the reply to an Action.
    pub fn reply(&mut self, batch: &mut Batch, time: SystemTime, reply: &Reply, asked: Asked) {
        self.printer.reply(batch.text(), time, reply, asked, false);
    }

    /// Shows an arrival that no one is waiting for.
    pub fn arrival(&mut self, batch: &mut Batch, session: &Session, arrived: Arrived) {
        let time = arrived.time;
        self.printer.identify(&arrived.id);
        match arrived.what {
            Arrival::Event(event) => {
                let is_seen = self.is_seen(session, &event);
                self.event(batch, session, time, event, is_seen);
            }
            Arrival::Answer(ticket, answer) => {
                if let Some(one) = self.answered(ticket) {
                    self.in_background(batch, session, one, time, answer);
                }
            }
            // Its Action was given up.
            Arrival::Part(_, packet) => {
                self.printer.part(batch.text(), time, &packet);
                self.printer.broken_off(batch.text());
            }
            Arrival::Unsolicited(packet) => self.unsolicited(batch, time, &packet),
            Arrival::Late(reply) => {
                if self.is_read_along && self.printer.form != Form::Json {
                    batch.notice("late reply:");
                }
                let asked = Asked::Action;
                self.printer.reply(batch.text(), time, &reply, asked, true);
                self.last = Some(Shown::Reply(Arc::from(reply)));
            }
            Arrival::Gap(gap) => self.gap(batch, time, gap),
            // The waiter reports the end of the link itself.
            Arrival::Ended(_, false) if !self.is_read_along => {}
            news => {
                self.news(batch, &news);
                if matches!(news, Arrival::Ended(..)) {
                    let lost = self.placed.lost(Some(session));
                    lost.into_iter().for_each(|words| batch.notice(words));
                }
            }
        }
    }

    /// When [`Transcript::overdue`] will have something to say.
    pub fn due(&self) -> Option<Instant> {
        self.placed.due()
    }

    /// Reports calls of which nothing was heard in time.
    pub fn overdue(&mut self, batch: &mut Batch, session: &Session) {
        self.placed.tell(batch, session);
    }

    /// Has the calls in the background learn from an event that is shown in
    /// another way.
    pub(super) fn hear(&mut self, batch: &mut Batch, session: &Session, event: &Packet) {
        self.placed.hear(batch, session, event);
    }

    /// Records an event, and shows it if `is_seen`.
    pub fn event(
        &mut self,
        batch: &mut Batch,
        session: &Session,
        time: SystemTime,
        event: Packet,
        is_seen: bool,
    ) {
        if let Some(observed) = &mut self.observed {
            observed.note(time, &event);
        }
        if is_seen {
            self.printer.event(batch.text(), time, &event);
        }
        self.placed.hear(batch, session, &event);
        if let Some(observed) = &mut self.observed {
            if is_seen {
                self.last = Some(Shown::Event(event.clone()));
            }
            observed.keep(time, event);
        }
    }

    /// Reports missing events. Only json has a place for this in the output.
    fn gap(&mut self, batch: &mut Batch, time: SystemTime, gap: Gap) {
        let (reason, seconds, events) = (gap.reason(), gap.seconds(), gap.events());
        let text = batch.text();
        self.printer.gap(text, time, reason, seconds, events);
        batch.notice(gap.to_string());
    }

    /// An unrequested Response or text. It may be an answer that lost its
    /// ActionID, whose Action now waits in vain, so it deserves a notice.
    fn unsolicited(&mut self, batch: &mut Batch, time: SystemTime, packet: &Packet) {
        if self.is_read_along && self.printer.form != Form::Json {
            batch.notice("unrequested packet:");
        }
        self.printer.unsolicited(batch.text(), time, packet);
        if !self.is_read_along && packet.kind() == Kind::Response && !self.quiet {
            let id = match packet.text("ActionID") {
                Some(id) => format!("ActionID {}", id.terminal()),
                None => "no ActionID".to_owned(),
            };
            batch.notice(format!("unrequested Response: {id}"));
        }
    }

    /// Reports a change of the link.
    fn news(&self, batch: &mut Batch, news: &Arrival) {
        let mut words = news.news().unwrap_or_default();
        let is_down = matches!(
            news,
            Arrival::Ended(_, false) | Arrival::StillDown(_, false)
        );
        if is_down && self.is_read_along {
            // Some advice ends with a question mark.
            words.push_str(if words.ends_with('?') { " " } else { "; " });
            words.push_str("/reconnect, /connect TARGET or quit");
        }
        batch.notice(words);
    }

    /// Shows the reply to `one` when it comes, and with `wish`, for events of
    /// its call, what becomes of that.
    pub fn await_in_background(&mut self, one: Background, wish: Option<Wish>) {
        if let Some(wish) = wish {
            let line = one.line.clone();
            self.placed.add(one.sent.action(), line, wish);
        }
        self.background.push(one);
    }

    /// Ends the background lines, of which nothing more will be heard: each in
    /// words.
    pub fn end_background(&mut self) -> Vec<String> {
        let background = std::mem::take(&mut self.background).into_iter();
        let unanswered =
            background.map(|one| format!("{}: not answered, its outcome is unknown", one.line));
        unanswered.chain(self.placed.lost(None)).collect()
    }

    fn awaits(&self, ticket: Ticket) -> bool {
        self.background.iter().any(|one| one.sent.is(ticket))
    }

    fn answered(&mut self, ticket: Ticket) -> Option<Background> {
        let mut background = self.background.iter();
        let at = background.position(|one| one.sent.is(ticket))?;
        Some(self.background.remove(at))
    }

    fn in_background(
        &mut self,
        batch: &mut Batch,
        session: &Session,
        one: Background,
        time: SystemTime,
        answer: Answer,
    ) {
        let action = one.sent.action().clone();
        let outcome = one.sent.answered(session, time, answer);
        batch.notice(format!("{}:", one.line));
        if let Some(reply) = outcome.ending.reply() {
            let (time, asked, text) = (outcome.time, one.asked, batch.text());
            let own = &mut self.printer;
            own.apart(|own| own.reply(text, time, reply, asked, false));
        }
        if let Some(words) = outcome.note {
            batch.notice(words);
        }
        let is_queued = outcome.code == Code::Ok;
        self.placed.answered(batch, session, &action, is_queued);
    }

    /// Finishes a batch: copies it to the `/save` file and appends due notices.
    pub fn settle(&mut self, batch: &mut Batch) {
        let copied = self.printer.copied();
        let notes = self.printer.notes().into_iter();
        notes.for_each(|note| batch.notice(note));
        if let Some(note) = self.saved.write(&copied) {
            batch.notice(note);
        }
    }

    /// Starts copying output to the file at `path`, or stops.
    ///
    /// # Errors
    /// The file cannot be opened; copying to the previous file continues.
    pub fn save(&mut self, path: Option<&str>) -> io::Result<()> {
        match path {
            Some(path) => {
                let begun = self.saved.begin(path)?;
                self.printer.copy(begun);
            }
            None => {
                self.saved.end();
                self.printer.end_copy();
            }
        }
        Ok(())
    }

    /// `code`, combined with exit code 1 if something could not be saved.
    pub fn settle_code(&self, code: Code) -> Code {
        self.saved.settle(code)
    }

    /// The printer for local commands: no column limits, no colours.
    pub fn piped_printer(&self) -> Printer {
        let own = &self.printer;
        let look = Look {
            palette: Palette::OFF,
            width: usize::from(u16::MAX / 2),
            // raw means the server's exact bytes. Any other form may still
            // reach the terminal, where control bytes must not act.
            terminal: own.form != Form::Raw,
            now: None,
        };
        let mut printer = Printer::new(own.form, look, own.target.clone());
        printer.set_fields(own.fields().clone());
        printer
    }
}
