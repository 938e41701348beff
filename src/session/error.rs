//! Why there is no session, or no longer one.

use super::sniff::{Stranger, by_convention};
use super::tls::untrusted::Untrusted;
use crate::ami::{LoginError, Refused};
use nix::libc;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use thiserror::Error;

/// What can go wrong between amish and a server. Each message says what to do.
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
        /// Every address that was tried, and its error.
        tried: Vec<(SocketAddr, std::io::Error)>,
        /// The time limit for all of them.
        limit: Duration,
    },
    /// The server there does not speak AMI.
    #[error("{target} does not speak AMI: {stranger}{}", by_convention(.target, .stranger))]
    NotAmi {
        /// `host:port` as given.
        target: String,
        /// What it is.
        stranger: Stranger,
    },
    /// The server there does not speak TLS, or no TLS that amish supports.
    #[error("no TLS with {target}: {stranger}{}", by_convention(.target, .stranger))]
    NoTls {
        /// `host:port` as given.
        target: String,
        /// What it is.
        stranger: Stranger,
    },
    /// The file with the certificates to trust cannot be used. Nothing was sent.
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
    /// The name cannot be in a certificate. Nothing was sent.
    #[error(
        "'{0}' is not a name that a certificate can have: use --tls-name with a host name or an address"
    )]
    TlsName(String),
    /// The server did not prove that it is the intended one. No secret was
    /// sent.
    #[error("the certificate of {target} {why}")]
    Certificate {
        /// `host:port` as given.
        target: String,
        /// What is wrong with it.
        why: Untrusted,
    },
    /// The login was refused. [`Error::is_refusal`] says whether a second try
    /// would be as well.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The login was not answered.
    #[error("the server does not answer during the login; none of your actions was sent")]
    LoginSilent,
    /// The connection ended before the login was answered.
    #[error("the server closed the connection during the login; none of your actions was sent")]
    LoginCut,
    /// The new link ended before it was of use.
    #[error("the server closed the connection at once; none of your actions was sent")]
    LinkEnded,
    /// There is no link to send over. Nothing was sent.
    #[error("not connected: nothing was sent")]
    NotConnected,
    /// A server would misread the Action. Nothing was sent.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// This machine or process has run out of something. The server is not to
    /// blame; nothing was sent.
    #[error("cannot {doing}: {why}; this is a limit of this machine or process (see ulimit -a)")]
    Local {
        /// What amish was doing.
        doing: &'static str,
        /// The system's words.
        why: std::io::Error,
    },
}

impl Error {
    /// The error for something that this machine could not do.
    pub(super) fn local(doing: &'static str, why: std::io::Error) -> Error {
        Error::Local { doing, why }
    }

    /// Whether the same try would be refused again.
    pub fn is_refusal(&self) -> bool {
        match self {
            Error::Login(error) => !error.is_temporary(),
            Error::Certificate { .. }
            | Error::CaFile { .. }
            | Error::Trust(_)
            | Error::TlsName(_)
            | Error::Refused(_) => true,
            _ => false,
        }
    }
}

fn each_said(target: &str, tried: &[(SocketAddr, std::io::Error)], limit: &Duration) -> String {
    if tried.is_empty() {
        return format!("no answer within {} s", limit.as_secs_f64());
    }
    let each = tried
        .iter()
        .map(|(address, why)| match address.to_string() {
            address if address == target => words(why),
            address => format!("{address}: {}", words(why)),
        });
    let each = each.collect::<Vec<_>>().join(", ");
    let is_refused = |why: &std::io::Error| why.kind() == ErrorKind::ConnectionRefused;
    match tried.iter().any(|(_, why)| is_refused(why)) {
        true => format!(
            "{each}; is Asterisk running there, with enabled=yes in manager.conf (and tlsenable=yes, if it is to have TLS)?"
        ),
        false => format!("{each}; is the address right, and does a firewall let us through?"),
    }
}

/// Whether this machine or process has run out of something.
pub(super) fn is_local(error: &std::io::Error) -> bool {
    let lacks = [libc::EMFILE, libc::ENFILE, libc::ENOMEM, libc::ENOBUFS];
    error.kind() == ErrorKind::OutOfMemory
        || error
            .raw_os_error()
            .is_some_and(|code| lacks.contains(&code))
}

/// A socket error in words, without the system's error number.
pub fn words(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "no answer".to_owned(),
        ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        ErrorKind::ConnectionReset => "the other side reset it".to_owned(),
        ErrorKind::HostUnreachable => "no route to this host".to_owned(),
        ErrorKind::NetworkUnreachable => "no route to this network".to_owned(),
        _ => {
            let words = error.to_string();
            let number = words.find(" (os error ");
            words
                .get(..number.unwrap_or(words.len()))
                .unwrap_or(&words)
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A number of the system says nothing to whoever reads it.
    #[test]
    fn an_error_of_a_socket_is_words() {
        for code in [libc::EPIPE, libc::ECONNRESET, libc::EACCES, libc::EPERM] {
            let words = words(&std::io::Error::from_raw_os_error(code));
            assert!(words.len() > 5 && !words.contains("os error"), "{words}");
        }
        let other = std::io::Error::other("not a number");
        assert_eq!(words(&other), "not a number");
    }
}
