//! `-e`: streams events until stopped.

use super::narrow;
use crate::ami::{Classes, Status};
use crate::engine::wait::{Taken, Waited};
use crate::engine::{Batch, Runner, Transcript, session_code};
use crate::exit_code::Code;
use crate::language::Expr;
use crate::session::{Answer, Arrival, Arrived, Error, Session};
use crate::settings::Settings;
use std::io;
use std::time::Instant;

/// Why a stream ended.
enum Stop {
    /// The event came.
    Met,
    /// Count reached.
    Counted,
    /// Time reached.
    Over,
    Interrupted,
    /// The server answered Error to Events, with this message.
    Refused(String),
    /// The link ended for good: the exit code and the message.
    Ended(Code, String),
}

/// Asks for events of `classes` and shows them with `runner` until the first
/// end that `settings` name applies: an event, which is shown even if the filter
/// would drop it, a number of events, or a time. Returns the exit code.
pub fn run(
    session: &Session,
    classes: Classes,
    settings: &Settings,
    runner: &mut Runner<'_>,
) -> io::Result<Code> {
    let deadline = settings.for_duration.map(|time| Instant::now() + time);
    let until = settings.until.as_ref();
    for expr in [settings.filter.as_ref(), until].into_iter().flatten() {
        runner.doubt(expr, classes)?;
    }
    session.narrow(narrow::actions(settings.filter.as_ref(), until));
    // Does not wait for the answer: a server that does not answer may send
    // events all the same.
    let known = match session.ask_events(classes) {
        Ok(asked) => asked.is_none(),
        // The end of the link is in the backlog, with its reason.
        Err(Error::NotConnected) => true,
        Err(error) => {
            runner.say(&error.to_string())?;
            return Ok(Code::Usage);
        }
    };
    runner.wait_in_vain(classes, until.or(settings.filter.as_ref()))?;
    let mut stream = Stream {
        session,
        left: settings.count,
        known,
        until,
    };
    let stop = loop {
        let waited = runner.wait(deadline, &mut |transcript, batch, arrived| {
            stream.take(transcript, batch, arrived)
        })?;
        match waited {
            Waited::Done(stop) => break stop,
            Waited::Interrupted => break Stop::Interrupted,
            Waited::Over | Waited::Ended => break Stop::Over,
            Waited::Nudged => {}
        }
    };
    runner.flush()?;
    runner.say_unmet_fields()?;
    let lost = match session.backlog().lost() {
        0 => Code::Ok,
        _ => Code::Lost,
    };
    let met = match until {
        Some(event) if !matches!(stop, Stop::Met | Stop::Interrupted) => {
            runner.say(&format!("no event matched --until: {event}"))?;
            Code::Unmet
        }
        _ => Code::Ok,
    };
    let (code, words) = stream.stopped(stop);
    if let Some(words) = words {
        runner.say(&words)?;
    }
    Ok(lost.with(met).with(code))
}

/// A running stream.
struct Stream<'a> {
    session: &'a Session,
    /// The event that ends it.
    until: Option<&'a Expr>,
    /// Events left to show.
    left: Option<u64>,
    /// Is it certain that the server sends the events? Its answer or an event
    /// shows it.
    known: bool,
}

impl Stream<'_> {
    fn take(
        &mut self,
        transcript: &mut Transcript,
        batch: &mut Batch,
        arrived: Arrived,
    ) -> Taken<Stop> {
        match arrived.what {
            Arrival::Event(event) => {
                self.known = true;
                let is_last = self.until.is_some_and(|last| last.matches(&event));
                let filter = transcript.filter.as_ref();
                if is_last || filter.is_none_or(|filter| filter.matches(&event)) {
                    let text = batch.text();
                    transcript.printer.identify(&arrived.id);
                    transcript.printer.event(text, arrived.time, &event);
                    self.left = self.left.map(|left| left.saturating_sub(1));
                }
                match (is_last, self.left) {
                    (true, _) => Taken::Done(Stop::Met),
                    (false, Some(0)) => Taken::Done(Stop::Counted),
                    (false, _) => Taken::Kept,
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
            Stop::Counted | Stop::Met => (Code::Ok, None),
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
