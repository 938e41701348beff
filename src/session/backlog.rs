//! The queue between reading and showing.
//!
//! The reader never waits here: what is over the bound is counted instead of
//! kept, and a gap stands in its place. Asterisk cuts a client that stops
//! reading for 100 ms, so a paused screen must cost nothing but memory.

use super::arrival::{Arrival, Arrived, Gap};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Above so many waiting bytes the reader gives whoever shows [`MOMENT`].
const PACE: usize = 1024 * 1024;

/// How long one read may be put off. A server on the same machine writes
/// faster than anything can be shown, and would fill the memory with what TCP
/// could hold back. At this length reading goes on at 64 MB/s even when
/// nothing is shown at all, a hundred times what Asterisk sends, and far below
/// the 100 ms after which it would cut us.
const MOMENT: Duration = Duration::from_millis(2);

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
    /// Gaps and the events in them, as far as they were counted.
    lost: u64,
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
        let mut queue = self.lock();
        if queue.bytes + bytes > self.limit {
            let room = self.limit.saturating_sub(queue.bytes);
            shed(&mut arrived, room);
            queue.bytes += arrived.iter().map(Arrived::bytes).sum::<usize>();
        } else {
            queue.bytes += bytes;
        }
        queue.lost += arrived.iter().map(Arrived::lost).sum::<u64>();
        queue.chunks.push_back(arrived.into_iter());
        let full = queue.bytes > PACE;
        // Notified under the lock, whoever wakes would run into it.
        drop(queue);
        self.ready.notify_all();
        if full {
            let queue = self.lock();
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

    /// What was lost so far, in events and oversize packets: the exit code
    /// says whether there was any.
    pub fn lost(&self) -> u64 {
        self.lock().lost
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

/// Replaces events beyond `room` bytes by gaps.
fn shed(arrived: &mut Vec<Arrived>, mut room: usize) {
    let mut kept: Vec<Arrived> = Vec::with_capacity(arrived.len());
    for one in arrived.drain(..) {
        let bytes = one.bytes();
        let droppable = matches!(one.what, Arrival::Event(_) | Arrival::Unsolicited(_));
        if !droppable || bytes <= room {
            room = room.saturating_sub(bytes);
            kept.push(one);
            continue;
        }
        room = 0;
        match kept.last_mut().map(|last| &mut last.what) {
            Some(Arrival::Gap(Gap::Buffer { events })) => *events += 1,
            _ => kept.push(Arrived {
                time: one.time,
                what: Arrival::Gap(Gap::Buffer { events: 1 }),
            }),
        }
    }
    *arrived = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::{Packet, Reply};
    use std::time::SystemTime;

    fn event(bytes: usize) -> Arrived {
        let text = format!("Event: E\r\nX: {}\r\n\r\n", "x".repeat(bytes - 17));
        Arrived {
            time: SystemTime::UNIX_EPOCH,
            what: Arrival::Event(Packet::new(text.into_bytes().into())),
        }
    }

    fn all(backlog: &Backlog) -> Vec<String> {
        let mut seen = Vec::new();
        while let Wake::Arrived(one) = backlog.next(Some(Instant::now())) {
            seen.push(match one.what {
                Arrival::Event(_) => "event".to_owned(),
                Arrival::Gap(gap) => format!("{} {:?}", gap.reason(), gap.events()),
                other => format!("{other:?}"),
            });
        }
        seen
    }

    // A loss that is not counted, or not where it happened, is a lie about
    // what the PBX did.
    #[test]
    fn what_does_not_fit_is_a_gap_in_its_place() {
        let backlog = Backlog::new(250);
        backlog.append((0..5).map(|_| event(100)).collect());
        assert_eq!(all(&backlog), ["event", "event", "buffer Some(3)"]);
        assert_eq!(backlog.lost(), 3);
        backlog.append(vec![event(100)]);
        assert_eq!(all(&backlog), ["event"], "there is room again");
        assert_eq!(backlog.lost(), 3);
    }

    // Whoever waits for a reply must get it, however full the screen.
    #[test]
    fn replies_are_never_dropped() {
        let backlog = Backlog::new(50);
        let reply = Reply::single(Packet::new((*b"Response: Success\r\n\r\n").into()));
        backlog.append(vec![event(100), event(100)]);
        backlog.append(vec![Arrived {
            time: SystemTime::UNIX_EPOCH,
            what: Arrival::Late(Box::new(reply)),
        }]);
        let seen = all(&backlog);
        assert_eq!(seen.len(), 2, "{seen:?}");
        assert!(seen[1].starts_with("Late"), "{seen:?}");
    }
}
