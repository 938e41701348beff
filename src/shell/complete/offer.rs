//! Suggestions for the cursor, not yet checked for whether they can be typed
//! there.

use crate::catalog::Kind;

/// A suggested name. It may come from the server: it gets onto the line only as
/// a [`Candidate`](super::Candidate).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell) struct Offer {
    pub name: String,
    /// A description.
    pub about: String,
    /// How it is typed. Private, since [`Candidate`](super::Candidate) trusts
    /// it.
    form: Form,
    /// The word continues after it, so no blank follows.
    pub goes_on: bool,
}

/// How a name is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell) enum Form {
    /// Verbatim: one of amish's own words.
    Own,
    /// Verbatim: the name of an Action or an event.
    Name,
    /// Verbatim, followed by a value.
    Key,
    /// Quoted if necessary.
    Value,
    /// The same, as the value of this header in an expression.
    Tested(String),
}

impl Offer {
    /// One of amish's own words.
    pub fn own(name: &'static str, about: &str) -> Offer {
        Offer::name(name, about).of(Form::Own)
    }

    pub fn name(name: impl Into<String>, about: &str) -> Offer {
        Offer {
            name: name.into(),
            about: about.to_owned(),
            form: Form::Name,
            goes_on: false,
        }
    }

    pub fn key(name: impl Into<String>, about: &str) -> Offer {
        Offer::name(name, about).of(Form::Key).begun()
    }

    pub fn value(name: impl Into<String>, about: &str) -> Offer {
        Offer::name(name, about).of(Form::Value)
    }

    /// A command of amish, typed with a slash.
    pub fn command(name: &'static str, about: &str) -> Offer {
        Offer {
            name: format!("/{name}"),
            ..Offer::own(name, about)
        }
    }

    /// A value tested for in an expression.
    pub fn tested(self, key: &str) -> Offer {
        self.of(Form::Tested(key.to_owned()))
    }

    pub fn form(&self) -> &Form {
        &self.form
    }

    fn of(self, form: Form) -> Offer {
        Offer { form, ..self }
    }

    /// Marks it as the beginning of a word.
    pub fn begun(self) -> Offer {
        Offer {
            goes_on: true,
            ..self
        }
    }
}

/// Suggestions for one place.
#[derive(Default)]
pub(super) struct Offers {
    /// How many bytes of the typed word stay: in a list only the part after the
    /// last comma is replaced.
    pub kept: usize,
    pub offers: Vec<Offer>,
    /// Values to ask the server for: unknown or out of date.
    pub unknown: Vec<Kind>,
}

impl Offers {
    /// Adds suggestions for the same place.
    pub fn add(&mut self, more: Offers) {
        if self.offers.is_empty() {
            self.kept = more.kept;
        }
        if self.kept == more.kept {
            self.offers.extend(more.offers);
        }
        self.unknown.extend(more.unknown);
    }

    /// Puts `first` before the others, if both begin at the same place.
    pub fn after(mut self, first: Vec<Offer>) -> Offers {
        if self.kept == 0 {
            self.offers.splice(0..0, first);
        }
        self
    }
}

impl From<Vec<Offer>> for Offers {
    fn from(offers: Vec<Offer>) -> Offers {
        Offers {
            offers,
            ..Offers::default()
        }
    }
}

/// The `words` that begin with what is typed, with their descriptions.
pub(super) fn own(words: &[(&'static str, &str)], typed: &str) -> Vec<Offer> {
    let fits = words.iter().filter(|(word, _)| begins(word, typed));
    fits.map(|(word, about)| Offer::own(word, about)).collect()
}

/// Does `word` begin with what is typed, in any case?
pub(in crate::shell) fn begins(word: &str, typed: &str) -> bool {
    let head = word.get(..typed.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(typed))
}
