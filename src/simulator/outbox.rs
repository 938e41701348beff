//! The outgoing queue of one client, and the thread that sends it.
//!
//! Other threads only queue: a client that does not read delays nobody else. While one of its actions is being
//! answered, its events are held back, so that none ends up inside a list.

use std::collections::VecDeque;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::class::Classes;
use super::faults::{Faults, Sending};
use super::wire::Packet;

/// Chunks are joined up to this size for one write.
const WRITE_SIZE: usize = 64 * 1024;

/// An event, encoded once for all clients.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) classes: Classes,
    bytes: Arc<[u8]>,
}

impl Event {
    #[cfg(test)]
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(super) fn new(classes: &str, packet: Packet) -> Event {
        Event {
            classes: Classes::of(classes),
            bytes: packet.into_bytes().into(),
        }
    }
}

/// Queued bytes allowed before login. Anybody who can connect may have `auth_limit` such clients.
const UNAUTHENTICATED_BACKLOG: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Outbox {
    socket: TcpStream,
    /// Queued bytes allowed after login.
    limit: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Arc<[u8]>>,
    held: Vec<Arc<[u8]>>,
    bytes: usize,
    logged_in: bool,
    answering: bool,
    mask: Classes,
    end: End,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    Open,
    AfterQueue,
    Now,
}

impl Outbox {
    pub(super) fn new(socket: TcpStream, limit: usize) -> Outbox {
        Outbox {
            socket,
            limit,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    pub(super) fn socket(&self) -> &TcpStream {
        &self.socket
    }

    /// Applies the configured limit from now on.
    pub(super) fn logged_in(&self) {
        self.lock().logged_in = true;
    }

    /// Sets which events this client gets; none before its login.
    pub(super) fn listen_to(&self, mask: Classes) {
        self.lock().mask = mask;
    }

    pub(super) fn push(&self, bytes: Vec<u8>) {
        let mut state = self.lock();
        state.bytes += bytes.len();
        state.queue.push_back(bytes.into());
        self.check_limit(state);
    }

    pub(super) fn event(&self, event: &Event) {
        let mut state = self.lock();
        if !state.mask.has_all(event.classes) || event.classes.is_none() || state.end != End::Open {
            return;
        }
        state.bytes += event.bytes.len();
        if state.answering {
            state.held.push(Arc::clone(&event.bytes));
        } else {
            state.queue.push_back(Arc::clone(&event.bytes));
        }
        self.check_limit(state);
    }

    /// Holds events back until `answered`.
    pub(super) fn answering(&self) {
        self.lock().answering = true;
    }

    pub(super) fn answered(&self, answer: Vec<u8>) {
        let mut state = self.lock();
        state.answering = false;
        state.bytes += answer.len();
        if !answer.is_empty() {
            state.queue.push_back(answer.into());
        }
        let held = std::mem::take(&mut state.held);
        state.queue.extend(held);
        self.check_limit(state);
    }

    /// Waits until an event is held back, and returns those held so far. For WaitEvent.
    pub(super) fn wait_for_held(&self, wait: Duration) -> Vec<u8> {
        let state = self.lock();
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, wait, |state| {
                state.held.is_empty() && state.end == End::Open
            })
            .unwrap_or_else(PoisonError::into_inner);
        let held = std::mem::take(&mut state.held).concat();
        state.bytes = state.bytes.saturating_sub(held.len());
        held
    }

    /// Waits unless the connection ends; true if it is still open.
    pub(super) fn pause(&self, wait: Duration) -> bool {
        let state = self.lock();
        let (state, _) = self
            .changed
            .wait_timeout_while(state, wait, |state| state.end != End::Now)
            .unwrap_or_else(PoisonError::into_inner);
        state.end != End::Now
    }

    pub(super) fn is_open(&self) -> bool {
        self.lock().end == End::Open
    }

    /// Closes the connection once everything is sent.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        if state.end == End::Open {
            state.end = End::AfterQueue;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Closes the connection at once, in the middle of a packet if need be.
    pub(super) fn cut(&self) {
        self.lock().end = End::Now;
        self.changed.notify_all();
        // Fails if the client has closed it already.
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    /// Waits until the writer has nothing left, at most until the deadline.
    pub(super) fn drain(&self, deadline: Instant) {
        let state = self.lock();
        let wait = deadline.saturating_duration_since(Instant::now());
        let _ = self
            .changed
            .wait_timeout_while(state, wait, |state| state.end != End::Now);
    }

    /// Sends what comes in until the connection ends; runs on a thread of its own.
    pub(super) fn send_all(&self, faults: &Faults) {
        let mut sending = Sending::new(faults);
        while let Some(chunk) = self.take(sending.is_plain()) {
            let sent = sending.send(&self.socket, &chunk, &|wait| self.pause(wait));
            if sent.is_err() {
                break;
            }
        }
        self.cut();
    }

    fn take(&self, join: bool) -> Option<Vec<u8>> {
        let state = self.lock();
        let mut state = self
            .changed
            .wait_while(state, |state| {
                state.queue.is_empty() && state.end == End::Open
            })
            .unwrap_or_else(PoisonError::into_inner);
        if state.end == End::Now {
            return None;
        }
        let mut chunk = state.queue.pop_front()?.to_vec();
        while join && chunk.len() < WRITE_SIZE {
            let Some(more) = state.queue.pop_front() else {
                break;
            };
            chunk.extend_from_slice(&more);
        }
        state.bytes = state.bytes.saturating_sub(chunk.len());
        Some(chunk)
    }

    fn check_limit(&self, state: MutexGuard<'_, State>) {
        let limit = match state.logged_in {
            true => self.limit,
            false => self.limit.min(UNAUTHENTICATED_BACKLOG),
        };
        let full = state.bytes > limit;
        drop(state);
        if full {
            self.cut();
        } else {
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
