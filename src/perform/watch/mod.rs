//! What passes by while somebody waits or types: the last events, how many
//! there are of each, and which of them are to be seen.
//!
//! Whoever drains the backlog feeds it, every event once and before it is
//! shown, so that nothing in here is stale. Where nobody looks back, as in a
//! stream, there is none.

pub mod calls;
mod quiet;
mod rates;
mod ring;
mod wanted;

pub use calls::Calls;
pub use quiet::{Filtering, noisy};
pub use rates::{Rate, Rates};
pub use wanted::Wanted;

use super::Channels;
use crate::ami::Packet;
use crate::language::Expr;
use ring::Ring;
use std::time::SystemTime;

/// See the module.
#[derive(Debug, Default)]
pub struct Watch {
    filter: Option<Expr>,
    calls: Calls,
    ring: Ring,
    /// While a sample is taken.
    rates: Option<Rates>,
}

impl Watch {
    /// From now on only events that `filter` means are shown.
    pub fn set_filter(&mut self, filter: Option<Expr>) {
        self.filter = filter;
    }

    /// The filter in force.
    pub fn filter(&self) -> Option<&Expr> {
        self.filter.as_ref()
    }

    /// Does the filter let `event` be seen?
    pub fn lets_see(&self, event: &Packet) -> bool {
        self.filter
            .as_ref()
            .is_none_or(|filter| filter.matches(event))
    }

    /// Takes note of an event. Call it once for each, before it is shown.
    pub fn note(&mut self, time: SystemTime, event: &Packet) {
        self.calls.feed(event, time);
        if let Some(rates) = &mut self.rates {
            rates.count(event);
        }
    }

    /// The calls, as far as events have told of them.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// The server has told which channels there are.
    pub fn refresh(&mut self, channels: &Channels) {
        self.calls.refresh(&channels.all.items, channels.time);
        if let Some(parked) = &channels.parked {
            self.calls.refresh_parked(&parked.items);
        }
    }

    /// Keeps an event among the last ones, when it was shown or was not to be.
    pub fn keep(&mut self, time: SystemTime, event: Packet) {
        self.ring.push(time, event);
    }

    /// The last `count` of the events that are kept and that `expr` means, the
    /// oldest first.
    pub fn last(&self, count: usize, expr: Option<&Expr>) -> Vec<(SystemTime, &Packet)> {
        let meant = |event: &Packet| expr.is_none_or(|expr| expr.matches(event));
        let newest = self.ring.iter().rev().filter(|(_, event)| meant(event));
        let mut last: Vec<_> = newest.take(count).collect();
        last.reverse();
        last
    }

    /// What passed by was another server's.
    pub fn forget(&mut self) {
        self.ring = Ring::default();
        self.calls = Calls::default();
    }

    /// Counts from now on.
    pub fn begin_sample(&mut self) {
        self.rates = Some(Rates::default());
    }

    /// Counts no longer. What was counted.
    pub fn end_sample(&mut self) -> Rates {
        self.rates.take().unwrap_or_default()
    }
}
