//! What may be written to a terminal: text, line ends, and amish's own
//! sequences; nothing from a server that a terminal would interpret, and
//! nothing that hides or reorders text.

/// What a program without an editor may write besides text: colours, and the
/// clearing of its progress line.
#[track_caller]
pub fn assert_calm(what: impl std::fmt::Display, written: &[u8]) {
    let found = leaks(written, is_colour);
    let some = &found[..found.len().min(5)];
    assert!(
        found.is_empty(),
        "{what}: {} leaks, such as {some:#?}",
        found.len()
    );
}

/// The same for the shell, whose editor moves the cursor too.
#[track_caller]
pub fn assert_calm_shell(what: impl std::fmt::Display, written: &[u8]) {
    let found = leaks(written, is_own);
    let some = &found[..found.len().min(5)];
    assert!(
        found.is_empty(),
        "{what}: {} leaks, such as {some:#?}",
        found.len()
    );
}

/// What is not allowed in the program's output, each with the text after it.
pub fn leaks_of_program(written: &[u8]) -> Vec<String> {
    leaks(written, is_colour)
}

fn is_colour(sequence: &str) -> bool {
    is_own(sequence) && sequence.ends_with(['m', 'K'])
}

/// What amish and its editor themselves write: colours, cursor movements,
/// clearing, and the sequences around pastes and drawings.
fn is_own(sequence: &str) -> bool {
    let Some(body) = sequence.strip_prefix("\x1b[") else {
        return false;
    };
    let (numbers, end) = body.split_at(body.len() - 1);
    let all = |known: &[&str]| numbers.split(';').all(|number| known.contains(&number));
    match end {
        "m" => all(&["", "0", "1", "2", "31", "32", "33", "36", "94"]),
        "h" | "l" => ["?2004", "?2026", "?25"].contains(&numbers),
        // Ctrl-L begins at the top, and clears from there.
        "H" => numbers.is_empty(),
        "A" | "B" | "C" | "D" | "G" => numbers.chars().all(|c| c.is_ascii_digit()),
        "K" | "J" => ["", "0"].contains(&numbers),
        _ => false,
    }
}

/// The parts of `written` that a terminal would interpret or hide and that are
/// not amish's own, with their surroundings.
fn leaks(written: &[u8], is_own: fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = match std::str::from_utf8(written) {
        Ok(text) => text,
        Err(error) => return vec![format!("not UTF-8: {error}")],
    };
    while let Some(at) = rest.find(|c: char| c.is_control() || is_hidden(c)) {
        let from = &rest[at..];
        let first = from.chars().next().map_or(0, char::len_utf8);
        let mut length = first;
        if let Some(body) = from.strip_prefix("\x1b[") {
            let end = body.find(|c: char| c.is_ascii_alphabetic() || c == '~');
            length = end.map_or(2, |end| end + 3);
        }
        if !matches!(&from[..first], "\n" | "\r") && !is_own(&from[..length]) {
            let around: String = from.chars().take(30).collect();
            found.push(format!("{around:?}"));
        }
        rest = &from[length..];
    }
    found
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{3164}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    // A checker that finds nothing would let every attack pass.
    #[test]
    fn what_a_terminal_obeys_is_found() {
        for evil in [
            "\x07",
            "\x1b]0;x\x07",
            "\x1b[5m",
            "\u{9b}31m",
            "\u{202e}",
            "\u{200b}",
            "\x1b",
            "a\0b",
        ] {
            assert!(!leaks(evil.as_bytes(), is_own).is_empty(), "{evil:?}");
        }
        assert!(!leaks(b"\x9b31m", is_own).is_empty());
        assert!(!leaks(b"\x1b[2A", is_colour).is_empty());
        let own = "\x1b[31mred\x1b[0m\r\nUnicode: \u{e4}\u{6f22}\n";
        assert_eq!(leaks(own.as_bytes(), is_colour), [""; 0]);
    }
}
