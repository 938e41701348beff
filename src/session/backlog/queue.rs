//! The waiting arrivals in order, within a limit, with gaps in place of those
//! that were dropped.

use super::packed::Packed;
use crate::ami::Packet;
use crate::ami::reply::MAX_ANSWER;
use crate::session::arrival::{Arrival, Arrived, Gap};
use std::collections::VecDeque;

/// Memory for arrivals that are kept as they are, without a copy. A consumer as
/// fast as the events never has more waiting.
const LOOSE: usize = 2 * 1024 * 1024;

/// See the module.
#[derive(Debug)]
pub(super) struct Queue {
    /// None of the parts is empty.
    parts: VecDeque<Part>,
    /// Approximate memory of all parts.
    bytes: usize,
    /// The most that `bytes` may be.
    limit: usize,
    /// Memory of the loose parts.
    loose: usize,
    /// How many arrivals wait.
    count: usize,
    /// An event was dropped, and not enough has been taken since.
    full: bool,
    lost: u64,
}

#[derive(Debug)]
enum Part {
    /// The arrivals of one read, and the memory that they keep.
    Loose(std::vec::IntoIter<Arrived>, usize),
    Packed(Packed),
}

impl Queue {
    /// An empty queue that keeps events in `limit` bytes of memory.
    pub fn new(limit: usize) -> Queue {
        Queue {
            parts: VecDeque::new(),
            bytes: 0,
            limit,
            loose: 0,
            count: 0,
            full: false,
            lost: 0,
        }
    }

    /// Memory in use, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many events and oversize packets are missing.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many arrivals wait.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds arrivals, whose packets keep `pinned` bytes in memory that they were
    /// read into. Returns what that adds in bytes, if all of them are kept.
    pub fn append(&mut self, arrived: Vec<Arrived>, pinned: usize) -> usize {
        let memory: usize = arrived.iter().map(Arrived::memory).sum();
        let loose = memory.max(pinned);
        // A small buffer must not be all loose: packed it holds much more.
        let may_be_loose = LOOSE.min(self.limit / 4);
        if !self.full && self.bytes + memory <= self.limit && self.loose + loose <= may_be_loose {
            self.lost += arrived.iter().map(Arrived::lost).sum::<u64>();
            self.push_loose(arrived, memory, loose);
        } else {
            arrived.into_iter().for_each(|one| self.push(one));
        }
        memory
    }

    fn push(&mut self, one: Arrived) {
        if let Some(packet) = Packed::packet_of(&one) {
            if !self.has_room(Packed::cost(packet)) {
                return self.miss(one, 1);
            }
            if let Some(cost) = self.pack(&one, packet) {
                self.bytes += cost;
                self.count += 1;
                return;
            }
        }
        let memory = one.memory();
        if let Some(items) = one.rest_of_a_list()
            && !self.has_room(memory)
        {
            return self.miss(one, items);
        }
        if matches!(one.what, Arrival::Part(..)) && self.bytes + memory > self.limit.max(MAX_ANSWER)
        {
            return self.miss(one, 1);
        }
        self.lost += one.lost();
        self.push_loose(vec![one.kept()], memory, memory);
    }

    /// Once full, the queue stays full until a quarter is free. Otherwise a
    /// consumer slower than the events would see a gap at every second line.
    fn has_room(&mut self, bytes: usize) -> bool {
        let bound = match self.full {
            true => self.limit - self.limit / 4,
            false => self.limit,
        };
        self.full = self.bytes + bytes > bound;
        !self.full
    }

    /// Records that `missing` events from `first` on were dropped. Losses in a
    /// row share one gap, which has the identity of the first.
    fn miss(&mut self, first: Arrived, missing: u64) {
        self.lost += missing;
        let last = match self.parts.back_mut() {
            Some(Part::Loose(arrived, _)) => arrived.as_mut_slice().last_mut(),
            _ => None,
        };
        match last.map(|last| &mut last.what) {
            Some(Arrival::Gap(Gap::Buffer { events })) => *events += missing,
            _ => {
                let what = Arrival::Gap(Gap::Buffer { events: missing });
                let gap = Arrived { what, ..first };
                let memory = gap.memory();
                self.push_loose(vec![gap], memory, memory);
            }
        }
    }

    fn push_loose(&mut self, arrived: Vec<Arrived>, memory: usize, loose: usize) {
        if !arrived.is_empty() {
            self.bytes += memory;
            self.loose += loose;
            self.count += arrived.len();
            self.parts
                .push_back(Part::Loose(arrived.into_iter(), loose));
        }
    }

    /// Packs `packet` and returns the bytes it takes. None: it cannot be
    /// packed.
    fn pack(&mut self, one: &Arrived, packet: &Packet) -> Option<usize> {
        if let Some(Part::Packed(last)) = self.parts.back_mut()
            && let Some(cost) = last.put(one, packet)
        {
            return Some(cost);
        }
        // Memory that does not suffice for many may still hold one.
        let mut new = Packed::with_room_for(packet).ok()?;
        let cost = new.put(one, packet);
        if cost.is_some() {
            self.parts.push_back(Part::Packed(new));
        }
        cost
    }

    /// Puts back the arrival that was taken last.
    pub fn put_back(&mut self, one: Arrived) {
        let memory = one.memory();
        self.bytes += memory;
        self.loose += memory;
        self.count += 1;
        self.parts
            .push_front(Part::Loose(vec![one].into_iter(), memory));
    }

    /// Takes the first arrival.
    pub fn pop(&mut self) -> Option<Arrived> {
        let front = self.parts.front_mut()?;
        let taken = front.take();
        if front.is_empty()
            && let Some(Part::Loose(_, memory)) = self.parts.pop_front()
        {
            self.loose = self.loose.saturating_sub(memory);
        }
        let (one, cost) = taken?;
        self.bytes = self.bytes.saturating_sub(cost);
        self.count = self.count.saturating_sub(1);
        Some(one)
    }
}

impl Part {
    /// The first arrival of the part, with its memory.
    fn take(&mut self) -> Option<(Arrived, usize)> {
        match self {
            Part::Loose(arrived, _) => arrived.next().map(|one| {
                let memory = one.memory();
                (one, memory)
            }),
            Part::Packed(packed) => packed.take(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Part::Loose(arrived, _) => arrived.len() == 0,
            Part::Packed(packed) => packed.is_empty(),
        }
    }
}
