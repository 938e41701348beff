//! A packet as received: its bytes, stored once, and its headers as ranges into
//! them.

mod chunk;
mod header;
mod index;
pub(super) mod lines;

pub(super) use chunk::Chunk;
pub use chunk::Part;
pub use header::Header;

use crate::peer_text::PeerText;
use header::Range;
use index::{Index, index, walk};
use lines::{colon_of, is_follows, line_end, next_line, trim};
use std::ops;
use std::sync::OnceLock;

/// The kind of a packet, by its first line alone: a UserEvent may carry an
/// `Event:` or `Response:` header further down, and an OriginateResponse event
/// always does. An ActionID may stand before it (VoicemailUserEntry of 1.6 to
/// 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first key is `Response`.
    Response,
    /// The first key is `Event`.
    Event,
    /// Anything else, such as the bare table of IAXnetstats.
    Unframed,
}

impl Kind {
    fn of_first_key(key: &[u8]) -> Kind {
        if key.eq_ignore_ascii_case(b"Event") {
            Kind::Event
        } else if key.eq_ignore_ascii_case(b"Response") {
            Kind::Response
        } else {
            Kind::Unframed
        }
    }
}

/// Ends a Command up to Asterisk 13; it need not be at the start of a line.
pub(super) const END_COMMAND: &[u8] = b"--END COMMAND--\r\n\r\n";

/// One packet from the server: its bytes as received, including the final empty
/// line.
///
/// Headers are parsed when first asked for, so a packet that is only counted or
/// passed on costs next to nothing. It keeps alive what was received together
/// with it: whoever keeps it for longer than it takes to show it, keeps
/// [`Packet::kept`].
#[derive(Debug, Clone)]
pub struct Packet {
    bytes: Part,
    kind: Kind,
    /// The offset after the colon of the first line; 0 if it has none.
    value: u32,
    body: Option<Range>,
    index: OnceLock<Index>,
}

impl Packet {
    /// Takes the bytes of one packet, from its first line through the empty
    /// line.
    pub fn new(bytes: Part) -> Packet {
        let (kind, value) = match first_key(&bytes, 0) {
            Some((key, _)) if key.eq_ignore_ascii_case(b"ActionID") => {
                let framed = first_key(&bytes, next_line(&bytes, 0))
                    .map(|(key, value)| (Kind::of_first_key(key), value))
                    .filter(|(kind, _)| *kind != Kind::Unframed);
                framed.unwrap_or((Kind::Unframed, 0))
            }
            Some((key, value)) => (Kind::of_first_key(key), value),
            None => (Kind::Unframed, 0),
        };
        Packet {
            bytes,
            kind,
            value,
            body: None,
            index: OnceLock::new(),
        }
    }

    /// A `Response: Follows` with its raw text (Command up to Asterisk 13),
    /// from its first line through the empty line after `--END COMMAND--`.
    ///
    /// The server sends at most one Privilege and one ActionID line before the
    /// text. Anything that looks like a header after them is output of the
    /// command.
    pub fn follows(bytes: Part) -> Packet {
        let end = bytes.len().saturating_sub(END_COMMAND.len());
        Packet::follows_to(bytes, end)
    }

    /// A Response of which only these bytes came.
    pub fn begun(bytes: &[u8]) -> Option<Packet> {
        let first = bytes.get(..line_end(bytes, 0)?)?;
        if is_follows(first) {
            return Some(Packet::follows_to(bytes.into(), bytes.len()));
        }
        let packet = Packet::new([bytes, b"\r\n"].concat().into());
        (packet.kind == Kind::Response).then_some(packet)
    }

    fn follows_to(bytes: Part, end: usize) -> Packet {
        let mut packet = Packet::new(bytes);
        let mut at = next_line(&packet.bytes, 0);
        let mut seen = [false; 2];
        // Other products send them in the other order.
        for _ in 0..2 {
            let line = packet.bytes.get(at..end).unwrap_or_default();
            let opens = |key: &str| {
                let head = line.get(..key.len());
                head.is_some_and(|head| head.eq_ignore_ascii_case(key.as_bytes()))
                    && line.get(key.len()) == Some(&b':')
            };
            let whole = line_end(&packet.bytes, at).is_some_and(|e| e < end);
            let keys = ["Privilege", "ActionID"].into_iter().zip(&mut seen);
            let mut new = keys.filter(|(key, seen)| !**seen && opens(key));
            let Some((_, seen)) = new.next().filter(|_| whole) else {
                break;
            };
            *seen = true;
            at = next_line(&packet.bytes, at);
        }
        packet.body = Some(Range::new(at.min(end), end));
        packet
    }

    /// The packet to be kept for long: with its own copy of its bytes, and
    /// without its parsed headers.
    pub fn kept(mut self) -> Packet {
        self.index = OnceLock::new();
        self.bytes = self.bytes.kept();
        self
    }

