//! The server's own list of its channels, which is complete even if events were
//! missed; and finding a call by a name.

use super::bridges::pair_id;
use super::{Caller, Calls, Leg, Place, said};
use crate::ami::{Kind, Packet};
use crate::output::words;
use std::time::{Duration, SystemTime};

/// The result of looking for a call by a name.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Exactly one call.
    One(u64),
    /// The matching channels of several calls, or none.
    Other(Vec<String>),
}

impl Calls {
    /// Takes a complete list of channels, of CoreShowChannels or Status.
    /// Channels that are not in it have ended at an unknown time.
    pub fn refresh(&mut self, items: &[Packet], at: SystemTime) {
        let mut listed = Vec::new();
        // The list includes every current call.
        self.forgotten = 0;
        for item in items {
            // CoreShowChannels of 1.6.0 has headers only.
            let is_channel = item.is_event("CoreShowChannel")
                || item.is_event("Status")
                || item.kind() == Kind::Unframed;
            let uid = said(item, "", "Uniqueid").filter(|_| is_channel);
            let Some(uid) = uid else {
                continue;
            };
            if let Some(leg) = self.legs.get_mut(&uid)
                && leg.ended.take().is_some()
            {
                let id = leg.call;
                self.ended.retain(|ended| *ended != id);
                if let Some(call) = self.calls.get_mut(&id) {
                    call.ended = None;
                }
            }
            self.see(item, "", at);
            self.listed(&uid, item, at);
            listed.push(uid);
        }
        for item in items {
            self.bridged(item, at);
        }
        listed.sort_unstable();
        let living = self.legs.values().filter(|leg| leg.ended.is_none());
        let gone = living.filter(|leg| listed.binary_search(&leg.uid).is_err());
        for uid in gone.map(|leg| leg.uid.clone()).collect::<Vec<_>>() {
            self.end(&uid, at, None);
        }
        self.forget(at);
    }

    /// Takes the facts about a channel that only a list has.
    fn listed(&mut self, uid: &str, item: &Packet, at: SystemTime) {
        let application = said(item, "", "Application").unwrap_or_default();
        let data = ["ApplicationData", "Data"]
            .iter()
            .find_map(|key| said(item, "", key));
        let data = data.unwrap_or_default();
        let first = data.split([',', '|']).next().unwrap_or_default().to_owned();
        let age = ["Duration", "Seconds"]
            .iter()
            .find_map(|key| said(item, "", key));
        let age = age.and_then(|text| words::seconds(&text));
        let age = age.map(Duration::from_secs);
        let Some(leg) = self.legs.get_mut(uid) else {
            return;
        };
        if leg.created.is_none() {
            leg.created = age.and_then(|age| at.checked_sub(age));
        }
        leg.went = Some(leg.exten.0.clone());
        leg.place = match (&application[..], leg.place.take()) {
            ("Queue", _) => Some(Place::Queue(first)),
            (_, Some(Place::Queue(_))) => None,
            (_, place) => place,
        };
        leg.application = (application, data);
        let (call, created) = (leg.call, leg.created);
        if let Some(call) = self.calls.get_mut(&call) {
            // The call may be older than this session.
            call.begun = call.begun.into_iter().chain(created).min();
        }
    }

    fn bridged(&mut self, item: &Packet, at: SystemTime) {
        let Some(uid) = said(item, "", "Uniqueid") else {
            return;
        };
        if let Some(id) = said(item, "", "BridgeId") {
            let leg = self.legs.get_mut(&uid);
            let conference = leg.and_then(|leg| {
                leg.place.take_if(|place| matches!(place, Place::Queue(_)));
                let (name, data) = &leg.application;
                let number = data.split(',').next()?.to_owned();
                (name == "ConfBridge").then_some(number)
            });
            if conference.is_some() {
                self.bridge(&id).conference = conference;
            }
            return self.enter(&uid, &id, at);
        }
        let other = said(item, "", "BridgedUniqueid");
        let other = other.or_else(|| {
            let name = said(item, "", "Link").or_else(|| said(item, "", "BridgedChannel"))?;
            self.named(&name).map(str::to_owned)
        });
        match other.filter(|other| self.legs.contains_key(other)) {
            // The two legs refer to each other.
            Some(other) => {
                self.unite(&uid, &other);
                let id = pair_id(&uid, &other);
                let leg = self.legs.get(&uid);
                let known = leg.and_then(|leg| leg.bridge.clone()).unwrap_or(id);
                self.enter(&uid, &known, at);
                self.enter(&other, &known, at);
            }
            None => self.leave(&uid, at),
        }
    }

