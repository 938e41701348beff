//! The calls of a server, assembled from its events and lists.
//!
//! A leg is one channel, identified by its Uniqueid. From Asterisk 12 on the
//! Linkedid says which legs form a call, and a leg whose Linkedid changes joins
//! two calls. Before 12 legs are related by dialling, bridging and replacing
//! each other. The information may be incomplete: a session that starts during
//! a call sees legs without a beginning, and after a gap some legs have no end
//! until a fresh list comes.

mod bridges;
mod call;
mod leg;
mod list;
mod masquerade;
mod memory;
mod newer;
mod older;
mod outcome;
mod overview;
mod story;

pub use call::{Call, Talk, Turn, What};
pub use leg::{Caller, Leg, Place, Side, is_inner};
pub use list::Found;
pub use outcome::{BUSY, REJECTED, outcome_of};
pub use overview::Row;
pub use story::Story;

use crate::ami::Packet;
use crate::peer_text::visible;
use bridges::Bridge;
use leg::said;
use memory::MOST_LEGS;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::SystemTime;

/// All known calls.
#[derive(Debug, Default)]
pub struct Calls {
    legs: HashMap<String, Leg>,
    /// Oldest first.
    calls: BTreeMap<u64, Call>,
    /// The call of each Linkedid.
    linked: HashMap<String, u64>,
    /// The other half of a Local channel, until both are known.
    halves: HashMap<String, String>,
    bridges: HashMap<String, Bridge>,
    /// In the order in which they ended.
    ended: VecDeque<u64>,
    /// The number of the last call; calls that began earlier have lower ones.
    last: u64,
    /// The number of events so far.
    fed: u64,
    /// Memory of calls and legs, in bytes.
    weight: usize,
    /// Calls that were dropped before their end to save memory.
    forgotten: u64,
}

impl Calls {
    /// Takes an event that came at `at`.
    pub fn feed(&mut self, event: &Packet, at: SystemTime) {
        self.fed += 1;
        if BESIDE.iter().any(|name| event.is_event(name)) {
            return;
        }
        let name = visible::text(event.name()).to_ascii_lowercase();
        // 1.6 to 11 have some of the names, but name the channels otherwise.
        let is_old = ["Channel", "Channel1"]
            .iter()
            .any(|key| event.get(key).is_some());
        match event.get("Linkedid").is_some() || is_of_bridges(&name) && !is_old {
            true => self.newer(&name, event, at),
            false => self.older(&name, event, at),
        }
        self.forget(at);
    }

    /// The leg with this Uniqueid.
    pub fn leg(&self, uid: &str) -> Option<&Leg> {
        self.legs.get(uid)
    }

    /// The call with this number.
    pub fn call(&self, id: u64) -> Option<&Call> {
        self.calls.get(&id)
    }

    /// How many calls were dropped before their end, to save memory, since the
    /// last fresh list. They are missing from [`Calls::overview`].
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// The call that an event belongs to, after it has been fed.
    pub fn call_of(&self, event: &Packet) -> Option<u64> {
        let of = |key: &str| {
            let uid = leg::read(event, "", key)?;
            Some(self.legs.get(&*uid)?.call)
        };
        let keys = ["Uniqueid", "Uniqueid1", "DestUniqueid", "SrcUniqueid"];
        let prefixed = ["ParkeeUniqueid", "LocalOneUniqueid", "TransfererUniqueid"];
        let late = ["OrigTransfererUniqueid", "Uniqueid2"];
        let keys = keys.iter().chain(&prefixed).chain(&late);
        keys.copied().find_map(of).or_else(|| {
            // Cdr, and events of older servers without a Uniqueid.
            let keys = ["Channel", "Source", "Original", "Channel1"];
            keys.iter().find_map(|key| {
                let name = said(event, "", key)?;
                Some(self.legs.get(self.named(&name)?)?.call)
            })
        })
    }

