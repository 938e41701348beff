//! The options that hold for a whole run: what may be sent, and how answers
//! count.

use super::dangerous;
use super::read_only;
use crate::ami::Action;
use crate::catalog::Catalog;
use crate::language::{Command, Fault, check_dangerous, dropped_of, mistyped};

/// What may be sent, how answers count, and how a script runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// An empty list that the server answers with an Error counts as an error.
    pub strict: bool,
    /// Send only Actions that are known to change nothing.
    pub read_only: bool,
    /// Send what was typed unchecked and unchanged.
    pub no_check: bool,
    /// Go on after an Error (`--keep-going`). Scripts only.
    pub keep_going: bool,
    /// How many Actions may be in flight (`--window`); 0 counts as 1. Scripts
    /// only.
    pub window: usize,
}

impl Rules {
    /// May `action` be sent?
    ///
    /// # Errors
    /// `--read-only` forbids it; the words are for the user.
    pub fn admit(self, action: &Action) -> Result<(), String> {
        match self.read_only {
            true => read_only::check(action),
            false => Ok(()),
        }
    }

    /// May `action` be sent as to its keys? `unchecked` as for [`Rules::notes`].
    ///
    /// # Errors
    /// One is mistyped, and much would be taken away.
    pub fn admit_keys(self, action: &Action, unchecked: Option<&Catalog>) -> Result<(), Fault> {
        match unchecked.filter(|_| !self.no_check) {
            Some(catalog) => check_dangerous(action, catalog),
            None => Ok(()),
        }
    }

    /// What to tell before `action` is sent: what the server would drop of it
    /// (`is_1_4`: its banner ends in 1.0), and of an unchecked line the keys that
    /// are probably mistyped. `unchecked`: what is known of Actions, without a
    /// question to the server.
    pub fn notes(self, action: &Action, unchecked: Option<&Catalog>, is_1_4: bool) -> Vec<String> {
        if self.no_check {
            return Vec::new();
        }
        let mistyped = unchecked.and_then(|catalog| mistyped(action, catalog));
        let dropped = dropped_of(action, is_1_4);
        mistyped.into_iter().chain(dropped).collect()
    }

    /// What to tell of the words of `command` before it is sent.
    pub fn strays(self, command: &Command, catalog: &Catalog) -> Vec<String> {
        match command {
            Command::Action(line) if !self.no_check => line.strays(catalog),
            _ => Vec::new(),
        }
    }

    /// What `action` will do, if it needs a confirmation. None if it needs none
    /// or is refused anyway.
    pub fn warning(self, action: &Action) -> Option<String> {
        self.admit(action).ok()?;
        Some(format!("this {}", dangerous::warning(action)?))
    }
}
