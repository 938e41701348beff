//! Is the prompt up, and for whom is what arrives?
//!
//! While the prompt is down, main takes arrivals and prints them. While it is
//! up, main is inside the editor, and a text that another thread prints through
//! rustyline waits in a channel that only a running editor empties: caught
//! there by Enter it appears after later ones, and a main that waits for it
//! never gets on. So no text goes that way. The pump rings, main takes what
//! there is when it draws the prompt again, and everything is shown by one
//! thread in the order of its arrival. What is not to be shown the pump takes
//! itself: a flood behind a filter would ring without end.

use crate::session::Session;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The gate. The editor opens and closes it, the pump waits at it.
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
    /// The bell was rung, and the prompt has not been drawn since.
    rung: bool,
    /// The pump takes what arrives.
    taking: bool,
}

impl Gate {
    /// The prompt is up. Called with every change of the line.
    pub fn open(&self) {
        let mut state = self.lock();
        if !state.open {
            state.open = true;
            drop(state);
            self.changed.notify_all();
        }
    }

    /// The prompt is down: what arrives is main's.
    pub fn close(&self) {
        let mut state = self.lock();
        state.open = false;
        while state.taking {
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The session of now.
    pub fn session(&self) -> Option<Arc<Session>> {
        self.lock().session.clone()
    }

    /// Another session.
    pub fn set_session(&self, session: Arc<Session>) {
        let old = self.lock().session.replace(session);
        if let Some(old) = old {
            // The pump may wait for what the old one brings.
            old.backlog().nudge();
        }
        self.changed.notify_all();
    }

    /// Ends the pump.
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

    /// The pump waits until the prompt is up and the bell is silent. None: it
    /// is over.
    pub fn enter(&self) -> Option<Arc<Session>> {
        let mut state = self.lock();
        loop {
            match &state.session {
                _ if state.over => return None,
                Some(session) if state.open && !state.rung => return Some(session.clone()),
                _ => {
                    let waited = self.changed.wait(state);
                    state = waited.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    /// The pump may ring, once; not when the prompt went down meanwhile.
    pub fn may_ring(&self) -> bool {
        let mut state = self.lock();
        let may = state.open && !state.rung;
        state.rung |= may;
        may
    }

    /// The bell was heard.
    pub fn answer(&self) {
        self.lock().rung = false;
        self.changed.notify_all();
    }

    /// The pump may take arrivals, until [`Gate::taken`].
    pub fn may_take(&self) -> bool {
        let mut state = self.lock();
        state.taking = state.open;
        state.taking
    }

    /// The pump has taken some, or has seen that they are for main to show.
    pub fn taken(&self) {
        self.lock().taking = false;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
