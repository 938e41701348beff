//! The configuration file: servers by name, with their users and habits.

mod habits;

pub use habits::Habits;

use super::private::{self, Exposed};
use super::{SecretSource, Target, command};
use crate::cli::When;
use crate::language::Expr;
use clap::ValueEnum;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The file for everybody, used by those without one of their own.
const SYSTEM: &str = "/etc/amish/config.toml";

/// A file beyond this is none of ours.
const SIZE: u64 = 1024 * 1024;

/// What may stand in a profile.
const KEYS: [&str; 13] = [
    "cacert",
    "color",
    "confirm",
    "events",
    "filter",
    "init",
    "read_only",
    "secret",
    "secret_command",
    "secret_file",
    "target",
    "tls",
    "user",
];

/// Why the configuration file cannot be used. No message repeats a value,
/// which might be a secret.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The system's words.
    #[error("cannot read the configuration file {0}: {1}")]
    Read(PathBuf, io::Error),
    /// It holds a secret that others may read.
    #[error(transparent)]
    Exposed(#[from] Exposed),
    /// What is wrong in a line, and what to write instead.
    #[error("{0}:{1}: {2}")]
    Line(PathBuf, usize, String),
}

/// The configuration file as read; empty where there is none.
#[derive(Debug, Default)]
pub struct Config {
    /// Where it is.
    pub path: Option<PathBuf>,
    /// Sorted by name.
    pub profiles: Vec<Profile>,
    /// `[alias]` and `[keys]`.
    pub habits: Habits,
}

/// A server by name.
#[derive(Debug, Default)]
pub struct Profile {
    /// What follows the dot of `[profile.NAME]`.
    pub name: String,
    /// As written; it can be read as a [`Target`].
    pub target: Option<String>,
    /// `user`, or the one of `target`.
    pub user: Option<String>,
    /// `secret`, `secret_file` or `secret_command`.
    pub secret: Option<SecretSource>,
    /// As `--tls`.
    pub tls: bool,
    /// As `--cacert`.
    pub cacert: Option<PathBuf>,
    /// Classes of events, as `-e` takes them.
    pub events: Option<String>,
    /// As `--filter`, at the start of the shell and for `-e`.
    pub filter: Option<Expr>,
    /// As `--read-only`.
    pub read_only: bool,
    /// `confirm = false`: as `--yes`.
    pub unasked: bool,
    /// As `--color`.
    pub color: Option<When>,
    /// Lines for the start of the shell.
    pub init: Vec<String>,
}

impl Config {
    /// Reads the file that `AMISH_CONFIG` names in `env`, or the user's own, or
    /// the system's: the first that exists.
    ///
    /// # Errors
    /// The one named is not there, or the one found cannot be used.
    pub fn find(env: impl Fn(&str) -> Option<OsString>) -> Result<Config, ConfigError> {
        let named = env("AMISH_CONFIG").filter(|name| !name.is_empty());
        let is_named = named.is_some();
        let places = match named {
            Some(named) => vec![PathBuf::from(named)],
            None => own().into_iter().chain([SYSTEM.into()]).collect(),
        };
        for path in places {
            match File::open(&path) {
                Ok(file) => return Config::read(file, path),
                Err(why) if !is_named && is_absent(&why) => {}
                Err(why) => return Err(ConfigError::Read(path, why)),
            }
        }
        Ok(Config::default())
    }

    /// Where the user's own file would be; None where there is no home.
    pub fn usual_place() -> Option<PathBuf> {
        own()
    }

    /// The profile of this very name.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// Name, target and user of each, a line a profile. No secrets.
    pub fn list(&self) -> String {
        let target = |profile: &Profile| match &profile.target {
            Some(target) => target.clone(),
            None => super::NEAREST.to_owned(),
        };
        let width = |text: String| text.chars().count();
        let names = self.profiles.iter().map(|one| width(one.name.clone()));
        let names = names.max().unwrap_or(0);
        let targets = self.profiles.iter().map(|one| width(target(one))).max();
        let targets = targets.unwrap_or(0);
        let line = |one: &Profile| {
            let (name, target) = (&one.name, target(one));
            let user = one.user.as_deref().unwrap_or_default();
            let line = format!("{name:names$}  {target:targets$}  {user}");
            format!("{}\n", line.trim_end())
        };
        self.profiles.iter().map(line).collect()
    }

