//! Decides who takes arrivals, depending on whether the prompt is up.
//!
//! While the prompt is down, main takes arrivals and prints them. While it is
//! up, main is inside the editor. Text that another thread prints through
//! rustyline waits in a channel that only a running editor empties: if Enter
//! comes first, it appears after later text, and a main that waits for it
//! hangs. So nothing is printed that way. The pump rings the bell, main takes
//! the arrivals when it redraws the prompt, and one thread shows everything in
//! order of arrival. Arrivals that need no output are taken by the pump itself:
//! a flood behind a filter would ring endlessly.

use super::lock;
use crate::session::Session;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The gate: opened and closed by the editor, waited at by the pump.
#[derive(Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    session: Option<Arc<Session>>,
    open: bool,
    over: bool,
    /// The bell was rung and the prompt not yet redrawn.
    rung: bool,
    /// The pump is taking arrivals.
    taking: bool,
    /// Ctrl-C came as a signal while the prompt was up.
    interrupted: bool,
}

impl Gate {
    /// The prompt is up. Called on every change of the line.
    pub fn open(&self) {
        let mut state = self.lock();
        if !state.open {
            state.open = true;
            state.interrupted = false;
            drop(state);
            self.changed.notify_all();
        }
    }

    /// The prompt is down: arrivals are main's.
    pub fn close(&self) {
        let mut state = self.lock();
        state.open = false;
        while state.taking {
            state = self.change(state);
        }
    }

    pub fn session(&self) -> Option<Arc<Session>> {
        self.lock().session.clone()
    }

    pub fn set_session(&self, session: Arc<Session>) {
        let old = self.lock().session.replace(session);
        if let Some(old) = old {
            // The pump may be waiting for the old session.
            old.backlog().nudge();
        }
        self.changed.notify_all();
    }

    pub fn end(&self) {
        let mut state = self.lock();
        state.over = true;
        state.open = false;
        if let Some(session) = &state.session {
            session.backlog().nudge();
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Blocks the pump until the prompt is up and the bell is silent. None: the
    /// shell is ending.
    pub fn enter(&self) -> Option<Arc<Session>> {
        let mut state = self.lock();
        loop {
            match &state.session {
                _ if state.over => return None,
                Some(session) if state.open && !state.rung => return Some(session.clone()),
                _ => state = self.change(state),
            }
        }
    }

    /// May the pump ring? Once, and not if the prompt went down meanwhile.
    pub fn may_ring(&self) -> bool {
        let mut state = self.lock();
        let may = state.open && !state.rung;
        state.rung |= may;
        may
    }

    /// The bell was heard; the prompt is being redrawn.
    pub fn answer(&self) {
        self.lock().rung = false;
        self.changed.notify_all();
    }

    /// Ctrl-C came as a signal: it is for the line that is being typed, if any.
    pub fn interrupt(&self) {
        let mut state = self.lock();
        state.interrupted = state.open;
    }

    /// Did it, since this was last asked?
    pub fn take_interrupt(&self) -> bool {
        std::mem::take(&mut self.lock().interrupted)
    }

    /// May the pump take arrivals, until [`Gate::taken`]?
    pub fn may_take(&self) -> bool {
        let mut state = self.lock();
        state.taking = state.open;
        state.taking
    }

    /// The pump is done taking arrivals.
    pub fn taken(&self) {
        self.lock().taking = false;
        self.changed.notify_all();
    }

    /// Waits for a change.
    fn change<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        let waited = self.changed.wait(state);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}
