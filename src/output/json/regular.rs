//! The members of a regular packet, which nearly all are: nothing but lines `Key: Value`,
//! each key once. The hot path of a stream of events.

use super::string;
use crate::ami::Packet;
use std::ops::Range;

/// Appends a comma and a member for each header of `packet`. False: it is not
/// regular, and nothing was appended.
pub(super) fn members(out: &mut Vec<u8>, packet: &Packet) -> bool {
    let start = out.len();
    let found = scan(packet.bytes());
    let lines = lines(out, packet, found.is_plain);
    // One more control byte, and a value holds one.
    let is_regular = lines.is_some_and(|lines| found.controls == 2 * lines + 2);
    if !is_regular {
        out.truncate(start);
    }
    is_regular
}

/// What one pass over all bytes shows; it costs a third of looking at each
/// value.
struct Found {
    /// How many control bytes there are.
    controls: usize,
    /// No byte but these needs escaping.
    is_plain: bool,
}

/// Whether no byte of a text needs escaping but control bytes.
#[inline(always)]
fn is_plain(text: &[u8]) -> bool {
    // Without an early end, so that the compiler can vectorise it.
    text.iter().fold(0, |all, byte| all | special(*byte)) == 0
}

/// Not 0 for a byte that needs escaping and is no control byte.
#[inline(always)]
fn special(byte: u8) -> u8 {
    u8::from(byte == b'"') | u8::from(byte == b'\\') | (byte & 0x80)
}

fn scan(bytes: &[u8]) -> Found {
    let (mut controls, mut escapes) = (0, 0);
    for chunk in bytes.chunks(128) {
        // Counts in one byte each, which the compiler can vectorise.
        let (mut low, mut other) = (0_u8, 0_u8);
        for &byte in chunk {
            low += u8::from(byte < 0x20);
            other |= special(byte);
        }
        escapes |= other;
        controls += usize::from(low);
    }
    Found {
        controls,
        is_plain: escapes == 0,
    }
}

/// The keys so far: a Bloom filter with two hashes, which takes one packet in two
/// hundred for one with repeats, and costs a nanosecond a header.
#[derive(Default)]
struct Keys([[u64; 16]; 2]);

impl Keys {
    /// Whether `key` may be a member of its own as it is: it was not met before, for
    /// certain, and is none of those with a rule of their own.
    #[inline(always)]
    fn takes(&mut self, key: &[u8], hash: u64) -> bool {
        let [one, other] = &mut self.0;
        // The upper bits are the well mixed ones.
        let is_old = met(one, hash >> 54) & met(other, hash >> 44 & 0x3ff);
        !is_old && key.first() != Some(&b'_') && !super::is_output(key)
    }
}

/// Whether bit `at` was set before; it is now.
#[inline(always)]
fn met(bits: &mut [u64; 16], at: u64) -> bool {
    let bit = 1 << (at % 64);
    let word = bits.get_mut(at as usize / 64);
    word.is_none_or(|word| {
        let met = *word & bit != 0;
        *word |= bit;
        met
    })
}

/// Appends the members. The number of lines, or None if the packet is not
/// regular.
fn lines(out: &mut Vec<u8>, packet: &Packet, is_plain: bool) -> Option<usize> {
    let bytes = packet.bytes();
    let mut line = Line::begin(out, bytes, is_plain);
    let (mut keys, mut lines) = (Keys::default(), 0);
    let is_regular = packet.walk(|key, hash, value| {
        lines += 1;
        let takes = bytes
            .get(key.clone())
            .is_some_and(|key| keys.takes(key, hash));
        takes && line.member(key, value)
    });
    let end = line.end;
    out.truncate(end);
    is_regular.then_some(lines)
}

/// Bytes copied at once. Most keys and values are no longer, and a copy of a
/// fixed length is two instructions.
const PIECE: usize = 16;

/// The line being written, in room that was made before.
struct Line<'a> {
    out: &'a mut [u8],
    end: usize,
    bytes: &'a [u8],
    /// No byte needs escaping.
    is_plain: bool,
    /// A text that needed it.
    escaped: Vec<u8>,
}

impl<'a> Line<'a> {
    /// Writes parts of `bytes` behind what is in `out`, which is longer then
    /// than what was written.
    fn begin(out: &'a mut Vec<u8>, bytes: &'a [u8], is_plain: bool) -> Line<'a> {
        let end = out.len();
        // Every header grows by two bytes: four quotes, a comma and a colon
        // instead of colon, blank, CR and LF. The shortest has five. A byte that
        // is not UTF-8 becomes three, a quote two.
        let most = match is_plain {
            true => bytes.len(),
            false => 3 * bytes.len(),
        };
        out.resize(end + most + bytes.len() / 5 * 2 + 2 * PIECE, 0);
        Line {
            out,
            end,
            bytes,
            is_plain,
            escaped: Vec::new(),
        }
    }

    #[inline(always)]
    fn member(&mut self, key: Range<usize>, value: Range<usize>) -> bool {
        self.put(b",\"")
            && self.text(key)
            && self.put(b"\":\"")
            && self.text(value)
            && self.put(b"\"")
    }

    #[inline(always)]
    fn text(&mut self, range: Range<usize>) -> bool {
        if self.is_plain || self.bytes.get(range.clone()).is_some_and(is_plain) {
            return self.copy(range);
        }
        self.escape(range)
    }

    fn escape(&mut self, range: Range<usize>) -> bool {
        self.escaped.clear();
        string(&mut self.escaped, self.bytes.get(range).unwrap_or_default());
        let quoted = self.escaped.get(1..self.escaped.len().saturating_sub(1));
        let text = quoted.unwrap_or_default();
        let place = self.out.get_mut(self.end..self.end + text.len());
        self.end += text.len();
        place.map(|place| place.copy_from_slice(text)).is_some()
    }

    #[inline(always)]
    fn put<const N: usize>(&mut self, text: &[u8; N]) -> bool {
        let place = self.out.get_mut(self.end..self.end + N);
        self.end += N;
        place.map(|place| place.copy_from_slice(text)).is_some()
    }

    /// Copies whole pieces: what is too much is overwritten by what follows.
    #[inline(always)]
    fn copy(&mut self, range: Range<usize>) -> bool {
        let mut to = self.end;
        self.end += range.len();
        let mut from = range.start;
        while from < range.end {
            let (Some(place), Some(piece)) = (
                self.out.get_mut(to..to + PIECE),
                self.bytes.get(from..from + PIECE),
            ) else {
                return self.copy_end(to, from..range.end);
            };
            place.copy_from_slice(piece);
            to += PIECE;
            from += PIECE;
        }
        true
    }

    /// Near the end of the packet there is no whole piece.
    #[cold]
    fn copy_end(&mut self, to: usize, range: Range<usize>) -> bool {
        let place = self.out.get_mut(to..to + range.len());
        match (place, self.bytes.get(range)) {
            (Some(place), Some(bytes)) => place.copy_from_slice(bytes),
            _ => return false,
        }
        true
    }
}
