//! Assigns answers to Actions: packets and time in, replies and events out.
//!
//! A server answers one Action after the other, in order, and sends no event
//! inside an answer. So a Response is matched by its ActionID, and what comes
//! between the start and the end of a list belongs to it by position: some
//! items carry no ActionID (PeerEntry of IAXpeers), and text chosen by callers
//! may look like one. An item with another's ActionID alone is another's: a
//! proxy in between may send to one client what several asked for.

use super::action::Action;
use super::answer::{Answer, ListEnd};
use super::banner::Age;
use super::packet::{Kind, Packet};
use super::pending::{Pending, Routed, Ticket};
use super::reply::{Ending, Reply};
use super::status::Status;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Matches answers to Actions. It has no clock: the caller passes the time.
#[derive(Debug)]
pub struct Router {
    pending: VecDeque<Pending>,
    next: u64,
    age: Age,
    /// What was received of the packet that is not complete yet.
    begun: Vec<u8>,
}

/// How long nothing must have come for a list without an end mark before
/// [`Router::wants_fence`]. Handlers write their lists in one go.
const LULL: Duration = Duration::from_millis(50);

impl Router {
    /// A router for the server that sent `banner`. Its tickets come after
    /// `last`, so that the tickets of two links never coincide.
    pub fn new(banner: &[u8], last: u64) -> Router {
        Router {
            pending: VecDeque::new(),
            next: last,
            begun: Vec::new(),
            age: Age::of(banner),
        }
    }

    /// Registers `action`, which is about to be sent. Call this before writing
    /// the first byte: the answer may arrive before the write returns.
    pub fn register(&mut self, action: &Action, patience: Duration, now: Instant) -> Ticket {
        self.next += 1;
        let name = action.name();
        let id = action
            .get("ActionID")
            .unwrap_or_default()
            .trim_ascii_start();
        self.pending.push_back(Pending {
            ticket: Ticket(self.next),
            id: (!id.is_empty()).then(|| id.to_vec()),
            answer: Answer::of(name.trim(), self.age),
            action: name.trim().to_owned(),
            patience,
            touched: now,
            abandoned: false,
            passed: false,
            fenced: false,
            flows: false,
            open: None,
        });
        Ticket(self.next)
    }

    /// Whether an Action must be sent to learn that an answer is over: it has
    /// no end mark, nothing has come for it for a moment, and nothing was sent
    /// behind it. As the server answers in order, the answer to another Action
    /// ends it for certain.
    pub fn wants_fence(&self, now: Instant) -> bool {
        self.fence_due().is_some_and(|due| due <= now)
    }

    fn fence_due(&self) -> Option<Instant> {
        let last = self.pending.back()?;
        // An Action before it may be a blocking one, as long as nothing came.
        let is_its_turn = last.open.is_some() || self.pending.len() == 1;
        let is_due = last.ends_by_fence() && !last.fenced && !last.abandoned;
        (is_its_turn && is_due).then(|| last.touched + LULL)
    }

    /// The answer to the Action registered last, if it is a list, is handed out
    /// as it comes ([`Routed::Part`]): the Response and each item, and at its
    /// end a reply that says how it ended.
    pub fn flow(&mut self) {
        if let Some(last) = self.pending.back_mut() {
            last.flows = true;
        }
    }

    /// The next Action is registered as a fence: silence no longer ends the
    /// answer before it.
    pub fn fence(&mut self) {
        if let Some(last) = self.pending.back_mut() {
            last.fenced = true;
        }
    }

    /// Stops waiting for `ticket`. Its slot stays until it or a later Action is
    /// answered; otherwise its answer could be taken for another's.
    pub fn abandon(&mut self, ticket: Ticket) {
        for pending in self.pending.iter_mut().filter(|p| p.ticket == ticket) {
            pending.abandoned = true;
        }
    }

    /// Whether every Action is answered.
    pub fn is_quiet(&self) -> bool {
        self.pending.is_empty()
    }

    /// The number of unanswered Actions.
    pub fn unanswered(&self) -> usize {
        self.pending.len()
    }

    /// The earliest time at which [`Router::expire`] has something to do.
    pub fn deadline(&self) -> Option<Instant> {
        let running = self.pending.iter().take(self.running());
        let deadlines = running.filter_map(Pending::deadline);
        deadlines.chain(self.fence_due()).min()
    }

