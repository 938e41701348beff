//! What comes out of a session: answers, events, and what the reader has to
//! say about either.

use super::error::Error;
use crate::ami::{Packet, Reply, Ticket};
use std::fmt;
use std::time::{Duration, SystemTime};

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
    /// The link has ended. True: the session connects again by itself.
    Ended(Ended, bool),
    /// A try to connect again has failed. True: there will be others.
    StillDown(Box<Error>, bool),
    /// Connected again after so long, and nobody had asked for events.
    Back(Duration),
    /// Connected again, but the server refuses this Action of ours, by which it
    /// would send what it sent before; its words.
    NotRenewed(String, String),
    /// Connected again, and nobody has looked at the server's certificate.
    Unchecked,
}

/// What to know at every connect with `--insecure`.
pub const UNCHECKED: &str =
    "the server's certificate is not checked; whoever is in between can read and change everything";

impl Arrival {
    /// What the reader or the supervisor has to say of the link, in a line.
    pub fn news(&self) -> Option<String> {
        Some(match self {
            Arrival::Gap(gap) => gap.to_string(),
            Arrival::Ended(ended, again) => {
                format!("{ended}{}", if *again { "; connecting again" } else { "" })
            }
            Arrival::StillDown(error, true) => format!("still not connected, trying on: {error}"),
            Arrival::StillDown(error, false) => format!("not connected again: {error}"),
            Arrival::Back(down) => format!("connected again after {}", in_words(*down)),
            Arrival::Unchecked => format!("--insecure: {UNCHECKED}"),
            Arrival::NotRenewed(action, why) => {
                format!("connected again, but the server refuses the {action} of before: {why}")
            }
            Arrival::Answer(..)
            | Arrival::Late(_)
            | Arrival::Event(_)
            | Arrival::Unsolicited(_) => return None,
        })
    }
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
    /// There was no link for so long.
    Reconnect {
        /// From its end, or from what came last where nobody ended it, until
        /// events were asked for again.
        down: Duration,
    },
    /// We were stopped, and asked for nothing for so long.
    Stopped {
        /// From then on until events were asked for again.
        time: Duration,
    },
}

impl Gap {
    /// The word for it in json.
    pub fn reason(self) -> &'static str {
        match self {
            Gap::Buffer { .. } => "buffer",
            Gap::Oversize { .. } => "oversize",
            // Likewise nothing came for a while, and nobody knows what was in it.
            Gap::Reconnect { .. } | Gap::Stopped { .. } => "reconnect",
        }
    }

    /// How many events are missing, where that is known.
    pub fn events(self) -> Option<u64> {
        match self {
            Gap::Buffer { events } => Some(events),
            Gap::Oversize { .. } | Gap::Reconnect { .. } | Gap::Stopped { .. } => None,
        }
    }

    /// How long nothing was heard, where that is why.
    pub fn seconds(self) -> Option<f64> {
        match self {
            Gap::Reconnect { down } => Some(down.as_secs_f64()),
            Gap::Stopped { time } => Some(time.as_secs_f64()),
            Gap::Buffer { .. } | Gap::Oversize { .. } => None,
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
            Gap::Reconnect { down } => write!(
                f,
                "connected again after {}; what happened meanwhile is missing here",
                in_words(*down)
            ),
            Gap::Stopped { time } => write!(
                f,
                "stopped for {}; what happened meanwhile is missing here",
                in_words(*time)
            ),
        }
    }
}

/// `0.4 s`, `12 s`, `3 min 5 s`.
pub fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
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
    /// The server said that it stops, cleanly or not, or that it restarts.
    Shutdown {
        /// It will be there again.
        restart: bool,
    },
    /// No sign of life for so long after a question.
    Silent(Duration),
    /// We ended it, to connect again.
    Renewed,
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
            Ended::Shutdown { restart: true } => f.write_str("Asterisk restarts"),
            Ended::Shutdown { restart: false } => f.write_str("Asterisk was stopped"),
            Ended::Silent(time) => write!(
                f,
                "the server has not answered for {}: the connection counts as dead",
                in_words(*time)
            ),
            Ended::Renewed => f.write_str("disconnected"),
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
            Arrival::Gap(Gap::Oversize { .. } | Gap::Reconnect { .. } | Gap::Stopped { .. }) => 1,
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
