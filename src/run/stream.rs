//! `-e`: streams events until stopped.

use super::{Ends, narrow};
use crate::ami::{Classes, Status};
use crate::engine::wait::{Taken, Waited};
use crate::engine::{Batch, Runner, Transcript, session_code};
use crate::exit_code::Code;
use crate::language::Expr;
use crate::session::{Answer, Arrival, Arrived, Error, Session};
use std::io;
use std::time::Instant;

/// What a stream shows, and where it ends.
pub struct Choice<'a> {
    /// Only these events.
    pub filter: Option<&'a Expr>,
    /// The event that ends it, which is shown even if the filter would drop it.
    pub until: Option<&'a Expr>,
    /// This and the other ends.
    pub ends: &'a Ends,
}

impl Choice<'_> {
    /// Tells of what cannot come with events of `classes`.
    pub fn doubt(&self, classes: Classes, runner: &mut Runner<'_>) -> io::Result<()> {
        let mut exprs = [self.filter, self.until].into_iter().flatten();
        exprs.try_for_each(|expr| runner.doubt(expr, classes))
    }
}

/// Why a stream ended.
pub enum Stop {
    /// The event came, or the count was reached, here or on another PBX.
    Met,
    /// Time reached.
    Over,
    /// Ctrl-C.
    Interrupted,
    /// The server answered Error to Events, with this message.
    Refused(String),
    /// The link ended for good: the exit code and the message.
    Ended(Code, String),
}

/// Asks for events of `classes` and shows those of `choice` with `runner` until the
/// first of its ends. Returns the exit code but for an event that did not come
/// ([`Ends::unmet`]).
pub fn run(
    session: &Session,
    classes: Classes,
    choice: &Choice<'_>,
    runner: &mut Runner<'_>,
) -> io::Result<Code> {
    let Some(mut stream) = Stream::begin(session, classes, choice, runner)? else {
        return Ok(Code::Usage);
    };
    loop {
        if let Some(stop) = stream.go_on(runner, choice.ends.deadline())? {
            runner.flush()?;
            runner.say_unmet_fields()?;
            return stream.end(stop, runner);
        }
    }
}

/// A running stream.
pub struct Stream<'a> {
    session: &'a Session,
    /// The event that ends it.
    until: Option<&'a Expr>,
    ends: &'a Ends,
    /// Is it certain that the server sends the events? Its answer or an event
    /// shows it.
    known: bool,
}

