//! Sending: accepted at once, written as fast as the server reads.
//!
//! No lock is held while waiting for the socket. The sender writes what the
//! system takes at once; the rest, when a server stops reading, is written by a
//! temporary thread. So Ctrl-C, a signal and the end of the session never wait
//! for a write that hangs.

use super::error::words;
use super::lock;
use super::tls::Sealer;
use nix::libc;
use socket2::SockRef;
use std::io::{ErrorKind, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// How long the server may accept none of the waiting bytes before the link
/// counts as broken.
pub(super) const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Posted bytes above which they are sent without waiting for the flush.
const POSTED: usize = 8 * 1024;

/// Waiting bytes above which a script must wait before its next Action. amish's
/// own packets are small and never wait.
const MOST: usize = 1024 * 1024;

#[cfg(target_os = "linux")]
const AT_ONCE: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
#[cfg(not(target_os = "linux"))]
const AT_ONCE: libc::c_int = libc::MSG_DONTWAIT;

/// The writing half of a connection.
pub(super) struct Outbound(Arc<Shared>);

struct Shared {
    socket: TcpStream,
    /// None without TLS.
    sealer: Option<Sealer>,
    state: Mutex<State>,
    /// There is room again, or waiting for it is pointless.
    eased: Condvar,
}

#[derive(Default)]
struct State {
    /// To be sent with the next flush.
    posted: Vec<u8>,
    /// Waiting to be written; encrypted if the link is.
    waiting: Vec<u8>,
    /// A thread is writing this many bytes.
    draining: Option<usize>,
    /// Nothing more can be sent.
    closed: bool,
    /// Why, if the socket reported it to us.
    fault: Option<String>,
}

impl Outbound {
    /// Writes to `socket`, through `sealer` if the link is encrypted.
    pub fn new(socket: TcpStream, sealer: Option<Sealer>) -> Outbound {
        Outbound(Arc::new(Shared {
            socket,
            sealer,
            state: Mutex::default(),
            eased: Condvar::new(),
        }))
    }

    /// Waits until less than [`MOST`] is waiting or the connection is over,
    /// which it is at the latest when the server accepts nothing for
    /// [`WRITE_TIMEOUT`].
    pub fn wait_for_room(&self) {
        let is_full = |state: &mut State| {
            let draining = state.draining.unwrap_or_default();
            !state.closed && state.waiting.len() + draining > MOST
        };
        drop(self.0.eased.wait_while(self.0.state(), is_full));
    }

    /// Queues `packet` if `register` succeeds. Both happen under one lock,
    /// because answers come in the order of sending.
    ///
    /// # Errors
    /// Those of `register`.
    pub fn put<T, E>(
        &self,
        packet: &[u8],
        register: impl FnOnce() -> Result<Option<T>, E>,
    ) -> Result<Option<T>, E> {
        let mut state = self.0.state();
        let Some(registered) = register()? else {
            return Ok(None);
        };
        state.posted.extend_from_slice(packet);
        if state.posted.len() >= POSTED {
            self.send(state);
        }
        Ok(Some(registered))
    }

    /// Sends what was posted.
    pub fn flush(&self) {
        self.send(self.0.state());
    }

    fn send(&self, mut state: MutexGuard<'_, State>) {
        if state.closed {
            return;
        }
        let State {
            posted, waiting, ..
        } = &mut *state;
        match &self.0.sealer {
            Some(sealer) => {
                let sealed = sealer.seal(posted);
                posted.clear();
                match sealed {
                    Ok(records) => waiting.extend_from_slice(&records),
                    Err(error) => return self.0.fail(&mut state, &error),
                }
            }
            None => waiting.append(posted),
        }
        if state.draining.is_some() {
            return;
        }
        match send_at_once(&self.0.socket, &state.waiting) {
            Ok(sent) => drop(state.waiting.drain(..sent)),
            Err(error) => return self.0.fail(&mut state, &error),
        }
        if !state.waiting.is_empty() {
            let shared = self.0.clone();
            let thread = std::thread::Builder::new().name("writer".into());
            match thread.spawn(move || shared.drain()) {
                Ok(_) => state.draining = Some(0),
                Err(error) => self.0.fail(&mut state, &error),
            }
        }
    }

    /// Ends the connection, even during a write that hangs.
    pub fn shut(&self) {
        let mut state = self.0.state();
        if let Some(sealer) = &self.0.sealer
            && !state.closed
            && state.draining.is_none()
            && let Ok(goodbye) = sealer.goodbye()
        {
            // So that the server can tell our close from a forged one. The link
            // ends whether it is received or not.
            let _ = send_at_once(&self.0.socket, &goodbye);
        }
        state.closed = true;
        self.0.eased.notify_all();
        // Fails if the peer closed first.
        let _ = self.0.socket.shutdown(Shutdown::Both);
    }

    /// Why a write ended the link, in the system's words. None if the other
    /// side closed it: the reader knows more about that.
    pub fn fault(&self) -> Option<String> {
        self.0.state().fault.clone()
    }

    /// Our address.
    pub fn local(&self) -> Option<SocketAddr> {
        self.0.socket.local_addr().ok()
    }

    /// The server's address, as connected.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.0.socket.peer_addr().ok()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Writes until nothing is waiting. Runs on a thread of its own.
    fn drain(&self) {
        loop {
            let bytes = {
                let mut state = self.state();
                if state.closed || state.waiting.is_empty() {
                    state.draining = None;
                    self.eased.notify_all();
                    return;
                }
                state.draining = Some(state.waiting.len());
                self.eased.notify_all();
                std::mem::take(&mut state.waiting)
            };
            if let Err(error) = (&self.socket).write_all(&bytes) {
                let mut state = self.state();
                state.draining = None;
                return self.fail(&mut state, &error);
            }
        }
    }

    /// Part of a packet may have been sent, so the link is unusable; the reader
    /// ends what is pending as unknown.
    fn fail(&self, state: &mut State, error: &std::io::Error) {
        // After our own close every write fails.
        if !state.closed && !is_closed_by_peer(error) {
            state.fault = Some(words(error));
        }
        state.closed = true;
        self.eased.notify_all();
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

fn is_closed_by_peer(error: &std::io::Error) -> bool {
    let kind = error.kind();
    matches!(kind, ErrorKind::BrokenPipe | ErrorKind::ConnectionReset)
}

/// Sends as much of `bytes` as the system takes without blocking.
fn send_at_once(socket: &TcpStream, bytes: &[u8]) -> std::io::Result<usize> {
    let mut sent = 0;
    while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
        match SockRef::from(socket).send_with_flags(rest, AT_ONCE) {
            Ok(count) => sent += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}
