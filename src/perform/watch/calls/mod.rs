//! What calls there are, made out of events and of the server's own lists.
//!
//! A leg is one channel, known by its Uniqueid. From Asterisk 12 on the
//! Linkedid says which legs are one call, and one that changes makes two calls
//! one; before that it is who dials, bridges or replaces whom. Nothing is taken
//! for granted: whoever attaches in the middle sees legs without a beginning,
//! and after a gap there are some without an end, until a fresh list tells.

mod bridges;
mod call;
mod leg;
mod list;
mod newer;
mod older;
mod overview;
mod story;

pub use call::{Call, Talk, Turn, What};
pub use leg::{Caller, Leg, Place, Side};
pub use list::Found;
pub use overview::Row;
pub use story::Story;

use crate::ami::Packet;
use bridges::Bridge;
use leg::said;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

/// How long a call that has ended is remembered, and how many of them.
const MEMORY: Duration = Duration::from_secs(120);
const MOST_ENDED: usize = 1_000;

/// More legs than this at once are not kept: the oldest calls are forgotten.
const MOST_LEGS: usize = 20_000;

/// Every call that is known.
#[derive(Debug, Default)]
pub struct Calls {
    legs: HashMap<String, Leg>,
    calls: HashMap<u64, Call>,
    /// The call of each Linkedid.
    linked: HashMap<String, u64>,
    /// The other half of a Local channel, until both are known.
    halves: HashMap<String, String>,
    bridges: HashMap<String, Bridge>,
    /// In the order of their ends.
    ended: VecDeque<u64>,
    /// The number of the last call; a call that began earlier has a lower one.
    last: u64,
    /// Events so far.
    fed: u64,
}

impl Calls {
    /// Takes note of an event that came at `at`.
    pub fn feed(&mut self, event: &Packet, at: SystemTime) {
        self.fed += 1;
        if BESIDE.iter().any(|name| event.is_event(name)) {
            return;
        }
        let Ok(name) = std::str::from_utf8(event.name()) else {
            return;
        };
        let name = name.to_ascii_lowercase();
        match event.get("Linkedid").is_some() || is_of_bridges(&name) {
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

    /// The call that an event belongs to, once it has been fed.
    pub fn call_of(&self, event: &Packet) -> Option<u64> {
        let of = |key: &str| {
            let uid = event.text(key)?;
            Some(self.legs.get(uid.trim())?.call)
        };
        let keys = ["Uniqueid", "Uniqueid1", "DestUniqueid", "SrcUniqueid"];
        let prefixed = ["ParkeeUniqueid", "LocalOneUniqueid", "TransfererUniqueid"];
        let late = ["OrigTransfererUniqueid", "Uniqueid2"];
        let keys = keys.iter().chain(&prefixed).chain(&late);
        keys.copied().find_map(of).or_else(|| {
            // Cdr, and what older servers tell without a Uniqueid.
            let keys = ["Channel", "Source", "Original", "Channel1"];
            keys.iter().find_map(|key| {
                let name = said(event, "", key)?;
                Some(self.legs.get(self.named(&name)?)?.call)
            })
        })
    }

    /// The Uniqueid of the channel that is called so now.
    fn named(&self, name: &str) -> Option<&str> {
        let mut same = self.legs.values().filter(|leg| leg.name == name);
        // A name may come again; one that lives counts more.
        let first = same.next()?;
        let living = std::iter::once(first)
            .chain(same)
            .find(|leg| leg.ended.is_none());
        Some(&living.unwrap_or(first).uid)
    }

    /// Notes what the headers that begin with `prefix` say of a channel, and
    /// returns its Uniqueid. A channel that was not known appears.
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
        Some(uid)
    }

    /// A channel is seen for the first time.
    fn appear(&mut self, uid: &str, name: &str, linked: Option<&str>, at: SystemTime) {
        if self.legs.len() >= MOST_LEGS {
            self.forget_oldest();
        }
        let phone = leg::phone(name);
        let half = (phone.len() < name.len()).then(|| phone.to_owned());
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
            // Two Linkedids, and yet one phone.
            self.unite(uid, &other);
        }
    }

    /// The leg has this Linkedid now.
    fn link(&mut self, uid: &str, linked: String) {
        let Some(own) = self.legs.get(uid).map(|leg| leg.call) else {
            return;
        };
        match self.linked.get(&linked).copied() {
            Some(call) => self.merge(own, call),
            None => drop(self.linked.insert(linked, own)),
        }
    }

    /// Both legs belong to one call.
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
        for call in self.linked.values_mut().filter(|call| **call == from) {
            *call = into;
        }
        self.ended.retain(|ended| *ended != from && *ended != into);
        let own = self.calls.entry(into).or_default();
        own.join(other);
        let at = own.legs.iter().filter_map(|uid| self.legs.get(uid));
        let at = at.map(|leg| leg.ended).max().flatten();
        self.end_if_over(into, at.unwrap_or(SystemTime::UNIX_EPOCH));
    }

    fn turn(&mut self, uid: &str, at: SystemTime, what: What) {
        if let Some(leg) = self.legs.get(uid)
            && let Some(call) = self.calls.get_mut(&leg.call)
        {
            call.turn(self.fed, at, what);
        }
    }

    /// What went on is over.
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

    /// The dialling of `uid` that goes on ends so.
    fn dialled(&mut self, uid: &str, at: SystemTime, outcome: &str) {
        let call = self.legs.get(uid).map(|leg| leg.call);
        let call = call.and_then(|call| self.calls.get_mut(&call));
        let turns = call.into_iter().flat_map(|call| call.turns.iter_mut());
        for turn in turns {
            if let What::Dials(_, to, result @ None) = &mut turn.what
                && to == uid
            {
                *result = Some(outcome.to_owned());
                turn.until = Some(at);
            }
        }
    }

    /// The channel is gone.
    fn end(&mut self, uid: &str, at: SystemTime, cause: Option<String>) {
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
        // Up to 11 a dialling may end without saying so.
        let (over, outcome) = match (leg.answered, cause.as_deref()) {
            (Some(answered), _) => (answered, "ANSWER"),
            (None, Some("17")) => (at, "BUSY"),
            (None, Some("19")) => (at, "NOANSWER"),
            (None, _) => (at, "CANCEL"),
        };
        leg.cause = cause;
        let (id, phone) = (leg.call, leg.phone().to_owned());
        self.halves.remove(&phone);
        self.dialled(uid, over, outcome);
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

    /// What ended long enough ago is forgotten.
    fn forget(&mut self, now: SystemTime) {
        while let Some(id) = self.ended.front().copied() {
            let ended = self.calls.get(&id).and_then(|call| call.ended);
            let age = ended.and_then(|ended| now.duration_since(ended).ok());
            let is_old = ended.is_none() || age.is_some_and(|age| age > MEMORY);
            if !is_old && self.ended.len() <= MOST_ENDED {
                return;
            }
            self.ended.pop_front();
            self.drop_call(id);
        }
    }

    fn forget_oldest(&mut self) {
        let oldest = self.ended.pop_front();
        if let Some(id) = oldest.or_else(|| self.calls.keys().min().copied()) {
            self.drop_call(id);
        }
    }

    fn drop_call(&mut self, id: u64) {
        let Some(call) = self.calls.remove(&id) else {
            return;
        };
        for uid in &call.legs {
            self.out(uid);
            if let Some(leg) = self.legs.remove(uid) {
                self.halves.remove(leg.phone());
            }
        }
        self.linked.retain(|_, call| *call != id);
    }
}

/// What there is most of, and tells nothing of calls.
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

/// Events of bridges from 12 on, which name a channel only sometimes.
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
