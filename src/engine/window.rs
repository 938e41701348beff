//! `--window`: several Actions in flight at once, sent, shown and judged in the
//! order of the script. Whatever the window has room for goes out in one write,
//! as soon as no more answers are waiting.

use super::flow::{Done, Flow, Halt};
use super::in_flight::{InFlight, Sent};
use super::runner::Runner;
use super::sending::Manner;
use super::step::Line;
use super::wait::{LAST_CHANCE, Waited};
use crate::ami::{Action, Ticket};
use crate::exit_code::Code;
use crate::session::Answer;
use std::io;
use std::time::{Duration, Instant, SystemTime};

/// How long to wait for more answers before writing; a slow server's answer is
/// shown at most this much later.
const TOGETHER: Duration = Duration::from_millis(1);

impl Runner<'_> {
    /// Sends one Action when the window has room.
    pub(super) fn send_ahead(&mut self, action: Action, line: Line) -> Done {
        // Let several places free up first: one write per answer would keep
        // client and server waking each other.
        let window = self.rules.window;
        let room = (window / 4).max(1);
        if self.in_flight.len() >= window {
            self.land(window.saturating_sub(room))?;
        }
        self.drained()?;
        let name = action.name();
        let posted = match self.rules.admit(&action) {
            Ok(()) => Sent::post(self.session, self.rules, action.clone()).ok(),
            Err(_) => None,
        };
        match posted {
            Some(sent) => self.in_flight.push_back(InFlight {
                name,
                line,
                sent,
                answer: None,
            }),
            // The ordinary path waits for a link and reports why not.
            None => {
                self.all_landed()?;
                return self.act(action, Manner::Raw, line);
            }
        }
        Ok(Flow::Go)
    }

    /// Waits until nothing is in flight.
    pub(super) fn all_landed(&mut self) -> Done<()> {
        self.land(0)
    }

    /// Waits until at most `most` are in flight.
    fn land(&mut self, most: usize) -> Done<()> {
        while self.in_flight.len() > most {
            self.gather(self.in_flight.len() - most);
            match self.wait_for_landing(None)? {
                Waited::Interrupted => return Err(self.interrupted()),
                Waited::Ended => return Err(Halt::Flow(Flow::Stop)),
                Waited::Over | Waited::Nudged | Waited::Done(()) => {}
            }
        }
        Ok(())
    }

    /// Waits for any arrival, which may be an answer.
    fn wait_for_landing(&mut self, until: Option<Instant>) -> io::Result<Waited<()>> {
        let before = self.in_flight.len();
        self.wait_while(until, |runner| runner.in_flight.len() == before)
    }

    /// Gives up to `count` more answers a moment to arrive with this one, so
    /// that this thread neither wakes nor writes for each of them.
    fn gather(&self, count: usize) {
        let backlog = self.session.backlog();
        if count > 1 && !self.batch.is_empty() && backlog.is_empty() {
            self.session.flush();
            backlog.gather(count, TOGETHER);
        }
    }

    pub(super) fn is_in_flight(&self, ticket: Ticket) -> bool {
        self.in_flight.iter().any(|one| one.sent.is(ticket))
    }

    /// Takes the answer to an Action in flight, and shows those that are due.
    pub(super) fn landed(
        &mut self,
        ticket: Ticket,
        time: SystemTime,
        answer: Answer,
    ) -> io::Result<Flow> {
        let mut in_flight = self.in_flight.iter_mut();
        if let Some(one) = in_flight.find(|one| one.sent.is(ticket)) {
            one.answer = Some((time, answer));
        }
        let mut flow = Flow::Go;
        while let Some(mut one) = self.in_flight.pop_front() {
            let Some((time, answer)) = one.answer.take() else {
                self.in_flight.push_front(one);
                break;
            };
            let outcome = one.sent.answered(self.session, time, answer);
            if self.conclude(&one.name, outcome, one.line)? == Flow::Stop {
                // Send nothing more, but still report what is in flight.
                flow = Flow::Stop;
            }
        }
        Ok(flow)
    }

    /// Ends the script: reports those still in flight. After Ctrl-C they have a
    /// second.
    pub(super) fn land_the_last(&mut self) -> io::Result<()> {
        let soon = || Instant::now() + LAST_CHANCE;
        let mut until = matches!(self.code, Code::Signal(_)).then(soon);
        while !self.in_flight.is_empty() {
            match self.wait_for_landing(until)? {
                Waited::Over => break,
                Waited::Interrupted => {
                    self.interrupted();
                    // The second Ctrl-C does not wait any longer.
                    if until.is_some() {
                        break;
                    }
                    until = Some(soon());
                }
                Waited::Ended | Waited::Nudged | Waited::Done(()) => {}
            }
        }
        while let Some(one) = self.in_flight.pop_front() {
            let outcome = one.sent.abandoned(self.session);
            self.conclude(&one.name, outcome, one.line)?;
        }
        self.flush()
    }
}
