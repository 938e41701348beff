//! The answer to GetConfig, as the file itself reads.

use super::super::columns::end_line;
use super::super::{Look, Role};
use crate::ami::{Header, Packet};
use crate::output::headers::{is_protocol, shown};
use crate::output::numbered::Key;

/// Appends the file that `response` holds; false if it holds none.
pub(super) fn file(out: &mut Vec<u8>, response: &Packet, look: &Look) -> bool {
    let headers = || response.headers().filter(|header| !is_protocol(header));
    let is_part = |header: Header<'_>| Part::of(&header).is_some();
    let has_lines = headers().any(|header| Part::of(&header) == Some(Part::Line));
    if !has_lines || !headers().all(is_part) || response.stray_lines().len() > 0 {
        return false;
    }
    let text = |header: &Header<'_>| shown(response, header.key, header.value).into_owned();
    let mut first = true;
    let mut parts = headers().peekable();
    while let Some(header) = parts.next() {
        if Part::of(&header) != Some(Part::Category) {
            end_line(out, &text(&header));
            continue;
        }
        // What is said of a category follows it.
        let mut marks = Vec::new();
        while let Some(mark) = parts
            .next_if(|header| matches!(Part::of(header), Some(Part::IsTemplate | Part::Templates)))
        {
            marks.push(match Part::of(&mark) {
                Some(Part::IsTemplate) => "!".to_owned(),
                _ => text(&mark).trim_matches('"').to_owned(),
            });
        }
        if !std::mem::take(&mut first) {
            out.push(b'\n');
        }
        let marks = match marks.is_empty() {
            true => String::new(),
            false => format!("({})", marks.join(",")),
        };
        let line = format!("[{}]{marks}", text(&header));
        end_line(out, &look.palette.paint(Role::Heading, &line));
    }
    true
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Category,
    IsTemplate,
    Templates,
    Line,
}

impl Part {
    fn of(header: &Header<'_>) -> Option<Part> {
        let stem = Key::of(header.key)?.stem;
        let parts = [
            ("Category", Part::Category),
            ("IsTemplate", Part::IsTemplate),
            ("Templates", Part::Templates),
            ("Line", Part::Line),
        ];
        let is = |(name, _): &&(&str, Part)| stem.eq_ignore_ascii_case(name.as_bytes());
        parts.iter().find(is).map(|(_, part)| *part)
    }
}
