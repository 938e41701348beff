//! Why there is no session, or no longer one.

use super::probe::Stranger;
use super::tls::Untrusted;
use crate::ami::{LoginError, Refused};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// What can go wrong between us and a server. Each message says what to do.
#[derive(Debug, Error)]
pub enum Error {
    /// The name did not resolve. Nothing was sent.
    #[error("cannot resolve {host}: {why}")]
    Resolve {
        /// As given.
        host: String,
        /// The system's words, and what to do.
        why: String,
    },
    /// No address answered. Nothing was sent.
    #[error("cannot connect to {target}: {}", each_said(.target, .tried, .limit))]
    Connect {
        /// `host:port` as given.
        target: String,
        /// Every address that was tried, and what it said.
        tried: Vec<(SocketAddr, String)>,
        /// The time there was for all of them.
        limit: Duration,
    },
    /// Something else than AMI is there.
    #[error("{target} does not speak AMI: {stranger}")]
    NotAmi {
        /// `host:port` as given.
        target: String,
        /// What it is.
        stranger: Stranger,
    },
    /// Something else than TLS is there, or TLS of another kind.
    #[error("no TLS with {target}: {stranger}")]
    NoTls {
        /// `host:port` as given.
        target: String,
        /// What it is.
        stranger: Stranger,
    },
    /// The certificates to trust cannot be had from this file. Nothing was sent.
    #[error("cannot use --cacert {path}: {why}")]
    CaFile {
        /// As given.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The system has no certificates to trust; its words. Nothing was sent.
    #[error("{0}; install ca-certificates, or use --cacert FILE")]
    Trust(String),
    /// No certificate can be for it. Nothing was sent.
    #[error("no certificate can be for '{0}': use --tls-name with a name or an address")]
    TlsName(String),
    /// The server did not show that it is the one that is meant. No secret was sent.
    #[error("the certificate of {target} {why}")]
    Certificate {
        /// `host:port` as given.
        target: String,
        /// What is wrong with it.
        why: Untrusted,
    },
    /// It was refused; a second try would be refused as well.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The connection ended, or nothing came, before the login was answered.
    #[error("the server {0} during the login; nothing of yours was sent")]
    LoginUnanswered(&'static str),
    /// There is no link to send over. Nothing was sent.
    #[error("not connected: nothing was sent")]
    NotConnected,
    /// The Action is not one that a server reads as it was meant. Nothing was sent.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The system would not start a thread.
    #[error("cannot start reading: {0}")]
    Thread(std::io::Error),
}

impl Error {
    /// Would the same try be refused in the same way?
    pub fn is_refusal(&self) -> bool {
        match self {
            Error::Login(error) => !error.is_passing(),
            Error::Certificate { .. }
            | Error::CaFile { .. }
            | Error::Trust(_)
            | Error::TlsName(_)
            | Error::Refused(_) => true,
            _ => false,
        }
    }
}

fn each_said(target: &str, tried: &[(SocketAddr, String)], limit: &Duration) -> String {
    if tried.is_empty() {
        return format!("no answer within {} s", limit.as_secs_f64());
    }
    let each = tried
        .iter()
        .map(|(address, why)| match address.to_string() {
            address if address == target => why.clone(),
            address => format!("{address}: {why}"),
        });
    let each = each.collect::<Vec<_>>().join(", ");
    match tried.iter().any(|(_, why)| why.contains("refused")) {
        true => format!(
            "{each}; is Asterisk running there, with enabled=yes in manager.conf (and tlsenable=yes, if it is to have TLS)?"
        ),
        false => format!("{each}; is the address right, and does a firewall let us through?"),
    }
}
