//! What waits, in order: how much of it is kept, and what stands where
//! something was not.

use super::packed::Packed;
use crate::session::arrival::{Arrival, Arrived, Gap};
use std::collections::VecDeque;
use std::time::SystemTime;

/// Real memory that may hold arrivals as they are made, without copying them
/// again. Whoever shows as fast as events come never has more waiting.
const LOOSE: usize = 2 * 1024 * 1024;

/// See the module.
#[derive(Debug)]
pub(super) struct Queue {
    /// None of them is empty.
    parts: VecDeque<Part>,
    /// Received bytes in all parts.
    bytes: usize,
    /// How many of them are kept.
    limit: usize,
    /// Real memory of the loose parts, about.
    loose: usize,
    /// An event was dropped, and not enough was taken since.
    full: bool,
    lost: u64,
}

#[derive(Debug)]
enum Part {
    /// What one read brought, and the memory it takes.
    Loose(std::vec::IntoIter<Arrived>, usize),
    Packed(Packed),
}

impl Queue {
    /// An empty one that keeps events up to `limit` received bytes.
    pub fn new(limit: usize) -> Queue {
        Queue {
            parts: VecDeque::new(),
            bytes: 0,
            limit,
            loose: 0,
            full: false,
            lost: 0,
        }
    }

    /// Received bytes that wait.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Events and oversize packets that are missing.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Takes what one read brought, of so many received bytes.
    pub fn append(&mut self, arrived: Vec<Arrived>, bytes: usize) {
        let memory = bytes + arrived.capacity() * size_of::<Arrived>();
        // A small buffer must not be all loose: small events take much more
        // memory than their bytes.
        let may_be_loose = LOOSE.min(self.limit / 4);
        if !self.full && self.bytes + bytes <= self.limit && self.loose + memory <= may_be_loose {
            self.bytes += bytes;
            self.lost += arrived.iter().map(Arrived::lost).sum::<u64>();
            self.push_loose(arrived, memory);
        } else {
            arrived.into_iter().for_each(|one| self.push(one));
        }
    }

    fn push(&mut self, one: Arrived) {
        let bytes = one.bytes();
        let may_drop = matches!(one.what, Arrival::Event(_) | Arrival::Unsolicited(_));
        if may_drop && !self.has_room(bytes) {
            return self.miss(one.time);
        }
        self.bytes += bytes;
        self.lost += one.lost();
        if !self.pack(&one) {
            self.push_loose(vec![one], bytes + size_of::<Arrived>());
        }
    }

    /// Once full, it is so until a quarter is free. Otherwise, while somebody
    /// shows more slowly than events come, every second line would be a gap.
    fn has_room(&mut self, bytes: usize) -> bool {
        let bound = match self.full {
            true => self.limit - self.limit / 4,
            false => self.limit,
        };
        self.full = self.bytes + bytes > bound;
        !self.full
    }

    /// An event that came at `time` is not kept: one gap stands for it and for
    /// those that were missed just before.
    fn miss(&mut self, time: SystemTime) {
        self.lost += 1;
        let last = match self.parts.back_mut() {
            Some(Part::Loose(arrived, _)) => arrived.as_mut_slice().last_mut(),
            _ => None,
        };
        match last.map(|last| &mut last.what) {
            Some(Arrival::Gap(Gap::Buffer { events })) => *events += 1,
            _ => {
                let what = Arrival::Gap(Gap::Buffer { events: 1 });
                self.push_loose(vec![Arrived { time, what }], size_of::<Arrived>());
            }
        }
    }

    fn push_loose(&mut self, arrived: Vec<Arrived>, memory: usize) {
        if !arrived.is_empty() {
            self.loose += memory;
            self.parts
                .push_back(Part::Loose(arrived.into_iter(), memory));
        }
    }

    /// False: it cannot be packed.
    fn pack(&mut self, one: &Arrived) -> bool {
        let Some(packet) = Packed::packet_of(one) else {
            return false;
        };
        if let Some(Part::Packed(last)) = self.parts.back_mut()
            && last.put(one.time, packet)
        {
            return true;
        }
        let mut new = match Packed::with_room_for(packet) {
            Ok(new) => new,
            // Without memory for many it may still do for one.
            Err(_) => return false,
        };
        let put = new.put(one.time, packet);
        if put {
            self.parts.push_back(Part::Packed(new));
        }
        put
    }

    /// What was taken last is the first again.
    pub fn put_back(&mut self, one: Arrived) {
        let bytes = one.bytes();
        let memory = bytes + size_of::<Arrived>();
        self.bytes += bytes;
        self.loose += memory;
        self.parts
            .push_front(Part::Loose(vec![one].into_iter(), memory));
    }

    /// The first that waits.
    pub fn pop(&mut self) -> Option<Arrived> {
        let front = self.parts.front_mut()?;
        let taken = front.take();
        if front.is_empty()
            && let Some(Part::Loose(_, memory)) = self.parts.pop_front()
        {
            self.loose = self.loose.saturating_sub(memory);
        }
        let bytes = taken.as_ref().map_or(0, Arrived::bytes);
        self.bytes = self.bytes.saturating_sub(bytes);
        taken
    }
}

impl Part {
    fn take(&mut self) -> Option<Arrived> {
        match self {
            Part::Loose(arrived, _) => arrived.next(),
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
