//! How dialling ends up to Asterisk 11: a leg that is given up hangs up before
//! the dialling channel says why, if it says so at all.

use super::{Calls, Leg, Side, What, said};
use crate::ami::Packet;
use std::time::SystemTime;

impl Calls {
    /// The legs that `from` has dialled without an outcome yet.
    pub(super) fn dialled_by(&self, from: &str) -> Vec<String> {
        let call = self.legs.get(from).map(|leg| leg.call);
        let call = call.and_then(|call| self.calls.get(&call));
        let turns = call.into_iter().flat_map(|call| &call.turns);
        let open = turns.filter_map(|turn| match &turn.what {
            What::Dials(Some(by), to, None) if by == from => Some(to.clone()),
            _ => None,
        });
        open.collect()
    }

    /// The dialling of `to` ended with `outcome`, which may be that of another
    /// leg dialled at the same time.
    pub(super) fn missed(&mut self, to: &str, at: SystemTime, outcome: &str) {
        let leg = self.legs.get(to);
        let answered = leg.is_some_and(|leg| leg.answered.is_some());
        let over = leg.and_then(|leg| leg.ended).unwrap_or(at);
        let declined = || leg.and_then(|leg| self.declined(leg));
        match (answered, outcome) {
            (false, "ANSWER") => {
                let outcome = declined().unwrap_or(ELSEWHERE);
                self.dialled(to, over, outcome);
            }
            (true, _) => self.dialled(to, at, "ANSWER"),
            (false, _) => self.dialled(to, over, outcome),
        }
    }

    /// The caller goes on: whom it dialled and who is gone has not answered.
    /// 1.4 has no other sign of it, and neither have queues.
    pub(super) fn dials_over(&mut self, from: Option<&str>, at: SystemTime) {
        for to in from.map(|from| self.dialled_by(from)).unwrap_or_default() {
            let leg = self.legs.get(&to).filter(|leg| leg.ended.is_some());
            if let Some(outcome) = leg.map(|leg| self.why(leg).unwrap_or("NOANSWER")) {
                self.missed(&to, at, outcome);
            }
        }
    }

    /// A channel has ended, and with it its dialling.
    pub(super) fn calls_no_more(&mut self, from: &str, at: SystemTime) {
        for to in self.dialled_by(from) {
            let outcome = self.legs.get(&to).and_then(|leg| self.why(leg));
            self.missed(&to, at, outcome.unwrap_or("CANCEL"));
        }
    }

    /// What the end of a leg itself says about its dialling.
    fn why(&self, leg: &Leg) -> Option<&'static str> {
        let own = || outcome_of(leg.cause.as_deref()?);
        self.declined(leg).or_else(own)
    }

    /// Whether the phone of a leg did not want the call. The end of a Local
    /// channel has no cause, but its dialplan a state.
    fn declined(&self, leg: &Leg) -> Option<&'static str> {
        let call = self.calls.get(&leg.call);
        let legs = call.into_iter().flat_map(|call| &call.legs);
        let mut halves = legs
            .filter_map(|uid| self.legs.get(uid))
            .filter(|half| half.phone() == leg.phone());
        halves.find_map(|half| {
            let said = half.cause.as_deref().and_then(outcome_of);
            let no = said.filter(|said| [BUSY, REJECTED].contains(said));
            no.or_else(|| (half.state == "Busy").then_some(BUSY))
        })
    }

    /// A queue's member did not answer in time.
    pub(super) fn agent_is_away(&mut self, event: &Packet, at: SystemTime) {
        let name = said(event, "", "MemberName");
        let caller = said(event, "", "Uniqueid").unwrap_or_default();
        let is_it = |to: &String| self.legs.get(to).is_some_and(|leg| leg.agent == name);
        let open = self.dialled_by(&caller).into_iter().filter(is_it);
        for to in open.collect::<Vec<_>>() {
            self.missed(&to, at, "NOANSWER");
        }
    }

    /// A talk of the queue is over: the only event that says who ended it.
    pub(super) fn agent_is_done(&mut self, event: &Packet, at: SystemTime) {
        let key = match said(event, "", "Reason").as_deref() {
            Some("caller") => ("Uniqueid", ""),
            Some("agent") => ("", "Channel"),
            _ => return,
        };
        let by = said(event, "", key.0).or_else(|| {
            let name = said(event, "", key.1)?;
            self.named(&name).map(str::to_owned)
        });
        if let Some(leg) = by.and_then(|by| self.legs.get_mut(&by)) {
            leg.asked.get_or_insert((at, Side::Far));
        }
    }
}

/// What the hangup cause of a leg that did not answer says about dialling it, as
/// a DialStatus of the server or in a word that the server does not have. None:
/// nothing.
pub fn outcome_of(cause: &str) -> Option<&'static str> {
    Some(match cause {
        "17" => BUSY,
        "19" => "NOANSWER",
        "21" => REJECTED,
        "34" | "38" | "41" | "42" | "44" | "47" => "CONGESTION",
        "1" | "2" | "3" | "20" | "27" | "28" => "CHANUNAVAIL",
        _ => return None,
    })
}

/// The phone is in use.
pub const BUSY: &str = "BUSY";

/// The phone does not take the call, which is no DialStatus.
pub const REJECTED: &str = "REJECTED";

/// The outcome for a leg that rang while another answered.
pub(super) const ELSEWHERE: &str = "ELSEWHERE";