    /// Takes the items of ParkedCalls: who is parked, and where.
    pub fn refresh_parked(&mut self, items: &[Packet]) {
        for item in items.iter().filter(|item| item.is_event("ParkedCall")) {
            let uid = said(item, "Parkee", "Uniqueid").or_else(|| {
                let name = said(item, "", "Channel")?;
                self.named(&name).map(str::to_owned)
            });
            let space = ["ParkingSpace", "Exten"]
                .iter()
                .find_map(|key| said(item, "", key));
            let leg = uid.and_then(|uid| self.legs.get_mut(&uid));
            let Some(leg) = leg else {
                continue;
            };
            leg.place = Some(Place::Parked(space.unwrap_or_default()));
            if let Some(id) = leg.bridge.clone() {
                self.bridge(&id).hold_apart();
            }
        }
    }

    /// Finds the call that `text` names, as [`Calls::like`] does.
    pub fn find(&self, text: &str) -> Found {
        let names = |legs: &mut dyn Iterator<Item = &Leg>| {
            let mut names: Vec<String> = legs.map(|leg| leg.phone().to_owned()).collect();
            names.sort();
            names.dedup();
            Found::Other(names)
        };
        let met = self.named_so(text);
        let mut calls: Vec<u64> = met.iter().map(|leg| leg.call).collect();
        calls.sort_unstable();
        calls.dedup();
        match calls[..] {
            [] => names(&mut self.living()),
            [call] => Found::One(call),
            _ => names(&mut met.into_iter()),
        }
    }

    /// The channels that `text` may mean, by their whole names.
    pub fn like(&self, text: &str) -> Vec<String> {
        let legs = self.named_so(text).into_iter();
        let mut names: Vec<String> = legs.map(|leg| leg.name.clone()).collect();
        names.sort();
        names
    }

    fn living(&self) -> impl Iterator<Item = &Leg> {
        self.legs.values().filter(|leg| leg.ended.is_none())
    }

    /// The legs that `text` names: by Uniqueid, channel, device (`PJSIP/101`, or
    /// `101` alone), the number or name of the caller or of whom its phone
    /// shows, or the beginning of one of these names; the closest of these.
    fn named_so(&self, text: &str) -> Vec<&Leg> {
        let is = |a: &str| a.eq_ignore_ascii_case(text);
        let begins = |name: &str| name.get(..text.len()).is_some_and(is);
        let number = |device: &str| device.split_once('/').is_some_and(|(_, rest)| is(rest));
        let called = |caller: &Caller| is(&caller.number) || is(&caller.name);
        let begins_so = |caller: &Caller| {
            let mut words = caller.name.split(' ');
            begins(&caller.name) || words.any(is)
        };
        let ways: [&dyn Fn(&Leg) -> bool; 7] = [
            &|leg| leg.uid == text || is(&leg.name) || is(leg.phone()),
            &|leg| is(leg.device()),
            &|leg| number(leg.device()),
            &|leg| called(&leg.caller),
            &|leg| called(&leg.line),
            &|leg| begins(&leg.name),
            &|leg| begins_so(&leg.caller),
        ];
        let met = ways
            .iter()
            .map(|way| self.living().filter(|leg| way(leg)).collect());
        met.into_iter()
            .find(|met: &Vec<&Leg>| !met.is_empty())
            .unwrap_or_default()
    }
}
