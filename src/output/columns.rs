//! Text measured in columns of the terminal.

use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text`, or what of it fits `columns` with an ellipsis at its end.
pub(super) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if text.len() <= columns || width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1);
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > room
    });
    let end = end.map_or(text.len(), |(at, _)| at);
    let kept = text.get(..end).unwrap_or_default();
    Cow::Owned(match columns {
        0 => String::new(),
        _ => format!("{}…", kept.trim_end()),
    })
}

/// `text` with blanks up to `columns`.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{:blanks$}", "")
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

#[cfg(test)]
mod tests {
    use super::*;

    // What is broken within a word is hard to read and impossible to copy.
    #[test]
    fn lines_are_broken_at_blanks() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("山田 太郎", 8), ["山田", "太郎"]);
        assert_eq!(wrap("a longest b", 4), ["a", "longest", "b"]);
        assert_eq!(wrap("", 4), [""]);
    }

    // A wide character at the edge must not push the line into the next row.
    #[test]
    fn cut_counts_columns_not_characters() {
        assert_eq!(cut("Alice", 5), "Alice");
        assert_eq!(cut("Alice", 4), "Ali…");
        assert_eq!(cut("山田太郎", 6), "山田…");
        assert_eq!(cut("Alice", 0), "");
        assert_eq!(pad("山", 4), "山  ");
    }
}
