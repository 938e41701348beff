//! One connected client: who it is, what it may do, and its requests in order.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::actions::{self, Answer};
use super::class::Classes;
use super::outbox::Outbox;
use super::server::Server;
use super::wire::{Request, Requests};
use super::{User, Version};

/// The state of one connection. Its requests are answered one at a time, in order, as in Asterisk.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) server: Arc<Server>,
    pub(super) outbox: Arc<Outbox>,
    pub(super) user: Option<User>,
    pub(super) challenge: Option<String>,
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
    stream: TcpStream,
    requests: Requests,
}

impl Peer {
    pub(super) fn new(
        server: Arc<Server>,
        stream: TcpStream,
        outbox: Arc<Outbox>,
    ) -> io::Result<Peer> {
        let (local, remote) = (stream.local_addr()?, stream.peer_addr()?);
        let requests = Requests::default();
        Ok(Peer {
            server,
            outbox,
            user: None,
            challenge: None,
            local,
            remote,
            stream,
            requests,
        })
    }

    pub(super) fn version(&self) -> Version {
        self.server.config.version
    }

    pub(super) fn may(&self, classes: Classes) -> bool {
        classes.is_none()
            || self
                .user
                .as_ref()
                .is_some_and(|user| user.write.has_any(classes))
    }

    /// Serves the client until either side ends it.
    pub(super) fn serve(mut self) {
        let ami = match self.version() {
            Version::V22 => "11.0.0",
            Version::V18 => "1.1",
        };
        self.outbox
            .push(format!("Asterisk Call Manager/{ami}\r\n").into_bytes());
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
        self.outbox.close();
        self.server.logged_off(self.remote);
    }

    fn run(&mut self, request: &Request) -> bool {
        self.outbox.answering();
        let answer = actions::run(self, request);
        self.answer(answer)
    }

    fn answer(&mut self, answer: Answer) -> bool {
        match answer {
            Answer::Packets(bytes) => {
                self.outbox.answered(bytes);
                true
            }
            Answer::Last(bytes) => {
                // The mask goes first: nobody hears of events behind the goodbye.
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
        if wait.is_some_and(|wait| wait.is_zero()) || self.stream.set_read_timeout(wait).is_err() {
            return false;
        }
        let mut bytes = [0; 8192];
        match (&self.stream).read(&mut bytes) {
            Ok(0) => false,
            Ok(count) => {
                self.requests.push(bytes.get(..count).unwrap_or_default());
                true
            }
            Err(error) => is_timeout(&error),
        }
    }

    /// True if bytes of a further request are here; waits at most so long for them.
    pub(super) fn has_more(&self, wait: Duration) -> bool {
        if !self.requests.is_empty() || self.stream.set_read_timeout(Some(wait)).is_err() {
            return true;
        }
        match self.stream.peek(&mut [0]) {
            Ok(_) => true,
            Err(error) => !is_timeout(&error),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}
