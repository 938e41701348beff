//! Parses the place of a broker: `redis://[user@]host[:port][/database]`,
//! `nats://[user@]host[:port]`.

use thiserror::Error;

/// A broker, and the user if the URL names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// Which protocol is spoken there.
    pub kind: Kind,
    /// From `user@`.
    pub user: Option<String>,
    /// A name or an address, without brackets.
    pub host: String,
    /// 1 to 65535.
    pub port: u16,
    /// The number of the database, for Redis.
    pub database: u32,
    /// About how many records a stream may keep, for Redis.
    pub longest: Option<u64>,
}

/// The protocol of a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A stream of Redis or Valkey.
    Redis,
    /// A stream of JetStream.
    Nats,
}

/// Why a URL names no broker. None of the texts repeats what may be a secret.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum UrlError {
    /// No `://`.
    #[error("--to takes the URL of a broker: redis://host:6379 or nats://host:4222")]
    NoScheme,
    /// A protocol that is not spoken.
    #[error(
        "'{0}://' is no broker that amish writes to: use redis://host:6379 or nats://host:4222; for others amish help events has recipes, with -e -o json and a pipe"
    )]
    Scheme(String),
    /// A protocol with TLS.
    #[error(
        "there is no TLS to brokers: reach one on another machine through a tunnel (stunnel, ssh -L, WireGuard), and use {0}://"
    )]
    Tls(&'static str),
    /// It would be shown in the list of processes. For the same reason the URL
    /// is not repeated.
    #[error("the URL of --to must not contain a secret: use AMISH_TO_SECRET or --to-secret-file")]
    Secret,
    /// No host.
    #[error("the URL of --to has no host: write redis://host:6379 or nats://host:4222")]
    NoHost,
    /// Not a number from 1 to 65535.
    #[error(
        "the URL of --to has no port that can be used: write a number from 1 to 65535 behind the host"
    )]
    Port,
    /// The path.
    #[error(
        "the URL of --to ends with the port; only Redis takes the number of a database, as in redis://host:6379/0"
    )]
    Database,
    /// The query.
    #[error(
        "the URL of --to takes ?maxlen=N for Redis, how many records a stream keeps at most, and nothing else behind a question mark"
    )]
    Query,
}

impl Url {
    /// `host:port`, with brackets around an IPv6 address.
    pub fn place(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

impl std::str::FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Url, UrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::NoScheme)?;
        let (kind, usual) = match scheme.to_ascii_lowercase().as_str() {
            "redis" | "valkey" => (Kind::Redis, 6379),
            "rediss" | "valkeys" => return Err(UrlError::Tls("redis")),
            "nats" => (Kind::Nats, 4222),
            "tls" | "natss" => return Err(UrlError::Tls("nats")),
            _ if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => {
                return Err(UrlError::Scheme(scheme.to_owned()));
            }
            _ => return Err(UrlError::NoScheme),
        };
        // An @ in a secret must not make the rest of it a host, which is shown.
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => return Err(UrlError::Secret),
            Some((user, rest)) => (Some(user.to_owned()).filter(|user| !user.is_empty()), rest),
            None => (None, rest),
        };
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
        if kind == Kind::Nats && !path.is_empty() {
            return Err(UrlError::Database);
        }
        if kind == Kind::Nats && query.is_some() {
            return Err(UrlError::Query);
        }
        let (host, port) = split_port(place)?;
        Ok(Url {
            kind,
            user,
            host: host.to_owned(),
            port: port.unwrap_or(usual),
            database: match path {
                "" => 0,
                path => path.parse().map_err(|_| UrlError::Database)?,
            },
            longest: query.map(longest).transpose()?,
        })
    }
}

fn longest(query: &str) -> Result<u64, UrlError> {
    let number = query.strip_prefix("maxlen=").ok_or(UrlError::Query)?;
    let number = number.parse().map_err(|_| UrlError::Query)?;
    Some(number)
        .filter(|number| *number > 0)
        .ok_or(UrlError::Query)
}

fn split_port(place: &str) -> Result<(&str, Option<u16>), UrlError> {
    let (host, port) = match place
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((host, "")) => (host, None),
        Some((host, after)) => (host, Some(after.strip_prefix(':').ok_or(UrlError::Port)?)),
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "#\\".contains(c);
    if host.is_empty() || host.contains(is_odd) {
        return Err(UrlError::NoHost);
    }
    let port = port.map(|port| match port.parse() {
        Ok(0) | Err(_) => Err(UrlError::Port),
        Ok(port) => Ok(port),
    });
    Ok((host, port.transpose()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Every documented form.
    #[test]
    fn every_form_of_a_url_is_read() {
        for (text, user, place, database, longest) in [
            ("redis://box", None, "box:6379", 0, None),
            ("REDIS://box:7000/3", None, "box:7000", 3, None),
            (
                "redis://ann@[::1]:7000/",
                Some("ann"),
                "[::1]:7000",
                0,
                None,
            ),
            ("valkey://@box?maxlen=1000", None, "box:6379", 0, Some(1000)),
        ] {
            let url: Url = text.parse().unwrap();
            let read = (
                url.user.as_deref(),
                &url.place()[..],
                url.database,
                url.longest,
            );
            assert_eq!(read, (user, place, database, longest), "{text}");
        }
    }

    // The command line is seen by every user of the machine, and a message is
    // read by whoever reads the log.
    #[test]
    fn a_secret_in_a_url_is_refused_and_not_repeated() {
        for text in [
            "redis://:pa55@box",
            "redis://ann:pa55@box",
            "redis://:pa55@w@box/1",
        ] {
            assert_eq!(text.parse::<Url>(), Err(UrlError::Secret), "{text}");
        }
        for text in [
            "redis://ann:pa55",
            "redis://pa55?x",
            "redis://box/pa55",
            "redis://pa55 ",
        ] {
            let error = text.parse::<Url>().unwrap_err();
            assert!(!error.to_string().contains("pa55"), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_no_broker_is_refused() {
        for text in [
            "",
            "box",
            "redis://",
            "redis://box:0",
            "redis://box:x",
            "redis://[::1",
            "redis://box?maxlen=0",
            "nats://box/1",
            "nats://box?maxlen=1",
            "tls://box",
            "kafka://box",
            "rediss://box",
        ] {
            assert!(text.parse::<Url>().is_err(), "{text}");
        }
    }
}
