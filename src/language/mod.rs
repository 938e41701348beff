//! What can be typed: Action lines, raw packets, `cli TEXT` and the words of
//! amish itself; one language at the prompt, with `-c` and in scripts.
//!
//! Works on bytes, because values may be any bytes, and knows no terminal. All
//! spans are ranges of bytes in the buffer that was read.

mod action_line;
mod alias;
mod check;
mod expr;
mod fault;
mod filter;
mod line;
mod raw;
mod script;
mod tail;
#[cfg(test)]
mod tests;
mod text;
mod word;

pub use action_line::{ActionLine, Argument};
pub use alias::expand;
pub use check::{Doubt, check};
pub use expr::Expr;
pub use fault::{Fault, SyntaxError};
pub use filter::{Filter, Last};
pub use line::{Reader, parse, raw_packet_open, statements, words};
pub use script::{Assigned, Expected, duration};
pub use tail::Then;
pub use text::{Text, Variables};
pub use word::{Word, quote, split};

use crate::ami::Action;
use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

/// Where a line was typed. Variables, `-LINE`, `echo` and `sleep` are for
/// scripts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the prompt.
    Shell,
    /// `-c`, `-f` or standard input.
    Script,
}

/// What one line, or one raw packet, asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// An Action line.
    Action(ActionLine),
    /// A raw packet, to be sent as it is.
    Raw(Action),
    /// `cli TEXT`: the text, never empty.
    Cli(Text),
    /// `help` and the words after it.
    Help(Vec<String>),
    /// `quit` or `exit`.
    Quit,
    /// `/name` and the words after it. Any name: who performs it knows which there are.
    Builtin {
        /// Without the slash, in small letters.
        name: String,
        /// Without quotes; bytes that are not UTF-8 are replaced.
        arguments: Vec<String>,
    },
    /// `/filter`.
    Filter(Filter),
    /// `/last`.
    Last(Last),
    /// `echo TEXT`.
    Echo(Text),
    /// `sleep SECONDS`.
    Sleep(Duration),
    /// `set NAME = VALUE`.
    Set {
        /// Of the variable.
        name: String,
        /// What it gets.
        value: Assigned,
    },
    /// `expect`.
    Expect(Expected),
    /// `fail TEXT`.
    Fail(Text),
    /// `!cmd`, a command of this machine; alone, a shell.
    Local(String),
}

impl Command {
    /// Does it send an Action of the user's?
    pub fn sends(&self) -> bool {
        matches!(self, Command::Action(_) | Command::Raw(_) | Command::Cli(_))
    }

    /// The Command with the values of `variables` in it.
    ///
    /// # Errors
    /// One of its variables is not set.
    pub fn with(&self, variables: &Variables) -> Result<Cow<'_, Command>, Fault> {
        let resolved = match self {
            Command::Action(line) if !line.is_fixed() => Command::Action(line.with(variables)?),
            Command::Cli(text) if !text.is_fixed() => Command::Cli(text.with(variables)?),
            Command::Echo(text) if !text.is_fixed() => Command::Echo(text.with(variables)?),
            Command::Fail(text) if !text.is_fixed() => Command::Fail(text.with(variables)?),
            Command::Set {
                name,
                value: Assigned::Text(text),
            } if !text.is_fixed() => Command::Set {
                name: name.clone(),
                value: Assigned::Text(text.with(variables)?),
            },
            Command::Expect(expected) if !expected.expr.is_fixed() => {
                Command::Expect(expected.with(variables)?)
            }
            Command::Filter(filter) => match filter.with(variables) {
                Some(filter) => Command::Filter(filter?),
                None => return Ok(Cow::Borrowed(self)),
            },
            as_it_is => return Ok(Cow::Borrowed(as_it_is)),
        };
        Ok(Cow::Owned(resolved))
    }
}

/// A Command and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    /// What to do.
    pub command: Command,
    /// And what with the reply.
    pub then: Then,
    /// `-LINE`: an Error is no reason to stop. Scripts only.
    pub forgiven: bool,
    /// Its line, from 1; the first one of a raw packet.
    pub line: usize,
    /// Its bytes, from the first to the last that is no blank.
    pub span: Range<usize>,
}

impl Statement {
    /// `fault`, found when the Command was turned into an Action or checked,
    /// at the place of this statement.
    pub fn wrong(&self, fault: Fault) -> SyntaxError {
        SyntaxError {
            line: self.line,
            column: 1,
            span: self.span.clone(),
            fault,
        }
    }
}
