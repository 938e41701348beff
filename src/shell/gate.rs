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
use super::member::Member;
use crate::session::Session;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The gate: opened and closed by the editor, waited at by the pump.
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// Those whose arrivals are shown.
    members: Vec<Arc<Member>>,
    /// The one that help and completion are about.
    lead: Arc<Member>,
    open: bool,
    over: bool,
    /// The bell was rung and the prompt not yet redrawn.
    rung: bool,
    /// How many pumps are taking arrivals.
    taking: usize,
    /// Ctrl-C came as a signal while the prompt was up.
    interrupted: bool,
}

impl Gate {
    /// A closed gate for the arrivals of `members`.
    pub fn new(members: Vec<Arc<Member>>, lead: Arc<Member>) -> Gate {
        let state = State {
            members,
            lead,
            open: false,
            over: false,
            rung: false,
            taking: 0,
            interrupted: false,
        };
        Gate {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

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
        while state.taking > 0 {
            state = self.change(state);
        }
    }

    /// The one that help and completion are about.
    pub fn lead(&self) -> Arc<Member> {
        self.lock().lead.clone()
    }

    pub fn members(&self) -> Vec<Arc<Member>> {
        self.lock().members.clone()
    }

    /// For what concerns all of them.
    pub fn sessions(&self) -> Vec<Arc<Session>> {
        let state = self.lock();
        let members = state.members.iter();
        members.map(|one| one.session.clone()).collect()
    }

    /// Help and completion are about `lead` now, one of the members.
    pub fn set_lead(&self, lead: Arc<Member>) {
        self.lock().lead = lead;
    }

    /// The member with this name.
    pub fn member(&self, name: &str) -> Option<Arc<Member>> {
        let state = self.lock();
        let mut members = state.members.iter();
        let member = members.find(|one| one.name.as_deref() == Some(name));
        member.cloned()
    }

    /// One more. False: the shell is ending.
    pub fn add(&self, member: Arc<Member>) -> bool {
        let mut state = self.lock();
        if !state.over {
            state.members.push(member);
        }
        !state.over
    }

    /// Takes away the member with this name.
    pub fn remove(&self, name: &str) {
        let mut state = self.lock();
        let is_it = |one: &Arc<Member>| one.name.as_deref() == Some(name);
        let gone: Vec<_> = state.members.extract_if(.., |one| is_it(one)).collect();
        drop(state);
        // Its pump may be waiting.
        gone.iter().for_each(|one| one.session.backlog().nudge());
        self.changed.notify_all();
    }

    /// From now on the shell is about `lead` and nobody else.
    pub fn replace(&self, lead: Arc<Member>) {
        let mut state = self.lock();
        state.lead = lead.clone();
        let old = std::mem::replace(&mut state.members, vec![lead]);
        drop(state);
        // The pump may be waiting for the old session.
        old.iter().for_each(|one| one.session.backlog().nudge());
        self.changed.notify_all();
    }

    pub fn end(&self) {
        let mut state = self.lock();
        state.over = true;
        state.open = false;
        let members = state.members.iter();
        members.for_each(|one| one.session.backlog().nudge());
        drop(state);
        self.changed.notify_all();
    }

    /// Blocks the pump of the member with this name until the prompt is up and the
    /// bell is silent. None: the shell is ending, or has this member no more.
    pub fn enter(&self, name: Option<&str>) -> Option<Arc<Member>> {
        let mut state = self.lock();
        loop {
            if state.over {
                return None;
            }
            let mut members = state.members.iter();
            let own = members.find(|one| one.name.as_deref() == name)?;
            if state.open && !state.rung {
                return Some(own.clone());
            }
            state = self.change(state);
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
        state.taking += usize::from(state.open);
        state.open
    }

    /// The pump is done taking arrivals.
    pub fn taken(&self) {
        self.lock().taking -= 1;
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
