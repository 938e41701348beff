//! Bytes in, frames out: where one packet ends and the next begins.
//!
//! Borders are found without reading the packets between them, so a malformed
//! one costs only itself. The caller reads straight into the framer's buffer
//! ([`Framer::space`], [`Framer::filled`]) and asks for frames until there are
//! none ([`Framer::next_frame`]); it does not matter where the bytes were cut.

use super::packet::{Packet, trim};
use memchr::memmem::{self, Finder};

/// The largest packet that is kept, in bytes. No server is known to send one
/// of a hundredth of this; a stream without line ends would fill the memory.
pub const MAX_PACKET: usize = 64 * 1024 * 1024;

/// A first line this long is neither a banner of AMI nor `Response: Follows`.
const MAX_FIRST_LINE: usize = 1024;

/// Bytes offered for one read. Large enough that a flood is read in few calls,
/// small enough to stay in the processor's cache.
const READ: usize = 128 * 1024;

const BLANK_LINE: &[u8] = b"\r\n\r\n";
/// Command up to Asterisk 13 ends so, with no line end of its own before it.
const END_COMMAND: &[u8] = b"--END COMMAND--\r\n\r\n";

/// What the framer found.
#[derive(Debug)]
pub enum Frame {
    /// The first line of a connection, without its line end. No empty line
    /// follows it. Cut at 1 KiB.
    Banner(Vec<u8>),
    /// A whole packet.
    Packet(Packet),
    /// A packet over [`MAX_PACKET`] went by and was dropped; its size in bytes.
    Oversize(u64),
}

/// Cuts a stream of bytes into frames. Memory is bounded by [`MAX_PACKET`]
/// and a few reads, and returns to a few reads after a large packet.
#[derive(Debug)]
pub struct Framer {
    /// Received and not yet cut: `buffer[start..end]`.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// No end of packet begins in `buffer[start..scanned]`.
    scanned: usize,
    state: State,
    /// May a packet end as [`END_COMMAND`] says?
    follows: bool,
    limit: usize,
    ends: Ends,
}

/// Making one anew costs more than finding the end of an event with it.
#[derive(Debug)]
struct Ends {
    blank_line: Finder<'static>,
    command: Finder<'static>,
}

/// How a packet ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    BlankLine,
    Command,
}

