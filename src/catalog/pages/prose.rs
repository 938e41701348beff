//! Joins text that a server has wrapped into paragraphs, and finds the values
//! that the text of an argument names.

use super::super::page::Choice;
use crate::peer_text::PeerText;
use std::collections::BTreeSet;

/// How many values of a key are kept, and how many bytes of each. ModuleLoad
/// has most: 14.
const CHOICES: usize = 200;
const LONGEST: usize = 80;

/// How a server wraps lines, which distinguishes a wrapped line from the end of
/// a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapped {
    /// At the last word that fits into 79 columns.
    Words,
    /// Near column 74 (1.8), give or take a few letters, even inside a long
    /// word.
    Columns,
}

/// Pairs of values that texts mention in passing.
const PAIRS: [(&str, [&str; 2]); 5] = [
    ("true/false", ["true", "false"]),
    ("true or false", ["true", "false"]),
    ("yes/no", ["yes", "no"]),
    ("yes or no", ["yes", "no"]),
    ("on/off", ["on", "off"]),
];

/// A text names a quoted value after these words.
const NAMING: [&str; 2] = ["set to \"", "parameter is \""];

/// A line or paragraph, with its indentation.
struct Piece {
    depth: usize,
    text: String,
}

impl Wrapped {
    /// The paragraphs of `lines`; in a code example each line is one.
    pub fn paragraphs(self, lines: &[&str]) -> Vec<String> {
        self.pieces(lines).iter().map(Piece::shown).collect()
    }

    /// The text of an argument: its paragraphs, and the values that it lists. A
    /// nested list does not list values, but parts of a value.
    pub fn argument(self, lines: &[&str]) -> (Vec<String>, Vec<Choice>) {
        let mut pieces = self.pieces(lines);
        let base = pieces.iter().map(|one| one.depth).min().unwrap_or(0);
        pieces.iter_mut().for_each(|one| one.depth -= base);
        let all: Vec<String> = pieces.iter().map(Piece::shown).collect();
        let is_flat = pieces.iter().all(|one| one.depth == 0);
        let (about, listed) = match is_flat {
            true => told_apart(&pieces),
            false => (Vec::new(), None),
        };
        match listed {
            Some(choices) => (about, choices),
            None => {
                let choices = in_passing(&all.join(" "));
                (all, choices)
            }
        }
    }

    fn pieces(self, lines: &[&str]) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut above: Option<&str> = None;
        for line in lines {
            let text = line.trim();
            let depth = line.len() - line.trim_start().len();
            let goes_on = above.is_some_and(|above| self.goes_on(above, text))
                && pieces.last().is_some_and(|last| last.depth == depth);
            above = (!text.is_empty()).then_some(line);
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            match pieces.last_mut() {
                _ if text.is_empty() => {}
                Some(last) if goes_on => {
                    last.text.push(' ');
                    last.text.push_str(&words);
                }
                _ => pieces.push(Piece { depth, text: words }),
            }
        }
        pieces
    }

    /// Whether the line `above` was wrapped before `text`, which it was not if
    /// the first word would have fitted.
    fn goes_on(self, above: &str, text: &str) -> bool {
        let length = above.trim_end().chars().count();
        let word = text.split_whitespace().next().unwrap_or_default();
        let is_value = word.len() == text.len() && listed(text).is_some();
        if is_value && above.trim_end().ends_with(['.', ':']) {
            return false;
        }
        match self {
            Wrapped::Words => length + 1 + word.chars().count() > 79,
            Wrapped::Columns => length >= 69,
        }
    }
}

/// The text of `pieces`, and the values that they list, if any.
fn told_apart(pieces: &[Piece]) -> (Vec<String>, Option<Vec<Choice>>) {
    let (mut about, mut choices) = (Vec::new(), Vec::<(&str, String)>::new());
    // A single word is a value only if a text announced it.
    let mut announced = false;
    for piece in pieces {
        let text = piece.text.as_str();
        match (listed(text), choices.last_mut()) {
            (Some((value, does)), _) => {
                announced |= !does.is_empty();
                choices.push((value, does.to_owned()));
            }
            (None, Some((_, does))) if is_note(text) && !does.is_empty() => {
                does.push(' ');
                does.push_str(text);
            }
            _ => {
                announced |= text.ends_with(':');
                about.push(piece.shown());
            }
        }
    }
    let are_values = announced && !choices.is_empty() || choices.len() > 1;
    let choices = choices.into_iter().take(CHOICES);
    let choices = choices.map(|(value, does)| choice(value, does)).collect();
    (about, are_values.then_some(choices))
}

/// Text from the server, which is untrusted.
pub(super) fn peer(text: impl Into<String>) -> PeerText<'static> {
    PeerText::new(text.into().into_bytes())
}

fn choice(value: &str, about: String) -> Choice {
    Choice {
        value: peer(value),
        about: peer(about),
    }
}

impl Piece {
    fn shown(&self) -> String {
        format!("{}{}", " ".repeat(self.depth), self.text)
    }
}

/// `value - what it does`, or a word alone.
fn listed(text: &str) -> Option<(&str, &str)> {
    let (value, about) = text
        .split_once(" - ")
        .unwrap_or((text.trim_end_matches(" -"), ""));
    let is_value = (1..=LONGEST).contains(&value.len())
        && !value.contains(|c: char| c.is_whitespace() || "<>{}|\"'".contains(c))
        && !value.contains("...")
        && !value.ends_with(['.', ',', ':', ';', '!', '?']);
    is_value.then_some((value, about))
}

/// Whether the text belongs to the value above it.
fn is_note(text: &str) -> bool {
    text.starts_with("NOTE:") || text.starts_with("WARNING")
}

/// The values that a text names without listing them.
fn in_passing(text: &str) -> Vec<Choice> {
    let text = text.replace('\'', "\"");
    let lower = text.to_ascii_lowercase();
    let pair = PAIRS.iter().find(|(words, _)| lower.contains(words));
    let values = match pair {
        Some((_, values)) => values.to_vec(),
        None => NAMING
            .iter()
            .flat_map(|words| quoted(&text, words))
            .take(CHOICES)
            .collect(),
    };
    let choice = |value: &str| choice(value, String::new());
    values.into_iter().map(choice).collect()
}

/// The quoted words after `naming`, to the end of each sentence of `text`.
fn quoted<'a>(text: &'a str, naming: &str) -> impl Iterator<Item = &'a str> {
    let behind = move |sentence: &'a str| {
        let at = sentence.to_ascii_lowercase().find(naming)?;
        // Starts at the opening quote, the last byte of `naming`.
        sentence.get(at + naming.len() - 1..)
    };
    let sentences = text.split(". ").filter_map(behind);
    let words = sentences.flat_map(|sentence| sentence.split('"').skip(1).step_by(2));
    let is_word = |word: &&str| {
        let fits = (1..=LONGEST).contains(&word.len());
        fits && word.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    words.filter(is_word)
}

/// The keys, in lower case, which `text` says may be given more than once.
pub(super) fn repeated(text: &str) -> BTreeSet<String> {
    const MULTIPLE: &str = "multiple ";
    let text = text.to_ascii_lowercase().replace('\'', "");
    let behind = text.match_indices(MULTIPLE);
    let behind = behind.filter_map(|(at, _)| text.get(at + MULTIPLE.len()..));
    let key = |rest: &str| {
        let end = rest.find([' ', ':'])?;
        let (key, rest) = rest.split_at_checked(end)?;
        let is_said = rest.starts_with(':') || rest.starts_with(" headers");
        is_said.then(|| key.to_owned())
    };
    behind.filter_map(key).collect()
}
