//! A header as a range of its packet's bytes.

use super::lines::{line_end, trim};

/// A header: its key without surrounding blanks, and the text after the colon
/// less one space. Lines that continue the value are part of it, joined by
/// CRLF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// As the server spelled it.
    pub key: &'a [u8],
    /// As received; not necessarily UTF-8.
    pub value: &'a [u8],
}

impl<'a> Header<'a> {
    /// The value without continuation lines. Matching uses only this: a caller
    /// or the dialplan may have chosen the continuation.
    pub fn first_line(&self) -> &'a [u8] {
        let end = line_end(self.value, 0).unwrap_or(self.value.len());
        self.value.get(..end).unwrap_or_default()
    }

    /// Whether this is the header `key`, in any case.
    pub fn is(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key.as_bytes())
    }
}

// Four bytes per offset are enough: a packet is at most 64 MiB
// (`frame::MAX_PACKET`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub start: u32,
    pub end: u32,
}

impl Range {
    pub fn new(start: usize, end: usize) -> Range {
        Range {
            start: start as u32,
            end: end as u32,
        }
    }

    pub fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes
            .get(self.start as usize..self.end as usize)
            .unwrap_or_default()
    }
}

/// The offsets of a header's first byte, its colon, and the end of its last
/// line.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub start: u32,
    pub colon: u32,
    pub end: u32,
}

impl Span {
    pub fn header<'a>(&self, bytes: &'a [u8]) -> Header<'a> {
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

/// What follows the colon, less one space. Further blanks belong to the value:
/// column layouts and CLI completion need them.
fn value_after(line: &[u8], colon: usize) -> &[u8] {
    let value = line.get(colon + 1..).unwrap_or_default();
    value.strip_prefix(b" ").unwrap_or(value)
}
