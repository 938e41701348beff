//! Masquerades, by which Asterisk up to 11 redirects, parks and transfers: a
//! channel takes over the phone of another, and its name. What people call a
//! leg is the phone, so it goes along to the other Uniqueid.

use super::{Calls, Talk, What, leg, said};
use crate::ami::Packet;
use std::mem::swap;
use std::time::SystemTime;

impl Calls {
    /// A channel gets another name. A masquerade consists of three such
    /// events, and 1.4 has nothing else for it: `X` to `X<MASQ>`, `Y` to `X`,
    /// `X<MASQ>` to `Y<ZOMBIE>`.
    pub(super) fn rename(&mut self, event: &Packet, at: SystemTime) {
        let old = ["Channel", "Oldname"].iter();
        let old = old.copied().find_map(|key| said(event, "", key));
        let to = said(event, "", "Newname").or_else(|| said(event, "", "New"));
        let (Some(old), Some(to)) = (old, to) else {
            return;
        };
        let uid = said(event, "", "Uniqueid").or_else(|| self.named(&old).map(str::to_owned));
        let Some(uid) = uid else {
            return;
        };
        let leaver = self.named(&format!("{to}<MASQ>")).map(str::to_owned);
        if leaver.is_some() && !self.legs.contains_key(&uid) {
            self.appear(&uid, &old, None, at);
        }
        let Some(leg) = self.legs.get_mut(&uid) else {
            return;
        };
        leg.name = to;
        match leaver {
            Some(leaver) if leaver != uid => self.take_over(&uid, &leaver, at),
            _ => {}
        }
        self.weigh(&uid);
    }

    /// The phone of `from` is now that of `to`, and what `to` was is what is
    /// left in `from`.
    fn take_over(&mut self, to: &str, from: &str, at: SystemTime) {
        self.unite(to, from);
        let bridges = [to, from].map(|uid| self.legs.get(uid).and_then(|leg| leg.bridge.clone()));
        for id in bridges.iter().flatten() {
            self.pause(id, at);
        }
        let taken = self.legs.remove(from);
        if let (Some(leg), Some(mut old)) = (self.legs.get_mut(to), taken) {
            exchange(leg, &mut old);
            // Wherever it goes next, it was somewhere before.
            leg.went.get_or_insert_default();
            old.became = Some(to.to_owned());
            self.legs.insert(from.to_owned(), old);
        }
        let call = self.legs.get(to).map(|leg| leg.call);
        if let Some(call) = call.and_then(|call| self.calls.get_mut(&call)) {
            // The phone keeps its place among the legs.
            for uid in call
                .legs
                .iter_mut()
                .chain(call.turns.iter_mut().flat_map(uids))
            {
                switch(uid, to, from);
            }
            let with = call
                .talks
                .iter_mut()
                .flat_map(|talk: &mut Talk| &mut talk.with);
            with.for_each(|(uid, _)| switch(uid, to, from));
        }
        let [own, _] = &bridges;
        if let Some(id) = own {
            self.resume(id, at);
        }
        // It becomes a zombie at once.
        self.leave(from, at);
        self.weigh(to);
        self.weigh(from);
    }

    /// The Uniqueid that the phone of `uid` has by now.
    pub(super) fn by_now(&self, uid: String) -> String {
        let became = self.legs.get(&uid).and_then(|leg| leg.became.clone());
        became.unwrap_or(uid)
    }
}

/// Exchanges what belongs to the phones; the place in the dialplan and in
/// bridges is the channel's.
fn exchange(one: &mut leg::Leg, two: &mut leg::Leg) {
    swap(&mut one.caller, &mut two.caller);
    swap(&mut one.line, &mut two.line);
    swap(&mut one.state, &mut two.state);
    swap(&mut one.created, &mut two.created);
    swap(&mut one.answered, &mut two.answered);
    swap(&mut one.asked, &mut two.asked);
    swap(&mut one.order, &mut two.order);
    swap(&mut one.held, &mut two.held);
    swap(&mut one.agent, &mut two.agent);
    swap(&mut one.went, &mut two.went);
}

fn switch(uid: &mut String, one: &str, two: &str) {
    match &uid[..] {
        own if own == one => two.clone_into(uid),
        own if own == two => one.clone_into(uid),
        _ => {}
    }
}

/// The legs of a turn.
fn uids(turn: &mut super::Turn) -> Vec<&mut String> {
    match &mut turn.what {
        What::Calls(a, _)
        | What::GoesOn(a, _)
        | What::Queues(a, _)
        | What::Abandons(a, _)
        | What::Parks(a, _)
        | What::ParkedTooLong(a)
        | What::Holds(a) => vec![a],
        What::Connects(a, b) | What::PicksUp(a, b) => vec![a, b],
        What::Dials(a, b, _) => a.iter_mut().chain([b]).collect(),
        What::Blind(a, b, _, _) | What::Retrieves(a, b) => b.iter_mut().chain([a]).collect(),
        What::Attended(a, b, c, _) => b.iter_mut().chain(c).chain([a]).collect(),
    }
}
