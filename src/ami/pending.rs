//! An Action that waits for its answer, with the part of it that has been
//! received.

use super::answer::{Answer, IDLE, ListEnd};
use super::packet::Packet;
use super::reply::{Ending, MAX_ANSWER, MAX_FLOWN, MAX_LATE, Reply};
use std::time::{Duration, Instant};

/// The claim on the answer to one Action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub(super) u64);

/// What a packet, or the passage of time, led to.
#[derive(Debug)]
pub enum Routed {
    /// The whole answer to an Action.
    Reply(Ticket, Reply),
    /// The Response or an item of a list that is not complete.
    Part(Ticket, Packet),
    /// The same, after its waiter gave up.
    Late(Ticket, Reply),
    /// No answer came in time, or no more after this part. The slot is kept,
    /// because the rest may still come, late.
    TimedOut(Ticket, Option<Reply>),
    /// An event that belongs to no answer.
    Event(Packet),
    /// A Response or unframed text that answers no Action.
    Unsolicited(Packet),
}

/// An Action that was sent and is not yet answered.
#[derive(Debug)]
pub(super) struct Pending {
    pub ticket: Ticket,
    pub action: String,
    /// The ActionID as the server will echo it; None if it will not.
    pub id: Option<Vec<u8>>,
    pub answer: Answer,
    pub patience: Duration,
    /// When it was sent, or when a packet for it, or for an Action before it,
    /// last came.
    pub touched: Instant,
    pub abandoned: bool,
    /// A later Action has been answered, so this one never will be.
    pub passed: bool,
    /// A Ping of amish's own behind it tells when an answer without an end mark
    /// is over.
    pub fenced: bool,
    /// Its list is handed out as it comes.
    pub flows: bool,
    pub open: Option<List>,
}

/// The part of an incomplete answer that has been received.
#[derive(Debug)]
pub(super) struct List {
    response: Option<Packet>,
    items: Vec<Packet>,
    /// Memory of the items, in bytes.
    bytes: usize,
    /// How many items were handed out as they came.
    flown: Option<u64>,
    end: ListEnd,
}

impl List {
    pub fn new(response: Option<Packet>, end: ListEnd) -> List {
        List {
            response,
            items: Vec::new(),
            bytes: 0,
            flown: None,
            end,
        }
    }
}

impl Pending {
    /// The Response came. Some servers sent items before it.
    pub fn open(&mut self, response: Packet, end: ListEnd) {
        let list = self.open.get_or_insert_with(|| List::new(None, end));
        list.response = Some(response.kept());
        list.end = end;
    }

    /// Hands out the Response of a list that flows, and what came before it.
    pub fn begin_to_flow(&mut self, out: &mut impl FnMut(Routed)) {
        let Some(list) = self.open.as_mut().filter(|_| self.flows) else {
            return;
        };
        list.flown = Some(list.items.len() as u64);
        for packet in list.response.iter().chain(&list.items) {
            out(Routed::Part(self.ticket, packet.clone()));
        }
    }

    /// Whether its Response has come.
    pub fn has_response(&self) -> bool {
        let list = self.open.as_ref();
        list.is_some_and(|list| list.response.is_some())
    }

    /// Whether `item` may be part of its list.
    pub fn takes(&self, item: &Packet) -> bool {
        let Some(list) = &self.open else {
            return false;
        };
        // The items of WaitEvent are events, which may carry any ActionID.
        list.end == ListEnd::WaitEvent || list.end.takes(item) && self.owns(item)
    }

    /// Whether `packet` has its ActionID, or none. Text chosen by callers may
    /// look like a further one.
    pub fn owns(&self, packet: &Packet) -> bool {
        let ids = packet.all("ActionID").map(|header| header.first_line());
        let mut ids = ids.filter(|id| !id.is_empty()).peekable();
        ids.peek().is_none() || ids.any(|id| self.id.as_deref() == Some(id))
    }

    /// Whether silence may end the answer, which is so only if the server marks
    /// no end.
    pub fn ends_by_silence(&self) -> bool {
        match &self.open {
            Some(list) => !matches!(list.end, ListEnd::EventList | ListEnd::WaitEvent),
            None => self.answer == Answer::Unframed,
        }
    }

