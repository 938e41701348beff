//! The sources of the secret, and reading it from them.

use super::command::{self, CommandError};
use crate::ami::Secret;
use crate::files::{self, FileError};
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why there is no user or no secret.
#[derive(Debug, Error)]
pub enum SecretError {
    /// It cannot be read, or others could read or change it.
    #[error("cannot use the secret in {path}: {why}")]
    File {
        /// As given.
        path: PathBuf,
        /// What is wrong with it.
        why: FileError,
    },
    /// Its first line is not a secret.
    #[error("there is no secret in {path}: its first line {what}")]
    NotInFile {
        /// As given.
        path: PathBuf,
        /// What is wrong with that line.
        what: &'static str,
    },
    /// The command that prints it failed.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// There is no terminal to ask on.
    #[error("no AMI user: use -u NAME, user@host, AMISH_USER or a profile{0}")]
    NoUser(String),
    /// There is no terminal to ask on.
    #[error(
        "no secret for {0}: use AMISH_SECRET, --secret-file, --secret-command, a profile, or run amish on a terminal"
    )]
    NoSecret(String),
    /// Ctrl-D or an empty line at the prompt.
    #[error("no secret was typed for {0}: not logged in")]
    NotTyped(String),
    /// What was typed at the prompt, and what is wrong with it.
    #[error("the {0} that was typed {1}: not logged in")]
    Unusable(&'static str, String),
    /// Ctrl-C at the prompt.
    #[error("stopped: not logged in")]
    Interrupted,
}

/// The source of a secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum SecretSource {
    /// The secret itself, from the environment or the configuration file.
    Text(String),
    /// The first line of a file.
    File(PathBuf),
    /// The first line that a program prints: the program and its arguments.
    Command(Vec<String>),
}

impl SecretSource {
    /// Reads the secret.
    ///
    /// # Errors
    /// The source cannot be used, or the command printed none.
    pub(super) fn read(&self) -> Result<Secret, SecretError> {
        self.text().map(Secret::new)
    }

    /// The secret as text, for a protocol that has no challenge.
    ///
    /// # Errors
    /// The source cannot be used, or the command printed none.
    pub fn text(&self) -> Result<String, SecretError> {
        match self {
            SecretSource::Text(secret) => Ok(secret.clone()),
            SecretSource::File(path) => first_line(path),
            SecretSource::Command(words) => Ok(command::first_line(words)?),
        }
    }
}

/// Shows neither the secret nor arguments, which may contain it.
impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretSource::Text(_) => f.write_str("Text(***)"),
            SecretSource::File(path) => f.debug_tuple("File").field(path).finish(),
            SecretSource::Command(words) => f.debug_tuple("Command").field(&words.first()).finish(),
        }
    }
}

/// The longest secret in a file, in bytes. A header has room for a quarter of
/// it, but the answer to a challenge is a digest of fixed length.
const LONGEST: u64 = 4096;

/// The secret in the first line of a file, without the line end.
///
/// # Errors
/// The file cannot be read, others may read it, or its first line is empty or
/// too long.
pub fn first_line(path: &Path) -> Result<String, SecretError> {
    let wrong = |why| SecretError::File {
        path: path.to_owned(),
        why,
    };
    let not_in_file = |what| SecretError::NotInFile {
        path: path.to_owned(),
        what,
    };
    let file = files::open_secret(path).map_err(wrong)?;
    let mut line = Vec::new();
    // Includes a line end of two bytes.
    let mut start = BufReader::new(file.take(LONGEST + 2));
    let read = start.read_until(b'\n', &mut line);
    read.map_err(|why| wrong(why.into()))?;
    let line = String::from_utf8(line).map_err(|_| not_in_file("is not UTF-8 text"))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Err(not_in_file("is empty")),
        long if long.len() as u64 > LONGEST => Err(not_in_file("is longer than 4096 bytes")),
        secret => Ok(secret.to_owned()),
    }
}
