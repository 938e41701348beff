//! `[profile.NAME]`: a named server.

use super::reading::{ConfigError, Reading, Value};
use crate::cli::When;
use crate::language::Expr;
use crate::settings::command;
use crate::settings::secret::SecretSource;
use crate::settings::target::Target;
use clap::ValueEnum;
use std::path::PathBuf;
use toml::de::{DeTable, DeValue};

/// The keys of a profile.
pub(super) const KEYS: [&str; 14] = [
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
    "tls_name",
    "user",
];

/// A named server.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// The name after the dot of `[profile.NAME]`.
    pub name: String,
    /// As written; known to parse as a [`Target`].
    pub target: Option<String>,
    /// `user`, or the user of `target`.
    pub user: Option<String>,
    /// `secret`, `secret_file` or `secret_command`.
    pub secret: Option<SecretSource>,
    /// As `--tls`.
    pub tls: bool,
    /// As `--cacert`.
    pub cacert: Option<PathBuf>,
    /// As `--tls-name`.
    pub tls_name: Option<String>,
    /// Event classes, as for `-e`.
    pub events: Option<String>,
    /// As `--filter`, in the shell and for `-e`.
    pub filter: Option<Expr>,
    /// As `--read-only`.
    pub read_only: bool,
    /// `confirm = false`: as `--yes`.
    pub unasked: bool,
    /// As `--color`.
    pub color: Option<When>,
    /// Lines to run when the shell starts.
    pub init: Vec<String>,
}

impl Reading<'_> {
    /// A profile of this name, which may have the keys `known`.
    pub(super) fn profile(
        &self,
        name: &str,
        table: &DeTable<'_>,
        known: &[&str],
    ) -> Result<Profile, ConfigError> {
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
                        let what = "use only one of secret, secret_file and secret_command";
                        return Err(self.wrong(key.span(), what));
                    }
                    profile.secret = Some(self.secret(key.get_ref(), value)?);
                }
                "tls" => profile.tls = self.boolean(value)?,
                "cacert" => profile.cacert = Some(self.file(value)?),
                "tls_name" => profile.tls_name = Some(self.string(value)?.to_owned()),
                "events" => profile.events = Some(self.string(value)?.to_owned()),
                "filter" => profile.filter = Some(self.expr(value)?),
                "read_only" => profile.read_only = self.boolean(value)?,
                "confirm" => profile.unasked = !self.boolean(value)?,
                "color" => profile.color = Some(self.color(value)?),
                "init" => profile.init = self.strings(value)?,
                key_text => return Err(self.unknown(key.span(), key_text, known)),
            }
        }
        profile.user = profile.user.or(named);
        self.check_tls(&profile, said, table)?;
        Ok(profile)
    }

    /// `said` is what the target says about TLS.
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
                let what = "the target contradicts this: ami:// is without TLS, amis:// with TLS";
                return Err(self.wrong(place, what));
            }
            _ => {}
        }
        let needing = ["cacert", "tls_name"].into_iter();
        let mut needing = needing.filter_map(|key| Some((key, place(key)?)));
        match needing.next() {
            Some((key, place)) if !said.unwrap_or(profile.tls) => {
                let what = format!("{key} needs TLS: add tls = true");
                Err(self.wrong(place, &what))
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

    fn color(&self, value: &Value<'_>) -> Result<When, ConfigError> {
        let text = value.get_ref().as_str().unwrap_or_default();
        let when = <When as ValueEnum>::from_str(text, true);
        when.map_err(|_| self.wrong(value.span(), "write \"auto\", \"always\" or \"never\" here"))
    }
}
