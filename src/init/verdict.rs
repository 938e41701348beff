//! Whether a user has what is wanted, and how much more.

use super::Least;
use crate::ami::Classes;
use crate::catalog::Listing;
use crate::diagnosis::{Grant, SessionFacts};

/// Actions that every server has since 1.6 which needs one of these classes: what
/// is listed shows what is granted. `agent` is told by the module of queues, of
/// which QueueStatus needs no class.
const PROOFS: [(&str, &str, &str); 7] = [
    ("reporting", "CoreStatus", "ListCommands"),
    ("call", "Setvar", "ListCommands"),
    ("originate", "Originate", "ListCommands"),
    ("user", "UserEvent", "ListCommands"),
    ("system", "DBPut", "ListCommands"),
    ("command", "Command", "ListCommands"),
    ("agent", "QueueAdd", "QueueStatus"),
];

/// Classes, as far as they are known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Of read= that are wanted, and not granted.
    pub unseen: Vec<&'static str>,
    /// Of write=.
    pub unsent: Vec<&'static str>,
    /// Of read= that are granted, and not wanted.
    pub seen_besides: Vec<&'static str>,
    /// Of write=.
    pub sent_besides: Vec<&'static str>,
    /// It is not known what may be seen: read= is told with class command only.
    pub is_read_unknown: bool,
}

impl Verdict {
    /// What `facts` have of `least`.
    pub fn of(facts: &SessionFacts, least: Least) -> Verdict {
        let mut verdict = Verdict {
            is_read_unknown: facts.read == Grant::UNKNOWN,
            ..Verdict::default()
        };
        let here = |class: &&str| {
            // A user who may do everything lacks no class of another version.
            least.write != Classes::ALL || PROOFS.iter().any(|(one, _, _)| one == class)
        };
        for class in Classes::names() {
            let is_wanted = |classes: Classes| classes.contains(Classes::of_mask(class));
            match (is_wanted(least.read), facts.read.has(class)) {
                (true, Some(false)) if here(&class) => verdict.unseen.push(class),
                (false, Some(true)) => verdict.seen_besides.push(class),
                _ => {}
            }
            let may = facts.write.has(class);
            let may = may.or_else(|| shown(facts.listing.as_ref(), class));
            match (is_wanted(least.write), may) {
                (true, Some(false)) if here(&class) => verdict.unsent.push(class),
                (false, Some(true)) => verdict.sent_besides.push(class),
                _ => {}
            }
        }
        verdict
    }

    /// Something that is wanted will not work.
    pub fn lacks(&self) -> bool {
        !(self.unseen.is_empty() && self.unsent.is_empty())
    }

    /// It has more than is wanted.
    pub fn exceeds(&self) -> bool {
        !(self.seen_besides.is_empty() && self.sent_besides.is_empty())
    }
}

fn shown(listing: Option<&Listing>, class: &str) -> Option<bool> {
    let listing = listing?;
    let (_, proof, there) = PROOFS.iter().find(|(one, _, _)| *one == class)?;
    match (listing.get(proof), listing.get(there)) {
        // One of its classes is there, though perhaps another.
        (Some(listed), _) => (listed.privileges.len() == 1 || class == "reporting").then_some(true),
        (None, Some(_)) => Some(false),
        (None, None) => None,
    }
}
