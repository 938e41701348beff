//! Action lines, and the Actions they become.

use super::text::Variables;
use super::word::{Misplaced, Word, key_of};
use super::{Fault, Text, asterisk_cli};
use crate::ami::Action;
use crate::ami::masking::has_credentials;
use crate::catalog::Catalog;

/// Second words that make a line a CLI command, whatever the first.
const CLI_VERBS: [&str; 7] = ["show", "set", "reload", "list", "load", "unload", "debug"];

/// `Action key=value word …`, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionLine {
    /// The name as typed.
    pub name: String,
    /// The arguments, in order.
    pub arguments: Vec<Argument>,
}

/// `key=value` or a bare word.
#[derive(Clone, PartialEq, Eq)]
pub struct Argument {
    /// The key as typed; None for a bare word.
    pub key: Option<String>,
    /// Any bytes.
    pub value: Text,
}

/// Without the value, which may be a secret.
impl std::fmt::Debug for Argument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = self.key.as_deref().unwrap_or("(bare)");
        write!(f, "{key}: {} bytes", self.value.len())
    }
}

impl ActionLine {
    /// Builds it from the words of a line.
    pub(super) fn of(words: Vec<Word>) -> Result<ActionLine, Misplaced> {
        let mut words = words.into_iter();
        let Some(first) = words.next() else {
            return Err((0..0, Fault::NotAName("an empty line".to_owned())));
        };
        let name = match first.key {
            Some(key) => Err(Fault::KeyFirst(key)),
            None => name(&first.value),
        };
        let arguments = words.map(|word| Argument {
            key: word.key,
            value: word.value,
        });
        Ok(ActionLine {
            name: name.map_err(|fault| (first.span, fault))?,
            arguments: arguments.collect(),
        })
    }

    /// Builds it from command-line arguments, each one word already: quotes and
    /// `$` in them are plain text.
    pub(super) fn of_words(first: &str, rest: &[String]) -> Result<ActionLine, Fault> {
        let word = |text: &str| {
            let key = key_of(text.as_bytes()).map(str::to_owned);
            let start = key.as_ref().map_or(0, |key| key.len() + 1);
            let value = text.get(start..).unwrap_or_default();
            let mut word = Word::plain(value.as_bytes(), start);
            word.key = key;
            word
        };
        let rest = rest.iter().map(|text| word(text));
        let line = ActionLine::of(std::iter::once(word(first)).chain(rest).collect());
        line.map_err(|(_, fault)| fault)
    }

    /// Does it contain no variables?
    pub(super) fn is_fixed(&self) -> bool {
        self.arguments.iter().all(|one| one.value.is_fixed())
    }

    pub(super) fn with(&self, variables: &Variables) -> Result<ActionLine, Fault> {
        let with = |one: &Argument| {
            let value = one.value.with(variables)?;
            let key = one.key.clone();
            Ok::<_, Fault>(Argument { key, value })
        };
        Ok(ActionLine {
            name: self.name.clone(),
            arguments: self.arguments.iter().map(with).collect::<Result<_, _>>()?,
        })
    }

    /// The Action to send, with names in the server's spelling and keys for
    /// bare words, but without an ActionID.
    ///
    /// # Errors
    /// As [`ActionLine::keys`], [`Fault::Unset`], and text that a server would
    /// misread.
    pub fn action(&self, catalog: &Catalog) -> Result<Action, Fault> {
        let name = catalog.find(&self.name).unwrap_or(&self.name);
        let mut action = Action::new(name)?;
        for (key, argument) in self.keys(catalog)?.into_iter().zip(&self.arguments) {
            action.push(key, argument.value.fixed()?)?;
        }
        Ok(action)
    }

