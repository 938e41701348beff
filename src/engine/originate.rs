//! Originate that reports the outcome of the call.
//!
//! Its Response only says that the call was queued, even to a number that does
//! not exist. The outcome is an OriginateResponse event, which only sessions
//! with class call receive.

mod call;
pub(super) mod placed;
mod told;

use super::act::Exchanged;
use super::batch::Batch;
use super::flow::{Done, Failure, Halt};
use super::outcome::{Ending, Outcome};
use super::runner::Runner;
use super::sending::{GRACE, make_async, timeout};
use super::step::Line;
use super::wait::{Taken, Waited};
use crate::ami::{Action, Classes, Packet, Reply, Status};
use crate::exit_code::Code;
use crate::session::{self, Answer, Arrival, Arrived};
use call::Call;
use std::io;
use std::time::{Duration, Instant, SystemTime};
use told::{is_outcome_of, is_success, words};

/// When to warn that nothing was heard of the call. A session with class call
/// has seen its channel by then: it is announced before anything is dialed.
const DOUBT: Duration = Duration::from_secs(3);

/// The OriginateResponse of an Action, or why there is none.
type Told = Result<Packet, String>;

impl Runner<'_> {
    /// Sends it asynchronously and waits for the outcome of the call.
    pub(super) fn originate(&mut self, mut action: Action, line: Line) -> Done<Outcome> {
        make_async(&mut action).map_err(session::Error::from)?;
        let limit = timeout(&action) + GRACE;
        let session = self.session;
        // Declared first, so it is dropped last and the events keep coming
        // until the end.
        let wanted = match self.want(Classes::CALL) {
            Err(Halt::Failed(Failure(code @ Code::Signal(_), _))) => {
                let words = "stopped: Originate was not sent".to_owned();
                return Err(Failure(code, words).into());
            }
            Err(Halt::Failed(Failure(_, why))) => Err(why),
            Err(Halt::Unsent(error)) => Err(self.not_sent(&error).1),
            wanted => Ok(wanted?),
        };
        let mut call = Call::of(&action, self.located(line.number, ""), self.quiet());
        // The event may overtake the Response on its way through the server.
        let mut early = Vec::new();
        let patience = session.patience();
        let Exchanged { time, ending, sent } = self.send(
            action,
            patience,
            &mut |_, batch, arrived| match arrived.what {
                Arrival::Event(ref event) if event.is_event("OriginateResponse") => {
                    early.push(arrived);
                    Taken::Kept
                }
                _ => observe(&mut call, arrived, batch),
            },
        )?;
        let id = sent.get("ActionID").unwrap_or_default().trim_ascii_start();
        let told = self.told_early(early, id);
        let mut reply = match ending {
            Ending::Answer(Answer::Reply(reply)) if reply.status() != Status::Error => reply,
            ending => {
                return Ok(Outcome::of(session, self.rules, &sent, time, ending));
            }
        };
        let told = match (told, wanted) {
            (Some(event), _) => Ok(event),
            (None, Ok(_wanted)) => self.await_response(id, limit, &mut call)?,
            // The OriginateResponse will never come.
            (None, Err(why)) => Err(format!("{why}; the outcome of the call cannot be known")),
        };
        Ok(match told {
            Ok(event) => {
                if !is_success(&event) {
                    self.await_cause(&mut call)?;
                }
                let (code, note) = words(&event, &call);
                reply.items.push(event);
                outcome(time, reply, code, note)
            }
            Err(why) => outcome(time, reply, Code::Unknown, why),
        })
    }

    /// The OriginateResponse among those that overtook the Response; the others
    /// are of other calls, and shown.
    fn told_early(&mut self, early: Vec<Arrived>, id: &[u8]) -> Option<Packet> {
        let mut told = None;
        for arrived in early {
            match arrived.what {
                Arrival::Event(event) if is_outcome_of(&event, id) => told = Some(event),
                what => {
                    let arrived = Arrived { what, ..arrived };
                    let mut transcript = self.transcript.lock();
                    transcript.arrival(&mut self.batch, self.session, arrived);
                }
            }
        }
        told
    }

    fn await_response(&mut self, id: &[u8], limit: Duration, call: &mut Call) -> io::Result<Told> {
        let until = Instant::now() + limit;
        let mut doubt = Some(Instant::now() + DOUBT).filter(|doubt| *doubt < until);
        loop {
            let next = doubt.unwrap_or(until);
            let waited = self.wait(Some(next), &mut |_, batch, arrived| match arrived.what {
                Arrival::Event(event) if is_outcome_of(&event, id) => Taken::Done(Ok(event)),
                what => {
                    let ended = matches!(what, Arrival::Ended(..));
                    let arrived = Arrived { what, ..arrived };
                    match ended {
                        true => Taken::Done(Err(arrived)),
                        false => observe(call, arrived, batch),
                    }
                }
            })?;
            return Ok(match waited {
                Waited::Done(Ok(event)) => Ok(event),
                Waited::Done(Err(ended)) => {
                    let mut transcript = self.transcript.lock();
                    transcript.arrival(&mut self.batch, self.session, ended);
                    Err("the connection ended: the outcome of the call is unknown".to_owned())
                }
                Waited::Interrupted => {
                    self.interrupted();
                    Err("stopped waiting: the call goes on, its outcome is unknown".to_owned())
                }
                Waited::Over if doubt.take().is_some() => {
                    if let Some(words) = call.doubt(until) {
                        self.say(&words)?;
                    }
                    continue;
                }
                Waited::Over | Waited::Ended => Err(call.unheard()),
                Waited::Nudged => continue,
            });
        }
    }

    /// Waits for the Hangup of the call's channel, which says why it failed.
    fn await_cause(&mut self, call: &mut Call) -> io::Result<()> {
        let until = Instant::now() + told::AFTERWARDS;
        while call.may_say_more() {
            let waited = self.wait(Some(until), &mut |_, batch, arrived| {
                let taken = observe(call, arrived, batch);
                match (taken, call.may_say_more()) {
                    (Taken::Other(arrived), false) => Taken::Done(arrived),
                    (taken, _) => taken,
                }
            })?;
            match waited {
                Waited::Done(last) => {
                    let mut transcript = self.transcript.lock();
                    transcript.arrival(&mut self.batch, self.session, last);
                }
                Waited::Nudged => {}
                Waited::Interrupted => {
                    self.interrupted();
                    break;
                }
                Waited::Over | Waited::Ended => break,
            }
        }
        Ok(())
    }
}

fn outcome(time: SystemTime, reply: Box<Reply>, code: Code, note: String) -> Outcome {
    Outcome {
        time,
        ending: Ending::Answer(Answer::Reply(reply)),
        code,
        note: Some(note),
    }
}

/// Passes the arrival on, preceded by what it means for the call.
fn observe<T>(call: &mut Call, arrived: Arrived, batch: &mut Batch) -> Taken<T> {
    if let Arrival::Event(event) = &arrived.what
        && let Some(words) = call.notice(event)
    {
        batch.notice(words);
    }
    Taken::Other(arrived)
}
