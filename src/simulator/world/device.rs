//! States of devices, of the extensions with a hint for one, and of presences.

use super::channel::State;
use super::dialplan::{self, PHONES};
use super::events;
use super::state::World;
use crate::simulator::config::Version;

/// Most presences that clients may set.
const MOST_PRESENCES: usize = 100;
/// The presences that Asterisk knows.
const PRESENCES: [&str; 7] = [
    "not_set",
    "unavailable",
    "available",
    "away",
    "xa",
    "chat",
    "dnd",
];
/// What is set from the start.
const PRESENT: (&str, &str) = ("CustomPresence:103", "away,lunch,back at two");

impl World {
    /// Sends the events about a device whose state has changed, also for the queues of which it is a member.
    pub(super) fn device_changed(&mut self, device: &str) {
        let of_device = self
            .channels
            .values()
            .filter(|channel| channel.device() == device);
        let states: Vec<State> = of_device.map(|channel| channel.state).collect();
        let (state, status) = if states.contains(&State::Up) || states.contains(&State::Ring) {
            ("INUSE", 2)
        } else if states.contains(&State::Ringing) {
            ("RINGING", 6)
        } else {
            ("NOT_INUSE", 1)
        };
        let before = self.devices.insert(device.to_owned(), state);
        if before.unwrap_or("NOT_INUSE") == state {
            return;
        }
        self.tell_device(device, state);
        self.tell_hints(device);
        let mut told = Vec::new();
        for queue in &mut self.queues {
            for member in &mut queue.members {
                if member.state_interface == device {
                    member.status = status;
                    told.push(member.told(&queue.name));
                }
            }
        }
        for facts in &told {
            self.tell_member("QueueMemberStatus", facts);
        }
    }
    /// Sets the state of what is no phone, such as a parking space.
    pub(super) fn set_device(&mut self, device: &str, state: &'static str) {
        self.devices.insert(device.to_owned(), state);
        self.tell_device(device, state);
        self.tell_hints(device);
    }

    /// Every device that is known, with its state.
    pub(in crate::simulator) fn devices(&self) -> impl Iterator<Item = (String, &'static str)> {
        let phone = |(phone, _): &(&str, _)| format!("PJSIP/{phone}");
        let phones = PHONES.iter().map(phone).chain(["PJSIP/trunk".to_owned()]);
        let own: Vec<String> = phones.collect();
        let queues: Vec<_> = self
            .queues
            .iter()
            .map(|queue| queue.availability())
            .collect();
        let others = self.devices.iter();
        let others: Vec<_> = others
            .filter(|(name, _)| !own.contains(name))
            .map(|(name, state)| (name.clone(), *state))
            .collect();
        let states: Vec<_> = own
            .into_iter()
            .map(|name| (self.device(&name), name))
            .map(|(state, name)| (name, state))
            .collect();
        states.into_iter().chain(queues).chain(others)
    }

    /// The state of a device.
    pub(in crate::simulator) fn device(&self, name: &str) -> &'static str {
        self.devices.get(name).copied().unwrap_or("NOT_INUSE")
    }

    /// The state of an extension by its device: its number, and its name.
    pub(in crate::simulator) fn extension_state(
        &self,
        device: &str,
    ) -> (&'static str, &'static str) {
        match self.device(device) {
            "INUSE" => ("1", "InUse"),
            "RINGING" => ("8", "Ringing"),
            _ => ("0", "Idle"),
        }
    }

    fn tell_hints(&mut self, device: &str) {
        if self.unheard || self.version != Version::V22 {
            return;
        }
        let hint = dialplan::hints().find(|(_, hint)| hint == device);
        if let Some((exten, hint)) = hint {
            let (status, text) = self.extension_state(&hint);
            let packet = events::event("ExtensionStatus", "call").with(&[
                ("Exten", exten),
                ("Context", "default"),
                ("Hint", &hint),
                ("Status", status),
                ("StatusText", text),
            ]);
            self.tell_packet("call", packet);
        }
    }

    /// `PRESENCE_STATE(CustomPresence:101)`, which Setvar can set. False if the value is none.
    pub(in crate::simulator) fn set_presence(&mut self, provider: &str, value: &str) -> bool {
        let state = value.split(',').next().unwrap_or_default();
        let is_new = !self.presences.contains_key(provider);
        if !PRESENCES.contains(&state) || is_new && self.presences.len() >= MOST_PRESENCES {
            return false;
        }
        self.presences.insert(provider.into(), value.into());
        if !self.unheard {
            let packet = events::event("PresenceStateChange", "call");
            let facts = presence_facts(provider, value);
            self.tell_packet("call", packet.with(&facts));
        }
        true
    }

    /// The presences that are known, each with its state, subtype and message with commas between them.
    pub(in crate::simulator) fn presences(&self) -> impl Iterator<Item = (&str, &str)> {
        let from_start = [PRESENT].into_iter();
        let untouched = from_start.filter(|(name, _)| !self.presences.contains_key(*name));
        let set = self.presences.iter();
        untouched.chain(set.map(|(name, value)| (&**name, &**value)))
    }
}

/// What packets say about a presence; a subtype and a message only if there are any.
pub(in crate::simulator) fn presence_facts<'a>(
    provider: &'a str,
    value: &'a str,
) -> Vec<(&'static str, &'a str)> {
    let mut parts = value.splitn(3, ',');
    let mut facts = vec![
        ("Presentity", provider),
        ("Status", parts.next().unwrap_or_default()),
    ];
    let more = ["Subtype", "Message"].into_iter().zip(parts);
    facts.extend(more.filter(|(_, text)| !text.is_empty()));
    facts
}
