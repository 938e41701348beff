//! Parses targets: `host`, `host:port`, `[v6]:port`, `user@host`, `ami://…`,
//! `amis://…`.

use thiserror::Error;

/// The target if nothing names one.
pub(super) const NEAREST: &str = "127.0.0.1";

/// The port of AMI without TLS.
pub const PORT: u16 = 5038;

/// The port of AMI with TLS.
pub const TLS_PORT: u16 = 5039;

/// A server, and the user if the target names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// From `user@`.
    pub user: Option<String>,
    /// A name or an address, without brackets.
    pub host: String,
    /// None: the default port.
    pub port: Option<u16>,
    /// True for `amis://`, false for `ami://`, None for a bare host.
    pub tls: Option<bool>,
}

/// Why a target cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TargetError {
    /// Nothing, or nothing before the port.
    #[error("'{0}' has no host: use host, host:port, [v6]:port or user@host:port")]
    NoHost(String),
    /// Not a number from 1 to 65535.
    #[error("'{0}' is not a port: use a number from 1 to 65535")]
    Port(String),
    /// Another protocol.
    #[error(
        "'{0}://' is not a protocol of AMI: use ami://host:port, amis://host:port for TLS, or host:port alone"
    )]
    Scheme(String),
    /// It would be kept in the shell's history and shown in the list of
    /// processes. For the same reason the target is not repeated.
    #[error("a target must not contain a secret: use AMISH_SECRET, --secret-file, or the prompt")]
    Secret,
    /// A path, a query or white space.
    #[error("'{0}' cannot be part of a target: use host, host:port, [v6]:port or user@host:port")]
    Character(char),
}

impl Target {
    /// The port, with TLS or without.
    pub fn port_of(&self, tls: bool) -> u16 {
        self.port.unwrap_or(if tls { TLS_PORT } else { PORT })
    }
}

impl std::str::FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Target, TargetError> {
        let (tls, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ami") => (Some(false), rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("amis") => (Some(true), rest),
            Some((scheme, _)) => return Err(TargetError::Scheme(scheme.to_owned())),
            None => (None, text),
        };
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => return Err(TargetError::Secret),
            Some((user, place)) => (
                Some(user.to_owned()).filter(|user| !user.trim().is_empty()),
                place,
            ),
            None => (None, rest),
        };
        let place = place.strip_suffix('/').unwrap_or(place);
        let odd = |c: &char| c.is_whitespace() || c.is_control() || "/?#\\".contains(*c);
        if let Some(odd) = place.chars().find(odd) {
            return Err(TargetError::Character(odd));
        }
        let (host, port) = split_port(place)?;
        if host.is_empty() {
            return Err(TargetError::NoHost(text.to_owned()));
        }
        Ok(Target {
            user,
            host: host.to_owned(),
            port,
            tls,
        })
    }
}

fn split_port(place: &str) -> Result<(&str, Option<u16>), TargetError> {
    if let Some((host, after)) = place.strip_prefix('[').and_then(|p| p.split_once(']')) {
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(number(port)?))),
            None if after.is_empty() => Ok((host, None)),
            None => Err(TargetError::Port(after.to_owned())),
        };
    }
    match place.split_once(':') {
        // More than one colon: an IPv6 address without brackets, and so without
        // a port.
        Some((_, after)) if after.contains(':') => {
            let address = place.split_once('%').map_or(place, |(address, _)| address);
            match address.parse::<std::net::Ipv6Addr>() {
                Ok(_) => Ok((place, None)),
                Err(_) => Err(TargetError::Port(after.to_owned())),
            }
        }
        Some((host, port)) => Ok((host, Some(number(port)?))),
        None => Ok((place, None)),
    }
}

fn number(port: &str) -> Result<u16, TargetError> {
    match port.parse() {
        Ok(0) | Err(_) => Err(TargetError::Port(port.to_owned())),
        Ok(port) => Ok(port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> (Option<String>, String, u16) {
        let target: Target = text.parse().unwrap();
        let port = target.port_of(target.tls == Some(true));
        (target.user, target.host, port)
    }

    /// Every documented form.
    #[test]
    fn every_form_of_a_target_is_read() {
        for (text, user, host, port) in [
            ("pbx", None, "pbx", 5038),
            ("pbx:6000", None, "pbx", 6000),
            ("[::1]:6000", None, "::1", 6000),
            ("[::1]", None, "::1", 5038),
            ("fe80::1", None, "fe80::1", 5038),
            ("ann@pbx", Some("ann"), "pbx", 5038),
            ("ann@pbx:6000", Some("ann"), "pbx", 6000),
            ("ami://ann@pbx:6000/", Some("ann"), "pbx", 6000),
            ("AMI://pbx", None, "pbx", 5038),
            ("amis://pbx", None, "pbx", 5039),
            ("AMIS://ann@pbx:5038", Some("ann"), "pbx", 5038),
            ("amis://[::1]", None, "::1", 5039),
        ] {
            let expected = (user.map(str::to_owned), host.to_owned(), port);
            assert_eq!(target(text), expected, "{text}");
        }
    }

    /// Every user of the machine can see a secret on the command line.
    #[test]
    fn a_target_with_a_secret_is_refused_without_repeating_it() {
        let error = "ami://ann:pa55word@pbx".parse::<Target>().unwrap_err();
        assert_eq!(error, TargetError::Secret);
        assert!(!error.to_string().contains("pa55word"));
    }

    #[test]
    fn what_is_no_target_is_refused_with_advice() {
        for text in [
            "",
            ":5038",
            "pbx:0",
            "pbx:70000",
            "pbx:x",
            "pbx:5038:5038",
            "http://pbx",
            "pbx/path",
            "a b",
        ] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
