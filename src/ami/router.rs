//! Who waits for what. Packets and time in; replies and events out.
//!
//! A server answers one Action after the other, in order, and puts no event
//! inside an answer. So a Response is matched by its ActionID, and what comes
//! between the start and the end of a list belongs to it by position: some
//! items carry no ActionID (PeerEntry of IAXpeers), and text of callers may
//! look like one.

use super::action::Action;
use super::message::{Kind, Status};
use super::packet::Packet;
use super::pending::{List, Pending};
use super::reply::{Answer, Ending, ListEnd, Reply};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The claim on the answer to one Action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// What became of what was fed.
#[derive(Debug)]
pub enum Routed {
    /// The whole answer to an Action.
    Reply(Ticket, Reply),
    /// The same, after its waiter had given up.
    Late(Ticket, Reply),
    /// Nothing came in time, or nothing more after this part of the answer. The
    /// slot stays: the rest may yet come, late.
    TimedOut(Ticket, Option<Reply>),
    /// An event that belongs to no answer.
    Event(Packet),
    /// A Response or unframed text that nobody asked for.
    Unsolicited(Packet),
}

/// Matches answers to Actions. Knows no clock: time is handed in.
#[derive(Debug)]
pub struct Router {
    pending: VecDeque<Pending>,
    next: u64,
    age: Age,
}

/// What the banner tells of the server's habits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Age {
    /// AMI/1.0: Asterisk 1.0 to 1.4.
    Oldest,
    /// AMI/1.1: 1.6.0 to 1.8, of which 1.6 echoes no ActionID for Ping and Events.
    Old,
    Newer,
}

impl Router {
    /// A router for the server that sent `banner`. Its tickets come after
    /// `last`, so that those of two links are never the same.
    pub fn new(banner: &[u8], last: u64) -> Router {
        let version = banner.rsplit(|&b| b == b'/').next().unwrap_or_default();
        Router {
            pending: VecDeque::new(),
            next: last,
            age: match version.trim_ascii() {
                b"1.0" => Age::Oldest,
                b"1.1" => Age::Old,
                _ => Age::Newer,
            },
        }
    }

