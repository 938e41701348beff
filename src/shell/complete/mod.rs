//! What may stand at the cursor: a line, a position and what is known in,
//! candidates out. Pure: what a server would have to tell first is named, and
//! whoever calls asks it.

mod actions;
mod keys;
mod spot;
mod words;

pub(super) use spot::{Given, What, spot};

use crate::catalog::Catalog;
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
}

/// What is known at this moment.
pub(super) struct Known<'a> {
    pub catalog: &'a Catalog,
    /// For `/connect`.
    pub profiles: &'a [Candidate],
}

/// The candidates at `position`, and where the text begins that they replace.
/// Both count bytes; `position` is at a character.
pub(super) fn complete(
    buffer: &str,
    position: usize,
    known: &Known<'_>,
) -> (usize, Vec<Candidate>) {
    let spot = spot(buffer, position, known.catalog);
    let typed = spot.typed.as_str();
    let found = match &spot.what {
        What::First => actions::first_words(typed, known.catalog),
        What::Argument { given, bare } => {
            let keys = keys::of_line(given, typed, known.catalog);
            let values = bare.iter();
            let values = values.flat_map(|key| keys::choices(given, key, typed, known.catalog));
            let values = spelt(values.collect(), spot.quote);
            // A word that begins with a quote has no key.
            let keys = keys.into_iter().filter(|_| spot.quote.is_none());
            keys.chain(values).collect()
        }
        What::Value { given, key } => {
            let values = keys::choices(given, key, typed, known.catalog);
            return (spot.start, spelt(values, spot.quote));
        }
        What::Header(given) => keys::of_packet(given, typed, known.catalog),
        What::HeaderValue { key, .. } if key.eq_ignore_ascii_case("Action") => {
            actions::names(typed, known.catalog).collect()
        }
        What::HeaderValue { given, key } => keys::choices(given, key, typed, known.catalog),
        What::Builtin { name, earlier } => {
            let (start, found) = words::of(name, earlier, typed, known);
            return (position - (typed.len() - start), found);
        }
        What::Cli(_) | What::Nothing => Vec::new(),
    };
    (spot.start, found)
}

/// The candidates as they are typed on an Action line: in quotes where they
/// need them, or where one is open.
fn spelt(found: Vec<Candidate>, open: Option<char>) -> Vec<Candidate> {
    let spell = |mut one: Candidate| {
        one.text = in_quotes(&one.name, open);
        one
    };
    found.into_iter().map(spell).collect()
}

fn in_quotes(value: &str, open: Option<char>) -> String {
    match open {
        Some('\'') if !value.contains('\'') => format!("'{value}'"),
        Some('"') => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => String::from_utf8_lossy(&quote(value.as_bytes(), Place::Shell)).into_owned(),
    }
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

#[cfg(test)]
mod tests;
