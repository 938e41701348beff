//! What a session delivers: answers, events, gaps, and news of the link.

use super::error::Error;
use crate::ami::frame::MAX_PACKET;
use crate::ami::{Ending, Packet, Reply, Ticket};
use std::fmt;
use std::time::{Duration, SystemTime};

/// The outcome of an Action.
#[derive(Debug)]
pub enum Answer {
    /// The complete answer.
    Reply(Box<Reply>),
    /// The answer, or the rest after this part, did not come in time: the
    /// outcome is unknown.
    TimedOut(Option<Box<Reply>>),
    /// The link ended first, after this part: the outcome is unknown.
    Lost(Option<Box<Reply>>),
}

/// Something from the server, or from the reader about it.
#[derive(Debug)]
pub enum Arrival {
    /// The answer to an Action that was sent with [`super::Session::send`].
    Answer(Ticket, Answer),
    /// The Response or an item of a list that was asked for with
    /// [`super::Session::send_flowing`].
    Part(Ticket, Packet),
    /// An answer that came after its waiter gave up.
    Late(Box<Reply>),
    /// An event that belongs to no answer.
    Event(Packet),
    /// A Response or text that answers no Action.
    Unsolicited(Packet),
    /// Something is missing here.
    Gap(Gap),
    /// The link has ended. True: the session will reconnect by itself.
    Ended(Ended, bool),
    /// An attempt to reconnect has failed, and why. Reported if somebody asked
    /// for it, if it was the last one, or if the login was refused. True: there
    /// will be another.
    StillDown(Box<Error>, bool),
    /// Reconnected after this long, while no events were asked for.
    Back(Duration),
    /// Reconnected, but the server refuses this Action, which would restore
    /// what was set before; then the server's words.
    NotRenewed(String, String),
    /// Reconnected, without checking the server's certificate.
    Unchecked,
}

/// The warning at every connect with `--insecure`.
pub const UNCHECKED: &str =
    "the server's certificate is not checked; whoever is in between can read and change everything";

impl Arrival {
    /// What to tell the user about the link, in one line.
    pub fn news(&self) -> Option<String> {
        Some(match self {
            Arrival::Gap(gap) => gap.to_string(),
            Arrival::Ended(ended, again) => {
                format!("{ended}{}", if *again { "; connecting again" } else { "" })
            }
            Arrival::StillDown(error, true) => {
                format!("still not connected, trying again: {error}")
            }
            Arrival::StillDown(error, false) => format!("not connected again: {error}"),
            Arrival::Back(down) => format!("connected again after {}", in_words(*down)),
            Arrival::Unchecked => format!("--insecure: {UNCHECKED}"),
            Arrival::NotRenewed(action, why) => {
                format!("connected again, but the server refuses the {action} of before: {why}")
            }
            Arrival::Answer(..)
            | Arrival::Part(..)
            | Arrival::Late(_)
            | Arrival::Event(_)
            | Arrival::Unsolicited(_) => return None,
        })
    }
}

/// Why something is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Events were dropped because the queue was full.
    Buffer {
        /// Never zero.
        events: u64,
    },
    /// A packet was too large to keep.
    Oversize {
        /// Its size in bytes, above [`crate::ami::frame::MAX_PACKET`].
        bytes: u64,
    },
    /// There was no link.
    Reconnect {
        /// From the end of the link (or, if it died silently, the last packet)
        /// until events were asked for again.
        down: Duration,
    },
    /// The process was stopped.
    Stopped {
        /// From then until events were asked for again.
        time: Duration,
    },
}

impl Gap {
    /// The `reason` in json.
    pub fn reason(self) -> &'static str {
        match self {
            Gap::Buffer { .. } => "buffer",
            Gap::Oversize { .. } => "oversize",
            // Here too nothing was received for a while, and what was missed is
            // unknown.
            Gap::Reconnect { .. } | Gap::Stopped { .. } => "reconnect",
        }
    }

    /// How many events are missing, if known.
    pub fn events(self) -> Option<u64> {
        match self {
            Gap::Buffer { events } => Some(events),
            Gap::Oversize { .. } | Gap::Reconnect { .. } | Gap::Stopped { .. } => None,
        }
    }

    /// How long nothing was received, if that is the reason.
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
                "a packet of {bytes} bytes is missing here: {} MiB are kept at most",
                MAX_PACKET >> 20
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
    /// The server closed it in the middle of a packet, as it does to a client
    /// that reads too slowly.
    InsidePacket,
    /// The server announced that it stops or restarts.
    Shutdown {
        /// Whether it will be back.
        restart: bool,
    },
    /// No sign of life for this long after a Ping.
    Silent(Duration),
    /// We ended it, to reconnect.
    Renewed,
    /// An I/O error, in the system's words.
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

