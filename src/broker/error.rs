//! What can go wrong with a broker.

use crate::peer_text::PeerText;
use crate::session::words;
use std::io;
use thiserror::Error;

/// What went wrong. The broker's place is put before it.
#[derive(Debug, Error)]
pub enum Error {
    /// Nobody answers there.
    #[error("cannot connect: {}", words(.0))]
    Connect(io::Error),
    /// The connection ended or broke.
    #[error("the connection broke: {}", words(.0))]
    Broken(io::Error),
    /// It takes nothing, or acknowledges nothing.
    #[error("it has not answered for {0} s")]
    Silent(u64),
    /// It speaks another protocol.
    #[error("what answers there is no {0}")]
    Foreign(&'static str),
    /// NATS without JetStream.
    #[error("it keeps nothing: NATS needs JetStream (nats-server -js)")]
    NoStore,
    /// It refuses, in its own words.
    #[error("it refuses: {}{}", .words.terminal(), advice(.words))]
    Refused {
        /// The broker's.
        words: PeerText<'static>,
        /// The same may be taken later.
        for_now: bool,
    },
    /// Whoever listens in between would learn the secret.
    #[error(
        "the secret would cross the network in clear: reach the broker through a tunnel (stunnel, ssh -L, WireGuard), or allow it with --plaintext"
    )]
    InClear,
}

impl Error {
    /// Whether another try is in vain.
    pub fn is_final(&self) -> bool {
        match self {
            Error::Connect(_) | Error::Broken(_) | Error::Silent(_) => false,
            Error::Refused { for_now, .. } => !for_now,
            Error::Foreign(_) | Error::NoStore | Error::InClear => true,
        }
    }
}

/// What helps against a refusal.
fn advice(said: &PeerText<'_>) -> &'static str {
    match said {
        words if words.starts_with("NOAUTH") => {
            "; give its secret with AMISH_TO_SECRET or --to-secret-file"
        }
        words if words.mentions("Authorization Violation") => {
            "; check the user in the URL, and AMISH_TO_SECRET or --to-secret-file"
        }
        words if words.starts_with("WRONGPASS") => "; check the user in the URL, and its secret",
        words if words.starts_with("WRONGTYPE") => {
            "; delete or rename that key, or use another database"
        }
        words if words.starts_with("MOVED") => "; it is a cluster: name the node that has the key",
        _ => "",
    }
}
