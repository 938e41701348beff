//! The queue between reading and showing.
//!
//! The reader never waits here: what is over the bound is counted instead of
//! kept, and a gap stands in its place. Asterisk cuts a client that stops
//! reading for 100 ms, so a paused screen must cost nothing but memory.

mod packed;
mod queue;

use super::arrival::Arrived;
use queue::Queue;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Above so many waiting bytes, or half the bound, the reader may give whoever
/// shows [`MOMENT`].
const PACE: usize = 512 * 1024;

/// How long one read may be put off. A server on the same machine writes
/// faster than anything can be shown, and would fill the memory with what TCP
/// could hold back. At this length reading goes on at 64 MB/s, a hundred times
/// what Asterisk sends, and far below the 100 ms after which it would cut us.
const MOMENT: Duration = Duration::from_millis(2);

/// It is given to who showed at least this part of what the last read brought.
/// Holding back the server for anybody slower would win nothing, and on a busy
/// machine, where a moment may last ten times as long, lose the link.
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

/// See the module. One reader fills it, whoever shows drains it.
#[derive(Debug)]
pub struct Backlog {
    state: Mutex<State>,
    ready: Condvar,
    /// What waits went below the pace.
    eased: Condvar,
    pace: usize,
}

#[derive(Debug)]
struct State {
    queue: Queue,
    /// Bytes taken from it since the last append.
    taken: usize,
    interrupted: bool,
    /// [`Backlog::next`] returns for it, and [`Backlog::wait`] for the other:
    /// each is called by one thread, and neither may swallow what the other
    /// waits for.
    nudged: bool,
    nudged_waiter: bool,
    /// How many more [`Backlog::gather`] waits for.
    sought: usize,
}

impl State {
    /// The first that waits. The reader is told when less than `pace` does.
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
    /// An empty one that keeps events up to `limit` received bytes.
    pub fn new(limit: usize) -> Backlog {
        Backlog {
            state: Mutex::new(State {
                queue: Queue::new(limit),
                taken: 0,
                interrupted: false,
                nudged: false,
                nudged_waiter: false,
                sought: 0,
            }),
            ready: Condvar::new(),
            eased: Condvar::new(),
            pace: PACE.min(limit / 2),
        }
    }

    /// Takes what one read brought. Events over the bound are dropped and
    /// counted, in place; replies never are.
    pub fn append(&self, arrived: Vec<Arrived>) {
        if arrived.is_empty() {
            return;
        }
        let brought: usize = arrived.iter().map(Arrived::bytes).sum();
        let mut state = self.lock();
        state.sought = state.sought.saturating_sub(arrived.len());
        let is_due = state.sought == 0;
        let keeps_up = std::mem::take(&mut state.taken) * KEEPS_UP >= brought;
        state.queue.append(arrived, brought);
        let is_busy = state.queue.bytes() > self.pace;
        // Notified under the lock, whoever wakes would run into it.
        drop(state);
        if is_due {
            self.ready.notify_all();
        }
        if is_busy && keeps_up {
            let state = self.lock();
            let is_busy = |state: &mut State| state.queue.bytes() > self.pace;
            let waited = self.eased.wait_timeout_while(state, MOMENT, is_busy);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// The next arrival in order, waiting for one until `until`, or without
    /// end. A Ctrl-C or a nudge comes before what waits in the queue.
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

    /// The first that waits, if there is one, for whom nobody would interrupt.
    pub fn take(&self) -> Option<Arrived> {
        self.lock().take(self.pace, &self.eased)
    }

    /// What was taken last is the first again: it is for somebody else.
    pub fn put_back(&self, arrived: Arrived) {
        self.lock().queue.put_back(arrived);
        self.ready.notify_all();
    }

    /// Waits until there is something to take, and takes nothing. False: it was
    /// nudged before that. None: `until` is over.
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

    /// Where nothing waits, sleeps until `count` arrivals do, or something else
    /// is to be looked at, but not for longer than `moment`. Whoever wakes up
    /// for each of many small answers has time for little else.
    pub fn gather(&self, count: usize, moment: Duration) {
        let mut state = self.lock();
        if state.queue.is_empty() {
            state.sought = count;
            let is_early =
                |state: &mut State| state.sought > 0 && !state.nudged && !state.interrupted;
            let waited = self.ready.wait_timeout_while(state, moment, is_early);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.sought = 0;
        }
    }

    /// Is there nothing to show at this moment?
    pub fn is_empty(&self) -> bool {
        self.lock().queue.is_empty()
    }

    /// What was lost so far, in events and oversize packets: the exit code
    /// says whether there was any.
    pub fn lost(&self) -> u64 {
        self.lock().queue.lost()
    }

    /// Ctrl-C: whoever waits in [`Backlog::next`] returns, or the next who calls.
    pub fn interrupt(&self) {
        self.lock().interrupted = true;
        self.ready.notify_all();
    }

    /// Has nobody noticed the last [`Backlog::interrupt`] yet?
    pub fn is_interrupted(&self) -> bool {
        self.lock().interrupted
    }

    /// Takes back an [`Backlog::interrupt`] that nobody has noticed.
    pub fn forget_interrupt(&self) {
        self.lock().interrupted = false;
    }

    /// Makes whoever waits look at what else they watch.
    pub fn nudge(&self) {
        let mut state = self.lock();
        state.nudged = true;
        state.nudged_waiter = true;
        drop(state);
        self.ready.notify_all();
    }

    /// Waits for a change, until `until` or without end. None: it is over.
    fn more<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        until: Option<Instant>,
    ) -> Option<MutexGuard<'a, State>> {
        let Some(until) = until else {
            let waited = self.ready.wait(state);
            return Some(waited.unwrap_or_else(PoisonError::into_inner));
        };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        let waited = self.ready.wait_timeout(state, left);
        Some(waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
