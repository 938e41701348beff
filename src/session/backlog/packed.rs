//! Events that wait for long, stored as bytes alone.
//!
//! A small event as a packet costs several times its bytes, and the allocator
//! does not return the memory of a hundred thousand of them. These are stored
//! back to back in mapped memory, which is unmapped once they are taken.

use crate::ami::{Kind, Packet};
use crate::session::arrival::{Arrival, ArrivalId, Arrived};
use memmap2::MmapMut;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The size of one mapping, unless a packet is larger. Unwritten pages cost
/// nothing.
const SIZE: usize = 1024 * 1024;

/// Each packet is preceded by its length, in which one bit marks a `Follows`. A
/// length of zero precedes a stamp for the packets that follow: their time, in
/// nanoseconds since the Unix epoch, and the identity of the first, from which
/// they are counted.
const LENGTH: usize = size_of::<u32>();
const STAMP: usize = LENGTH + 2 * size_of::<u64>();
const FOLLOWS: u32 = 1 << 31;

/// Events and unsolicited packets, in order of arrival.
#[derive(Debug)]
pub(super) struct Packed {
    memory: MmapMut,
    start: usize,
    end: usize,
    /// The time of the last packet written, and the identity that the next one
    /// has without another stamp.
    written: Option<(u64, ArrivalId)>,
    /// The time of the last packet taken, and the identity of the next one.
    time: SystemTime,
    next: ArrivalId,
}

impl Packed {
    /// An empty one with room for `packet`.
    ///
    /// # Errors
    /// The system has no memory left.
    pub fn with_room_for(packet: &Packet) -> io::Result<Packed> {
        let least = STAMP + LENGTH + packet.bytes().len();
        Ok(Packed {
            memory: MmapMut::map_anon(least.max(SIZE))?,
            start: 0,
            end: 0,
            written: None,
            time: UNIX_EPOCH,
            next: ArrivalId::default(),
        })
    }

    /// The packet of `arrived`, if its bytes and time are enough to restore it.
    pub fn packet_of(arrived: &Arrived) -> Option<&Packet> {
        match &arrived.what {
            Arrival::Event(packet) | Arrival::Unsolicited(packet) => Some(packet),
            _ => None,
        }
    }

    /// The least that `packet` takes, in bytes.
    pub fn cost(packet: &Packet) -> usize {
        LENGTH + packet.bytes().len()
    }

    /// Copies `packet` of `one` in and returns the bytes it takes. None: there is
    /// no room left.
    pub fn put(&mut self, one: &Arrived, packet: &Packet) -> Option<usize> {
        let bytes = packet.bytes();
        let since = one.time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = since.as_nanos() as u64;
        let needs_stamp = self.written != Some((time, one.id));
        let needed = LENGTH + bytes.len() + if needs_stamp { STAMP } else { 0 };
        if needed > self.memory.len() - self.end {
            return None;
        }
        if needs_stamp {
            self.write(&0_u32.to_ne_bytes());
            self.write(&time.to_ne_bytes());
            self.write(&one.id.bits().to_ne_bytes());
        }
        let mut next = one.id;
        next.advance();
        self.written = Some((time, next));
        // The framer keeps no packet whose length would not fit.
        let follows = packet.body().map_or(0, |_| FOLLOWS);
        self.write(&(bytes.len() as u32 | follows).to_ne_bytes());
        self.write(bytes);
        Some(needed)
    }

    fn write(&mut self, bytes: &[u8]) {
        let end = self.end + bytes.len();
        if let Some(place) = self.memory.get_mut(self.end..end) {
            place.copy_from_slice(bytes);
            self.end = end;
        }
    }

    /// Takes the first packet, with the bytes it took.
    pub fn take(&mut self) -> Option<(Arrived, usize)> {
        let before = self.start;
        let length = loop {
            match u32::from_ne_bytes(self.read()?) {
                0 => {
                    self.time = UNIX_EPOCH + Duration::from_nanos(u64::from_ne_bytes(self.read()?));
                    self.next = ArrivalId::from_bits(u64::from_ne_bytes(self.read()?));
                }
                length => break length,
            }
        };
        let end = self.start + (length & !FOLLOWS) as usize;
        let bytes = self.memory.get(self.start..end)?;
        let packet = match length & FOLLOWS {
            0 => Packet::new(bytes.into()),
            _ => Packet::follows(bytes.into()),
        };
        self.start = end;
        let what = match packet.kind() {
            Kind::Event => Arrival::Event(packet),
            Kind::Response | Kind::Unframed => Arrival::Unsolicited(packet),
        };
        let (id, time) = (self.next, self.time);
        self.next.advance();
        Some((Arrived { id, time, what }, self.start - before))
    }

    fn read<const N: usize>(&mut self) -> Option<[u8; N]> {
        let unread = self.memory.get(self.start..self.end)?;
        let found = *unread.first_chunk()?;
        self.start += N;
        Some(found)
    }

    /// Whether everything has been taken.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}
