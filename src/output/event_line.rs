//! Events for people.
use super::{Look, packet};
use crate::ami::Packet;
use std::time::SystemTime;

/// An event.
pub fn event(out: &mut Vec<u8>, event: &Packet, _: SystemTime, look: &Look) {
    packet::packet(out, event, look);
}