    /// The connection has ended: returns each unanswered Action with the part
    /// of its answer that came. Their outcome is unknown; they may have been
    /// carried out.
    pub fn end(&mut self) -> Vec<(Ticket, Option<Reply>)> {
        let parts = (0..self.pending.len()).map(|at| self.part(at));
        let parts: Vec<_> = parts.collect();
        let ended = self.pending.drain(..).zip(parts);
        ended
            .filter(|(p, _)| !p.abandoned)
            .map(|(p, part)| (p.ticket, part))
            .collect()
    }

    /// Takes one packet. What it completes goes to `out`, in order.
    pub fn feed(&mut self, packet: Packet, now: Instant, out: &mut impl FnMut(Routed)) {
        match packet.kind() {
            Kind::Event if self.pending.is_empty() => out(Routed::Event(packet)),
            Kind::Event => self.event(packet, now, out),
            Kind::Response => self.response(packet, now, out),
            Kind::Unframed => match self.whose_text(&packet) {
                Some(at) => self.append(at, packet, now, out),
                None => out(Routed::Unsolicited(packet)),
            },
        }
    }

    /// The Action that unframed text belongs to: by its ActionID (IAXpeers of
    /// 1.4); else headers without a frame are an item of the open list
    /// (CoreShowChannels of 1.6.0), and text is the answer of Actions that
    /// answer so.
    fn whose_text(&self, text: &Packet) -> Option<usize> {
        // Text that nobody asked for may be a flood: it is not parsed.
        if self.pending.is_empty() {
            return None;
        }
        if text.header(0).is_some_and(|first| first.is("ActionID")) {
            let id = text.get("ActionID");
            return self.oldest(|p| p.id.is_some() && p.id.as_deref() == id);
        }
        let list = || self.open_list(text).filter(|_| !text.is_text());
        list().or_else(|| self.oldest(|p| p.answer == Answer::Unframed))
    }

    /// Ends the lists that silence ends, and gives up on Actions whose time is
    /// over.
    pub fn expire(&mut self, now: Instant, out: &mut impl FnMut(Routed)) {
        let is_over = |p: &Pending| p.deadline().is_some_and(|at| at <= now);
        while let Some(at) = self.oldest(is_over).filter(|at| *at < self.running()) {
            let silent = |p: &Pending| p.ends_by_silence() && !p.fenced;
            if self.pending.get(at).is_some_and(silent) {
                self.finish(at, Ending::Idle, None, out);
                continue;
            }
            let part = self.part(at);
            if let Some(pending) = self.pending.get_mut(at) {
                pending.abandoned = true;
                out(Routed::TimedOut(pending.ticket, part));
                self.forget_unanswered();
            }
        }
    }

    /// The number of Actions, from the oldest on, whose time runs. A server
    /// does not begin with an Action before the previous one is answered.
    fn running(&self) -> usize {
        let waited_for = self.oldest(|p| !p.abandoned && !p.passed);
        waited_for.map_or(self.pending.len(), |at| at + 1)
    }

    /// Something came for the Action at `at`: its time, and that of those
    /// behind it, starts anew.
    fn touch_later(&mut self, at: usize, now: Instant) {
        for later in self.pending.iter_mut().skip(at) {
            later.touched = later.touched.max(now);
        }
    }

    fn event(&mut self, packet: Packet, now: Instant, out: &mut impl FnMut(Routed)) {
        if let Some(at) = self.open_list(&packet) {
            match self.pending.get(at).and_then(|p| p.ends_at(&packet)) {
                // The event that was asked for, not an end mark.
                Some(Ending::Single) => {
                    self.append(at, packet, now, out);
                    self.finish(at, Ending::Single, None, out);
                }
                Some(ending) => {
                    self.touch_later(at, now);
                    self.finish(at, ending, Some(packet), out);
                }
                None => self.append(at, packet, now, out),
            }
        } else if packet.is_event("DataGet Tree")
            && let Some(at) = self.oldest(|p| p.answer == Answer::DataTree)
        {
            self.append(at, packet, now, out);
            self.finish(at, Ending::Single, None, out);
        } else {
            out(Routed::Event(packet));
        }
    }

