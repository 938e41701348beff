//! The argument of `/events`: classes, or certain events.

use super::word::Misplaced;
use super::{Expr, Place};
use crate::ami::{Classes, UnknownClass};
use crate::catalog;
use crate::language::Fault;

/// Which events are to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventChoice {
    /// Events of these classes.
    Classes(Classes),
    /// Matching events, of any class.
    Only(Expr),
}

impl EventChoice {
    /// Classes, if every comma-separated part is one, else an expression.
    ///
    /// # Errors
    /// It is neither, or it holds names that are not events and so more likely
    /// mistyped classes.
    pub(super) fn read(text: &[u8], at: usize, place: Place) -> Result<EventChoice, Misplaced> {
        let words = String::from_utf8_lossy(text);
        let unknown: UnknownClass = match words.parse() {
            Ok(classes) => return Ok(EventChoice::Classes(classes)),
            Err(unknown) => unknown,
        };
        let expr = Expr::read(text, at, place)?;
        let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let parts = || words.split([',', ' ']).filter(|part| !part.is_empty());
        let known = |word: &str| catalog::event(word).is_some();
        match parts().all(is_word) && !parts().all(known) {
            true => {
                let word = &unknown.word;
                let why = format!(
                    "{unknown}; and amish knows no such event: /filter {word} takes any name"
                );
                Err((at..at + text.len(), Fault::Words(why)))
            }
            false => Ok(EventChoice::Only(expr)),
        }
    }

    /// The classes to ask the server for, and the filter.
    pub fn split(self) -> (Classes, Option<Expr>) {
        match self {
            EventChoice::Classes(classes) => (classes, None),
            EventChoice::Only(expr) => (Classes::ALL, Some(expr)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A mistyped class must not wait for an event of that name.
    #[test]
    fn classes_or_an_expression() {
        let of = |words: &str| match EventChoice::read(words.as_bytes(), 0, Place::Shell) {
            Ok(EventChoice::Classes(classes)) => format!("classes {classes}"),
            Ok(EventChoice::Only(expr)) => format!("only {expr}"),
            Err((_, why)) => why.to_string(),
        };
        for (words, meant) in [
            ("call,agent", "classes call,agent"),
            ("Call agent", "classes call,agent"),
            ("off", "classes off"),
            ("agi", "classes agi"),
            ("hangup", "only hangup"),
            ("Hangup,Newchannel", "only Hangup,Newchannel"),
            ("Queue=sales", "only Queue=sales"),
            ("Nothing*", "only Nothing*"),
            ("!VarSet", "only !VarSet"),
        ] {
            assert_eq!(of(words), meant, "{words}");
        }
        for (words, why) in [
            (
                "calls",
                "'calls' is not an event class: use on, off or some of system, call",
            ),
            ("call,hangup", "'hangup' is not an event class"),
            ("hangup,agnet", "'hangup' is not an event class"),
            ("Queue=", "Queue has no value to compare with"),
        ] {
            assert!(of(words).starts_with(why), "{words}: {}", of(words));
        }
    }
}
