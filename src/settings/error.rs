//! What was wrong with how amish was called.

use super::command::CommandError;
use super::config::ConfigError;
use super::fleet::FleetError;
use super::target::TargetError;
use crate::broker::UrlError;
use crate::language::Fault;
use thiserror::Error;

/// What was wrong with how amish was called.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The target cannot be used.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The configuration file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `@group`, `a,b` or `--targets`.
    #[error(transparent)]
    Fleet(#[from] FleetError),
    /// `--secret-command`.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// An expression cannot be parsed.
    #[error("{0} '{1}': {2}")]
    Expr(&'static str, String, Fault),
    /// Not a duration, or one that nobody can wait for.
    #[error("{0} {1}")]
    Time(&'static str, String),
    /// `-e call`: the classes are taken for an action.
    #[error(
        "an action and -e exclude each other: choose one; -e takes classes behind an equals sign, -e={0}, and names of events with --filter"
    )]
    EventsApart(String),
    /// `-f` twice: neither file may be dropped in silence.
    #[error(
        "-f takes one script: run the second with amish … -f FILE after it, or /source FILE in the first"
    )]
    OneScript,
    /// The option would have no effect, though the user relies on it.
    #[error("{0} needs TLS: use --tls, or amis:// before the host")]
    WithoutTls(&'static str),
    /// `--tls` with a target that excludes it.
    #[error("--tls contradicts ami://, which is AMI without TLS: use amis://, or the host alone")]
    Contradiction,
    /// Bytes in the environment that are not UTF-8.
    #[error("{0} is not UTF-8 text")]
    NotText(&'static str),
    /// `--to`.
    #[error(transparent)]
    To(#[from] UrlError),
    /// `--to` with a form that is not made for programs.
    #[error("--to sends json: leave -o out")]
    ToForm,
    /// `metrics queues`: there are no parts of it.
    #[error("metrics takes nothing behind it but options, such as --listen 127.0.0.1:9140")]
    MetricsAlone,
    /// `--listen` without metrics.
    #[error("--listen is for metrics: amish TARGET metrics --listen 127.0.0.1:9140")]
    ListenAlone,
    /// `--name` or `--rights` without init.
    #[error("{0} is for init: amish init TARGET {0} …")]
    InitAlone(&'static str),
    /// What stands behind `help`, `init` or `doctor`.
    #[error("{0}")]
    FirstWord(&'static str),
    /// An option without effect behind a first word.
    #[error("{1} takes no {0}: {2}")]
    Idle(String, &'static str, &'static str),
    /// What is no target, and what it was meant as.
    #[error("{0}")]
    Misplaced(String),
    /// Two modes at once.
    #[error("{0} and {1} exclude each other: choose one")]
    Exclusive(&'static str, &'static str),
}
