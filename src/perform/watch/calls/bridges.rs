//! Who is together in a bridge, and for how long.

use super::{Calls, Talk};
use std::time::SystemTime;

#[derive(Debug, Default)]
pub(super) struct Bridge {
    legs: Vec<String>,
    /// Legs wait in it, each for itself: parked ones, say.
    pub(super) holding: bool,
    pub(super) conference: Option<String>,
    /// Since when the same two or more are in it.
    since: Option<(SystemTime, u64)>,
}

impl Bridge {
    /// A leg that is in it, other than these.
    pub(super) fn another_than(&self, legs: &[Option<&String>]) -> Option<String> {
        let mut others = self.legs.iter().filter(|leg| !legs.contains(&Some(leg)));
        others.next().cloned()
    }

    /// Legs wait in it, and nobody talks.
    pub(super) fn hold_apart(&mut self) {
        self.holding = true;
        self.since = None;
    }
}

impl Calls {
    pub(super) fn bridge(&mut self, id: &str) -> &mut Bridge {
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
        // Who comes at the same moment was there from the beginning.
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

    /// The leg is forgotten: it is in no bridge any more.
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

    /// The bridge is no more.
    pub(super) fn destroy(&mut self, id: &str, at: SystemTime) {
        let legs = self.bridges.get(id).map(|bridge| bridge.legs.clone());
        for uid in legs.unwrap_or_default() {
            self.leave(&uid, at);
        }
        self.bridges.remove(id);
    }

    /// Who is in the bridge is about to change: those who were have talked.
    fn pause(&mut self, id: &str, at: SystemTime) {
        let Some(mut talk) = self.talk(id) else {
            return;
        };
        self.bridge(id).since = None;
        talk.until = Some(at);
        let legs = talk.with.iter().filter_map(|(uid, _)| self.legs.get(uid));
        let mut calls: Vec<u64> = legs.map(|leg| leg.call).collect();
        calls.sort_unstable();
        calls.dedup();
        for id in calls {
            if let Some(call) = self.calls.get_mut(&id) {
                call.talk(talk.clone());
            }
        }
    }

    fn resume(&mut self, id: &str, at: SystemTime) {
        let order = self.fed;
        let bridge = self.bridge(id);
        if bridge.legs.len() > 1 && !bridge.holding {
            bridge.since = Some((at, order));
        }
    }

    /// The talk that goes on in a bridge.
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
            conference: bridge.conference.clone(),
            from,
            until: None,
        })
    }

    /// Who else is in the bridge of `uid`: their Uniqueids.
    pub(super) fn others(&self, uid: &str) -> Vec<&str> {
        let leg = self.legs.get(uid);
        let bridge = leg.and_then(|leg| self.bridges.get(leg.bridge.as_ref()?));
        let legs = bridge.filter(|bridge| !bridge.holding);
        let legs = legs.into_iter().flat_map(|bridge| &bridge.legs);
        legs.map(String::as_str)
            .filter(|other| *other != uid)
            .collect()
    }

    /// The conference that the bridge of `uid` is.
    pub(super) fn conference(&self, uid: &str) -> Option<&str> {
        let bridge = self.legs.get(uid)?.bridge.as_ref()?;
        self.bridges.get(bridge)?.conference.as_deref()
    }
}
