//! An Action line and what it becomes.

use super::text::Variables;
use super::word::{Misplaced, Word, key_of};
use super::{Fault, Text};
use crate::ami::Action;
use crate::catalog::Catalog;

/// `Action key=value word …`, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionLine {
    /// The name, in the user's spelling.
    pub name: String,
    /// What follows it, in order.
    pub arguments: Vec<Argument>,
}

/// `key=value` or a bare word.
#[derive(Clone, PartialEq, Eq)]
pub struct Argument {
    /// In the user's spelling; None for a bare word.
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
    /// From the words of a line.
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

    /// From arguments of the command line, each a word already: quotes and `$`
    /// in them are text.
    pub(super) fn of_words(first: &str, rest: &[String]) -> Result<ActionLine, Fault> {
        let argument = |word: &String| match key_of(word.as_bytes()) {
            Some(key) => Argument {
                key: Some(key.to_owned()),
                value: word
                    .as_bytes()
                    .get(key.len() + 1..)
                    .unwrap_or_default()
                    .to_vec()
                    .into(),
            },
            None => Argument {
                key: None,
                value: word.as_bytes().to_vec().into(),
            },
        };
        if let Some(key) = key_of(first.as_bytes()) {
            return Err(Fault::KeyFirst(key.to_owned()));
        }
        Ok(ActionLine {
            name: name(first.as_bytes())?,
            arguments: rest.iter().map(argument).collect(),
        })
    }

    /// Is it the same whatever was set?
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

    /// The Action to send: names in the server's spelling, bare words with
    /// their keys. No ActionID is added.
    ///
    /// # Errors
    /// As [`ActionLine::keys`], [`Fault::Unset`], and what a server would
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
    /// the first place whose key was not given.
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

    fn too_many(&self, catalog: &Catalog) -> Fault {
        let action = catalog.find(&self.name).unwrap_or(&self.name).to_owned();
        match catalog.places(&self.name).as_slice() {
            [] => Fault::NoBareWords(action),
            keys => Fault::TooManyWords {
                action,
                keys: keys.join(", "),
            },
        }
    }
}

/// The name of an Action: text without blanks that begins with a letter or a
/// digit and holds no colon.
fn name(word: &[u8]) -> Result<String, Fault> {
    let text = String::from_utf8_lossy(word);
    let shown = || text.escape_debug().to_string();
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
