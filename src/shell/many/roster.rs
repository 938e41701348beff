//! The PBXs of a shell, connected or not, in their order.

use super::super::member::Member;
use super::choice::Choice;
use super::{Maker, Opened, lock};
use crate::fleet::Unopened;
use crate::settings::Pbx;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// See the module. Shared with the threads that connect.
pub(in crate::shell) struct Roster {
    name: String,
    entries: Mutex<Vec<Entry>>,
}

/// One PBX.
#[derive(Clone)]
pub(super) struct Entry {
    pub pbx: Pbx,
    pub state: State,
}

/// Whether there is a session.
#[derive(Clone)]
pub(super) enum State {
    /// There is one, with a link or without.
    In(Arc<Member>),
    /// There has been none yet.
    Out(Out),
}

/// Why there is no session.
#[derive(Clone)]
pub(super) struct Out {
    pub why: String,
    pub is_temporary: bool,
    pub since: SystemTime,
}

impl Out {
    pub fn of(unopened: Unopened) -> Out {
        Out {
            why: unopened.why,
            is_temporary: unopened.is_temporary,
            since: SystemTime::now(),
        }
    }

    /// Why, without what to do about it.
    pub fn in_short(&self) -> &str {
        self.why.split("; ").next().unwrap_or_default()
    }

    /// The same, tried again by itself only if that is wanted, and asks and says
    /// nothing on the terminal.
    fn again(self, pbx: &Pbx, reconnect: Option<bool>) -> Out {
        let destination = &pbx.destination;
        let warns = destination.tls && destination.trust.insecure;
        let is_silent = !warns && !destination.asks();
        Out {
            is_temporary: self.is_temporary && is_silent && reconnect != Some(false),
            ..self
        }
    }
}

impl Entry {
    pub fn member(&self) -> Option<Arc<Member>> {
        match &self.state {
            State::In(member) => Some(member.clone()),
            State::Out(_) => None,
        }
    }
}

impl Roster {
    pub fn of(name: String, pbxs: Opened, maker: &Maker) -> Roster {
        let entry = |(pbx, opened): (Pbx, Result<_, Unopened>)| {
            let state = match opened {
                Ok(session) => State::In(maker.member(&pbx, session)),
                Err(why) => State::Out(Out::of(why).again(&pbx, maker.settings.reconnect)),
            };
            Entry { pbx, state }
        };
        Roster {
            name,
            entries: Mutex::new(pbxs.into_iter().map(entry).collect()),
        }
    }

    /// What all are together.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn names(&self) -> Vec<String> {
        let entries = lock(&self.entries);
        entries.iter().map(|one| one.pbx.name.clone()).collect()
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        lock(&self.entries).clone()
    }

    /// Those of `choice`.
    pub(super) fn chosen(&self, choice: &Choice) -> Vec<Entry> {
        let entries = lock(&self.entries);
        let chosen = entries.iter().filter(|one| choice.has(&one.pbx.name));
        chosen.cloned().collect()
    }

    /// Those that have a session.
    pub fn members(&self) -> Vec<Arc<Member>> {
        let entries = lock(&self.entries);
        entries.iter().filter_map(Entry::member).collect()
    }

    /// The state of the PBX `name` is this now. False: it is no longer here.
    pub(super) fn set(&self, name: &str, state: State) -> bool {
        let mut entries = lock(&self.entries);
        let entry = entries.iter_mut().find(|one| one.pbx.name == name);
        entry.map(|entry| entry.state = state).is_some()
    }

    /// There is still none of the PBX `name`, since when it was.
    pub(super) fn set_out(&self, name: &str, out: Out) {
        let mut entries = lock(&self.entries);
        let entry = entries.iter_mut().find(|one| one.pbx.name == name);
        if let Some(State::Out(old)) = entry.map(|one| &mut one.state) {
            *old = Out {
                since: old.since,
                ..out
            };
        }
    }

    /// Adds `pbx`, which is to be connected, unless it is here.
    pub(super) fn add_out(&self, pbx: Pbx) {
        let mut entries = lock(&self.entries);
        if entries.iter().all(|one| one.pbx.name != pbx.name) {
            let out = Out {
                why: String::new(),
                is_temporary: false,
                since: SystemTime::now(),
            };
            let state = State::Out(out);
            entries.push(Entry { pbx, state });
        }
    }

    /// Takes away the PBX `name`.
    pub(super) fn remove(&self, name: &str) -> Option<Entry> {
        let mut entries = lock(&self.entries);
        let at = entries.iter().position(|one| one.pbx.name == name)?;
        Some(entries.remove(at))
    }

    pub(super) fn entry(&self, name: &str) -> Option<Entry> {
        let entries = lock(&self.entries);
        entries.iter().find(|one| one.pbx.name == name).cloned()
    }
}
