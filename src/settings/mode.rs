//! What the command line asks for.

use super::error::SettingsError;
use crate::ami::Classes;
use crate::cli::{Cli, Rights};
use crate::language::METRICS;
use std::path::PathBuf;

/// Words that are commands in the place of the target. A host of such a name is
/// reached as `ami://help`, and a profile cannot have it.
pub(super) const FIRST: [&str; 3] = [HELP, INIT, DOCTOR];

const HELP: &str = "help";
const INIT: &str = "init";
/// Also in the place of an Action, where it is the line `/doctor …`.
const DOCTOR: &str = "doctor";
/// All of them.
pub const FIRST_WORDS: [&str; 3] = [HELP, INIT, DOCTOR];

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Print a chapter of the manual, or which there are.
    Help(Option<String>),
    /// Set up a profile.
    Init(Setup),
    /// Look at the security of a manager.conf, by default that of this machine.
    Audit(Option<PathBuf>),
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

/// What `init` is told on the command line; it asks for the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// A target, or the profile that is made anew.
    pub target: Option<String>,
    /// `--name`
    pub name: Option<String>,
    /// `--rights`
    pub rights: Option<Rights>,
    /// `--yes`: nobody is asked.
    pub unasked: bool,
}

impl Setup {
    fn of(cli: &Cli, target: Option<&str>) -> Mode {
        Mode::Init(Setup {
            target: target.map(str::to_owned),
            name: cli.init.name.clone(),
            rights: cli.init.rights,
            unasked: cli.rules.yes,
        })
    }

    /// Its options where nothing is set up.
    pub(super) fn unused(cli: &Cli) -> Result<(), SettingsError> {
        let given = [
            (cli.init.name.is_some(), "--name"),
            (cli.init.rights.is_some(), "--rights"),
        ];
        match given.iter().find(|(is, _)| *is) {
            Some((_, option)) => Err(SettingsError::InitAlone(option)),
            None => Ok(()),
        }
    }
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
    /// The command that stands in the place of the target, if one does. Nothing is
    /// connected to by its name, and no profile is asked for.
    ///
    /// # Errors
    /// What stands behind it is no part of it.
    pub(super) fn first(cli: &Cli) -> Result<Option<Mode>, SettingsError> {
        let Some((first, rest)) = cli.words.split_first() else {
            return Ok(None);
        };
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let usage = |words| Err(SettingsError::FirstWord(words));
        match (first.as_str(), &rest[..]) {
            (HELP, []) => Ok(Some(Mode::Help(None))),
            (HELP, [topic]) => Ok(Some(Mode::Help(Some((*topic).to_owned())))),
            (HELP, _) => usage("help takes one topic: amish help lists them"),
            (INIT, []) => Ok(Some(Setup::of(cli, None))),
            (INIT, [target]) => Ok(Some(Setup::of(cli, Some(target)))),
            (INIT, _) => usage("init takes one target: amish init pbx.example.com"),
            (DOCTOR, ["security"]) if cli.run.file.len() < 2 => {
                Ok(Some(Mode::Audit(cli.run.file.first().cloned())))
            }
            (DOCTOR, ["security"]) => usage("doctor security takes one --file"),
            (DOCTOR, _) => usage(
                "without a target doctor looks at a file: amish doctor security --file manager.conf; \
                 a PBX stands before it: amish TARGET doctor",
            ),
            _ => Ok(None),
        }
    }

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
            (!cli.run.file.is_empty(), "-f"),
            (cli.stream.events.is_some(), "-e"),
            (cli.offline.decode.is_some(), "--decode"),
            (cli.offline.demo_listen.is_some(), "--demo-listen"),
        ];
        let mut asked = asked.iter().filter(|(is, _)| *is).map(|(_, name)| *name);
        if let (Some(one), Some(other)) = (asked.next(), asked.next()) {
            if (one, other) == ("an action", "-e") {
                return Err(SettingsError::EventsApart(classes_apart(cli)));
            }
            return Err(SettingsError::Exclusive(one, other));
        }
        if cli.run.file.len() > 1 {
            return Err(SettingsError::OneScript);
        }
        let is_metrics = words.first().is_some_and(|word| word == METRICS);
        if is_metrics && words.len() > 1 {
            return Err(SettingsError::MetricsAlone);
        }
        if cli.run.listen.is_some() && !is_metrics {
            return Err(SettingsError::ListenAlone);
        }
        Ok(if is_metrics {
            Mode::Metrics(cli.run.listen.clone())
        } else if words.first().is_some_and(|word| word == DOCTOR) {
            Mode::Lines(vec![doctor_line(&words)?], DOCTOR)
        } else if !words.is_empty() {
            Mode::Action(words)
        } else if !lines.is_empty() {
            let from = match (cli.run.command.is_empty(), cli.run.execute.is_empty()) {
                (true, _) => "-x",
                (_, true) => "-c",
                _ => "-c/-x",
            };
            Mode::Lines(lines, from)
        } else if let Some(file) = cli.run.file.first() {
            Mode::File(file.clone())
        } else if let Some(classes) = &cli.stream.events {
            Mode::Stream(classes.clone().unwrap_or_else(|| "all".to_owned()))
        } else if let Some(file) = &cli.offline.decode {
            Mode::Decode(file.clone())
        } else if let Some(address) = &cli.offline.demo_listen {
            Mode::Serve(Serving {
                address: address.clone(),
                fleet: cli.offline.demo_fleet,
                secret_file: cli.offline.demo_secret_file.clone(),
            })
        } else {
            Mode::Input
        })
    }
}

/// `/doctor …`, one line whatever is in the words.
fn doctor_line(words: &[String]) -> Result<String, SettingsError> {
    let line = format!("/{}", words.join(" "));
    match line.contains(['\r', '\n']) {
        true => Err(SettingsError::FirstWord("what doctor takes is one line")),
        false => Ok(line),
    }
}

/// The classes in `-e call`, which are a word of their own; without any an
/// example.
fn classes_apart(cli: &Cli) -> String {
    let is_classes = |word: &&String| word.parse::<Classes>().is_ok();
    let apart = cli.words.iter().find(is_classes);
    apart.map_or_else(|| "call".to_owned(), String::clone)
}
