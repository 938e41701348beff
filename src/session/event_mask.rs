//! The event mask of a session: what the user and amish itself want to see,
//! what the server was asked for, and what it has agreed to. No I/O.
//!
//! The server has one mask, and several threads change it: main, the
//! supervisor, and the one that stops and resumes the process. So a mask is
//! chosen and sent under one lock ([`EventMask::turn`]), and what the user
//! asked for takes effect only after Success.

use super::arrival::Answer;
use super::lock;
use crate::ami::{Action, Classes, Status};
use std::sync::{Mutex, MutexGuard};
use std::time::Instant;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct EventMask {
    /// Held while a mask is chosen and sent.
    turn: Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// What the user asked for and the server has agreed to.
    base: Classes,
    /// What the user asked for and the server has not answered yet, with the
    /// number of the change.
    asked: Option<(u64, Classes)>,
    /// What parts of amish want for themselves.
    own: Vec<(u64, Classes)>,
    /// The number of the latest such part.
    last_own: u64,
    /// The server's mask after all that was sent; None if unknown.
    sent: Option<Classes>,
    /// What the server last agreed to.
    confirmed: Option<Classes>,
    /// The number of the latest change.
    last: u64,
    /// Set while the process is stopped: since when.
    paused: Option<Instant>,
    /// The user's own Filter actions, which a new link needs again.
    filters: Vec<Action>,
    /// Filter actions for events that a stream would drop anyway.
    narrow: Vec<Action>,
}

/// A session begins with `Events: off`.
impl Default for State {
    fn default() -> State {
        State {
            base: Classes::NONE,
            asked: None,
            own: Vec::new(),
            last_own: 0,
            sent: Some(Classes::NONE),
            confirmed: Some(Classes::NONE),
            last: 0,
            paused: None,
            filters: Vec::new(),
            narrow: Vec::new(),
        }
    }
}

/// An Events action that was sent, and what its answer decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    number: u64,
    mask: Classes,
    /// What the user wants with it.
    base: Classes,
    /// It restores on a new link what was set on the last one.
    renews: bool,
}

/// The right to change the server's mask; nobody else sends one meanwhile.
pub(super) struct Turn<'a> {
    mask: &'a EventMask,
    _held: MutexGuard<'a, ()>,
}

impl Turn<'_> {
    /// What to send so that the server's mask becomes what is wanted, with
    /// `base` as the user's new wish. It counts as sent. None: the server has
    /// agreed to this mask already.
    pub fn choose(&self, base: Option<Classes>) -> Option<(Action, Change)> {
        let mut state = lock(&self.mask.state);
        let wanted = state.wanted(base);
        if state.confirmed == Some(wanted) && state.sent == Some(wanted) {
            if let Some(base) = base {
                state.base = base;
                state.asked = None;
            }
            return None;
        }
        state.last += 1;
        let number = state.last;
        state.asked = base.map(|base| (number, base)).or(state.asked);
        Some(state.send(wanted, false))
    }

    /// What to send on a new link, where nothing has been asked for yet.
    pub fn choose_anew(&self) -> Option<(Action, Change)> {
        let mut state = lock(&self.mask.state);
        state.sent = Some(Classes::NONE);
        state.confirmed = Some(Classes::NONE);
        let wanted = state.wanted(None);
        if wanted.is_empty() {
            return None;
        }
        state.last += 1;
        Some(state.send(wanted, true))
    }
}

impl State {
    /// The union of everybody's wishes.
    fn wanted(&self, base: Option<Classes>) -> Classes {
        let asked = self.asked.map(|(_, base)| base);
        let base = base.or(asked).unwrap_or(self.base);
        match self.paused {
            Some(_) => Classes::NONE,
            None => (self.own.iter()).fold(base, |all, (_, own)| all.union(*own)),
        }
    }

    fn send(&mut self, mask: Classes, renews: bool) -> (Action, Change) {
        self.sent = Some(mask);
        let change = Change {
            number: self.last,
            mask,
            base: self.asked.map_or(self.base, |(_, base)| base),
            renews,
        };
        let action = Action::own("Events", &[("EventMask", &mask.to_string())]);
        (action, change)
    }

