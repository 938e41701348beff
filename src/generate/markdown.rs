//! The Markdown of the chapters as values, for the terminal and for roff. What
//! the chapters do not use is left out.

use super::topics::TOPICS;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// How a piece of text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Running text.
    Plain,
    /// What is typed, or read by a program.
    Code,
    /// A link to another chapter, called so.
    Topic(&'static str),
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Without line ends.
    pub text: String,
    /// How it is meant.
    pub style: Style,
}

/// A paragraph, a cell, or an item.
pub type Line = Vec<Span>;

/// A part of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title of a chapter (1), or of a part of it.
    Heading(u8, Line),
    /// Running text.
    Paragraph(Line),
    /// Lines that stay as they are.
    Code(String),
    /// Items, numbered or not.
    List(bool, Vec<Line>),
    /// Rows, the heads first.
    Table(Vec<Vec<Line>>),
}

/// The blocks of `text`.
pub fn parse(text: &str) -> Vec<Block> {
    let mut reading = Reading::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        reading.take(event);
    }
    reading.blocks
}

#[derive(Default)]
struct Reading {
    blocks: Vec<Block>,
    /// What has been read of the paragraph, cell or item.
    line: Line,
    rows: Vec<Vec<Line>>,
    items: Vec<Line>,
    is_numbered: bool,
    in_list: bool,
    in_code: bool,
    in_image: bool,
    link: String,
}

impl Reading {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.add(&text, Style::Plain),
            Event::Code(text) => self.add(&text, Style::Code),
            Event::SoftBreak | Event::HardBreak => self.add(" ", Style::Plain),
            _ => {}
        }
    }

    fn add(&mut self, text: &str, style: Style) {
        if self.in_image {
            return;
        }
        let style = match style {
            Style::Plain => topic(&self.link).map_or(Style::Plain, Style::Topic),
            style => style,
        };
        match self.line.last_mut() {
            Some(last) if last.style == style => last.text.push_str(text),
            _ => self.line.push(Span {
                text: text.to_owned(),
                style,
            }),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.in_list = true;
                self.is_numbered = first.is_some();
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::CodeBlock(_) => self.in_code = true,
            Tag::Image { .. } => self.in_image = true,
            Tag::Link { dest_url, .. } => self.link = dest_url.to_string(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let line = std::mem::take(&mut self.line);
                self.blocks.push(Block::Heading(level as u8, line));
            }
            TagEnd::Paragraph if !self.in_list && !self.line.is_empty() => {
                let line = std::mem::take(&mut self.line);
                self.blocks.push(Block::Paragraph(line));
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                let text = std::mem::take(&mut self.line);
                let text = text.into_iter().map(|span| span.text).collect();
                self.blocks.push(Block::Code(text));
            }
            TagEnd::Item => self.items.push(std::mem::take(&mut self.line)),
            TagEnd::List(_) => {
                self.in_list = false;
                let items = std::mem::take(&mut self.items);
                self.blocks.push(Block::List(self.is_numbered, items));
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.line);
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                self.blocks.push(Block::Table(rows));
            }
            TagEnd::Image => self.in_image = false,
            TagEnd::Link => {
                let link = std::mem::take(&mut self.link);
                let is_shown = self
                    .line
                    .last()
                    .is_some_and(|last| last.text.ends_with(&link));
                if link.contains("://") && !is_shown {
                    self.add(&format!(" ({link})"), Style::Plain);
                }
            }
            _ => {}
        }
    }
}

/// The chapter that `link` leads to; they stand beside each other.
fn topic(link: &str) -> Option<&'static str> {
    let name = link.strip_suffix(".md")?;
    let found = TOPICS.iter().find(|topic| topic.name == name)?;
    Some(found.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, style: Style) -> Span {
        Span {
            text: text.to_owned(),
            style,
        }
    }

    // A cell that ended at the bar of a command line would lose its rest.
    #[test]
    fn a_bar_in_code_does_not_end_its_cell() {
        let read = parse("| a | b |\n|---|---|\n| `x \\| y` | *c* |\n");
        let Some(Block::Table(rows)) = read.first() else {
            panic!("{read:?}");
        };
        assert_eq!(rows[1][0], [span("x | y", Style::Code)]);
        assert_eq!(rows[1][1], [span("c", Style::Plain)]);
    }

    // It would be missing on the terminal and in the manual page.
    #[test]
    fn the_chapters_use_nothing_that_is_left_out() {
        for topic in &TOPICS {
            for event in Parser::new_ext(topic.text, Options::all()) {
                let is_read = match &event {
                    Event::Start(tag) => matches!(
                        tag,
                        Tag::Paragraph
                            | Tag::Heading { .. }
                            | Tag::CodeBlock(_)
                            | Tag::List(_)
                            | Tag::Item
                            | Tag::Table(_)
                            | Tag::TableHead
                            | Tag::TableRow
                            | Tag::TableCell
                            | Tag::Link { .. }
                            | Tag::Image { .. }
                    ),
                    Event::End(_) | Event::Text(_) | Event::Code(_) | Event::SoftBreak => true,
                    _ => false,
                };
                assert!(is_read, "{}: {event:?}", topic.name);
            }
        }
    }

    // A link cannot be followed where it is read.
    #[test]
    fn links_are_text_and_pictures_nothing() {
        let read =
            parse("see [b](events.md), [c](https://c), <https://d>, [E](../E.md)\n\n![p](p.svg)\n");
        let line = [
            span("see ", Style::Plain),
            span("b", Style::Topic("events")),
            span(", c (https://c), https://d, E", Style::Plain),
        ];
        assert_eq!(read, [Block::Paragraph(line.to_vec())]);
    }
}
