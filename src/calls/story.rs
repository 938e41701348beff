//! The story of a call: its legs, who spoke with whom and when, and why it
//! ended.

mod ending;

use super::{Call, Calls, Leg, Talk, What};
use crate::output::{signs, words};
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// A call in words. Its texts are safe for a terminal, since names are escaped
/// when they are read.
#[derive(Debug, PartialEq, Eq)]
pub struct Story {
    /// The call's duration and time.
    pub title: String,
    /// For each leg: its channel, the caller, when it came, answered and left,
    /// and why it left.
    pub legs: Vec<[String; 6]>,
    /// Time span and description of each turn.
    pub turns: Vec<(String, String)>,
    /// Why it ended; None if it has not.
    pub end: Option<String>,
}

impl Calls {
    /// The story of a call up to `now`.
    pub fn story(&self, id: u64, now: SystemTime, zone: &TimeZone) -> Option<Story> {
        let call = self.call(id)?;
        let teller = Teller::new(self, call);
        Some(Story {
            title: teller.title(now, zone),
            legs: teller.legs(),
            turns: teller.turns(),
            end: call.ended.map(|_| teller.end()),
        })
    }

    /// A short name for each leg, or a long one if its device occurs twice.
    pub(super) fn labels<'a>(&'a self, legs: &[&'a Leg]) -> HashMap<&'a str, &'a str> {
        let mut phones: HashMap<&str, &str> = HashMap::new();
        let mut twice = Vec::new();
        for leg in legs {
            let first = *phones.entry(leg.device()).or_insert(leg.phone());
            if first != leg.phone() {
                twice.push(leg.device());
            }
        }
        let label = |leg: &&'a Leg| match twice.contains(&leg.device()) {
            true => (&leg.uid[..], leg.phone()),
            false => (&leg.uid[..], leg.device()),
        };
        legs.iter().map(label).collect()
    }
}

struct Teller<'a> {
    call: &'a Call,
    legs: Vec<&'a Leg>,
    labels: HashMap<&'a str, &'a str>,
    talks: Vec<Talk>,
    start: SystemTime,
}

