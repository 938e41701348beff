//! `LINE &`: an Action is sent, and nobody waits for its answer.

use super::{Ending, Error, Manner, Outcome, Rules, completed, judge, observe, patience};
use crate::ami::{Action, Ticket};
use crate::session::{self, Answer, Session};
use std::time::SystemTime;

/// An Action whose answer comes when it comes.
pub struct Sent {
    /// The claim on it.
    pub ticket: Ticket,
    action: Action,
    rules: Rules,
}

/// Sends `action`; the answer will be an arrival like any other.
///
/// # Errors
/// Nothing was sent.
pub fn send(
    session: &Session,
    rules: Rules,
    action: Action,
    manner: Manner,
) -> Result<Sent, Error> {
    rules.admit(&action)?;
    let patience = patience(session, &action);
    // What becomes of the call of an Originate is an event; its answer would
    // keep every later one waiting.
    let action = completed(action, manner, rules).map_err(session::Error::from)?;
    let (ticket, action) = session.send(action, patience)?;
    Ok(Sent {
        ticket,
        action,
        rules,
    })
}

impl Sent {
    /// What became of it.
    pub fn outcome(self, session: &Session, time: SystemTime, answer: Answer) -> Outcome {
        let ending = match answer {
            Answer::Reply(reply) => Ending::Reply(reply),
            Answer::TimedOut(part) => Ending::TimedOut(part),
            Answer::Lost(part) => Ending::Lost(part),
        };
        if let Ending::Reply(reply) = &ending {
            observe(session, &self.action, reply);
        }
        judge(session, self.rules, &self.action, time, ending)
    }
}
