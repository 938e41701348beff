//! Cuts received bytes into frames: where one packet ends and the next begins.
//!
//! Packet ends are found without parsing the packets, so a malformed packet
//! affects no other. The caller reads straight into the framer's buffer
//! ([`Framer::space`], [`Framer::filled`]) and calls [`Framer::next_frame`]
//! until it returns None. How the reads split the bytes does not matter.

mod ends;
mod follows;
mod many;

pub use follows::Waiting;

use super::packet::lines::is_follows;
use super::packet::{Chunk, Packet, Part};
use ends::{End, Ends, Found};
use follows::{Follows, MAX_FIRST_LINE, Reading, Unknown, id_of_follows};
use memchr::memmem;
use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The largest packet that is kept, in bytes: more than a hundred times any
/// that servers are known to send. Without a limit, a stream without line ends
/// would fill the memory.
pub const MAX_PACKET: usize = 64 * 1024 * 1024;

/// Bytes offered for one read: large enough to read a flood in few calls, small
/// enough to stay in the processor's cache.
const READ: usize = 64 * 1024;

/// What the framer found.
#[derive(Debug)]
pub enum Frame {
    /// The first line of a connection, without its line end, cut at 1 KiB. No
    /// empty line follows it.
    Banner(Vec<u8>),
    /// A whole packet.
    Packet(Packet),
    /// A packet over [`MAX_PACKET`] was dropped. Its size in bytes.
    Oversize(u64),
}

/// Chunks kept to be read into again. A consumer as fast as the events needs no
/// more.
const SPARE: usize = 4;

/// Cuts a stream of bytes into frames. Memory is bounded by [`MAX_PACKET`] and
/// a few reads, beside the chunks that packets hold; after a large packet it
/// shrinks again.
///
/// A packet is not copied: it holds the chunk that it was read into. Once all
/// packets of a chunk are gone, it is read into again.
#[derive(Debug)]
pub struct Framer {
    /// Received but not yet cut: `chunk[start..end]`.
    chunk: Arc<Chunk>,
    start: usize,
    end: usize,
    /// No end of packet begins in `chunk[start..scanned]`.
    scanned: usize,
    /// Former chunks that packets may still hold.
    spare: VecDeque<Arc<Chunk>>,
    /// The least that is read at a time.
    least: usize,
    state: State,
    follows: Follows,
    limit: usize,
    ends: Ends,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first line of a connection is the banner, whatever it says.
    Banner,
    /// The first line of a captured file is the banner if it has no colon.
    Capture,
    /// The remainder of the banner's line.
    BannerEnd,
    Packet,
    /// Inside a packet that ends this way.
    Inside(End),
    /// Inside a packet that is too large: how it ends, and the bytes dropped so
    /// far.
    Dropping(End, u64),
}

impl Framer {
    /// For a connection: the first line is the banner.
    pub fn new() -> Framer {
        Framer::in_state(State::Banner)
    }

    /// For a captured file: the first line is a banner if it has no colon.
    pub fn for_capture() -> Framer {
        Framer::in_state(State::Capture)
    }

    fn in_state(state: State) -> Framer {
        Framer {
            chunk: Arc::default(),
            spare: VecDeque::new(),
            least: READ,
            start: 0,
            end: 0,
            scanned: 0,
            state,
            follows: Follows::Any,
            limit: MAX_PACKET,
            ends: Ends::new(),
        }
    }

    /// The memory to read into, never empty. Report what was read with
    /// [`Framer::filled`].
    pub fn space(&mut self) -> &mut [u8] {
        let held = self.end - self.start;
        // Doubling keeps a 64 MiB packet from being moved 500 times.
        let least = self.least;
        let wanted = (2 * (held + least)).min(self.limit + 2 * least);
        let wanted = wanted.max(held + least);
        // Otherwise a quiet session would keep the memory of its largest
        // packet.
        let sizes = held + least..=4 * wanted;
        let is_free = Arc::get_mut(&mut self.chunk).is_some();
        if !is_free || !sizes.contains(&self.chunk.len()) {
            let mut next = self.free_chunk(&sizes, wanted);
            if let Some(front) = Arc::get_mut(&mut next).and_then(|next| next.get_mut(..held)) {
                front.copy_from_slice(self.rest());
            }
            let former = std::mem::replace(&mut self.chunk, next);
            if self.spare.len() < SPARE && sizes.contains(&former.len()) {
                self.spare.push_back(former);
            }
            self.moved_to_front();
        } else if held == 0 || self.chunk.len() < self.end + least {
            let range = self.start..self.end;
            if let Some(chunk) = Arc::get_mut(&mut self.chunk) {
                chunk.copy_within(range, 0);
            }
            self.moved_to_front();
        }
        let chunk = Arc::get_mut(&mut self.chunk);
        let space = chunk.and_then(|chunk| chunk.get_mut(self.end..));
        space.unwrap_or_default()
    }

