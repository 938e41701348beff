//! `expect`: a script waits for an event.

use super::flow::{Done, Failure, Flow};
use super::rights::classes_of;
use super::runner::Runner;
use super::seen::Event;
use super::transcript::Shown;
use super::wait::Waited;
use crate::ami::{Classes, Packet};
use crate::exit_code::Code;
use crate::language::{Expected, Expr};
use crate::session::arrival::in_words;
use std::time::{Duration, Instant, SystemTime};

impl Runner<'_> {
    /// Shows an event unless it is hidden, and keeps it for `expect`.
    pub(super) fn note_for_expect(&mut self, time: SystemTime, event: Packet) {
        let mut transcript = self.transcript.lock();
        let shown = transcript.is_seen(self.session, &event);
        transcript.event(&mut self.batch, self.session, time, event.clone(), shown);
        drop(transcript);
        self.seen.push(Event { time, event, shown });
    }

    /// Shows what has arrived, and forgets the events seen before.
    pub(super) fn drained(&mut self) -> Done<()> {
        let rested = match self.seen.is_kept {
            true => self.rest(Some(Instant::now())),
            false => Ok(()),
        };
        self.seen.clear();
        rested
    }

    /// Has the server send the events that the script will wait for. Asked
    /// again each time, since an Action of the user's may have changed the
    /// mask.
    pub(super) fn ask_for(&mut self, expected: &[Expr]) -> Done<()> {
        let classes = expected.iter().fold(Classes::NONE, |all, expr| {
            all.union(classes_of(self.session, expr))
        });
        // The old guard is dropped only once the new one holds; in between the
        // server would stop sending.
        self.expected = Some(self.want(classes)?);
        Ok(())
    }

    /// `expect`: waits for an event, or with `none` checks that it does not
    /// come.
    pub(super) fn expect(&mut self, expected: &Expected) -> Done {
        let Expected { expr, none, within } = expected;
        let time = within.unwrap_or(self.session.patience());
        let until = Instant::now() + time;
        let mut looked = 0;
        let mut found = self.seen.take(expr, &mut looked);
        if found.is_none() {
            // What a script read whole expects is asked for.
            let asked = match self.expected {
                Some(_) => Classes::ALL,
                None => self.session.events(),
            };
            self.doubt(expr, asked)?;
            self.wait_in_vain(Classes::NONE, Some(expr))?;
        }
        let event = loop {
            if let Some(event) = found.take() {
                break event;
            }
            let waited = self.wait_while(Some(until), |runner| {
                found = runner.seen.take(expr, &mut looked);
                found.is_none()
            })?;
            match (waited, found.take()) {
                (_, Some(event)) => break event,
                (Waited::Over, None) => return self.nothing_came(expected, time),
                (Waited::Interrupted, None) => return Err(self.interrupted()),
                (Waited::Ended, None) => return Ok(Flow::Stop),
                (Waited::Nudged | Waited::Done(()), None) => {}
            }
        };
        if !event.shown {
            let mut transcript = self.transcript.lock();
            let text = self.batch.text();
            transcript.printer.event(text, event.time, &event.event);
        }
        self.flush()?;
        if *none {
            let words = format!("expect none: an event came that matches {expr}");
            return Err(Failure(Code::Unmet, words).into());
        }
        self.answered = Some(Shown::Event(event.event));
        Ok(Flow::Go)
    }

    fn nothing_came(&self, expected: &Expected, time: Duration) -> Done {
        if expected.none {
            return Ok(Flow::Go);
        }
        let mut words = format!(
            "expect: no event within {} matches {}",
            in_words(time),
            expected.expr
        );
        let dropped = self.seen.dropped;
        if dropped > 0 {
            words += &format!("; {dropped} earlier events did not fit into memory");
        }
        Err(Failure(Code::Unmet, words).into())
    }
}
