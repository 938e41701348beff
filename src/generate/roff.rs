//! The chapters in roff, for the manual page: only what the macros of man(7)
//! know, so that groff and mandoc read it alike.

use super::markdown::{Block, Line, Span, Style};
use std::fmt::Write;

/// `blocks` as a section called `section`, which replaces their title.
pub fn section(section: &str, blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut paragraph = "";
    for block in blocks {
        // It is written to memory, which cannot fail.
        let _ = match block {
            Block::Heading(1, _) => writeln!(out, ".SH {}", argument(section)),
            Block::Heading(_, line) => writeln!(out, ".SS {}", argument(&plain(line))),
            Block::Paragraph(line) => writeln!(out, "{paragraph}{}", text(line)),
            Block::Code(code) => writeln!(out, "{paragraph}.RS 4\n.nf\n{}.fi\n.RE", verbatim(code)),
            Block::List(is_numbered, items) => list(&mut out, *is_numbered, items),
            Block::Table(rows) => table(&mut out, rows),
        };
        // A heading begins one itself, and mandoc warns of a second.
        paragraph = match block {
            Block::Heading(..) => "",
            _ => ".PP\n",
        };
    }
    out
}

fn list(out: &mut String, is_numbered: bool, items: &[Line]) -> std::fmt::Result {
    for (at, item) in items.iter().enumerate() {
        let mark = match is_numbered {
            true => format!("{}. 4", at + 1),
            false => "\\(bu 2".to_owned(),
        };
        writeln!(out, ".IP {mark}\n{}", text(item))?;
    }
    Ok(())
}

/// The first cell of a row is a term, the others say what it is; the heads are
/// for wider tables than a manual page has.
fn table(out: &mut String, rows: &[Vec<Line>]) -> std::fmt::Result {
    for row in rows.iter().skip(1) {
        let Some((first, others)) = row.split_first() else {
            continue;
        };
        let term = match &first[..] {
            [one] if !one.text.contains('"') => format!(".B {}", prose(&one.text)),
            spans => text(spans),
        };
        let others: Vec<String> = others.iter().map(|cell| text(cell)).collect();
        writeln!(out, ".TP\n{term}\n{}", others.join("; "))?;
    }
    Ok(())
}

/// One line of filled text, whatever it begins with.
fn text(line: &[Span]) -> String {
    let mut text = String::new();
    for span in line {
        match span.style {
            Style::Plain => text.push_str(&prose(&span.text)),
            Style::Code => {
                let _ = write!(text, "\\fB{}\\fR", code(&span.text));
            }
            Style::Topic(_) => {
                let _ = write!(text, "\\fI{}\\fR", prose(&span.text));
            }
        }
    }
    no_request(text)
}

fn verbatim(code_lines: &str) -> String {
    let lines = code_lines.lines();
    lines.map(|line| no_request(code(line)) + "\n").collect()
}

/// A dot or an apostrophe at the beginning of a line would make it a request.
fn no_request(line: String) -> String {
    match line.starts_with(['.', '\'']) {
        true => format!("\\&{line}"),
        false => line,
    }
}

fn plain(line: &[Span]) -> String {
    line.iter().map(|span| prose(&span.text)).collect()
}

/// An argument of a macro.
fn argument(text: &str) -> String {
    match text.contains(' ') {
        true => format!("\"{text}\""),
        false => text.to_owned(),
    }
}

/// Running text, whose apostrophes may become typographic ones.
pub fn prose(text: &str) -> String {
    text.chars().map(sign).collect()
}

/// What is copied and typed: each character must stay what it is.
fn code(text: &str) -> String {
    let exact = |c| match c {
        '\'' => "\\(aq".to_owned(),
        '`' => "\\(ga".to_owned(),
        '^' => "\\(ha".to_owned(),
        '~' => "\\(ti".to_owned(),
        c => sign(c),
    };
    text.chars().map(exact).collect()
}

/// ASCII, so that the page needs no encoding.
fn sign(c: char) -> String {
    match c {
        '\\' => "\\e".to_owned(),
        '-' => "\\-".to_owned(),
        '…' => "...".to_owned(),
        '–' => "\\(en".to_owned(),
        '─' => "\\-".to_owned(),
        c if c.is_ascii() => c.to_string(),
        c => format!("\\[u{:04X}]", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::markdown::parse;
    use super::*;

    // A line that is taken for a request is lost, and a quote that became
    // another character does not work when it is copied.
    #[test]
    fn what_is_typed_comes_out_of_the_page_as_it_is() {
        let read = parse("# T\n\n`.x` and 'y'\n\n```\n.nf 'a' ~b `c` \\d\n'q\n```\n");
        let page = section("A B", &read);
        assert_eq!(
            page,
            ".SH \"A B\"\n\\fB.x\\fR and 'y'\n.PP\n.RS 4\n.nf\n\
             \\&.nf \\(aqa\\(aq \\(tib \\(gac\\(ga \\ed\n\\(aqq\n.fi\n.RE\n"
        );
    }
}
