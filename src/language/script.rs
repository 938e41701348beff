//! The words of scripts: `set`, `expect`, `echo`, `sleep`, `fail`, `-LINE`, and
//! what scripts may not use.

use super::word::{Misplaced, Word, first_word, is_blank, meaning, split, trim};
use super::{Command, Expr, Fault, Place, Text, Variables};
use std::time::Duration;

/// The commands of amish that mean something without a terminal.
const COMMANDS: [&str; 5] = ["events", "filter", "save", "set", "timing"];

/// Is `/name` of any use in a script?
pub(super) fn may_use(name: &str) -> bool {
    COMMANDS.contains(&name)
}

/// `-LINE`: the line whose Error the script forgives.
pub(super) fn forgiven(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"-")
}

/// The first words of what only scripts can say.
pub(super) const WORDS: [&str; 5] = ["echo", "expect", "fail", "set", "sleep"];

/// One of [`WORDS`] and what follows it.
pub(super) fn command(word: &str, after: &Word) -> Result<Command, Misplaced> {
    match word {
        "echo" => Ok(Command::Echo(text(after))),
        "expect" => expect(after),
        "fail" => Ok(Command::Fail(text(after))),
        "set" => set(after),
        _ => sleep(after),
    }
}

/// What a variable gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assigned {
    /// The value of this header of the last reply or expected event.
    Header(String),
    /// This text.
    Text(Text),
}

/// What is to come, or not to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// An event that meets this.
    pub expr: Expr,
    /// `expect none`: such an event must not come.
    pub none: bool,
    /// How long it may take; where nothing is said, as long as a reply.
    pub within: Option<Duration>,
}

impl Expected {
    pub(super) fn with(&self, variables: &Variables) -> Result<Expected, Fault> {
        Ok(Expected {
            expr: self.expr.with(variables)?,
            ..self.clone()
        })
    }
}

/// `expect EXPR`, `expect EXPR within TIME`, `expect none EXPR within TIME`.
fn expect(after: &Word) -> Result<Command, Misplaced> {
    let text: &[u8] = &after.value;
    let none = first_word(text).eq_ignore_ascii_case(b"none");
    let start = if none { "none".len() } else { 0 };
    let text = text.get(start..).unwrap_or_default();
    let at = after.span.start + start;
    let (expr, within) = match within(text) {
        Some((expr, typed)) => {
            let time = std::str::from_utf8(typed).ok().and_then(duration);
            let place = at + text.len() - typed.len()..at + text.len();
            (expr, Some(time.ok_or((place, Fault::NotWithin))?))
        }
        None => (text, None),
    };
    if none && within.is_none() {
        return Err((after.span.clone(), Fault::NoneForever));
    }
    let expr = Expr::read(expr, at, Place::Script)?;
    Ok(Command::Expect(Expected { expr, none, within }))
}

/// What stands before `within TIME` at the end of `text`, and the TIME. None
/// where the word stands in a value with quotes, or nowhere.
fn within(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let before = |text: &[u8]| {
        text.iter()
            .rposition(|b| is_blank(*b))
            .map_or(0, |at| at + 1)
    };
    let (rest, last) = text.split_at(before(text));
    if last.eq_ignore_ascii_case(b"within") {
        return Some((rest, b""));
    }
    let blanks = rest.iter().rev().take_while(|byte| is_blank(**byte));
    let rest = rest.get(..rest.len() - blanks.count())?;
    let (expr, word) = rest.split_at(before(rest));
    let in_quotes = last.ends_with(b"\"") || last.ends_with(b"'");
    (word.eq_ignore_ascii_case(b"within") && !in_quotes).then_some((expr, last))
}

/// The text after `echo` or `fail`; it may be empty.
fn text(after: &Word) -> Text {
    meaning(&after.value, None, Place::Script)
}

/// `set NAME = Key` and `set NAME = "text"`; the blanks may be left out.
fn set(after: &Word) -> Result<Command, Misplaced> {
    let fault = || (after.span.clone(), Fault::NotASet);
    let equals = after.value.iter().position(|byte| *byte == b'=');
    let (name, value) = after.value.split_at(equals.ok_or_else(fault)?);
    let name = std::str::from_utf8(trim(name))
        .ok()
        .filter(|name| is_name(name));
    let value = value.get(1..).unwrap_or_default();
    let at = after.span.end - value.len();
    let mut words = split(value, at, Place::Script).into_iter();
    let (Some(name), Some(word), None) = (name, words.next(), words.next()) else {
        return Err(fault());
    };
    let word = word.sound()?;
    let key = std::str::from_utf8(&word.value).unwrap_or_default();
    let value = match (word.quote, &word.key) {
        (Some(_), None) => Assigned::Text(word.value),
        (None, None) if is_key(key) => Assigned::Header(key.to_owned()),
        _ => return Err(fault()),
    };
    Ok(Command::Set {
        name: name.to_owned(),
        value,
    })
}

/// Is it the name of a variable?
fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Can it be the key of a header? Whatever a server sends before a colon, less
/// what would be a mistake here.
fn is_key(key: &str) -> bool {
    !key.is_empty() && !key.contains(['$', ':', '"', '\'', '='])
}

/// `sleep SECONDS`.
fn sleep(text: &Word) -> Result<Command, Misplaced> {
    let seconds = std::str::from_utf8(&text.value).ok();
    match seconds.and_then(duration) {
        Some(duration) => Ok(Command::Sleep(duration)),
        None => Err((text.span.clone(), Fault::NotSeconds)),
    }
}

/// `1.5`, `1.5s`, `200ms`, `2m`, `1h`; without a unit, seconds. None for what is
/// no number, negative, or too large for a Duration.
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let seconds = match text.get(digits.len()..)? {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number: f64 = digits.parse().ok().filter(|_| plain)?;
    Duration::try_from_secs_f64(number * seconds).ok()
}
