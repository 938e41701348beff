//! The bytes of a packet as a part of what was received with it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// What a few reads brought.
pub(in crate::ami) type Chunk = Vec<u8>;

/// A part of a chunk, which it keeps alive.
// Four bytes per offset are enough: a chunk is little larger than the largest
// packet (64 MiB, `frame::MAX_PACKET`).
#[derive(Clone)]
pub struct Part {
    chunk: Arc<Chunk>,
    start: u32,
    end: u32,
}

impl Part {
    /// The `length` bytes at `start` of `chunk`.
    pub(in crate::ami) fn of(chunk: &Arc<Chunk>, start: usize, length: usize) -> Part {
        Part {
            chunk: chunk.clone(),
            start: start as u32,
            end: (start + length) as u32,
        }
    }

    /// The same bytes in memory of their own.
    pub(super) fn kept(self) -> Part {
        match self.len() == self.chunk.capacity() {
            true => self,
            false => Part::from(&self[..]),
        }
    }
}

impl Deref for Part {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let range = self.start as usize..self.end as usize;
        self.chunk.get(range).unwrap_or_default()
    }
}

/// The bytes, wherever they are.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self[..].fmt(f)
    }
}

impl From<Vec<u8>> for Part {
    fn from(bytes: Vec<u8>) -> Part {
        let length = bytes.len();
        Part::of(&Arc::new(bytes), 0, length)
    }
}

impl From<&[u8]> for Part {
    fn from(bytes: &[u8]) -> Part {
        Part::from(bytes.to_vec())
    }
}
