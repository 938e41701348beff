//! The language of amish: Action lines, raw packets, `cli TEXT` and amish's own
//! words, the same at the prompt, with `-c` and in scripts.
//!
//! Works on bytes, because values may be any bytes, and knows nothing of
//! terminals. All spans are byte ranges in the parsed buffer.

mod action_line;
mod alias;
mod arguments;
pub mod asterisk_cli;
mod builtin;
mod check;
mod duration;
mod event_choice;
mod expr;
mod fault;
mod line;
mod misplaced;
mod raw;
mod script;
mod secrets;
pub mod setting;
mod tail;
#[cfg(test)]
mod tests;
mod text;
mod variables;
mod word;

pub use action_line::{ActionLine, Argument};
pub use alias::expand;
pub use arguments::words;
pub use builtin::{
    Builtin, Filter, Interactive, Last, METRICS, Repeat, Suspect, TABLE, Usage, nearest_builtin,
    usage_of,
};
pub use check::{check, check_dangerous, lacking_of, mistyped};
pub use duration::{duration, some_time};
pub use event_choice::EventChoice;
pub use expr::Expr;
pub use fault::{Fault, SyntaxError};

pub use line::{Reader, parse, raw_packet_open, statements};
pub use misplaced::{Misplaced, misplaced, surplus_target};
pub use script::{Assigned, Expected};
pub use secrets::{holds_secret, without_secret};
pub use setting::{Color, Setting};
pub use tail::Then;
pub use text::{Text, Variables};
pub use variables::dropped_of;
pub use word::{Word, quote, split};

use crate::ami::Action;
use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

/// Where a line comes from. Variables, `-LINE`, `echo` and `sleep` are for
/// scripts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the prompt.
    Shell,
    /// `-c`, `-f` or standard input.
    Script,
}

/// What one line, or one raw packet, does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// An Action line.
    Action(ActionLine),
    /// A raw packet, sent as typed.
    Raw(Action),
    /// `cli TEXT`: the text, never empty.
    Cli(Text),
    /// `/word`, `help`, `quit`: a command of amish itself.
    Builtin(Builtin),
    /// `echo TEXT`.
    Echo(Text),
    /// `sleep SECONDS`.
    Sleep(Duration),
    /// `set NAME = VALUE`.
    Set {
        /// The name of the variable.
        name: String,
        /// Its value.
        value: Assigned,
    },
    /// `expect`.
    Expect(Expected),
    /// `fail TEXT`.
    Fail(Text),
    /// `!cmd`, a local command; empty for a shell.
    Local(String),
}

impl Command {
    /// Does it send an Action of the user's?
    pub fn sends(&self) -> bool {
        matches!(self, Command::Action(_) | Command::Raw(_) | Command::Cli(_))
    }

    /// The Command with its variables replaced.
    ///
    /// # Errors
    /// A variable is not set.
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
            Command::Builtin(builtin) => match builtin.with(variables) {
                Some(builtin) => Command::Builtin(builtin?),
                None => return Ok(Cow::Borrowed(self)),
            },
            as_it_is => return Ok(Cow::Borrowed(as_it_is)),
        };
        Ok(Cow::Owned(resolved))
    }
}

/// A Command and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The Command.
    pub command: Command,
    /// What to do with the reply.
    pub then: Then,
    /// `-LINE`: an Error does not stop the script. Scripts only.
    pub forgiven: bool,
    /// Its line, counted from 1; the first line of a raw packet.
    pub line: usize,
    /// Its byte range, without blanks around it.
    pub span: Range<usize>,
}

impl Statement {
    /// `fault`, found while building or checking its Action, at the position of
    /// this statement.
    pub fn wrong(&self, fault: Fault) -> SyntaxError {
        SyntaxError {
            line: self.line,
            column: 1,
            span: self.span.clone(),
            fault,
        }
    }
}
