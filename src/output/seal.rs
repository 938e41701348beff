//! The last check of text on its way to a terminal.
//!
//! Each form escapes the server's text when putting it into a line. If one of
//! them forgot to, a caller's name could control the terminal. So all text for
//! a terminal passes through here as well, and the only control characters that
//! survive are line ends and amish's own colours.

use super::Palette;
use crate::peer_text::visible;

/// Escapes what a terminal would interpret or hide in `out` from `start` on, as
/// [`visible::text`] does. Line ends and the colours of `palette` stay.
pub(super) fn seal(out: &mut Vec<u8>, start: usize, palette: Palette) {
    let text = out.get(start..).unwrap_or_default();
    if text.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
        return;
    }
    let mut safe = Vec::with_capacity(text.len() + 16);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let ends = line.ends_with(b"\n");
        painted(&mut safe, line.strip_suffix(b"\n").unwrap_or(line), palette);
        if ends {
            safe.push(b'\n');
        }
    }
    out.truncate(start);
    out.append(&mut safe);
}

/// Appends one line, with its colours.
fn painted(safe: &mut Vec<u8>, mut line: &[u8], palette: Palette) {
    while !line.is_empty() {
        let mut escapes = memchr::memchr_iter(0x1b, line);
        let own = escapes.find_map(|at| Some((at, palette.sequence(line.get(at..)?)?)));
        let (plain, sequence) = own.unwrap_or((line.len(), b""));
        let (text, rest) = line.split_at(plain);
        safe.extend_from_slice(visible::text(text).as_bytes());
        safe.extend_from_slice(sequence);
        line = rest.get(sequence.len()..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Role;

    fn sealed(text: &[u8], palette: Palette) -> String {
        let mut out = b"\x1b".to_vec();
        out.extend_from_slice(text);
        seal(&mut out, 1, palette);
        String::from_utf8(out.split_off(1)).unwrap()
    }

    // One form that forgets to escape a name is enough to hand the terminal to
    // a caller.
    #[test]
    fn nothing_but_line_ends_and_our_own_colours_gets_through() {
        let on = Palette::new(true);
        let name = on.paint(Role::Error, "Error");
        let line = format!("{name} \x1b[31m\x1b[8m\u{9b}31m\x1b]0;t\x07\r\n5\u{202e}3\u{200b}\n");
        let seen = r"\x1b[31m\x1b[8m\u{9b}31m\x1b]0;t\x07\r";
        let rest = "\n5\\u{202e}3\\u{200b}\n";
        assert_eq!(sealed(line.as_bytes(), on), format!("{name} {seen}{rest}"));
        let plain = sealed(name.as_bytes(), Palette::OFF);
        assert_eq!(plain, r"\x1b[1;31mError\x1b[0m");
        assert_eq!(sealed(b"\xff\x9b", on), r"\xff\x9b");
        for byte in (0..0x20).chain([0x7f]).filter(|byte| *byte != b'\n') {
            assert!(
                !sealed(&[b'a', byte, b'b'], on).bytes().any(|b| b == byte),
                "{byte}"
            );
        }
    }

    // Ordinary text in any script must not change.
    #[test]
    fn honest_lines_stay() {
        let on = Palette::new(true);
        let line = format!("{}  山田 e\u{301}\nMüller\n", on.paint(Role::Key, "Name"));
        assert_eq!(sealed(line.as_bytes(), on), line);
    }
}