/// Which link an arrival came on, and its number there; shown as `3-1207`. No two
/// arrivals of a session have the same, and a later one has the greater.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArrivalId(u64);

impl ArrivalId {
    /// Bits for the number, which are enough for two months at 200,000 a second.
    /// The others count links.
    const NUMBER: u32 = 40;

    /// Before the first arrival of link `generation`.
    pub(super) fn of_link(generation: u64) -> ArrivalId {
        ArrivalId(generation << Self::NUMBER)
    }

    /// Goes on to the next one of the same link, and returns that.
    pub(super) fn advance(&mut self) -> ArrivalId {
        self.0 += 1;
        *self
    }

    /// The next arrival of the link.
    pub(super) fn arrived(&mut self, time: SystemTime, what: Arrival) -> Arrived {
        let id = self.advance();
        Arrived { id, time, what }
    }

    pub(super) fn bits(self) -> u64 {
        self.0
    }

    pub(super) fn from_bits(bits: u64) -> ArrivalId {
        ArrivalId(bits)
    }
}

impl fmt::Display for ArrivalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0 & ((1 << Self::NUMBER) - 1);
        write!(f, "{}-{number}", self.0 >> Self::NUMBER)
    }
}

/// An arrival and the time it was read.
#[derive(Debug)]
pub struct Arrived {
    /// Which it is. What amish notes about itself, and not about a link, has none.
    pub id: ArrivalId,
    /// The wall clock at the read that completed it.
    pub time: SystemTime,
    /// What it is.
    pub what: Arrival,
}

impl Answer {
    /// The answer, or the part of it that came.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Answer::Reply(reply) => Some(reply),
            Answer::TimedOut(part) | Answer::Lost(part) => part.as_deref(),
        }
    }
}

/// Approximate memory in bytes.
fn memory(reply: &Reply) -> usize {
    let packets = reply.packets();
    let each = packets.map(|packet| size_of::<Packet>() + packet.heap());
    size_of::<Reply>() + each.sum::<usize>()
}

impl Arrived {
    pub(super) fn lost(&self) -> u64 {
        match self.what {
            Arrival::Gap(Gap::Buffer { events }) => events,
            Arrival::Gap(Gap::Oversize { .. } | Gap::Reconnect { .. } | Gap::Stopped { .. }) => 1,
            _ => 0,
        }
    }

    /// The number of events if this is a further part of a list that was given
    /// up; a server may continue it for ever.
    pub(super) fn rest_of_a_list(&self) -> Option<u64> {
        match &self.what {
            Arrival::Late(reply) if reply.ending == Ending::Full && reply.response.is_none() => {
                Some(reply.items.len() as u64)
            }
            _ => None,
        }
    }

    /// The same, without the bytes that were read together with it.
    pub(super) fn kept(self) -> Arrived {
        let what = match self.what {
            Arrival::Event(packet) => Arrival::Event(packet.kept()),
            Arrival::Part(ticket, packet) => Arrival::Part(ticket, packet.kept()),
            Arrival::Unsolicited(packet) => Arrival::Unsolicited(packet.kept()),
            what => what,
        };
        Arrived { what, ..self }
    }

    /// Approximate memory in bytes, many times a small packet's own bytes.
    pub(super) fn memory(&self) -> usize {
        let heap = match &self.what {
            Arrival::Event(packet) | Arrival::Part(_, packet) | Arrival::Unsolicited(packet) => {
                packet.heap()
            }
            Arrival::Answer(_, answer) => answer.reply().map_or(0, memory),
            Arrival::Late(reply) => memory(reply),
            _ => 0,
        };
        size_of::<Arrived>() + heap
    }
}
