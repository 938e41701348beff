//! The PBX behind the sockets. No socket, no thread and no clock of its own: time comes in, events go out.

mod clock;

use std::time::{Duration, SystemTime};

pub(in crate::simulator) use clock::{Clock, date_and_time, hms};

use super::outbox::Event;
use super::{Life, Version};

/// Everything that is true of the PBX now.
#[derive(Debug)]
pub(in crate::simulator) struct World {
    version: Version,
    clock: Clock,
    events: Vec<Event>,
}

impl World {
    pub(super) fn new(version: Version, life: Life, start: SystemTime) -> World {
        let _ = life;
        World {
            version,
            clock: Clock::new(start),
            events: Vec::new(),
        }
    }

    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    pub(super) fn uptime(&self) -> Duration {
        self.clock.now
    }

    /// Does everything that is due by then.
    pub(super) fn advance(&mut self, now: Duration) {
        self.clock.now = self.clock.now.max(now);
    }

    /// When something is due next.
    pub(super) fn next_due(&self) -> Option<Duration> {
        None
    }

    /// The events since this was last asked.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Lets go of who waits for the outcome of an Originate.
    pub(super) fn release_waiting(&mut self) {}
}
