//! The latest events, as many as there is room for.

use crate::ami::Packet;
use std::collections::VecDeque;
use std::time::SystemTime;

/// About ten seconds of a busy PBX, or hours of a small one.
const EVENTS: usize = 10_000;

/// Memory for all of them together, in bytes.
const BYTES: usize = 8 * 1024 * 1024;

/// The memory an event takes: its bytes, its slot in the ring, and twelve bytes
/// for each header, allocated when an expression first looks for one.
fn weight(event: &Packet) -> usize {
    let lines = event.bytes().iter().filter(|byte| **byte == b'\n').count();
    event.bytes().len() + 12 * lines + size_of::<(SystemTime, Packet)>()
}

/// A ring of events.
#[derive(Debug, Default)]
pub(super) struct Recent {
    events: VecDeque<(SystemTime, Packet)>,
    bytes: usize,
}

impl Recent {
    /// Adds `event`, dropping the oldest ones to make room.
    pub fn push(&mut self, time: SystemTime, event: Packet) {
        self.bytes += weight(&event);
        self.events.push_back((time, event.kept()));
        while self.events.len() > EVENTS || self.bytes > BYTES {
            let Some((_, oldest)) = self.events.pop_front() else {
                break;
            };
            self.bytes -= weight(&oldest);
        }
    }

    /// The events, oldest first.
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

    // A shell is left open for weeks on a busy server, so the ring must stay
    // within its bounds.
    #[test]
    fn the_memory_of_a_ring_is_bounded() {
        let mut ring = Recent::default();
        (0..EVENTS + 10).for_each(|i| ring.push(SystemTime::now(), event(i % 100)));
        assert_eq!(ring.events.len(), EVENTS);
        let held: usize = ring.iter().map(|(_, event)| weight(event)).sum();
        assert_eq!(ring.bytes, held);
        ring.push(SystemTime::now(), event(BYTES - 1000));
        assert!(ring.bytes <= BYTES && ring.events.len() < 100);
        // Many short headers take four times their bytes once they are indexed.
        let mut ring = Recent::default();
        let headers = format!("Event: A\r\n{}\r\n", "a:\r\n".repeat(1_000_000));
        for _ in 0..3 {
            ring.push(
                SystemTime::now(),
                Packet::new(headers.clone().into_bytes().into()),
            );
        }
        assert!(ring.events.is_empty());
        // An event larger than the whole ring is not kept.
        ring.push(SystemTime::now(), event(BYTES));
        assert_eq!((ring.bytes, ring.events.len()), (0, 0));
    }
}
