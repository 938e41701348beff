//! Finds the headers of a packet.

use super::header::{Range, Span};
use super::lines::{colon_of, hashed_colon, line_end};
use std::ops;

#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    pub headers: Vec<Span>,
    pub stray: Vec<Range>,
}

/// A line without a key does not continue one of these: their values are names
/// and numbers of the protocol, and added text would change what matches.
pub(super) const NEVER_CONTINUED: [&str; 5] =
    ["Response", "Event", "ActionID", "EventList", "Privilege"];

/// Calls `each` with the key of each header, its hash, and the value, without keeping
/// them, if the packet is regular, as nearly all are: nothing but lines `Key: Value`.
/// False: it is not, or `each` returned false.
///
/// A value may still hold a LF or CR, and a header behind it: see
/// [`Index::part`].
#[inline(always)]
pub(super) fn walk(
    bytes: &[u8],
    mut each: impl FnMut(ops::Range<usize>, u64, ops::Range<usize>) -> bool,
) -> bool {
    let Some(text) = bytes.strip_suffix(b"\r\n") else {
        return false;
    };
    let is_blank = |at: usize| bytes.get(at) == Some(&b' ');
    let mut at = 0;
    while at < text.len() {
        let (Some(end), Some((colon, hash))) = (line_end(text, at), hashed_colon(bytes, at)) else {
            return false;
        };
        // Without a blank behind it the colon may be a part of the key.
        let is_key = colon > at && !is_blank(at) && !is_blank(colon - 1) && is_blank(colon + 1);
        if !is_key || !each(at..colon, hash, colon + 2..end) {
            return false;
        }
        at = end + 2;
    }
    true
}

/// Finds every header of `bytes` in one pass. This is the hot path of every
/// output form, measured in tests/bench.
pub(super) fn index(bytes: &[u8]) -> Index {
    let mut index = Index {
        headers: Vec::with_capacity(bytes.len() / 20 + 2),
        stray: Vec::new(),
    };
    let (mut at, mut lines) = (0, 0);
    // Whether the header above may be continued. Looked up once: a long key
    // followed by very many lines would take minutes.
    let mut goes_on = None;
    // The line end is found first: the next line depends only on it, so the
    // processor can search for the colon in parallel.
    while let Some(end) = line_end(bytes, at).filter(|end| *end > at) {
        lines += 1;
        match colon_of(bytes, at) {
            Some(colon) => {
                goes_on = None;
                let colon = key_end(bytes, at, colon, end);
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
    // One LF a line, and one for the empty line: nearly always all there are.
    if memchr::memchr_iter(b'\n', bytes).count() > lines + 1 {
        index.part(bytes);
    }
    index
}

/// Where the key that begins at `at` ends. The name of a channel may have colons:
/// `ChanVariable(IAX2/192.0.2.1:4569-12): FOO=1` has the one behind the bracket.
fn key_end(bytes: &[u8], at: usize, colon: usize, end: usize) -> usize {
    // Nearly always the blank that servers put behind a key.
    if bytes.get(colon + 1) == Some(&b' ') {
        return colon;
    }
    let key = bytes.get(at..colon).unwrap_or_default();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let open = key.iter().position(|byte| !is_plain(byte));
    let inside = open.filter(|open| *open > 0 && key.get(*open) == Some(&b'('));
    let inside = inside.and_then(|open| bytes.get(at + open..end));
    let close = inside.and_then(|inside| memchr::memmem::find(inside, b"): "));
    match (open, close) {
        (Some(open), Some(close)) => colon.max(at + open + close + 1),
        _ => colon,
    }
}

impl Index {
    /// Parts the lines that are two headers with only a LF between them.
    fn part(&mut self, bytes: &[u8]) {
        if !self.is_of_the_server(bytes) {
            return;
        }
        for span in std::mem::take(&mut self.headers) {
            let counted = is_counted(span.header(bytes).key);
            let next = counted.then(|| lf_header(bytes, span.colon as usize, span.end as usize));
            let Some((start, colon)) = next.flatten() else {
                self.headers.push(span);
                continue;
            };
            self.headers.push(Span {
                end: start as u32 - 1,
                ..span
            });
            self.headers.push(Span {
                start: start as u32,
                colon: colon as u32,
                end: span.end,
            });
        }
    }

    /// Whether the keys of this packet are the server's. Those of a UserEvent
    /// are its sender's, those of a Cdr the configuration's, and Getvar of 1.2
    /// answers with the variable as the key.
    fn is_of_the_server(&self, bytes: &[u8]) -> bool {
        let first = self.headers.first().map(|span| span.header(bytes));
        let begins = |value: &[u8], name: &[u8]| {
            let head = value.get(..name.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(name))
        };
        first.is_some_and(|first| {
            let chosen = begins(first.value, b"UserEvent") || begins(first.value, b"Cdr");
            first.is("Event") && !chosen
        })
    }
}

/// Whether the value of `key` is a number that the server counts: a time, or
/// when something started. Nobody else can put anything behind it.
fn is_counted(key: &[u8]) -> bool {
    let ends = |tail: &[u8]| {
        let from = key.len().checked_sub(tail.len());
        from.and_then(|from| key.get(from..))
            .is_some_and(|end| end.eq_ignore_ascii_case(tail))
    };
    ends(b"Time") || ends(b"Started")
}

/// The start and the colon of a header that a LF alone parts from the header
/// above, as in `CallStarted: 1795720571␊LoggedInTime: 1795720011␍␊` of Agents
/// (12 to 23).
///
/// A LF in a value is data, which a caller may have chosen. It ends a header
/// only behind a number that the server counts by itself ([`is_counted`]), in a
/// packet whose keys are its own, before the plain key of another header; and
/// never before a key by which packets are matched.
fn lf_header(bytes: &[u8], colon: usize, end: usize) -> Option<(usize, usize)> {
    let value = bytes.get(colon + 1..end)?;
    let lf = memchr::memchr(b'\n', value)?;
    let number = value.get(..lf)?.strip_prefix(b" ").unwrap_or_default();
    let start = colon + 1 + lf + 1;
    let next = colon_of(bytes, start).filter(|next| next + 1 < end)?;
    let key = bytes.get(start..next)?;
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let is_number = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    let is_key = !key.is_empty() && key.iter().all(is_plain) && !never_continued(key);
    (is_number && is_key && bytes.get(next + 1) == Some(&b' ')).then_some((start, next))
}

fn never_continued(key: &[u8]) -> bool {
    NEVER_CONTINUED
        .iter()
        .any(|name| key.eq_ignore_ascii_case(name.as_bytes()))
}
