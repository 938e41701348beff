//! Where the user's name and secret come from.

use super::command::{self, CommandError};
use super::{Destination, manager_conf::ManagerConf, private};
use crate::ami::Secret;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why there is no user or no secret.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The system's words.
    #[error("cannot read the secret from {path}: {why}")]
    File {
        /// As given.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// Others than its owner may read or write it.
    #[error(transparent)]
    Exposed(#[from] private::Exposed),
    /// The command that should print it.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// Nobody to ask.
    #[error("no AMI user: use -u NAME, user@host, AMISH_USER or a profile{0}")]
    NoUser(String),
    /// Nobody to ask.
    #[error(
        "no secret for {0}: use AMISH_SECRET, --secret-file, --secret-command, a profile, or a terminal to be asked on"
    )]
    NoSecret(String),
    /// Ctrl-C, Ctrl-D or an empty line where it was asked for.
    #[error("no secret was typed for {0}: not logged in")]
    NotTyped(String),
}

/// What holds a secret.
#[derive(Clone)]
pub enum SecretSource {
    /// The environment, or the configuration file itself: the secret.
    Text(String),
    /// The first line of a file.
    File(PathBuf),
    /// The first line that a program prints; the program and its arguments.
    Command(Vec<String>),
}

impl SecretSource {
    fn read(&self) -> Result<Secret, SecretError> {
        match self {
            SecretSource::Text(secret) => Ok(secret.clone()),
            SecretSource::File(path) => read(path),
            SecretSource::Command(words) => Ok(command::first_line(words)?),
        }
        .map(Secret::new)
    }
}

/// Without what may be the secret.
impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretSource::Text(_) => f.write_str("Text(***)"),
            SecretSource::File(path) => f.debug_tuple("File").field(path).finish(),
            SecretSource::Command(words) => f.debug_tuple("Command").field(&words.first()).finish(),
        }
    }
}

impl Destination {
    /// May a person or a program be asked?
    pub fn asks(&self) -> bool {
        let asked = matches!(self.secret, None | Some(SecretSource::Command(_)));
        asked || self.user.is_none()
    }

    /// The user and the secret. What is missing comes from the manager.conf in
    /// `asterisk`, where that is the server's, or is asked for on the terminal
    /// device; standard input may be a script.
    ///
    /// # Errors
    /// What should hold the secret cannot be read, or there is nobody to ask.
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
            // Which of several rights is meant is not for us to guess.
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

/// Who logs in.
#[derive(Debug)]
pub struct Account {
    /// As typed, or as found.
    pub user: String,
    /// What goes with it.
    pub secret: Secret,
    /// The file in which the secret was found though nobody named it.
    pub found_in: Option<PathBuf>,
}

/// The first line of a file, without its line end.
fn read(path: &Path) -> Result<String, SecretError> {
    let wrong = |why: String| SecretError::File {
        path: path.to_owned(),
        why,
    };
    let file = File::open(path).map_err(|e| wrong(e.to_string()))?;
    private::check(&file, path)?;
    let mut line = String::new();
    // No header is longer, and /dev/zero has no line end.
    let mut start = BufReader::new(file.take(4096));
    start
        .read_line(&mut line)
        .map_err(|e| wrong(e.to_string()))?;
    let secret = line.trim_end_matches(['\r', '\n']);
    match secret.is_empty() {
        true => Err(wrong("its first line is empty".to_owned())),
        false => Ok(secret.to_owned()),
    }
}

fn ask_secret(user: &str) -> Result<String, SecretError> {
    let user = user.to_owned();
    match rpassword::prompt_password(format!("Secret for {user}: ")) {
        Ok(secret) if secret.is_empty() => Err(SecretError::NotTyped(user)),
        Ok(secret) => Ok(secret),
        Err(error) => match error.kind() {
            ErrorKind::Interrupted | ErrorKind::UnexpectedEof => Err(SecretError::NotTyped(user)),
            _ => Err(SecretError::NoSecret(user)),
        },
    }
}

/// Asks for one of the `known` users, or for any other.
fn ask_user(known: &[&str]) -> Result<String, SecretError> {
    let known = known.join(", ");
    let (hint, named) = match known.is_empty() {
        true => Default::default(),
        false => (format!(" ({known})"), format!("; manager.conf has {known}")),
    };
    typed(&format!("User{hint}: ")).ok_or(SecretError::NoUser(named))
}

fn typed(prompt: &str) -> Option<String> {
    let mut terminal = File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .ok()
        .filter(IsTerminal::is_terminal)?;
    write!(terminal, "{prompt}").ok()?;
    let mut line = String::new();
    BufReader::new(terminal).read_line(&mut line).ok()?;
    let user = line.trim();
    (!user.is_empty()).then(|| user.to_owned())
}
