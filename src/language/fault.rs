//! Errors in typed input. Nothing was sent.

use crate::ami::Refused;
use crate::catalog::one_of;
use std::ops::Range;
use thiserror::Error;

/// What is wrong, and what to type instead: the message of each says it. None
/// shows a value, which may be a secret.
#[allow(missing_docs)]
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Fault {
    #[error("the quote {0} is not closed: add {0} at the end of the value")]
    UnclosedQuote(char),
    #[error(
        "the word continues after the closing {0}: end it there, or put the whole value in quotes"
    )]
    QuoteGoesOn(char),
    #[error("{0} is not set: for a dollar sign itself write $$")]
    Unset(String),
    /// The limit in bytes.
    #[error("the variables of a script may hold {} MiB at most, and this exceeds it", .0 >> 20)]
    TooLarge(usize),
    #[error("the line begins with {0}=: the name of the Action comes first")]
    KeyFirst(String),
    #[error(
        "{0} is not the name of an Action: type help for the list, or `cli …` for the Asterisk CLI"
    )]
    NotAName(String),
    #[error(
        "{0} has a colon inside: a raw packet begins with `Key: value` (a blank after the colon), an Action with its name"
    )]
    ColonInside(String),
    /// `cli` alone, `/` alone, `-` alone.
    #[error("{0} needs something after it, such as `{1}`")]
    Alone(&'static str, &'static str),
    #[error("{0} recalls no line here: Up brings the last one back, Ctrl-R searches for one")]
    Recall(String),
    #[error("{0} takes no words: type it alone")]
    TakesNothing(String),
    #[error("{0} is for scripts (-c, -f and standard input), not for the prompt")]
    ScriptsOnly(&'static str),
    #[error("{0} works at the prompt only: take it out of the script")]
    PromptOnly(String),
    #[error(
        "{0} as a word of its own works at the prompt only: pipe the output of amish instead, or quote it as '{0}'"
    )]
    Tail(&'static str),
    /// The name of a command of amish, without its slash.
    #[error("{0} is no Action but a command of amish: write /{0}")]
    NoSlash(String),
    #[error(
        "? as the last word asks for help, and nothing is known of this line: quote it as '?' to send it"
    )]
    Asks,
    #[error("\\q is a command of psql: quit leaves amish")]
    Backslash,
    #[error("{0} is no Action: the port stands behind the host, as in host:{0}")]
    IsPort(String),
    /// The first word, and the whole line for a shell.
    #[error("{0} is not an Action: give it as a line, -c {1}")]
    LinesOnly(String, String),
    /// `/watch` without its pause, and the line to repeat as far as it may be
    /// shown.
    #[error("the pause comes first: write /watch 2 {0}")]
    NoPause(String),
    /// An unknown `/word`; the message names the nearest, or all.
    #[error("{0}")]
    NoSuchBuiltin(String),
    #[error("write /{0} {1}")]
    Usage(&'static str, &'static str),
    #[error("{0}")]
    Words(String),
    #[error("{0}")]
    OptionOnly(String),
    #[error(
        "set needs a name and a header of the last reply, `set id = Uniqueid`, or a text in quotes, `set id = \"1.1\"`"
    )]
    NotASet,
    #[error("within needs a time, such as `within 30s`")]
    NotWithin,
    #[error("expect none needs the time to watch: `expect none Hangup within 2s`")]
    NoneForever,
    #[error("sleep needs seconds, such as `sleep 1.5`")]
    NotSeconds,
    #[error(
        "a test is missing here: write the name of an event, Key=value, Key!=value or Key~regex; a comma separates two"
    )]
    NoTest,
    #[error(
        "{0} is not a test: write the name of an event, Key=value, Key!=value or Key~regex, a value with blanks or commas in quotes"
    )]
    NoSuchTest(String),
    #[error(
        "{0} is no word of an expression: a blank is and, a comma is or, ! before a test is not"
    )]
    NoOperator(String),
    #[error(
        "{0} is no word of an expression: the time stands at the end, as in expect Hangup within 5s, or in --for 5s of a stream"
    )]
    NoTimeHere(String),
    /// The first word of `/last`, or its last one; and what to write.
    #[error("{0} is in the way: how many events comes first, as in /last {1}")]
    NoCount(String, String),
    #[error("{0} has no value to compare with: for an empty value write {0}=''")]
    NoValue(String),
    #[error(
        "one sign is enough: write {0}=value, {0}~regex, or {0}='=value' if the value begins with one"
    )]
    TwoSigns(String),
    #[error("not a regular expression: {0}; put one with blanks or commas in quotes")]
    Regex(String),
    #[error(
        "{action} takes bare words for {keys} only: write the others as Key=value, a value with blanks in quotes"
    )]
    TooManyWords {
        /// In the server's spelling.
        action: String,
        keys: String,
    },
    #[error(
        "{}{action} takes no bare words: write Key=value, a value with blanks in quotes",
        unknown(.action, .nearest)
    )]
    NoBareWords {
        action: String,
        /// The nearest names if it is not known, best first.
        nearest: Vec<String>,
    },
    #[error("this server lists no Action {name}{}", meant(.nearest))]
    Unknown {
        name: String,
        /// The nearest names, best first.
        nearest: Vec<String>,
    },
    #[error(
        "{name} is not among the Actions this server lets you send: {}its module is not loaded; /doctor {name} tells more",
        lacking(.needs)
    )]
    NotListed {
        name: String,
        /// The classes one of which it needs, as far as known.
        needs: Vec<&'static str>,
    },
    #[error("{action} needs {}: help {action} tells what it takes", all_of(.keys))]
    Missing {
        /// In the server's spelling.
        action: String,
        keys: Vec<String>,
    },
    #[error("{action} takes no {key}{}", meant(.nearest))]
    UnknownKey {
        /// In the server's spelling.
        action: String,
        key: String,
        /// The nearest names, best first.
        nearest: Vec<String>,
    },
    #[error("that reads like a command of the Asterisk CLI, not an Action: type `cli {0}`")]
    IsCli(String),
    /// The same as a word of the command line, quoted for a shell.
    #[error("that reads like a command of the Asterisk CLI, not an Action: write -x {0}")]
    IsExecute(String),
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

fn unknown(action: &str, nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        near => format!("no Action {action} is known{} ", meant(near)),
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

/// A fault and its position. Displays as the fault alone; the caller knows the
/// name of the file.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{fault}")]
pub struct SyntaxError {
    /// The line, counted from 1.
    pub line: usize,
    /// Where it begins in the line, in bytes counted from 1.
    pub column: usize,
    /// The range of bytes in the buffer.
    pub span: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
}
