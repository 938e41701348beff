//! `/filter` and `/last`: what follows them is an expression, which is not cut
//! into words.

use super::word::{Misplaced, Word, first_word, trim_start};
use super::{Command, Expr, Fault, Place, Variables};

/// What `/filter` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Which one is in force.
    Told,
    /// Every event is to be seen.
    Off,
    /// Only these are to be seen.
    Only(Expr),
}

/// `/last [N] [EXPR]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// So many, where it says how many.
    pub count: Option<usize>,
    /// Of these.
    pub expr: Option<Expr>,
}

impl Filter {
    /// With the values of `variables`; None where it has none.
    pub(super) fn with(&self, variables: &Variables) -> Option<Result<Filter, Fault>> {
        match self {
            Filter::Only(expr) if !expr.is_fixed() => Some(expr.with(variables).map(Filter::Only)),
            _ => None,
        }
    }
}

/// The Command of `/name` and the text behind it, where it is one of these.
pub(super) fn command(
    name: &[u8],
    text: &Word,
    place: Place,
) -> Option<Result<Command, Misplaced>> {
    let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
    if is("filter") {
        Some(filter(text, place).map(Command::Filter))
    } else if is("last") && place == Place::Shell {
        Some(last(text).map(Command::Last))
    } else if is("events") {
        // Classes or an expression: who knows the classes tells which.
        let typed = String::from_utf8_lossy(&text.value).into_owned();
        let arguments = Some(typed).filter(|typed| !typed.is_empty());
        Some(Ok(Command::Builtin {
            name: "events".to_owned(),
            arguments: arguments.into_iter().collect(),
        }))
    } else {
        None
    }
}

fn filter(text: &Word, place: Place) -> Result<Filter, Misplaced> {
    if text.value.is_empty() {
        Ok(Filter::Told)
    } else if text.value.eq_ignore_ascii_case(b"off") {
        Ok(Filter::Off)
    } else {
        Expr::read(&text.value, text.span.start, place).map(Filter::Only)
    }
}

fn last(text: &Word) -> Result<Last, Misplaced> {
    let first = first_word(&text.value);
    let is_count = !first.is_empty() && first.iter().all(u8::is_ascii_digit);
    let count = std::str::from_utf8(first).ok().filter(|_| is_count);
    let behind = text.value.get(count.map_or(0, str::len)..);
    let behind = trim_start(behind.unwrap_or_default());
    let at = text.span.end - behind.len();
    let expr = match behind.is_empty() {
        true => None,
        false => Some(Expr::read(behind, at, Place::Shell)?),
    };
    Ok(Last {
        // More than can be counted are all there are.
        count: count.map(|count| count.parse().unwrap_or(usize::MAX)),
        expr,
    })
}
