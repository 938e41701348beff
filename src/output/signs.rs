//! The lines, dots and arrows that amish itself draws: ASCII where the locale
//! has no others. What a server sends stays as it is.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

/// As for colours, one for the process: the locale is one, too.
static ASCII: AtomicBool = AtomicBool::new(false);

/// Draws in ASCII from now on.
pub fn ascii_only() {
    ASCII.store(true, Ordering::Relaxed);
}

/// Words of amish's own, with the signs that the locale has.
pub fn signs(words: &str) -> Cow<'_, str> {
    match ASCII.load(Ordering::Relaxed) {
        true => ascii(words),
        false => Cow::Borrowed(words),
    }
}

fn ascii(words: &str) -> Cow<'_, str> {
    if words.is_ascii() {
        return Cow::Borrowed(words);
    }
    let mut text = String::with_capacity(words.len());
    for one in words.chars() {
        match one {
            '─' | '–' => text.push('-'),
            '…' => text.push_str("..."),
            '·' => text.push(','),
            '→' => text.push_str("->"),
            '↔' => text.push_str("<->"),
            '└' => text.push('`'),
            'µ' => text.push('u'),
            '✓' => text.push('+'),
            '✗' => text.push('x'),
            one => text.push(one),
        }
    }
    Cow::Owned(text)
}

/// The line below heads.
pub(super) fn rule() -> char {
    if ASCII.load(Ordering::Relaxed) {
        '-'
    } else {
        '─'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // In a locale without them they are shown as bytes or question marks.
    #[test]
    fn signs_of_our_own_are_ascii_and_names_stay() {
        assert_eq!(ascii("… 3 · 1 s – 2 µs"), "... 3 , 1 s - 2 us");
        assert_eq!(ascii("→ ↔ └ ─"), "-> <-> ` -");
        assert_eq!(ascii("Müller"), "Müller");
    }
}
