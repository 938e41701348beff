//! Limits how much is kept of calls, and for how long. The server and its
//! callers choose the number of calls and the length of names.

use super::Calls;
use std::time::{Duration, SystemTime};

/// How long an ended call is remembered, and how many of them.
const MEMORY: Duration = Duration::from_secs(120);
const MOST_ENDED: usize = 1_000;

/// When there are more legs at once, the oldest calls are forgotten.
pub(super) const MOST_LEGS: usize = 20_000;

/// The most memory for all calls, in bytes. A busy server with 2,000 calls
/// needs a tenth of it.
pub(super) const MOST_BYTES: usize = 32 * 1024 * 1024;

impl Calls {
    /// Updates the accounted memory of a leg.
    pub(super) fn weigh(&mut self, uid: &str) {
        if let Some(leg) = self.legs.get_mut(uid) {
            let weight = leg.weight();
            let before = std::mem::replace(&mut leg.counted, weight);
            self.weight = (self.weight + weight).saturating_sub(before);
        }
    }

    /// Drops calls that ended long enough ago.
    pub(super) fn forget(&mut self, now: SystemTime) {
        while let Some(id) = self.ended.front().copied() {
            let ended = self.calls.get(&id).and_then(|call| call.ended);
            let age = ended.and_then(|ended| now.duration_since(ended).ok());
            let is_old = ended.is_none() || age.is_some_and(|age| age > MEMORY);
            if !is_old && self.ended.len() <= MOST_ENDED {
                return;
            }
            self.ended.pop_front();
            self.drop_call(id);
        }
    }

    /// The memory that is left, in bytes.
    pub(super) fn room(&self) -> usize {
        MOST_BYTES.saturating_sub(self.weight)
    }

    /// Drops the oldest calls until a sixteenth is free for turns of the
    /// others.
    pub(super) fn make_room(&mut self) {
        while self.room() < MOST_BYTES / 16 && !self.calls.is_empty() {
            self.forget_oldest();
        }
    }

    pub(super) fn forget_oldest(&mut self) {
        let ended = self.ended.pop_front();
        if ended.is_none() {
            self.forgotten += 1;
        }
        if let Some(id) = ended.or_else(|| self.calls.keys().next().copied()) {
            self.drop_call(id);
        }
    }

    fn drop_call(&mut self, id: u64) {
        let Some(call) = self.calls.remove(&id) else {
            return;
        };
        for uid in &call.legs {
            self.out(uid);
            if let Some(leg) = self.legs.remove(uid) {
                self.halves.remove(leg.phone());
                self.weight = self.weight.saturating_sub(leg.counted);
            }
        }
        for linked in &call.linked {
            self.linked.remove(linked);
        }
        self.weight = self.weight.saturating_sub(call.weight);
    }
}

#[cfg(test)]
mod tests;
