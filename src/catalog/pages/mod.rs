//! What `manager show command` and `manager show event` print, read into pages.
//!
//! From 1.8 on a page has sections, `[Syntax]` first; from 20.12 on a heading
//! stands above it, and they come in another order. 1.4, and servers built
//! without documentation, print plain text. One answer may hold pages of both
//! kinds, for modules bring their own.

mod plain;
mod prose;

use super::page::{Page, Parameter};
use prose::Wrapped;
use std::borrow::Cow;

/// Sections that a line of their own opens. Others are known by the empty line
/// above them: a later version may have more, and its page is read all the same.
const SECTIONS: [&str; 11] = [
    "Synopsis",
    "Since",
    "Provided By",
    "Description",
    "Syntax",
    "Arguments",
    "Privilege",
    "See Also",
    LIST,
    FINAL,
    "End List Responses",
];

/// Within it, and in the one that follows, are pages of events.
const LIST: &str = "List Responses";
const FINAL: &str = "Final Response";

/// The pages in the lines that `manager show command A B …` printed. An Action
/// that the server does not know has none.
pub fn actions(output: &[&[u8]]) -> Vec<Page> {
    let lines = lines(output);
    let mut starts: Vec<(usize, bool)> = Vec::new();
    // The heading of a page whose [Syntax] is yet to come.
    let mut headed = false;
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).map(|line| &**line).unwrap_or_default();
        if heading(line, "Command") {
            starts.push((at, false));
            headed = true;
        } else if is_section(line, "Syntax") && next.starts_with("Action: ") {
            if !std::mem::take(&mut headed) {
                starts.push((at, false));
            }
        } else if line.starts_with("Action: ") && next.starts_with("Synopsis:") {
            starts.push((at, true));
        }
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(at, _)| *at)
        .chain([lines.len()]);
    let pages = starts.iter().zip(ends).filter_map(|((at, plain), end)| {
        let lines = lines.get(*at..end)?;
        match plain {
            true => plain::page(lines),
            false => page(lines, "Action: "),
        }
    });
    pages.collect()
}

/// The page in the lines that `manager show event NAME` printed; None where the
/// server does not know it. An event that several modules describe is printed
/// as often: what they say is put together.
pub fn event(output: &[&[u8]]) -> Option<Page> {
    let lines = lines(output);
    let is_start = |at: &usize| {
        let line = |at: usize| lines.get(at).map(|line| &**line).unwrap_or_default();
        let below_syntax = at
            .checked_sub(1)
            .is_some_and(|at| is_section(line(at), "Syntax"));
        line(*at).starts_with("Event: ") && !below_syntax
    };
    let starts: Vec<usize> = (0..lines.len()).filter(is_start).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let pages = starts.iter().zip(ends);
    let mut pages = pages.filter_map(|(at, end)| page(lines.get(*at..end)?, "Event: "));
    let first = pages.next()?;
    Some(pages.fold(first, together))
}

/// The names in what completes `manager show event `. The list that `manager
/// show events` prints is cut to columns (20 letters on 16).
pub fn event_names(output: &[&[u8]]) -> Vec<String> {
    let text = lines(output).concat();
    let mut fields = text.split(' ');
    // What they have in common comes first, a mark last.
    fields.next();
    let mut names: Vec<String> = fields
        .filter(|name| !matches!(*name, "" | "_EOF_"))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

fn together(mut page: Page, other: Page) -> Page {
    let more = other.description.into_iter();
    page.description
        .extend(std::iter::once(other.synopsis).chain(more));
    for parameter in other.parameters {
        if !page.parameters.iter().any(|one| one.key == parameter.key) {
            page.parameters.push(parameter);
        }
    }
    page
}

/// Servers colour text for a terminal of theirs now and then (13 does).
fn lines<'a>(output: &[&'a [u8]]) -> Vec<Cow<'a, str>> {
    let line = |line: &&'a [u8]| {
        let text = String::from_utf8_lossy(line.trim_ascii_end());
        match text.contains('\x1b') {
            true => Cow::Owned(uncoloured(&text)),
            false => text,
        }
    };
    output.iter().map(line).collect()
}

fn uncoloured(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('m').map_or(part, |(_, rest)| rest)
    })
}

/// `  -= Info about Manager Command 'NAME' =- `
fn heading(line: &str, kind: &str) -> bool {
    let inside = line.trim().strip_prefix("-= Info about Manager ");
    inside.is_some_and(|inside| inside.starts_with(kind))
}

fn is_section(line: &str, name: &str) -> bool {
    let inside = line
        .strip_prefix('[')
        .and_then(|line| line.strip_suffix(']'));
    inside == Some(name)
}

/// The name of the section that `line` opens below the line `above`.
fn section<'a>(line: &'a str, above: Option<&str>) -> Option<&'a str> {
    let name = line.strip_prefix('[')?.strip_suffix(']')?;
    let is_new = above.is_none_or(str::is_empty)
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b == b' ' || b.is_ascii_alphabetic());
    (is_new || SECTIONS.contains(&name)).then_some(name)
}