    /// Whether only the answer to a later Action tells that nothing more comes.
    pub fn ends_by_fence(&self) -> bool {
        self.ends_by_silence() || self.may_be_unanswered()
    }

    /// Whether it may have been carried out although nothing came.
    pub fn may_be_unanswered(&self) -> bool {
        self.answer == Answer::Perhaps && self.open.is_none()
    }

    pub fn deadline(&self) -> Option<Instant> {
        if self.ends_by_silence() && !self.fenced {
            Some(self.touched + IDLE)
        } else {
            let given_up = self.abandoned;
            (!given_up)
                .then(|| self.touched.checked_add(self.patience))
                .flatten()
        }
    }

    /// Adds a packet to the answer. When the list becomes too large to keep,
    /// the part so far is handed out, and the rest will be late, in small
    /// parts.
    pub fn append(&mut self, packet: Packet, out: &mut impl FnMut(Routed)) {
        let opened = || List::new(None, ListEnd::AnyComplete);
        let list = self.open.get_or_insert_with(opened);
        if self.abandoned && list.flown.take().is_some() {
            // Only what was not handed out is late.
            *list = List::new(None, list.end);
        }
        if let Some(flown) = &mut list.flown {
            *flown += 1;
            if list.bytes <= MAX_FLOWN {
                let kept = packet.clone().kept();
                list.bytes += memory(&kept);
                list.items.push(kept);
            }
            return out(Routed::Part(self.ticket, packet));
        }
        let packet = packet.kept();
        list.bytes += memory(&packet);
        list.items.push(packet);
        let most = match self.abandoned {
            true => MAX_LATE,
            false => MAX_ANSWER,
        };
        if list.bytes <= most {
            return;
        }
        let Some(part) = self.part(Ending::Full) else {
            return;
        };
        match std::mem::replace(&mut self.abandoned, true) {
            true => self.late(part, out),
            false => out(Routed::TimedOut(self.ticket, Some(part))),
        }
    }

    /// Hands out `part` in small parts: much may have been received before the
    /// Action was given up.
    fn late(&self, mut part: Reply, out: &mut impl FnMut(Routed)) {
        let mut bytes = 0;
        for item in std::mem::take(&mut part.items) {
            bytes += memory(&item);
            part.items.push(item);
            if bytes > MAX_LATE {
                bytes = 0;
                let next = Reply {
                    response: None,
                    items: Vec::new(),
                    completion: None,
                    ending: part.ending,
                    flown: None,
                };
                out(Routed::Late(
                    self.ticket,
                    std::mem::replace(&mut part, next),
                ));
            }
        }
        if !part.items.is_empty() {
            out(Routed::Late(self.ticket, part));
        }
    }

    /// The part received so far, when the rest will not be waited for.
    pub fn part(&mut self, ending: Ending) -> Option<Reply> {
        let list = self.open.as_mut()?;
        list.bytes = 0;
        Some(Reply {
            response: list.response.take(),
            items: std::mem::take(&mut list.items),
            completion: None,
            ending,
            flown: list.flown.take(),
        })
    }

    /// Whether `event` ends the list. It does not if it carries another's
    /// ActionID: text chosen by callers may look like any header.
    pub fn ends_at(&self, event: &Packet) -> Option<Ending> {
        let ending = self.open.as_ref()?.end.at(event)?;
        self.owns(event).then_some(ending)
    }

    /// The reply, at the end of the answer.
    pub fn end(self, ending: Ending, completion: Option<Packet>) -> Routed {
        let opened = || List::new(None, ListEnd::AnyComplete);
        let list = self.open.unwrap_or_else(opened);
        let reply = Reply {
            response: list.response,
            items: list.items,
            completion: completion.map(Packet::kept),
            ending,
            flown: list.flown,
        };
        match self.abandoned {
            true => Routed::Late(self.ticket, reply),
            false => Routed::Reply(self.ticket, reply),
        }
    }
}

/// Memory of an item, in bytes.
fn memory(packet: &Packet) -> usize {
    size_of::<Packet>() + packet.heap()
}
