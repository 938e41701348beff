//! What a user may read, found out with as few questions as can be.

use super::session_facts::{Grant, is_plain, rights};
use crate::ami::{Action, Reply};
use crate::catalog::Listing;

/// Two questions at most, asked of who waits for events. The first tells
/// whether the second is allowed: what is not would be an entry in the security
/// log of the server.
#[derive(Debug)]
pub struct Reading {
    user: String,
    listed: bool,
}

/// What follows an answer.
#[derive(Debug)]
pub enum Next {
    /// This is asked next.
    Ask(Action),
    /// That is all; it may be nothing.
    Known(Grant),
}

impl Reading {
    /// The first question about `user`, whose Actions may be listed already.
    pub fn of(user: &str, listing: Option<&Listing>) -> (Reading, Next) {
        let reading = Reading {
            user: user.to_owned(),
            listed: listing.is_some(),
        };
        let next = match listing {
            Some(listing) => reading.with(listing),
            None => Next::Ask(Action::own("ListCommands", &[])),
        };
        (reading, next)
    }

    fn with(&self, listing: &Listing) -> Next {
        let may_ask = listing.get("Command").is_some() && is_plain(&self.user);
        match may_ask {
            true => {
                let text = format!("manager show user {}", self.user);
                Next::Ask(Action::own("Command", &[("Command", &text)]))
            }
            false => Next::Known(Grant::UNKNOWN),
        }
    }

    /// Takes the answer to the last question.
    pub fn feed(&mut self, reply: &Reply) -> Next {
        if self.listed {
            return Next::Known(rights(reply).map_or(Grant::UNKNOWN, |(_, read, _)| read));
        }
        self.listed = true;
        self.with(&Listing::of(reply))
    }
}
