//! What can happen in the world, told in the words of the version that is played.

use super::World;
use super::channel::{Channel, Id};
use super::{events, events_1_8};
use crate::simulator::Version;
use crate::simulator::outbox::Event;
use crate::simulator::wire::Packet;

/// What happens to one channel.
pub(super) enum What<'a> {
    Newchannel,
    Newstate,
    Newexten,
    NewCallerid,
    NewConnectedLine,
    VarSet(&'a str, &'a [u8]),
    HangupRequest(u32),
    SoftHangupRequest(u32),
    Hangup(u32),
    HoldMusic(bool),
    Queued {
        queue: &'a str,
        position: usize,
        what: Queued,
    },
    UserEvent(&'a [(&'a str, &'a str)]),
    /// The whole of a Dial is over, which only old versions mention.
    DialOver(&'a str),
}

/// What happens to a caller in a queue; how many wait then, or for how many seconds it held.
#[derive(Clone, Copy)]
pub(super) enum Queued {
    Join { count: usize },
    Leave { count: usize },
    Abandon { at_first: usize, hold: u64 },
}

/// What happens between a channel and one that it dials; an originated one is dialed by nobody.
pub(super) enum Between<'a> {
    DialBegin(&'a str),
    Ringing,
    DialEnd(&'a str),
    AgentCalled(&'a Agent),
    AgentRingNoAnswer(&'a Agent, u64),
    AgentConnect {
        agent: &'a Agent,
        hold: u64,
        ring: u64,
    },
    AgentComplete {
        agent: &'a Agent,
        hold: u64,
        talk: u64,
        reason: &'a str,
    },
}

/// A queue member who is called for a caller.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub(super) queue: String,
    pub(super) interface: String,
    pub(super) name: String,
}

impl World {
    pub(super) fn tell(&mut self, id: Id, what: &What<'_>) {
        let now = self.clock;
        let Some(channel) = self.channels.get(&id) else {
            return;
        };
        let events = match self.version {
            Version::V22 => events::happened(channel, what).into_iter().collect(),
            Version::V18 => events_1_8::happened(channel, what, now),
        };
        self.events.extend(events);
    }

    pub(super) fn tell_between(&mut self, from: Option<Id>, to: Id, what: &Between<'_>) {
        let from = from.and_then(|from| self.channels.get(&from));
        let Some(to) = self.channels.get(&to) else {
            return;
        };
        let event = match self.version {
            Version::V22 => Some(events::happened_between(from, to, what)),
            Version::V18 => from.and_then(|from| events_1_8::happened_between(from, to, what)),
        };
        self.events.extend(event);
    }

    pub(super) fn tell_bridge(
        &mut self,
        name: &str,
        uniqueid: &str,
        channels: usize,
        who: Option<Id>,
    ) {
        if self.version == Version::V22 {
            let packet = events::bridge(events::event(name, "call"), uniqueid, channels);
            let who = who.and_then(|id| self.channels.get(&id));
            let packet = who
                .into_iter()
                .fold(packet, |packet, who| events::snapshot(packet, "", who));
            self.events.push(Event::new("call", packet));
        }
    }

    /// Old versions know no bridges, only that two channels hear each other, or no longer do.
    pub(super) fn tell_link(&mut self, linked: bool, one: Id, two: Id) {
        if let (Version::V18, Some(one), Some(two)) = (
            self.version,
            self.channels.get(&one),
            self.channels.get(&two),
        ) {
            self.events.push(events_1_8::link(linked, one, two));
        }
    }

    pub(super) fn tell_device(&mut self, device: &str, state: &str) {
        if self.version == Version::V22 {
            let packet = events::event("DeviceStateChange", "call")
                .header("Device", device)
                .header("State", state);
            self.events.push(Event::new("call", packet));
        }
    }

    pub(super) fn tell_member(&mut self, name: &str, queue: usize, member: usize) {
        let Some(queue) = self.queues.get(queue) else {
            return;
        };
        let Some(member) = queue.members.get(member) else {
            return;
        };
        let event = match self.version {
            Version::V22 => events::member(name, queue, member),
            Version::V18 => events_1_8::member(name, queue, member),
        };
        self.events.push(event);
    }

    pub(super) fn tell_packet(&mut self, classes: &str, packet: Packet) {
        self.events.push(Event::new(classes, packet));
    }
}

/// ISDN cause codes as Asterisk words them.
pub(super) fn cause_text(cause: u32) -> &'static str {
    match cause {
        3 => "No route to destination",
        16 => "Normal Clearing",
        17 => "User busy",
        18 => "No user responding",
        19 => "User alerting, no answer",
        26 => "Answered elsewhere",
        34 => "Circuit/channel congestion",
        _ => "Unknown",
    }
}

/// Whether the caller may be shown, in the words of NewCallerid.
pub(super) fn presentation(channel: &Channel) -> &'static str {
    if channel.caller.is_unknown() {
        "67 (Number Unavailable)"
    } else {
        "0 (Presentation Allowed, Not Screened)"
    }
}