    fn read(file: File, path: PathBuf) -> Result<Config, ConfigError> {
        let mut text = String::new();
        let read = (&file).take(SIZE + 1).read_to_string(&mut text);
        match read {
            Ok(length) if length as u64 > SIZE => {
                let why = io::Error::other("it is larger than 1 MiB");
                return Err(ConfigError::Read(path, why));
            }
            Ok(_) => {}
            Err(why) => return Err(ConfigError::Read(path, why)),
        }
        let reading = Reading {
            path: &path,
            text: &text,
        };
        let (profiles, habits) = reading.all()?;
        let is_secret = |profile: &Profile| matches!(profile.secret, Some(SecretSource::Text(_)));
        if profiles.iter().any(is_secret) {
            private::check(&file, &path)?;
        }
        Ok(Config {
            path: Some(path),
            profiles,
            habits,
        })
    }
}

/// `$XDG_CONFIG_HOME/amish/config.toml`, on macOS too.
fn own() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.config_dir().join("amish").join("config.toml"))
}

fn is_absent(why: &io::Error) -> bool {
    matches!(why.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The text on its way to become profiles.
struct Reading<'a> {
    path: &'a Path,
    text: &'a str,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Reading<'_> {
    fn all(&self) -> Result<(Vec<Profile>, Habits), ConfigError> {
        let root = DeTable::parse(self.text).map_err(|error| {
            // Its Display would show the line, and the secret in it.
            self.wrong(error.span().unwrap_or_default(), error.message())
        })?;
        let mut profiles = Vec::new();
        let mut habits = Habits::default();
        for (key, value) in root.get_ref() {
            let all = value.get_ref().as_table();
            let table = |what| all.ok_or_else(|| self.wrong(key.span(), what));
            match key.get_ref().as_ref() {
                "profile" => {}
                "alias" => {
                    habits.aliases = self.aliases(table("write [alias]")?)?;
                    continue;
                }
                "keys" => {
                    self.keys(table("write [keys]")?, &mut habits)?;
                    continue;
                }
                name => return Err(self.unknown(key.span(), name, &["alias", "keys", "profile"])),
            }
            let all = table("write [profile.NAME]")?;
            for (name, value) in all {
                let table = value.get_ref().as_table().ok_or_else(|| {
                    let what = format!("a profile has a name: write [profile.NAME] above {name}");
                    self.wrong(name.span(), &what)
                })?;
                profiles.push(self.profile(name.get_ref(), table)?);
            }
        }
        Ok((profiles, habits))
    }

    fn profile(&self, name: &str, table: &DeTable<'_>) -> Result<Profile, ConfigError> {
        let mut profile = Profile {
            name: name.to_owned(),
            ..Profile::default()
        };
        let (mut named, mut said) = (None, None);
        for (key, value) in table {
            match &**key.get_ref() {
                "target" => {
                    let target = self.string(value)?;
                    let read: Result<Target, _> = target.parse();
                    let read = read.map_err(|e| self.wrong(value.span(), &e.to_string()))?;
                    (named, said) = (read.user, read.tls);
                    profile.target = Some(target.to_owned());
                }
                "user" => profile.user = Some(self.string(value)?.to_owned()),
                "secret" | "secret_file" | "secret_command" => {
                    if profile.secret.is_some() {
                        let what = "one of secret, secret_file and secret_command is enough";
                        return Err(self.wrong(key.span(), what));
                    }
                    profile.secret = Some(self.secret(key.get_ref(), value)?);
                }
                "tls" => profile.tls = self.boolean(value)?,
                "cacert" => profile.cacert = Some(self.file(value)?),
                "events" => profile.events = Some(self.string(value)?.to_owned()),
                "filter" => profile.filter = Some(self.expr(value)?),
                "read_only" => profile.read_only = self.boolean(value)?,
                "confirm" => profile.unasked = !self.boolean(value)?,
                "color" => profile.color = Some(self.color(value)?),
                "init" => profile.init = self.strings(value)?,
                key_text => return Err(self.unknown(key.span(), key_text, &KEYS)),
            }
        }
        profile.user = profile.user.or(named);
        self.check_tls(&profile, said, table)?;
        Ok(profile)
    }

    /// `said` is what the target says of TLS.
    fn check_tls(
        &self,
        profile: &Profile,
        said: Option<bool>,
        table: &DeTable<'_>,
    ) -> Result<(), ConfigError> {
        let place = |key: &str| {
            let entry = table.iter().find(|(one, _)| one.get_ref() == key);
            entry.map(|(key, _)| key.span())
        };
        match (place("tls"), said) {
            (Some(place), Some(said)) if said != profile.tls => {
                let what = "the target says otherwise: ami:// is without TLS, amis:// with it";
                return Err(self.wrong(place, what));
            }
            _ => {}
        }
        match place("cacert") {
            Some(place) if !said.unwrap_or(profile.tls) => {
                let what = "cacert is for TLS: add tls = true";
                Err(self.wrong(place, what))
            }
            _ => Ok(()),
        }
    }

    fn secret(&self, key: &str, value: &Value<'_>) -> Result<SecretSource, ConfigError> {
        Ok(match (key, value.get_ref()) {
            ("secret", _) => SecretSource::Text(self.string(value)?.to_owned()),
            ("secret_file", _) => SecretSource::File(self.file(value)?),
            (_, DeValue::Array(_)) => SecretSource::Command(self.strings(value)?),
            (_, DeValue::String(text)) => {
                let words = command::words(text);
                let words = words.map_err(|e| self.wrong(value.span(), &e.to_string()))?;
                SecretSource::Command(words)
            }
            _ => {
                let what = "write a command in quotes, or its words as an array";
                return Err(self.wrong(value.span(), what));
            }
        })
    }

    fn string<'v>(&self, value: &'v Value<'_>) -> Result<&'v str, ConfigError> {
        let text = value.get_ref().as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| self.wrong(value.span(), "write a text in quotes here"))
    }

    fn expr(&self, value: &Value<'_>) -> Result<Expr, ConfigError> {
        let expr = Expr::parse(self.string(value)?.as_bytes());
        expr.map_err(|fault| self.wrong(value.span(), &fault.to_string()))
    }

    fn boolean(&self, value: &Value<'_>) -> Result<bool, ConfigError> {
        let is = value.get_ref().as_bool();
        is.ok_or_else(|| self.wrong(value.span(), "write true or false here"))
    }

    fn strings(&self, value: &Value<'_>) -> Result<Vec<String>, ConfigError> {
        let array: Option<&DeArray<'_>> = value.get_ref().as_array();
        let array = array.filter(|array| !array.is_empty()).ok_or_else(|| {
            self.wrong(value.span(), "write texts in quotes here: [\"…\", \"…\"]")
        })?;
        let strings = array.iter().map(|one| self.string(one).map(str::to_owned));
        strings.collect()
    }

    fn color(&self, value: &Value<'_>) -> Result<When, ConfigError> {
        let text = value.get_ref().as_str().unwrap_or_default();
        let when = <When as ValueEnum>::from_str(text, true);
        when.map_err(|_| self.wrong(value.span(), "write \"auto\", \"always\" or \"never\" here"))
    }

    /// From the user's home after `~/`, else from the folder of this file.
    fn file(&self, value: &Value<'_>) -> Result<PathBuf, ConfigError> {
        let text = self.string(value)?;
        Ok(match text.strip_prefix("~/") {
            Some(rest) => etcetera::home_dir()
                .map_err(|why| self.wrong(value.span(), &why.to_string()))?
                .join(rest),
            None => self.path.parent().unwrap_or(Path::new("")).join(text),
        })
    }

    fn unknown(&self, span: Range<usize>, key: &str, known: &[&str]) -> ConfigError {
        let near = known
            .iter()
            .map(|name| (strsim::osa_distance(name, &key.to_ascii_lowercase()), name));
        let meant = match near.min().filter(|(distance, _)| *distance <= 3) {
            Some((_, near)) => format!("did you mean '{near}'?"),
            None => format!("there are {}", known.join(", ")),
        };
        self.wrong(span, &format!("'{key}' is not known here; {meant}"))
    }

    fn wrong(&self, span: Range<usize>, what: &str) -> ConfigError {
        let above = self.text.get(..span.start).unwrap_or_default();
        let line = 1 + above.matches('\n').count();
        ConfigError::Line(self.path.to_owned(), line, what.to_owned())
    }
}
