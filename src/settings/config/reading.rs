//! Reads values of the configuration file, and reports what is wrong with them.

use crate::files::FileError;
use crate::language::Expr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeArray, DeValue};

/// Why the configuration file cannot be used. No message repeats a value, which
/// might be a secret.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// It cannot be read, or others could read or change it.
    #[error("cannot use the configuration file {0}: {1}")]
    File(PathBuf, FileError),
    /// Not UTF-8.
    #[error("cannot use the configuration file {0}: it is not UTF-8 text")]
    NotText(PathBuf),
    /// What is wrong in a line, and what to write instead.
    #[error("{0}:{1}: {2}")]
    Line(PathBuf, usize, String),
}

/// The text of the file at `path`.
pub(super) struct Reading<'a> {
    pub path: &'a Path,
    pub text: &'a str,
}

/// Keys of other programs, and what is written here instead: its first word is
/// the key.
const HABITS: &[(&str, &str)] = &[
    (
        "host hostname server address addr ip url",
        "target = \"HOST\", with a port target = \"HOST:PORT\"",
    ),
    ("port", "target = \"HOST:PORT\""),
    ("username login", "user = \"NAME\""),
    (
        "password passwd pass",
        "secret = \"…\", or secret_file or secret_command",
    ),
    ("ssl", "tls = true"),
];

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

impl Reading<'_> {
    pub fn string<'v>(&self, value: &'v Value<'_>) -> Result<&'v str, ConfigError> {
        let text = value
            .get_ref()
            .as_str()
            .filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| self.wrong(value.span(), "use a text in quotes here"))
    }

    pub fn expr(&self, value: &Value<'_>) -> Result<Expr, ConfigError> {
        let expr = Expr::parse(self.string(value)?.as_bytes());
        expr.map_err(|fault| self.wrong(value.span(), &fault.to_string()))
    }

    pub fn boolean(&self, value: &Value<'_>) -> Result<bool, ConfigError> {
        let is = value.get_ref().as_bool();
        is.ok_or_else(|| self.wrong(value.span(), "use true or false here"))
    }

    pub fn strings(&self, value: &Value<'_>) -> Result<Vec<String>, ConfigError> {
        let array: Option<&DeArray<'_>> = value.get_ref().as_array();
        let array = array
            .filter(|array| !array.is_empty())
            .ok_or_else(|| self.wrong(value.span(), "use texts in quotes here: [\"…\", \"…\"]"))?;
        let strings = array.iter().map(|one| self.string(one).map(str::to_owned));
        strings.collect()
    }

    /// A path relative to the user's home after `~/`, else to the directory of
    /// this file.
    pub fn file(&self, value: &Value<'_>) -> Result<PathBuf, ConfigError> {
        let text = self.string(value)?;
        Ok(match text.strip_prefix("~/") {
            Some(rest) => etcetera::home_dir()
                .map_err(|why| self.wrong(value.span(), &why.to_string()))?
                .join(rest),
            None => self.path.parent().unwrap_or(Path::new("")).join(text),
        })
    }

    pub fn unknown(&self, span: Range<usize>, key: &str, known: &[&str]) -> ConfigError {
        if let Some((_, meant)) = HABITS.iter().find(|(names, meant)| {
            let is = |name: &str| name.eq_ignore_ascii_case(key);
            names.split(' ').any(is) && known.contains(&meant.split(' ').next().unwrap_or(meant))
        }) {
            return self.wrong(span, &format!("'{key}' is not known here; write {meant}"));
        }
        let near = known
            .iter()
            .map(|name| (strsim::osa_distance(name, &key.to_ascii_lowercase()), name));
        let meant = match near.min().filter(|(distance, _)| *distance <= 3) {
            Some((_, near)) => format!("did you mean '{near}'?"),
            None => format!("there are {}", known.join(", ")),
        };
        self.wrong(span, &format!("'{key}' is not known here; {meant}"))
    }

    /// The file is not TOML. The message of the parser is for those who know
    /// TOML, and a text without its quotes is what they forget who do not.
    pub fn broken(&self, span: Range<usize>, message: &str) -> ConfigError {
        let start = span.start.min(self.text.len());
        let begin = self.text.get(..start).and_then(|above| above.rfind('\n'));
        let line = self.text.get(begin.map_or(0, |at| at + 1)..);
        let line = line.and_then(|rest| rest.lines().next());
        let line = line.unwrap_or_default();
        let unquoted = line.split_once('=').is_some_and(|(key, value)| {
            let key = key.trim();
            let is_key = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
            let bare = value.trim_start();
            !key.is_empty() && key.chars().all(is_key) && !bare.starts_with(['"', '\''])
        });
        match unquoted {
            true => {
                let key = line.split('=').next().unwrap_or_default().trim();
                let what = match key {
                    "tls" | "read_only" | "confirm" => "write true or false here".to_owned(),
                    "init" => "texts need quotes: init = [\"…\", \"…\"]".to_owned(),
                    _ => format!("a text needs quotes: {key} = \"…\""),
                };
                self.wrong(span, &what)
            }
            false => self.wrong(span, message),
        }
    }

    pub fn wrong(&self, span: Range<usize>, what: &str) -> ConfigError {
        let above = self.text.get(..span.start).unwrap_or_default();
        let line = 1 + above.matches('\n').count();
        ConfigError::Line(self.path.to_owned(), line, what.to_owned())
    }
}
