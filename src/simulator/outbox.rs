//! What goes out to one client.
//!
//! Whoever has something for it sends what the system takes at once, and never waits: what a client does not read is
//! queued, and a thread sends it then, so that it delays nobody else. While one of its actions is being answered, its
//! events are held back, so that none ends up inside a list.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::libc;
use socket2::SockRef;

use super::class::Classes;
use super::config::Config;
use super::faults::{Faults, Sending};
use super::wire::Packet;

/// Chunks are joined up to this size for one write.
const WRITE_SIZE: usize = 64 * 1024;

/// The writer of a client calls nothing deep, and there may be thousands.
const SMALL_STACK: usize = 64 * 1024;

// The sockets of Apple's systems have an option instead of the flag, which the standard library sets.
#[cfg(not(target_vendor = "apple"))]
const AT_ONCE: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
#[cfg(target_vendor = "apple")]
const AT_ONCE: libc::c_int = libc::MSG_DONTWAIT;

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

    /// With the name of the system behind Privilege, as in Asterisk where asterisk.conf has `systemname`.
    pub(super) fn of_system(&self, name: &str) -> Cow<'_, Event> {
        let mut ends = memchr::memchr_iter(b'\n', &self.bytes);
        let (false, Some(end)) = (name.is_empty(), ends.nth(1)) else {
            return Cow::Borrowed(self);
        };
        let (head, rest) = self.bytes.split_at(end + 1);
        Cow::Owned(Event {
            classes: self.classes,
            bytes: [head, b"SystemName: ", name.as_bytes(), b"\r\n", rest]
                .concat()
                .into(),
        })
    }
}

/// Queued bytes allowed before login. Anybody who can connect may have `auth_limit` such clients.
const UNAUTHENTICATED_BACKLOG: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Outbox {
    socket: TcpStream,
    /// Queued bytes allowed after login.
    limit: usize,
    faults: Faults,
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
    /// A thread sends what is queued; nobody else may, or it would be overtaken.
    writing: bool,
}

impl State {
    /// What is sent next: with `join` as much as one write takes.
    fn next_chunk(&mut self, join: bool) -> Option<Vec<u8>> {
        let mut chunk = self.queue.pop_front()?.to_vec();
        while join && chunk.len() < WRITE_SIZE {
            let Some(more) = self.queue.pop_front() else {
                break;
            };
            chunk.extend_from_slice(&more);
        }
        self.bytes = self.bytes.saturating_sub(chunk.len());
        Some(chunk)
    }

    fn put_back(&mut self, rest: &[u8]) {
        self.bytes += rest.len();
        self.queue.push_front(rest.into());
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    Open,
    AfterQueue,
    Now,
}

impl Outbox {
    pub(super) fn new(socket: TcpStream, config: &Config) -> Outbox {
        Outbox {
            socket,
            limit: config.write_backlog,
            faults: config.faults.clone(),
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

    /// True if it gets events of any class.
    pub(super) fn listens(&self) -> bool {
        !self.lock().mask.is_none()
    }

    pub(super) fn push(self: &Arc<Self>, bytes: Vec<u8>) {
        let mut state = self.lock();
        state.bytes += bytes.len();
        state.queue.push_back(bytes.into());
        self.send(state);
    }

    pub(super) fn events(self: &Arc<Self>, events: &[Cow<'_, Event>]) {
        let mut state = self.lock();
        if state.end != End::Open {
            return;
        }
        for event in events {
            if !state.mask.has_all(event.classes) || event.classes.is_none() {
                continue;
            }
            state.bytes += event.bytes.len();
            if state.answering {
                state.held.push(Arc::clone(&event.bytes));
            } else {
                state.queue.push_back(Arc::clone(&event.bytes));
            }
        }
        self.send(state);
    }

    /// Holds events back until `answered`.
    pub(super) fn answering(&self) {
        self.lock().answering = true;
    }

    pub(super) fn answered(self: &Arc<Self>, answer: Vec<u8>) {
        let mut state = self.lock();
        state.answering = false;
        state.bytes += answer.len();
        if !answer.is_empty() {
            state.queue.push_back(answer.into());
        }
        let held = std::mem::take(&mut state.held);
        state.queue.extend(held);
        self.send(state);
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
        self.end_if_done(&mut state);
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

    /// Waits until everything is sent, at most until the deadline.
    pub(super) fn drain(&self, deadline: Instant) {
        let state = self.lock();
        let wait = deadline.saturating_duration_since(Instant::now());
        let _ = self
            .changed
            .wait_timeout_while(state, wait, |state| state.end != End::Now);
    }

    /// Waits for the end of the thread that sends what is queued, which `cut` ends.
    pub(super) fn wait_for_writer(&self) {
        let state = self.lock();
        drop(self.changed.wait_while(state, |state| state.writing));
    }

    /// Sends what the system takes at once, and leaves the rest to a thread. A client for whom too much is queued is
    /// disconnected.
    fn send(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let limit = match state.logged_in {
            true => self.limit,
            false => self.limit.min(UNAUTHENTICATED_BACKLOG),
        };
        let sent = match state.writing || state.end == End::Now {
            true => Ok(()),
            false => self.send_at_once(&mut state),
        };
        let fails = sent.is_err() || state.bytes > limit || !self.writes_rest(&mut state);
        drop(state);
        if fails {
            self.cut();
        } else {
            self.changed.notify_all();
        }
    }

    fn send_at_once(&self, state: &mut State) -> io::Result<()> {
        if !self.faults.are_none() {
            return Ok(());
        }
        while let Some(chunk) = state.next_chunk(true) {
            let sent = match SockRef::from(&self.socket).send_with_flags(&chunk, AT_ONCE) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    state.put_back(&chunk);
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            if let Some(rest) = chunk.get(sent..).filter(|rest| !rest.is_empty()) {
                state.put_back(rest);
            }
        }
        Ok(())
    }

    /// Starts the thread that sends what is queued, if something is. False if there can be no more threads.
    fn writes_rest(self: &Arc<Self>, state: &mut State) -> bool {
        if state.writing || state.queue.is_empty() || state.end == End::Now {
            return true;
        }
        let outbox = Arc::clone(self);
        let writer = thread::Builder::new().name("simulator-writer".into());
        let started = writer
            .stack_size(SMALL_STACK)
            .spawn(move || outbox.send_rest());
        state.writing = started.is_ok();
        state.writing
    }

    /// Sends what is queued, with faults until the connection ends.
    fn send_rest(&self) {
        let mut sending = Sending::new(&self.faults);
        while let Some(chunk) = self.take(sending.is_plain()) {
            let sent = sending.send(&self.socket, &chunk, &|wait| self.pause(wait));
            if sent.is_err() {
                self.cut();
            }
        }
    }

    /// What the writer sends next; None ends it.
    fn take(&self, join: bool) -> Option<Vec<u8>> {
        let lasts = !self.faults.are_none();
        let state = self.lock();
        let mut state = self
            .changed
            .wait_while(state, |state| {
                lasts && state.queue.is_empty() && state.end == End::Open
            })
            .unwrap_or_else(PoisonError::into_inner);
        let chunk = match state.end {
            End::Now => None,
            _ => state.next_chunk(join),
        };
        if chunk.is_none() {
            state.writing = false;
            self.end_if_done(&mut state);
            drop(state);
            self.changed.notify_all();
        }
        chunk
    }

    fn end_if_done(&self, state: &mut State) {
        if state.end == End::AfterQueue && state.queue.is_empty() && !state.writing {
            state.end = End::Now;
            // Fails if the client has closed it already.
            let _ = self.socket.shutdown(Shutdown::Both);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