impl End {
    fn marker(self) -> &'static [u8] {
        match self {
            End::BlankLine => BLANK_LINE,
            End::Command => END_COMMAND,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first line of a connection is the banner, whatever it says.
    Banner,
    /// The first line of a captured file is one if it has no colon.
    Capture,
    /// The end of the line whose beginning was the banner.
    BannerEnd,
    Packet,
    /// Inside a packet known to end like this.
    Inside(End),
    /// Inside a packet that is too large: its end, and the bytes dropped.
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
            buffer: Vec::new(),
            start: 0,
            end: 0,
            scanned: 0,
            state,
            follows: true,
            limit: MAX_PACKET,
            ends: Ends {
                blank_line: Finder::new(BLANK_LINE),
                command: Finder::new(END_COMMAND),
            },
        }
    }

    /// Where to read to. Never empty. Say how much came with
    /// [`Framer::filled`].
    pub fn space(&mut self) -> &mut [u8] {
        let held = self.end - self.start;
        // Doubling: a 64 MiB packet must not be moved 500 times.
        let wanted = (2 * (held + READ)).min(self.limit + 2 * READ);
        let wanted = wanted.max(held + READ);
        // A large packet went through: a quiet session would keep its memory.
        let too_large = self.buffer.len() > 4 * wanted;
        if self.buffer.len() < held + READ || too_large {
            // Fresh zeroed pages cost nothing until they are read into.
            let mut buffer = vec![0; wanted];
            if let Some(front) = buffer.get_mut(..held) {
                front.copy_from_slice(self.rest());
            }
            self.buffer = buffer;
            self.moved_to_front();
        } else if held == 0 || self.buffer.len() < self.end + READ {
            self.buffer.copy_within(self.start..self.end, 0);
            self.moved_to_front();
        }
        self.buffer.get_mut(self.end..).unwrap_or_default()
    }

    fn moved_to_front(&mut self) {
        self.scanned -= self.start;
        self.end -= self.start;
        self.start = 0;
    }

    /// `count` bytes were put at the front of [`Framer::space`].
    pub fn filled(&mut self, count: usize) {
        self.end = (self.end + count).min(self.buffer.len());
    }

    /// Copies `bytes` in: for bytes that are in memory already.
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

    /// What was received and is not yet part of a frame: at the end of a
    /// stream, the packet that was cut off.
    pub fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The next frame, or None until more bytes come.
    pub fn next_frame(&mut self) -> Option<Frame> {
        loop {
            match self.state {
                State::Banner => return self.banner(),
                State::Capture => {
                    let line = self.greeting()?;
                    // An empty line is no banner: a capture may begin between packets.
                    self.state = match line.is_empty() || line.contains(&b':') {
                        true => State::Packet,
                        false => State::Banner,
                    };
                }
                State::BannerEnd => self.banner_end()?,
                State::Packet => self.state = State::Inside(self.open()?),
                State::Inside(end) => return self.inside(end),
                State::Dropping(end, dropped) => return self.dropping(end, dropped),
            }
        }
    }

    fn banner(&mut self) -> Option<Frame> {
        let banner = self.greeting()?.to_vec();
        self.advance(banner.len());
        self.follows = may_follow(&banner);
        self.state = State::BannerEnd;
        Some(Frame::Banner(banner))
    }

    /// Skips what the banner was cut from: read as a header it would make the
    /// first Response look like something else.
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

    /// The line that a connection begins with, at most [`MAX_FIRST_LINE`] bytes
    /// of it. Some proxies end it with LF alone; no banner holds one.
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

    /// The line that begins here, at most [`MAX_FIRST_LINE`] bytes of it; None
    /// until so much has come.
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

    /// Skips empty lines, then tells how the packet that begins here ends.
    /// Asterisk sends one to three empty lines more after some packets
    /// (QueueRule, Queues), so cutting at every CRLF CRLF would begin the next
    /// packet with a CRLF.
    fn open(&mut self) -> Option<End> {
        while self.rest().starts_with(b"\r\n") {
            self.advance(2);
        }
        match self.rest() {
            [] | [b'\r'] => None,
            // Only here is the first line looked at: an event never follows.
            [b'R' | b'r' | b' ', ..] if self.follows => {
                let line = self.first_line()?;
                // A line that may have been cut is none, however it came.
                let follows = line.len() < MAX_FIRST_LINE && is_follows(line);
                Some(if follows {
                    End::Command
                } else {
                    End::BlankLine
                })
            }
            _ => Some(End::BlankLine),
        }
    }

    fn inside(&mut self, end: End) -> Option<Frame> {
        let unseen = self.buffer.get(self.scanned..self.end).unwrap_or_default();
        let Some(found) = self.find(unseen, end) else {
            self.scanned = self.resume_at(end.marker());
            let held = self.end - self.start;
            if held <= self.limit {
                return None;
            }
            let dropped = self.scanned - self.start;
            self.advance(dropped);
            self.state = State::Dropping(end, dropped as u64);
            return None;
        };
        let marker_at = self.scanned - self.start + found;
        let length = marker_at + end.marker().len();
        self.state = State::Packet;
        if length > self.limit {
            self.advance(length);
            return Some(Frame::Oversize(length as u64));
        }
        let bytes: Box<[u8]> = self.rest().get(..length).unwrap_or_default().into();
        self.advance(length);
        Some(Frame::Packet(match end {
            End::Command => Packet::follows(bytes, marker_at),
            End::BlankLine => Packet::new(bytes),
        }))
    }

    fn dropping(&mut self, end: End, dropped: u64) -> Option<Frame> {
        match self.find(self.rest(), end) {
            Some(found) => {
                let last = found + end.marker().len();
                self.advance(last);
                self.state = State::Packet;
                Some(Frame::Oversize(dropped + last as u64))
            }
            None => {
                let more = self.resume_at(end.marker()) - self.start;
                self.advance(more);
                self.state = State::Dropping(end, dropped + more as u64);
                None
            }
        }
    }

    fn find(&self, bytes: &[u8], end: End) -> Option<usize> {
        match end {
            End::BlankLine => self.ends.blank_line.find(bytes),
            End::Command => self.ends.command.find(bytes),
        }
    }

    /// The earliest place at which a marker not yet seen whole can begin.
    fn resume_at(&self, marker: &[u8]) -> usize {
        let keep = self.end.saturating_sub(marker.len() - 1);
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

/// Does the server with this banner answer Command with `Response: Follows`?
/// Asterisk did so until AMI 3 (14). From a later one it is forged, by a value
/// that a caller or the dialplan has chosen, and would hide every packet behind
/// it. What others do is not known.
fn may_follow(banner: &[u8]) -> bool {
    let Some(version) = banner.strip_prefix(b"Asterisk Call Manager/") else {
        return true;
    };
    let version = String::from_utf8_lossy(version);
    let major = version.split('.').next().unwrap_or_default();
    major.parse::<u32>().map_or(true, |major| major < 3)
}

fn is_follows(line: &[u8]) -> bool {
    let mut parts = line.splitn(2, |&b| b == b':');
    let key = trim(parts.next().unwrap_or_default());
    let value = parts.next().unwrap_or_default().trim_ascii();
    key.eq_ignore_ascii_case(b"Response") && value.eq_ignore_ascii_case(b"Follows")
}

#[cfg(test)]
mod tests;
