//! Makes text of strangers safe for a terminal.
//!
//! Caller names, dialplan variables and UserEvents arrive unchecked. An escape
//! sequence in one could clear the screen, change the window title or type for
//! the user; a bidi control could make another number appear than was dialled.

use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// How many combining marks a letter may have: more would paint over the rows
/// around it, and no script uses as many.
const MARKS: usize = 4;

/// How many columns `text` takes on a terminal. Character by character, as
/// terminals and the line editor count: few join several into one picture.
pub fn width(text: &str) -> usize {
    text.chars().map(|one| one.width().unwrap_or(0)).sum()
}

/// `text` padded with blanks to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{:blanks$}", "")
}

/// `bytes` with everything that a terminal would interpret or hide made
/// visible: LF and CR as `\n` and `\r`, other control bytes and bytes that are
/// not UTF-8 as `\xNN`, C1, bidi controls and zero-width characters as `\u{…}`.
///
/// The result is one line without control characters. Backslashes are not
/// doubled, because servers escape names with them.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_plain(bytes) || is_harmless(text) => Cow::Borrowed(text),
        _ => Cow::Owned(escape(bytes)),
    }
}

/// A line of a Command's output: as [`text`], with tabs expanded to multiples
/// of eight columns, which its layout may depend on.
pub fn line(bytes: &[u8]) -> Cow<'_, str> {
    if !bytes.contains(&b'\t') {
        return text(bytes);
    }
    let mut safe = String::new();
    for (i, part) in bytes.split(|&b| b == b'\t').enumerate() {
        if i > 0 {
            let column = width(&safe);
            safe.extend(std::iter::repeat_n(' ', 8 - column % 8));
        }
        safe.push_str(&text(part));
    }
    Cow::Owned(safe)
}

/// Appends `bytes` line by line, each as [`text`], for the raw form.
pub fn lines(out: &mut Vec<u8>, bytes: &[u8]) {
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let ends = line.ends_with(b"\n");
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        out.extend_from_slice(text(line).as_bytes());
        if ends {
            out.push(b'\n');
        }
    }
}

/// Escapes the JSON in `out` from `start` on, without changing its meaning:
/// what a terminal would interpret or hide becomes `\uNNNN`. Line ends between
/// objects stay.
pub fn json(out: &mut Vec<u8>, start: usize) {
    let text = String::from_utf8_lossy(out.get(start..).unwrap_or_default());
    let mut marks = 0;
    let mut hidden = |c: char| {
        marks = marks_with(marks, c);
        c != '\n' && (marks > MARKS || is_unsafe(c))
    };
    if !text.chars().any(&mut hidden) {
        return;
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    out.truncate(start);
    out.extend_from_slice(safe.as_bytes());
}

/// Appends `bytes` with only control bytes made visible, for a pipe: one header
/// stays one line.
pub fn controls(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut plain = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        if byte < 0x20 || byte == 0x7f {
            out.extend_from_slice(bytes.get(plain..i).unwrap_or_default());
            out.extend_from_slice(control(byte).as_bytes());
            plain = i + 1;
        }
    }
    out.extend_from_slice(bytes.get(plain..).unwrap_or_default());
}

fn control(byte: u8) -> Cow<'static, str> {
    match byte {
        b'\n' => Cow::Borrowed("\\n"),
        b'\r' => Cow::Borrowed("\\r"),
        _ => Cow::Owned(format!("\\x{byte:02x}")),
    }
}

fn escape(bytes: &[u8]) -> String {
    let mut safe = String::with_capacity(bytes.len() + 16);
    let mut marks = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            marks = marks_with(marks, c);
            match u8::try_from(c) {
                Ok(byte) if byte < 0x20 || byte == 0x7f => safe.push_str(&control(byte)),
                _ if marks > MARKS || is_unsafe(c) => {
                    safe.push_str(&format!("\\u{{{:x}}}", u32::from(c)))
                }
                _ => safe.push(c),
            }
        }
        for byte in chunk.invalid() {
            safe.push_str(&control(*byte));
        }
    }
    safe
}

/// Whether it is printable ASCII. Most text is, and this runs for every event.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Whether `text` can be shown unchanged.
fn is_harmless(text: &str) -> bool {
    let mut marks = 0;
    text.chars().all(|c| {
        marks = marks_with(marks, c);
        marks <= MARKS && !is_unsafe(c)
    })
}

/// The number of marks in a row up to `c`, given `marks` before it.
fn marks_with(marks: usize, c: char) -> usize {
    match c {
        ' '..='~' => 0,
        _ if c.width() == Some(0) => marks + 1,
        _ => 0,
    }
}

