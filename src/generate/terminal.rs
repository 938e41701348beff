//! A chapter for a terminal: headings bold, text in lines of the width, tables
//! in columns, code as it is.

use super::markdown::{Block, Line, Span, Style};
use crate::output::{Palette, Role, signs};
use unicode_width::UnicodeWidthStr;

/// What is below a heading stands right of it, so that headings are seen without
/// colours.
const INDENT: usize = 2;
const CODE: usize = 6;
const BETWEEN: usize = 2;

/// `blocks` in lines of `width` columns. Lines of code and words that are longer
/// stay whole.
pub fn page(blocks: &[Block], width: usize, palette: Palette) -> String {
    let mut out = String::new();
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let paper = Paper { width, palette };
        match block {
            Block::Heading(level, line) => out.push_str(&paper.heading(*level, line)),
            Block::Paragraph(line) => paper.hanging(&mut out, "", line),
            Block::Code(code) => paper.code(&mut out, code),
            Block::List(is_numbered, items) => {
                for (at, item) in items.iter().enumerate() {
                    let mark = match is_numbered {
                        true => format!("{}. ", at + 1),
                        false => "- ".to_owned(),
                    };
                    paper.hanging(&mut out, &mark, item);
                }
            }
            Block::Table(rows) => paper.table(&mut out, rows),
        }
    }
    out
}

/// A word as it is printed, and how many columns it takes.
struct Word {
    shown: String,
    columns: usize,
}

#[derive(Clone, Copy)]
struct Paper {
    width: usize,
    palette: Palette,
}

impl Paper {
    fn heading(self, level: u8, line: &[Span]) -> String {
        let text: String = line.iter().map(|span| &span.text[..]).collect();
        let text = match level {
            1 => text.to_uppercase(),
            _ => text,
        };
        format!("{}\n", self.palette.paint(Role::Heading, &text))
    }

    fn code(self, out: &mut String, code: &str) {
        for line in code.lines() {
            let blanks = if line.is_empty() { 0 } else { CODE };
            out.push_str(&format!("{:blanks$}{line}\n", ""));
        }
    }

    /// `line` behind `mark`, its further lines below its first.
    fn hanging(self, out: &mut String, mark: &str, line: &[Span]) {
        let indent = INDENT + mark.len();
        let room = self.width.saturating_sub(indent);
        for (at, (text, _)) in self.lines(line, room, true).iter().enumerate() {
            let start = match at {
                0 => format!("{:INDENT$}{mark}", ""),
                _ => " ".repeat(indent),
            };
            out.push_str(&format!("{start}{text}\n"));
        }
    }

    /// `line` in lines of `room` columns, each with how many it takes.
    fn lines(self, line: &[Span], room: usize, quotes: bool) -> Vec<(String, usize)> {
        let mut lines = vec![(String::new(), 0)];
        for word in self.words(line, quotes) {
            if let Some((_, used)) = lines.last()
                && *used > 0
                && used + 1 + word.columns > room
            {
                lines.push((String::new(), 0));
            }
            if let Some((text, used)) = lines.last_mut() {
                if *used > 0 {
                    text.push(' ');
                    *used += 1;
                }
                text.push_str(&word.shown);
                *used += word.columns;
            }
        }
        lines
    }

