//! What comes out of a session: answers, events, and what the reader has to
//! say about either.

use crate::ami::{Packet, Reply, Ticket};
use std::fmt;
use std::time::SystemTime;

/// What came for an Action.
#[derive(Debug)]
pub enum Answer {
    /// The whole answer.
    Reply(Box<Reply>),
    /// Nothing in time, or nothing more than this: the outcome is unknown.
    TimedOut(Option<Box<Reply>>),
    /// The link ended first, after this much: the outcome is unknown.
    Lost(Option<Box<Reply>>),
}

/// Something that came from the server, or from the reader about it.
#[derive(Debug)]
pub enum Arrival {
    /// The answer to an Action that was sent with [`super::Session::send`].
    Answer(Ticket, Answer),
    /// An answer whose waiter had given up.
    Late(Box<Reply>),
    /// An event that belongs to no answer.
    Event(Packet),
    /// A Response or text that nobody asked for.
    Unsolicited(Packet),
    /// Here something is missing.
    Gap(Gap),
    /// The link of this generation has ended; nothing more comes of it.
    Ended(u64, Ended),
}

/// Why something is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// So many events found the queue full.
    Buffer {
        /// Never zero.
        events: u64,
    },
    /// A packet was larger than is kept; its size in bytes.
    Oversize {
        /// Above [`crate::ami::frame::MAX_PACKET`].
        bytes: u64,
    },
}

impl Gap {
    /// The word for it in json, and the number of events where it is known.
    pub fn reason(self) -> (&'static str, Option<u64>) {
        match self {
            Gap::Buffer { events } => ("buffer", Some(events)),
            Gap::Oversize { .. } => ("oversize", None),
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gap::Buffer { events } => write!(
                f,
                "{events} events are missing here: they came faster than they were shown, and the buffer was full"
            ),
            Gap::Oversize { bytes } => write!(
                f,
                "a packet of {bytes} bytes is missing here: 64 MiB are kept at most"
            ),
        }
    }
}

/// How a link ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The server closed it between two packets.
    Closed,
    /// The server closed it in the middle of a packet, which it does to a
    /// client that reads too slowly.
    InsidePacket,
    /// The system's words for what went wrong.
    Broken(String),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Closed => f.write_str("the server closed the connection"),
            Ended::InsidePacket => f.write_str(
                "the server closed the connection in the middle of a packet, \
                 as it does to a client that reads too slowly",
            ),
            Ended::Broken(why) => write!(f, "the connection broke: {why}"),
        }
    }
}

/// An arrival and when it was read.
#[derive(Debug)]
pub struct Arrived {
    /// The wall clock at the read that completed it.
    pub time: SystemTime,
    /// What it is.
    pub what: Arrival,
}

impl Answer {
    /// The answer, or what has come of it.
    fn reply(&self) -> Option<&Reply> {
        match self {
            Answer::Reply(reply) => Some(reply),
            Answer::TimedOut(part) | Answer::Lost(part) => part.as_deref(),
        }
    }
}

fn bytes(reply: &Reply) -> usize {
    reply.packets().map(|packet| packet.bytes().len()).sum()
}

impl Arrived {
    pub(super) fn lost(&self) -> u64 {
        match self.what {
            Arrival::Gap(Gap::Buffer { events }) => events,
            Arrival::Gap(Gap::Oversize { .. }) => 1,
            _ => 0,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match &self.what {
            Arrival::Event(packet) | Arrival::Unsolicited(packet) => packet.bytes().len(),
            Arrival::Answer(_, answer) => answer.reply().map_or(0, bytes),
            Arrival::Late(reply) => bytes(reply),
            _ => 0,
        }
    }
}
