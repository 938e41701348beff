//! One connection: sending, matching answers, and its end.

mod answers;

use super::arrival::{Answer, Arrival, ArrivalId, Arrived, Ended};
use super::backlog::Backlog;
use super::error::Error;
use super::event_mask::{Change, EventMask};
use super::lifecycle::Lifecycle;
use super::outbound::Outbound;
use super::trace::Trace;
use super::waiters::{Waiter, Waiters};
use crate::ami::{Action, Router, Ticket};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

/// One connection. A later one has the next generation; what was pending on
/// this one ends with it.
pub(super) struct Link {
    /// Counted from 1.
    pub generation: u64,
    /// When it was made.
    pub since: SystemTime,
    /// The server's first line.
    pub banner: Vec<u8>,
    /// Its certificate (DER); empty without TLS.
    pub certificate: Vec<u8>,
    /// The server proved its identity by its certificate.
    pub is_verified: bool,
    /// Locked while an Action is registered and queued: answers come in the
    /// order of sending.
    outbound: Outbound,
    state: Mutex<State>,
    /// An answer was given to its waiter, or a deadline has come nearer.
    changed: Condvar,
    shared: Shared,
    reader: Mutex<Option<JoinHandle<()>>>,
    /// We ended it: what still comes is not read.
    closed: AtomicBool,
}

/// What all links of a session share.
#[derive(Clone)]
pub(super) struct Shared {
    pub backlog: Arc<Backlog>,
    pub lifecycle: Arc<Lifecycle>,
    pub mask: Arc<EventMask>,
    /// Bytes received.
    pub received: Arc<AtomicU64>,
    pub trace: Trace,
}

impl Shared {
    /// Counts `count` bytes that were received.
    pub fn counted(&self, count: usize) -> usize {
        self.received.fetch_add(count as u64, Ordering::Relaxed);
        count
    }
}

/// Who waits for which answer, and where the answer goes.
struct State {
    router: Router,
    waiters: Waiters,
    /// The last arrival.
    last: ArrivalId,
    open: bool,
    /// It is the session's link, so its end is reported.
    adopted: bool,
    /// When data last came.
    heard: Instant,
    /// Why it ends, if we know better than the socket.
    reason: Option<Ended>,
}

/// What the server still has to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    /// Every Action is answered.
    Nothing,
    /// Only Actions are unanswered that nobody waits for any longer.
    GivenUp,
    /// Somebody waits for an answer.
    Waiting,
}

impl Link {
    /// A link to a server with this `banner`, before its reader is started.
    pub fn new(
        generation: u64,
        banner: Vec<u8>,
        certificate: Vec<u8>,
        is_verified: bool,
        outbound: Outbound,
        shared: Shared,
    ) -> Link {
        Link {
            generation,
            since: SystemTime::now(),
            is_verified,
            outbound,
            state: Mutex::new(State {
                router: Router::new(&banner, generation << 32),
                waiters: Waiters::new(shared.mask.clone()),
                last: ArrivalId::of_link(generation),
                open: true,
                adopted: false,
                heard: Instant::now(),
                reason: None,
            }),
            changed: Condvar::new(),
            banner,
            certificate,
            shared,
            reader: Mutex::default(),
            closed: AtomicBool::default(),
        }
    }

    /// Sets the reader thread; [`Link::close`] waits for its end.
    pub fn set_reader(&self, reader: JoinHandle<()>) {
        *self.reader.lock().unwrap_or_else(PoisonError::into_inner) = Some(reader);
    }

    /// Makes it the session's link. False: it has ended.
    pub fn adopt(&self) -> bool {
        let mut state = self.state();
        state.adopted = state.open;
        state.adopted
    }

    /// Queues `action` to be sent with the next [`Link::flush`] or send. Its
    /// answer will join the backlog.
    pub fn post(&self, action: &Action, patience: Duration) -> Result<Ticket, Error> {
        self.outbound.wait_for_room();
        self.post_for(action, patience, Waiter::default())
    }

    /// As [`Link::post`], but the parts of a list join the backlog as they come.
    pub fn post_flowing(&self, action: &Action, patience: Duration) -> Result<Ticket, Error> {
        let waiter = Waiter {
            flows: true,
            ..Waiter::default()
        };
        self.post_for(action, patience, waiter)
    }

    /// As [`Link::post`], for a question of amish's own: a late answer is not
    /// reported. That to an Events action also settles `change`.
    pub fn post_own(
        &self,
        action: &Action,
        patience: Duration,
        change: Option<Change>,
    ) -> Result<Ticket, Error> {
        let waiter = Waiter {
            change,
            own: true,
            ..Waiter::default()
        };
        self.post_for(action, patience, waiter)
    }

    fn post_for(
        &self,
        action: &Action,
        patience: Duration,
        waiter: Waiter,
    ) -> Result<Ticket, Error> {
        let ticket = self.put(action, patience, waiter, false)?;
        ticket.ok_or(Error::NotConnected)
    }

    /// Sends what was posted.
    pub fn flush(&self) {
        self.outbound.flush();
    }

    /// Sends `action`; its answer comes on the channel.
    pub fn ask(&self, action: &Action, patience: Duration) -> Result<Receiver<Answer>, Error> {
        self.ask_for(action, patience, None)
    }

