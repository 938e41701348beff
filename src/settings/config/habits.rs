//! `[alias]` and `[keys]`: the lines that words and keys stand for.

use super::reading::{ConfigError, Reading, Value};
use crate::language::{Place, parse};
use std::ops::Range;
use toml::de::DeTable;

/// The user's aliases and keys.
#[derive(Debug, Clone, Default)]
pub struct Habits {
    /// A first word, case-sensitive, and the line that replaces it.
    pub aliases: Vec<(String, String)>,
    /// The number of a function key, and the line that it runs.
    pub keys: Vec<(u8, String)>,
    /// `edit_mode = "vi"`.
    pub vi: bool,
}

/// amish's own words, without which users could not get help or leave.
const TAKEN: [&str; 4] = ["cli", "exit", "help", "quit"];

const KEYS: [&str; 13] = [
    "edit_mode",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
];

impl Reading<'_> {
    pub(super) fn aliases(
        &self,
        table: &DeTable<'_>,
    ) -> Result<Vec<(String, String)>, ConfigError> {
        let one = |(key, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &Value<'_>)| {
            let name = key.get_ref().as_ref();
            let begins = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
            if !begins || !name.bytes().all(is_plain) {
                let what = "an alias is a word of letters, digits, _ and -, a letter first";
                return Err(self.wrong(key.span(), what));
            }
            if TAKEN.contains(&name.to_ascii_lowercase().as_str()) {
                let what = format!("{name} is a word of amish itself: choose another");
                return Err(self.wrong(key.span(), &what));
            }
            // More words may follow an alias, and some lines need one.
            Ok((name.to_owned(), self.line(value, &["", " x"])?))
        };
        table.iter().map(one).collect()
    }

    /// Reads `[keys]` into `habits`.
    pub(super) fn keys(&self, table: &DeTable<'_>, habits: &mut Habits) -> Result<(), ConfigError> {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if name == "edit_mode" {
                habits.vi = match value.get_ref().as_str() {
                    Some("vi") => true,
                    Some("emacs") => false,
                    _ => return Err(self.wrong(value.span(), "write \"emacs\" or \"vi\" here")),
                };
                continue;
            }
            let number = name
                .strip_prefix('F')
                .and_then(|number| number.parse().ok());
            match number.filter(|_| KEYS.contains(&name)) {
                Some(number) => habits.keys.push((number, self.line(value, &[""])?)),
                None => return Err(self.unknown(key.span(), name, &KEYS)),
            }
        }
        Ok(())
    }

    /// A line that can be typed in the shell, followed by one of `tails`.
    fn line(&self, value: &Value<'_>, tails: &[&str]) -> Result<String, ConfigError> {
        let text = self.string(value)?;
        let span: Range<usize> = value.span();
        let read = |tail: &&str| {
            let line = format!("{text}{tail}");
            match parse(line.as_bytes(), Place::Shell) {
                Ok(lines) if lines.len() == 1 => Ok(()),
                Ok(_) => Err("use one line that can be typed in the shell".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        };
        let mut faults = tails.iter().map(read);
        let first = faults.next().unwrap_or(Ok(()));
        match first {
            Err(fault) if !faults.any(|read| read.is_ok()) => Err(self.wrong(span, &fault)),
            _ => Ok(text.to_owned()),
        }
    }
}
