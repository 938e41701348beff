//! One connected client: who it is, what it may do, and its requests in order.

use std::io::{self, Read};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::answer::Answer;
use super::class::Classes;
use super::config::{User, Version};
use super::outbox::Outbox;
use super::server::Server;
use super::wire::{Request, Requests};

/// What answers a request.
pub(super) type Handler = fn(&mut Peer, &Request) -> Answer;

/// The state of one connection. Its requests are answered one at a time, in order, as in Asterisk.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) server: Arc<Server>,
    pub(super) outbox: Arc<Outbox>,
    pub(super) user: Option<User>,
    pub(super) challenge: Option<String>,
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    handler: Handler,
    requests: Requests,
}

impl Peer {
    pub(super) fn new(
        server: &Arc<Server>,
        outbox: &Arc<Outbox>,
        remote: SocketAddr,
        handler: Handler,
    ) -> io::Result<Peer> {
        // Otherwise Nagle's algorithm holds small answers back until earlier ones are acknowledged.
        outbox.socket().set_nodelay(true)?;
        Ok(Peer {
            server: Arc::clone(server),
            outbox: Arc::clone(outbox),
            user: None,
            challenge: None,
            local: outbox.socket().local_addr()?,
            remote,
            handler,
            requests: Requests::default(),
        })
    }

    pub(super) fn version(&self) -> Version {
        self.server.config.version
    }

    pub(super) fn may(&self, classes: Classes) -> bool {
        let user = self.user.as_ref();
        classes.is_none() || user.is_some_and(|user| user.write.has_any(classes))
    }

    /// Serves the client until either side ends it.
    pub(super) fn serve(mut self) {
        let banner = format!("Asterisk Call Manager/{}\r\n", self.version().ami());
        self.outbox.push(banner.into_bytes());
        let deadline = Instant::now() + self.server.config.auth_timeout;
        while self.outbox.is_open() {
            let goes_on = match self.requests.next() {
                Some((request, unreadable)) => {
                    self.server.remember(&request);
                    match unreadable {
                        Some(why) => self.answer(Answer::error(&request, &why.to_string())),
                        None => self.run(&request),
                    }
                }
                None => self.read(deadline),
            };
            if !goes_on {
                break;
            }
        }
    }

    fn run(&mut self, request: &Request) -> bool {
        self.outbox.answering();
        let answer = (self.handler)(self, request);
        self.answer(answer)
    }

    fn answer(&mut self, answer: Answer) -> bool {
        match answer {
            Answer::Packets(bytes) => {
                self.outbox.answered(bytes);
                true
            }
            Answer::Last(bytes) => {
                // The mask goes first: no event may follow the goodbye.
                self.outbox.listen_to(Classes::NONE);
                self.outbox.answered(bytes);
                false
            }
        }
    }

    /// Waits for more bytes; false when there will be none.
    fn read(&mut self, deadline: Instant) -> bool {
        let wait = match self.user {
            Some(_) => None,
            None => Some(deadline.saturating_duration_since(Instant::now())),
        };
        if wait.is_some_and(|wait| wait.is_zero()) {
            // Closed at once, even if answers are still queued.
            self.outbox.cut();
            return false;
        }
        let mut socket = self.outbox.socket();
        if socket.set_read_timeout(wait).is_err() {
            return false;
        }
        let mut bytes = [0; 8192];
        match socket.read(&mut bytes) {
            Ok(0) => false,
            Ok(count) => {
                self.requests.push(bytes.get(..count).unwrap_or_default());
                true
            }
            Err(error) => is_timeout(&error),
        }
    }

    /// True if bytes of a further request have arrived; waits for them at most this long.
    pub(super) fn has_more(&self, wait: Duration) -> bool {
        !self.requests.is_empty() || self.peek(wait).is_some()
    }

    /// True if the client has closed its end and nothing is left to read; waits for that at most this long.
    pub(super) fn has_left(&self, wait: Duration) -> bool {
        self.peek(wait) == Some(0)
    }

    /// How many bytes can be read, 0 at the end of the connection; None if nothing has happened in this time.
    fn peek(&self, wait: Duration) -> Option<usize> {
        let socket = self.outbox.socket();
        let timed = socket.set_read_timeout(Some(wait));
        match timed.and_then(|()| socket.peek(&mut [0])) {
            Ok(count) => Some(count),
            Err(error) => (!is_timeout(&error)).then_some(0),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}
