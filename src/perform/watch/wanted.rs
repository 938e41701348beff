//! What `/events` asks for: classes, or certain events.

use crate::catalog;
use crate::language::Expr;
use crate::session::{Classes, UnknownClass};

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Events of these classes.
    Classes(Classes),
    /// These events, of whatever class.
    Only(Expr),
}

impl Wanted {
    /// Classes if there are nothing but classes between the commas, else an
    /// expression.
    ///
    /// # Errors
    /// It is neither, or names that are no events and then more likely classes
    /// that were mistyped.
    pub fn of(words: &str) -> Result<Wanted, String> {
        let unknown = match words.parse() {
            Ok(classes) => return Ok(Wanted::Classes(classes)),
            Err(unknown) => unknown,
        };
        let expr = Expr::parse(words.as_bytes()).map_err(|fault| fault.to_string())?;
        let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let parts = || words.split([',', ' ']).filter(|part| !part.is_empty());
        let known = |word: &str| catalog::event(word).is_some();
        match parts().all(is_word) && !parts().all(known) {
            true => Err(mistyped(&unknown)),
            false => Ok(Wanted::Only(expr)),
        }
    }
}

fn mistyped(unknown: &UnknownClass) -> String {
    let word = &unknown.word;
    format!("{unknown}; nor an event that amish knows: /filter {word} takes any name")
}

#[cfg(test)]
mod tests {
    use super::*;

    // Who mistypes a class must not wait for an event of that name.
    #[test]
    fn classes_or_an_expression() {
        let of = |words: &str| match Wanted::of(words) {
            Ok(Wanted::Classes(classes)) => format!("classes {classes}"),
            Ok(Wanted::Only(expr)) => format!("only {expr}"),
            Err(why) => why,
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
                "'calls' is no event class: write on, off or some of system,call",
            ),
            ("call,hangup", "'hangup' is no event class"),
            ("hangup,agnet", "'hangup' is no event class"),
            ("Queue=", "Queue is compared with nothing"),
        ] {
            assert!(of(words).starts_with(why), "{words}: {}", of(words));
        }
    }
}
