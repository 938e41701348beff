//! A packet as it came: the received bytes once, headers as ranges into them.

use super::message::Kind;
use std::sync::OnceLock;

/// One packet of the server: an owned copy of its bytes, the empty line at
/// its end included.
///
/// Headers are found when somebody first asks for them, so that a packet
/// which is only counted or passed on costs one copy and nothing more.
#[derive(Debug, Clone)]
pub struct Packet {
    bytes: Box<[u8]>,
    kind: Kind,
    /// Behind the colon of the first line; 0 where there is none.
    value: u32,
    body: Option<Range>,
    index: OnceLock<Index>,
}

/// A header: its key without blanks around it, and the text after the colon
/// less one space. Lines that continue the value are part of it, CRLF between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// As the server spelled it.
    pub key: &'a [u8],
    /// As received; not necessarily UTF-8.
    pub value: &'a [u8],
}

impl<'a> Header<'a> {
    /// The value without lines that continue it. Matching reads only this: a
    /// continuation is text that a caller or the dialplan may have chosen.
    pub fn first_line(&self) -> &'a [u8] {
        let end = line_end(self.value, 0).unwrap_or(self.value.len());
        self.value.get(..end).unwrap_or_default()
    }

    /// Equal for keys that are equal without regard to case; others may share
    /// it. Sorting out repeats by it spares most comparisons.
    pub fn key_hash(&self) -> u32 {
        let mut hash = 0_u64;
        for at in (0..self.key.len()).step_by(8) {
            // Bytes that differ in case only become one.
            let word = word_at(self.key, at) | (ONES * 0x20);
            hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        (hash >> 32) as u32
    }

    /// Is this the header `key`, in any case?
    pub fn is(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key.as_bytes())
    }
}

// Four bytes an end: a packet is at most 64 MiB (`frame::MAX_PACKET`).
#[derive(Debug, Clone, Copy)]
struct Range {
    start: u32,
    end: u32,
}

impl Range {
    fn new(start: usize, end: usize) -> Range {
        Range {
            start: start as u32,
            end: end as u32,
        }
    }

    fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes
            .get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }
}

/// A header's first byte, its colon, and where its last line ends.
#[derive(Debug, Clone)]
struct Span {
    start: u32,
    colon: u32,
    end: u32,
}

