//! What the command line asks for.

use super::error::SettingsError;
use crate::ami::Classes;
use crate::cli::Cli;
use crate::language::METRICS;
use std::path::PathBuf;

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// A shell on a terminal, or the script on standard input.
    Input,
    /// One Action, one word per argument.
    Action(Vec<String>),
    /// Lines of the typed language, and the options that they come from.
    Lines(Vec<String>, &'static str),
    /// A script from a file.
    File(PathBuf),
    /// A stream of events, of these classes.
    Stream(String),
    /// Print captured bytes.
    Decode(PathBuf),
    /// Print figures for Prometheus, or serve them at an address.
    Metrics(Option<String>),
    /// Serve the built-in PBX.
    Serve(Serving),
}

/// How to serve the built-in PBX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serving {
    /// Where; the first port of a fleet.
    pub address: String,
    /// How many PBXs, if it is a fleet.
    pub fleet: Option<u16>,
    /// The file with the secret of its users.
    pub secret_file: Option<PathBuf>,
}

impl Mode {
    /// What `cli` asks for, with the lines of `-c` and `-x` and the words behind
    /// the target.
    ///
    /// # Errors
    /// It asks for two things at once.
    pub(super) fn of(
        cli: &Cli,
        lines: Vec<String>,
        words: Vec<String>,
    ) -> Result<Mode, SettingsError> {
        let asked = [
            (!words.is_empty(), "an action"),
            (!lines.is_empty(), "-c or -x"),
            (!cli.file.is_empty(), "-f"),
            (cli.events.is_some(), "-e"),
            (cli.decode.is_some(), "--decode"),
            (cli.demo_listen.is_some(), "--demo-listen"),
        ];
        let mut asked = asked.iter().filter(|(is, _)| *is).map(|(_, name)| *name);
        if let (Some(one), Some(other)) = (asked.next(), asked.next()) {
            if (one, other) == ("an action", "-e") {
                return Err(SettingsError::EventsApart(classes_apart(cli)));
            }
            return Err(SettingsError::Exclusive(one, other));
        }
        if cli.file.len() > 1 {
            return Err(SettingsError::OneScript);
        }
        let is_metrics = words.first().is_some_and(|word| word == METRICS);
        if is_metrics && words.len() > 1 {
            return Err(SettingsError::MetricsAlone);
        }
        if cli.listen.is_some() && !is_metrics {
            return Err(SettingsError::ListenAlone);
        }
        Ok(if is_metrics {
            Mode::Metrics(cli.listen.clone())
        } else if !words.is_empty() {
            Mode::Action(words)
        } else if !lines.is_empty() {
            let from = match (cli.command.is_empty(), cli.execute.is_empty()) {
                (true, _) => "-x",
                (_, true) => "-c",
                _ => "-c/-x",
            };
            Mode::Lines(lines, from)
        } else if let Some(file) = cli.file.first() {
            Mode::File(file.clone())
        } else if let Some(classes) = &cli.events {
            Mode::Stream(classes.clone().unwrap_or_else(|| "all".to_owned()))
        } else if let Some(file) = &cli.decode {
            Mode::Decode(file.clone())
        } else if let Some(address) = &cli.demo_listen {
            Mode::Serve(Serving {
                address: address.clone(),
                fleet: cli.demo_fleet,
                secret_file: cli.demo_secret_file.clone(),
            })
        } else {
            Mode::Input
        })
    }
}

/// The classes in `-e call`, which are a word of their own; without any an
/// example.
fn classes_apart(cli: &Cli) -> String {
    let is_classes = |word: &&String| word.parse::<Classes>().is_ok();
    let apart = cli.words.iter().find(is_classes);
    apart.map_or_else(|| "call".to_owned(), String::clone)
}
