//! Where a session connects to, and how long it waits.

use super::clear::Challenged;
use super::poller::Poller;
use super::readiness::ReadyMark;
use super::tls::Tls;
use super::trace::Trace;
use std::sync::Arc;
use std::time::Duration;

/// Where to connect, and how long to wait.
#[derive(Debug, Clone)]
pub struct Config {
    /// A name or an address.
    pub host: String,
    /// 1 to 65535.
    pub port: u16,
    /// Use TLS, with these settings.
    pub tls: Option<Tls>,
    /// For resolving, all addresses, the TLS handshake and the banner together.
    pub connect_timeout: Duration,
    /// For a reply: counted from sending, and anew from each of its packets.
    pub patience: Duration,
    /// Received bytes that may wait to be shown.
    pub buffer: usize,
    /// Reconnect when the link ends, with the same user and secret, once this
    /// session has logged in.
    pub reconnect: bool,
    /// When a silent server counts as dead.
    pub keepalive: Keepalive,
    /// The file that every packet is written to.
    pub trace: Trace,
    /// Which servers have accepted a challenge; shared by all sessions of a
    /// run.
    pub challenged: Challenged,
    /// Reads for many sessions; None: a thread of its own does.
    pub poller: Option<Arc<Poller>>,
    /// For the built-in PBX: whether it has an Action of this name.
    pub built_in: Option<fn(&str) -> bool>,
    /// Set when something has come.
    pub ready_mark: Option<ReadyMark>,
}

impl Config {
    /// `host:port`, with brackets around an IPv6 address.
    pub fn target(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

/// When a silent server is pinged, and when it counts as dead.
#[derive(Debug, Clone, Copy)]
pub struct Keepalive {
    /// Silence before a Ping.
    pub idle: Duration,
    /// Further silence that ends the link.
    pub dead: Duration,
}

impl Default for Keepalive {
    fn default() -> Keepalive {
        Keepalive {
            idle: Duration::from_secs(30),
            dead: Duration::from_secs(10),
        }
    }
}
