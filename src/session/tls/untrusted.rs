//! What can be wrong with a server's certificate.

use thiserror::Error;

/// What is wrong with a certificate, and what to do. The text continues "the
/// certificate of HOST".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Untrusted {
    /// It is for another host.
    #[error(
        "is not for {expected} but for {}; if that is the server you mean, use --tls-name {}",
        listed(.presented), first(.presented)
    )]
    Name {
        /// The host, or `--tls-name`.
        expected: String,
        /// The names it is for; never empty.
        presented: Vec<String>,
    },
    /// It has no name that counts.
    #[error(
        "is not for {host}: it names no host because it has no subjectAltName; the server needs one made with subjectAltName={}:{host}",
        kind(.host)
    )]
    Nameless {
        /// The host, or `--tls-name`.
        host: String,
    },
    /// Its last day, and today on this machine.
    #[error(
        "expired on {0}, and today is {1}; the server needs a new one (tlscertfile= in manager.conf), unless the clock here is wrong"
    )]
    Expired(String, String),
    /// Its first day, and today on this machine.
    #[error("is not valid before {0}, and today is {1}; check the clocks here and on the server")]
    Early(String, String),
    /// Self-signed, and not among the trusted ones.
    #[error(
        "is self-signed and not among {0}; copy it from the server (tlscertfile= in manager.conf) and use --cacert FILE"
    )]
    SelfSigned(String),
    /// Its issuer, and where that was not found.
    #[error(
        "was issued by {0}, which is not among {1}; use --cacert FILE with the certificate of that CA"
    )]
    Issuer(String, String),
    /// The library's words.
    #[error("cannot be checked: {0}")]
    Odd(String),
}

/// Shortened: a certificate may be for hundreds.
fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The first name that is not a wildcard.
fn first(names: &[String]) -> &str {
    let own = names.iter().find(|name| !name.contains('*'));
    own.map_or("NAME", String::as_str)
}

fn kind(name: &str) -> &'static str {
    match name.parse::<std::net::IpAddr>() {
        Ok(_) => "IP",
        Err(_) => "DNS",
    }
}
