//! The current calls, one row per leg.

use super::{Calls, Leg, Place, What};
use crate::output::words;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::time::SystemTime;

/// A leg of a call. Its texts are safe for a terminal, since names are escaped
/// when they are read.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Whether it is the first of its call.
    pub first: bool,
    /// Its channel; the caller; whom it called or is shown; what it does;
    /// where, or with whom; since when; for how long.
    pub cells: [String; 7],
}

impl Calls {
    /// The calls that are up at `now`, oldest first.
    pub fn overview(&self, now: SystemTime, zone: &TimeZone) -> Vec<Row> {
        let going = self.calls.iter().filter(|(_, call)| call.ended.is_none());
        let mut ids: Vec<(Option<SystemTime>, u64)> =
            going.map(|(id, call)| (call.begun, *id)).collect();
        ids.sort_unstable();
        let living = self.legs.values().filter(|leg| leg.ended.is_none());
        let living: Vec<&Leg> = living.collect();
        let labels = self.labels(&living);
        let mut rows = Vec::new();
        for (_, id) in ids {
            let first = rows.len();
            for leg in self.outer(id) {
                rows.push(Row {
                    first: rows.len() == first,
                    cells: self.cells(leg, &labels, now, zone),
                });
            }
        }
        rows
    }

    /// The living legs of a call; of a Local channel only the half that was
    /// called.
    fn outer(&self, id: u64) -> Vec<&Leg> {
        let call = self.calls.get(&id);
        let legs = call.into_iter().flat_map(|call| &call.legs);
        let legs = legs.filter_map(|uid| self.legs.get(uid));
        let legs: Vec<&Leg> = legs
            .filter(|leg| leg.ended.is_none() && !leg.is_internal())
            .collect();
        let has_outer = |inner: &Leg| {
            let mut others = legs.iter();
            others.any(|leg| leg.uid != inner.uid && leg.phone() == inner.phone())
        };
        let shown = legs
            .iter()
            .filter(|leg| !(leg.is_inner() && has_outer(leg)));
        shown.copied().collect()
    }

    fn cells(
        &self,
        leg: &Leg,
        labels: &HashMap<&str, &str>,
        now: SystemTime,
        zone: &TimeZone,
    ) -> [String; 7] {
        let whom = match leg.is_dialled() || leg.exten.0.is_empty() {
            true => leg.line.text(),
            false => leg.exten.0.clone(),
        };
        let since = leg
            .created
            .and_then(|at| jiff::Timestamp::try_from(at).ok());
        let since = since.map(|at| zone.to_datetime(at).strftime("%H:%M:%S").to_string());
        let long = leg.created.and_then(|at| now.duration_since(at).ok());
        let long = long.map(|long| words::duration(long.as_secs()));
        [
            // As Actions take it: a short name would find no channel.
            leg.name.clone(),
            leg.caller.text(),
            whom,
            self.doing(leg).to_owned(),
            self.whereabouts(leg, labels),
            since.unwrap_or_default(),
            long.unwrap_or_default(),
        ]
    }

    fn doing<'a>(&self, leg: &'a Leg) -> &'a str {
        match (&leg.place, &leg.state[..]) {
            (Some(Place::Parked(_)), _) => "parked",
            _ if leg.held => "on hold",
            _ if self.others(&leg.uid).is_empty() => match (&leg.place, &leg.state[..]) {
                (Some(Place::Queue(_)), _) => "waiting",
                (_, "Up") => "up",
                (_, "Ring") => "calling",
                (_, "Ringing") => "ringing",
                (_, "Down" | "Rsrvd") => "starting",
                (_, "Busy") => "busy",
                (_, other) => other,
            },
            _ => "talking",
        }
    }

    fn whereabouts(&self, leg: &Leg, labels: &HashMap<&str, &str>) -> String {
        let name = |uid: &str| labels.get(uid).copied().unwrap_or("?").to_owned();
        match &leg.place {
            Some(Place::Queue(queue)) => return format!("queue {queue}"),
            Some(Place::Parked(space)) => return format!("space {space}"),
            None => {}
        }
        if let Some(conference) = self.conference(&leg.uid) {
            return format!("conference {conference}");
        }
        let others = self.others(&leg.uid);
        if !others.is_empty() {
            let names: Vec<String> = others.into_iter().map(name).collect();
            return format!("with {}", names.join(", "));
        }
        if leg.is_dialled() {
            let call = self.calls.get(&leg.call);
            let mut turns = call.into_iter().flat_map(|call| call.turns.iter().rev());
            let by = turns.find_map(|turn| match &turn.what {
                What::Dials(Some(by), to, None) if *to == leg.uid => Some(by),
                _ => None,
            });
            return by.map(|by| format!("for {}", name(by))).unwrap_or_default();
        }
        match (&leg.application.0[..], &leg.application.1[..]) {
            ("", _) => String::new(),
            (application, data) => format!("{application}({data})"),
        }
    }
}