    /// The memory that a packet of the last read holds, in bytes.
    pub fn chunk(&self) -> usize {
        self.chunk.len()
    }

    /// A chunk that no packet holds: a former one of a size in `sizes`, or a new
    /// one of `size` bytes.
    fn free_chunk(&mut self, sizes: &RangeInclusive<usize>, size: usize) -> Arc<Chunk> {
        let is_free =
            |chunk: &mut Arc<Chunk>| sizes.contains(&chunk.len()) && Arc::get_mut(chunk).is_some();
        let free = self.spare.iter_mut().position(is_free);
        let free = free.and_then(|at| self.spare.remove(at));
        // Zeroed pages cost nothing until they are written.
        free.unwrap_or_else(|| Arc::new(vec![0; size]))
    }

    fn moved_to_front(&mut self) {
        self.scanned -= self.start;
        self.end -= self.start;
        self.start = 0;
    }

    /// Reports that `count` bytes were read into the front of
    /// [`Framer::space`].
    pub fn filled(&mut self, count: usize) {
        self.end = (self.end + count).min(self.chunk.len());
    }

    /// Copies in `bytes` that are already in memory.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let space = self.space();
            let count = space.len().min(bytes.len());
            let (now, later) = bytes.split_at(count);
            if let Some(front) = space.get_mut(..count) {
                front.copy_from_slice(now);
            }
            self.filled(count);
            bytes = later;
        }
    }

    /// What was received after the last frame: at the end of a stream, the
    /// packet that was cut off.
    pub fn rest(&self) -> &[u8] {
        self.chunk.get(self.start..self.end).unwrap_or_default()
    }

    /// The next frame, or None if more bytes are needed.
    pub fn next_frame(&mut self) -> Option<Frame> {
        self.next_frame_for(&Unknown)
    }

    /// As [`Framer::next_frame`], on a link whose unanswered Actions are known.
    pub fn next_frame_for(&mut self, waiting: &dyn Waiting) -> Option<Frame> {
        loop {
            match self.state {
                State::Banner => return self.banner(),
                State::Capture => {
                    let line = self.greeting()?;
                    // A capture may begin with an empty line, between two
                    // packets.
                    self.state = match line.is_empty() || line.contains(&b':') {
                        true => State::Packet,
                        false => State::Banner,
                    };
                }
                State::BannerEnd => self.banner_end()?,
                State::Packet => self.state = State::Inside(self.open(waiting)?),
                State::Inside(end) => match self.find(end, waiting) {
                    // Forged: its lines are packets like all others.
                    Found::Broken(_) => {
                        self.state = State::Inside(End::BlankLine);
                        self.scanned = self.start;
                    }
                    found => return self.inside(end, found),
                },
                State::Dropping(end, dropped) => {
                    let found = self.find(end, waiting);
                    return self.dropping(end, dropped, found);
                }
            }
        }
    }

    fn banner(&mut self) -> Option<Frame> {
        let banner = self.greeting()?.to_vec();
        self.advance(banner.len());
        self.follows = Follows::of(&banner);
        self.state = State::BannerEnd;
        Some(Frame::Banner(banner))
    }

    /// Skips the rest of a banner that was cut; read as a header it would make
    /// the first Response unframed.
    fn banner_end(&mut self) -> Option<()> {
        match memchr::memchr(b'\n', self.rest()) {
            Some(end) => {
                self.advance(end + 1);
                self.state = State::Packet;
                Some(())
            }
            None => {
                self.advance(self.rest().len());
                None
            }
        }
    }

    /// The first line of the connection, up to [`MAX_FIRST_LINE`] bytes. Some
    /// proxies end it with LF alone, and no banner contains one.
    fn greeting(&self) -> Option<&[u8]> {
        let rest = self.rest();
        let head = rest.get(..MAX_FIRST_LINE + 2).unwrap_or(rest);
        let line = match memchr::memchr(b'\n', head) {
            Some(end) => head.get(..end)?,
            None if rest.len() > MAX_FIRST_LINE => head,
            None => return None,
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.get(..line.len().min(MAX_FIRST_LINE))
    }

    /// The line that begins here, up to [`MAX_FIRST_LINE`] bytes; None until
    /// that much has been received.
    fn first_line(&self) -> Option<&[u8]> {
        let rest = self.rest();
        let head = rest.get(..MAX_FIRST_LINE + 2).unwrap_or(rest);
        match memmem::find(head, b"\r\n") {
            Some(end) => head.get(..end),
            None => rest
                .get(..MAX_FIRST_LINE)
                .filter(|_| rest.len() > MAX_FIRST_LINE),
        }
    }

    /// Skips empty lines, then decides how the packet that begins here ends.
    /// After some packets (QueueRule, Queues) Asterisk sends one to three extra
    /// empty lines, with which the next packet would otherwise begin.
    fn open(&mut self, waiting: &dyn Waiting) -> Option<End> {
        loop {
            match self.rest() {
                [b'\r', b'\n', ..] => self.advance(2),
                [b'\n', ..] => self.advance(1),
                _ => break,
            }
        }
        match self.rest() {
            [] | [b'\r'] => None,
            // Only a response can be `Follows`, so other first lines are not
            // read here.
            [b'R' | b'r' | b' ', ..] if self.follows != Follows::Never => {
                let line = self.first_line()?;
                // A line of this length may have been cut, so it never counts
                // as Follows.
                if line.len() >= MAX_FIRST_LINE || !is_follows(line) {
                    return Some(End::BlankLine);
                }
                let Reading::Is(id) = id_of_follows(self.rest()) else {
                    return None;
                };
                let is_believed = self.follows == Follows::Any || waiting.awaits_text(id);
                Some(match is_believed {
                    true => End::Command,
                    false => End::BlankLine,
                })
            }
            _ => Some(End::BlankLine),
        }
    }

    /// Looks for `end` in what was not looked at yet. Offsets are from the
    /// beginning of the packet, or of what is left of it.
    fn find(&self, end: End, waiting: &dyn Waiting) -> Found {
        let unseen = self.chunk.get(self.scanned..self.end).unwrap_or_default();
        let before = self.scanned - self.start;
        match self.ends.find(unseen, end, waiting) {
            Found::End(at) => Found::End(before + at),
            Found::Broken(at) => Found::Broken(before + at),
            Found::Undecided(at) => Found::Undecided(before + at),
            Found::Nothing => Found::Nothing,
        }
    }

    fn inside(&mut self, end: End, found: Found) -> Option<Frame> {
        let length = match found {
            Found::End(length) | Found::Broken(length) => length,
            _ => {
                self.scanned = self.resume_at(end, found);
                let held = self.end - self.start;
                if held <= self.limit {
                    return None;
                }
                let dropped = self.scanned - self.start;
                self.advance(dropped);
                self.state = State::Dropping(end, dropped as u64);
                return None;
            }
        };
        self.state = State::Packet;
        if length > self.limit {
            self.advance(length);
            return Some(Frame::Oversize(length as u64));
        }
        let part = Part::of(&self.chunk, self.start, length);
        self.advance(length);
        Some(Frame::Packet(match end {
            End::Command => Packet::follows(part),
            End::BlankLine => Packet::new(part),
        }))
    }

    fn dropping(&mut self, end: End, dropped: u64, found: Found) -> Option<Frame> {
        match found {
            Found::End(last) | Found::Broken(last) => {
                self.advance(last);
                self.state = State::Packet;
                Some(Frame::Oversize(dropped + last as u64))
            }
            _ => {
                let more = self.resume_at(end, found) - self.start;
                self.advance(more);
                self.state = State::Dropping(end, dropped + more as u64);
                None
            }
        }
    }

    /// The earliest place where something partly received can begin.
    fn resume_at(&self, end: End, found: Found) -> usize {
        let keep = self.end.saturating_sub(end.longest_part());
        let keep = match found {
            Found::Undecided(at) => keep.min(self.start + at),
            _ => keep,
        };
        keep.max(self.scanned).max(self.start)
    }

    fn advance(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
        self.scanned = self.start;
    }
}

impl Default for Framer {
    fn default() -> Framer {
        Framer::new()
    }
}

#[cfg(test)]
mod tests;