    /// Approximate heap memory in bytes of [`Packet::kept`], and its headers if
    /// they were parsed, with the allocator's overhead.
    pub fn heap(&self) -> usize {
        let allocated = |bytes: usize| (bytes + 8).next_multiple_of(16).max(32);
        // The counts of who holds the chunk stand before it.
        let chunk = allocated(size_of::<Chunk>() + 2 * size_of::<usize>());
        let index = self.index.get().map_or(0, |index| {
            let spans = index.headers.capacity() * size_of::<header::Span>();
            allocated(spans) + index.stray.capacity() * size_of::<Range>()
        });
        chunk + allocated(self.bytes.len()) + index
    }

    /// Its kind, by its first line.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it is text rather than headers: an unframed packet with a line
    /// that is none.
    pub fn is_text(&self) -> bool {
        // A row of IAXnetstats may hold a colon (`IAX2/192.0.2.1:4569-1`).
        let is_named = |b: &u8| b.is_ascii_alphanumeric() || b"-_()".contains(b);
        let is_header = |first: Header<'_>| {
            let after = self.bytes.get(first.key.len()..).unwrap_or_default();
            !first.key.is_empty() && first.key.iter().all(is_named) && after.starts_with(b": ")
        };
        let headers = || self.header(0).is_some_and(is_header) && self.stray_lines().len() == 0;
        self.kind == Kind::Unframed && !headers()
    }

    /// Every byte, as received.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The value of the first line: an event's name, a response's status.
    /// Empty when the first line has no colon.
    pub fn name(&self) -> &[u8] {
        let start = self.value as usize;
        match line_end(&self.bytes, start) {
            Some(end) if start > 0 => {
                let value = self.bytes.get(start..end).unwrap_or_default();
                value.strip_prefix(b" ").unwrap_or(value)
            }
            _ => b"",
        }
    }

    /// Whether this is the event `name`, in any case. Names changed case
    /// between versions (`Agentlogin`, `AgentLogin`).
    pub fn is_event(&self, name: &str) -> bool {
        self.kind == Kind::Event && self.name().eq_ignore_ascii_case(name.as_bytes())
    }

    /// The text of a `Response: Follows`, without its end marker.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.map(|body| body.of(&self.bytes))
    }

    /// Every line as received, without the empty one at the end. The text of a
    /// `Follows` may contain empty lines.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let text = self.bytes.strip_suffix(b"\r\n").unwrap_or(&self.bytes);
        let mut at = 0;
        std::iter::from_fn(move || {
            let end = line_end(text, at)?;
            let line = text.get(at..end)?;
            at = end + 2;
            Some(line)
        })
    }

    /// The headers in the server's order.
    pub fn headers(&self) -> impl ExactSizeIterator<Item = Header<'_>> + Clone {
        let spans = self.index().headers.iter();
        spans.map(|span| span.header(&self.bytes))
    }

    /// Calls `each` with the key and the value of each header as ranges of
    /// [`Packet::bytes`], and a hash of the key between them (equal for keys that
    /// differ only in case), without keeping them: quicker than
    /// [`Packet::headers`] where each is looked at once. False: the packet is
    /// not made of lines `Key: Value` alone, or `each` returned false; what was
    /// done so far is void.
    ///
    /// Beside CR and LF at the end of each line, a value may hold others, and
    /// then [`Packet::headers`] may tell otherwise.
    #[inline(always)]
    pub fn walk(
        &self,
        each: impl FnMut(ops::Range<usize>, u64, ops::Range<usize>) -> bool,
    ) -> bool {
        self.kind != Kind::Unframed && self.body.is_none() && walk(&self.bytes, each)
    }

    /// The header at `index` among [`Packet::headers`].
    pub fn header(&self, index: usize) -> Option<Header<'_>> {
        let span = self.index().headers.get(index)?;
        Some(span.header(&self.bytes))
    }

    /// Lines that are neither a header nor the continuation of one.
    pub fn stray_lines(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.index().stray.iter().map(|line| line.of(&self.bytes))
    }

    /// The first line of the first header `key`, in any case.
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        let mut headers = self.headers();
        headers
            .find(|header| header.is(key))
            .map(|header| header.first_line())
    }

    /// Every header `key`, in any case.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = Header<'a>> {
        self.headers().filter(move |header| header.is(key))
    }

    /// [`Packet::get`] as text to be shown.
    pub fn text(&self, key: &str) -> Option<PeerText<'_>> {
        self.get(key).map(PeerText::new)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let end = self
                .body
                .map_or(self.bytes.len(), |body| body.start as usize);
            index(self.bytes.get(..end).unwrap_or_default())
        })
    }
}

/// The key of the line at `at`, and the offset after its colon.
fn first_key(bytes: &[u8], at: usize) -> Option<(&[u8], u32)> {
    let colon = colon_of(bytes, at)?;
    Some((trim(bytes.get(at..colon)?), colon as u32 + 1))
}

#[cfg(test)]
mod tests;
