//! What the user has said for the whole run.

use super::read_only::{self, ReadOnly};
use crate::ami::Action;

/// What may be sent, and how an answer counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// A list that came back as Error because it is empty counts as an error.
    pub strict: bool,
    /// Only what is known to change nothing may be sent.
    pub read_only: bool,
    /// What is typed goes out as it is typed, whatever documentation says.
    pub no_check: bool,
}

impl Rules {
    /// May `action` be sent?
    ///
    /// # Errors
    /// Not with these rules.
    pub fn admit(self, action: &Action) -> Result<(), ReadOnly> {
        match self.read_only {
            true => read_only::check(action),
            false => Ok(()),
        }
    }
}
