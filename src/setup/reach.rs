//! The first two checks: the address, and whose certificate it has.

use super::talk::{Mark, Talk};
use crate::connect::{self, Entry};
use crate::error::Error;
use crate::init;
use crate::peer_text::PeerText;
use crate::session::{self, Presented, Session, Stranger, Untrusted};
use crate::settings::manager_conf::is_loopback;
use crate::settings::target::{PORT, TLS_PORT};
use crate::settings::{Destination, Settings};
use std::io::ErrorKind;
use std::net::IpAddr;

/// A server that answers.
pub struct Reached {
    pub destination: Destination,
    /// Its certificate, which is trusted from now on.
    pub kept: Option<Presented>,
    /// Its first line.
    pub banner: Vec<u8>,
    /// Our address on the way to it.
    pub local: Option<IpAddr>,
}

/// Connects to `destination`, and trusts the certificate `kept` if there is one.
pub fn connect(
    settings: &Settings,
    destination: &Destination,
    kept: Option<&Presented>,
) -> Result<Session, session::Error> {
    let Some(target) = &destination.target else {
        return Err(session::Error::NotConnected);
    };
    let mut config = connect::config(settings, &Entry::default(), destination, target);
    if let (Some(tls), Some(kept)) = (&mut config.tls, kept) {
        tls.cacert = None;
        tls.kept = Some(kept.der.clone());
    }
    Session::connect(config)
}

/// How it went on with a target.
pub enum Outcome {
    Reached(Box<Reached>),
    /// It was told why not, and another may be typed.
    Another,
}

/// Tries `destination`, with what a person decides about its certificate.
///
/// # Errors
/// It is not reached, and nobody is there to be asked.
pub fn reach(
    settings: &Settings,
    talk: &Talk,
    mut destination: Destination,
) -> Result<Outcome, Error> {
    let mut kept = None;
    loop {
        let why = match connect(settings, &destination, kept.as_ref()) {
            Ok(session) => {
                let banner = session.banner();
                told(talk, &destination, kept.as_ref(), &banner)?;
                return Ok(Outcome::Reached(Box::new(Reached {
                    local: session.local().map(|local| local.ip()),
                    destination,
                    kept,
                    banner,
                })));
            }
            Err(why) if !talk.asks => {
                if let session::Error::Certificate { .. } = &why {
                    shown(settings, talk, &destination)?;
                }
                if has_tls_alone(settings, &destination, &why) {
                    talk.say(
                        "",
                        &format!("port {TLS_PORT} answers with TLS: write amis:// before the host"),
                    )?;
                }
                return Err(why.into());
            }
            Err(why) => why,
        };
        if !amended(settings, talk, &mut destination, &mut kept, &why)? {
            return Ok(Outcome::Another);
        }
    }
}

/// Says `why` it is not reached, and whether what a person decides may cure it.
fn amended(
    settings: &Settings,
    talk: &Talk,
    destination: &mut Destination,
    kept: &mut Option<Presented>,
    why: &session::Error,
) -> Result<bool, Error> {
    let check = match why {
        session::Error::Certificate { .. } | session::Error::NoTls { .. } => "TLS",
        _ => "address",
    };
    talk.mark(Mark::Wrong, check, &why.to_string())?;
    Ok(match why {
        session::Error::NotAmi {
            stranger: Stranger::Tls,
            ..
        } => secured(talk, destination, PORT)?,
        session::Error::Connect { .. } if has_tls_alone(settings, destination, why) => {
            talk.say("    ", &format!("port {TLS_PORT} answers with TLS"))?;
            secured(talk, destination, TLS_PORT)?
        }
        session::Error::Certificate { why, .. } => match why {
            Untrusted::Name { presented, .. } => renamed(talk, presented, destination)?,
            Untrusted::SelfSigned(_) | Untrusted::Issuer(..) if kept.is_none() => {
                *kept = offered(settings, talk, destination)?;
                kept.is_some()
            }
            // Keeping it would not help.
            _ => {
                let host = destination.target.as_ref().map(|target| &*target.host);
                talk.say("    ", "a certificate that is for it is made on the PBX by")?;
                talk.line(&init::certificate(host.unwrap_or_default()))?;
                false
            }
        },
        _ => false,
    })
}

