//! One Action that waits for its answer, and as much of it as has come.

use super::packet::Packet;
use super::reply::{Answer, Ending, IDLE, ListEnd, MAX_ANSWER, Reply, WAIT_EVENT};
use super::router::{Routed, Ticket};
use std::time::{Duration, Instant};

/// One Action that was sent and is not answered.
#[derive(Debug)]
pub(super) struct Pending {
    pub ticket: Ticket,
    pub action: String,
    /// The ActionID as the server will echo it; None where it will not.
    pub id: Option<Vec<u8>>,
    pub answer: Answer,
    pub patience: Duration,
    /// When it was sent, or when a packet that belongs to it, or to one sent
    /// before, came last.
    pub touched: Instant,
    pub abandoned: bool,
    /// An Action sent after it was answered: it will not be.
    pub passed: bool,
    pub open: Option<List>,
}

/// What has come of an answer that is not whole yet.
#[derive(Debug)]
pub(super) struct List {
    response: Option<Packet>,
    items: Vec<Packet>,
    /// Of the items.
    bytes: usize,
    end: ListEnd,
}

impl List {
    pub fn new(response: Option<Packet>, end: ListEnd) -> List {
        List {
            response,
            items: Vec::new(),
            bytes: 0,
            end,
        }
    }

    /// May `event` be part of it?
    pub fn takes(&self, event: &Packet) -> bool {
        self.end.takes(event)
    }
}

impl Pending {
    /// May silence end its answer? Only where the server marks no end.
    pub fn ends_by_silence(&self) -> bool {
        match &self.open {
            Some(list) => list.end != ListEnd::EventList && list.end != WAIT_EVENT,
            None => self.answer == Answer::Unframed,
        }
    }

    pub fn deadline(&self) -> Option<Instant> {
        if self.ends_by_silence() {
            Some(self.touched + IDLE)
        } else {
            let given_up = self.abandoned;
            (!given_up)
                .then(|| self.touched.checked_add(self.patience))
                .flatten()
        }
    }

    /// Takes a packet of the answer. A list that has become too large to keep
    /// is handed out as far as it has come, and the rest of it will be late.
    pub fn append(&mut self, packet: Packet) -> Option<Routed> {
        let opened = || List::new(None, ListEnd::AnyComplete);
        let list = self.open.get_or_insert_with(opened);
        list.bytes += packet.bytes().len();
        list.items.push(packet);
        if list.bytes <= MAX_ANSWER {
            return None;
        }
        let part = self.part(Ending::Full)?;
        Some(match std::mem::replace(&mut self.abandoned, true) {
            true => Routed::Late(self.ticket, part),
            false => Routed::TimedOut(self.ticket, Some(part)),
        })
    }

    /// What has come so far of an answer that will not be waited for.
    pub fn part(&mut self, ending: Ending) -> Option<Reply> {
        let list = self.open.as_mut()?;
        list.bytes = 0;
        Some(Reply {
            response: list.response.take(),
            items: std::mem::take(&mut list.items),
            completion: None,
            ending,
        })
    }

    /// Does `event` end the list? Not when it carries another's ActionID and
    /// not ours: text of callers may look like any header.
    pub fn ends_at(&self, event: &Packet) -> Option<Ending> {
        let ending = self.open.as_ref()?.end.at(event)?;
        let mut ids = event.all("ActionID").map(|header| header.first_line());
        let ours = event.get("ActionID").is_none() || ids.any(|id| self.id.as_deref() == Some(id));
        ours.then_some(ending)
    }

    /// What comes of it at its end.
    pub fn end(self, ending: Ending, completion: Option<Packet>) -> Routed {
        let opened = || List::new(None, ListEnd::AnyComplete);
        let list = self.open.unwrap_or_else(opened);
        let reply = Reply {
            response: list.response,
            items: list.items,
            completion,
            ending,
        };
        match self.abandoned {
            true => Routed::Late(self.ticket, reply),
            false => Routed::Reply(self.ticket, reply),
        }
    }
}
