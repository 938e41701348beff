//! What may stand at the cursor: a line, a position and what is known in,
//! candidates out. Pure: what only the server can tell is named as a wish, and
//! whoever calls asks for it, and completes again.

mod actions;
mod expression;
mod files;
mod keys;
mod spot;
#[cfg(test)]
mod tests;
mod values;
mod words;

pub(super) use files::{Entry, entries};
pub(super) use spot::{Given, What, spot};

use super::asker;
use crate::catalog::{Catalog, Kind};
use crate::language::{Place, quote};
use crate::settings::Config;

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Takes the place of what was typed of the word.
    pub text: String,
    /// What is shown for it.
    pub name: String,
    /// What it is.
    pub about: String,
    /// The word goes on behind it: no blank follows.
    pub goes_on: bool,
}

impl Candidate {
    /// A whole word, written as it is shown.
    fn new(text: &str, about: &str) -> Candidate {
        Candidate {
            text: text.to_owned(),
            name: text.to_owned(),
            about: about.to_owned(),
            goes_on: false,
        }
    }

    /// The beginning of a word.
    fn begun(text: &str, about: &str) -> Candidate {
        Candidate {
            goes_on: true,
            ..Candidate::new(text, about)
        }
    }
}

/// What is known at this moment.
pub(super) struct Known<'a> {
    pub catalog: &'a Catalog,
    /// For `/connect`.
    pub profiles: &'a [Candidate],
    /// What there is on the server.
    pub values: &'a dyn Fn(&Kind) -> asker::Found,
    /// What is in a folder of this machine.
    pub files: &'a dyn Fn(&str) -> Vec<Entry>,
}

/// What may stand at the cursor.
#[derive(Default)]
pub(super) struct Found {
    /// How much of what was typed of the word stays: in a list behind a comma
    /// only the last part is replaced.
    kept: usize,
    pub candidates: Vec<Candidate>,
    /// What only the server can tell, and has not of late.
    pub wishes: Vec<Kind>,
}

impl Found {
    /// Others for the same place.
    fn add(&mut self, more: Found) {
        if self.candidates.is_empty() {
            self.kept = more.kept;
        }
        if self.kept == more.kept {
            self.candidates.extend(more.candidates);
        }
        self.wishes.extend(more.wishes);
    }
}

impl From<Vec<Candidate>> for Found {
    fn from(candidates: Vec<Candidate>) -> Found {
        Found {
            candidates,
            ..Found::default()
        }
    }
}

/// The candidates at `position`, and where the text begins that they replace.
/// Both count bytes; `position` is at a character.
pub(super) fn complete(buffer: &str, position: usize, known: &Known<'_>) -> (usize, Found) {
    let spot = spot(buffer, position, known.catalog);
    let typed = spot.typed.as_str();
    let found = match &spot.what {
        What::First => actions::first_words(typed, known.catalog).into(),
        What::Argument { given, bare } => {
            let mut values = Found::default();
            for key in bare {
                values.add(values::of(given, key, typed, known));
            }
            let mut found = spelt(values, spot.quote);
            // A word that begins with a quote has no key.
            if spot.quote.is_none() && found.kept == 0 {
                let keys = keys::of_line(given, typed, known.catalog);
                found.candidates.splice(0..0, keys);
            }
            found
        }
        What::Value { given, key } => spelt(values::of(given, key, typed, known), spot.quote),
        What::Header(given) => keys::of_packet(given, typed, known.catalog).into(),
        What::HeaderValue { given, key } => {
            let names = actions::names(typed, known.catalog);
            match key.eq_ignore_ascii_case("Action") {
                true => names.collect::<Vec<_>>().into(),
                false => values::of(given, key, typed, known),
            }
        }
        What::Builtin { name, earlier } => {
            spelt(words::of(name, earlier, typed, known), spot.quote)
        }
        What::Cli(text) => Found {
            // The word alone was typed here.
            kept: 0,
            ..values::cli(text, known)
        },
        What::Nothing => Found::default(),
    };
    (spot.start + found.kept, found)
}

/// The candidates as they are typed on an Action line: in quotes where they
/// need them, or where one is open.
fn spelt(mut found: Found, open: Option<char>) -> Found {
    // Behind a comma a quoted word goes on as it began.
    if found.kept == 0 || open.is_none() {
        for one in &mut found.candidates {
            one.text = in_quotes(&one.name, open, one.goes_on);
        }
    }
    if found.kept > 0 {
        found.kept += open.map_or(0, char::len_utf8);
    }
    found
}

fn in_quotes(value: &str, open: Option<char>, goes_on: bool) -> String {
    let mut quoted = match open {
        Some('\'') if !value.contains('\'') => format!("'{value}'"),
        Some('"') => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => String::from_utf8_lossy(&quote(value.as_bytes(), Place::Shell)).into_owned(),
    };
    if goes_on && quoted.starts_with(['\'', '"']) {
        quoted.pop();
    }
    quoted
}

/// The profiles of `config` that can be typed as one word.
pub(super) fn profiles(config: &Config) -> Vec<Candidate> {
    let is_word = |name: &str| !name.chars().any(|c| c.is_whitespace() || c.is_control());
    let typed = config.profiles.iter().filter(|one| is_word(&one.name));
    typed
        .map(|one| Candidate::new(&one.name, one.target.as_deref().unwrap_or_default()))
        .collect()
}

/// Does `word` begin with what is typed, in any case?
fn begins(word: &str, typed: &str) -> bool {
    let head = word.get(..typed.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(typed))
}
