//! A process that is stopped reads nothing, and Asterisk cuts whoever reads
//! nothing: so it is asked for no events meanwhile.

use super::arrival::{Arrival, Gap};
use super::{Session, lock};
use crate::ami::Action;
use std::time::Duration;

impl Session {
    /// Asks for no events until [`Session::resume`], and waits for the answer,
    /// for `limit` at most. Nothing is asked while an Action of the user's
    /// is unanswered: it would end a WaitEvent, and a blocking Action would stall
    /// it. Questions of our own are answered soon.
    pub fn pause(&self, limit: Duration) {
        if self.is_occupied() {
            return;
        }
        let due = {
            let mut interest = lock(&self.interest);
            interest.pause();
            interest.due()
        };
        if let Some(action) = due {
            // Without an answer in time the events come, and wait in the socket.
            let _ = self.call_on(&self.link(), action, limit);
        }
    }

    /// The process goes on: asks for what was asked for before
    /// [`Session::pause`], if that was, and whether the server is still there.
    pub fn resume(&self) {
        let (since, due) = {
            let mut interest = lock(&self.interest);
            (interest.resume(), interest.due())
        };
        if let Some(since) = since {
            let time = since.elapsed();
            self.tell(Arrival::Gap(Gap::Stopped { time }));
        }
        let question = match due {
            None if !self.is_quiet() || !self.is_logged_in() => return,
            due => due.unwrap_or_else(|| Action::own("Ping", &[])),
        };
        self.ask_for_life(&self.link(), question);
    }
}