    /// The words of `line`. Code has a colour, or else, with `quotes`, the
    /// quotes that it has in Markdown.
    fn words(self, line: &[Span], quotes: bool) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        let mut is_apart = true;
        for span in line {
            let (text, role) = self.spelled(span, quotes);
            for (at, piece) in text.split(' ').enumerate() {
                is_apart |= at > 0;
                if piece.is_empty() {
                    continue;
                }
                let shown = self.palette.paint(role, piece);
                let columns = piece.width();
                match words.last_mut().filter(|_| !is_apart) {
                    Some(word) => {
                        word.shown.push_str(&shown);
                        word.columns += columns;
                    }
                    None => words.push(Word {
                        shown: shown.into_owned(),
                        columns,
                    }),
                }
                is_apart = false;
            }
        }
        words
    }

    fn spelled(self, span: &Span, quotes: bool) -> (String, Role) {
        let text = &span.text;
        match span.style {
            Style::Plain => (text.clone(), Role::Value),
            Style::Code if quotes && !self.palette.is_on() => (format!("`{text}`"), Role::Value),
            Style::Code => (text.clone(), Role::Key),
            Style::Topic(name) => (format!("{text} (amish help {name})"), Role::Value),
        }
    }

    /// The columns are as wide as they need, and where that is too much, the
    /// widest lose some. What stands in the first is typed, and needs no quotes.
    fn table(self, out: &mut String, rows: &[Vec<Line>]) {
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let of = |column: usize| {
            let cells = rows.iter().filter_map(move |row| row.get(column));
            cells.map(move |cell| self.words(cell, column > 0))
        };
        let whole = |words: Vec<Word>| {
            let columns: usize = words.iter().map(|word| word.columns + 1).sum();
            columns.saturating_sub(1)
        };
        let longest = |words: Vec<Word>| words.iter().map(|word| word.columns).max().unwrap_or(0);
        let least: Vec<usize> = (0..count)
            .map(|column| of(column).map(longest).max().unwrap_or(0))
            .collect();
        let mut widths: Vec<usize> = (0..count)
            .map(|column| of(column).map(whole).max().unwrap_or(0))
            .collect();
        let room = self
            .width
            .saturating_sub(INDENT + BETWEEN * count.saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            let shrinks = widths
                .iter_mut()
                .zip(&least)
                .filter(|(width, least)| **width > **least);
            match shrinks.max_by_key(|(width, _)| **width) {
                Some((width, _)) => *width -= 1,
                None => break,
            }
        }
        for (at, row) in rows.iter().enumerate() {
            self.row(out, row, &widths);
            if at == 0 {
                let rule = widths.iter().sum::<usize>() + BETWEEN * count.saturating_sub(1);
                out.push_str(&format!("{:INDENT$}{}\n", "", signs("─").repeat(rule)));
            }
        }
    }

    fn row(self, out: &mut String, row: &[Line], widths: &[usize]) {
        let cells = row.iter().zip(widths).enumerate();
        let cells = cells.map(|(at, (cell, width))| self.lines(cell, *width, at > 0));
        let cells: Vec<_> = cells.collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let mut line = " ".repeat(INDENT);
            let mut missing = 0;
            for (cell, width) in cells.iter().zip(widths) {
                let (text, used) = cell.get(at).map_or(("", 0), |(text, used)| (text, *used));
                if used > 0 {
                    line.push_str(&" ".repeat(missing));
                    line.push_str(text);
                    missing = 0;
                }
                missing += width.saturating_sub(used) + BETWEEN;
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::markdown::parse;
    use super::*;

    const TEXT: &str = "# The title\n\nOne `two three` four five\nsix, see [b](demo.md).\n\n\
        | typed | does |\n|---|---|\n| `a \\| b` | does this and that |\n| `c` | is `d` |\n\n\
        ```sh\nls -l  'x'   y\n\nend\n```\n\n1. one two three four five six seven\n2. two\n";

    #[test]
    fn a_chapter_fits_the_width() {
        let page = page(&parse(TEXT), 30, Palette::OFF);
        insta::assert_snapshot!(page, @r"
        THE TITLE

          One `two three` four five
          six, see b (amish help
          demo).

          typed  does
          ─────────────────────────
          a | b  does this and that
          c      is `d`

              ls -l  'x'   y

              end

          1. one two three four five
             six seven
          2. two
        ");
    }

    // Colours must not count as columns, and end where a line ends.
    #[test]
    fn colours_take_no_room() {
        let plain = page(&parse(TEXT), 30, Palette::OFF).replace('`', "");
        let painted = page(&parse(TEXT), 30, Palette::new(true));
        assert!(painted.contains("\u{1b}[36mtwo\u{1b}[0m \u{1b}[36mthree\u{1b}[0m"));
        let rows = |text: &str| text.lines().filter(|line| line.contains('|')).count();
        assert_eq!(rows(&plain), rows(&painted));
        assert!(painted.starts_with("\u{1b}[1mTHE TITLE\u{1b}[0m\n"));
        assert!(painted.lines().all(|line| !line.contains('`')));
    }
}