impl<'a> Stream<'a> {
    /// Asks for the events. None: they cannot be asked for, and the user knows.
    pub fn begin(
        session: &'a Session,
        classes: Classes,
        choice: &Choice<'a>,
        runner: &mut Runner<'_>,
    ) -> io::Result<Option<Stream<'a>>> {
        let Choice {
            filter,
            until,
            ends,
        } = *choice;
        session.narrow(narrow::actions(filter, until));
        // Does not wait for the answer: a server that does not answer may send
        // events all the same.
        let known = match session.ask_events(classes) {
            Ok(asked) => asked.is_none(),
            // The end of the link is in the backlog, with its reason.
            Err(Error::NotConnected) => true,
            Err(error) => {
                runner.say(&error.to_string())?;
                return Ok(None);
            }
        };
        runner.wait_in_vain(classes, until.or(filter))?;
        Ok(Some(Stream {
            session,
            known,
            until,
            ends,
        }))
    }

    fn go_on(
        &mut self,
        runner: &mut Runner<'_>,
        deadline: Option<Instant>,
    ) -> io::Result<Option<Stop>> {
        let waited = runner.wait(deadline, &mut |transcript, batch, arrived| {
            self.take(transcript, batch, arrived)
        })?;
        Ok(match waited {
            Waited::Done(stop) => Some(stop),
            Waited::Interrupted => Some(Stop::Interrupted),
            Waited::Over | Waited::Ended => Some(Stop::Over),
            Waited::Nudged => None,
        })
    }

    /// Shows what is there, or a part of much, without waiting; with `is_round` also
    /// what is overdue. Returns why the stream ended, if it has.
    pub fn take_part(
        &mut self,
        runner: &mut Runner<'_>,
        is_round: bool,
    ) -> io::Result<Option<Stop>> {
        loop {
            let mut waiter = |transcript: &mut Transcript, batch: &mut Batch, arrived: Arrived| {
                self.take(transcript, batch, arrived)
            };
            let waited = match is_round {
                true => runner.wait(Some(runner.past()), &mut waiter)?,
                false => runner.take(&mut waiter)?,
            };
            return Ok(match waited {
                Waited::Done(stop) => Some(stop),
                Waited::Interrupted => Some(Stop::Interrupted),
                Waited::Ended => Some(Stop::Over),
                Waited::Over => None,
                Waited::Nudged => continue,
            });
        }
    }

    /// Ends it for this reason, and returns the exit code.
    pub fn end(&self, stop: Stop, runner: &mut Runner<'_>) -> io::Result<Code> {
        runner.flush()?;
        let lost = match self.session.backlog().lost() {
            0 => Code::Ok,
            _ => Code::Lost,
        };
        let (code, words) = self.stopped(stop);
        if let Some(words) = words {
            runner.say(&words)?;
        }
        Ok(lost.with(code))
    }

    fn take(
        &mut self,
        transcript: &mut Transcript,
        batch: &mut Batch,
        arrived: Arrived,
    ) -> Taken<Stop> {
        match arrived.what {
            Arrival::Event(event) => {
                self.known = true;
                if self.ends.is_over() {
                    return Taken::Done(Stop::Met);
                }
                let is_last = self.until.is_some_and(|last| last.matches(&event));
                if is_last {
                    self.ends.met();
                }
                let filter = transcript.filter.as_ref();
                let is_shown = is_last || filter.is_none_or(|filter| filter.matches(&event));
                if is_shown && self.ends.takes_one() {
                    let text = batch.text();
                    transcript.printer.identify(&arrived.id);
                    transcript.printer.event(text, arrived.time, &event);
                }
                match self.ends.is_over() {
                    true => Taken::Done(Stop::Met),
                    false => Taken::Kept,
                }
            }
            Arrival::Ended(ended, false) => {
                Taken::Done(Stop::Ended(Code::Unknown, ended.to_string()))
            }
            Arrival::StillDown(error, false) => {
                let code = session_code(&error);
                Taken::Done(Stop::Ended(code, format!("not connected again: {error}")))
            }
            Arrival::NotRenewed(_, why) => Taken::Done(Stop::Refused(why)),
            // Events is the only Action in flight.
            Arrival::Answer(_, Answer::Reply(reply)) | Arrival::Late(reply) => {
                self.known = true;
                match reply.status() {
                    Status::Error => {
                        let why = reply.message().unwrap_or_default();
                        Taken::Done(Stop::Refused(why.terminal().into_owned()))
                    }
                    _ => Taken::Kept,
                }
            }
            Arrival::Answer(_, Answer::TimedOut(_) | Answer::Lost(_)) => Taken::Kept,
            what => Taken::Other(Arrived { what, ..arrived }),
        }
    }

    /// The exit code and the message for this end.
    fn stopped(&self, stop: Stop) -> (Code, Option<String>) {
        let said = |code, words: &str| (code, Some(words.to_owned()));
        match stop {
            Stop::Met => (Code::Ok, None),
            Stop::Over if !self.session.is_open() => said(
                Code::Unknown,
                "the link was down at the end: events may be missing",
            ),
            Stop::Over if self.known => (Code::Ok, None),
            Stop::Over => said(
                Code::Unknown,
                "the server did not answer Events: whether it sends any is unknown",
            ),
            Stop::Refused(why) => {
                let words = format!("the server refuses to send events: {why}");
                (Code::Error, Some(words))
            }
            Stop::Interrupted => (Code::Signal(2), None),
            Stop::Ended(..) if self.session.is_leaving() => (Code::Ok, None),
            Stop::Ended(code, words) => (code, Some(words)),
        }
    }
}
