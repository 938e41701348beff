//! Why amish gave up: an exit code and a line of advice for each kind.

use crate::ami::LoginError;
use crate::perform::{Code, doctor};
use crate::session;
use crate::settings::{CommandError, ConfigError, SecretError, SettingsError};
use std::net::IpAddr;
use std::path::PathBuf;
use thiserror::Error;

/// Whatever ends a run, made of the layers' own errors.
#[derive(Debug, Error)]
pub enum Error {
    /// How amish was called.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The configuration file, where nothing else was asked for.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No user or secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// No session, or nothing could be sent.
    #[error(transparent)]
    Session(#[from] session::Error),
    /// It was refused, or not tried for want of a safe way.
    #[error("{why}")]
    Login {
        /// Why; the server's words are in it.
        why: LoginError,
        /// As whom.
        user: String,
        /// The address of our end.
        from: Option<IpAddr>,
    },
    /// A script or a line that cannot be read as one.
    #[error("{0}")]
    Syntax(String),
    /// A question was answered no.
    #[error("nothing was sent")]
    Declined,
    /// A file of the user's.
    #[error("{path}: {why}")]
    File {
        /// As given.
        path: PathBuf,
        /// The system's words.
        why: std::io::Error,
    },
    /// Standard output cannot be written to.
    #[error("cannot write the output: {0}")]
    Output(std::io::Error),
    /// No handlers for signals.
    #[error("cannot watch for signals: {0}")]
    Signals(std::io::Error),
    /// Lines cannot be read from it.
    #[error("cannot use the terminal: {0}; -c, -f and standard input need none")]
    Terminal(std::io::Error),
    /// The built-in PBX cannot be had.
    #[error("cannot start the built-in PBX: {0}")]
    Demo(std::io::Error),
}

impl Error {
    /// The exit code of this kind.
    pub fn code(&self) -> Code {
        match self {
            Error::Settings(SettingsError::Config(error)) => config_code(error),
            Error::Secret(SecretError::File { .. }) => Code::Failed,
            Error::Secret(SecretError::Command(error)) => command_code(error),
            Error::Config(error) => config_code(error),
            Error::Settings(_) | Error::Secret(_) | Error::Syntax(_) | Error::Declined => {
                Code::Usage
            }
            Error::Login { why, .. } => login_code(why),
            Error::Session(error) => session_code(error),
            Error::File { .. }
            | Error::Output(_)
            | Error::Demo(_)
            | Error::Signals(_)
            | Error::Terminal(_) => Code::Failed,
        }
    }

    /// May a later try to connect and to log in succeed?
    pub fn is_passing(&self) -> bool {
        match self {
            Error::Session(error) => !error.is_refusal(),
            Error::Login { why, .. } => why.is_passing(),
            _ => false,
        }
    }

    /// What to try, a line each, most likely first.
    pub fn advice(&self) -> Vec<String> {
        match self {
            Error::Login { why, user, from } => login_advice(why, user, *from),
            Error::Session(session::Error::Certificate { .. }) => vec![
                "as a last resort, --insecure takes any certificate: whoever is in between can read and change everything then".to_owned(),
            ],
            _ => Vec::new(),
        }
    }
}

/// A server says the same for each of these.
fn login_advice(why: &LoginError, user: &str, from: Option<IpAddr>) -> Vec<String> {
    match why {
        LoginError::InUse(_) => {
            let advice = format!(
                "another session of {user} is logged in, and manager.conf has allowmultiplelogin = no: end that one, or take another user"
            );
            return vec![advice];
        }
        LoginError::Refused(_) => {}
        LoginError::Stopping(_) | LoginError::NoChallenge(_) | LoginError::Unsendable(_) => {
            return Vec::new();
        }
    }
    let address = from.map_or("our address".to_owned(), |from| {
        format!("our address, {}", from.to_canonical())
    });
    let mut advice = vec![
        "1. the user or the secret is wrong (secrets are exact, users are not case-sensitive)"
            .to_owned(),
        format!(
            "2. permit=, deny= or acl= of the user in manager.conf refuse {address}: the server says the same then"
        ),
        "3. manager.conf was changed and not reloaded: manager reload".to_owned(),
        "lines of manager.conf that let us in, if no router changes the address:".to_owned(),
    ];
    let lines = doctor::admission(user, from).into_iter();
    advice.extend(lines.map(|line| format!("    {line}")));
    advice
}

fn config_code(error: &ConfigError) -> Code {
    match error {
        ConfigError::Read(..) => Code::Failed,
        ConfigError::Exposed(_) | ConfigError::Line(..) => Code::Usage,
    }
}

fn command_code(error: &CommandError) -> Code {
    match error {
        CommandError::Empty | CommandError::Words(_) => Code::Usage,
        _ => Code::Failed,
    }
}

fn login_code(why: &LoginError) -> Code {
    match why {
        LoginError::Stopping(_) => Code::NoConnection,
        // Nothing was sent.
        LoginError::Unsendable(_) => Code::Usage,
        _ => Code::Login,
    }
}

/// The exit code of what the session refused or failed at.
pub fn session_code(error: &session::Error) -> Code {
    match error {
        session::Error::Login(why) => login_code(why),
        session::Error::Certificate { .. } => Code::Login,
        session::Error::Refused(_) | session::Error::TlsName(_) => Code::Usage,
        session::Error::Thread(_) | session::Error::CaFile { .. } | session::Error::Trust(_) => {
            Code::Failed
        }
        session::Error::Resolve { .. }
        | session::Error::Connect { .. }
        | session::Error::NotAmi { .. }
        | session::Error::NoTls { .. }
        | session::Error::LoginUnanswered(_)
        | session::Error::NotConnected => Code::NoConnection,
    }
}
