//! Where the user's name and secret come from.

use crate::ami::Secret;
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
    /// Nobody to ask.
    #[error("no AMI user: use -u NAME, user@host or AMISH_USER")]
    NoUser,
    /// Nobody to ask.
    #[error("no secret for {0}: use AMISH_SECRET, --secret-file, or a terminal to be asked on")]
    NoSecret(String),
    /// Ctrl-C, Ctrl-D or an empty line where it was asked for.
    #[error("no secret was typed for {0}: not logged in")]
    NotTyped(String),
}

/// Where to look, in the order of looking.
#[derive(Debug, Default)]
pub struct Sources {
    /// `-u`, the target, or `AMISH_USER`.
    pub user: Option<String>,
    /// `--secret-file`.
    pub file: Option<PathBuf>,
    /// `AMISH_SECRET`.
    pub secret: Option<String>,
    /// `AMISH_SECRET_FILE`.
    pub file_of_environment: Option<PathBuf>,
}

impl Sources {
    /// Is there something to ask for?
    pub fn asks(&self, user: Option<&str>) -> bool {
        let user = user.or(self.user.as_deref());
        let secret = self.file.is_some() || self.secret.is_some();
        user.is_none() || !(secret || self.file_of_environment.is_some())
    }

    /// The user, where `user` does not name one, and the secret; asking on the terminal device for what is
    /// missing; standard input may be a script.
    ///
    /// # Errors
    /// A file that cannot be read, or nobody to ask.
    pub fn obtain(&self, user: Option<&str>) -> Result<(String, Secret), SecretError> {
        let user = match user.or(self.user.as_deref()) {
            Some(user) => user.to_owned(),
            None => ask_user().ok_or(SecretError::NoUser)?,
        };
        let secret = if let Some(path) = &self.file {
            read(path)?
        } else if let Some(secret) = &self.secret {
            secret.clone()
        } else if let Some(path) = &self.file_of_environment {
            read(path)?
        } else {
            let prompt = format!("Secret for {user}: ");
            ask_secret(prompt, &user)?
        };
        Ok((user, Secret::new(secret)))
    }
}

/// The first line of a file, without its line end.
fn read(path: &Path) -> Result<String, SecretError> {
    let wrong = |why: String| SecretError::File {
        path: path.to_owned(),
        why,
    };
    let file = File::open(path).map_err(|e| wrong(e.to_string()))?;
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

fn ask_secret(prompt: String, user: &str) -> Result<String, SecretError> {
    let user = user.to_owned();
    match rpassword::prompt_password(prompt) {
        Ok(secret) if secret.is_empty() => Err(SecretError::NotTyped(user)),
        Ok(secret) => Ok(secret),
        Err(error) => match error.kind() {
            ErrorKind::Interrupted | ErrorKind::UnexpectedEof => Err(SecretError::NotTyped(user)),
            _ => Err(SecretError::NoSecret(user)),
        },
    }
}

fn ask_user() -> Option<String> {
    let mut terminal = File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .ok()
        .filter(IsTerminal::is_terminal)?;
    write!(terminal, "User: ").ok()?;
    let mut line = String::new();
    BufReader::new(terminal).read_line(&mut line).ok()?;
    let user = line.trim();
    (!user.is_empty()).then(|| user.to_owned())
}
