//! Tells one thread which of many sessions have news.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Rung by the sessions that belong to it.
#[derive(Debug, Default)]
pub struct Bell {
    rung: Mutex<Rung>,
    heard: Condvar,
}

#[derive(Debug, Default)]
struct Rung {
    numbers: Vec<usize>,
    /// Somebody waits. To wake nobody is a call of the system too.
    is_awaited: bool,
}

/// One session's rope.
#[derive(Debug, Clone)]
pub struct Rope {
    bell: Arc<Bell>,
    number: usize,
    /// Rung, and not answered yet: once is enough.
    is_rung: Arc<AtomicBool>,
}

impl Bell {
    /// The numbers of the sessions that have rung, waiting for the first until
    /// `until`.
    pub fn wait(&self, until: Instant) -> Vec<usize> {
        let left = until.saturating_duration_since(Instant::now());
        let mut rung = self.lock();
        if rung.numbers.is_empty() && !left.is_zero() {
            rung.is_awaited = true;
            let is_quiet = |rung: &mut Rung| rung.numbers.is_empty();
            let waited = self.heard.wait_timeout_while(rung, left, is_quiet);
            rung = waited.unwrap_or_else(PoisonError::into_inner).0;
            rung.is_awaited = false;
        }
        std::mem::take(&mut rung.numbers)
    }

    fn lock(&self) -> MutexGuard<'_, Rung> {
        // Nothing panics half way through a change.
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rope {
    /// A rope of `bell` for the session with this number.
    pub fn new(bell: &Arc<Bell>, number: usize) -> Rope {
        Rope {
            bell: bell.clone(),
            number,
            is_rung: Arc::default(),
        }
    }

    /// There is news. Whoever waits is woken by [`Rope::wake`].
    pub fn ring(&self) {
        if !self.is_rung.swap(true, Ordering::AcqRel) {
            self.bell.lock().numbers.push(self.number);
        }
    }

    /// Wakes whoever waits, if anybody has rung.
    pub fn wake(&self) {
        let rung = self.bell.lock();
        let is_due = rung.is_awaited && !rung.numbers.is_empty();
        drop(rung);
        if is_due {
            self.bell.heard.notify_one();
        }
    }

    /// Whoever waits looks now: what comes from here on rings again.
    pub fn answer(&self) {
        self.is_rung.store(false, Ordering::Release);
    }
}
