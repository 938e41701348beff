//! Who may take arrivals: the pump while the prompt is up, main while it is down.
//!
//! Without it events are shown out of order, and a main that waits for the
//! pump never gets on: a print above the line returns only while a line is
//! being read. So main waits until the pump takes no more, never until it has
//! printed above a line.
//!
//! What main gets during a call it holds for the pump, which shows it in order
//! above the next prompt, or below the last line when the call is a long one.

use crate::session::{Arrival, Arrived, Session};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A call that takes longer shows what comes meanwhile.
const LONG: Duration = Duration::from_millis(250);

/// The gate. Main opens and closes it, the pump goes through.
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
    pump: At,
    /// Since when main waits for a reply.
    call: Option<Instant>,
    /// To be shown before anything that is taken later.
    held: VecDeque<Arrived>,
}

/// Where the pump is.
#[derive(Default, PartialEq, Eq)]
enum At {
    /// Before the gate, or not running.
    #[default]
    Outside,
    /// It takes arrivals.
    Taking,
    /// It prints above a line, which may last until the next line.
    Printing,
    /// It prints where there is no line, which nothing holds up.
    PrintingBelow,
}

/// What the pump got at the gate.
pub(super) struct Turn {
    pub session: Arc<Session>,
    /// To be shown first.
    pub held: VecDeque<Arrived>,
    /// It may take more, until [`Gate::leave`].
    pub may_take: bool,
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

    /// The prompt is down. When this returns, the pump takes nothing more; what
    /// it has taken it may still have to print.
    pub fn close(&self) {
        let mut state = self.lock();
        state.open = false;
        while state.pump == At::Taking {
            if let Some(session) = &state.session {
                session.backlog().nudge();
            }
            // The pump may be on its way to where a nudge reaches it.
            let waited = self.changed.wait_timeout(state, Duration::from_millis(10));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Another session. The gate is closed at that time. What is held of the
    /// last one is returned.
    pub fn set_session(&self, session: Arc<Session>) -> VecDeque<Arrived> {
        let mut state = self.lock();
        state.session = Some(session);
        std::mem::take(&mut state.held)
    }

    /// Main begins to wait for a reply.
    pub fn begin_call(&self) {
        self.lock().call = Some(Instant::now());
        self.changed.notify_all();
    }

    /// Main has its reply and is about to print it.
    pub fn end_call(&self) {
        let mut state = self.lock();
        state.call = None;
        while state.pump == At::PrintingBelow {
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Keeps `arrived` for the pump. What is returned main must print itself:
    /// it belongs before the reply that main waits for, or the call is a long
    /// one and the pump waits for the next prompt.
    pub fn hold(&self, arrived: Arrived) -> VecDeque<Arrived> {
        let mut state = self.lock();
        let is_event = matches!(arrived.what, Arrival::Event(_) | Arrival::Gap(_));
        state.held.push_back(arrived);
        let is_long = state.call.is_some_and(|since| since.elapsed() >= LONG);
        if !is_event || (is_long && state.pump == At::Printing) {
            return std::mem::take(&mut state.held);
        }
        drop(state);
        self.changed.notify_all();
        VecDeque::new()
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

    /// The pump waits for its turn. None: it is over.
    pub fn enter(&self) -> Option<Turn> {
        let mut state = self.lock();
        state.pump = At::Outside;
        self.changed.notify_all();
        loop {
            if state.over {
                return None;
            }
            let mut wait = None;
            if let Some(session) = state.session.clone() {
                let call = state.call.map(|since| since.elapsed());
                let may_take = state.open;
                wait = call.filter(|_| !state.held.is_empty());
                if may_take || wait.is_some_and(|elapsed| elapsed >= LONG) {
                    state.pump = match may_take {
                        true => At::Taking,
                        false => At::PrintingBelow,
                    };
                    let held = std::mem::take(&mut state.held);
                    return Some(Turn {
                        session,
                        held,
                        may_take,
                    });
                }
            }
            state = match wait {
                Some(elapsed) => {
                    let left = LONG.saturating_sub(elapsed);
                    let waited = self.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = self.changed.wait(state);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// The pump has taken what it will print now.
    pub fn leave(&self) {
        let mut state = self.lock();
        if state.pump == At::Taking {
            state.pump = At::Printing;
        }
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
