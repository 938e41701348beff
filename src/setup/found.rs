//! What there is on this machine.

use super::reach;
use super::talk::Talk;
use crate::error::Error;
use crate::peer_text::PeerText;
use crate::session;
use crate::settings::manager_conf::{FOLDER, Found, is_freepbx};
use crate::settings::target::{PORT, TLS_PORT};
use crate::settings::{Destination, Settings, Target};
use std::path::Path;
use std::time::Duration;

/// How long a port of this machine may take.
const NEAR: Duration = Duration::from_secs(2);

/// An Asterisk on this machine, as far as its files tell.
pub struct Machine {
    found: Found,
    pub is_freepbx: bool,
}

impl Machine {
    pub fn here() -> Machine {
        let folder = Path::new(FOLDER);
        Machine {
            found: Found::at(folder),
            is_freepbx: is_freepbx(folder),
        }
    }

    /// Says what there is, and returns what to connect to unless something else
    /// is typed.
    pub fn look(&self, settings: &Settings, talk: &Talk) -> Result<String, Error> {
        talk.heading("On this machine")?;
        talk.say("  manager.conf  ", &told(&self.found))?;
        if self.is_freepbx {
            let words = "manager_custom.conf is there: users of your own belong in it, because FreePBX writes manager.conf anew";
            talk.say("  FreePBX       ", words)?;
        }
        let conf = match &self.found {
            Found::Read(conf) => Some(conf),
            _ => None,
        };
        let port = conf.and_then(|conf| conf.port).unwrap_or(PORT);
        let tls_port = conf.and_then(|conf| conf.tls_port).unwrap_or(TLS_PORT);
        let mut usual = None;
        for (port, tls) in [(port, false), (tls_port, true)] {
            let (words, is_ami) = listening(settings, port, tls);
            talk.say(&format!("  {:<14}", format!("port {port}")), &words)?;
            if is_ami && usual.is_none() {
                usual = Some(match (port, tls) {
                    (PORT, false) => "127.0.0.1".to_owned(),
                    (port, false) => format!("127.0.0.1:{port}"),
                    (port, true) => format!("amis://127.0.0.1:{port}"),
                });
            }
        }
        Ok(usual.unwrap_or_else(|| "127.0.0.1".to_owned()))
    }
}

fn told(found: &Found) -> String {
    let file = format!("{FOLDER}/manager.conf");
    match found {
        Found::Nothing => {
            format!("there is no {file}: Asterisk is not here, or it is in a container")
        }
        Found::Closed(why) => {
            format!("{file} cannot be read: {why}; amish init sees its ports and users as root")
        }
        Found::Refused => format!("{file} has a mistake for which Asterisk refuses it"),
        Found::Read(conf) => {
            let bind = conf.bind.as_deref().unwrap_or("all addresses");
            let plain = match (conf.port, conf.tls_port) {
                (None, None) => {
                    return format!("{file} has no enabled = yes in [general]: AMI is off");
                }
                (Some(port), _) => format!("AMI at port {port} of {bind}"),
                (None, _) => "no AMI without TLS".to_owned(),
            };
            let secured = match conf.tls_port {
                Some(port) => format!("TLS at port {port}"),
                None => "no TLS".to_owned(),
            };
            let users = match &conf.names()[..] {
                [] => "no users with a secret".to_owned(),
                names => format!("users {}", names.join(", ")),
            };
            format!("{plain}; {secured}; {users}")
        }
    }
}

/// What listens at a port of this machine, and whether it is AMI.
fn listening(settings: &Settings, port: u16, tls: bool) -> (String, bool) {
    let mut near = settings.clone();
    near.connect_timeout = settings.connect_timeout.min(NEAR);
    let mut destination = Destination {
        target: Some(Target {
            user: None,
            host: "127.0.0.1".to_owned(),
            port: Some(port),
            tls: Some(tls),
        }),
        tls,
        ..Destination::default()
    };
    // Only to see what is there: nothing but a handshake is sent.
    destination.trust.insecure = tls;
    match reach::connect(&near, &destination, None) {
        Ok(session) => {
            let banner = session.banner();
            let banner = PeerText::new(&banner[..]).terminal().trim().to_owned();
            let tls = if tls { ", with TLS" } else { "" };
            (format!("{banner}{tls}"), true)
        }
        Err(session::Error::Connect { .. }) => ("nothing listens".to_owned(), false),
        Err(session::Error::NotAmi { stranger, .. } | session::Error::NoTls { stranger, .. }) => {
            (stranger.to_string(), false)
        }
        Err(why) => (why.to_string(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::FileError;

    /// What is told of a manager.conf with this text.
    fn of(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("manager.conf"), text).unwrap();
        told(&Found::at(folder.path()))
    }

    // The first lines that somebody reads who does not know where to begin.
    #[test]
    fn what_is_on_this_machine_is_told_in_a_line() {
        let users = "[ann]\nsecret = hunter2\n[bob]\nsecret = x\n";
        let on = format!("[general]\nenabled = yes\nbindaddr = 127.0.0.1\n{users}");
        assert_eq!(
            of(&on),
            "AMI at port 5038 of 127.0.0.1; no TLS; users ann, bob"
        );
        let tls = "[general]\nenabled = yes\nport = 6000\ntlsenable = yes\n";
        assert_eq!(
            of(tls),
            "AMI at port 6000 of all addresses; TLS at port 5039; no users with a secret"
        );
        assert!(of("[general]\n").contains("no enabled = yes in [general]"));
        assert!(of("secret = x\n").contains("Asterisk refuses it"));
        let empty = tempfile::tempdir().unwrap();
        assert!(!is_freepbx(empty.path()));
        std::fs::write(empty.path().join("manager_custom.conf"), "").unwrap();
        assert!(is_freepbx(empty.path()));
        let nothing = told(&Found::at(empty.path()));
        assert!(nothing.starts_with("there is no /etc/asterisk/manager.conf"));
        std::fs::create_dir(empty.path().join("manager.conf")).unwrap();
        let odd = told(&Found::at(empty.path()));
        assert!(odd.contains("cannot be read: it is a directory"), "{odd}");
        let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let closed = told(&Found::Closed(FileError::System(denied)));
        assert!(
            closed.contains("cannot be read: permission denied"),
            "{closed}"
        );
        assert!(closed.contains("as root"), "{closed}");
    }
}
