//! Actions that were sent and are not answered yet.

use super::outcome::{Ending, Outcome};
use super::policy::Rules;
use super::sending;
use super::step::Line;
use crate::ami::{Action, Ticket};
use crate::catalog;
use crate::output::Asked;
use crate::session::{self, Answer, Session};
use std::time::SystemTime;

/// Must `action` be the only Action in flight?
pub fn stands_alone(action: &Action, manner: sending::Manner, rules: Rules) -> bool {
    let known = catalog::action(&action.name());
    known.is_some_and(|known| known.stands_alone) || sending::is_followed(action, manner, rules)
}

/// An Action in flight.
#[derive(Debug)]
pub struct Sent {
    ticket: Ticket,
    action: Action,
    rules: Rules,
}

impl Sent {
    /// Posts `action`: it goes out with the session's next flush, and its
    /// answer is among the arrivals that follow.
    ///
    /// # Errors
    /// The session refused it; nothing will be sent.
    pub fn post(session: &Session, rules: Rules, action: Action) -> Result<Sent, session::Error> {
        let patience = sending::patience(session, &action);
        let (ticket, action) = session.post(action, patience)?;
        Ok(Sent {
            ticket,
            action,
            rules,
        })
    }

    /// The Action, with its ActionID.
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// Does `ticket` belong to this Action?
    pub fn is(&self, ticket: Ticket) -> bool {
        self.ticket == ticket
    }

    /// The outcome, given its answer.
    pub fn answered(self, session: &Session, time: SystemTime, answer: Answer) -> Outcome {
        self.ended(session, time, Ending::Answer(answer))
    }

    /// Gives up waiting; the answer, if it comes, is late.
    pub fn abandoned(self, session: &Session) -> Outcome {
        session.abandon(self.ticket);
        self.ended(session, SystemTime::now(), Ending::Interrupted)
    }

    fn ended(self, session: &Session, time: SystemTime, ending: Ending) -> Outcome {
        if let Ending::Answer(Answer::Reply(reply)) = &ending {
            sending::observe(session, &self.action, reply);
        }
        Outcome::of(session, self.rules, &self.action, time, ending)
    }
}

pub(super) struct InFlight {
    pub name: String,
    pub line: Line,
    pub sent: Sent,
    /// Its answer and when it came; shown after those before it.
    pub answer: Option<(SystemTime, Answer)>,
}

/// `LINE &`: the prompt returns at once, and the reply is shown when it comes.
pub struct Background {
    /// The Action in flight.
    pub sent: Sent,
    /// The line as typed; shown above the reply.
    pub line: String,
    /// How the reply is shown.
    pub asked: Asked,
}