/// The sections of a page, each with its lines. What stands above the first is
/// a heading.
fn sections<'a>(lines: &'a [Cow<'_, str>]) -> Vec<(&'a str, &'a [Cow<'a, str>])> {
    let above = |at: usize| at.checked_sub(1).and_then(|at| lines.get(at));
    let named = lines.iter().enumerate().filter_map(|(at, line)| {
        section(line, above(at).map(|line| &**line)).map(|name| (at, name))
    });
    let named: Vec<(usize, &str)> = named.collect();
    let ends = named.iter().skip(1).map(|(at, _)| *at).chain([lines.len()]);
    let parts = named.iter().zip(ends);
    parts
        .map(|((at, name), end)| (*name, lines.get(at + 1..end).unwrap_or_default()))
        .collect()
}

fn page(lines: &[Cow<'_, str>], named: &str) -> Option<Page> {
    let sections = sections(lines);
    let place = |name| sections.iter().position(|(one, _)| *one == name);
    let list = place(LIST).unwrap_or(sections.len());
    let last = place(FINAL).unwrap_or(sections.len());
    let (own, nested) = sections.split_at_checked(list)?;
    let of = |name: &str| {
        let found = own.iter().find(|(one, _)| *one == name);
        found.map(|(_, lines)| *lines).unwrap_or_default()
    };
    // 1.8 wraps its lines by another rule, and its pages end early.
    let wrapped = match place("Privilege").is_some() || named == "Event: " {
        true => Wrapped::Words,
        false => Wrapped::Columns,
    };
    let syntax = of("Syntax");
    // Rename of 22 has no syntax.
    let above = lines.iter().take(3).filter(|line| !line.starts_with('['));
    let name = syntax
        .iter()
        .chain(above)
        .find_map(|line| line.strip_prefix(named))?;
    let (items, completion) = nested.split_at_checked(last.saturating_sub(list))?;
    let mut page = Page {
        name: name.trim().to_owned(),
        synopsis: told(of("Synopsis")).join(" "),
        since: told(of("Since")).join(", "),
        description: wrapped.paragraphs(&told(of("Description"))),
        parameters: parameters(syntax),
        privileges: classes(&told(of("Privilege")).concat()),
        see_also: named_in(&told(of("See Also")).join(" ")),
        items: events(items),
        completion: events(completion).pop(),
        ..Page::default()
    };
    explain(&mut page, of("Arguments"), wrapped);
    Some(page)
}

/// The lines of a section without the empty ones around them; none where it
/// says that there is nothing.
fn told<'a>(lines: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    let lines: Vec<&str> = lines.iter().map(|line| &**line).collect();
    let is_full = |line: &&str| !line.is_empty();
    let first = lines.iter().position(is_full).unwrap_or(lines.len());
    let last = lines.iter().rposition(is_full).map_or(first, |at| at + 1);
    match lines.get(first..last).unwrap_or_default() {
        ["Not available" | "None"] => Vec::new(),
        lines => lines.iter().map(|line| line.trim_end()).collect(),
    }
}

/// `call,reporting,all`; `all` grants nothing.
fn classes(text: &str) -> Vec<String> {
    let classes = text.split(',').map(str::trim);
    classes
        .filter(|class| !matches!(*class, "" | "all" | "<none>"))
        .map(str::to_owned)
        .collect()
}

fn named_in(text: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `Key: <value>` and `[Key:] <value>`, up to an empty line.
fn parameters(syntax: &[Cow<'_, str>]) -> Vec<Parameter> {
    let lines = syntax.iter().skip_while(|line| line.is_empty()).skip(1);
    let mut found: Vec<Parameter> = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let optional = line.strip_prefix('[');
        let Some((key, _)) = optional.unwrap_or(line).split_once(':') else {
            continue;
        };
        match found.iter_mut().find(|one| one.key == key) {
            Some(again) => again.repeatable = true,
            None => found.push(Parameter {
                key: key.trim().to_owned(),
                required: optional.is_none(),
                ..Parameter::default()
            }),
        }
    }
    found
}

/// The events that sections of responses name.
fn events(sections: &[(&str, &[Cow<'_, str>])]) -> Vec<String> {
    let lines = sections.iter().flat_map(|(_, lines)| lines.iter());
    let mut names: Vec<String> = Vec::new();
    for name in lines.filter_map(|line| line.strip_prefix("Event: ")) {
        if !names.iter().any(|known| known == name.trim()) {
            names.push(name.trim().to_owned());
        }
    }
    names
}

/// `[Arguments]`: names in the first column, what they are behind blanks.
fn explain(page: &mut Page, lines: &[Cow<'_, str>], wrapped: Wrapped) {
    let mut texts: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        let is_name = line.starts_with(|c: char| !c.is_whitespace()) && !line.contains(' ');
        match texts.last_mut() {
            _ if is_name => texts.push((line, Vec::new())),
            Some((_, text)) => text.push(line),
            None => {}
        }
    }
    let said = page.description.join(" ");
    for parameter in &mut page.parameters {
        let text = texts.iter().find(|(name, _)| *name == parameter.key);
        let text = text.map(|(_, lines)| lines.as_slice()).unwrap_or_default();
        (parameter.about, parameter.choices) = wrapped.argument(text);
        let about = parameter.about.join(" ");
        parameter.repeatable |= prose::is_repeated(&parameter.key, &[&about, &said]);
    }
}

#[cfg(test)]
mod tests;
