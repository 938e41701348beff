//! A call: legs that belong together, and what happened between them.

use std::time::{Duration, SystemTime};

/// How much is kept of one call, in turns and in bytes; the rest is counted.
const MOST_TURNS: usize = 500;
const MOST_BYTES: usize = 256 * 1024;

/// The same legs who speak again within this time have not stopped.
const FLICKER: Duration = Duration::from_millis(500);

/// How many legs of a talk are named; the others are counted.
pub(super) const MOST_NAMED: usize = 10;

/// Legs that belong together.
#[derive(Debug, Default)]
pub struct Call {
    /// Their Uniqueids, in order of appearance.
    pub legs: Vec<String>,
    /// What happened, in order.
    pub turns: Vec<Turn>,
    /// Who was in a bridge together, recorded when that is over.
    pub talks: Vec<Talk>,
    /// When it was first seen.
    pub begun: Option<SystemTime>,
    /// When the last leg ended.
    pub ended: Option<SystemTime>,
    /// Turns and talks that were not kept.
    pub dropped: u64,
    /// Its Linkedids.
    pub(super) linked: Vec<String>,
    /// Memory of its turns, talks and Linkedids, in bytes.
    pub(super) weight: usize,
}

/// Something that happened, and when.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The number of its event, because several may have the same time.
    pub(super) order: u64,
    /// When.
    pub at: SystemTime,
    /// When it ended, if it takes time.
    pub until: Option<SystemTime>,
    /// What.
    pub what: What,
}

/// What happened. Legs are given by Uniqueid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A leg entered the dialplan at this extension.
    Calls(String, String),
    /// A leg is sent to another extension.
    GoesOn(String, String),
    /// A leg, or the server itself, dials another; the outcome.
    Dials(Option<String>, String, Option<String>),
    /// A leg waits in a queue.
    Queues(String, String),
    /// The queue connects a leg with one of its members.
    Connects(String, String),
    /// A leg leaves the queue before anybody answers.
    Abandons(String, String),
    /// A leg transfers its peer to an extension; whether that worked.
    Blind(String, Option<String>, String, bool),
    /// A leg connects the two it talks with; whether that worked.
    Attended(String, Option<String>, Option<String>, bool),
    /// A leg is parked on a space.
    Parks(String, String),
    /// A parked leg is retrieved by another.
    Retrieves(String, Option<String>),
    /// A parked leg was not retrieved in time.
    ParkedTooLong(String),
    /// A leg puts the other side on hold.
    Holds(String),
    /// A leg answers a call to one that rings.
    PicksUp(String, String),
}

/// Legs that were in one bridge together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// As in [`Turn`].
    pub(super) order: u64,
    /// Uniqueid and name of each, for at most ten.
    pub with: Vec<(String, String)>,
    /// How many more there were.
    pub others: usize,
    /// The conference it was in.
    pub conference: Option<String>,
    /// Its beginning.
    pub from: SystemTime,
    /// Its end; None while it continues.
    pub until: Option<SystemTime>,
}

impl Talk {
    /// Whether it is the talk `last` again. Up to 11 a bridge is left and
    /// entered again when its ways change.
    pub(super) fn continues(&self, last: &Talk) -> bool {
        let gap = last
            .until
            .and_then(|until| self.from.duration_since(until).ok());
        let is_same = |(uid, _): &(String, String)| last.with.iter().any(|(of, _)| of == uid);
        gap.is_some_and(|gap| gap < FLICKER)
            && (self.with.len(), self.others) == (last.with.len(), last.others)
            && self.with.iter().all(is_same)
    }
}

impl Call {
    /// Adds a turn unless this call is full or `room`, the memory left for all
    /// calls, is too small. Returns the bytes it takes; 0 if it was not kept.
    pub(super) fn turn(&mut self, order: u64, at: SystemTime, what: What, room: usize) -> usize {
        let turn = Turn {
            order,
            at,
            until: None,
            what,
        };
        let weight = size_of::<Turn>() + turn.what.texts();
        if !self.takes(self.turns.len(), weight, room) {
            self.dropped += 1;
            return 0;
        }
        self.turns.push(turn);
        weight
    }

    /// As [`Call::turn`].
    pub(super) fn talk(&mut self, talk: Talk, room: usize) -> usize {
        let texts = talk.with.iter().map(|(uid, name)| uid.len() + name.len());
        let pair = size_of::<(String, String)>() * talk.with.len();
        let weight = size_of::<Talk>() + pair + texts.sum::<usize>();
        let mut before = self.talks.iter_mut().rev();
        if let Some(last) = before.next().filter(|last| talk.continues(last)) {
            last.until = talk.until;
            return 0;
        }
        if !self.takes(self.talks.len(), weight, room) {
            self.dropped += 1;
            return 0;
        }
        self.talks.push(talk);
        weight
    }

    /// Adds a Linkedid, as [`Call::turn`] does a turn.
    pub(super) fn link(&mut self, linked: &str, room: usize) -> usize {
        let weight = 2 * (size_of::<String>() + linked.len());
        if !self.takes(self.linked.len(), weight, room) {
            return 0;
        }
        self.linked.push(linked.to_owned());
        weight
    }

    /// Counts `weight` if there is room for one more beside `held`.
    fn takes(&mut self, held: usize, weight: usize, room: usize) -> bool {
        let fits = held < MOST_TURNS && weight <= room && self.weight + weight <= MOST_BYTES;
        self.weight += if fits { weight } else { 0 };
        fits
    }

    /// Merges `other`, which turned out to be the same call.
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
        self.linked.extend(other.linked);
        self.weight += other.weight;
    }
}

impl What {
    /// The bytes of its texts, including an outcome still to come.
    fn texts(&self) -> usize {
        let some = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        match self {
            What::Calls(a, b)
            | What::GoesOn(a, b)
            | What::Queues(a, b)
            | What::Connects(a, b)
            | What::Abandons(a, b)
            | What::Parks(a, b)
            | What::PicksUp(a, b) => a.len() + b.len(),
            What::Dials(a, b, _) => some(a) + b.len() + OUTCOME,
            What::Blind(a, b, c, _) => a.len() + some(b) + c.len(),
            What::Attended(a, b, c, _) => a.len() + some(b) + some(c),
            What::Retrieves(a, b) => a.len() + some(b),
            What::ParkedTooLong(a) | What::Holds(a) => a.len(),
        }
    }
}

/// How many characters of a DialStatus are kept; the longest is `INVALIDARGS`.
pub(super) const OUTCOME: usize = 16;
