//! State shared between the background thread and the others: what is known,
//! and what is to be asked.

use super::question::Unanswered;
use super::values::Values;
use crate::catalog::{Catalog, Kind};
use crate::session::Session;
use crate::shell::lock;
use std::collections::VecDeque;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Default)]
pub(super) struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    pub catalog: Arc<Catalog>,
    pub values: Values,
    /// Questions that someone is waiting for.
    pub orders: VecDeque<Order>,
    /// The kind of values being asked for, and since when.
    pub asked: Option<(Kind, Instant)>,
    /// The session whose documentation is to be fetched.
    pub wanted: Option<Arc<Session>>,
    /// The identity of the server whose pages the catalog holds.
    pub server: Vec<u8>,
    /// What the server is, such as `Asterisk 22.10.1`; empty if it does not say.
    pub product: Option<String>,
    /// The server refused to tell more than its list; it is not asked again.
    pub refused: bool,
    /// Incremented whenever what was known became invalid.
    pub era: u64,
    /// A notice for the user that has not been shown yet.
    pub notice: Option<String>,
    /// The notice was shown for this server.
    pub is_noticed: bool,
    pub over: bool,
}

/// A question that someone is waiting for.
pub(super) struct Order {
    pub session: Arc<Session>,
    pub what: What,
    /// After this nobody waits any more, and it need not be asked.
    pub until: Instant,
    pub era: u64,
}

/// What is asked, and where the result goes.
pub(super) enum What {
    /// Values of this kind; the waiter looks at the desk.
    Values(Kind),
    /// A part of the catalog.
    Topic(Topic, Sender<Result<(), Unanswered>>),
}

/// A part of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Topic {
    Listing,
    Action(String),
    Event(String),
}

/// What the thread is to do next.
pub(super) enum Turn {
    /// Answer this.
    Order(Order),
    /// The session was replaced, or it is over.
    News,
    /// Nothing: the wait timed out.
    Rest,
}

impl Desk {
    /// Locks the state. Hold the lock only briefly.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Changes the state and wakes all that wait for a change.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    pub fn catalog(&self) -> Arc<Catalog> {
        self.lock().catalog.clone()
    }

    /// What to do next. Waits until `until`, or without limit.
    pub fn next(&self, until: Option<Instant>) -> Turn {
        let mut state = self.lock();
        loop {
            if state.has_news() {
                return Turn::News;
            }
            if let Some(order) = state.orders.pop_front() {
                if let What::Values(kind) = &order.what {
                    state.asked = Some((kind.clone(), Instant::now()));
                }
                return Turn::Order(order);
            }
            let left = until.map(|at| at.saturating_duration_since(Instant::now()));
            state = match left {
                Some(Duration::ZERO) => return Turn::Rest,
                Some(left) => {
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

    /// Waits until `is_done` or until `until`; returns whether it is done.
    pub fn wait_until(&self, until: Instant, is_done: impl Fn(&State) -> bool) -> bool {
        let left = until.saturating_duration_since(Instant::now());
        let goes_on = |state: &mut State| !state.over && !is_done(state);
        let waited = self.changed.wait_timeout_while(self.lock(), left, goes_on);
        let state = waited.unwrap_or_else(PoisonError::into_inner).0;
        is_done(&state)
    }

    /// Replaces the catalog by `more`, unless it was invalidated since `era`: a
    /// replaced session has nothing to say any more.
    pub fn learn(
        &self,
        era: u64,
        more: impl FnOnce(&Catalog) -> Catalog,
    ) -> Result<(), Unanswered> {
        let mut state = self.lock();
        if state.era != era || state.over {
            return Err(Unanswered::Gone);
        }
        state.catalog = Arc::new(more(&state.catalog));
        if state.catalog.is_full() {
            state.notice(TOO_MUCH);
        }
        Ok(())
    }
}

/// Shown if a server documents more than is kept.
pub(super) const TOO_MUCH: &str = "this server documents more than amish keeps (4 MiB, 400 \
    keys and 64 KiB a page, 1000 Actions): for the rest amish uses its own table";

impl State {
    pub fn has_news(&self) -> bool {
        self.over || self.wanted.is_some()
    }

    /// Is a question for `kind` waiting or under way?
    pub fn is_open(&self, kind: &Kind) -> bool {
        let asked = self.asked.as_ref().is_some_and(|(asked, _)| asked == kind);
        let is_it = |order: &Order| matches!(&order.what, What::Values(own) if own == kind);
        asked || self.orders.iter().any(is_it)
    }

    /// Sets a notice for the user, once per server.
    pub fn notice(&mut self, words: &str) {
        if !std::mem::replace(&mut self.is_noticed, true) {
            self.notice = Some(words.to_owned());
        }
    }

    /// Sets the server to ask: its whole identity, or a prefix of it while its
    /// version is unknown. Drops the pages of any other.
    pub fn turn_to(&mut self, server: &[u8]) {
        if self.server.starts_with(server) {
            return;
        }
        if !server.starts_with(&self.server) {
            self.catalog = Arc::new(self.catalog.without_pages());
        }
        self.server = server.to_vec();
    }

    /// May the server be asked for more than its list?
    pub fn may_ask(&self) -> bool {
        let listing = self.catalog.listing();
        !self.refused && listing.is_none_or(|listing| listing.get("Command").is_some())
    }

    /// Drops the values, which belong to another server or user.
    pub fn forget_values(&mut self) {
        self.values = Values::default();
        self.orders.clear();
        self.era += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Name, Page};

    // After a reconnect the name may lead to another server: what the first one
    // documented must not be shown for it, even if both report the same
    // version.
    #[test]
    fn pages_stay_with_their_server() {
        let page = Page::of(Name::of_action(b"Frob").unwrap());
        let mut state = State::default();
        state.turn_to(b"pbx:5038\n\n");
        state.catalog = Arc::new(state.catalog.and([page]));
        for server in ["pbx:5038\n\n22", "pbx:5038\n\n", "pbx:5038\n\n22"] {
            state.turn_to(server.as_bytes());
            assert!(state.catalog.has_page("Frob"), "{server:?}");
        }
        state.turn_to(b"pbx:5038\n\n23");
        assert!(!state.catalog.has_page("Frob"));
    }

    // One line per server is enough, and a new server gets a new one.
    #[test]
    fn a_person_is_told_once() {
        let mut state = State::default();
        for _ in 0..3 {
            state.notice(TOO_MUCH);
        }
        assert_eq!(state.notice.take().as_deref(), Some(TOO_MUCH));
        state.notice(TOO_MUCH);
        assert_eq!(state.notice, None);
    }
}
