//! The configuration of the built-in PBX: version, users, limits.

use std::io;
use std::time::Duration;

use super::class::Classes;
use super::faults::Faults;

/// The version of Asterisk to imitate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// Asterisk 22, AMI 11.0.0.
    #[default]
    V22,
    /// Asterisk 1.8, AMI 1.1: Command answers with `Follows`, few lists have `EventList`.
    V18,
}

impl Version {
    /// The version as CoreSettings and the CLI tell it.
    pub(super) fn asterisk(self) -> &'static str {
        match self {
            Version::V22 => "22.10.1",
            Version::V18 => "1.8.32.3",
        }
    }

    pub(super) fn ami(self) -> &'static str {
        match self {
            Version::V22 => "11.0.0",
            Version::V18 => "1.1",
        }
    }
}

/// Whether anything happens that no client asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    /// Nothing happens by itself.
    #[default]
    Still,
    /// Calls come and go; the same seed gives the same calls.
    Seeded(u64),
    /// So many UserEvents a second, each with its number in `Number`: load for measurements.
    Flood(u32),
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

/// The configuration. The default is Asterisk 22 with the demo users, without calls of its own and without faults.
#[derive(Clone, Debug)]
pub struct Config {
    /// `systemname` of asterisk.conf, which CoreSettings, events and unique IDs tell. The default is none.
    pub name: String,
    /// The version of Asterisk to imitate.
    pub version: Version,
    /// Who may log in. The default is `demo` with all rights, `abcde123` with some, and `readonly`. Each name is also the
    /// secret.
    pub users: Vec<User>,
    /// Whether calls come and go by themselves.
    pub life: Life,
    /// Faults to inject.
    pub faults: Faults,
    /// Connections that may be waiting for their login; the next one is closed without sending a byte (50). This and
    /// `auth_timeout` are `authlimit` and `authtimeout` of manager.conf, with the defaults of Asterisk 22 and 16.
    pub auth_limit: usize,
    /// A client that has not logged in by then is disconnected without a message (30 s).
    pub auth_timeout: Duration,
    /// Connections served at once; the next one is closed without sending a byte (256). Asterisk has no such limit.
    pub max_clients: usize,
    /// Delay before the answer to a refused login (1 s).
    pub fail_delay: Duration,
    /// A client with more queued bytes than this is disconnected, in the middle of a packet if need be (4 MiB beyond the
    /// kernel's buffers; at most 64 KiB before login). Asterisk disconnects when a write takes longer than 100 ms, which a
    /// busy machine would not always manage.
    pub write_backlog: usize,
    /// Bytes of requests that `received` remembers (4 MiB).
    pub remembered: usize,
    /// Called the first time a connection cannot be accepted, as when no descriptor is left. The server keeps trying.
    pub on_accept_error: fn(&io::Error),
}

impl Default for Config {
    fn default() -> Config {
        let some = "system,call,log,verbose,agent,command,user";
        Config {
            name: String::new(),
            version: Version::V22,
            users: vec![
                User::new("demo", "demo", "all", "all"),
                User::new("abcde123", "abcde123", some, some),
                User::new("readonly", "readonly", "all", ""),
            ],
            life: Life::Still,
            faults: Faults::default(),
            auth_limit: 50,
            auth_timeout: Duration::from_secs(30),
            max_clients: 256,
            fail_delay: Duration::from_secs(1),
            write_backlog: 4 * 1024 * 1024,
            remembered: 4 * 1024 * 1024,
            on_accept_error: |_| (),
        }
    }
}
