//! The user and the secret of a destination, found or asked for.

use super::destination::Destination;
use super::fleet::{Fleet, Pbx};
use super::manager_conf::ManagerConf;
use super::prompt::{self, Echo};
use super::secret::{SecretError, SecretSource};
use crate::ami::Secret;
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

impl Destination {
    /// Whether the login may have to ask a person or run a program.
    pub fn asks(&self) -> bool {
        let asked = matches!(self.secret, None | Some(SecretSource::Command(_)));
        asked || self.user.is_none()
    }

    /// The user and the secret. What is missing is taken from the manager.conf
    /// in the directory `asterisk`, if that is the server's, or asked for on
    /// the terminal device, because standard input may be a script.
    ///
    /// # Errors
    /// The secret's source cannot be read, or there is no terminal to ask on.
    pub fn account(&self, asterisk: &Path) -> Result<Account, SecretError> {
        if let Some(source) = &self.secret {
            let user = match &self.user {
                Some(user) => user.clone(),
                None => ask_user(&[])?,
            };
            let secret = source.read()?;
            return Ok(Account {
                user,
                secret,
                found_in: None,
            });
        }
        let target = self.target.as_ref();
        let conf = target.and_then(|target| ManagerConf::of(target, self.tls, asterisk));
        let known = conf.as_ref().map(ManagerConf::names).unwrap_or_default();
        let user = match (&self.user, known.as_slice()) {
            (Some(user), _) => user.clone(),
            (None, [only]) => (*only).to_owned(),
            // Users have different rights: do not guess one of several.
            (None, known) => ask_user(known)?,
        };
        let found = conf.as_ref().and_then(|conf| conf.secret(&user));
        let secret = match found {
            Some(secret) => secret.to_owned(),
            None => ask_secret(&user)?,
        };
        Ok(Account {
            user,
            secret: Secret::new(secret),
            found_in: found.and(conf.as_ref()).map(|conf| conf.path.clone()),
        })
    }
}

impl Fleet {
    /// Asks for what is missing before there are many sessions, for whose questions
    /// nobody could tell which is which: one secret a user.
    ///
    /// # Errors
    /// There is no terminal to ask on.
    pub fn ask(&mut self) -> Result<(), SecretError> {
        let mut typed: HashMap<String, String> = HashMap::new();
        let mut nameless: Option<String> = None;
        let lacking = |pbx: &&mut Pbx| pbx.destination.secret.is_none();
        for pbx in self.pbxs.iter_mut().filter(lacking) {
            let user = match &pbx.destination.user {
                Some(user) => user.clone(),
                None => match &nameless {
                    Some(user) => user.clone(),
                    None => nameless.insert(ask_user(&[])?).clone(),
                },
            };
            let secret = match typed.get(&user) {
                Some(secret) => secret.clone(),
                None => ask_secret(&user)?,
            };
            typed.insert(user.clone(), secret.clone());
            pbx.destination.secret = Some(SecretSource::Text(secret));
            pbx.destination.user = Some(user);
        }
        Ok(())
    }
}

/// The user and the secret to log in with.
#[derive(Debug)]
pub struct Account {
    /// As typed, or as found.
    pub user: String,
    /// The user's secret.
    pub secret: Secret,
    /// The manager.conf that the secret came from, if any.
    pub found_in: Option<PathBuf>,
}

fn ask_secret(user: &str) -> Result<String, SecretError> {
    let user = user.to_owned();
    match prompt::ask(&format!("Secret for {user}: "), Echo::Off) {
        Ok(Some(secret)) if !secret.is_empty() => Ok(secret),
        Ok(_) => Err(SecretError::NotTyped(user)),
        Err(why) => Err(unusable(&why, "secret").unwrap_or(SecretError::NoSecret(user))),
    }
}

/// Asks for one of the `known` users, or any other.
fn ask_user(known: &[&str]) -> Result<String, SecretError> {
    let known = known.join(", ");
    let (hint, named) = match known.is_empty() {
        true => Default::default(),
        false => (format!(" ({known})"), format!("; manager.conf has {known}")),
    };
    match prompt::ask(&format!("User{hint}: "), Echo::On) {
        Ok(Some(user)) if !user.trim().is_empty() => Ok(user.trim().to_owned()),
        Err(why) => Err(unusable(&why, "user").unwrap_or(SecretError::NoUser(named))),
        Ok(_) => Err(SecretError::NoUser(named)),
    }
}

/// Why there is no answer, though there was somebody to ask for `what`.
fn unusable(why: &io::Error, what: &'static str) -> Option<SecretError> {
    match why.kind() {
        ErrorKind::Interrupted => Some(SecretError::Interrupted),
        ErrorKind::InvalidData => Some(SecretError::Unusable(what, why.to_string())),
        _ => None,
    }
}
