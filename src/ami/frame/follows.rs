//! Whether a `Response: Follows` is one, and whose.
//!
//! Its text ends at a marker only, so one that a caller or the dialplan forged
//! in a value would hide every packet after it.

use crate::ami::banner;
use crate::ami::packet::lines::{colon_of, line_end, trim};

/// A first line this long is neither an AMI banner nor `Response: Follows`.
pub(super) const MAX_FIRST_LINE: usize = 1024;

/// Who waits for answers, which decides whether a `Response: Follows` is
/// believed.
pub trait Waiting {
    /// Whether an Action with this ActionID is unanswered.
    fn awaits(&self, id: &[u8]) -> bool;

    /// Whether a Command with this ActionID, or without one, is unanswered.
    fn awaits_text(&self, id: Option<&[u8]>) -> bool;
}

/// Nothing is known of any Action: a capture.
pub(super) struct Unknown;

impl Waiting for Unknown {
    fn awaits(&self, _: &[u8]) -> bool {
        false
    }

    fn awaits_text(&self, _: Option<&[u8]>) -> bool {
        true
    }
}

/// Which `Response: Follows` are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// None: this server sends none.
    Never,
    /// Those that answer a Command of ours.
    Answers,
    /// Every one: a capture, or another product.
    Any,
}

impl Follows {
    /// What a server with this banner sends. Asterisk answered Command so up to
    /// AMI 3 (14).
    pub fn of(banner: &[u8]) -> Follows {
        match banner::asterisk(banner) {
            Some((3.., _)) => Follows::Never,
            Some(_) => Follows::Answers,
            None => Follows::Any,
        }
    }
}

/// What is known of a packet whose beginning was received.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading<T> {
    Is(T),
    TooShort,
}

/// The ActionID of the packet that `bytes` begin with, if it is a Response or
/// an Event, or has it in front of them. It stands in one of the first three
/// lines of every answer that follows a Command.
pub(super) fn id_of_packet(bytes: &[u8]) -> Reading<Option<&[u8]>> {
    let mut at = 0;
    for number in 0..3 {
        let (key, value, next) = match header_at(bytes, at) {
            Reading::TooShort => return Reading::TooShort,
            Reading::Is(None) => return Reading::Is(None),
            Reading::Is(Some(found)) => found,
        };
        if key.eq_ignore_ascii_case(b"ActionID") {
            return Reading::Is(Some(value));
        }
        let opens = key.eq_ignore_ascii_case(b"Response") || key.eq_ignore_ascii_case(b"Event");
        if number == 0 && !opens {
            return Reading::Is(None);
        }
        at = next;
    }
    Reading::Is(None)
}

/// The ActionID of the `Response: Follows` that `bytes` begin with: the server
/// sends it and Privilege, in this or the other order, before the text.
pub(super) fn id_of_follows(bytes: &[u8]) -> Reading<Option<&[u8]>> {
    let mut at = match line_end(bytes, 0) {
        Some(end) => end + 2,
        None => return Reading::TooShort,
    };
    for _ in 0..2 {
        let line = bytes.get(at..).unwrap_or_default();
        let keys = [&b"Privilege:"[..], b"ActionID:"];
        let is_begun = |key: &&&[u8]| {
            let both = line.len().min(key.len());
            line.get(..both)
                .zip(key.get(..both))
                .is_some_and(|(line, key)| line.eq_ignore_ascii_case(key))
        };
        let Some(key) = keys.iter().find(is_begun) else {
            return Reading::Is(None);
        };
        if line.len() < key.len() {
            return Reading::TooShort;
        }
        match header_at(bytes, at) {
            Reading::TooShort => return Reading::TooShort,
            Reading::Is(Some((key, id, _))) if key.eq_ignore_ascii_case(b"ActionID") => {
                return Reading::Is(Some(id));
            }
            Reading::Is(Some((_, _, next))) => at = next,
            Reading::Is(None) => return Reading::Is(None),
        }
    }
    Reading::Is(None)
}

type Line<'a> = (&'a [u8], &'a [u8], usize);

/// The key and value of the line at `at`, and where the next one begins. None:
/// it is no header.
fn header_at(bytes: &[u8], at: usize) -> Reading<Option<Line<'_>>> {
    let rest = bytes.get(at..).unwrap_or_default();
    let head = rest.get(..MAX_FIRST_LINE + 2).unwrap_or(rest);
    let Some(end) = line_end(head, 0) else {
        return match rest.len() > MAX_FIRST_LINE + 2 {
            true => Reading::Is(None),
            false => Reading::TooShort,
        };
    };
    let Some(colon) = colon_of(head, 0).filter(|colon| *colon < end) else {
        return Reading::Is(None);
    };
    let key = trim(head.get(..colon).unwrap_or_default());
    let value = head.get(colon + 1..end).unwrap_or_default();
    let value = value.strip_prefix(b" ").unwrap_or(value);
    // As a header's first line: a lone line feed ends it.
    let value = value.split(|&b| b == b'\n').next().unwrap_or_default();
    Reading::Is(Some((key, value, at + end + 2)))
}
