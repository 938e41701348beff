//! The statements of scripts: `set`, `expect`, `echo`, `sleep`, `fail`,
//! `-LINE`.

use super::word::{Misplaced, Word, first_word, is_blank, meaning, split, trim};
use super::{Command, Expr, Fault, Place, Text, Variables, duration};
use crate::peer_text::visible;
use std::time::Duration;

/// First words of the statements for scripts only.
pub(super) const WORDS: [&str; 5] = ["echo", "expect", "fail", "set", "sleep"];

/// Parses one of [`WORDS`] and its arguments.
pub(super) fn command(word: &str, after: &Word) -> Result<Command, Misplaced> {
    match word {
        "echo" => Ok(Command::Echo(text(after))),
        "expect" => expect(after),
        "fail" => Ok(Command::Fail(text(after))),
        "set" => set(after),
        _ => sleep(after),
    }
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assigned {
    /// The value of this header in the last reply or expected event.
    Header(String),
    /// A text.
    Text(Text),
}

/// An `expect` statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The event to wait for.
    pub expr: Expr,
    /// `expect none`: no such event may come.
    pub none: bool,
    /// How long to wait; None for as long as for a reply.
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
            let place = at + text.len() - typed.len()..at + text.len();
            (expr, Some(time_of(typed).map_err(|fault| (place, fault))?))
        }
        None => (text, None),
    };
    if none && within.is_none() {
        return Err((after.span.clone(), Fault::NoneForever));
    }
    let expr = Expr::read(expr, at, Place::Script)?;
    Ok(Command::Expect(Expected { expr, none, within }))
}

/// The time behind `within`.
fn time_of(typed: &[u8]) -> Result<Duration, Fault> {
    if typed.is_empty() {
        return Err(Fault::NotWithin);
    }
    let time = duration(&visible::text(typed));
    time.map_err(|why| Fault::Words(format!("within: {why}")))
}

/// Splits `within TIME` from the end of `text`. None if the word is inside a
/// quoted value, or missing.
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

/// Is it a valid name of a variable?
fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Can it be the key of a header? Anything a server sends before a colon,
/// except likely mistakes.
fn is_key(key: &str) -> bool {
    !key.is_empty() && !key.contains(['$', ':', '"', '\'', '='])
}

/// `sleep SECONDS`.
fn sleep(text: &Word) -> Result<Command, Misplaced> {
    let misplaced = |fault| (text.span.clone(), fault);
    if text.value.is_empty() {
        return Err(misplaced(Fault::NotSeconds));
    }
    let time = duration(&text.value.lossy());
    let time = time.map_err(|why| misplaced(Fault::Words(format!("sleep: {why}"))))?;
    Ok(Command::Sleep(time))
}
