//! The application ConfBridge: channels that talk in a room.

use super::channel::Id;
use super::conference::{Conference, Seat};
use super::state::{Step, World};
use super::telling::Mixed;

impl World {
    pub(in crate::simulator) fn conference(&self, name: &str) -> Option<&Conference> {
        self.conferences.iter().find(|room| room.name == name)
    }

    /// The conference in which a channel is.
    pub(in crate::simulator) fn conference_of(&self, id: Id) -> Option<&Conference> {
        let is_in = |room: &&Conference| room.seats.iter().any(|seat| seat.channel == id);
        self.conferences.iter().find(is_in)
    }

    pub(super) fn join_conference(&mut self, id: Id, name: &str) {
        self.answer(id);
        if name.is_empty() || !self.channels.contains_key(&id) {
            self.soon(Step::Run(id));
            return;
        }
        if self.conference(name).is_none() {
            let uniqueid = self.random.uuid();
            self.conferences.push(Conference {
                name: name.into(),
                uniqueid,
                seats: Vec::new(),
            });
            self.tell_conference("BridgeCreate", name, 0, None, &[]);
            self.tell_conference("ConfbridgeStart", name, 0, None, &[]);
            self.set_device(&format!("confbridge:{name}"), "INUSE");
        }
        let seat = Seat {
            channel: id,
            since: self.clock.now,
            is_muted: false,
        };
        let mut count = 0;
        if let Some(room) = self.conferences.iter_mut().find(|room| room.name == name) {
            room.seats.push(seat);
            count = room.seats.len();
        }
        let facts = [("Admin", "No"), ("Muted", "No")];
        self.tell_conference("BridgeEnter", name, count, Some(id), &[]);
        self.tell_conference("ConfbridgeJoin", name, count, Some(id), &facts);
    }

    /// Does nothing to a channel that is in none.
    pub(super) fn leave_conference(&mut self, id: Id) {
        let Some(name) = self.conference_of(id).map(|room| room.name.clone()) else {
            return;
        };
        let mut count = 0;
        if let Some(room) = self.conferences.iter_mut().find(|room| room.name == name) {
            room.seats.retain(|seat| seat.channel != id);
            count = room.seats.len();
        }
        let admin = [("Admin", "No")];
        self.tell_conference("ConfbridgeLeave", &name, count + 1, Some(id), &admin);
        self.tell_conference("BridgeLeave", &name, count, Some(id), &[]);
        if count == 0 {
            self.set_device(&format!("confbridge:{name}"), "NOT_INUSE");
            self.tell_conference("ConfbridgeEnd", &name, 0, None, &[]);
            self.tell_conference("BridgeDestroy", &name, 0, None, &[]);
            self.conferences.retain(|room| room.name != name);
        }
    }

    /// Takes a channel out of its conference, and lets it go on behind.
    pub(in crate::simulator) fn kick(&mut self, id: Id) {
        self.set_variable(Some(id), "CONFBRIDGE_RESULT", b"KICKED");
        self.leave_conference(id);
        self.soon(Step::Run(id));
    }

    pub(in crate::simulator) fn mute(&mut self, id: Id, is_muted: bool) {
        let is_in = |room: &Conference| room.seats.iter().any(|seat| seat.channel == id);
        let Some(room) = self.conferences.iter_mut().find(|room| is_in(room)) else {
            return;
        };
        let (name, count) = (room.name.clone(), room.seats.len());
        for seat in room.seats.iter_mut().filter(|seat| seat.channel == id) {
            seat.is_muted = is_muted;
        }
        let event = match is_muted {
            true => "ConfbridgeMute",
            false => "ConfbridgeUnmute",
        };
        self.tell_conference(event, &name, count, Some(id), &[("Admin", "No")]);
    }

    fn tell_conference(
        &mut self,
        event: &str,
        name: &str,
        channels: usize,
        who: Option<Id>,
        facts: &[(&str, &str)],
    ) {
        let Some(room) = self.conference(name) else {
            return;
        };
        let uniqueid = room.uniqueid.clone();
        let named = [("Conference", name)];
        let head: &[_] = match event.starts_with("Confbridge") {
            true => &named,
            false => &[],
        };
        let bridge = Mixed {
            uniqueid: &uniqueid,
            kind: ["base", "softmix", "ConfBridge"],
            name,
            channels,
        };
        self.tell_mixed(event, head, &bridge, who, facts);
    }
}
