//! Whether a session wants a link, and since when it has none. The supervisor
//! waits here for work.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shared by a session, its links and its supervisor.
#[derive(Default)]
pub(super) struct Lifecycle {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Since when there has been no link, or no data on it.
    down_since: Option<Instant>,
    /// Reconnect when the link ends.
    reconnect: bool,
    /// Somebody asked to connect now.
    requested: bool,
    closing: bool,
}

/// What the supervisor has to do.
pub(super) enum Turn {
    /// The session is being closed.
    Leave,
    /// Connect: there has been no link since then.
    Connect(Instant),
    /// Check the link: nothing happened until the given time.
    Look,
}

impl Lifecycle {
    /// Whether the session reconnects when its link ends.
    pub fn is_returning(&self) -> bool {
        let state = self.lock();
        !state.closing && (state.reconnect || state.requested)
    }

    /// Since when there has been no link, or no data on it.
    pub fn down_since(&self) -> Option<Instant> {
        self.lock().down_since
    }

    /// Turns reconnecting on or off.
    pub fn set_reconnect(&self, reconnect: bool) {
        self.lock().reconnect = reconnect;
    }

    /// The current link has ended; nothing was missed before `since`.
    pub fn link_ended(&self, since: Instant) {
        self.lock().down_since = Some(since);
        self.changed.notify_all();
    }

    /// Asks to connect at once.
    pub fn request(&self) {
        self.lock().requested = true;
        self.changed.notify_all();
    }

    /// Closes the session: no link is wanted any more.
    pub fn close(&self) {
        self.lock().closing = true;
        self.changed.notify_all();
    }

    pub fn is_closing(&self) -> bool {
        self.lock().closing
    }

    /// There is a link again.
    pub fn link_made(&self) {
        let mut state = self.lock();
        state.down_since = None;
        state.requested = false;
    }

    /// A try has failed, perhaps for good. `requested`: somebody had asked for
    /// it. True: there will be another.
    pub fn try_failed(&self, for_good: bool, requested: bool) -> bool {
        let mut state = self.lock();
        // A request made during this try deserves a try of its own.
        state.requested &= !(requested || for_good);
        state.reconnect &= !for_good;
        state.reconnect || state.requested
    }

    /// Waits for the next turn, until `until` at most.
    pub fn turn(&self, until: Instant) -> Turn {
        let mut state = self.lock();
        loop {
            match state.down_since {
                _ if state.closing => return Turn::Leave,
                Some(at) if state.reconnect || state.requested => return Turn::Connect(at),
                // Without a link there is nothing to check.
                Some(_) => {
                    let waited = self.changed.wait(state);
                    state = waited.unwrap_or_else(PoisonError::into_inner);
                }
                None => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Turn::Look;
                    }
                    let waited = self.changed.wait_timeout(state, left);
                    state = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }

    /// Waits for `time`, or until the session is closed or somebody asks to
    /// connect. True: somebody asked.
    pub fn pause(&self, time: Duration) -> bool {
        let idle = |state: &mut State| !state.requested && !state.closing;
        let waited = self.changed.wait_timeout_while(self.lock(), time, idle);
        waited.unwrap_or_else(PoisonError::into_inner).0.requested
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