/// Whether a character must not be sent to a terminal.
fn is_unsafe(c: char) -> bool {
    if matches!(c, ' '..='~') {
        return false;
    }
    matches!(c,
        // C0, DEL, C1.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Bidi controls: marks, embeddings, overrides, isolates.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
        // Zero width: joiners, invisible operators, the byte order mark.
        | '\u{ad}' | '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
        // Letters without a visible shape.
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
        // Line and paragraph separators, interlinear annotation, tags, and
        // variation selectors, in which text has been smuggled.
        | '\u{2028}' | '\u{2029}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        // Controls of hieroglyphs, shorthand and musical notation.
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each of these has taken over or deceived a terminal somewhere.
    #[test]
    fn attacks_become_visible() {
        let attacks: [(&[u8], &str); 15] = [
            (b"\x1b[2J\x1b[H", r"\x1b[2J\x1b[H"),
            (b"\x1b]0;title\x07", r"\x1b]0;title\x07"),
            (b"\x1bP+q544e\x1b\\", r"\x1bP+q544e\x1b\"),
            ("\u{9b}31m".as_bytes(), r"\u{9b}31m"),
            (b"\x9b31m", r"\x9b31m"),
            (b"one\r\ntwo\nthree", r"one\r\ntwo\nthree"),
            (b"a\x08b\x7fc\0d\te", r"a\x08b\x7fc\x00d\x09e"),
            ("555\u{202e}321".as_bytes(), r"555\u{202e}321"),
            ("\u{2066}x\u{2069}".as_bytes(), r"\u{2066}x\u{2069}"),
            ("ad\u{200b}min\u{feff}".as_bytes(), r"ad\u{200b}min\u{feff}"),
            ("a\u{200d}b\u{ad}c".as_bytes(), r"a\u{200d}b\u{ad}c"),
            (b"M\xfcller", r"M\xfcller"),
            (b"\xe2\x80", r"\xe2\x80"),
            ("x\u{2028}y\u{e0041}".as_bytes(), r"x\u{2028}y\u{e0041}"),
            (
                "root\u{fe0f}\u{180b}\u{1d173}".as_bytes(),
                r"root\u{fe0f}\u{180b}\u{1d173}",
            ),
        ];
        for (bytes, shown) in attacks {
            assert_eq!(text(bytes), shown);
        }
    }

    // Enough stacked marks would cover the rows above.
    #[test]
    fn no_letter_carries_more_marks_than_a_script_needs() {
        let mark = "\u{301}";
        let safe = text(format!("a{}b", mark.repeat(6)).as_bytes()).into_owned();
        assert_eq!(safe, format!("a{}\\u{{301}}\\u{{301}}b", mark.repeat(4)));
    }

    // Names in any script must stay readable.
    #[test]
    fn honest_text_is_left_alone() {
        for honest in ["Müller", "Ζωή", "山田 太郎", "e\u{301}", r"O\'Brien\?", ""] {
            assert!(matches!(text(honest.as_bytes()), Cow::Borrowed(t) if t == honest));
        }
    }

    // In a pipe a packet forged inside a value must not become lines of its
    // own; all other bytes are data.
    #[test]
    fn in_a_pipe_only_controls_are_escaped() {
        let mut out = Vec::new();
        controls(&mut out, b"one\ntwo\r\n\x1b[0m \xfc \xc2\x9b");
        assert_eq!(out, b"one\\ntwo\\r\\n\\x1b[0m \xfc \xc2\x9b");
    }

    // The forms for programs are read on terminals too, and what is copied from
    // there must still parse.
    #[test]
    fn raw_and_json_are_harmless_and_say_the_same() {
        let mut out = Vec::new();
        lines(&mut out, b"A: \x1b[2J\r\nB: \xc2\x9bm\r\n\r\nrest");
        assert_eq!(out, b"A: \\x1b[2J\nB: \\u{9b}m\n\nrest");
        let value = "5\u{202e}3\u{e0041}\u{9b}\u{7f}ü";
        let mut out = b"\x1b".to_vec();
        out.extend(format!("{{\"a\":\"{value}\"}}\n").bytes());
        json(&mut out, 1);
        let shown = br#"{"a":"5\u202e3\udb40\udc41\u009b\u007f"#;
        assert!(
            out[1..].starts_with(shown),
            "{}",
            String::from_utf8_lossy(&out)
        );
        let read: serde_json::Value = serde_json::from_slice(&out[1..]).unwrap();
        assert_eq!(read["a"], value);
    }

    #[test]
    fn tabs_of_a_command_keep_its_columns() {
        assert_eq!(line(b"a\tbcd\te\x1b"), r"a       bcd     e\x1b");
    }
}
