//! What may follow the line being typed, to be shown dim behind it: a buffer,
//! a Catalog and an entry of the history in, text out.
//!
//! It follows edits, not the cursor: rustyline draws it at the end of the line
//! wherever the cursor is, and asks for another only after a change.

use super::builtin;
use super::complete::{Given, What, spot};
use crate::catalog::{Catalog, Page, Parameter};
use crate::output::sanitize;
use unicode_width::UnicodeWidthChar;

/// In fewer columns nothing can be told.
const ENOUGH: usize = 4;

/// Choices are named where they take no more columns than this.
const CHOICES: usize = 24;

/// What a value looks like, for keys that documentation describes at length.
const SHAPES: &[(&str, &str)] = &[
    ("Channel", "channel"),
    ("Channel1", "channel"),
    ("Channel2", "channel"),
    ("Command", "text"),
    ("Conference", "name"),
    ("Context", "context"),
    ("DstFilename", "file.conf"),
    ("Endpoint", "name"),
    ("EventMask", "on|off|classes"),
    ("Exten", "number"),
    ("Extension", "number"),
    ("Filename", "file.conf"),
    ("Interface", "tech/name"),
    ("Mailbox", "box@context"),
    ("Message", "text"),
    ("Module", "name.so"),
    ("Priority", "number"),
    ("Queue", "name"),
    ("SrcFilename", "file.conf"),
    ("Variable", "name"),
];

/// A hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What is shown.
    pub text: String,
    /// What the right arrow takes. Only a line that was typed once can be
    /// taken: what may follow is no text to be sent.
    pub rest: Option<String>,
}

impl rustyline::hint::Hint for Hint {
    fn display(&self) -> &str {
        &self.text
    }

    fn completion(&self) -> Option<&str> {
        self.rest.as_deref()
    }
}

/// The hint behind `buffer`, a line below those of its raw packet. `entry` is
/// the newest of the history that begins with it and goes on.
pub fn hint(buffer: &str, catalog: &Catalog, entry: Option<&str>) -> Option<Hint> {
    let line = buffer.rsplit('\n').next().unwrap_or_default();
    if buffer.trim().is_empty() {
        return None;
    }
    if let Some(rest) = entry.and_then(|entry| rest(entry, buffer)) {
        return Some(Hint {
            text: sanitize::text(rest.as_bytes()).into_owned(),
            rest: Some(rest.to_owned()),
        });
    }
    let text = following(buffer, line, catalog)?;
    let text = sanitize::text(text.as_bytes()).into_owned();
    (!text.trim().is_empty()).then_some(Hint { text, rest: None })
}

/// What `entry` has behind `buffer`, as far as its line goes.
fn rest<'a>(entry: &'a str, buffer: &str) -> Option<&'a str> {
    let rest = entry.strip_prefix(buffer)?;
    let rest = rest.split('\n').next().unwrap_or_default();
    (!rest.is_empty()).then_some(rest)
}

fn following(buffer: &str, line: &str, catalog: &Catalog) -> Option<String> {
    let spot = spot(buffer, buffer.len(), catalog);
    let typed = spot.typed.as_str();
    let bare = spot.quote.is_none();
    match &spot.what {
        What::First => first(typed, catalog),
        What::Argument { given, bare: key } => {
            let page = catalog.page(&given.action)?;
            if typed.is_empty() && bare {
                return keys(page, given, "=");
            }
            let begun = match bare {
                true => begun(page, given, typed, "="),
                false => None,
            };
            begun.or_else(|| meaning(page, key.first()?, true))
        }
        What::Value { given, key } => {
            let page = catalog.page(&given.action)?;
            match typed.is_empty() && bare {
                true => value(page, key),
                false => meaning(page, key, false),
            }
        }
        What::Header(given) if line.is_empty() => {
            let page = catalog.page(&given.action)?;
            let keys = keys(page, given, ":").unwrap_or_default();
            let gap = if keys.is_empty() { "" } else { "; " };
            Some(format!("{keys}{gap}an empty line sends it"))
        }
        What::Header(given) => begun(catalog.page(&given.action)?, given, typed, ":"),
        What::HeaderValue { key, .. } if key.eq_ignore_ascii_case("Action") => {
            let page = catalog.page(typed)?;
            Some(format!("  {}", page.synopsis))
        }
        What::HeaderValue { given, key } => {
            let page = catalog.page(&given.action)?;
            match typed.is_empty() {
                true => value(page, key),
                false => meaning(page, key, false),
            }
        }
        What::Builtin { name, earlier } if earlier.is_empty() && typed.is_empty() => {
            let known = builtin::ALL.iter().find(|one| one.name == name);
            known.map(|one| one.takes.to_owned())
        }
        What::Cli(_) | What::Builtin { .. } | What::Nothing => None,
    }
}

