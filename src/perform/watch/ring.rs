//! The last events, as many as have room.

use crate::ami::Packet;
use std::collections::VecDeque;
use std::time::SystemTime;

/// Some ten seconds of a busy PBX, some hours of a small one.
const EVENTS: usize = 10_000;

/// Received bytes of all of them.
const BYTES: usize = 8 * 1024 * 1024;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Ring {
    events: VecDeque<(SystemTime, Packet)>,
    bytes: usize,
}

impl Ring {
    /// Takes `event` in, and lets the oldest go for which there is no room.
    pub fn push(&mut self, time: SystemTime, event: Packet) {
        self.bytes += event.bytes().len();
        self.events.push_back((time, event.folded()));
        while self.events.len() > EVENTS || self.bytes > BYTES {
            let Some((_, oldest)) = self.events.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes().len();
        }
    }

    /// The oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (SystemTime, &Packet)> {
        self.events.iter().map(|(time, event)| (*time, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(length: usize) -> Packet {
        Packet::new(
            format!("Event: {}\r\n\r\n", "x".repeat(length))
                .into_bytes()
                .into(),
        )
    }

    // A shell is left open for weeks on a busy server.
    #[test]
    fn the_memory_of_a_ring_is_bounded() {
        let mut ring = Ring::default();
        (0..EVENTS + 10).for_each(|i| ring.push(SystemTime::now(), event(i % 100)));
        assert_eq!(ring.events.len(), EVENTS);
        let held: usize = ring.iter().map(|(_, event)| event.bytes().len()).sum();
        assert_eq!(ring.bytes, held);
        ring.push(SystemTime::now(), event(BYTES - 1000));
        assert!(ring.bytes <= BYTES && ring.events.len() < 100);
        // One that is too large by itself is not kept either.
        ring.push(SystemTime::now(), event(BYTES));
        assert_eq!((ring.bytes, ring.events.len()), (0, 0));
    }
}