    /// The Uniqueid of the channel that currently has this name.
    fn named(&self, name: &str) -> Option<&str> {
        let mut same = self.legs.values().filter(|leg| leg.name == name);
        // A name may be reused; a living channel takes precedence.
        let first = same.next()?;
        let living = std::iter::once(first)
            .chain(same)
            .find(|leg| leg.ended.is_none());
        Some(&living.unwrap_or(first).uid)
    }

    /// Updates a channel from the headers that begin with `prefix`, and returns
    /// its Uniqueid. An unknown channel is added.
    fn see(&mut self, event: &Packet, prefix: &str, at: SystemTime) -> Option<String> {
        let uid = said(event, prefix, "Uniqueid")?;
        let name = said(event, prefix, "Channel");
        let linked = said(event, prefix, "Linkedid");
        if !self.legs.contains_key(&uid) {
            self.appear(&uid, name.as_deref()?, linked.as_deref(), at);
        }
        if let Some(linked) = linked {
            self.link(&uid, linked);
        }
        let leg = self.legs.get_mut(&uid)?;
        if leg.ended.is_none() {
            leg.learn(event, prefix, at);
        }
        self.weigh(&uid);
        self.make_room();
        self.legs.contains_key(&uid).then_some(uid)
    }

    /// Adds a channel that is seen for the first time.
    fn appear(&mut self, uid: &str, name: &str, linked: Option<&str>, at: SystemTime) {
        if self.legs.len() >= MOST_LEGS {
            self.forget_oldest();
        }
        // A renamed channel leaves its entry behind.
        if self.halves.len() >= MOST_LEGS {
            self.halves.clear();
        }
        let phone = leg::phone(name);
        let is_half = phone.len() < name.len() && !leg::is_internal(name);
        let half = is_half.then(|| phone.to_owned());
        let other = half.as_ref().and_then(|half| self.halves.remove(half));
        let known = linked.and_then(|linked| self.linked.get(linked).copied());
        let known = known.or_else(|| Some(self.legs.get(other.as_ref()?)?.call));
        let id = known.unwrap_or_else(|| {
            self.last += 1;
            self.last
        });
        if let (Some(half), None) = (half, &other) {
            self.halves.insert(half, uid.to_owned());
        }
        let call = self.calls.entry(id).or_default();
        call.legs.push(uid.to_owned());
        call.begun.get_or_insert(at);
        if call.ended.take().is_some() {
            self.ended.retain(|ended| *ended != id);
        }
        let leg = Leg {
            uid: uid.to_owned(),
            name: name.to_owned(),
            call: id,
            ..Leg::default()
        };
        self.legs.insert(uid.to_owned(), leg);
        if let Some(other) = other {
            // Two Linkedids, but one phone.
            self.unite(uid, &other);
        }
    }

    /// Sets the leg's Linkedid.
    fn link(&mut self, uid: &str, linked: String) {
        let Some(own) = self.legs.get(uid).map(|leg| leg.call) else {
            return;
        };
        match self.linked.get(&linked).copied() {
            Some(call) => self.merge(own, call),
            None => {
                let room = self.room();
                let call = self.calls.get_mut(&own);
                let weight = call.map_or(0, |call| call.link(&linked, room));
                if weight > 0 {
                    self.weight += weight;
                    self.linked.insert(linked, own);
                }
            }
        }
    }

    /// Merges the calls of the two legs.
    fn unite(&mut self, one: &str, two: &str) {
        let call = |uid: &str| self.legs.get(uid).map(|leg| leg.call);
        if let (Some(one), Some(two)) = (call(one), call(two)) {
            self.merge(one, two);
        }
    }

    fn merge(&mut self, one: u64, two: u64) {
        let (into, from) = (one.min(two), one.max(two));
        if into == from {
            return;
        }
        let Some(other) = self.calls.remove(&from) else {
            return;
        };
        for uid in &other.legs {
            if let Some(leg) = self.legs.get_mut(uid) {
                leg.call = into;
            }
        }
        for linked in &other.linked {
            self.linked.insert(linked.clone(), into);
        }
        self.ended.retain(|ended| *ended != from && *ended != into);
        let own = self.calls.entry(into).or_default();
        own.join(other);
        let at = own.legs.iter().filter_map(|uid| self.legs.get(uid));
        let at = at.map(|leg| leg.ended).max().flatten();
        self.end_if_over(into, at.unwrap_or(SystemTime::UNIX_EPOCH));
    }

