//! Parses what `manager show command` and `manager show event` print into
//! pages.
//!
//! From 1.8 on a page has sections, `[Syntax]` first; from 20.12 on there is a
//! heading above, and another order. 1.4, and servers built without
//! documentation, print plain text. One answer may contain both kinds, because
//! modules bring their own documentation.

mod plain;
mod prose;

use super::listing::classes;
use super::name::Name;
use super::page::{Page, Parameter};
use crate::peer_text::PeerText;
use prose::{Wrapped, peer};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The longest page that is read, in bytes. The longest in 22 has 25 KB:
/// PJSIPShowEndpoint.
const LONGEST: usize = 64 * 1024;

/// The most parameters of a page that is read. The most in 22 are 141: the
/// event EndpointDetail.
const PARAMETERS: usize = 400;

/// How many event names are kept. 22 has 171.
const EVENTS: usize = 1_000;

/// Sections that a line of their own opens. Later versions may have others,
/// which are recognised by the empty line above them.
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

/// This section and the next contain pages of events.
const LIST: &str = "List Responses";
const FINAL: &str = "Final Response";

/// What was read from an answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The pages in it.
    pub pages: Vec<Page>,
    /// Pages that were skipped because they exceed 64 KiB or 400 parameters.
    pub too_large: usize,
}

impl Read {
    fn take(&mut self, page: Option<Page>) {
        match page {
            Some(page) if page.parameters.len() > PARAMETERS => self.too_large += 1,
            page => self.pages.extend(page),
        }
    }
}

/// The pages in the output of `manager show command A B …`. An Action that the
/// server does not know has none.
pub fn actions(output: &[&[u8]]) -> Read {
    let lines = lines(output);
    let mut starts: Vec<(usize, bool)> = Vec::new();
    // A heading was read whose [Syntax] is still to come.
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
    let mut read = Read::default();
    for ((at, plain), end) in starts.iter().zip(ends) {
        let lines = lines.get(*at..end).unwrap_or_default();
        match plain {
            _ if is_too_long(lines) => read.too_large += 1,
            true => read.take(plain::page(lines)),
            false => read.take(page(lines, "Action: ")),
        }
    }
    read
}

fn is_too_long(lines: &[Cow<'_, str>]) -> bool {
    lines.iter().map(|line| line.len() + 1).sum::<usize>() > LONGEST
}

/// The page in the output of `manager show event NAME`; none if the server does
/// not know it. An event documented by several modules is printed once for
/// each, and their pages are merged.
pub fn event(output: &[&[u8]]) -> Read {
    let lines = lines(output);
    let mut read = Read::default();
    if is_too_long(&lines) {
        read.too_large += 1;
        return read;
    }
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
    let first = pages.next();
    read.take(first.map(|first| pages.fold(first, together)));
    read
}

/// The completions of `manager show event `. (The list that `manager show
/// events` prints is cut to columns: 20 letters on 16.)
pub fn event_names(output: &[&[u8]]) -> Vec<Name> {
    let text = output.concat();
    // The common prefix comes first, an end mark last.
    let fields = text.split(|byte| *byte == b' ').skip(1);
    let fields = fields
        .map(<[u8]>::trim_ascii)
        .filter(|name| *name != b"_EOF_");
    let names: BTreeSet<Name> = fields.filter_map(Name::of_event).take(EVENTS).collect();
    names.into_iter().collect()
}

fn together(mut page: Page, other: Page) -> Page {
    let more = other.description.into_iter();
    page.description
        .extend(std::iter::once(other.synopsis).chain(more));
    let known: BTreeSet<Name> = page.parameters.iter().map(|one| one.key.clone()).collect();
    let more = other.parameters.into_iter();
    page.parameters
        .extend(more.filter(|one| !known.contains(&one.key)));
    page
}

/// The lines as text, which is converted to names and PeerText later. Some
/// servers (13) now and then colour text as for their own terminal.
fn lines<'a>(output: &[&'a [u8]]) -> Vec<Cow<'a, str>> {
    let text = |line: &&'a [u8]| match std::str::from_utf8(line.trim_ascii_end()) {
        Ok(line) if !line.contains('\x1b') => Cow::Borrowed(line),
        Ok(line) => Cow::Owned(uncoloured(line)),
        Err(_) => Cow::Owned(uncoloured(&PeerText::new(line.trim_ascii_end()).json())),
    };
    output.iter().map(text).collect()
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

