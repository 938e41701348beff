//! Why a call ended.

use super::super::{BUSY, Leg, REJECTED, Side, Talk, Turn, What, leg};
use super::{Teller, cause, spoken};
use std::time::Duration;

/// A leg that is left alone is hung up at once. One that stays longer was kept
/// on purpose.
const ALONE: Duration = Duration::from_secs(2);

impl Teller<'_> {
    pub(super) fn end(&self) -> String {
        let last = (self.talks.iter()).max_by_key(|talk| (talk.until, talk.order));
        if let (None, Some(why)) = (last, self.unheard()) {
            return why;
        }
        let spoke = |leg: &Leg| {
            let mut with = last.into_iter().flat_map(|talk| &talk.with);
            last.is_none() || with.any(|(_, name)| leg::phone(name) == leg.phone())
        };
        let leaving = |leg: &Leg| leg.asked.map(|(at, _)| at).or(leg.ended);
        let order = |leg: &Leg| {
            let order = leg.order.unwrap_or(u64::MAX);
            let left = leg.left.unwrap_or(order).min(order);
            (left, leg.asked.is_none(), order)
        };
        let ended = self.legs.iter().filter(|leg| leg.ended.is_some());
        let ended = ended.filter(|leg| !leg.is_internal());
        // The first to leave the last talk, unless by a transfer.
        let mut left = ended.filter(|leg| spoke(leg) && !self.hands_over(leg));
        let Some(first) = left.next() else {
            return "ended".to_owned();
        };
        let (first, slowest) = left.fold((first, first), |(first, slowest), leg| {
            let earlier = order(leg) < order(first);
            let later = leg.order > slowest.order;
            (
                if earlier { leg } else { first },
                if later { leg } else { slowest },
            )
        });
        // A leg that stayed on alone ended for its own reasons.
        let alone = leaving(slowest).zip(first.ended);
        let alone = alone.and_then(|(left, ended)| left.duration_since(ended).ok());
        match alone.is_some_and(|alone| alone > ALONE) {
            true => self.left(slowest),
            false => match self.beside(first, last, order(first).0) {
                Some(other) => self.either(first, other),
                None => self.left(first),
            },
        }
    }

    /// Who left the talk by the same event as `first`. Up to 11 an Unlink
    /// names both, and nothing says who hung up, unless there are requests.
    fn beside(&self, first: &Leg, last: Option<&Talk>, left: u64) -> Option<&Leg> {
        if first.asked.is_some() || first.left != Some(left) {
            return None;
        }
        let with = last.into_iter().flat_map(|talk| &talk.with);
        let mut legs = with.filter_map(|(uid, _)| self.legs.iter().find(|leg| leg.uid == *uid));
        legs.find(|leg| leg.left == first.left && leg.phone() != first.phone())
            .copied()
    }

    fn either(&self, one: &Leg, two: &Leg) -> String {
        let place = |leg: &Leg| self.legs.iter().position(|own| own.uid == leg.uid);
        let (one, two) = if place(one) < place(two) {
            (one, two)
        } else {
            (two, one)
        };
        let mut halves = self.halves(&one.uid);
        halves.extend(self.halves(&two.uid));
        let names = format!("{} or {}", self.name(&one.uid), self.name(&two.uid));
        match cause(&halves) {
            cause if cause.is_empty() => format!("{names} hung up"),
            cause => format!("{names} hung up: {cause}"),
        }
    }

    /// Whether this phone transferred the others without speaking again.
    fn hands_over(&self, leg: &Leg) -> bool {
        self.call.turns.iter().any(|turn| match &turn.what {
            What::Blind(by, _, _, true) | What::Attended(by, _, _, true) => {
                let halves = self.halves(by);
                halves.iter().any(|half| half.uid == leg.uid)
            }
            _ => false,
        })
    }

    fn left(&self, leg: &Leg) -> String {
        let name = self.name(&leg.uid);
        let how = match leg.asked {
            Some((_, Side::Server)) => "was hung up",
            _ if leg.cause.is_none() => return format!("{name} is gone; its end was not seen"),
            _ => "hung up",
        };
        match cause(&self.halves(&leg.uid)) {
            cause if cause.is_empty() => format!("{name} {how}"),
            cause => format!("{name} {how}: {cause}"),
        }
    }

    /// Why nobody spoke.
    fn unheard(&self) -> Option<String> {
        let mut turns = self.call.turns.iter().rev();
        turns.find_map(|turn| match &turn.what {
            What::Abandons(leg, queue) => {
                let waits = |turn: &&Turn| turn.what == What::Queues(leg.clone(), queue.clone());
                let since = self.call.turns.iter().rev().find(waits)?.at;
                let long = spoken(turn.at.duration_since(since).unwrap_or_default());
                let name = self.name(leg);
                Some(format!(
                    "{name} left queue {queue} after {long}, before anybody answered"
                ))
            }
            What::Dials(_, to, Some(outcome)) if outcome != "ANSWER" => {
                let to_name = self.name(to);
                let cause = match cause(&self.halves(to)) {
                    cause if cause.is_empty() || cause.starts_with("0 ") => String::new(),
                    cause => format!(" ({cause})"),
                };
                Some(match &outcome[..] {
                    BUSY => format!("{to_name} was busy{cause}"),
                    REJECTED => format!("{to_name} rejected the call{cause}"),
                    "NOANSWER" => format!("{to_name} did not answer{cause}"),
                    "CANCEL" => format!("the caller gave up before {to_name} answered{cause}"),
                    "CONGESTION" => format!("{to_name} could not be reached: congestion{cause}"),
                    "CHANUNAVAIL" => format!("{to_name} was not available{cause}"),
                    other => format!("{to_name}: {other}{cause}"),
                })
            }
            _ => None,
        })
    }
}
