//! The parking lot: channels that wait to be fetched, and come back if nobody does.

use std::time::Duration;

use super::channel::{Channel, Id, Runs};
use super::events::{self, snapshot};
use super::lot::{Parked, SPACES, STAY, Stay};
use super::state::{Step, World};
use super::telling::Mixed;
use crate::simulator::config::Version;
use crate::simulator::wire::Packet;

/// How long whoever parked a call rings when it comes back, in seconds.
const COMEBACK: u64 = 30;

impl World {
    /// A parked call, as its event and the list of Asterisk 22 or 1.8 tell it.
    pub(in crate::simulator) fn parked(&self, packet: Packet, call: &Parked) -> Packet {
        let Some(channel) = self.channels.get(&call.channel) else {
            return packet;
        };
        match self.version {
            Version::V22 => call.told(snapshot(packet, "Parkee", channel), self.clock.now),
            Version::V18 => {
                let facts = [
                    ("Space", call.space.to_string()),
                    ("From", call.parker.clone()),
                    ("Timeout", call.stay.to_string()),
                ];
                let headers = "Exten=Space Channel Parkinglot:default From Timeout CallerIDNum CallerIDName \
                               ConnectedLineNum ConnectedLineName Uniqueid";
                packet.listed(headers, events::known("", &[("", channel)], &facts))
            }
        }
    }

    /// Parks a channel, if there is a free space.
    pub(in crate::simulator) fn park(&mut self, id: Id, wish: &Stay) -> Option<u32> {
        let is_free = |space: &u32| self.parking.calls.iter().all(|call| call.space != *space);
        let wanted = wish.space.filter(|space| SPACES.contains(space));
        let space = wanted
            .filter(is_free)
            .or_else(|| SPACES.clone().find(is_free))?;
        let channel = self.channels.get(&id).filter(|channel| channel.is_up())?;
        let own = channel.device().to_owned();
        if let Some(other) = self.leave_all(id) {
            self.hang_up(other, 16);
        }
        self.forget_steps(id);
        if self.parking.bridge.is_empty() {
            self.parking.bridge = self.random.uuid();
            self.tell_lot("BridgeCreate", None);
        }
        let call = Parked {
            channel: id,
            space,
            parker: wish.parker.clone().unwrap_or(own),
            since: self.clock.now,
            stay: wish.seconds.unwrap_or(STAY),
        };
        if call.stay > 0 {
            self.after(Duration::from_secs(call.stay), Step::ComeBack(id));
        }
        self.tell_parked("ParkedCall", &call, None);
        self.set_device(&format!("park:{space}@parkedcalls"), "INUSE");
        self.parking.calls.push(call);
        self.parking.calls.sort_by_key(|call| call.space);
        self.tell_lot("BridgeEnter", Some(id));
        Some(space)
    }

    /// The application ParkedCall: fetches the call in a space.
    pub(super) fn fetch(&mut self, id: Id, space: &str) {
        self.answer(id);
        let space = space.parse().ok();
        let call = self
            .parking
            .calls
            .iter()
            .find(|call| Some(call.space) == space);
        let Some(call) = call.cloned().filter(|call| call.channel != id) else {
            self.soon(Step::Run(id));
            return;
        };
        self.tell_parked("UnParkedCall", &call, Some(id));
        self.leave_lot(&call);
        self.bridge(id, call.channel, None);
    }

    /// A parked channel hangs up, or is sent elsewhere.
    pub(super) fn leave_parking(&mut self, id: Id) {
        let call = self.parking.calls.iter().find(|call| call.channel == id);
        if let Some(call) = call.cloned() {
            self.tell_parked("ParkedCallGiveUp", &call, None);
            self.leave_lot(&call);
        }
    }

    /// Nobody has fetched the call: whoever parked it is dialed, and it ends if nobody answers.
    pub(super) fn come_back(&mut self, id: Id) {
        let call = self.parking.calls.iter().find(|call| call.channel == id);
        let Some(call) = call.cloned() else {
            return;
        };
        let flat = call.parker.replace('/', "_");
        for (name, value) in [
            ("PARKING_SPACE", &*call.space.to_string()),
            ("PARKEDLOT", "default"),
            ("PARKER", &call.parker),
            ("PARKER_FLAT", &flat),
        ] {
            self.set_variable(Some(id), name, value.as_bytes());
        }
        self.tell_parked("ParkedCallTimeOut", &call, None);
        self.leave_lot(&call);
        if let Some(channel) = self.channel_mut(id) {
            (channel.context, channel.exten) = ("park-dial".into(), flat);
            (channel.runs, channel.priority) = (Runs::Dialplan, 0);
        }
        self.step_into(id, "Dial", &format!("{},{COMEBACK}", call.parker));
    }

    fn leave_lot(&mut self, call: &Parked) {
        // Parked again, it has its time anew.
        self.schedule
            .retain(|_, step| !matches!(step, Step::ComeBack(id) if *id == call.channel));
        self.parking
            .calls
            .retain(|other| other.channel != call.channel);
        self.set_device(&format!("park:{}@parkedcalls", call.space), "NOT_INUSE");
        self.tell_lot("BridgeLeave", Some(call.channel));
    }

    fn tell_lot(&mut self, event: &str, who: Option<Id>) {
        let uniqueid = self.parking.bridge.clone();
        let lot = Mixed {
            uniqueid: &uniqueid,
            kind: ["parking", "holding_bridge", "Parking"],
            name: "default",
            channels: self.parking.calls.len(),
        };
        self.tell_mixed(event, &[], &lot, who, &[]);
    }

    fn tell_parked(&mut self, event: &str, call: &Parked, retriever: Option<Id>) {
        if self.unheard {
            return;
        }
        let packet = events::event(event, "call");
        let retriever = retriever.and_then(|id| self.channels.get(&id));
        let parkee = self.channels.get(&call.channel);
        let packet = match (self.version, parkee, retriever) {
            (Version::V22, Some(parkee), Some(retriever)) => {
                let packet = snapshot(packet, "Parkee", parkee);
                call.told(snapshot(packet, "Retriever", retriever), self.clock.now)
            }
            _ => self.parked(packet, call),
        };
        self.tell_packet("call", packet);
    }

    /// The bridge of a parked channel.
    pub(super) fn lot_of(&self, channel: &Channel) -> Option<&str> {
        let mut calls = self.parking.calls.iter();
        let is_parked = calls.any(|call| call.channel == channel.id);
        is_parked.then_some(&*self.parking.bridge)
    }
}
