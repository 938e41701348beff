//! Hints: what may follow the line being typed, drawn dim after it. Takes a
//! buffer, a Catalog and a history entry, returns text.
//!
//! Hints depend on edits, not on the cursor: rustyline draws the hint at the
//! end of the line wherever the cursor is, and asks for another only after a
//! change.

use super::complete::{Given, What, begins, spot};
use crate::catalog::{Catalog, Page, Parameter};
use crate::language::usage_of;
use crate::output::{cut, signs};
use crate::peer_text::{PeerText, visible};
use unicode_width::UnicodeWidthChar;

/// Fewer columns are not enough for a useful hint.
const ENOUGH: usize = 4;

/// More characters of an earlier line are on no screen.
const MOST: usize = 1_000;

/// Choices are listed if they take no more columns than this.
const CHOICES: usize = 24;

/// Example values, for keys whose documentation is long.
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
    /// The text shown.
    pub text: String,
    /// What the right arrow inserts, without a line end. Only from a line that
    /// was typed before: usage text is not to be sent.
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

/// The hint after `buffer`, below the lines of its raw packet. `entry` is the
/// newest history entry that continues it.
pub fn hint(buffer: &str, catalog: &Catalog, entry: Option<&str>) -> Option<Hint> {
    let line = buffer.rsplit('\n').next().unwrap_or_default();
    if buffer.trim().is_empty() {
        return None;
    }
    if let Some(rest) = entry.and_then(|entry| rest(entry, buffer)) {
        let shown: String = rest.chars().take(MOST).collect();
        return Some(Hint {
            text: visible::text(shown.as_bytes()).into_owned(),
            rest: Some(rest.to_owned()),
        });
    }
    let text = following(buffer, line, catalog)?;
    let text = visible::text(text.as_bytes()).into_owned();
    (!text.trim().is_empty()).then_some(Hint { text, rest: None })
}

/// The continuation of `buffer` in `entry`, up to the end of the line.
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
            value(catalog.page(&given.action)?, key, typed.is_empty() && bare)
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
            Some(format!("  {}", page.synopsis.terminal()))
        }
        What::HeaderValue { given, key } => {
            value(catalog.page(&given.action)?, key, typed.is_empty())
        }
        What::Builtin { name, earlier } if earlier.is_empty() && typed.is_empty() => {
            usage_of(name).map(|one| one.takes.to_owned())
        }
        What::Cli(_) | What::Builtin { .. } | What::Nothing => None,
    }
}

/// The hint after the first word, before the blank.
fn first(typed: &str, catalog: &Catalog) -> Option<String> {
    if let Some(name) = typed.strip_prefix('/') {
        return usage_of(name).map(|one| format!(" {}", one.takes));
    }
    if typed.eq_ignore_ascii_case("cli") {
        return Some(" a command of the Asterisk CLI".to_owned());
    }
    let page = catalog.page(typed)?;
    let given = Given::default();
    match keys(page, &given, "=") {
        Some(keys) => Some(format!(" {keys}")),
        None => Some(format!("  {}", page.synopsis.terminal())),
    }
}

/// The keys still to be given: required ones with their value, optional ones in
/// brackets.
fn keys(page: &Page, given: &Given, mark: &str) -> Option<String> {
    let free = free(page, given);
    let (needed, others): (Vec<_>, Vec<_>) = free.partition(|one| page.needs(one));
    let needed = needed.iter().map(|one| {
        let gap = if mark == ":" { " " } else { "" };
        format!("{}{mark}{gap}<{}>", one.key, shape(one))
    });
    let others = others.iter().map(|one| match one.repeatable {
        true => format!("[{}{mark}{}]", one.key, signs("…")),
        false => format!("[{}{mark}]", one.key),
    });
    let all: Vec<String> = needed.chain(others).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// The parameters not given yet, or repeatable. Without ActionID, which amish
/// adds itself.
fn free<'a>(page: &'a Page, given: &'a Given) -> impl Iterator<Item = &'a Parameter> {
    page.parameters.iter().filter(|one| {
        let own = one.key.eq_ignore_ascii_case("ActionID");
        !own && (one.repeatable || given.get(&one.key).is_none())
    })
}

/// The rest of the only key that begins with `typed`, and its meaning.
fn begun(page: &Page, given: &Given, typed: &str, mark: &str) -> Option<String> {
    let mut fits = free(page, given).filter(|one| begins(&one.key, typed));
    let (one, None) = (fits.next()?, fits.next()) else {
        return None;
    };
    let rest = one.key.get(typed.len()..).unwrap_or_default();
    let about = meaning(page, &one.key, false).unwrap_or_default();
    Some(format!("{rest}{mark}{about}"))
}

/// What `key` means; before its first letter, also its possible values.
fn value(page: &Page, key: &str, is_new: bool) -> Option<String> {
    if !is_new {
        return meaning(page, key, false);
    }
    let parameter = page.parameter(key)?;
    let shape = shape(parameter);
    let about = meaning(page, key, false).unwrap_or_default();
    Some(format!("<{shape}>{about}"))
}

/// What `key` means, in a sentence; with its name if `named`.
fn meaning(page: &Page, key: &str, named: bool) -> Option<String> {
    let parameter = page.parameter(key);
    let about = parameter.and_then(|one| one.about.first());
    let about = about.map(PeerText::terminal).unwrap_or_default();
    let about = sentence(&about);
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
    let choices = parameter.choices.iter();
    let choices: Vec<_> = choices.map(|one| one.value.terminal()).collect();
    let choices = choices.join("|");
    if !choices.is_empty() && visible::width(&choices) <= CHOICES {
        return choices;
    }
    let mut shapes = SHAPES.iter();
    let known = shapes.find(|(key, _)| key.eq_ignore_ascii_case(&parameter.key));
    known.map_or("value", |(_, shape)| shape).to_owned()
}

impl Hint {
    /// The hint cut to the row of `width` columns after `before`: the prompt
    /// and the line as rustyline draws them. A hint that wrapped would be left
    /// behind by text printed above the line.
    pub fn cut(mut self, before: &str, width: usize) -> Option<Hint> {
        // The last column stays free: after it the cursor would move to the
        // next row.
        let room = width.saturating_sub(column(before, width) + 1);
        if visible::width(&self.text) > room {
            if room < ENOUGH {
                return None;
            }
            self.text = cut(&self.text, room).into_owned();
        }
        Some(self)
    }
}

/// The column after `text`, in rows of `width`.
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
