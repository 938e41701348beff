//! `--window`: several Actions under way at once. They are sent, and what came
//! of them is shown and judged, in the order of the script. What there is room
//! for goes out in one write, whenever nothing more has come.

use super::{Flow, Line, Script, Wait};
use crate::ami::{Action, Ticket};
use crate::language::Statement;
use crate::perform::{Code, Sent};
use crate::run::Sink;
use crate::session::Answer;
use std::io;
use std::time::{Duration, Instant, SystemTime};

/// How long an answer may wait for others before it is written. At most so much
/// later is seen what a slow server says.
const TOGETHER: Duration = Duration::from_millis(1);

/// An Action of the script that was sent.
pub(super) struct Flight {
    name: String,
    line: Line,
    sent: Sent,
    /// What has come for it, and when; it waits for those before it.
    answer: Option<(SystemTime, Answer)>,
}

impl Script<'_> {
    /// Sends one Action, once there is room for it in the window.
    pub(super) fn fly(
        &mut self,
        action: Action,
        statement: &Statement,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        // A full window has room again for several at once: one in a write for
        // every answer keeps client and server waking each other.
        let window = self.pace.window;
        let room = (window / 4).max(1);
        if self.flights.len() >= window
            && let Some(flow) = self.landed(window.saturating_sub(room), sink)?
        {
            return Ok(flow);
        }
        if let Some(flow) = self.drained(sink)? {
            return Ok(flow);
        }
        let (name, line) = (action.name(), Line::of(statement));
        match Sent::post(self.session, self.rules, action.clone()) {
            Ok(sent) => self.flights.push_back(Flight {
                name,
                line,
                sent,
                answer: None,
            }),
            // The usual way waits for a link, and says why not.
            Err(_) => {
                let landed = self.landed(0, sink)?;
                let alone = || self.act(action, crate::perform::Manner::Raw, statement, sink);
                return landed.map_or_else(alone, Ok);
            }
        }
        Ok(Flow::Go)
    }

    /// Waits until no more than `most` are under way. None: so it is.
    pub(super) fn landed(&mut self, most: usize, sink: &mut Sink<'_>) -> io::Result<Option<Flow>> {
        while self.flights.len() > most {
            self.gather(self.flights.len() - most);
            if self.wait(None, sink)? == Wait::Stop {
                return Ok(Some(Flow::Stop));
            }
        }
        Ok(None)
    }

    /// Where one answer has come and nothing more waits, up to `count` others
    /// have a moment to join it: it is not written alone, and this thread does
    /// not wake up for each of them.
    fn gather(&self, count: usize) {
        let backlog = self.session.backlog();
        if count > 1 && !self.text.is_empty() && backlog.is_empty() {
            self.session.flush();
            backlog.gather(count, TOGETHER);
        }
    }

    /// Takes `answer` if it is for one of ours, and shows what is due.
    pub(super) fn answered(
        &mut self,
        ticket: Ticket,
        time: SystemTime,
        answer: Answer,
        sink: &mut Sink<'_>,
    ) -> io::Result<Wait> {
        let mut flights = self.flights.iter_mut();
        if let Some(flight) = flights.find(|flight| flight.sent.is(ticket)) {
            flight.answer = Some((time, answer));
        }
        let mut wait = Wait::Arrived;
        while self.flights.front().is_some_and(|one| one.answer.is_some()) {
            let Some(flight) = self.flights.pop_front() else {
                break;
            };
            let Some((time, answer)) = flight.answer else {
                break;
            };
            let outcome = flight.sent.answered(self.session, self.rules, time, answer);
            if self.outcome(&flight.name, outcome, flight.line, sink)? == Flow::Stop {
                // Nothing more is sent; what is under way is told of all the same.
                wait = Wait::Stop;
            }
        }
        Ok(wait)
    }

    /// The script is over: tells of those that are still under way. After a
    /// Ctrl-C they have a second.
    pub(super) fn last_landed(&mut self, sink: &mut Sink<'_>) -> io::Result<()> {
        let hurry = matches!(self.code, Code::Signal(_));
        let until = hurry.then(|| Instant::now() + Duration::from_secs(1));
        while !self.flights.is_empty() {
            match self.wait(until, sink)? {
                Wait::Over => break,
                // A second Ctrl-C.
                Wait::Stop if matches!(self.code, Code::Signal(_)) && until.is_none() => break,
                Wait::Stop | Wait::Nudged | Wait::Arrived => {}
            }
        }
        while let Some(flight) = self.flights.pop_front() {
            let outcome = flight.sent.given_up(self.session, self.rules);
            self.outcome(&flight.name, outcome, flight.line, sink)?;
        }
        self.flush(sink)
    }
}
