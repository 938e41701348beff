//! Lines of text, measured in columns of the terminal.

use super::{Look, signs};
pub(super) use crate::peer_text::visible::{pad, width};
use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// How many columns the widest of `texts` takes.
pub(super) fn widest<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> usize {
    let widths = texts.into_iter().map(|text| width(text.as_ref()));
    widths.max().unwrap_or(0)
}

/// `text`, or as much of it as fits `columns`, ending in an ellipsis.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if text.len() <= columns || width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let dots = signs("…");
    let room = columns.saturating_sub(width(&dots));
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > room
    });
    let end = end.map_or(text.len(), |(at, _)| at);
    let kept = text.get(..end).unwrap_or_default();
    Cow::Owned(match columns {
        columns if columns < width(&dots) => ".".repeat(columns),
        _ => format!("{}{dots}", kept.trim_end()),
    })
}

/// `text` in lines of at most `columns`, broken at blanks. A word that is
/// longer has a line of its own.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && width(&line) + 1 + width(word) > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Fewer columns beside something are too few for words.
const BESIDE: usize = 24;

/// `text` behind `start`, which may have colours, its further lines at column
/// `indent`. Below `start` where there is no room beside it.
pub(super) fn hang(start: &str, indent: usize, text: &str, room: usize) -> Vec<String> {
    let taken = width(&without_colours(start));
    let fits = width(text) <= room.saturating_sub(indent.max(taken));
    let (mut lines, start, indent) = match fits || room >= indent + BESIDE {
        true if taken <= indent || fits => (Vec::new(), start.to_owned(), indent),
        true => (vec![start.to_owned()], " ".repeat(indent), indent),
        false => {
            let indent = indent.min(room / 6);
            let above = Some(start.to_owned()).filter(|start| !start.trim().is_empty());
            (Vec::from_iter(above), " ".repeat(indent), indent)
        }
    };
    let wrapped = wrap(text, room.saturating_sub(indent).max(1));
    let blanks = " ".repeat(indent);
    lines.extend(wrapped.iter().enumerate().map(|(at, line)| match at {
        0 => format!("{start}{line}"),
        _ => format!("{blanks}{line}"),
    }));
    lines
}

/// `text` without the sequences that colour it.
pub fn without_colours(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(part.split_once('m').map_or(part, |(_, after)| after));
    }
    shown
}

/// Breaks a line of a message between words; what does not fit stands below,
/// behind the blanks that the line begins with.
pub fn wrap_message(line: &str, columns: usize) -> Vec<String> {
    let text = line.trim_start_matches(' ');
    let blanks = line.get(..line.len() - text.len()).unwrap_or_default();
    let lines = wrap(text, columns.saturating_sub(blanks.len()).max(1));
    lines.iter().map(|line| format!("{blanks}{line}")).collect()
}

/// No text fits a terminal with fewer columns.
const NARROWEST: usize = 8;

/// A message of amish's own behind `start`, in lines that end.
pub fn message(start: &str, words: &str, columns: usize) -> String {
    let blanks = " ".repeat(start.len());
    let lines = wrap_message(words, columns.saturating_sub(start.len()));
    let starts = std::iter::once(start).chain(std::iter::repeat(&*blanks));
    let lines = starts.zip(&lines);
    lines
        .map(|(start, line)| format!("{start}{line}\n"))
        .collect()
}

/// The columns that text may take.
pub(super) fn room(look: &Look) -> usize {
    match look.terminal {
        true => look.width.max(NARROWEST),
        false => usize::MAX / 2,
    }
}

pub(super) fn end_line(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(line.trim_end().as_bytes());
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    // Words broken in the middle are hard to read and impossible to copy.
    #[test]
    fn lines_are_broken_at_blanks() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("山田 太郎", 8), ["山田", "太郎"]);
        assert_eq!(wrap("a longest b", 4), ["a", "longest", "b"]);
        assert_eq!(wrap("", 4), [""]);
        let message = "  a second line of a message";
        let lines = ["  a second line of a", "  message"];
        assert_eq!(wrap_message(message, 24), lines);
    }

    // Words broken by the terminal are as bad at the edge of a narrow window.
    #[test]
    fn text_hangs_beside_a_word_or_below_it() {
        let text = "what is wrong in many words";
        let wide = ["wrong  what is wrong in many", "       words"];
        assert_eq!(hang("wrong  ", 7, text, 31), wide);
        let narrow = ["wrong  ", "   what is wrong in", "   many words"];
        assert_eq!(hang("wrong  ", 7, text, 20), narrow);
        assert_eq!(
            hang("\x1b[1mwrong\x1b[0m  ", 7, "short", 20),
            ["\x1b[1mwrong\x1b[0m  short"]
        );
        let longer = ["longer than seven ", "       what is wrong in many"];
        assert_eq!(hang("longer than seven ", 7, text, 31)[..2], longer);
        for columns in 8..60 {
            for line in hang("wrong  ", 7, text, columns) {
                assert!(width(line.trim_end()) <= columns, "{columns}: {line:?}");
            }
        }
    }

    // A wide character at the edge must not push the line into the next row.
    #[test]
    fn cut_counts_columns_not_characters() {
        assert_eq!(cut("Alice", 5), "Alice");
        assert_eq!(cut("Alice", 4), "Ali…");
        assert_eq!(cut("山田太郎", 6), "山田…");
        assert_eq!(cut("Alice", 0), "");
        assert_eq!(pad("山", 4), "山  ");
        // A terminal puts a heart without colours and a mark into one column.
        assert_eq!(pad("\u{2764}\u{fe0f}", 3), "\u{2764}\u{fe0f}  ");
        assert_eq!(width("👍🏽"), 4);
    }
}
