//! A steady load of UserEvents, for measurements.

use std::time::Duration;

use super::events;
use super::state::{Step, World};

/// Events go out together so often: a write for each would be measured instead of the client.
const PER_SECOND: u32 = 20;

impl World {
    /// Sends the events that are due by now. Their numbers have no gaps while anybody listens.
    pub(super) fn go_on_flooding(&mut self) {
        self.flood.rounds += 1;
        let due = self.flood.rounds * u64::from(self.flood.per_second) / u64::from(PER_SECOND);
        while self.flood.sent < due {
            self.flood.sent += 1;
            if !self.unheard {
                let packet = events::event("UserEvent", "user")
                    .header("UserEvent", "Flood")
                    .header("Number", self.flood.sent.to_string());
                self.tell_packet("user", packet);
            }
        }
        self.after(Duration::from_secs(1) / PER_SECOND, Step::Flood);
    }
}
