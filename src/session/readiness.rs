//! Tells one thread which of many sessions have news.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Which sessions are ready to be looked at.
#[derive(Debug, Default)]
pub struct Readiness {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    ready: Vec<usize>,
    /// Somebody waits. To wake nobody is a call of the system too.
    is_awaited: bool,
}

/// The mark of one session.
#[derive(Debug, Clone)]
pub struct ReadyMark {
    readiness: Arc<Readiness>,
    number: usize,
    /// Set, and not cleared yet: once is enough.
    is_set: Arc<AtomicBool>,
}

impl Readiness {
    /// The numbers of the sessions that are ready, waiting for the first until
    /// `until`.
    pub fn wait(&self, until: Instant) -> Vec<usize> {
        let left = until.saturating_duration_since(Instant::now());
        let mut state = self.lock();
        if state.ready.is_empty() && !left.is_zero() {
            state.is_awaited = true;
            let is_quiet = |state: &mut State| state.ready.is_empty();
            let waited = self.changed.wait_timeout_while(state, left, is_quiet);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.is_awaited = false;
        }
        std::mem::take(&mut state.ready)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadyMark {
    /// The mark of the session with this number.
    pub fn new(readiness: &Arc<Readiness>, number: usize) -> ReadyMark {
        ReadyMark {
            readiness: readiness.clone(),
            number,
            is_set: Arc::default(),
        }
    }

    /// There is news. Whoever waits is woken by [`ReadyMark::wake`].
    pub fn set(&self) {
        if !self.is_set.swap(true, Ordering::AcqRel) {
            self.readiness.lock().ready.push(self.number);
        }
    }

    /// Wakes whoever waits, if any session is ready.
    pub fn wake(&self) {
        let state = self.readiness.lock();
        let is_due = state.is_awaited && !state.ready.is_empty();
        drop(state);
        if is_due {
            self.readiness.changed.notify_one();
        }
    }

    /// Whoever waits looks now: what comes from here on sets it again.
    pub fn clear(&self) {
        self.is_set.store(false, Ordering::Release);
    }
}
