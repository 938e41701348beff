//! The one place that waits for the server. Meanwhile it shows other arrivals,
//! notices Ctrl-C, and times out Actions.

use super::batch::Batch;
use super::flow::{Done, Failure, Flow, Halt};
use super::outcome::session_code;
use super::runner::Runner;
use super::transcript::Transcript;
use crate::exit_code::Code;
use crate::session::{Arrival, Arrived, Wake};
use std::io;
use std::time::{Duration, Instant};

/// Bytes of output collected before it is shown.
const GATHERED: usize = 64 * 1024;

/// Arrivals taken between two looks at the clock.
const TAKEN: usize = 4096;

/// How long Actions in flight may still be answered after Ctrl-C in a script.
/// Servers answer in order, so a reply is usually on its way.
pub(super) const LAST_CHANCE: Duration = Duration::from_secs(1);

/// What a waiter makes of an arrival.
pub enum Taken<T> {
    /// It completes the wait.
    Done(T),
    /// The waiter used it and waits on.
    Kept,
    /// It is not the waiter's and is shown like any other arrival.
    Other(Arrived),
}

/// The result of waiting.
#[derive(Debug, PartialEq, Eq)]
pub enum Waited<T> {
    /// The wait is complete.
    Done(T),
    /// The deadline passed.
    Over,
    /// The user pressed Ctrl-C.
    Interrupted,
    /// Something else needs a look: a line of a pipe, the state of the link.
    Nudged,
    /// The script ends here; its code says why.
    Ended,
}

/// Sees each arrival before it is shown. Called with the transcript locked; the
/// batch is where output goes.
pub type Waiter<'w, T> = &'w mut dyn FnMut(&mut Transcript, &mut Batch, Arrived) -> Taken<T>;

