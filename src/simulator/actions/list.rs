//! Lists: a response, an event for each item, and an event at the end.

use crate::simulator::answer::Answer;
use crate::simulator::config::Version;
use crate::simulator::wire::{Packet, Request};

/// A list being answered. It counts its items, because the final event has
/// their number.
pub(super) struct List<'a> {
    request: &'a Request,
    version: Version,
    /// Asterisk 1.8 marks only some of its lists.
    marked: bool,
    bytes: Vec<u8>,
    items: usize,
}

impl<'a> List<'a> {
    /// A list that every version marks with `EventList`.
    pub(super) fn marked(request: &'a Request, version: Version, message: &str) -> List<'a> {
        List::begin(request, version, message, true)
    }

    /// A list that Asterisk 1.8 does not mark.
    pub(super) fn unmarked(request: &'a Request, version: Version, message: &str) -> List<'a> {
        List::begin(request, version, message, version == Version::V22)
    }

    fn begin(request: &'a Request, version: Version, message: &str, marked: bool) -> List<'a> {
        let packet = Packet::response("Success", request);
        let packet = if marked {
            packet.header("EventList", "start")
        } else {
            packet
        };
        let bytes = packet.header("Message", message).into_bytes();
        List {
            request,
            version,
            marked,
            bytes,
            items: 0,
        }
    }

    /// An item, whose last header is the ActionID.
    pub(super) fn item(&mut self, packet: Packet) {
        self.add(packet.action_id(self.request));
    }

    /// An item that has its ActionID already.
    pub(super) fn add(&mut self, packet: Packet) {
        self.bytes.extend(packet.into_bytes());
        self.items += 1;
    }

    /// A packet that the final event does not count.
    pub(super) fn aside(&mut self, packet: Packet) {
        self.bytes.extend(packet.into_bytes());
    }

    pub(super) fn items(&self) -> usize {
        self.items
    }

    /// The closing event, with what else it carries.
    pub(super) fn end(mut self, name: &str, more: &[(&str, &str)]) -> Answer {
        let mark = |packet: Packet| {
            packet
                .header("EventList", "Complete")
                .header("ListItems", self.items.to_string())
        };
        let packet = Packet::event(name);
        let packet = match (self.marked, self.version) {
            (true, Version::V22) => mark(packet.action_id(self.request)),
            (true, Version::V18) => mark(packet).action_id(self.request),
            (false, _) => packet.action_id(self.request),
        };
        self.bytes.extend(packet.with(more).into_bytes());
        Answer::Packets(self.bytes)
    }
}
