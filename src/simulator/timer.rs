//! When the next step of each PBX is due, for the one thread that takes the steps of all.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long the thread waits while nothing is due; `changed` wakes it before.
const IDLE: Duration = Duration::from_secs(3600);
/// The least time between two rounds. A thousand PBXs have thousands of steps a second, and a thread that wakes for each
/// of them takes more time to wake than to step.
const ROUND: Duration = Duration::from_millis(10);

#[derive(Debug, Default)]
pub(super) struct Timer {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The times, each with the number of its PBX.
    due: BTreeSet<(Instant, usize)>,
    /// The same, by number.
    of: Vec<Option<Instant>>,
    stopped: bool,
}

impl Timer {
    /// Sets when the PBX of this number is due next.
    pub(super) fn set(&self, number: usize, next: Option<Instant>) {
        let mut state = self.lock();
        if state.of.len() <= number {
            state.of.resize(number + 1, None);
        }
        let Some(kept) = state.of.get_mut(number) else {
            return;
        };
        let before = std::mem::replace(kept, next);
        if before == next {
            return;
        }
        if let Some(before) = before {
            state.due.remove(&(before, number));
        }
        if let Some(next) = next {
            state.due.insert((next, number));
        }
        if state.due.first().map(|(_, first)| *first) == Some(number) {
            self.changed.notify_all();
        }
    }

    /// Waits for the next round, at least some milliseconds after the one that began at `last`, and returns the numbers of
    /// the PBXs that are due; None once it has been stopped.
    pub(super) fn round(&self, last: Instant) -> Option<Vec<usize>> {
        let mut state = self.lock();
        while !state.stopped {
            let now = Instant::now();
            let first = state.due.first().map(|(due, _)| (*due).max(last + ROUND));
            match first {
                Some(first) if first <= now => return Some(state.take(now)),
                first => {
                    let wait = first.map_or(IDLE, |first| first.saturating_duration_since(now));
                    let waited = self.changed.wait_timeout(state, wait);
                    (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        None
    }

    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, now: Instant) -> Vec<usize> {
        let mut numbers = Vec::new();
        while let Some((due, number)) = self.due.pop_first() {
            if due > now {
                self.due.insert((due, number));
                break;
            }
            if let Some(kept) = self.of.get_mut(number) {
                *kept = None;
            }
            numbers.push(number);
        }
        numbers
    }
}
