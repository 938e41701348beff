//! Lists: a response, an event for each item, and an event at the end.

use super::Answer;
use crate::simulator::Version;
use crate::simulator::wire::{Packet, Request};

/// A list being answered. It counts its items, because the end tells how many there were.
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

    pub(super) fn item(&mut self, packet: Packet) {
        self.bytes.extend(packet.into_bytes());
        self.items += 1;
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
        let packet = more
            .iter()
            .fold(packet, |packet, (key, value)| packet.header(key, value));
        self.bytes.extend(packet.into_bytes());
        Answer::Packets(self.bytes)
    }
}