    fn response(&mut self, packet: Packet, now: Instant, out: &mut impl FnMut(Routed)) {
        let Some(at) = self.whose(&packet) else {
            return out(Routed::Unsolicited(packet));
        };
        let is_open = self.pending.get(at).is_some_and(Pending::has_response);
        self.touch_later(at, now);
        if is_open && Status::of(&packet) == Status::Error {
            return self.finish(at, Ending::Error, Some(packet), out);
        }
        if is_open {
            // A second Response to an Action that already has one.
            return out(Routed::Unsolicited(packet));
        }
        // Answers come in order: a list that is still open has lost its end,
        // and unframed text is complete.
        let at = at - self.overtake(at, out);
        let Some(pending) = self.pending.get_mut(at) else {
            return;
        };
        let end = ListEnd::of(&pending.action, &packet, self.age);
        let end_of_it = end.unwrap_or(ListEnd::AnyComplete);
        pending.open(packet, end_of_it);
        match end {
            Some(_) => pending.begin_to_flow(out),
            None => self.finish(at, Ending::Response, None, out),
        }
    }

    /// The Action that `response` answers, by any of its ActionIDs: 1.4 puts
    /// its own after the value of Getvar, which may contain a forged one.
    /// Nobody can guess ours.
    fn whose(&self, response: &Packet) -> Option<usize> {
        let mut without = true;
        for id in response.all("ActionID").map(|header| header.first_line()) {
            without &= id.is_empty();
            let has_it = |p: &Pending| p.id.as_deref() == Some(id);
            // A user may give two Actions the same ActionID: prefer one that
            // has no Response yet.
            let unanswered = self.oldest(|p| has_it(p) && p.open.is_none());
            if let Some(at) = unanswered.or_else(|| self.oldest(has_it)) {
                return Some(at);
            }
        }
        without.then(|| self.next_without_id()).flatten()
    }

    /// Finds the Action that may claim a Response without an ActionID: only one
    /// whose answer is known to carry none (Ping and Events of old servers, or
    /// an empty ActionID given by the user), and only when its turn has come.
    /// Otherwise the Response is unsolicited.
    fn next_without_id(&self) -> Option<usize> {
        let at = self.oldest(|p| p.id.is_none() || self.omits_id(p))?;
        let turn = self.pending.iter().take(at).all(|earlier| {
            let answered = earlier.open.is_some() || earlier.answer != Answer::Response;
            answered || earlier.abandoned || earlier.passed
        });
        turn.then_some(at)
    }

    fn omits_id(&self, pending: &Pending) -> bool {
        let omitting = ["Ping", "Events"];
        self.age < Age::Newer
            && omitting
                .iter()
                .any(|name| pending.action.eq_ignore_ascii_case(name))
    }

    /// Ends the open lists before `at` and marks the other Actions there as
    /// passed; returns how many were removed. Some Actions are never answered,
    /// and their slots would keep the session from becoming quiet.
    fn overtake(&mut self, at: usize, out: &mut impl FnMut(Routed)) -> usize {
        let before = self.pending.len();
        for pending in self.pending.iter_mut().take(at) {
            pending.passed = true;
        }
        let waits = |p: &Pending| p.may_be_unanswered() && !p.abandoned;
        let ends = |p: &Pending| p.open.is_some() || p.answer == Answer::Unframed || waits(p);
        while let Some((first, pending)) = self.first(|p| p.passed && ends(p)) {
            let ending = match pending {
                p if p.may_be_unanswered() => Ending::Unanswered,
                p if p.ends_by_silence() => Ending::Unmarked,
                _ => Ending::Overtaken,
            };
            self.finish(first, ending, None, out);
        }
        self.forget_unanswered();
        before - self.pending.len()
    }

    fn forget_unanswered(&mut self) {
        self.pending.retain(|p| !(p.passed && p.abandoned));
    }

    fn append(&mut self, at: usize, packet: Packet, now: Instant, out: &mut impl FnMut(Routed)) {
        self.touch_later(at, now);
        if let Some(pending) = self.pending.get_mut(at) {
            pending.append(packet, out);
        }
    }

    fn finish(
        &mut self,
        at: usize,
        ending: Ending,
        completion: Option<Packet>,
        out: &mut impl FnMut(Routed),
    ) {
        if let Some(pending) = self.pending.remove(at) {
            out(pending.end(ending, completion));
        }
    }

    /// The index of the list that `item` is part of.
    fn open_list(&self, item: &Packet) -> Option<usize> {
        let at = self.oldest(|p| p.answer == Answer::Response && p.open.is_some())?;
        self.pending.get(at)?.takes(item).then_some(at)
    }

    fn oldest(&self, which: impl Fn(&Pending) -> bool) -> Option<usize> {
        self.first(which).map(|(at, _)| at)
    }

    fn first(&self, which: impl Fn(&Pending) -> bool) -> Option<(usize, &Pending)> {
        self.pending.iter().enumerate().find(|(_, p)| which(p))
    }
}

mod begun;

#[cfg(test)]
mod tests;
