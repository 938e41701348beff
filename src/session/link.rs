//! One life of a connection: who may write, who waits, when it is over.

use super::arrival::{Answer, Arrival, Arrived, Ended};
use super::backlog::Backlog;
use super::error::Error;
use super::transport::Closer;
use crate::ami::{Action, Routed, Router, Ticket};
use std::io::Write;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// One connection. After it another may come, with the next generation; what
/// was pending on this one ends with it.
pub(super) struct Link {
    pub generation: u64,
    /// Held over "register, then write": answers come in the order of writing.
    writer: Mutex<Box<dyn Write + Send>>,
    /// To end it while a write hangs.
    closer: Closer,
    desk: Mutex<Desk>,
    backlog: Arc<Backlog>,
}

/// Who waits for what, and where the answer goes.
struct Desk {
    router: Router,
    /// Those who wait on a channel of their own; the others' answers join the
    /// backlog, in order with the events.
    waiters: Vec<(Ticket, Sender<Answer>)>,
    open: bool,
}

impl Link {
    pub fn new(
        outgoing: Box<dyn Write + Send>,
        closer: Closer,
        banner: &[u8],
        generation: u64,
        backlog: Arc<Backlog>,
    ) -> Link {
        Link {
            generation,
            writer: Mutex::new(outgoing),
            closer,
            desk: Mutex::new(Desk {
                router: Router::new(banner),
                waiters: Vec::new(),
                open: true,
            }),
            backlog,
        }
    }

    /// Sends `action`; its answer will join the backlog.
    pub fn send(&self, action: &Action, patience: Duration) -> Result<Ticket, Error> {
        self.write(action, patience, None)
    }

    /// Sends `action`; its answer comes on the channel.
    pub fn ask(
        &self,
        action: &Action,
        patience: Duration,
    ) -> Result<(Ticket, Receiver<Answer>), Error> {
        let (waiter, answer) = channel();
        let ticket = self.write(action, patience, Some(waiter))?;
        Ok((ticket, answer))
    }

    fn write(
        &self,
        action: &Action,
        patience: Duration,
        waiter: Option<Sender<Answer>>,
    ) -> Result<Ticket, Error> {
        let packet = action.packet()?;
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = {
            let mut desk = self.desk();
            if !desk.open {
                return Err(Error::NotConnected);
            }
            let ticket = desk.router.register(action, patience, Instant::now());
            desk.waiters.extend(waiter.map(|waiter| (ticket, waiter)));
            ticket
        };
        if writer.write_all(&packet).is_err() {
            // A part of it may be on its way: the link is of no use any more,
            // and the reader ends what is pending as unknown.
            self.shut();
        }
        Ok(ticket)
    }

    /// Ends the connection, also under a write that hangs.
    pub fn shut(&self) {
        self.closer.shut();
    }

    pub fn is_loopback(&self) -> bool {
        self.closer.is_loopback()
    }

    pub fn is_open(&self) -> bool {
        self.desk().open
    }

    pub fn is_quiet(&self) -> bool {
        self.desk().router.is_quiet()
    }

    pub fn deadline(&self) -> Option<Instant> {
        self.desk().router.deadline()
    }

    pub fn abandon(&self, ticket: Ticket) {
        self.desk().router.abandon(ticket);
    }

    /// Ends what silence ends. Whoever waits calls this when the deadline has
    /// passed: the reader itself waits for nothing but the socket.
    pub fn expire(&self) {
        let mut arrived = Vec::new();
        let time = SystemTime::now();
        {
            let desk = &mut *self.desk();
            let (router, waiters) = (&mut desk.router, &mut desk.waiters);
            router.expire(Instant::now(), &mut |routed| {
                arrived.extend(address(routed, waiters).map(|what| Arrived { time, what }));
            });
        }
        self.backlog.append(arrived);
    }

    /// Routes the packets of one read.
    pub(super) fn route(
        &self,
        packets: &mut Vec<crate::ami::Packet>,
        time: SystemTime,
        arrived: &mut Vec<Arrived>,
    ) {
        let now = Instant::now();
        let desk = &mut *self.desk();
        let (router, waiters) = (&mut desk.router, &mut desk.waiters);
        for packet in packets.drain(..) {
            router.feed(packet, now, &mut |routed| {
                arrived.extend(address(routed, waiters).map(|what| Arrived { time, what }));
            });
        }
    }

    /// The connection is over: whoever waits is told that the outcome of
    /// their Action is unknown.
    pub(super) fn end(&self, ended: Ended) {
        let time = SystemTime::now();
        let mut arrived = Vec::new();
        {
            let mut desk = self.desk();
            desk.open = false;
            for (ticket, part) in desk.router.end() {
                let lost = Answer::Lost(part.map(Box::new));
                let lost = deliver(ticket, lost, &mut desk.waiters);
                arrived.extend(lost.map(|what| Arrived { time, what }));
            }
        }
        let what = Arrival::Ended(self.generation, ended);
        arrived.push(Arrived { time, what });
        self.backlog.append(arrived);
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives what was routed to whoever waits for it; what nobody waits for on a
/// channel of their own is for the backlog.
fn address(routed: Routed, waiters: &mut Vec<(Ticket, Sender<Answer>)>) -> Option<Arrival> {
    match routed {
        Routed::Event(packet) => Some(Arrival::Event(packet)),
        Routed::Unsolicited(packet) => Some(Arrival::Unsolicited(packet)),
        Routed::Reply(ticket, reply) => deliver(ticket, Answer::Reply(Box::new(reply)), waiters),
        Routed::TimedOut(ticket, part) => {
            deliver(ticket, Answer::TimedOut(part.map(Box::new)), waiters)
        }
        Routed::Late(ticket, reply) => match waiters.iter().position(|(t, _)| *t == ticket) {
            // A question of our own: its late answer is nobody's news.
            Some(at) => {
                waiters.swap_remove(at);
                None
            }
            None => Some(Arrival::Late(Box::new(reply))),
        },
    }
}

fn deliver(
    ticket: Ticket,
    answer: Answer,
    waiters: &mut Vec<(Ticket, Sender<Answer>)>,
) -> Option<Arrival> {
    let Some(at) = waiters.iter().position(|(t, _)| *t == ticket) else {
        return Some(Arrival::Answer(ticket, answer));
    };
    let last = !matches!(answer, Answer::TimedOut(_));
    if let Some((_, waiter)) = waiters.get(at) {
        // Whoever asked may have gone.
        let _ = waiter.send(answer);
    }
    // After a time-out the entry stays, to swallow the late answer.
    if last {
        waiters.swap_remove(at);
    }
    None
}
