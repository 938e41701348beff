//! Who gets an answer: amish's own Actions each have a waiter; the answers to
//! the user's join the backlog, in order with the events. So do those to
//! questions of amish's own that a command waits for, but never once it has
//! stopped waiting.

use super::arrival::{Answer, Arrival};
use super::event_mask::{Change, EventMask};
use crate::ami::{Ending, Packet, Routed, Ticket};
use memchr::memmem;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::Sender;

/// Who gets an answer.
#[derive(Default)]
pub(super) struct Waiter {
    /// None: the answer joins the backlog.
    pub channel: Option<Sender<Answer>>,
    /// The change of the event mask that the answer decides.
    pub change: Option<Change>,
    /// Is it a question of amish's own?
    pub own: bool,
    /// A list joins the backlog as it comes.
    pub flows: bool,
}

/// How many ActionIDs of amish's own questions are remembered.
const MOST_ASKED: usize = 1024;

/// The waiters of one link.
pub(super) struct Waiters {
    waiting: Vec<(Ticket, Waiter)>,
    /// The ActionIDs of amish's own questions.
    asked: VecDeque<Vec<u8>>,
    mask: Arc<EventMask>,
}

impl Waiters {
    /// No waiters yet. An answer that decides about the event mask goes to
    /// `mask` before anybody sees it.
    pub fn new(mask: Arc<EventMask>) -> Waiters {
        Waiters {
            waiting: Vec::new(),
            asked: VecDeque::new(),
            mask,
        }
    }

    /// Remembers a question of amish's own: nothing that comes for it is news,
    /// even if nobody can tell what it is part of.
    pub fn asked(&mut self, id: &[u8]) {
        if self.asked.len() >= MOST_ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back(id.to_vec());
    }

    /// Reads the bytes, because headers that were parsed take memory, and this
    /// is asked of every event.
    fn is_asked(&self, packet: &Packet) -> bool {
        const KEY: &[u8] = b"ActionID: ";
        const PRIVILEGE: &[u8] = b"Privilege: ";
        let bytes = packet.bytes();
        // Events that are no item have it in the second line, nearly always.
        let second = memchr::memchr(b'\n', bytes).and_then(|at| bytes.get(at + 1..));
        if self.asked.is_empty() || second.is_some_and(|line| line.starts_with(PRIVILEGE)) {
            return false;
        }
        let is_ours = |at: usize| {
            let value = bytes.get(at + KEY.len()..).unwrap_or_default();
            let starts = |id: &Vec<u8>| {
                let rest = value.strip_prefix(&id[..]);
                rest.is_some_and(|rest| rest.starts_with(b"\r\n"))
            };
            self.asked.iter().any(starts)
        };
        memmem::find_iter(bytes, KEY).any(is_ours)
            && memmem::find(bytes, b"\r\nPrivilege: ").is_none()
    }

    /// Registers `waiter` for the answer to `ticket`.
    pub fn add(&mut self, ticket: Ticket, waiter: Waiter) {
        if waiter.own {
            self.waiting.push((ticket, waiter));
        }
    }

    /// How many answers have a waiter, even one that gave up.
    pub fn count(&self) -> usize {
        self.waiting.len()
    }

    /// Delivers what was routed to its waiter; returns what belongs in the
    /// backlog.
    pub fn give(&mut self, routed: Routed) -> Option<Arrival> {
        match routed {
            Routed::Event(packet) | Routed::Unsolicited(packet) if self.is_asked(&packet) => None,
            Routed::Event(packet) => Some(Arrival::Event(packet)),
            Routed::Unsolicited(packet) => Some(Arrival::Unsolicited(packet)),
            Routed::Part(ticket, packet) => Some(Arrival::Part(ticket, packet)),
            Routed::Reply(ticket, reply) => self.deliver(ticket, Answer::Reply(Box::new(reply))),
            Routed::TimedOut(ticket, part) => {
                self.deliver(ticket, Answer::TimedOut(part.map(Box::new)))
            }
            Routed::Late(ticket, reply) => {
                let goes_on = reply.ending == Ending::Full;
                let answer = Answer::Reply(Box::new(reply));
                let waiter = self.take(ticket).unwrap_or_default();
                if let Some(change) = &waiter.change {
                    self.mask.settle(change, &answer);
                }
                let is_news = !waiter.own;
                if goes_on {
                    self.add(ticket, waiter);
                }
                match answer {
                    // A late answer to one of amish's own queries is not
                    // reported.
                    Answer::Reply(reply) if is_news => Some(Arrival::Late(reply)),
                    _ => None,
                }
            }
        }
    }

    /// Delivers `answer` for `ticket`.
    pub fn deliver(&mut self, ticket: Ticket, answer: Answer) -> Option<Arrival> {
        let Some(waiter) = self.take(ticket) else {
            return Some(Arrival::Answer(ticket, answer));
        };
        if let Some(change) = &waiter.change {
            self.mask.settle(change, &answer);
        }
        let may_be_late = matches!(answer, Answer::TimedOut(_));
        let arrival = match &waiter.channel {
            Some(channel) => {
                // Fails if the waiter is gone.
                let _ = channel.send(answer);
                None
            }
            None => Some(Arrival::Answer(ticket, answer)),
        };
        if may_be_late {
            self.waiting.push((ticket, waiter));
        }
        arrival
    }

    fn take(&mut self, ticket: Ticket) -> Option<Waiter> {
        let at = self.waiting.iter().position(|(t, _)| *t == ticket)?;
        Some(self.waiting.swap_remove(at).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A value for Tab that comes when nobody can tell any more whose it is was
    // printed over the line being typed.
    #[test]
    fn nothing_that_comes_for_a_question_of_ours_is_news() {
        let mut waiters = Waiters::new(Arc::default());
        waiters.asked(b"q-1");
        let packet = |text: &str| Packet::new(text.replace('\n', "\r\n").into_bytes().into());
        let news = |waiters: &mut Waiters, routed| waiters.give(routed).is_some();
        for text in [
            "ActionID: q-1\ntext\n\n",
            "Response: Success\nActionID: q-1\n\n",
        ] {
            assert!(
                !news(&mut waiters, Routed::Unsolicited(packet(text))),
                "{text}"
            );
        }
        let item = packet("Event: PeerEntry\nActionID: q-1\n\n");
        assert!(!news(&mut waiters, Routed::Event(item)));
        let event = packet("Event: UserEvent\nPrivilege: user,all\nActionID: q-1\n\n");
        assert!(news(&mut waiters, Routed::Event(event)));
        let other = packet("Response: Success\nActionID: q-2\n\n");
        assert!(news(&mut waiters, Routed::Unsolicited(other)));
    }
}
