//! Ctrl-Z. A stopped process reads nothing, and Asterisk drops a client that
//! does not read, so events are turned off while it is stopped.

use super::Session;
use super::arrival::{Arrival, Gap};
use crate::ami::Action;
use std::time::Duration;

impl Session {
    /// Turns events off until [`Session::resume`], and waits for the answer for
    /// at most `limit`. Sends nothing while an Action of the user's is
    /// unanswered: it would end a WaitEvent, and a blocking Action would stall
    /// it. amish's own queries are answered soon.
    pub fn pause(&self, limit: Duration) {
        if self.is_occupied() {
            return;
        }
        self.mask.pause();
        if let Ok(Some(asked)) = self.ask_mask(None, limit) {
            // Without an answer in time the events keep coming, and wait in the
            // socket.
            let _ = asked.answer.recv_timeout(limit);
        }
    }

    /// The process continues: asks again for the events that were on before
    /// [`Session::pause`], and checks that the server is still there.
    pub fn resume(&self) {
        if let Some(since) = self.mask.resume() {
            let time = since.elapsed();
            self.tell(Arrival::Gap(Gap::Stopped { time }));
        }
        let is_idle = self.is_quiet();
        let dead = self.config.keepalive.dead;
        if let Ok(Some(asked)) = self.ask_mask(None, dead) {
            return self.await_life(&asked.link, &asked.answer);
        }
        if is_idle && self.is_logged_in() {
            self.ask_for_life(&self.link(), Action::own("Ping", &[]));
        }
    }
}
