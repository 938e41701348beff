//! Errors that end a run, each with its exit code and advice.

use crate::ami::LoginError;
use crate::broker;
use crate::diagnosis::doctor;
use crate::engine::{login_code, session_code};
use crate::exit_code::Code;
use crate::files::FileError;
use crate::session;
use crate::settings::{CommandError, ConfigError, SecretError, SettingsError};
use std::net::IpAddr;
use std::path::PathBuf;
use thiserror::Error;

/// An error that ends a run, built from the errors of the layers.
#[derive(Debug, Error)]
pub enum Error {
    /// The command line or environment is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The configuration file is wrong, for `--list-profiles`.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The user or secret cannot be determined.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The session cannot be opened, or sends nothing.
    #[error(transparent)]
    Session(#[from] session::Error),
    /// No PBX was reached, perhaps because another target is meant.
    #[error("{why}")]
    Unreached {
        /// The cause, with the name.
        why: session::Error,
        /// What to try.
        advice: Vec<String>,
    },
    /// The login was refused, or not tried because there was no safe way.
    #[error("{why}")]
    Login {
        /// The reason, including the server's message.
        why: LoginError,
        /// The user who logged in.
        user: String,
        /// The local address.
        from: Option<IpAddr>,
    },
    /// A syntax error in a script or line.
    #[error("{0}")]
    Syntax(String),
    /// The confirmation was answered with no.
    #[error("nothing was sent")]
    Declined,
    /// A file cannot be read or written.
    #[error("{path}: {why}")]
    File {
        /// The path as given.
        path: PathBuf,
        /// The cause.
        why: std::io::Error,
    },
    /// Standard output cannot be written to.
    #[error("cannot write the output: {0}")]
    Output(std::io::Error),
    /// The broker cannot be reached at first, or does not let amish in.
    #[error("{place}: {why}")]
    Broker {
        /// `host:port`.
        place: String,
        /// The cause.
        why: broker::Error,
    },
    /// The signal handlers cannot be installed.
    #[error("cannot handle signals: {0}")]
    Signals(std::io::Error),
    /// No thread for one of many PBXs.
    #[error("cannot start a thread: {0}; ulimit -u limits them, and --shard shares the PBXs out")]
    Thread(std::io::Error),
    /// The terminal cannot be used.
    #[error("cannot use the terminal: {0}; -c, -f and standard input work without one")]
    Terminal(std::io::Error),
    /// The metrics cannot be served.
    #[error(
        "cannot listen on {0}: {1}; --listen takes an address and a port that is free, as in 127.0.0.1:9140"
    )]
    Listen(String, std::io::Error),
    /// The built-in PBX cannot be started.
    #[error("cannot start the built-in PBX: {0}")]
    Demo(std::io::Error),
}

impl Error {
    /// The exit code for this error.
    pub fn code(&self) -> Code {
        match self {
            Error::Settings(SettingsError::Config(error)) => config_code(error),
            Error::Secret(SecretError::File { why, .. }) => file_code(why),
            Error::Secret(SecretError::NotInFile { .. }) => Code::Failed,
            Error::Secret(SecretError::Command(error)) => command_code(error),
            Error::Config(error) => config_code(error),
            Error::Settings(_) | Error::Secret(_) | Error::Syntax(_) | Error::Declined => {
                Code::Usage
            }
            Error::Broker {
                why: broker::Error::InClear,
                ..
            } => Code::Usage,
            Error::Login { why, .. } => login_code(why),
            Error::Session(why) | Error::Unreached { why, .. } => session_code(why),
            Error::File { .. }
            | Error::Output(_)
            | Error::Broker { .. }
            | Error::Demo(_)
            | Error::Listen(..)
            | Error::Signals(_)
            | Error::Thread(_)
            | Error::Terminal(_) => Code::Failed,
        }
    }

    /// May retrying the connection and login succeed?
    pub fn is_temporary(&self) -> bool {
        match self {
            Error::Session(why) | Error::Unreached { why, .. } => !why.is_refusal(),
            Error::Login { why, .. } => why.is_temporary(),
            _ => false,
        }
    }

    /// What to try, one line each, most likely first. Empty if the message says
    /// it all.
    pub fn advice(&self) -> Vec<String> {
        match self {
            Error::Login { why, user, from } => login_advice(why, user, *from),
            Error::Unreached { advice, .. } => advice.clone(),
            Error::Session(session::Error::Certificate { .. }) => vec![
                "as a last resort, --insecure accepts any certificate: anyone in between can then read and change everything".to_owned(),
            ],
            _ => Vec::new(),
        }
    }
}

/// The advice for a refused login. The server's message is the same for all of
/// the causes.
fn login_advice(why: &LoginError, user: &str, from: Option<IpAddr>) -> Vec<String> {
    match why {
        LoginError::InUse(_) => {
            let advice = format!(
                "another session of {user} is logged in, and manager.conf has allowmultiplelogin = no: end that session, or use another user"
            );
            return vec![advice];
        }
        LoginError::Refused(_) => {}
        LoginError::Stopping(_)
        | LoginError::NoChallenge(_)
        | LoginError::ChallengeWithdrawn(_)
        | LoginError::Unexpected(_)
        | LoginError::Unsendable(_) => return Vec::new(),
    }
    let address = from.map_or("our address".to_owned(), |from| {
        format!("our address, {}", from.to_canonical())
    });
    let mut advice = vec![
        "1. the user or the secret is wrong (secrets are exact, users are not case-sensitive)"
            .to_owned(),
        format!(
            "2. permit=, deny= or acl= of the user in manager.conf refuse {address} (the server's message is the same)"
        ),
        "3. manager.conf was changed and not reloaded: manager reload".to_owned(),
        "lines for manager.conf that let us in, unless a router changes the address:".to_owned(),
    ];
    let lines = doctor::admission(user, from).into_iter();
    advice.extend(lines.map(|line| format!("    {line}")));
    advice
}

fn config_code(error: &ConfigError) -> Code {
    match error {
        ConfigError::File(_, why) => file_code(why),
        ConfigError::NotText(_) => Code::Failed,
        ConfigError::Line(..) => Code::Usage,
    }
}

/// An unsafe file is for its owner to fix, not a failure of this machine.
fn file_code(error: &FileError) -> Code {
    match error.is_unsafe() {
        true => Code::Usage,
        false => Code::Failed,
    }
}

fn command_code(error: &CommandError) -> Code {
    match error {
        CommandError::Empty | CommandError::Words(_) => Code::Usage,
        _ => Code::Failed,
    }
}
