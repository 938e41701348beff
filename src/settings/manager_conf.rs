//! The users of the Asterisk on this machine, from its manager.conf.

use super::target::{PORT, TLS_PORT, Target};
use crate::asterisk_conf::{self, Category};
use crate::files::{self, FileError};
use std::fmt;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

pub use crate::asterisk_conf::FOLDER;

const FILE: &str = "manager.conf";

/// The file of the users that FreePBX does not write itself.
const CUSTOM: &str = "manager_custom.conf";

/// What there is in the directory of Asterisk's configuration.
#[derive(Debug)]
pub enum Found {
    /// No manager.conf.
    Nothing,
    /// It is there, and cannot be read.
    Closed(FileError),
    /// Asterisk would refuse it.
    Refused,
    /// It is read.
    Read(ManagerConf),
}

impl Found {
    /// What there is in `folder`.
    pub fn at(folder: &Path) -> Found {
        match files::open(&folder.join(FILE)) {
            Err(FileError::System(why)) if why.kind() == ErrorKind::NotFound => Found::Nothing,
            Err(why) => Found::Closed(why),
            Ok(_) => ManagerConf::read(folder).map_or(Found::Refused, Found::Read),
        }
    }
}

/// Whether FreePBX writes the manager.conf in `folder`.
pub fn is_freepbx(folder: &Path) -> bool {
    folder.join(CUSTOM).symlink_metadata().is_ok()
}

/// The contents of manager.conf that matter here.
pub struct ManagerConf {
    /// The file.
    pub path: PathBuf,
    /// The address that it listens at, as written; None: at all.
    pub bind: Option<String>,
    /// None: it does not listen without TLS.
    pub port: Option<u16>,
    /// None: it does not listen with TLS.
    pub tls_port: Option<u16>,
    /// Names and secrets.
    users: Vec<(String, String)>,
}

/// Shows no secrets.
impl fmt::Debug for ManagerConf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.names().join(", "))
    }
}

impl ManagerConf {
    /// Reads the file in `folder`, if it belongs to the server of `target`,
    /// with or without TLS. That server must be on this machine and on the port
    /// in the file: a tunnel to another server has another port.
    pub fn of(target: &Target, tls: bool, folder: &Path) -> Option<ManagerConf> {
        if !is_loopback(&target.host) {
            return None;
        }
        let conf = ManagerConf::read(folder)?;
        let port = match tls {
            true => conf.tls_port,
            false => conf.port,
        };
        (port == Some(target.port_of(tls))).then_some(conf)
    }

    /// Reads the file in `folder`. None: it cannot be read, or Asterisk would
    /// refuse it.
    pub fn read(folder: &Path) -> Option<ManagerConf> {
        let found = asterisk_conf::read(folder, FILE).ok()?;
        let mut conf = ManagerConf {
            path: folder.join(FILE),
            bind: None,
            port: None,
            tls_port: None,
            users: Vec::new(),
        };
        let mut is_first = true;
        for category in found.categories.iter().filter(|one| !one.is_template) {
            match category.name.eq_ignore_ascii_case("general") {
                true if is_first => {
                    is_first = false;
                    conf.listen(category);
                }
                true => {}
                false => conf.add(category),
            }
        }
        Some(conf)
    }

    /// The users who have a secret.
    pub fn names(&self) -> Vec<&str> {
        self.users.iter().map(|(name, _)| &**name).collect()
    }

    /// The secret of `user`. Servers ignore the case of user names.
    pub fn secret(&self, user: &str) -> Option<&str> {
        let mut users = self.users.iter();
        let found = users.find(|(name, _)| name.eq_ignore_ascii_case(user));
        found.map(|(_, secret)| &**secret)
    }

    fn listen(&mut self, general: &Category) {
        let (mut enabled, mut secured) = (false, false);
        let (mut port, mut tls_port) = (PORT, TLS_PORT);
        for asterisk_conf::Value { key, value, .. } in &general.values {
            match key.to_ascii_lowercase().as_str() {
                "enabled" => enabled = is_true(value),
                "bindaddr" => self.bind = Some(value.clone()),
                "port" => port = unprivileged(value).unwrap_or(port),
                "tlsenable" | "sslenable" => secured = is_true(value),
                // tlsbindport is documented, but has no effect.
                "tlsbindaddr" | "sslbindaddr" => {
                    let address = value.parse::<Target>().ok();
                    tls_port = address.and_then(|one| one.port).unwrap_or(TLS_PORT);
                }
                _ => {}
            }
        }
        self.port = enabled.then_some(port);
        self.tls_port = (enabled && secured).then_some(tls_port);
    }

    fn add(&mut self, category: &Category) {
        let values = category.values.iter().rev();
        let mut secrets = values.filter(|one| one.key.eq_ignore_ascii_case("secret"));
        let name = &category.name;
        let secret = secrets.next().map(|one| &one.value);
        let Some(secret) = secret.filter(|_| !name.contains(char::is_control)) else {
            return;
        };
        self.users
            .retain(|(one, _)| !one.eq_ignore_ascii_case(name));
        // The original bytes are unknown if they were not UTF-8.
        if !secret.is_empty() && !secret.contains('\u{fffd}') {
            self.users.push((name.clone(), secret.clone()));
        }
    }
}

/// Whether `host` is this machine.
pub fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// A port as Asterisk parses it for `port`.
fn unprivileged(value: &str) -> Option<u16> {
    value.parse().ok().filter(|port| *port >= 1024)
}

/// A boolean as Asterisk parses it.
fn is_true(value: &str) -> bool {
    let words = ["yes", "true", "y", "t", "1", "on"];
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}
