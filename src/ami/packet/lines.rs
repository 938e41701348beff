//! Finds lines, their ends and their colons in the bytes of a packet.

/// A 1 in each of eight bytes.
pub(in crate::ami) const ONES: u64 = u64::MAX / 255;

/// Sets the high bit of each byte of `word` that is a colon or a control byte.
/// Only the lowest one is reliable, because borrows propagate upwards.
fn stops(word: u64) -> u64 {
    const HIGH: u64 = ONES * 0x80;
    let colon = (word ^ (ONES * b':' as u64)).wrapping_sub(ONES);
    let below_blank = word.wrapping_sub(ONES * 0x20);
    let delete = (word & !HIGH) + ONES;
    (colon | below_blank | delete) & !word & HIGH
}

/// Where the colon of the header line at `start` is, or None if the line has no
/// key: no colon, or a control byte before it. No server sends a key with a
/// control byte, but a header forged inside a value begins with one
/// (`\nResponse:`). The line's own end also counts as one.
///
/// Reads eight bytes at a time: most keys take two steps.
#[inline(always)]
pub(in crate::ami) fn colon_of(bytes: &[u8], start: usize) -> Option<usize> {
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

/// [`colon_of`], and a hash of the key before it: equal for keys that differ
/// only in case; different keys may collide.
#[inline(always)]
pub(in crate::ami) fn hashed_colon(bytes: &[u8], start: usize) -> Option<(usize, u64)> {
    // Letters that differ only in case become the same.
    let mix = |hash: u64, word: u64| {
        (hash.rotate_left(5) ^ (word | (ONES * 0x20))).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    let (mut at, mut hash) = (start, 0);
    loop {
        let word = word_at(bytes, at);
        let stop = stops(word);
        if stop != 0 {
            let rest = stop.trailing_zeros() / 8;
            let colon = at + rest as usize;
            let key = word & !(u64::MAX << (8 * rest));
            return (bytes.get(colon) == Some(&b':')).then(|| (colon, mix(hash, key)));
        }
        hash = mix(hash, word);
        at += 8;
    }
}

/// Eight bytes, the first one lowest, padded with zeros at the end.
#[inline(always)]
pub(in crate::ami) fn word_at(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    if let Some(word) = rest.first_chunk::<8>() {
        return u64::from_le_bytes(*word);
    }
    let last = rest.iter().rev();
    last.fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The end of the line that starts at `at`: where its CRLF begins. A lone LF or
/// CR is data: Getvar, DBGet and UserEvent pass them through.
#[inline]
pub(in crate::ami) fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        let found = from + memchr::memchr(b'\r', bytes.get(from..)?)?;
        if bytes.get(found + 1) == Some(&b'\n') {
            return Some(found);
        }
        from = found + 1;
    }
}

pub(in crate::ami) fn next_line(bytes: &[u8], at: usize) -> usize {
    line_end(bytes, at).map_or(bytes.len(), |end| end + 2)
}

/// A key without surrounding blanks, such as `Reg-Contact : ` of chan_sip in
/// 1.4. Other white space counts as a control byte, so the line has no key.
#[inline]
pub(in crate::ami) fn trim(mut key: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] | [rest @ .., b' '] = key {
        key = rest;
    }
    key
}

/// Whether the first line of a packet says that raw text follows.
pub(in crate::ami) fn is_follows(line: &[u8]) -> bool {
    let mut parts = line.splitn(2, |&b| b == b':');
    let key = trim(parts.next().unwrap_or_default());
    let value = parts.next().unwrap_or_default().trim_ascii();
    key.eq_ignore_ascii_case(b"Response") && value.eq_ignore_ascii_case(b"Follows")
}