impl Span {
    fn header<'a>(&self, bytes: &'a [u8]) -> Header<'a> {
        let line = Range {
            start: self.start,
            end: self.end,
        }
        .of(bytes);
        let colon = (self.colon - self.start) as usize;
        Header {
            key: trim(line.get(..colon).unwrap_or_default()),
            value: value_after(line, colon),
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Index {
    headers: Vec<Span>,
    stray: Vec<Range>,
}

/// Below these a line without a key continues nothing: their values are names
/// and numbers of the protocol, and a graft on them would change what matches.
const NEVER_CONTINUED: [&str; 5] = ["Response", "Event", "ActionID", "EventList", "Privilege"];

impl Packet {
    /// Takes the bytes of one packet, from its first line to the end of the
    /// empty line. The framer cuts them; tests may too.
    pub fn new(bytes: Box<[u8]>) -> Packet {
        let (kind, value) = match colon_of(&bytes, 0) {
            Some(colon) => {
                let key = bytes.get(..colon).unwrap_or_default();
                (Kind::of_first_key(trim(key)), colon as u32 + 1)
            }
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

    /// A `Response: Follows` with its raw text (Command up to Asterisk 13).
    /// `end` is where `--END COMMAND--` begins.
    ///
    /// The server sends at most one Privilege and one ActionID line before the
    /// text; what looks like a header after them is output of the command.
    pub(super) fn follows(bytes: Box<[u8]>, end: usize) -> Packet {
        let mut packet = Packet::new(bytes);
        let mut at = next_line(&packet.bytes, 0);
        let mut seen = [false; 2];
        // Other products put them the other way round.
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

    /// As it was before anybody looked for its headers: in less memory, where it
    /// is kept for long.
    pub fn folded(mut self) -> Packet {
        self.index = OnceLock::new();
        self
    }

    /// What it is, by its first line.
    pub fn kind(&self) -> Kind {
        self.kind
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

    /// Is this the event `name`, in any case? (Names changed case between
    /// versions: `Agentlogin`, `AgentLogin`.)
    pub fn is_event(&self, name: &str) -> bool {
        self.kind == Kind::Event && self.name().eq_ignore_ascii_case(name.as_bytes())
    }

    /// The text of a `Response: Follows`, without its end marker.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.map(|body| body.of(&self.bytes))
    }

    /// Every line as received, the empty one at the end left out. (The text of
    /// a `Follows` may have empty ones of its own.)
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

    /// [`Packet::get`], with bytes that are not UTF-8 replaced. For showing.
    pub fn text(&self, key: &str) -> Option<std::borrow::Cow<'_, str>> {
        self.get(key).map(String::from_utf8_lossy)
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

/// Finds every header of `bytes`. One pass; this is the hot path of every
/// output form, measured in tests/bench.
fn index(bytes: &[u8]) -> Index {
    let mut index = Index {
        headers: Vec::with_capacity(bytes.len() / 20 + 2),
        stray: Vec::new(),
    };
    let mut at = 0;
    // May the header above be continued? Looked up once: a long key with very
    // many lines behind it would take minutes.
    let mut goes_on = None;
    // The end comes first: the next line waits for it alone, and the processor
    // looks for the colon meanwhile.
    while let Some(end) = line_end(bytes, at).filter(|end| *end > at) {
        match colon_of(bytes, at) {
            Some(colon) => {
                goes_on = None;
                index.headers.push(Span {
                    start: at as u32,
                    colon: colon as u32,
                    end: end as u32,
                });
            }
            None => match index.headers.last_mut() {
                Some(above)
                    if *goes_on
                        .get_or_insert_with(|| !never_continued(above.header(bytes).key)) =>
                {
                    above.end = end as u32;
                }
                _ => index.stray.push(Range::new(at, end)),
            },
        }
        at = end + 2;
    }
    index
}

/// A one in each of eight bytes.
const ONES: u64 = u64::MAX / 255;

/// Where `word` has a colon or a control byte, the high bit of that byte. Of
/// several only the lowest is sure to be right: a borrow goes upwards.
fn stops(word: u64) -> u64 {
    const HIGH: u64 = ONES * 0x80;
    let colon = (word ^ (ONES * b':' as u64)).wrapping_sub(ONES);
    let below_blank = word.wrapping_sub(ONES * 0x20);
    let delete = (word & !HIGH) + ONES;
    (colon | below_blank | delete) & !word & HIGH
}

/// Where the colon of the header line at `start` is. None where the line has
/// no key: no colon, or a control byte before it, which no key of any server
/// has but every forged one inside a value does (`\nResponse:`). The line's own
/// end is such a byte.
///
/// Eight bytes at a time: most keys are found in two steps.
#[inline(always)]
fn colon_of(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let stop = stops(word_at(bytes, at));
        if stop != 0 {
            let colon = at + stop.trailing_zeros() as usize / 8;
            return (bytes.get(colon) == Some(&b':')).then_some(colon);
        }
        at += 8;
    }
}

/// Eight bytes, the first one lowest; zeros behind the end.
#[inline(always)]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    if let Some(word) = rest.first_chunk::<8>() {
        return u64::from_le_bytes(*word);
    }
    let last = rest.iter().rev();
    last.fold(0, |word, byte| word << 8 | u64::from(*byte))
}

fn never_continued(key: &[u8]) -> bool {
    NEVER_CONTINUED
        .iter()
        .any(|name| key.eq_ignore_ascii_case(name.as_bytes()))
}

/// The end of the line that starts at `at`: where its CRLF begins. A lone LF
/// or CR is data (protocol rule 1).
fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        let found = from + memchr::memchr(b'\r', bytes.get(from..)?)?;
        if bytes.get(found + 1) == Some(&b'\n') {
            return Some(found);
        }
        from = found + 1;
    }
}

fn next_line(bytes: &[u8], at: usize) -> usize {
    line_end(bytes, at).map_or(bytes.len(), |end| end + 2)
}

/// What follows the colon, less one space. Further blanks are the value's own:
/// column layouts and CLI completion need them.
fn value_after(line: &[u8], colon: usize) -> &[u8] {
    let value = line.get(colon + 1..).unwrap_or_default();
    value.strip_prefix(b" ").unwrap_or(value)
}

/// A key without blanks around it: `Reg-Contact : ` of chan_sip in 1.4. Other
/// white space is a control byte, with which it is no key at all.
pub(super) fn trim(mut key: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] | [rest @ .., b' '] = key {
        key = rest;
    }
    key
}

#[cfg(test)]
mod tests;
