//! Turns what happens into events, as the simulated version words them.

use super::channel::Id;
use super::state::{Agent, World};
use super::{events, events_1_8};
use crate::simulator::config::Version;
use crate::simulator::outbox::Event;
use crate::simulator::wire::Packet;

/// What packets say about a bridge.
pub(super) struct Mixed<'a> {
    pub(super) uniqueid: &'a str,
    /// Its type, its technology, and who made it.
    pub(super) kind: [&'a str; 3],
    pub(super) name: &'a str,
    pub(super) channels: usize,
}

impl<'a> Mixed<'a> {
    /// A bridge of two channels, as Dial makes it.
    pub(super) fn call(uniqueid: &'a str, channels: usize) -> Mixed<'a> {
        Mixed {
            uniqueid,
            kind: ["basic", "simple_bridge", "<unknown>"],
            name: "<unknown>",
            channels,
        }
    }

    /// Its headers, each with a prefix.
    pub(super) fn told(&self, packet: Packet, prefix: &str) -> Packet {
        let [kind, technology, creator] = self.kind;
        let count = self.channels.to_string();
        let headers = [
            ("BridgeUniqueid", self.uniqueid),
            ("BridgeType", kind),
            ("BridgeTechnology", technology),
            ("BridgeCreator", creator),
            ("BridgeName", self.name),
            ("BridgeNumChannels", &count),
            ("BridgeVideoSourceMode", "none"),
        ];
        headers.iter().fold(packet, |packet, (key, value)| {
            packet.header(&format!("{prefix}{key}"), value)
        })
    }
}

impl World {
    /// What happens to one channel: an event, as Asterisk 22 names it, and its further headers.
    pub(super) fn tell(&mut self, id: Id, name: &str, facts: &[(&str, &str)]) {
        self.tell_of(name, &[("", id)], facts);
    }

    /// What happens between a channel and one that it dials. An originated channel has no dialing channel.
    pub(super) fn tell_between(
        &mut self,
        from: Option<Id>,
        to: Id,
        name: &str,
        facts: &[(&str, &str)],
    ) {
        let from = from.filter(|from| self.channels.contains_key(from));
        let who: Vec<_> = from.map(|from| ("", from)).into_iter().collect();
        self.tell_of(name, &[&*who, &[("Dest", to)]].concat(), facts);
    }

    pub(super) fn tell_dial_end(&mut self, from: Option<Id>, to: Id, status: &str) {
        self.tell_between(from, to, "DialEnd", &[("DialStatus", status)]);
    }

    /// What happens between a caller and the queue member who is called for it.
    pub(super) fn tell_agent(
        &mut self,
        name: &str,
        (caller, leg): (Id, Id),
        agent: &Agent,
        facts: &[(&str, &str)],
    ) {
        let who = [
            ("Queue", &*agent.queue),
            ("Interface", &*agent.interface),
            ("MemberName", &*agent.name),
        ];
        self.tell_between(Some(caller), leg, name, &[&who, facts].concat());
    }

    /// Each channel with the prefix of its headers.
    pub(super) fn tell_of(&mut self, name: &str, who: &[(&str, Id)], facts: &[(&str, &str)]) {
        if self.unheard {
            return;
        }
        let mut channels = Vec::new();
        for (prefix, id) in who {
            let Some(channel) = self.channels.get(id) else {
                return;
            };
            channels.push((*prefix, channel));
        }
        let event = match self.version {
            Version::V22 => events::happened(name, &channels, facts),
            Version::V18 => events_1_8::happened(name, &channels, facts),
        };
        self.events.extend(event);
    }

    pub(super) fn tell_hangup(&mut self, id: Id, cause: u32) {
        // ISDN cause codes as Asterisk words them.
        let text = match cause {
            3 => "No route to destination",
            16 => "Normal Clearing",
            17 => "User busy",
            18 => "No user responding",
            19 => "User alerting, no answer",
            26 => "Answered elsewhere",
            34 => "Circuit/channel congestion",
            _ => "Unknown",
        };
        let facts = [("Cause", &*cause.to_string()), ("Cause-txt", text)];
        self.tell(id, "Hangup", &facts);
        let channel = self
            .channels
            .get(&id)
            .filter(|_| self.version == Version::V18);
        let record = channel.and_then(|channel| events_1_8::record(channel, self.clock));
        self.events.extend(record);
    }

    pub(super) fn tell_variable(&mut self, id: Id, name: &str, value: &[u8]) {
        match (self.version, std::str::from_utf8(value)) {
            (Version::V22, Ok(_)) => {
                let facts = [("Variable", name), ("Value", &events::escaped(value))];
                self.tell(id, "VarSet", &facts);
            }
            // A value that is not UTF-8 is never sent.
            (Version::V22, Err(_)) => {}
            (Version::V18, _) => {
                if let Some(channel) = self.channels.get(&id) {
                    let packet = events::event("VarSet", "dialplan")
                        .header("Channel", &channel.name)
                        .header("Variable", name)
                        .header("Value", value)
                        .header("Uniqueid", &channel.uniqueid);
                    self.tell_packet("dialplan", packet);
                }
            }
        }
    }

    /// Asterisk 1.8 has no bridge events, only Bridge (linked) and Unlink for a pair of channels.
    pub(super) fn tell_bridge(
        &mut self,
        name: &str,
        uniqueid: &str,
        channels: usize,
        who: Option<Id>,
    ) {
        let bridge = Mixed::call(uniqueid, channels);
        self.tell_mixed(name, &[], &bridge, who, &[]);
    }

    /// What happens to a bridge of any kind: between the two groups of facts its own headers, and who it is about.
    pub(super) fn tell_mixed(
        &mut self,
        name: &str,
        head: &[(&str, &str)],
        bridge: &Mixed<'_>,
        who: Option<Id>,
        tail: &[(&str, &str)],
    ) {
        if self.version != Version::V22 || self.unheard {
            return;
        }
        let packet = bridge.told(events::event(name, "call").with(head), "");
        let packet = match who.and_then(|id| self.channels.get(&id)) {
            Some(who) => events::snapshot(packet, "", who),
            None => packet,
        };
        self.tell_packet("call", packet.with(tail));
    }

    pub(super) fn tell_device(&mut self, device: &str, state: &str) {
        if self.version == Version::V22 && !self.unheard {
            let packet = events::event("DeviceStateChange", "call")
                .header("Device", device)
                .header("State", state);
            self.tell_packet("call", packet);
        }
    }

    /// What happens to a queue member, after which this is known of it.
    pub(super) fn tell_member(&mut self, name: &str, facts: &[(&'static str, String)]) {
        let facts: Vec<_> = facts.iter().map(|(key, value)| (*key, &**value)).collect();
        self.tell_of(name, &[], &facts);
    }

    pub(super) fn tell_packet(&mut self, classes: &str, packet: Packet) {
        self.events.push(Event::new(classes, packet));
    }
}
