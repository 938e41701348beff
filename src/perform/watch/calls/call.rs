//! A call: legs that belong together, and what happened between them.

use std::time::SystemTime;

/// What is remembered of one call; what comes later is counted.
const MOST_TURNS: usize = 500;

/// Legs that belong together.
#[derive(Debug, Default)]
pub struct Call {
    /// Their Uniqueids, in order of appearance.
    pub legs: Vec<String>,
    /// What happened, in order.
    pub turns: Vec<Turn>,
    /// Who was together in a bridge, once that is over.
    pub talks: Vec<Talk>,
    /// When it was first seen.
    pub begun: Option<SystemTime>,
    /// When the last leg ended.
    pub ended: Option<SystemTime>,
    /// Turns and talks that were too many to keep.
    pub dropped: u64,
}

/// Something that happened at a time.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Which event it was: many come at one time.
    pub(super) order: u64,
    /// When.
    pub at: SystemTime,
    /// When it was over, for what takes time.
    pub until: Option<SystemTime>,
    /// What.
    pub what: What,
}

/// What happened. Legs are told by their Uniqueid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A leg came into the dialplan at this extension.
    Calls(String, String),
    /// A leg is sent to another extension.
    GoesOn(String, String),
    /// A leg, or the server by itself, has another one ring; the outcome.
    Dials(Option<String>, String, Option<String>),
    /// A leg waits in a queue.
    Queues(String, String),
    /// The queue connects a leg with one of its members.
    Connects(String, String),
    /// A leg leaves the queue before anybody answers.
    Abandons(String, String),
    /// A leg sends whom it talks with to an extension; did it work?
    Blind(String, Option<String>, String, bool),
    /// A leg connects those it talks with; did it work?
    Attended(String, Option<String>, Option<String>, bool),
    /// A leg is parked on a space.
    Parks(String, String),
    /// A parked leg is fetched by another.
    Fetches(String, Option<String>),
    /// Nobody has fetched a parked leg in time.
    ParkedTooLong(String),
    /// A leg puts the other side on hold.
    Holds(String),
    /// A leg answers for one that rings.
    PicksUp(String, String),
}

/// Legs that were in one bridge together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// As of a [`Turn`].
    pub(super) order: u64,
    /// Uniqueid and name of each.
    pub with: Vec<(String, String)>,
    /// The conference it was in.
    pub conference: Option<String>,
    /// From when.
    pub from: SystemTime,
    /// Until when; None while it goes on.
    pub until: Option<SystemTime>,
}

impl Call {
    pub(super) fn turn(&mut self, order: u64, at: SystemTime, what: What) {
        if self.turns.len() >= MOST_TURNS {
            self.dropped += 1;
            return;
        }
        self.turns.push(Turn {
            order,
            at,
            until: None,
            what,
        });
    }

    pub(super) fn talk(&mut self, talk: Talk) {
        match self.talks.len() >= MOST_TURNS {
            true => self.dropped += 1,
            false => self.talks.push(talk),
        }
    }

    /// `other` turns out to be the same call.
    pub(super) fn join(&mut self, other: Call) {
        self.legs.extend(other.legs);
        self.turns.extend(other.turns);
        self.turns.sort_by_key(|turn| turn.order);
        for talk in other.talks {
            if !self.talks.contains(&talk) {
                self.talks.push(talk);
            }
        }
        self.begun = self.begun.into_iter().chain(other.begun).min();
        self.ended = None;
        self.dropped += other.dropped;
    }
}
