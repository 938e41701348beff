//! What to try where no PBX was reached: the target may be another word, have
//! another port, or not have been named at all.

use super::Entry;
use crate::ami::Classes;
use crate::error::Error;
use crate::language::misplaced;
use crate::session::{self, greets_as_ami};
use crate::settings::target::PORT;
use crate::settings::{Mode, Settings, Target};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

/// How long another port is tried. Nobody asked for it.
const OTHER_PORT: Duration = Duration::from_secs(1);

/// `why`, with what to try.
pub(super) fn unreached(
    settings: &Settings,
    entry: &Entry<'_>,
    target: &Target,
    why: session::Error,
) -> Error {
    let is_start = entry.other.is_none() && entry.of_many.is_none();
    let mut advice = Vec::new();
    match &why {
        session::Error::Resolve { host, .. } => {
            advice.extend(other_name(settings, host));
            if is_start {
                advice.extend(other_word(settings, host));
            }
        }
        session::Error::Connect { tried, .. } if is_start => {
            if settings.is_unnamed {
                advice.push(
                    "no target was named, so this machine was tried: amish HOST, or amish init to make a profile; \
                     amish --demo is a PBX to look around in"
                        .to_owned(),
                );
            } else {
                advice.extend(other_word(settings, &target.host));
            }
            // Who tries again and again may not ask there each time.
            if settings.reconnect != Some(true) {
                advice.extend(other_port(target, tried));
            }
        }
        _ => {}
    }
    match advice.is_empty() {
        true => Error::Session(why),
        false => Error::Unreached { why, advice },
    }
}

/// What `host` means among the profiles, or as classes of events.
fn other_name(settings: &Settings, host: &str) -> Vec<String> {
    let near = settings.config.near(host);
    let mut advice = Vec::new();
    if settings.config.profile(host).is_some() {
        advice.push(format!(
            "{host} is a profile, whose name stands alone, as in amish {host} Ping; another user is given with -u, another port in the profile"
        ));
    } else if !near.is_empty() {
        let near = near.join(" or ");
        advice.push(format!("there is no profile {host}: did you mean {near}?"));
    }
    if matches!(settings.mode, Mode::Stream(_)) && host.parse::<Classes>().is_ok() {
        advice.push(format!(
            "-e takes its classes behind an equals sign: -e={host}"
        ));
    }
    advice
}

/// What `host` is, if no host.
fn other_word(settings: &Settings, host: &str) -> Option<String> {
    let behind = match &settings.mode {
        Mode::Action(words) => &words[..],
        _ => &[],
    };
    let words = [&[host.to_owned()], behind].concat();
    misplaced(&words).map(|meant| meant.advice)
}

/// The usual port, if it is there and another was named.
fn other_port(target: &Target, tried: &[(SocketAddr, std::io::Error)]) -> Option<String> {
    let named = target.port.filter(|port| *port != PORT)?;
    let is_refused =
        |(_, why): &&(SocketAddr, std::io::Error)| why.kind() == ErrorKind::ConnectionRefused;
    let (address, _) = tried.iter().find(is_refused)?;
    let usual = SocketAddr::new(address.ip(), PORT);
    let host = match target.host.contains(':') {
        true => format!("[{}]", target.host),
        false => target.host.clone(),
    };
    greets_as_ami(usual, OTHER_PORT)
        .then(|| format!("nothing listens on {named}, but {PORT} speaks AMI: amish ami://{host}"))
}
