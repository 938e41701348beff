//! Text that a server has wrapped, as paragraphs again; and the values that the
//! text of an argument names.

use super::super::page::Choice;

/// How a server breaks lines, which tells a broken line from one that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapped {
    /// At the last word that fits into 79 columns.
    Words,
    /// Around column 74 (1.8), a few letters before or behind, in the middle of
    /// a long word.
    Columns,
}

/// Values that texts name in passing; whole words of an otherwise free text.
const PAIRS: [(&str, [&str; 2]); 5] = [
    ("true/false", ["true", "false"]),
    ("true or false", ["true", "false"]),
    ("yes/no", ["yes", "no"]),
    ("yes or no", ["yes", "no"]),
    ("on/off", ["on", "off"]),
];

/// Behind these a text names a value in quotes.
const NAMING: [&str; 2] = ["set to \"", "parameter is \""];

/// A piece of text that stands for itself, and how deep it stands.
struct Piece {
    depth: usize,
    text: String,
}

impl Wrapped {
    /// The paragraphs of `lines`; a code example has one for each line.
    pub fn paragraphs(self, lines: &[&str]) -> Vec<String> {
        self.pieces(lines).iter().map(Piece::shown).collect()
    }

    /// What the text of an argument says: its paragraphs, and the values that
    /// it lists. A list in a list is no list of values, but of what a value is
    /// made of.
    pub fn argument(self, lines: &[&str]) -> (Vec<String>, Vec<Choice>) {
        let mut pieces = self.pieces(lines);
        let base = pieces.iter().map(|one| one.depth).min().unwrap_or(0);
        pieces.iter_mut().for_each(|one| one.depth -= base);
        let all: Vec<String> = pieces.iter().map(Piece::shown).collect();
        let (mut about, mut choices) = (Vec::new(), Vec::<Choice>::new());
        // A word that stands alone is a value if a text announces it.
        let mut announced = false;
        for piece in pieces
            .iter()
            .filter(|_| !all.iter().any(|one| one.starts_with(' ')))
        {
            let text = piece.text.as_str();
            match (listed(text), choices.last_mut()) {
                (Some(choice), _) => {
                    announced |= !choice.about.is_empty();
                    choices.push(choice);
                }
                (None, Some(last)) if is_note(text) && !last.about.is_empty() => {
                    last.about.push(' ');
                    last.about.push_str(text);
                }
                _ => {
                    announced |= text.ends_with(':');
                    about.push(piece.shown());
                }
            }
        }
        match announced && !choices.is_empty() || choices.len() > 1 {
            true => (about, choices),
            false => {
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

    /// Was the line `above` broken before `text`? Not if its first word would
    /// have found room.
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

impl Piece {
    fn shown(&self) -> String {
        format!("{}{}", " ".repeat(self.depth), self.text)
    }
}

/// `value - what it does`, or a word alone.
fn listed(text: &str) -> Option<Choice> {
    let (value, about) = text
        .split_once(" - ")
        .unwrap_or((text.trim_end_matches(" -"), ""));
    let is_value = !value.is_empty()
        && !value.contains(|c: char| c.is_whitespace() || "<>{}|\"'".contains(c))
        && !value.contains("...")
        && !value.ends_with(['.', ',', ':', ';', '!', '?']);
    is_value.then(|| Choice {
        value: value.to_owned(),
        about: about.to_owned(),
    })
}

/// What belongs to the value above it.
fn is_note(text: &str) -> bool {
    text.starts_with("NOTE:") || text.starts_with("WARNING")
}

/// Values that a text names without listing them.
fn in_passing(text: &str) -> Vec<Choice> {
    let text = text.replace('\'', "\"");
    let lower = text.to_ascii_lowercase();
    let pair = PAIRS.iter().find(|(words, _)| lower.contains(words));
    let values = match pair {
        Some((_, values)) => values.to_vec(),
        None => NAMING
            .iter()
            .flat_map(|words| quoted(&text, &lower, words))
            .collect(),
    };
    let choice = |value: &str| Choice {
        value: value.to_owned(),
        about: String::new(),
    };
    values.into_iter().map(choice).collect()
}

/// The words in quotes behind each `naming` of `text`, to the end of its
/// sentence. What else may stand there is not said.
fn quoted<'a>(text: &'a str, lower: &str, naming: &str) -> Vec<&'a str> {
    let begins = lower
        .match_indices(naming)
        .map(|(at, _)| at + naming.len() - 1);
    let sentences = begins.filter_map(|at| text.get(at..)?.split(". ").next());
    let words = sentences.flat_map(|sentence| sentence.split('"').skip(1).step_by(2));
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
    words.filter(is_word).collect()
}

/// Do `texts` say that the key may be given more than once?
pub(super) fn is_repeated(key: &str, texts: &[&str]) -> bool {
    let key = key.to_ascii_lowercase();
    texts.iter().any(|text| {
        let text = text.to_ascii_lowercase().replace('\'', "");
        text.contains(&format!("multiple {key}:"))
            || text.contains(&format!("multiple {key} headers"))
    })
}
