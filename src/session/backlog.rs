//! The queue between reading and showing.
//!
//! The reader never waits here: what is over the bound is counted instead of
//! kept, and a gap stands in its place. Asterisk cuts a client that stops
//! reading for 100 ms, so a paused screen must cost nothing but memory.

use crate::ami::{Packet, Reply, Ticket};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// Received bytes that may wait, unless said otherwise.
pub const DEFAULT_LIMIT: usize = 256 * 1024 * 1024;

/// Above so many waiting bytes the reader gives whoever shows [`MOMENT`].
const PACE: usize = 1024 * 1024;

/// How long one read may be put off. A server on the same machine writes
/// faster than anything can be shown, and would fill the memory with what TCP
/// could hold back. At this length reading goes on at 64 MB/s even when
/// nothing is shown at all, a hundred times what Asterisk sends, and far below
/// the 100 ms after which it would cut us.
const MOMENT: Duration = Duration::from_millis(2);

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
    fn bytes(&self) -> usize {
        match &self.what {
            Arrival::Event(packet) | Arrival::Unsolicited(packet) => packet.bytes().len(),
            Arrival::Answer(_, answer) => answer.reply().map_or(0, bytes),
            Arrival::Late(reply) => bytes(reply),
            _ => 0,
        }
    }
}

/// Why [`Backlog::next`] returned.
#[derive(Debug)]
pub enum Wake {
    /// The next arrival.
    Arrived(Arrived),
    /// The user pressed Ctrl-C.
    Interrupted,
    /// Somebody called [`Backlog::nudge`].
    Nudged,
    /// The given time has come.
    Timeout,
}

/// See the module. One reader fills it, whoever shows drains it.
#[derive(Debug)]
pub struct Backlog {
    queue: Mutex<Queue>,
    ready: Condvar,
    /// What waits went below [`PACE`].
    eased: Condvar,
    limit: usize,
}

#[derive(Debug, Default)]
struct Queue {
    /// One entry a read: the reader hands over what it framed without moving
    /// it again, and what is drained is freed.
    chunks: VecDeque<std::vec::IntoIter<Arrived>>,
    bytes: usize,
    dropped: u64,
    interrupted: bool,
    nudged: bool,
}

impl Backlog {
    /// An empty one that keeps events up to `limit` received bytes.
    pub fn new(limit: usize) -> Backlog {
        Backlog {
            queue: Mutex::new(Queue::default()),
            ready: Condvar::new(),
            eased: Condvar::new(),
            limit,
        }
    }

    /// Takes what one read brought. Events over the bound are dropped and
    /// counted, in place; replies never are.
    pub fn append(&self, mut arrived: Vec<Arrived>) {
        if arrived.is_empty() {
            return;
        }
        let bytes = arrived.iter().map(Arrived::bytes).sum::<usize>();
        let gaps = arrived
            .iter()
            .filter(|one| matches!(one.what, Arrival::Gap(_)));
        let gaps = gaps.count() as u64;
        let mut queue = self.lock();
        queue.dropped += gaps;
        if queue.bytes + bytes > self.limit {
            let room = self.limit.saturating_sub(queue.bytes);
            let dropped = shed(&mut arrived, room);
            queue.dropped += dropped;
            queue.bytes += arrived.iter().map(Arrived::bytes).sum::<usize>();
        } else {
            queue.bytes += bytes;
        }
        queue.chunks.push_back(arrived.into_iter());
        self.ready.notify_all();
        if queue.bytes > PACE {
            let busy = |queue: &mut Queue| queue.bytes > PACE;
            let waited = self.eased.wait_timeout_while(queue, MOMENT, busy);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// The next arrival in order, waiting for one until `until`, or without
    /// end. A Ctrl-C or a nudge comes before what waits in the queue.
    pub fn next(&self, until: Option<Instant>) -> Wake {
        let mut queue = self.lock();
        loop {
            if std::mem::take(&mut queue.interrupted) {
                return Wake::Interrupted;
            }
            if std::mem::take(&mut queue.nudged) {
                return Wake::Nudged;
            }
            let before = queue.bytes;
            if let Some(arrived) = queue.pop() {
                if before > PACE && queue.bytes <= PACE {
                    self.eased.notify_all();
                }
                return Wake::Arrived(arrived);
            }
            let left = until.map(|at| at.saturating_duration_since(Instant::now()));
            queue = match left {
                Some(left) if left.is_zero() => return Wake::Timeout,
                Some(left) => {
                    let waited = self.ready.wait_timeout(queue, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = self.ready.wait(queue);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// Waits until there is something to take, and takes nothing. False: it was
    /// nudged before that.
    pub fn wait(&self) -> bool {
        let mut queue = self.lock();
        loop {
            if queue.chunks.iter().any(|chunk| chunk.len() > 0) {
                return true;
            }
            if std::mem::take(&mut queue.nudged) {
                return false;
            }
            let waited = self.ready.wait(queue);
            queue = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Is there nothing to show at this moment?
    pub fn is_empty(&self) -> bool {
        self.lock().chunks.iter().all(|chunk| chunk.len() == 0)
    }

    /// Events dropped so far, and packets too large to be kept, for the exit code.
    pub fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    /// Ctrl-C: whoever waits in [`Backlog::next`] returns, or the next who calls.
    pub fn interrupt(&self) {
        self.lock().interrupted = true;
        self.ready.notify_all();
    }

    /// Has nobody noticed the last [`Backlog::interrupt`] yet?
    pub fn is_interrupted(&self) -> bool {
        self.lock().interrupted
    }

    /// Takes back an [`Backlog::interrupt`] that nobody has noticed.
    pub fn forget_interrupt(&self) {
        self.lock().interrupted = false;
    }

    /// Makes whoever waits look at what else they watch.
    pub fn nudge(&self) {
        self.lock().nudged = true;
        self.ready.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing in here panics half way through a change.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn pop(&mut self) -> Option<Arrived> {
        loop {
            match self.chunks.front_mut()?.next() {
                Some(arrived) => {
                    self.bytes = self.bytes.saturating_sub(arrived.bytes());
                    return Some(arrived);
                }
                None => drop(self.chunks.pop_front()),
            }
        }
    }
}

/// Replaces events beyond `room` bytes by gaps; returns how many.
fn shed(arrived: &mut Vec<Arrived>, mut room: usize) -> u64 {
    let mut kept: Vec<Arrived> = Vec::with_capacity(arrived.len());
    let mut dropped = 0;
    for one in arrived.drain(..) {
        let bytes = one.bytes();
        let droppable = matches!(one.what, Arrival::Event(_) | Arrival::Unsolicited(_));
        if !droppable || bytes <= room {
            room = room.saturating_sub(bytes);
            kept.push(one);
            continue;
        }
        room = 0;
        dropped += 1;
        match kept.last_mut().map(|last| &mut last.what) {
            Some(Arrival::Gap(Gap::Buffer { events })) => *events += 1,
            _ => kept.push(Arrived {
                time: one.time,
                what: Arrival::Gap(Gap::Buffer { events: 1 }),
            }),
        }
    }
    *arrived = kept;
    dropped
}