impl Runner<'_> {
    /// The next arrival, waiting until `until`, or why there is none. Shows the
    /// collected output before it blocks, and when there is much of it.
    fn next<T>(&mut self, until: Option<Instant>) -> io::Result<Result<Arrived, Waited<T>>> {
        if self.batch.len() > GATHERED || self.taken >= TAKEN {
            self.taken = 0;
            self.flush()?;
            // In a flood the backlog is never empty, so the deadline has to be
            // checked here.
            if until.is_some_and(|until| until <= Instant::now()) {
                return Ok(Err(Waited::Over));
            }
        }
        // A deadline in the past only takes what is already there.
        let mut wake = self.session.backlog().next(Some(self.began));
        if matches!(wake, Wake::Timeout) {
            // Send first: the server can work while this is shown.
            self.session.flush();
            self.flush()?;
            wake = self
                .session
                .next(self.rights_due().into_iter().chain(until).min());
        }
        if matches!(wake, Wake::Timeout) && until.is_none_or(|until| Instant::now() < until) {
            self.ask_rights()?;
            wake = self.session.next(until);
        }
        self.taken += 1;
        Ok(match wake {
            Wake::Arrived(arrived) => self.of_rights(arrived)?.ok_or(Waited::Nudged),
            Wake::Interrupted => Err(Waited::Interrupted),
            Wake::Nudged => Err(Waited::Nudged),
            Wake::Timeout => Err(Waited::Over),
        })
    }

    /// Passes `arrived` to `waiter`, or shows it. Some: the wait is over.
    fn pass<T>(
        &mut self,
        waiter: Waiter<'_, T>,
        arrived: Arrived,
    ) -> io::Result<Option<Waited<T>>> {
        let taken = {
            let mut transcript = self.transcript.lock();
            waiter(&mut transcript, &mut self.batch, arrived)
        };
        Ok(match taken {
            Taken::Done(what) => Some(Waited::Done(what)),
            Taken::Kept => None,
            Taken::Other(arrived) => match self.arrived(arrived)? {
                Flow::Stop => Some(Waited::Ended),
                _ => None,
            },
        })
    }

    /// Waits until `waiter` has what it waits for, or until `until`.
    pub fn wait<T>(
        &mut self,
        until: Option<Instant>,
        waiter: Waiter<'_, T>,
    ) -> io::Result<Waited<T>> {
        loop {
            let arrived = match self.next(until)? {
                Ok(arrived) => arrived,
                Err(other) => return Ok(other),
            };
            if let Some(waited) = self.pass(waiter, arrived)? {
                return Ok(waited);
            }
        }
    }

    /// Passes what is there to `waiter`, without a look at what is overdue: of many
    /// sessions that would cost more than one event does.
    pub fn take<T>(&mut self, waiter: Waiter<'_, T>) -> io::Result<Waited<T>> {
        while self.batch.len() <= GATHERED {
            let arrived = match self.session.backlog().next(Some(self.began)) {
                Wake::Arrived(arrived) => arrived,
                Wake::Interrupted => return Ok(Waited::Interrupted),
                Wake::Nudged => continue,
                Wake::Timeout => break,
            };
            if let Some(waited) = self.pass(waiter, arrived)? {
                return Ok(waited);
            }
        }
        self.flush()?;
        Ok(Waited::Over)
    }

    /// Waits and shows arrivals while `pending` holds, or until `until`.
    pub(super) fn wait_while(
        &mut self,
        until: Option<Instant>,
        mut pending: impl FnMut(&mut Self) -> bool,
    ) -> io::Result<Waited<()>> {
        while pending(self) {
            let arrived = match self.next(until)? {
                Ok(arrived) => arrived,
                Err(other) => return Ok(other),
            };
            if self.arrived(arrived)? == Flow::Stop {
                return Ok(Waited::Ended);
            }
        }
        Ok(Waited::Done(()))
    }

    /// Shows arrivals up to and including the first for which `is_last` holds.
    pub(super) fn wait_through(
        &mut self,
        until: Option<Instant>,
        is_last: fn(&Arrival) -> bool,
    ) -> io::Result<Waited<()>> {
        let session = self.session;
        self.wait(until, &mut |transcript, batch, arrived| {
            let is_last = is_last(&arrived.what);
            transcript.arrival(batch, session, arrived);
            match is_last {
                true => Taken::Done(()),
                false => Taken::Kept,
            }
        })
    }

    /// Waits and shows arrivals until `until` or a nudge.
    pub(super) fn wait_for_nothing(&mut self, until: Option<Instant>) -> io::Result<Waited<()>> {
        self.wait_while(until, |_| true)
    }

    /// Waits for a nudge and shows arrivals. False if Ctrl-C was pressed.
    pub fn wait_for_nudge(&mut self) -> io::Result<bool> {
        let waited = self.wait_for_nothing(None)?;
        Ok(waited != Waited::Interrupted)
    }

    /// Waits until `until`, ignoring nudges, or without a time until the first
    /// nudge.
    pub(super) fn rest(&mut self, until: Option<Instant>) -> Done<()> {
        loop {
            match self.wait_for_nothing(until)? {
                Waited::Interrupted => return Err(self.interrupted()),
                Waited::Ended => return Err(Halt::Flow(Flow::Stop)),
                Waited::Over | Waited::Done(()) => return Ok(()),
                Waited::Nudged if until.is_none() => return Ok(()),
                Waited::Nudged => {}
            }
        }
    }

    /// Ctrl-C while no Action was in flight.
    pub(super) fn interrupted(&mut self) -> Halt {
        if self.is_script() {
            self.code = self.code.with(Code::Signal(2));
        }
        Halt::Flow(Flow::Stop)
    }

    /// Shows an arrival that no one waits for. Stop: the script is over.
    fn arrived(&mut self, arrived: Arrived) -> io::Result<Flow> {
        if self.is_script() && !self.exchanging && self.link_ends(&arrived.what)? {
            return Ok(Flow::Stop);
        }
        let time = arrived.time;
        match arrived.what {
            Arrival::Answer(ticket, answer) if self.is_in_flight(ticket) => {
                return self.landed(ticket, time, answer);
            }
            Arrival::Event(event) if self.seen.is_kept => self.note_for_expect(time, event),
            what => {
                let mut transcript = self.transcript.lock();
                let arrived = Arrived { what, ..arrived };
                transcript.arrival(&mut self.batch, self.session, arrived);
            }
        }
        Ok(Flow::Go)
    }

    /// Reports the end of the link if it ends the script, and returns whether
    /// it does.
    fn link_ends(&mut self, what: &Arrival) -> io::Result<bool> {
        let (code, words) = match what {
            Arrival::Ended(..) if self.goodbye || self.session.is_leaving() => return Ok(true),
            Arrival::Ended(ended, false) => {
                (Code::Unknown, format!("{ended} before the script was done"))
            }
            Arrival::StillDown(error, false) => {
                (session_code(error), format!("not connected again: {error}"))
            }
            _ => return Ok(false),
        };
        self.fail(code, &words)?;
        Ok(true)
    }

    /// In a script waits for the link to return; at the prompt there must be
    /// one. Afterwards there is a link, or none will come.
    pub(super) fn connected(&mut self) -> Done<()> {
        if !self.is_script() && !self.session.is_open() {
            return Err(self.not_connected().into());
        }
        while self.is_script() && !self.session.is_open() {
            if self.goodbye {
                let words = "not sent: the script has logged off before";
                return Err(Failure(Code::NoConnection, words.to_owned()).into());
            }
            if !self.session.is_returning() {
                break;
            }
            let rested = self.rest(None);
            if !self.goodbye {
                rested?;
            }
        }
        Ok(())
    }

    pub(super) fn not_connected(&self) -> Failure {
        let words = match self.session.is_returning() {
            true => "not connected, retrying: nothing was sent; /reconnect tries at once",
            false => "not connected: nothing was sent; /reconnect, /connect TARGET or quit",
        };
        Failure(Code::NoConnection, words.to_owned())
    }

    /// Shows what came after the last statement. Call it after the session is
    /// closed.
    pub fn remainder(&mut self) -> io::Result<Code> {
        self.exchanging = true;
        let at_once = Some(Instant::now());
        while !matches!(self.wait_for_nothing(at_once)?, Waited::Over) {}
        self.flush()?;
        Ok(match self.session.backlog().lost() {
            0 => Code::Ok,
            _ => Code::Lost,
        })
    }
}
