//! What amish's own commands need of the server: events for a while, and the
//! current channels. It waits for the answer to Events: after a refusal they
//! would be waited for in vain.

use super::flow::{Done, Failure, Halt};
use super::outcome::{Ending, Outcome};
use super::runner::Runner;
use super::wait::Taken;
use crate::ami::{Action, Classes, Packet, Reply, Status, Ticket};
use crate::exit_code::Code;
use crate::session::{Answer, Wanted};
use std::time::SystemTime;

type Listed = (SystemTime, Box<Reply>);

impl<'a> Runner<'a> {
    /// Has the server send events of `classes` until the guard is dropped.
    pub(super) fn want(&mut self, classes: Classes) -> Done<Wanted<'a>> {
        let (wanted, ticket) = self.session.want(classes)?;
        if let Some(ticket) = ticket {
            self.mask_answer(ticket)?;
        }
        Ok(wanted)
    }

    /// Waits for the answer to Events. An Error or no answer is a failure.
    pub(super) fn mask_answer(&mut self, ticket: Ticket) -> Done<()> {
        let (_, ending) = self.answer_to(ticket, &mut |_, _, arrived| Taken::Other(arrived))?;
        let words = match ending {
            Ending::Answer(Answer::Reply(reply)) if reply.status() == Status::Error => {
                // Another request may have relied on this mask.
                self.session.sync_mask();
                return Err(refused(&reply).into());
            }
            Ending::Answer(Answer::Reply(_)) => return Ok(()),
            Ending::Answer(Answer::TimedOut(_)) => {
                self.session.give_up_events();
                "the server did not answer Events: whether it sends any is unknown"
            }
            Ending::Answer(Answer::Lost(_)) => "the connection ended before the answer to Events",
            Ending::Interrupted => {
                self.session.give_up_events();
                let words = "stopped waiting for the answer to Events: whether the server sends any is unknown";
                return Err(Failure(Code::Signal(2), words.to_owned()).into());
            }
        };
        Err(Failure(Code::Unknown, words.to_owned()).into())
    }

    /// Asks the server for its channels and records them. Returns when the list
    /// was made.
    pub(super) fn refresh_channels(&mut self) -> Done<SystemTime> {
        // CoreShowChannels needs another class than Status, and 1.4 has only
        // Status.
        let (time, all) = match self.listed("CoreShowChannels") {
            Err(Halt::Failed(Failure(Code::Error, why))) => match self.listed("Status") {
                Err(Halt::Failed(_) | Halt::Unsent(_)) => {
                    return Err(Failure(Code::Error, why).into());
                }
                listed => listed?,
            },
            listed => listed?,
        };
        // CoreShowChannels of 1.6 has no names of callers.
        let nameless = |item: &Packet| item.get("CallerIDName").is_none();
        let named = match all.items.iter().any(nameless) {
            true => self.listed("Status").ok(),
            false => None,
        };
        let parked = match self.listed("ParkedCalls") {
            Err(Halt::Failed(_) | Halt::Unsent(_)) => None,
            listed => Some(listed?.1),
        };
        if let Some(observed) = &mut self.transcript.lock().observed {
            if let Some((time, named)) = named {
                observed.refresh(time, &named, None);
            }
            observed.refresh(time, &all, parked.as_deref());
        }
        Ok(time)
    }

    pub(super) fn listed(&mut self, name: &str) -> Done<Listed> {
        let question = Action::own(name, &[]);
        let (time, ending, sent) = self.ask(question, self.session.patience())?;
        let outcome = Outcome::of(self.session, self.rules, &sent, time, ending);
        match outcome.ending {
            Ending::Answer(Answer::Reply(reply)) if outcome.code == Code::Ok => {
                Ok((outcome.time, reply))
            }
            ending => {
                let refused = || {
                    let message = ending.reply().and_then(Reply::message).unwrap_or_default();
                    format!("no list of channels: {}", message.terminal())
                };
                Err(Failure(outcome.code, outcome.note.unwrap_or_else(refused)).into())
            }
        }
    }
}

fn refused(reply: &Reply) -> Failure {
    let why = reply.message().unwrap_or_default();
    let words = format!("the server refuses to send events: {}", why.terminal());
    Failure(Code::Error, words)
}
