//! Which legs share a bridge, and for how long.

use super::call::MOST_NAMED;
use super::memory::MOST_LEGS;
use super::{Calls, Talk};
use std::time::SystemTime;

/// At this many bridges the empty ones are dropped. The others are at most half
/// as many, since each has a leg.
const MOST_BRIDGES: usize = 2 * MOST_LEGS;

/// Further legs of one bridge are not tracked: whenever one joins or leaves,
/// every call in the bridge gets a talk.
const MOST_IN_ONE: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Bridge {
    legs: Vec<String>,
    /// Its legs do not talk to each other, for example because they are parked.
    pub(super) holding: bool,
    pub(super) conference: Option<String>,
    /// Since when the same two or more legs have been in it.
    since: Option<(SystemTime, u64)>,
}

impl Bridge {
    /// A leg in it other than these.
    pub(super) fn another_than(&self, legs: &[Option<&String>]) -> Option<String> {
        let mut others = self.legs.iter().filter(|leg| !legs.contains(&Some(leg)));
        others.next().cloned()
    }

    /// Marks the bridge as one in which nobody talks.
    pub(super) fn hold_apart(&mut self) {
        self.holding = true;
        self.since = None;
    }
}

/// The bridge of two legs where bridges have no id, whichever is named first.
pub(super) fn pair_id(one: &str, two: &str) -> String {
    format!("{} {}", one.min(two), one.max(two))
}

impl Calls {
    pub(super) fn bridge(&mut self, id: &str) -> &mut Bridge {
        // A bridge whose end is missed would be kept forever.
        if self.bridges.len() >= MOST_BRIDGES && !self.bridges.contains_key(id) {
            self.bridges.retain(|_, bridge| !bridge.legs.is_empty());
        }
        self.bridges.entry(id.to_owned()).or_default()
    }

    /// The leg enters a bridge.
    pub(super) fn enter(&mut self, uid: &str, id: &str, at: SystemTime) {
        let Some(leg) = self.legs.get(uid) else {
            return;
        };
        if leg.is_internal() || leg.bridge.as_deref() == Some(id) {
            return;
        }
        self.leave(uid, at);
        if self.bridge(id).legs.len() >= MOST_IN_ONE {
            return;
        }
        // Legs that join at the same moment were there from the beginning.
        if self.talk(id).is_some_and(|talk| talk.from < at) {
            self.pause(id, at);
        }
        self.bridge(id).legs.push(uid.to_owned());
        if let Some(leg) = self.legs.get_mut(uid) {
            leg.bridge = Some(id.to_owned());
            leg.left = None;
        }
        self.resume(id, at);
    }

    /// The leg leaves the bridge it is in.
    pub(super) fn leave(&mut self, uid: &str, at: SystemTime) {
        let Some(leg) = self.legs.get_mut(uid) else {
            return;
        };
        let Some(id) = leg.bridge.take() else {
            return;
        };
        leg.left = Some(self.fed);
        self.pause(&id, at);
        let bridge = self.bridge(&id);
        bridge.legs.retain(|leg| leg != uid);
        match bridge.legs.is_empty() {
            true => drop(self.bridges.remove(&id)),
            false => self.resume(&id, at),
        }
    }

    /// Forgets a leg that ends, with its bridge.
    pub(super) fn out(&mut self, uid: &str) {
        let leg = self.legs.get_mut(uid);
        let Some(id) = leg.and_then(|leg| leg.bridge.take()) else {
            return;
        };
        let bridge = self.bridge(&id);
        bridge.legs.retain(|leg| leg != uid);
        if bridge.legs.is_empty() {
            self.bridges.remove(&id);
        }
    }

    /// The bridge is destroyed.
    pub(super) fn destroy(&mut self, id: &str, at: SystemTime) {
        let legs = self.bridges.get(id).map(|bridge| bridge.legs.clone());
        for uid in legs.unwrap_or_default() {
            self.leave(&uid, at);
        }
        self.bridges.remove(id);
    }

    /// The legs in the bridge are about to change: records their talk so far.
    pub(super) fn pause(&mut self, id: &str, at: SystemTime) {
        let Some(mut talk) = self.talk(id) else {
            return;
        };
        self.bridge(id).since = None;
        talk.until = Some(at);
        // The call of each leg.
        let call = |(uid, _): &(String, String)| self.legs.get(uid).map(|leg| leg.call);
        let owners: Vec<Option<u64>> = talk.with.iter().map(call).collect();
        let mut calls: Vec<u64> = owners.iter().copied().flatten().collect();
        calls.sort_unstable();
        calls.dedup();
        for id in calls {
            let room = self.room();
            if let Some(call) = self.calls.get_mut(&id) {
                self.weight += call.talk(named_of(&talk, &owners, id), room);
            }
        }
    }

    pub(super) fn resume(&mut self, id: &str, at: SystemTime) {
        let order = self.fed;
        let bridge = self.bridge(id);
        if bridge.legs.len() > 1 && !bridge.holding {
            bridge.since = Some((at, order));
        }
    }

    /// The current talk in a bridge.
    pub(super) fn talk(&self, id: &str) -> Option<Talk> {
        let bridge = self.bridges.get(id)?;
        let (from, order) = bridge.since?;
        let name = |uid: &String| {
            let leg = self.legs.get(uid);
            (
                uid.clone(),
                leg.map(|leg| leg.name.clone()).unwrap_or_default(),
            )
        };
        Some(Talk {
            order,
            with: bridge.legs.iter().map(name).collect(),
            others: 0,
            conference: bridge.conference.clone(),
            from,
            until: None,
        })
    }

    /// The Uniqueids of the others in the bridge of `uid`.
    pub(super) fn others(&self, uid: &str) -> Vec<&str> {
        let leg = self.legs.get(uid);
        let bridge = leg.and_then(|leg| self.bridges.get(leg.bridge.as_ref()?));
        let legs = bridge.filter(|bridge| !bridge.holding);
        let legs = legs.into_iter().flat_map(|bridge| &bridge.legs);
        legs.map(String::as_str)
            .filter(|other| *other != uid)
            .collect()
    }

    /// The conference that the bridge of `uid` belongs to.
    pub(super) fn conference(&self, uid: &str) -> Option<&str> {
        let bridge = self.legs.get(uid)?.bridge.as_ref()?;
        self.bridges.get(bridge)?.conference.as_deref()
    }
}

/// `talk` as stored in a call: the call's own legs come first, and beyond ten
/// the others are only counted.
fn named_of(talk: &Talk, owners: &[Option<u64>], call: u64) -> Talk {
    let is_own = |at: &usize| owners.get(*at) == Some(&Some(call));
    let all = 0..talk.with.len();
    let (own, others): (Vec<usize>, Vec<usize>) = all.partition(is_own);
    let named = own.into_iter().chain(others).take(MOST_NAMED);
    let with: Vec<_> = named.filter_map(|at| talk.with.get(at).cloned()).collect();
    Talk {
        order: talk.order,
        others: talk.with.len() - with.len(),
        with,
        conference: talk.conference.clone(),
        from: talk.from,
        until: talk.until,
    }
}