/// The section that `line` opens, given the line `above` it.
fn section<'a>(line: &'a str, above: Option<&str>) -> Option<&'a str> {
    let name = line.strip_prefix('[')?.strip_suffix(']')?;
    let is_new = above.is_none_or(str::is_empty)
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b == b' ' || b.is_ascii_alphabetic());
    (is_new || SECTIONS.contains(&name)).then_some(name)
}

/// The sections of a page, each with its lines. What precedes the first is a
/// heading.
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
    // 1.8 wraps lines differently, and its pages end early.
    let wrapped = match place("Privilege").is_some() || named == "Event: " {
        true => Wrapped::Words,
        false => Wrapped::Columns,
    };
    let syntax = of("Syntax");
    // Rename of 22 has no syntax section.
    let above = lines.iter().take(3).filter(|line| !line.starts_with('['));
    let name = syntax
        .iter()
        .chain(above)
        .find_map(|line| line.strip_prefix(named))?;
    let (items, completion) = nested.split_at_checked(last.saturating_sub(list))?;
    let description = wrapped.paragraphs(&told(of("Description")));
    let mut page = Page {
        synopsis: peer(words(&told(of("Synopsis")))),
        since: peer(told(of("Since")).join(", ")),
        parameters: parameters(syntax),
        privileges: classes(told(of("Privilege")).concat().as_bytes()),
        see_also: named_in(&told(of("See Also")).join(" ")),
        items: events(items),
        completion: events(completion).pop(),
        ..Page::of(Name::of_action(name.trim().as_bytes())?)
    };
    explain(&mut page, of("Arguments"), wrapped, &description.join(" "));
    page.description = description.into_iter().map(peer).collect();
    Some(page)
}

/// The lines of a section without surrounding empty ones; none if it says that
/// there is nothing.
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

/// One blank between words.
fn words(lines: &[&str]) -> String {
    let words = lines.iter().flat_map(|line| line.split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

fn named_in(text: &str) -> Vec<PeerText<'static>> {
    let names = text.split(',').map(str::trim);
    let names = names.filter(|name| !name.is_empty());
    names.map(peer).collect()
}

/// Parses `Key: <value>` and `[Key:] <value>`, up to an empty line. Keys that
/// cannot be typed are skipped.
fn parameters(syntax: &[Cow<'_, str>]) -> Vec<Parameter> {
    let lines = syntax.iter().skip_while(|line| line.is_empty()).skip(1);
    let mut found: Vec<Parameter> = Vec::new();
    let mut places: BTreeMap<Name, usize> = BTreeMap::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let optional = line.strip_prefix('[');
        let key = optional.unwrap_or(line).split_once(':');
        let Some(key) = key.and_then(|(key, _)| Name::of_key(key.trim().as_bytes())) else {
            continue;
        };
        let again = places.get(&key).and_then(|at| found.get_mut(*at));
        match again {
            Some(again) => again.repeatable = true,
            None => {
                places.insert(key.clone(), found.len());
                found.push(Parameter {
                    required: optional.is_none(),
                    ..Parameter::of(key)
                });
            }
        }
    }
    found
}

/// The events named in the sections about responses.
fn events(sections: &[(&str, &[Cow<'_, str>])]) -> Vec<Name> {
    let lines = sections.iter().flat_map(|(_, lines)| lines.iter());
    let names = lines.filter_map(|line| line.strip_prefix("Event: "));
    let mut seen = BTreeSet::new();
    names
        .filter_map(|name| Name::of_event(name.trim().as_bytes()))
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

/// Parses `[Arguments]`: names in the first column, their descriptions
/// indented. `said` is the page's description.
fn explain(page: &mut Page, lines: &[Cow<'_, str>], wrapped: Wrapped, said: &str) {
    let mut texts: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in lines {
        let is_name = line.starts_with(|c: char| !c.is_whitespace()) && !line.contains(' ');
        match texts.last_mut() {
            _ if is_name => texts.push((line, Vec::new())),
            Some((_, text)) => text.push(line),
            None => {}
        }
    }
    // If a name comes twice, its first text counts.
    let texts: BTreeMap<&str, Vec<&str>> = texts.into_iter().rev().collect();
    let repeated = prose::repeated(said);
    for parameter in &mut page.parameters {
        let text = texts.get(parameter.key.as_str());
        let text = text.map(Vec::as_slice).unwrap_or_default();
        let (about, choices) = wrapped.argument(text);
        let own = prose::repeated(&about.join(" "));
        let key = parameter.key.to_ascii_lowercase();
        parameter.repeatable |= repeated.contains(&key) || own.contains(&key);
        parameter.about = about.into_iter().map(peer).collect();
        parameter.choices = choices;
    }
}

#[cfg(test)]
mod limits;
#[cfg(test)]
mod tests;
