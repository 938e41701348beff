//! What comes in on a link, and what silence says.

use super::{Link, State};
use crate::ami::frame::Waiting;
use crate::ami::{Action, ActionIds, Packet};
use crate::session::arrival::{Answer, Arrived};
use crate::session::error::Error;
use crate::session::waiters::Waiter;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant, SystemTime};

/// How long a fence is waited for, counted from the moment when the Action
/// before it is over or given up.
const FENCE_PATIENCE: Duration = Duration::from_secs(30);

impl Waiting for Link {
    fn awaits(&self, id: &[u8]) -> bool {
        self.state().router.awaits(id)
    }

    fn awaits_text(&self, id: Option<&[u8]>) -> bool {
        self.state().router.awaits_text(id)
    }
}

impl Link {
    /// Waits for the answer, as long as its patience lasts.
    pub fn wait(&self, answer: &Receiver<Answer>) -> Answer {
        loop {
            let state = self.state();
            match answer.try_recv() {
                Ok(answer) => return answer,
                Err(TryRecvError::Disconnected) => return Answer::Lost(None),
                Err(TryRecvError::Empty) => {}
            }
            // Without a deadline, the link is about to report its end.
            let deadline = state.router.deadline();
            let left = deadline.map_or(Duration::from_secs(1), |at| {
                at.saturating_duration_since(Instant::now())
            });
            let waited = self.changed.wait_timeout(state, left);
            let (state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
            drop(state);
            if waited.timed_out() {
                self.expire();
            }
        }
    }

    /// Ends what silence ends, and asks for the end of what has no end mark.
    /// Every waiter calls this when the deadline has passed, because the reader
    /// waits for the socket only.
    pub fn expire(&self) {
        if self.state().router.wants_fence(Instant::now()) {
            self.send_fence();
        }
        let mut arrived = Vec::new();
        let time = SystemTime::now();
        {
            let State {
                router,
                waiters,
                last,
                ..
            } = &mut *self.state();
            router.expire(Instant::now(), &mut |routed| {
                let what = waiters.give(routed);
                arrived.extend(what.map(|what| last.arrived(time, what)));
            });
        }
        self.changed.notify_all();
        self.shared.backlog.append(arrived);
    }

    /// Sends a Ping behind an answer that has no end mark: nothing of the
    /// user's is behind it, and nothing that blocks is before it. Its own
    /// answer is for nobody.
    fn send_fence(&self) {
        let mut ping = Action::own("Ping", &[]);
        if ActionIds::new().mark(&mut ping).is_err() {
            return;
        }
        let Ok(packet) = ping.packet() else {
            return;
        };
        // Errors mean that the link has ended, and the answer with it.
        let _ = self.outbound.put(&packet, || {
            let mut state = self.state();
            let now = Instant::now();
            if !state.open || !state.router.wants_fence(now) {
                return Ok::<_, Error>(None);
            }
            state.router.fence();
            let ticket = state.router.register(&ping, FENCE_PATIENCE, now);
            let (channel, _) = channel();
            let waiter = Waiter {
                channel: Some(channel),
                own: true,
                ..Waiter::default()
            };
            state
                .waiters
                .asked(ping.get("ActionID").unwrap_or_default());
            state.waiters.add(ticket, waiter);
            self.shared.trace.sent(&packet);
            Ok(Some(ticket))
        });
        self.flush();
    }

    /// Routes the packets of one read, behind which the packet of `rest` has
    /// begun.
    pub fn route(
        &self,
        packets: &mut Vec<Packet>,
        rest: &[u8],
        time: SystemTime,
        arrived: &mut Vec<Arrived>,
    ) {
        let now = Instant::now();
        let mut guard = self.state();
        let state = &mut *guard;
        state.heard = now;
        let before = state.router.deadline();
        let (router, waiters, last) = (&mut state.router, &mut state.waiters, &mut state.last);
        router.begin(rest, packets.is_empty());
        for packet in packets.drain(..) {
            router.feed(packet, now, &mut |routed| {
                let what = waiters.give(routed);
                arrived.extend(what.map(|what| last.arrived(time, what)));
            });
        }
        let nearer = router
            .deadline()
            .is_some_and(|at| before.is_some_and(|before| at < before));
        // Whoever is woken would wait for the lock.
        drop(guard);
        if nearer {
            self.shared.backlog.look_again();
        }
        self.changed.notify_all();
    }
}