    /// The user's request made with `change`, or earlier, is decided.
    fn decided(&mut self, change: &Change) {
        self.asked = self.asked.filter(|(number, _)| *number > change.number);
    }
}

impl EventMask {
    /// Waits for the right to change the mask. It is held only while sending.
    pub fn turn(&self) -> Turn<'_> {
        Turn {
            mask: self,
            _held: lock(&self.turn),
        }
    }

    /// Records the answer to `change`, or that there is none.
    pub fn settle(&self, change: &Change, answer: &Answer) {
        let mut state = lock(&self.state);
        let is_last = state.last == change.number;
        match answer {
            Answer::Reply(reply) if reply.status() == Status::Error => {
                state.decided(change);
                if change.renews {
                    state.base = Classes::NONE;
                }
                if is_last {
                    state.sent = state.confirmed;
                }
            }
            Answer::Reply(_) => {
                state.decided(change);
                state.base = change.base;
                state.confirmed = Some(change.mask);
                if is_last {
                    state.sent = Some(change.mask);
                }
            }
            // A new link starts over, and asks for what the user asked for.
            Answer::TimedOut(_) | Answer::Lost(_) => {
                state.confirmed = None;
                if is_last {
                    state.sent = None;
                }
            }
        }
    }

    /// Forgets what the user asked for and the server has not answered.
    pub fn give_up(&self) {
        lock(&self.state).asked = None;
    }

    /// Records that an Events action typed by the user was answered with
    /// Success.
    pub fn observe(&self, classes: Classes) {
        let mut state = lock(&self.state);
        state.last += 1;
        state.base = classes;
        state.asked = None;
        state.sent = Some(classes);
        state.confirmed = Some(classes);
    }

    /// What the user asked for and the server has agreed to.
    pub fn base(&self) -> Classes {
        lock(&self.state).base
    }

    /// What the user may see, which includes a request that is not answered
    /// yet.
    pub fn shown(&self) -> Classes {
        let state = lock(&self.state);
        let asked = state.asked.map_or(Classes::NONE, |(_, classes)| classes);
        state.base.union(asked)
    }

    /// Whether anybody wants events.
    pub fn wants_any(&self) -> bool {
        !lock(&self.state).wanted(None).is_empty()
    }

    /// Adds a wish of amish itself; returns its number.
    pub fn add_own(&self, classes: Classes) -> u64 {
        let mut state = lock(&self.state);
        state.last_own += 1;
        let id = state.last_own;
        state.own.push((id, classes));
        id
    }

    /// Removes such a wish.
    pub fn remove_own(&self, id: u64) {
        lock(&self.state).own.retain(|(own, _)| *own != id);
    }

    /// Wants nothing until [`EventMask::resume`].
    pub fn pause(&self) {
        lock(&self.state).paused = Some(Instant::now());
    }

    /// Wants again what was wanted before. Returns since when it was not, if
    /// events may have been missed.
    pub fn resume(&self) -> Option<Instant> {
        let mut state = lock(&self.state);
        let since = state.paused.take();
        since.filter(|_| !state.base.is_empty())
    }

    /// The Filter actions that the user sent.
    pub fn filters(&self) -> Vec<Action> {
        lock(&self.state).filters.clone()
    }

    /// Adds one that was answered with Success.
    pub fn add_filter(&self, filter: Action) {
        lock(&self.state).filters.push(filter);
    }

    /// The filters to send on each new link, for events that the stream would
    /// drop.
    pub fn narrow(&self) -> Vec<Action> {
        lock(&self.state).narrow.clone()
    }

    /// Sets them, for later links.
    pub fn set_narrow(&self, filters: Vec<Action>) {
        lock(&self.state).narrow = filters;
    }

    /// Forgets every wish and request.
    pub fn clear(&self) {
        *lock(&self.state) = State::default();
    }
}

#[cfg(test)]
mod tests;
