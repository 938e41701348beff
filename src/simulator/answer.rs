//! The answer to a client's request.

use super::wire::{Packet, Request};

/// The answer of an action.
#[derive(Debug)]
pub(super) enum Answer {
    /// These bytes, as one piece that no event interrupts.
    Packets(Vec<u8>),
    /// These bytes, then the connection is closed.
    Last(Vec<u8>),
}

impl Answer {
    pub(super) fn packet(packet: Packet) -> Answer {
        Answer::Packets(packet.into_bytes())
    }

    pub(super) fn success(request: &Request, message: &str) -> Answer {
        Answer::packet(Packet::response("Success", request).header("Message", message))
    }

    pub(super) fn error(request: &Request, message: &str) -> Answer {
        Answer::packet(Packet::response("Error", request).header("Message", message))
    }
}