/// Whether the port of AMI is closed and that of AMI with TLS is open, if no port
/// and no scheme was given. Nothing but a handshake is sent there.
fn has_tls_alone(settings: &Settings, destination: &Destination, why: &session::Error) -> bool {
    let is_refused = match why {
        session::Error::Connect { tried, .. } => {
            let mut all = tried.iter();
            all.any(|(_, why)| why.kind() == ErrorKind::ConnectionRefused)
        }
        _ => false,
    };
    let mut other = destination.clone();
    match &mut other.target {
        Some(target) if is_refused && !other.tls && (target.port, target.tls) == (None, None) => {
            (other.tls, target.tls) = (true, Some(true));
        }
        _ => return false,
    }
    let opened = connect(settings, &other, None);
    matches!(opened, Ok(_) | Err(session::Error::Certificate { .. }))
}

/// Whether TLS is to be used where it is what answered: at `port` if none was
/// given.
fn secured(talk: &Talk, destination: &mut Destination, port: u16) -> Result<bool, Error> {
    if !talk.is_yes("Use TLS?", true)? {
        return Ok(false);
    }
    destination.tls = true;
    if let Some(target) = &mut destination.target {
        target.tls = Some(true);
        target.port.get_or_insert(port);
    }
    Ok(true)
}

/// Whether the server is to have one of the names of its certificate. A pattern is
/// nothing that a person can judge.
fn renamed(
    talk: &Talk,
    presented: &[String],
    destination: &mut Destination,
) -> Result<bool, Error> {
    let Some(named) = presented.iter().find(|name| !name.contains('*')) else {
        return Ok(false);
    };
    let question = format!("Is {named} the PBX that you mean, and to be expected from now on?");
    let is_meant = talk.is_yes(&question, false)?;
    if is_meant {
        destination.trust.name = Some(named.clone());
    }
    Ok(is_meant)
}

fn told(
    talk: &Talk,
    destination: &Destination,
    kept: Option<&Presented>,
    banner: &[u8],
) -> Result<(), Error> {
    let banner = PeerText::new(banner).terminal().trim().to_owned();
    let at = destination.target.as_ref().map(|target| {
        let port = target.port_of(destination.tls);
        format!("{} port {port}", target.host)
    });
    let words = format!("{} answers: {banner}", at.unwrap_or_default());
    talk.mark(Mark::Ok, "address", &words)?;
    let is_near = destination
        .target
        .as_ref()
        .is_some_and(|target| is_loopback(&target.host));
    let (mark, words) = match (destination.tls, kept) {
        (true, Some(_)) => (Mark::Ok, "on, with the certificate that is kept"),
        (true, None) => (Mark::Ok, "on, and the certificate is trusted"),
        (false, _) if is_near => (Mark::Ok, "off, and nothing leaves this machine"),
        (false, _) => (
            Mark::Note,
            "off: whoever is in between can read and change everything but the secret",
        ),
    };
    talk.mark(mark, "TLS", words)
}

/// Shows the certificate of a server that is not trusted.
fn shown(
    settings: &Settings,
    talk: &Talk,
    destination: &Destination,
) -> Result<Option<Presented>, Error> {
    let mut unseen = destination.clone();
    // Only to look: nothing but the handshake is sent over this link.
    unseen.trust.cacert = None;
    unseen.trust.name = None;
    unseen.trust.insecure = true;
    let session = connect(settings, &unseen, None)?;
    let Some(presented) = session.presented() else {
        talk.say("  ", "its certificate cannot be read")?;
        return Ok(None);
    };
    talk.say("    subject      ", &presented.subject)?;
    talk.say("    issuer       ", &presented.issuer)?;
    if let Some((from, until)) = &presented.days {
        talk.say("    valid        ", &format!("{from} to {until}"))?;
    }
    // In halves: a terminal that is narrow would break it anywhere.
    let fingerprint = presented.fingerprint();
    let (first, second) = fingerprint.split_at_checked(48).unwrap_or_default();
    talk.say("    SHA-256      ", first)?;
    talk.say("                 ", second)?;
    Ok(Some(presented))
}

fn offered(
    settings: &Settings,
    talk: &Talk,
    destination: &Destination,
) -> Result<Option<Presented>, Error> {
    let Some(presented) = shown(settings, talk, destination)? else {
        return Ok(None);
    };
    let words = "compare it on the PBX, with the file of tlscertfile= in manager.conf:";
    talk.say("    ", words)?;
    talk.line("    openssl x509 -noout -fingerprint -sha256 -in FILE")?;
    let question = "Is it the same, and is this certificate to be kept and trusted from now on?";
    Ok(talk.is_yes(question, false)?.then_some(presented))
}