impl<'a> Teller<'a> {
    fn new(calls: &'a Calls, call: &'a Call) -> Teller<'a> {
        let legs: Vec<&Leg> = call.legs.iter().filter_map(|uid| calls.leg(uid)).collect();
        let mut talks = call.talks.clone();
        let mut open: Vec<&str> = legs
            .iter()
            .filter_map(|leg| leg.bridge.as_deref())
            .collect();
        open.sort_unstable();
        open.dedup();
        for talk in open.into_iter().filter_map(|bridge| calls.talk(bridge)) {
            match talks.iter_mut().rev().find(|last| talk.continues(last)) {
                Some(last) => last.until = talk.until,
                None => talks.push(talk),
            }
        }
        talks.retain(|talk| {
            let mut phones = talk.with.iter().map(|(_, name)| super::leg::phone(name));
            let first = phones.next();
            phones.any(|phone| Some(phone) != first)
        });
        let parties = talks.iter().flat_map(|talk| &talk.with);
        let parties = parties.filter_map(|(uid, _)| calls.leg(uid));
        let all: Vec<&Leg> = legs.iter().copied().chain(parties).collect();
        let labels = calls.labels(&all);
        let begun = call.begun.unwrap_or(SystemTime::UNIX_EPOCH);
        Teller {
            call,
            legs,
            labels,
            talks,
            start: begun,
        }
    }

    fn title(&self, now: SystemTime, zone: &TimeZone) -> String {
        let clock = |time: SystemTime| {
            let time = jiff::Timestamp::try_from(time).unwrap_or_default();
            zone.to_datetime(time).strftime("%H:%M:%S").to_string()
        };
        let end = self.call.ended.unwrap_or(now);
        let long = end.duration_since(self.start).unwrap_or_default();
        let long = words::duration(long.as_secs());
        match self.call.ended {
            Some(end) => format!("A call of {long}, {} to {}", clock(self.start), clock(end)),
            None => format!("A call since {}, {long} so far", clock(self.start)),
        }
    }

    /// `+1.2`
    fn stamp(&self, at: SystemTime) -> String {
        let since = at.duration_since(self.start).unwrap_or_default();
        format!("+{:.1}", since.as_secs_f64())
    }

    fn name(&self, uid: &str) -> String {
        let label = self.labels.get(uid).copied().unwrap_or("somebody");
        let mut agents = self
            .halves(uid)
            .into_iter()
            .filter_map(|leg| leg.agent.as_deref());
        // A queue member without a name is shown by its interface.
        match agents.next().filter(|agent| !agent.contains('/')) {
            Some(agent) => format!("{agent} ({label})"),
            None => label.to_owned(),
        }
    }

    /// All legs of the phone that `uid` belongs to.
    fn halves(&self, uid: &str) -> Vec<&'a Leg> {
        let own = self.legs.iter().find(|leg| leg.uid == uid);
        let same = |leg: &&&Leg| own.is_some_and(|own| own.phone() == leg.phone());
        self.legs.iter().filter(same).copied().collect()
    }

    /// One row per phone: the halves of a Local channel are one.
    fn legs(&self) -> Vec<[String; 6]> {
        let mut rows: Vec<(&str, Vec<&Leg>)> = Vec::new();
        for leg in self.legs.iter().filter(|leg| !leg.is_internal()) {
            match rows.iter_mut().find(|(phone, _)| *phone == leg.phone()) {
                Some((_, halves)) => halves.push(leg),
                None => rows.push((leg.phone(), vec![leg])),
            }
        }
        let row = |(_, halves): (&str, Vec<&Leg>)| {
            let stamp =
                |time: Option<SystemTime>| time.map(|at| self.stamp(at)).unwrap_or_default();
            let uid = halves.first().map_or("", |leg| &leg.uid);
            let caller = halves.iter().map(|leg| leg.caller.text());
            let came = halves.iter().filter_map(|leg| leg.created).min();
            let answered = halves.iter().filter_map(|leg| leg.answered).max();
            let left = match halves.iter().all(|leg| leg.ended.is_some()) {
                true => halves.iter().filter_map(|leg| leg.ended).max(),
                false => None,
            };
            [
                self.name(uid),
                caller
                    .into_iter()
                    .find(|text| !text.is_empty())
                    .unwrap_or_default(),
                stamp(came),
                stamp(answered),
                stamp(left),
                cause(&halves),
            ]
        };
        rows.into_iter().map(row).collect()
    }

    fn turns(&self) -> Vec<(String, String)> {
        let mut told: Vec<(u64, SystemTime, Option<SystemTime>, String)> = Vec::new();
        for turn in &self.call.turns {
            told.push((turn.order, turn.at, turn.until, self.what(&turn.what)));
        }
        for talk in &self.talks {
            told.push((talk.order, talk.from, talk.until, self.talk(talk)));
        }
        told.sort_by_key(|(order, _, _, _)| *order);
        let mut lines: Vec<(String, String)> = Vec::new();
        for (_, at, until, text) in told {
            let from = self.stamp(at);
            let stamp = match until.map(|until| self.stamp(until)) {
                Some(until) if until != from => format!("{from} {} {until}", signs("–")),
                _ => from,
            };
            lines.push((stamp, text));
        }
        if self.call.dropped > 0 {
            let more = format!("{} more that were not kept", self.call.dropped);
            lines.push((String::new(), more));
        }
        lines
    }

    fn what(&self, what: &What) -> String {
        let name = |uid: &str| self.name(uid);
        let some = |uid: &Option<String>| match uid {
            Some(uid) => self.name(uid),
            None => "the other side".to_owned(),
        };
        let place = |text: &str| text.trim_end_matches('@').to_owned();
        match what {
            What::Calls(leg, exten) => format!("{} calls {}", name(leg), place(exten)),
            What::GoesOn(leg, exten) => format!("{} goes on to {}", name(leg), place(exten)),
            What::Dials(by, to, outcome) => {
                let by = by.as_deref().map_or_else(|| "the server".to_owned(), name);
                let elsewhere = self
                    .halves(to)
                    .iter()
                    .any(|leg| leg.cause.as_deref() == Some("26"));
                let outcome = match outcome.as_deref() {
                    Some("CANCEL") if elsewhere => ": answered elsewhere".to_owned(),
                    outcome => outcome.map(outcome_words).unwrap_or_default(),
                };
                format!("{by} rings {}{outcome}", name(to))
            }
            What::Queues(leg, queue) => format!("{} waits in queue {queue}", name(leg)),
            What::Connects(leg, to) => format!("the queue gives {} to {}", name(leg), name(to)),
            What::Abandons(leg, queue) => format!("{} abandons queue {queue}", name(leg)),
            What::Blind(by, whom, to, true) => {
                format!("{} transfers {} to {}", name(by), some(whom), place(to))
            }
            What::Blind(by, whom, to, false) => {
                let (by, whom, to) = (name(by), some(whom), place(to));
                format!("{by} cannot transfer {whom} to {to}")
            }
            What::Attended(by, whom, target, ok) => {
                let verb = if *ok { "connects" } else { "cannot connect" };
                format!("{} {verb} {} with {}", name(by), some(whom), some(target))
            }
            What::Parks(leg, space) => format!("{} is parked on {space}", name(leg)),
            What::Retrieves(leg, by) => match by {
                Some(by) => format!("{} retrieves {}", name(by), name(leg)),
                None => format!("{} is retrieved", name(leg)),
            },
            What::ParkedTooLong(leg) => format!("nobody retrieves {} in time", name(leg)),
            What::Holds(leg) => format!("{} puts the others on hold", name(leg)),
            What::PicksUp(by, leg) => format!("{} answers for {}", name(by), name(leg)),
        }
    }

    fn talk(&self, talk: &Talk) -> String {
        let mut names: Vec<String> = Vec::new();
        for (uid, channel) in &talk.with {
            let name = match self.labels.contains_key(&uid[..]) {
                true => self.name(uid),
                // A leg of another call that has been forgotten.
                false => super::leg::phone(channel).to_owned(),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        // The caller comes first.
        names.sort_by_key(|name| {
            let at = self
                .legs
                .iter()
                .position(|leg| self.name(&leg.uid) == *name);
            at.unwrap_or(usize::MAX)
        });
        if talk.others > 0 {
            names.push(format!("{} others", talk.others));
        }
        let long = talk
            .until
            .and_then(|until| until.duration_since(talk.from).ok());
        let long = long
            .map(|long| format!(", {}", spoken(long)))
            .unwrap_or_default();
        let last = names.pop().unwrap_or_default();
        let all = names.join(", ");
        match &talk.conference {
            Some(name) => format!("{all} and {last} are in conference {name}{long}"),
            None if names.len() > 1 => format!("{all} and {last} speak together{long}"),
            None => format!("{all} speaks with {last}{long}"),
        }
    }
}

fn outcome_words(outcome: &str) -> String {
    let words = match outcome {
        "ANSWER" => "answered",
        super::BUSY => "busy",
        super::REJECTED => "rejected",
        "NOANSWER" => "no answer",
        "CANCEL" => "given up",
        super::outcome::ELSEWHERE => "answered elsewhere",
        "CONGESTION" => "congestion",
        "CHANUNAVAIL" => "not available",
        "" => return String::new(),
        other => other,
    };
    format!(": {words}")
}

/// Why the legs of one phone ended: a known cause counts more than `0`.
fn cause(halves: &[&Leg]) -> String {
    let causes = halves.iter().filter_map(|leg| leg.cause.as_deref());
    let code = causes.max_by_key(|code| *code != "0").unwrap_or_default();
    match words::cause(code) {
        Some(words) => format!("{code} {words}"),
        None => code.to_owned(),
    }
}

/// `3.7 s`, or `12:34` if it is long.
fn spoken(long: Duration) -> String {
    match long.as_secs() {
        0..60 => format!("{:.1} s", long.as_secs_f64()),
        seconds => words::duration(seconds),
    }
}