    /// As [`Link::ask`], for an Events action: its answer settles `change`
    /// before anybody sees it.
    pub fn ask_mask(
        &self,
        action: &Action,
        patience: Duration,
        change: Change,
    ) -> Result<Receiver<Answer>, Error> {
        self.ask_for(action, patience, Some(change))
    }

    fn ask_for(
        &self,
        action: &Action,
        patience: Duration,
        change: Option<Change>,
    ) -> Result<Receiver<Answer>, Error> {
        let (channel, answer) = channel();
        let waiter = Waiter {
            channel: Some(channel),
            change,
            own: true,
            ..Waiter::default()
        };
        self.put(action, patience, waiter, false)?;
        self.flush();
        Ok(answer)
    }

    /// As [`Link::ask`], but only if every Action is answered at the moment of
    /// sending; otherwise None, and nothing was sent.
    pub fn ask_if_quiet(
        &self,
        action: &Action,
        patience: Duration,
    ) -> Result<Option<Receiver<Answer>>, Error> {
        let (channel, answer) = channel();
        let waiter = Waiter {
            channel: Some(channel),
            own: true,
            ..Waiter::default()
        };
        let sent = self.put(action, patience, waiter, true)?;
        self.flush();
        Ok(sent.map(|_| answer))
    }

    fn put(
        &self,
        action: &Action,
        patience: Duration,
        waiter: Waiter,
        if_quiet: bool,
    ) -> Result<Option<Ticket>, Error> {
        let packet = action.packet()?;
        self.outbound.put(&packet, || {
            let mut state = self.state();
            if !state.open {
                return Err(Error::NotConnected);
            }
            if if_quiet && !state.router.is_quiet() {
                return Ok(None);
            }
            let ticket = state.router.register(action, patience, Instant::now());
            if waiter.flows {
                state.router.flow();
            }
            if waiter.own {
                state
                    .waiters
                    .asked(action.get("ActionID").unwrap_or_default());
            }
            state.waiters.add(ticket, waiter);
            self.shared.trace.sent(&packet);
            Ok(Some(ticket))
        })
    }

    /// Ends the connection, for our reason `why`.
    pub fn end_for(&self, why: Ended) {
        self.state().reason = Some(why);
        self.outbound.shut();
    }

    /// Ends the connection and waits for its reader to end, which takes no time
    /// once the socket is shut.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.outbound.shut();
        let reader = self.reader.lock();
        let reader = reader.unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reader) = reader {
            // A panic in it has been reported already.
            let _ = reader.join();
        }
    }

    /// Whether we ended it. A socket that is shut goes on delivering what a
    /// server sends without end.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Our address.
    pub fn local(&self) -> Option<SocketAddr> {
        self.outbound.local()
    }

    /// The server's address.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.outbound.peer()
    }

    pub fn is_open(&self) -> bool {
        self.state().open
    }

    pub fn is_quiet(&self) -> bool {
        self.state().router.is_quiet()
    }

    pub fn is_occupied(&self) -> bool {
        let state = self.state();
        state.router.unanswered() > state.waiters.count()
    }

    pub fn load(&self) -> Load {
        let state = self.state();
        match (state.router.is_quiet(), state.router.deadline()) {
            (true, _) => Load::Nothing,
            (false, None) => Load::GivenUp,
            (false, Some(_)) => Load::Waiting,
        }
    }

    /// An arrival on this link that is no packet.
    pub fn numbered(&self, time: SystemTime, what: Arrival) -> Arrived {
        self.state().last.arrived(time, what)
    }

    /// When data last came.
    pub fn heard(&self) -> Instant {
        self.state().heard
    }

    pub fn deadline(&self) -> Option<Instant> {
        self.state().router.deadline()
    }

    pub fn abandon(&self, ticket: Ticket) {
        self.state().router.abandon(ticket);
    }

    /// The connection is over: everybody who waits learns that the outcome of
    /// their Action is unknown.
    pub fn end(&self, ended: Ended) {
        let time = SystemTime::now();
        let mut arrived = Vec::new();
        let again = self.shared.lifecycle.is_returning();
        let fault = self.outbound.fault().map(Ended::Broken);
        let since = {
            let state = &mut *self.state();
            state.open = false;
            for (ticket, part) in state.router.end() {
                let lost = Answer::Lost(part.map(Box::new));
                let lost = state.waiters.deliver(ticket, lost);
                arrived.extend(lost.map(|what| state.last.arrived(time, what)));
            }
            let ended = state.reason.take().or(fault).unwrap_or(ended);
            self.shared.trace.note(|| ended.to_string());
            // Unless the server ended the link, anything it sent after the last
            // data may be lost.
            let since = match ended {
                Ended::Silent(_) | Ended::Broken(_) => state.heard,
                _ => Instant::now(),
            };
            state.adopted.then(|| {
                let what = Arrival::Ended(ended, again);
                arrived.push(state.last.arrived(time, what));
                since
            })
        };
        self.changed.notify_all();
        self.shared.backlog.append(arrived);
        if let Some(since) = since {
            self.shared.lifecycle.link_ended(since);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