    fn turn(&mut self, uid: &str, at: SystemTime, what: What) {
        let room = self.room();
        if let Some(leg) = self.legs.get(uid)
            && let Some(call) = self.calls.get_mut(&leg.call)
        {
            self.weight += call.turn(self.fed, at, what, room);
        }
    }

    /// Ends the last turn that is `what`.
    fn over(&mut self, what: &What, uid: &str, at: SystemTime) {
        let call = self.legs.get(uid).map(|leg| leg.call);
        let call = call.and_then(|call| self.calls.get_mut(&call));
        let mut turns = call
            .into_iter()
            .flat_map(|call| call.turns.iter_mut().rev());
        if let Some(turn) = turns.find(|turn| turn.what == *what) {
            turn.until.get_or_insert(at);
        }
    }

    /// Ends the dialling of `uid` with this outcome.
    fn dialled(&mut self, uid: &str, at: SystemTime, outcome: &str) {
        let call = self.legs.get(uid).map(|leg| leg.call);
        let call = call.and_then(|call| self.calls.get_mut(&call));
        let turns = call.into_iter().flat_map(|call| call.turns.iter_mut());
        for turn in turns {
            if let What::Dials(_, to, result @ None) = &mut turn.what
                && to == uid
            {
                *result = Some(outcome.chars().take(call::OUTCOME).collect());
                turn.until = Some(at);
            }
        }
    }

    /// The channel has ended, and so has dialling it.
    fn end(&mut self, uid: &str, at: SystemTime, cause: Option<String>) {
        let outcome = cause.as_deref().and_then(outcome_of).unwrap_or("CANCEL");
        self.close(uid, at, cause);
        self.dialled(uid, at, outcome);
    }

    /// The channel has ended; what becomes of dialling it may come later.
    fn close(&mut self, uid: &str, at: SystemTime, cause: Option<String>) {
        self.leave(uid, at);
        let order = self.fed;
        let Some(leg) = self.legs.get_mut(uid) else {
            return;
        };
        if leg.ended.is_some() {
            return;
        }
        leg.ended = Some(at);
        leg.order.get_or_insert(order);
        leg.place = None;
        leg.cause = cause;
        let (id, phone, answered) = (leg.call, leg.phone().to_owned(), leg.answered);
        self.halves.remove(&phone);
        if let Some(answered) = answered {
            self.dialled(uid, answered, "ANSWER");
        }
        self.end_if_over(id, at);
    }

    fn end_if_over(&mut self, id: u64, at: SystemTime) {
        let Some(call) = self.calls.get_mut(&id) else {
            return;
        };
        let mut legs = call.legs.iter().filter_map(|uid| self.legs.get(uid));
        if call.ended.is_none() && legs.all(|leg| leg.ended.is_some()) {
            call.ended = Some(at);
            self.ended.push_back(id);
        }
    }
}

/// The most frequent events that are not about calls.
const BESIDE: [&str; 8] = [
    "VarSet",
    "RTCPSent",
    "RTCPReceived",
    "UserEvent",
    "DeviceStateChange",
    "QueueMemberStatus",
    "ExtensionStatus",
    "PeerStatus",
];

/// Bridge events from 12 on, only some of which name a channel.
fn is_of_bridges(name: &str) -> bool {
    [
        "bridgecreate",
        "bridgedestroy",
        "bridgemerge",
        "localbridge",
        "dialbegin",
        "dialend",
        "blindtransfer",
        "attendedtransfer",
        "parkedcall",
        "unparkedcall",
        "parkedcalltimeout",
        "parkedcallgiveup",
    ]
    .contains(&name)
}

#[cfg(test)]
mod tests;