    /// Notes that `action` is about to be sent. Call it before the first byte
    /// is written: the answer may be faster than the return of the write.
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
            answer: Answer::of(name.trim()),
            action: name.trim().to_owned(),
            patience,
            touched: now,
            abandoned: false,
            passed: false,
            open: None,
        });
        Ticket(self.next)
    }

    /// Nobody waits for `ticket` any longer. It keeps its slot until it is
    /// answered, or one sent after it is: without it the answer would look
    /// like somebody else's.
    pub fn abandon(&mut self, ticket: Ticket) {
        for pending in self.pending.iter_mut().filter(|p| p.ticket == ticket) {
            pending.abandoned = true;
        }
    }

    /// Forgets an Action that was registered and could not be sent.
    pub fn withdraw(&mut self, ticket: Ticket) {
        self.pending.retain(|p| p.ticket != ticket);
    }

    /// Is every Action answered?
    pub fn is_quiet(&self) -> bool {
        self.pending.is_empty()
    }

    /// How many Actions are unanswered.
    pub fn unanswered(&self) -> usize {
        self.pending.len()
    }

    /// The earliest time at which [`Router::expire`] has something to do.
    pub fn deadline(&self) -> Option<Instant> {
        let running = self.pending.iter().take(self.running());
        running.filter_map(Pending::deadline).min()
    }

    /// The connection has ended: whose answers will never come, and what has
    /// come of them. The outcome of those Actions is unknown; they may have
    /// been carried out.
    pub fn end(&mut self) -> Vec<(Ticket, Option<Reply>)> {
        self.pending
            .drain(..)
            .filter(|p| !p.abandoned)
            .map(|mut p| (p.ticket, p.part(Ending::Cut)))
            .collect()
    }

    /// Takes one packet. What it completes is handed to `out`, in order.
    pub fn feed(&mut self, packet: Packet, now: Instant, out: &mut impl FnMut(Routed)) {
        match packet.kind() {
            Kind::Event if self.pending.is_empty() => out(Routed::Event(packet)),
            Kind::Event => self.event(packet, now, out),
            Kind::Response => self.response(packet, now, out),
            Kind::Unframed => match self.oldest(|p| p.answer == Answer::Unframed) {
                Some(at) => self.append(at, packet, now, out),
                None => out(Routed::Unsolicited(packet)),
            },
        }
    }

    /// Ends what silence ends, and gives up on what nobody answers.
    pub fn expire(&mut self, now: Instant, out: &mut impl FnMut(Routed)) {
        let is_over = |p: &Pending| p.deadline().is_some_and(|at| at <= now);
        while let Some(at) = self.oldest(is_over).filter(|at| *at < self.running()) {
            let silent = self.pending.get(at).is_some_and(Pending::ends_by_silence);
            if silent {
                self.finish(at, Ending::Idle, None, out);
            } else if let Some(pending) = self.pending.get_mut(at) {
                pending.abandoned = true;
                let part = pending.part(Ending::Cut);
                out(Routed::TimedOut(pending.ticket, part));
                self.forget_unanswered();
            }
        }
    }

    /// How many, from the oldest on, have a time that runs. A server answers one
    /// Action after the other: until the one before is answered, it has not
    /// begun with the next.
    fn running(&self) -> usize {
        let waited_for = self.oldest(|p| !p.abandoned && !p.passed);
        waited_for.map_or(self.pending.len(), |at| at + 1)
    }

    /// Something came for the Action at `at`: the server is not done with it,
    /// or only now.
    fn touch_later(&mut self, at: usize, now: Instant) {
        for later in self.pending.iter_mut().skip(at) {
            later.touched = later.touched.max(now);
        }
    }

    fn event(&mut self, packet: Packet, now: Instant, out: &mut impl FnMut(Routed)) {
        if let Some(at) = self.open_list(&packet) {
            match self.pending.get(at).and_then(|p| p.ends_at(&packet)) {
                // What is asked for, not the mark that it has come.
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
        let is_open = self.pending.get(at).is_some_and(|p| p.open.is_some());
        self.touch_later(at, now);
        if is_open && Status::of(&packet) == Status::Error {
            return self.finish(at, Ending::Error, Some(packet), out);
        }
        if is_open {
            // A second Response to an Action that has one.
            return out(Routed::Unsolicited(packet));
        }
        // Answers come in order: a list still open has lost its end, and text
        // without a frame was all that came.
        let at = at - self.overtake(at, out);
        let Some(pending) = self.pending.get_mut(at) else {
            return;
        };
        let end = ListEnd::of(&pending.action, &packet, self.age == Age::Oldest);
        let end_of_it = end.unwrap_or(ListEnd::AnyComplete);
        pending.open = Some(List::new(Some(packet), end_of_it));
        if end.is_none() {
            self.finish(at, Ending::Response, None, out);
        }
    }

    /// Whose answer `response` is. By its ActionID, any of several: 1.4 puts
    /// its own behind the value of Getvar, in which a forged one may stand, and
    /// nobody can guess ours.
    fn whose(&self, response: &Packet) -> Option<usize> {
        let mut without = true;
        for id in response.all("ActionID").map(|header| header.first_line()) {
            without &= id.is_empty();
            let has_it = |p: &Pending| p.id.as_deref() == Some(id);
            // A user may give two Actions one ActionID: what has its Response
            // gets another only if nobody else can.
            let unanswered = self.oldest(|p| has_it(p) && p.open.is_none());
            if let Some(at) = unanswered.or_else(|| self.oldest(has_it)) {
                return Some(at);
            }
        }
        without.then(|| self.next_without_id()).flatten()
    }

    /// Who may claim a Response without ActionID: only an Action whose answer
    /// is known to carry none (Ping and Events of old servers, or an empty
    /// ActionID of the user), and only when its turn has come. Anything else
    /// that has none was not asked for.
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

    /// Ends what stands open before `at`, and knows of the rest that nothing
    /// will come; returns how many are gone. Some Actions are never answered:
    /// their slots would keep the session from ever being quiet.
    fn overtake(&mut self, at: usize, out: &mut impl FnMut(Routed)) -> usize {
        let before = self.pending.len();
        for pending in self.pending.iter_mut().take(at) {
            pending.passed = true;
        }
        let cut = |p: &Pending| p.passed && (p.open.is_some() || p.answer == Answer::Unframed);
        while let Some(first) = self.oldest(cut) {
            self.finish(first, Ending::Overtaken, None, out);
        }
        self.forget_unanswered();
        before - self.pending.len()
    }

    fn forget_unanswered(&mut self) {
        self.pending.retain(|p| !(p.passed && p.abandoned));
    }

    fn append(&mut self, at: usize, packet: Packet, now: Instant, out: &mut impl FnMut(Routed)) {
        self.touch_later(at, now);
        let pending = self.pending.get_mut(at);
        if let Some(routed) = pending.and_then(|p| p.append(packet)) {
            out(routed);
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

    /// The list that `event` is part of.
    fn open_list(&self, event: &Packet) -> Option<usize> {
        let at = self.oldest(|p| p.answer == Answer::Response && p.open.is_some())?;
        let list = self.pending.get(at)?.open.as_ref()?;
        list.takes(event).then_some(at)
    }

    fn oldest(&self, which: impl Fn(&Pending) -> bool) -> Option<usize> {
        self.pending.iter().position(which)
    }
}

#[cfg(test)]
mod tests;
