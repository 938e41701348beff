//! Events since the last Action was sent, for `expect` to look back at.

use crate::ami::Packet;
use crate::language::Expr;
use std::collections::VecDeque;
use std::time::SystemTime;

/// Bytes of events kept for a later `expect`. A script that sleeps for days
/// must not fill the memory.
const KEPT: usize = 64 * 1024 * 1024;

/// Memory an event takes beyond its bytes, at least.
const OVERHEAD: usize = 160;

/// Events since the last Action was sent that no `expect` has consumed.
#[derive(Default)]
pub(super) struct Seen {
    /// Will there be an `expect`? With a pipe this is unknown.
    pub is_kept: bool,
    events: VecDeque<Event>,
    bytes: usize,
    /// How many were removed from the front, ever; places count from the very
    /// first.
    gone: usize,
    /// How many were removed to make room since the last Action.
    pub dropped: usize,
}

/// One event, and whether the user has seen it.
pub(super) struct Event {
    pub time: SystemTime,
    pub event: Packet,
    pub shown: bool,
}

impl Event {
    fn cost(&self) -> usize {
        self.event.bytes().len() + OVERHEAD
    }
}

impl Seen {
    pub fn push(&mut self, event: Event) {
        let event = Event {
            event: event.event.kept(),
            ..event
        };
        self.bytes += event.cost();
        self.events.push_back(event);
        while self.bytes > KEPT && self.events.len() > 1 {
            self.dropped += 1;
            self.gone += 1;
            let first = self.events.pop_front();
            self.bytes -= first.map_or(0, |first| first.cost());
        }
    }

    /// Forgets all: an Action is being sent.
    pub fn clear(&mut self) {
        self.gone += self.events.len();
        self.events.clear();
        self.bytes = 0;
        self.dropped = 0;
    }

    /// Takes the first match among the events from `from` on, and moves `from`
    /// past those that need not be checked again.
    pub fn take(&mut self, expr: &Expr, from: &mut usize) -> Option<Event> {
        let start = from.saturating_sub(self.gone);
        let mut unread = self.events.iter().skip(start);
        let found = unread.position(|one| expr.matches(&one.event));
        *from = self.gone + self.events.len();
        let event = self.events.remove(start + found?)?;
        self.bytes -= event.cost();
        Some(event)
    }
}