/// Behind the first word, before the blank.
fn first(typed: &str, catalog: &Catalog) -> Option<String> {
    if let Some(name) = typed.strip_prefix('/') {
        let known = builtin::ALL
            .iter()
            .find(|one| one.name.eq_ignore_ascii_case(name))?;
        return Some(format!(" {}", known.takes));
    }
    if typed.eq_ignore_ascii_case("cli") {
        return Some(" a command of the Asterisk CLI".to_owned());
    }
    let page = catalog.page(typed)?;
    let given = Given::default();
    match keys(page, &given, "=") {
        Some(keys) => Some(format!(" {keys}")),
        None => Some(format!("  {}", page.synopsis)),
    }
}

/// The keys that may still be given: those that are needed with what they take,
/// the others in brackets.
fn keys(page: &Page, given: &Given, mark: &str) -> Option<String> {
    let free = free(page, given);
    let (needed, others): (Vec<_>, Vec<_>) = free.partition(|one| page.needs(one));
    let needed = needed.iter().map(|one| {
        let gap = if mark == ":" { " " } else { "" };
        format!("{}{mark}{gap}<{}>", one.key, shape(one))
    });
    let others = others.iter().map(|one| match one.repeatable {
        true => format!("[{}{mark}…]", one.key),
        false => format!("[{}{mark}]", one.key),
    });
    let all: Vec<String> = needed.chain(others).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// The parameters that are not given yet, or may be given again. ActionID is
/// amish's own to add.
fn free<'a>(page: &'a Page, given: &'a Given) -> impl Iterator<Item = &'a Parameter> {
    page.parameters.iter().filter(|one| {
        let own = one.key.eq_ignore_ascii_case("ActionID");
        !own && (one.repeatable || given.get(&one.key).is_none())
    })
}

/// The rest of the one key that begins with `typed`, and what it means.
fn begun(page: &Page, given: &Given, typed: &str, mark: &str) -> Option<String> {
    let mut fits = free(page, given).filter(|one| {
        let head = one.key.get(..typed.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(typed))
    });
    let (one, None) = (fits.next()?, fits.next()) else {
        return None;
    };
    let rest = one.key.get(typed.len()..).unwrap_or_default();
    let about = meaning(page, &one.key, false).unwrap_or_default();
    Some(format!("{rest}{mark}{about}"))
}

/// What may stand behind `key=`.
fn value(page: &Page, key: &str) -> Option<String> {
    let parameter = page.parameter(key)?;
    let shape = shape(parameter);
    let about = meaning(page, key, false).unwrap_or_default();
    Some(format!("<{shape}>{about}"))
}

/// What `key` is, in a sentence; with its name where it is not on the line.
fn meaning(page: &Page, key: &str, named: bool) -> Option<String> {
    let parameter = page.parameter(key);
    let about = parameter.and_then(|one| one.about.first());
    let about = sentence(about.map_or("", String::as_str));
    match (named, about.is_empty()) {
        (true, true) => Some(format!("  {key}")),
        (true, false) => Some(format!("  {key}: {about}")),
        (false, true) => None,
        (false, false) => Some(format!("  {about}")),
    }
}

/// The first sentence.
fn sentence(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let end = text.find(". ").unwrap_or(text.len());
    text.get(..end)
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}

fn shape(parameter: &Parameter) -> String {
    let choices: Vec<&str> = parameter
        .choices
        .iter()
        .map(|one| one.value.as_str())
        .collect();
    let choices = choices.join("|");
    if !choices.is_empty() && choices.chars().count() <= CHOICES {
        return choices;
    }
    let mut shapes = SHAPES.iter();
    let known = shapes.find(|(key, _)| key.eq_ignore_ascii_case(&parameter.key));
    known.map_or("value", |(_, shape)| shape).to_owned()
}

impl Hint {
    /// As much of it as the row has columns for, of `width`, behind `before`:
    /// the prompt and the line as rustyline draws them. A hint that goes on in
    /// the next row would be left there by what is printed above.
    pub fn cut(mut self, before: &str, width: usize) -> Option<Hint> {
        // The last column stays free: behind it the cursor would be in the
        // next row.
        let room = width.saturating_sub(column(before, width) + 1);
        let columns = |text: &str| {
            text.chars()
                .map(|one| one.width().unwrap_or(0))
                .sum::<usize>()
        };
        if columns(&self.text) > room {
            if room < ENOUGH {
                return None;
            }
            let mut taken = 1;
            self.text.retain(|one| {
                taken = (taken + one.width().unwrap_or(0)).min(room + 1);
                taken <= room
            });
            self.text.push('…');
        }
        Some(self)
    }
}

/// The column behind `text`, in rows of `width`.
fn column(text: &str, width: usize) -> usize {
    let mut at = 0;
    for one in text.chars() {
        let columns = match one {
            '\n' => {
                at = 0;
                continue;
            }
            '\t' => 8 - at % 8,
            one => one.width().unwrap_or(0),
        };
        at += columns;
        if at > width {
            at = columns;
        }
    }
    if at >= width { 0 } else { at }
}

#[cfg(test)]
mod tests;
