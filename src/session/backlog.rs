//! The queue between reading and showing.
//!
//! The reader never blocks here: what exceeds the limit is counted instead of
//! kept, and a gap takes its place. Asterisk drops a client that stops reading
//! for 100 ms, so a paused screen must cost nothing but memory.

mod packed;
mod queue;

use super::arrival::Arrived;
use super::readiness::ReadyMark;
use queue::Queue;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Above this many waiting bytes, or half the limit, the reader may pause for a
/// [`MOMENT`] so that the consumer can catch up.
const PACE: usize = 256 * 1024;

/// How long a read may be delayed. A server on the same machine writes faster
/// than anything can be shown, and would fill the memory with what TCP could
/// hold back.
const MOMENT: Duration = Duration::from_millis(2);

/// So many bytes of memory are read for each microsecond of such a delay before
/// the next one. Asterisk drops a client whose socket takes nothing for 100 ms,
/// and Linux calls a full socket writable again once a third of it is free, 1.4
/// MB of 4: reading must stay faster than 14 MB/s, which take up to 40 of memory.
/// On a busy machine a moment lasts ten times as long, and a delay after each
/// read of 64 KiB lost the link.
const PER_MICROSECOND: usize = 64;

/// The reader pauses only if at least this fraction of what it brought has been
/// shown: waiting for a slower consumer would gain nothing.
const KEEPS_UP: usize = 8;

/// Why [`Backlog::next`] returned.
#[derive(Debug)]
pub enum Wake {
    /// The next arrival.
    Arrived(Arrived),
    /// The user pressed Ctrl-C.
    Interrupted,
    /// Somebody called [`Backlog::nudge`].
    Nudged,
    /// The given time has come.
    Timeout,
}

/// See the module. One reader fills it, one consumer drains it.
#[derive(Debug)]
pub struct Backlog {
    state: Mutex<State>,
    ready: Condvar,
    /// The waiting bytes fell below the pace.
    eased: Condvar,
    pace: usize,
    /// Set for whoever waits for many sessions.
    ready_mark: Option<ReadyMark>,
}

#[derive(Debug)]
struct State {
    queue: Queue,
    /// Bytes added and taken since [`Backlog::hold_back`] last decided.
    brought: usize,
    taken: usize,
    /// It decides again when so many were added.
    undelayed: usize,
    interrupted: bool,
    /// Separate flags for [`Backlog::next`] and [`Backlog::wait`]: each is
    /// called by its own thread, and neither may consume the other's wake-up.
    nudged: bool,
    nudged_waiter: bool,
    /// A deadline has come nearer: whoever sleeps until the former one has to
    /// ask for it again.
    is_early: bool,
    /// How many more arrivals [`Backlog::gather`] waits for.
    sought: usize,
    /// Threads that wait. To wake nobody is a call of the system too.
    waiting: usize,
}

impl State {
    /// Takes the first arrival. Wakes the reader when less than `pace` waits.
    fn take(&mut self, pace: usize, eased: &Condvar) -> Option<Arrived> {
        let before = self.queue.bytes();
        let arrived = self.queue.pop()?;
        let after = self.queue.bytes();
        self.taken += before.saturating_sub(after);
        if before > pace && after <= pace {
            eased.notify_all();
        }
        Some(arrived)
    }
}

impl Backlog {
    /// An empty queue that keeps events in `limit` bytes of memory.
    pub fn new(limit: usize, ready_mark: Option<ReadyMark>) -> Backlog {
        Backlog {
            state: Mutex::new(State {
                queue: Queue::new(limit),
                brought: 0,
                taken: 0,
                undelayed: 0,
                interrupted: false,
                nudged: false,
                nudged_waiter: false,
                is_early: false,
                sought: 0,
                waiting: 0,
            }),
            ready: Condvar::new(),
            eased: Condvar::new(),
            pace: PACE.min(limit / 2),
            ready_mark,
        }
    }

    /// Adds arrivals. Events beyond the limit are dropped and counted in place;
    /// replies never are. Returns the memory added, in bytes.
    pub fn append(&self, arrived: Vec<Arrived>) -> usize {
        let brought = self.append_read(arrived, 0);
        self.announce();
        brought
    }

    /// The same with what was just read: the packets keep all `pinned` bytes in
    /// memory that they were read into. Who waits for many sessions is woken by
    /// [`Backlog::announce`].
    pub fn append_read(&self, arrived: Vec<Arrived>, pinned: usize) -> usize {
        if arrived.is_empty() {
            return 0;
        }
        let mut state = self.lock();
        state.sought = state.sought.saturating_sub(arrived.len());
        let is_due = state.sought == 0;
        let is_awaited = state.waiting > 0;
        let brought = state.queue.append(arrived, pinned);
        // If notified under the lock, the woken thread would block on it at
        // once.
        drop(state);
        if is_due && is_awaited {
            self.ready.notify_all();
        }
        if let Some(ready_mark) = &self.ready_mark {
            ready_mark.set();
        }
        brought
    }

