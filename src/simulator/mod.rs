//! The built-in PBX: a real AMI server on a real socket, for `--demo`, `--demo-listen` and tests.
//!
//! It knows nothing of the client. A server reads the wire by other rules (LF line ends, line and header limits), and
//! sharing the client's framer would hide the client's mistakes. Shapes of packets are those of Asterisk 22 and 1.8.

mod actions;
mod class;
mod cli;
mod faults;
mod outbox;
mod peer;
mod server;
#[cfg(test)]
mod tests;
mod wire;
mod world;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

pub use class::Classes;
pub use faults::Faults;

/// Which Asterisk to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// Asterisk 22, AMI 11.0.0.
    #[default]
    V22,
    /// Asterisk 1.8, AMI 1.1: Command answers with `Follows`, few lists have `EventList`.
    V18,
}

/// Whether anything happens that no client asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    /// Nothing happens by itself.
    #[default]
    Still,
    /// Calls come and go, the same ones for the same number.
    Seeded(u64),
}

/// One `[user]` of manager.conf.
#[derive(Clone, Debug)]
pub struct User {
    /// The login name; its case does not matter.
    pub name: String,
    /// The secret, exact.
    pub secret: String,
    /// Classes of events it gets.
    pub read: Classes,
    /// Classes of actions it may run.
    pub write: Classes,
}

impl User {
    /// A user from class lists such as `system,call` or `all`.
    pub fn new(name: &str, secret: &str, read: &str, write: &str) -> User {
        User {
            name: name.into(),
            secret: secret.into(),
            read: Classes::of(read),
            write: Classes::of(write),
        }
    }
}

/// How to be. The default is Asterisk 22 with the demo users, still, without faults.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which Asterisk to be.
    pub version: Version,
    /// Who may log in. The default is `demo` with all rights, `abcde123` with some and `readonly`, each its own secret.
    pub users: Vec<User>,
    /// Whether calls come and go by themselves.
    pub life: Life,
    /// What shall go wrong.
    pub faults: Faults,
    /// Who is not logged in by then is dropped without a word (30 s).
    pub auth_timeout: Duration,
    /// How long a refused login waits for its answer (1 s).
    pub fail_delay: Duration,
    /// A client for which more bytes than this wait is dropped, in the midst of a packet if need be (4 MiB beyond what
    /// the kernel holds). Asterisk drops it when a write takes longer than 100 ms, which a busy machine would trip over.
    pub write_backlog: usize,
}

impl Default for Config {
    fn default() -> Config {
        let some = "system,call,log,verbose,agent,command,user";
        Config {
            version: Version::V22,
            users: vec![
                User::new("demo", "demo", "all", "all"),
                User::new("abcde123", "abcde123", some, some),
                User::new("readonly", "readonly", "all", ""),
            ],
            life: Life::Still,
            faults: Faults::default(),
            auth_timeout: Duration::from_secs(30),
            fail_delay: Duration::from_secs(1),
            write_backlog: 4 * 1024 * 1024,
        }
    }
}

/// A running PBX. Dropping it stops it and waits for its threads.
#[derive(Debug)]
pub struct Simulator {
    running: server::Running,
}

impl Simulator {
    /// Listens at `address`, such as `127.0.0.1:5038`; see [`Simulator::start`].
    ///
    /// # Errors
    /// When the address cannot be had.
    pub fn listen(address: &str, config: Config) -> io::Result<Simulator> {
        Simulator::start(TcpListener::bind(address)?, config)
    }

    /// Serves the listener on threads of its own.
    ///
    /// # Errors
    /// When the listener has no address or a thread cannot be started.
    pub fn start(listener: TcpListener, config: Config) -> io::Result<Simulator> {
        Ok(Simulator {
            running: server::Running::start(listener, config)?,
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.running.addr()
    }

    /// Sends an event to everybody whose rights and mask admit all of `class`, such as `call` or `call,reporting`.
    /// Names and values go out as they are, line breaks included.
    pub fn emit(&self, name: &str, class: &str, headers: &[(&str, &str)]) {
        let mut packet = wire::Packet::event(name).header("Privilege", format!("{class},all"));
        for (key, value) in headers {
            packet = packet.header(key, value);
        }
        self.running
            .server()
            .broadcast(&outbox::Event::new(class, packet));
    }

    /// The last 10,000 requests of all clients in the order of their arrival, the lines of each joined by LF.
    /// Requests that could not be read are among them.
    pub fn received(&self) -> Vec<String> {
        self.running.server().received()
    }

    /// Closes all connections without a word; new ones are accepted.
    pub fn kick(&self) {
        self.running.server().cut_all();
    }

    /// Stops as Asterisk does: a Shutdown event to who may see it, then every connection is closed.
    pub fn stop(self) {
        drop(self);
    }
}
