//! The server's own list of its channels, which is right where events were
//! missed; and which call is meant by a name.

use super::{Calls, Place, said};
use crate::ami::Packet;
use std::time::{Duration, SystemTime};

/// The calls that a name may mean.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// This one.
    One(u64),
    /// These channels of several calls, or none.
    Other(Vec<String>),
}

impl Calls {
    /// `items` are all channels there are: those of CoreShowChannels, or of
    /// Status. What is known and not among them has ended, nobody saw when.
    pub fn refresh(&mut self, items: &[Packet], at: SystemTime) {
        let mut listed = Vec::new();
        for item in items {
            let is_channel = item.is_event("CoreShowChannel") || item.is_event("Status");
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

    /// What only a list says of a channel.
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
        let age = age.and_then(|text| seconds(&text));
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
            // Those who are there longer than we are.
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
            // Each of the two names the other.
            Some(other) => {
                self.unite(&uid, &other);
                let id = format!("{} {}", uid.as_str().min(&other), uid.as_str().max(&other));
                let leg = self.legs.get(&uid);
                let known = leg.and_then(|leg| leg.bridge.clone()).unwrap_or(id);
                self.enter(&uid, &known, at);
                self.enter(&other, &known, at);
            }
            None => self.leave(&uid, at),
        }
    }

    /// The items of ParkedCalls: who is parked, and where.
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

    /// The call meant by `text`: a Uniqueid, a channel, the device of one
    /// (`PJSIP/101`, or `101` alone), or the beginning of its name.
    pub fn find(&self, text: &str) -> Found {
        let living = || self.legs.values().filter(|leg| leg.ended.is_none());
        let is = |a: &str| a.eq_ignore_ascii_case(text);
        let begins = |name: &str| name.get(..text.len()).is_some_and(is);
        let number = |device: &str| device.split_once('/').is_some_and(|(_, rest)| is(rest));
        let ways: [&dyn Fn(&super::Leg) -> bool; 4] = [
            &|leg| leg.uid == text || is(&leg.name) || is(leg.phone()),
            &|leg| is(leg.device()),
            &|leg| number(leg.device()),
            &|leg| begins(&leg.name),
        ];
        let names = |legs: &mut dyn Iterator<Item = &super::Leg>| {
            let mut names: Vec<String> = legs.map(|leg| leg.phone().to_owned()).collect();
            names.sort();
            names.dedup();
            Found::Other(names)
        };
        for way in ways {
            let mut calls: Vec<u64> = living()
                .filter(|leg| way(leg))
                .map(|leg| leg.call)
                .collect();
            calls.sort_unstable();
            calls.dedup();
            match calls[..] {
                [] => {}
                [call] => return Found::One(call),
                _ => return names(&mut living().filter(|leg| way(leg))),
            }
        }
        names(&mut living())
    }
}

/// Of `00:01:02` and of `62`.
fn seconds(text: &str) -> Option<Duration> {
    let mut all: u64 = 0;
    for part in text.split(':') {
        all = all.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    Some(Duration::from_secs(all))
}