    /// Called after each read with the bytes that it brought. Delays the next
    /// read for a moment if much is waiting and the consumer keeps up, but never
    /// so often that the server would notice.
    pub fn hold_back(&self, brought: usize) {
        if brought == 0 {
            return;
        }
        let mut state = self.lock();
        state.brought += brought;
        if state.brought < state.undelayed {
            return;
        }
        let brought = std::mem::take(&mut state.brought);
        state.undelayed = 0;
        let is_busy = |state: &mut State| state.queue.bytes() > self.pace;
        let keeps_up = std::mem::take(&mut state.taken) * KEEPS_UP >= brought;
        if keeps_up && is_busy(&mut state) {
            let begun = Instant::now();
            let waited = self.eased.wait_timeout_while(state, MOMENT, is_busy);
            let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
            let lasted = usize::try_from(begun.elapsed().as_micros()).unwrap_or(usize::MAX);
            state.undelayed = lasted.saturating_mul(PER_MICROSECOND);
        }
    }

    /// The next arrival in order, waiting until `until`, or without limit. A
    /// Ctrl-C or a nudge comes before the queue.
    pub fn next(&self, until: Option<Instant>) -> Wake {
        let mut state = self.lock();
        loop {
            if std::mem::take(&mut state.interrupted) {
                return Wake::Interrupted;
            }
            if std::mem::take(&mut state.nudged) {
                return Wake::Nudged;
            }
            if let Some(arrived) = state.take(self.pace, &self.eased) {
                return Wake::Arrived(arrived);
            }
            state = match self.more(state, until) {
                Some(state) => state,
                None => return Wake::Timeout,
            };
        }
    }

    /// Takes the first arrival, if there is one. Ignores Ctrl-C and nudges.
    pub fn take(&self) -> Option<Arrived> {
        self.lock().take(self.pace, &self.eased)
    }

    /// Puts back the arrival that was taken last, for another caller to take
    /// first.
    pub fn put_back(&self, arrived: Arrived) {
        self.lock().queue.put_back(arrived);
        self.ready.notify_all();
    }

    /// Waits until there is something to take, without taking it. False: it was
    /// nudged first. None: `until` has passed.
    pub fn wait(&self, until: Option<Instant>) -> Option<bool> {
        let mut state = self.lock();
        loop {
            if !state.queue.is_empty() {
                return Some(true);
            }
            if std::mem::take(&mut state.nudged_waiter) {
                return Some(false);
            }
            state = self.more(state, until)?;
        }
    }

    /// If the queue is empty, sleeps until it has `count` arrivals, for at most
    /// `moment`; a Ctrl-C or a nudge ends it early. Waking up for each of many
    /// small answers would cost more than the answers.
    pub fn gather(&self, count: usize, moment: Duration) {
        let mut state = self.lock();
        if state.queue.is_empty() {
            state.sought = count;
            let is_early =
                |state: &mut State| state.sought > 0 && !state.nudged && !state.interrupted;
            state.waiting += 1;
            let waited = self.ready.wait_timeout_while(state, moment, is_early);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.waiting -= 1;
            state.sought = 0;
        }
    }

    /// Whether there is nothing to show now.
    pub fn is_empty(&self) -> bool {
        self.lock().queue.is_empty()
    }

    /// How many arrivals wait to be shown.
    pub fn waiting(&self) -> usize {
        self.lock().queue.count()
    }

    /// How many events and oversize packets were lost so far. The exit code
    /// depends on it.
    pub fn lost(&self) -> u64 {
        self.lock().queue.lost()
    }

    /// Ctrl-C: makes the current or next call of [`Backlog::next`] return.
    pub fn interrupt(&self) {
        self.lock().interrupted = true;
        self.wake();
    }

    /// Whether the last [`Backlog::interrupt`] has not been noticed yet.
    pub fn is_interrupted(&self) -> bool {
        self.lock().interrupted
    }

    /// Was there a Ctrl-C? Asking counts as noticing it.
    pub fn take_interrupt(&self) -> bool {
        std::mem::take(&mut self.lock().interrupted)
    }

    /// Discards a Ctrl-C that has not been noticed.
    pub fn forget_interrupt(&self) {
        self.lock().interrupted = false;
    }

    /// Wakes all waiters, because something else has changed.
    pub fn nudge(&self) {
        let mut state = self.lock();
        state.nudged = true;
        state.nudged_waiter = true;
        drop(state);
        self.wake();
    }

    fn wake(&self) {
        self.ready.notify_all();
        if let Some(ready_mark) = &self.ready_mark {
            ready_mark.set();
            ready_mark.wake();
        }
    }

    /// Wakes who waits for many sessions, if there is news from any.
    pub fn announce(&self) {
        if let Some(ready_mark) = &self.ready_mark {
            ready_mark.wake();
        }
    }

    /// Whoever waits looks now: what comes from here on marks it ready again.
    pub fn clear_ready(&self) {
        if let Some(ready_mark) = &self.ready_mark {
            ready_mark.clear();
        }
    }

    /// Makes whoever waits return as if its time had passed: there is something
    /// to do before.
    pub fn look_again(&self) {
        self.lock().is_early = true;
        self.ready.notify_all();
    }

    /// Waits for a change until `until`, or without limit. None: the time has
    /// passed.
    fn more<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        until: Option<Instant>,
    ) -> Option<MutexGuard<'a, State>> {
        if std::mem::take(&mut state.is_early) {
            return None;
        }
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return None;
        }
        state.waiting += 1;
        let mut state = match left {
            None => {
                let waited = self.ready.wait(state);
                waited.unwrap_or_else(PoisonError::into_inner)
            }
            Some(left) => {
                let waited = self.ready.wait_timeout(state, left);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        state.waiting -= 1;
        Some(state)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics half way through a change, so a poisoned lock is safe
        // to use.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
