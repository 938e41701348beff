//! An Action that was sent and is not waited for at once, so that others may
//! follow it before its answer has come.

use super::{Ending, Error, Manner, Outcome, Rules, judge, observe, originate, patience};
use crate::ami::{Action, Ticket};
use crate::session::{Answer, Session};
use std::time::SystemTime;

/// Of these the rest of the session depends, or they depend on it: the login
/// itself, what changes the events, and what any byte ends.
const ALONE: [&str; 6] = [
    "Challenge",
    "Events",
    "Filter",
    "Login",
    "Logoff",
    "WaitEvent",
];

/// An Action under way.
#[derive(Debug)]
pub struct Sent {
    ticket: Ticket,
    action: Action,
}

/// Must nothing else be under way beside `action`?
pub fn stands_alone(action: &Action, manner: Manner, rules: Rules) -> bool {
    let alone = ALONE.iter().any(|name| action.is(name));
    alone || originate::is_told(action, manner, rules)
}

impl Sent {
    /// Posts `action`, which does not stand alone. Its answer will be among
    /// what arrives once the session is flushed.
    ///
    /// # Errors
    /// Nothing will be sent.
    pub fn post(session: &Session, rules: Rules, action: Action) -> Result<Sent, Error> {
        rules.admit(&action)?;
        let patience = patience(session, &action);
        let (ticket, action) = session.post(action, patience)?;
        Ok(Sent { ticket, action })
    }

    /// Is this the claim on its answer?
    pub fn is(&self, ticket: Ticket) -> bool {
        self.ticket == ticket
    }

    /// What became of it.
    pub fn answered(
        self,
        session: &Session,
        rules: Rules,
        time: SystemTime,
        answer: Answer,
    ) -> Outcome {
        let ending = Ending::from(answer);
        if let Ending::Reply(reply) = &ending {
            observe(session, &self.action, reply);
        }
        judge(session, rules, &self.action, time, ending)
    }

    /// Nobody waits for it any longer.
    pub fn given_up(self, session: &Session, rules: Rules) -> Outcome {
        session.abandon(self.ticket);
        let now = SystemTime::now();
        judge(session, rules, &self.action, now, Ending::Interrupted)
    }
}
