//! Events that wait for long, as their bytes alone.
//!
//! A packet of its own costs several times the bytes of a small event, and
//! what an allocator was given for a hundred thousand of them it does not give
//! back. These lie one behind the other in memory that the system maps for
//! them and unmaps when they were taken.

use crate::ami::{Kind, Packet};
use crate::session::arrival::{Arrival, Arrived};
use memmap2::MmapMut;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What one mapping holds, if no packet is larger. What is not yet written of
/// it costs nothing.
const SIZE: usize = 1024 * 1024;

/// Before each packet stands its length. Zero is no length: behind it stands
/// the time of the packets that follow, in nanoseconds of the Unix epoch.
const LENGTH: usize = size_of::<u32>();
const TIME: usize = LENGTH + size_of::<u64>();

/// Events and other packets nobody asked for, in the order of their arrival.
#[derive(Debug)]
pub(super) struct Packed {
    memory: MmapMut,
    start: usize,
    end: usize,
    /// Of the packet at the end, and of the one taken last.
    written: Option<u64>,
    time: SystemTime,
}

impl Packed {
    /// An empty one with room for `packet`.
    ///
    /// # Errors
    /// The system has no memory left.
    pub fn with_room_for(packet: &Packet) -> io::Result<Packed> {
        let least = TIME + LENGTH + packet.bytes().len();
        Ok(Packed {
            memory: MmapMut::map_anon(least.max(SIZE))?,
            start: 0,
            end: 0,
            written: None,
            time: UNIX_EPOCH,
        })
    }

    /// Can `arrived` be had again from its bytes and its time? (Where the text
    /// of a `Follows` begins is not in its bytes.)
    pub fn packet_of(arrived: &Arrived) -> Option<&Packet> {
        match &arrived.what {
            Arrival::Event(packet) | Arrival::Unsolicited(packet) => {
                Some(packet).filter(|packet| packet.body().is_none())
            }
            _ => None,
        }
    }

    /// Copies `packet` in. False: there is no room left.
    pub fn put(&mut self, time: SystemTime, packet: &Packet) -> bool {
        let bytes = packet.bytes();
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = since.as_nanos() as u64;
        let stamp = (self.written != Some(time)).then_some(time);
        let needed = LENGTH + bytes.len() + stamp.map_or(0, |_| TIME);
        if needed > self.memory.len() - self.end {
            return false;
        }
        if let Some(time) = stamp {
            self.write(&0_u32.to_ne_bytes());
            self.write(&time.to_ne_bytes());
            self.written = stamp;
        }
        // The framer keeps no packet whose length would not fit.
        self.write(&(bytes.len() as u32).to_ne_bytes());
        self.write(bytes);
        true
    }

    fn write(&mut self, bytes: &[u8]) {
        let end = self.end + bytes.len();
        if let Some(place) = self.memory.get_mut(self.end..end) {
            place.copy_from_slice(bytes);
            self.end = end;
        }
    }

    /// The first that was not taken yet.
    pub fn take(&mut self) -> Option<Arrived> {
        let length = loop {
            match u32::from_ne_bytes(self.read()?) {
                0 => {
                    self.time = UNIX_EPOCH + Duration::from_nanos(u64::from_ne_bytes(self.read()?))
                }
                length => break length as usize,
            }
        };
        let bytes = self.memory.get(self.start..self.start + length)?;
        let packet = Packet::new(bytes.into());
        self.start += length;
        let what = match packet.kind() {
            Kind::Event => Arrival::Event(packet),
            Kind::Response | Kind::Unframed => Arrival::Unsolicited(packet),
        };
        let time = self.time;
        Some(Arrived { time, what })
    }

    fn read<const N: usize>(&mut self) -> Option<[u8; N]> {
        let unread = self.memory.get(self.start..self.end)?;
        let found = *unread.first_chunk()?;
        self.start += N;
        Some(found)
    }

    /// Was everything taken?
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}
