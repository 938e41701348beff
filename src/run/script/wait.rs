//! A script waits: for answers, for time, for lines of a pipe.

use super::{Flow, Script};
use crate::error::session_code;
use crate::perform::Code;
use crate::run::Sink;
use crate::session::{Arrival, Arrived, Wake};
use std::io;
use std::time::Instant;

/// What is gathered at most before it is written.
const GATHERED: usize = 64 * 1024;

/// What came of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// Something arrived, and was shown.
    Arrived,
    /// Something else is to be looked at.
    Nudged,
    /// The time is over.
    Over,
    /// The script ends here.
    Stop,
}

impl Script<'_> {
    /// Waits for a link where there will be one again.
    pub(super) fn connected(&mut self, sink: &mut Sink<'_>) -> io::Result<Option<Flow>> {
        while !self.session.is_open() && self.session.is_returning() {
            if let Some(flow) = self.rest(None, sink)? {
                return Ok(Some(flow));
            }
        }
        Ok(None)
    }

    /// Waits, showing what arrives. None: the time is over, or nothing more is
    /// to be waited for here.
    pub(super) fn rest(
        &mut self,
        until: Option<Instant>,
        sink: &mut Sink<'_>,
    ) -> io::Result<Option<Flow>> {
        loop {
            match self.wait(until, sink)? {
                Wait::Stop => return Ok(Some(Flow::Stop)),
                Wait::Over => return Ok(None),
                Wait::Nudged if until.is_none() => return Ok(None),
                Wait::Nudged | Wait::Arrived => {}
            }
        }
    }

    /// Waits for the next arrival and shows it. What is to be written is
    /// gathered while more waits.
    pub(super) fn wait(&mut self, until: Option<Instant>, sink: &mut Sink<'_>) -> io::Result<Wait> {
        let mut wake = match self.text.len() {
            0 => Wake::Timeout,
            _ => self.session.backlog().next(Some(Instant::now())),
        };
        if matches!(wake, Wake::Timeout) {
            // The server can work on it while this is written.
            self.session.flush();
            self.flush(sink)?;
            wake = self.session.next(until);
        } else if self.text.len() > GATHERED {
            self.flush(sink)?;
        }
        match wake {
            Wake::Arrived(arrived) => self.arrived(arrived, sink),
            Wake::Interrupted => {
                self.code = self.code.with(Code::Signal(2));
                Ok(Wait::Stop)
            }
            Wake::Nudged => Ok(Wait::Nudged),
            Wake::Timeout => Ok(Wait::Over),
        }
    }

    fn arrived(&mut self, arrived: Arrived, sink: &mut Sink<'_>) -> io::Result<Wait> {
        let over = match &arrived.what {
            Arrival::Ended(..) if self.goodbye || self.session.is_leaving() => {
                return Ok(Wait::Stop);
            }
            Arrival::Ended(ended, false) => {
                Some((Code::Unknown, format!("{ended} before the script was done")))
            }
            Arrival::StillDown(error, false) => {
                Some((session_code(error), format!("not connected again: {error}")))
            }
            _ => None,
        };
        if let Some((code, words)) = over {
            self.flush(sink)?;
            self.fail(code, &words, sink);
            return Ok(Wait::Stop);
        }
        if let Arrival::Answer(ticket, answer) = arrived.what {
            return self.answered(ticket, arrived.time, answer, sink);
        }
        let text = &mut self.text;
        self.seen.aside(text, self.session, arrived, sink);
        if self.flights.is_empty() {
            self.flush(sink)?;
        }
        Ok(Wait::Arrived)
    }

    /// Writes what was gathered.
    pub(super) fn flush(&mut self, sink: &mut Sink<'_>) -> io::Result<()> {
        if !self.text.is_empty() {
            sink.show(&self.text)?;
            self.text.clear();
        }
        if let Some(progress) = &mut sink.progress {
            progress.show(self.tally, self.total, sink.err);
        }
        Ok(())
    }
}
