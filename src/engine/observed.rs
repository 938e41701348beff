//! What the events of this session have shown: the calls, the latest events,
//! and rates while a sample is taken.
//!
//! Every event is noted once, as it is drained from the backlog and before it
//! is shown, so this is never older than the screen. A stream keeps none.

use super::recent::Recent;
use crate::ami::{Packet, Reply};
use crate::calls::Calls;
use crate::diagnosis::Rates;
use crate::language::Expr;
use std::time::SystemTime;

/// Calls, latest events and rates of one session.
#[derive(Debug, Default)]
pub struct Observed {
    /// The calls known so far.
    pub calls: Calls,
    recent: Recent,
    /// Set while a sample is taken.
    pub rates: Option<Rates>,
}

impl Observed {
    /// Records an event. Call it once for each, before it is shown.
    pub fn note(&mut self, time: SystemTime, event: &Packet) {
        self.calls.feed(event, time);
        if let Some(rates) = &mut self.rates {
            rates.count(event);
        }
    }

    /// Replaces the known channels by the server's list from `time`: the reply
    /// to CoreShowChannels or Status, and that to ParkedCalls, if any.
    pub fn refresh(&mut self, time: SystemTime, all: &Reply, parked: Option<&Reply>) {
        self.calls.refresh(&all.items, time);
        if let Some(parked) = parked {
            self.calls.refresh_parked(&parked.items);
        }
    }

    /// Adds an event to the latest ones, whether it was shown or not.
    pub fn keep(&mut self, time: SystemTime, event: Packet) {
        self.recent.push(time, event);
    }

    /// The last `count` kept events that match `expr`, oldest first.
    pub fn last(&self, count: usize, expr: Option<&Expr>) -> Vec<(SystemTime, &Packet)> {
        let meant = |event: &Packet| expr.is_none_or(|expr| expr.matches(event));
        let newest = self.recent.iter().rev().filter(|(_, event)| meant(event));
        let mut last: Vec<_> = newest.take(count).collect();
        last.reverse();
        last
    }
}