    /// The key of each argument, in the server's spelling. A bare word fills
    /// the first position whose key was not given.
    ///
    /// # Errors
    /// [`Fault::TooManyWords`], [`Fault::NoBareWords`].
    pub fn keys<'a>(&'a self, catalog: &'a Catalog) -> Result<Vec<&'a str>, Fault> {
        let given: Vec<&str> = self
            .arguments
            .iter()
            .filter_map(|one| one.key.as_deref())
            .collect();
        let bare = self.arguments.len() - given.len();
        let Some(places) = catalog.fill(&self.name, bare, &given) else {
            return Err(self.too_many(catalog));
        };
        let mut places = places.into_iter();
        let spelling = catalog.spelling(&self.name);
        let key = |argument: &'a Argument| {
            let key = argument.key.as_deref().or_else(|| places.next());
            let key = key.unwrap_or_default();
            spelling(key).unwrap_or(key)
        };
        Ok(self.arguments.iter().map(key).collect())
    }

    /// What to tell of each bare word directly behind a `Key=value`: it fills
    /// another key, and may be the rest of a value whose quotes were forgotten.
    /// The word is not shown, for the value may be a secret.
    pub fn strays(&self, catalog: &Catalog) -> Vec<String> {
        // A value with a blank in it had its quotes.
        let is_stray = |pair: &[Argument]| match pair {
            [before, word] => {
                let open = !before.value.iter().any(u8::is_ascii_whitespace);
                before.key.is_some() && word.key.is_none() && open
            }
            _ => false,
        };
        if !self.arguments.windows(2).any(is_stray) {
            return Vec::new();
        }
        let keys = self.keys(catalog).unwrap_or_default();
        let pairs = self.arguments.windows(2).zip(keys.windows(2));
        let told = pairs.filter_map(|(pair, keys)| match keys {
            [before, filled] if is_stray(pair) => Some(format!(
                "the word behind {before}= fills {filled}; a value with blanks stands in quotes"
            )),
            _ => None,
        });
        told.collect()
    }

    /// The line as a CLI command, if it looks like one: bare words only, with a
    /// CLI word first or second; both, if the first is also the name of an
    /// Action. `show` first is put where servers look for it.
    pub(super) fn as_cli(&self, catalog: &Catalog) -> Option<String> {
        if self.name.eq_ignore_ascii_case("show") {
            return asterisk_cli::shown(&self.bare_words()?.join(" "));
        }
        let topic = asterisk_cli::is_first_word(&self.name);
        let verb = self.has_cli_verb();
        let looks = match catalog.find(&self.name) {
            Some(_) => topic && verb,
            None => topic || verb,
        };
        let words = self.bare_words()?;
        let text = [&[&self.name[..]], &words[..]].concat().join(" ");
        looks.then_some(text)
    }

    /// Is the word behind the first one that CLI commands have there?
    pub(super) fn has_cli_verb(&self) -> bool {
        let second = self.arguments.first();
        second.is_some_and(|second| {
            let mut verbs = CLI_VERBS.iter();
            verbs.any(|verb| verb.as_bytes().eq_ignore_ascii_case(&second.value))
        })
    }

    /// The arguments, if all are bare words of text.
    fn bare_words(&self) -> Option<Vec<&str>> {
        let bare = |one: &Argument| one.key.is_none();
        let all = self.arguments.iter().all(bare);
        let words = self.arguments.iter();
        let words = words.map(|one| std::str::from_utf8(&one.value).ok());
        words.collect::<Option<_>>().filter(|_| all)
    }

    fn too_many(&self, catalog: &Catalog) -> Fault {
        if let Some(text) = self.as_cli(catalog) {
            return Fault::IsCli(text);
        }
        let known = catalog.find(&self.name);
        let action = known.unwrap_or(&self.name).to_owned();
        match catalog.places(&self.name).as_slice() {
            [] => {
                let near = catalog.nearest(&self.name).into_iter();
                let near = near.filter(|_| known.is_none()).map(str::to_owned);
                let nearest = near.collect();
                Fault::NoBareWords { action, nearest }
            }
            keys => Fault::TooManyWords {
                action,
                keys: keys.join(", "),
            },
        }
    }
}

/// The name of an Action: begins with a letter or digit, without blanks or
/// colons.
fn name(word: &[u8]) -> Result<String, Fault> {
    let text = String::from_utf8_lossy(word);
    let shown = || match has_credentials(&text) {
        true => "the first word".to_owned(),
        false if text.is_empty() || text.contains(char::is_whitespace) => {
            format!("'{}'", text.escape_debug())
        }
        false => text.escape_debug().to_string(),
    };
    if text.eq_ignore_ascii_case("\\q") {
        return Err(Fault::Backslash);
    }
    let begins = text.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if !begins || !plain {
        Err(Fault::NotAName(shown()))
    } else if text.contains(':') {
        Err(Fault::ColonInside(shown()))
    } else {
        Ok(text.into_owned())
    }
}
