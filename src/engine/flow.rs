//! What comes after a statement, and what ends one half way.

use crate::exit_code::Code;
use crate::language::Fault;
use crate::session;
use std::io;
use thiserror::Error;

/// What comes after a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// The next statement.
    Go,
    /// Nothing more of what was typed or read together with it.
    Stop,
    /// Nothing at all: the user leaves.
    Leave,
}

/// Why a statement was not carried out: the exit code, and the words for the
/// user.
#[derive(Debug)]
pub struct Failure(pub Code, pub String);

/// What ends a statement half way.
#[derive(Debug, Error)]
pub enum Halt {
    /// The output cannot be written, so the run ends.
    #[error(transparent)]
    Output(#[from] io::Error),
    /// Ctrl-C, or the end of the link; there is nothing more to say about it.
    #[error("stopped")]
    Flow(Flow),
    /// A failure still to be reported, with the place of the statement.
    #[error("{}", .0.1)]
    Failed(Failure),
    /// The link is down, or the session refused the Action: nothing was sent.
    #[error(transparent)]
    Unsent(#[from] session::Error),
}

/// The result of a statement, or of a part of one.
pub type Done<T = Flow> = Result<T, Halt>;

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Halt {
        Halt::Failed(failure)
    }
}

/// What was typed cannot be done.
impl From<String> for Halt {
    fn from(words: String) -> Halt {
        Halt::Failed(Failure(Code::Usage, words))
    }
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Halt {
        let code = match fault {
            Fault::TooLarge(_) => Code::Failed,
            _ => Code::Usage,
        };
        Halt::Failed(Failure(code, fault.to_string()))
    }
}
