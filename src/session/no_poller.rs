//! Where the system has no epoll: every connection has a thread of its own.

use std::io;
use std::net::TcpStream;
use std::sync::Arc;

/// What would be read from many connections.
pub(super) trait Polled: Send {
    /// The socket.
    fn socket(&self) -> Option<&TcpStream>;

    /// Reads once without waiting.
    fn turn(&mut self) -> bool;

    /// Wakes who waits for what was handed over.
    fn announce(&self);
}

/// Cannot be had here.
#[derive(Debug)]
pub enum Poller {}

impl Poller {
    /// Never.
    ///
    /// # Errors
    /// Always.
    pub fn start() -> io::Result<Arc<Poller>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn add(&self, _: Box<dyn Polled>) -> io::Result<()> {
        match *self {}
    }
}
