//! What can be wrong with what was typed. Nothing was sent.

use crate::ami::Refused;
use crate::catalog::one_of;
use std::ops::Range;
use thiserror::Error;

/// What is wrong, and what to type instead. None of them shows a value, which
/// may be a secret.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// A value or word opens a quote that nothing closes.
    #[error("the quote {0} is not closed: add {0} at the end of the value")]
    UnclosedQuote(char),
    /// A quote ends, and its word goes on.
    #[error(
        "after the closing {0} the word goes on: end it there, or put the whole value in quotes"
    )]
    QuoteGoesOn(char),
    /// There is no such variable.
    #[error("{0} is not set: for a dollar sign itself write $$")]
    Unset(String),
    /// The line begins with `key=value`.
    #[error("the line begins with {0}=: the name of the Action comes first")]
    KeyFirst(String),
    /// The first word is nothing that could be sent as the name of an Action.
    #[error(
        "{0} is not the name of an Action: type help for their list, or `cli …` for the Asterisk CLI"
    )]
    NotAName(String),
    /// The first word holds a colon, but does not end in it.
    #[error(
        "{0} has a colon inside: a raw packet begins with `Key: value` (a blank after the colon), an Action with its name"
    )]
    ColonInside(String),
    /// `cli` alone, `/` alone, `-` alone.
    #[error("{0} needs something after it, such as `{1}`")]
    Alone(&'static str, &'static str),
    /// `quit` with words after it.
    #[error("{0} takes no words: type it alone")]
    TakesNothing(String),
    /// `echo`, `sleep` or `-LINE` at the prompt.
    #[error("{0} is for scripts (-c, -f and standard input), not for the prompt")]
    ScriptsOnly(&'static str),
    /// A command of the shell in a script.
    #[error("{0} works at the prompt only: take it out of the script")]
    PromptOnly(String),
    /// `| cmd` or `&` behind a line of a script.
    #[error(
        "{0} by itself is for the prompt, where it takes the reply elsewhere: pipe what amish prints, or write '{0}' in quotes"
    )]
    Tail(&'static str),
    /// A command of amish as the one Action of a command line.
    #[error("{0} is not an Action: give it as a line, -c '{0}'")]
    LinesOnly(String),
    /// A command of amish whose words say nothing it knows.
    #[error("{0}")]
    Words(String),
    /// `set` with something else after it.
    #[error(
        "set needs a name and a header of the last reply, `set id = Uniqueid`, or a text in quotes, `set id = \"1.1\"`"
    )]
    NotASet,
    /// What stands after `within` is no time.
    #[error("within needs a time, such as `within 30s`")]
    NotWithin,
    /// `expect none` would wait for ever.
    #[error("expect none needs the time to watch: `expect none Hangup within 2s`")]
    NoneForever,
    /// Not a length of time.
    #[error("sleep needs seconds, such as `sleep 1.5`")]
    NotSeconds,
    /// Nothing where a test of an event should be.
    #[error(
        "here a test is missing: write the name of an event, Key=value, Key!=value or Key~regex; a comma stands between two"
    )]
    NoTest,
    /// Something else where a test of an event should be.
    #[error(
        "{0} is no test: write the name of an event, Key=value, Key!=value or Key~regex, a value with blanks or commas in quotes"
    )]
    NoSuchTest(String),
    /// A test of a header, and not for what.
    #[error("{0} is compared with nothing: for an empty value write {0}=''")]
    NoValue(String),
    /// `==` or `=~`.
    #[error(
        "one sign is enough: write {0}=value, {0}~regex, or {0}='=value' if there is one more in the value"
    )]
    TwoSigns(String),
    /// A regular expression that is none, or too large.
    #[error("not a regular expression: {0}; put one with blanks or commas in quotes")]
    Regex(String),
    /// More bare words than the Action has places for.
    #[error(
        "{action} takes bare words for {keys} only: write the others as Key=value, a value with blanks in quotes"
    )]
    TooManyWords {
        /// In the server's spelling.
        action: String,
        /// The keys they would fill.
        keys: String,
    },
    /// The Action has no places for bare words.
    #[error("{0} takes no bare words: write Key=value, a value with blanks in quotes")]
    NoBareWords(String),
    /// The server lists no such Action.
    #[error("this server lists no Action {name}{}", meant(.nearest))]
    Unknown {
        /// As typed.
        name: String,
        /// What may have been meant, best first.
        nearest: Vec<String>,
    },
    /// There is such an Action, but not for this user.
    #[error(
        "{name} is not among the Actions this server lets you send: {}its module is not loaded; /doctor {name} tells more",
        lacking(.needs)
    )]
    NotListed {
        /// In our spelling.
        name: String,
        /// The classes of which it needs one, as far as we know.
        needs: &'static [&'static str],
    },
    /// The Action fails without these keys.
    #[error("{action} needs {}: help {action} tells what it takes", all_of(.keys))]
    Missing {
        /// In the server's spelling.
        action: String,
        /// All of them.
        keys: Vec<String>,
    },
    /// The Action takes no such key, and another that is much like it.
    #[error("{action} takes no {key}{}", meant(.nearest))]
    UnknownKey {
        /// In the server's spelling.
        action: String,
        /// As typed.
        key: String,
        /// What may have been meant, best first.
        nearest: Vec<String>,
    },
    /// The words are a command of the Asterisk CLI.
    #[error("that is a command of the Asterisk CLI, not an Action: type `cli {0}`")]
    IsCli(String),
    /// Out of what a server reads.
    #[error(transparent)]
    Refused(#[from] Refused),
}

fn lacking(needs: &[&str]) -> String {
    match needs {
        [] => String::new(),
        classes => format!("it needs {}, or ", one_of(classes)),
    }
}

fn all_of(keys: &[String]) -> String {
    match keys {
        [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        _ => keys.join(", "),
    }
}

fn meant(nearest: &[String]) -> String {
    match nearest {
        [] => "; type help for the list".to_owned(),
        [all @ .., last] if !all.is_empty() => {
            format!("; did you mean {} or {last}?", all.join(", "))
        }
        [one, ..] => format!("; did you mean {one}?"),
    }
}

/// A fault with its place. It displays as the fault alone; the caller knows
/// the name of the file.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{fault}")]
pub struct SyntaxError {
    /// The line, from 1.
    pub line: usize,
    /// Where in the line it begins, in bytes from 1.
    pub column: usize,
    /// The bytes of the buffer that are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
}
