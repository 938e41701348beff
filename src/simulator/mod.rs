//! The built-in PBX: a real AMI server on a real socket, for `--demo`,
//! `--demo-listen` and tests.
//!
//! It shares no code with the client. A server reads the wire by other rules
//! (LF line ends, line and header limits), and sharing the client's framer
//! would hide the client's mistakes. Packets have the headers of Asterisk 22
//! and 1.8.

mod actions;
mod answer;
mod class;
mod cli;
mod config;
mod faults;
mod fleet;
mod listener;
mod outbox;
mod peer;
mod phones;
mod registry;
mod server;
#[cfg(test)]
mod tests;
mod timer;
mod wire;
mod world;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

pub use class::Classes;
pub use config::{Config, Life, User, Version};
pub use faults::Faults;
pub use fleet::Fleet;

/// Whether there is an action of this name, whatever its case, as Asterisk 22 has them.
pub fn has_action(name: &str) -> bool {
    registry::find(Version::V22, name).is_some()
}

/// A running PBX. Dropping it stops it and waits for its threads.
#[derive(Debug)]
pub struct Simulator {
    server: Arc<server::Server>,
    addr: SocketAddr,
    /// Ends it when dropped.
    _running: listener::Running,
}

impl Simulator {
    /// Listens at `address`, such as `127.0.0.1:5038`; see
    /// [`Simulator::start`].
    ///
    /// # Errors
    /// The address is not available.
    pub fn listen(address: &str, config: Config) -> io::Result<Simulator> {
        Simulator::start(TcpListener::bind(address)?, config)
    }

    /// Serves the listener on its own threads.
    ///
    /// # Errors
    /// The listener has no address, or a thread cannot be started.
    pub fn start(listener: TcpListener, config: Config) -> io::Result<Simulator> {
        let addr = listener.local_addr()?;
        let running = listener::Running::start(vec![(listener, config)])?;
        let server = running.servers.first().map(Arc::clone);
        Ok(Simulator {
            server: server.ok_or(io::ErrorKind::NotFound)?,
            addr,
            _running: running,
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Sends an event to everybody whose rights and mask admit all of `class`,
    /// such as `call` or `call,reporting`. Names and values are sent unchanged,
    /// line breaks included.
    pub fn emit(&self, name: &str, class: &str, headers: &[(&str, &str)]) {
        let packet = wire::Packet::event(name).header("Privilege", format!("{class},all"));
        let event = outbox::Event::new(class, packet.with(headers));
        self.server.broadcast(&event);
    }

    /// The latest requests of all clients (at most 10,000 and 4 MiB) in order
    /// of arrival, the lines of each joined by LF, including requests that
    /// could not be parsed.
    pub fn received(&self) -> Vec<String> {
        self.server.received()
    }

    /// How many clients get events of any class by now.
    pub fn listeners(&self) -> usize {
        self.server.listeners()
    }

    /// Closes all connections without a message; new ones are accepted.
    pub fn kick(&self) {
        self.server.cut_all();
    }

    /// Stops as Asterisk does: a Shutdown event to who may see it, then every connection is closed.
    pub fn stop(self) {
        drop(self);
    }
}
