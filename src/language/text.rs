//! A value as typed: text, in a script with variables in it.

use super::Fault;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, Range};

/// Bytes without quotes and escapes. Variables stand in them as they were
/// typed, until [`Text::with`] puts values in their places; so what became of a
/// value is never read again, neither for blanks nor for quotes or a `$`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text {
    bytes: Vec<u8>,
    /// Where variables stand, in order, and their names.
    variables: Vec<(Range<usize>, String)>,
}

impl Text {
    /// One more byte at its end.
    pub(super) fn push(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// A variable at its end, which was typed `typed`.
    pub(super) fn push_variable(&mut self, typed: &str) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(typed.as_bytes());
        let name = typed.trim_matches(['$', '{', '}']).to_owned();
        self.variables.push((start..self.bytes.len(), name));
    }

    /// Is it the same whatever was set?
    pub fn is_fixed(&self) -> bool {
        self.variables.is_empty()
    }

    /// With the values of `variables` in it.
    ///
    /// # Errors
    /// One of its variables is not set.
    pub fn with(&self, variables: &Variables) -> Result<Text, Fault> {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut done = 0;
        for (at, name) in &self.variables {
            let typed = self.bytes.get(at.clone()).unwrap_or_default();
            let unset = || Fault::Unset(String::from_utf8_lossy(typed).into_owned());
            bytes.extend_from_slice(self.bytes.get(done..at.start).unwrap_or_default());
            bytes.extend_from_slice(variables.get(name).ok_or_else(unset)?);
            done = at.end;
        }
        bytes.extend_from_slice(self.bytes.get(done..).unwrap_or_default());
        Ok(bytes.into())
    }

    /// Its bytes, once nothing can change them.
    ///
    /// # Errors
    /// A variable still stands in it.
    pub fn fixed(&self) -> Result<&[u8], Fault> {
        match self.variables.first() {
            None => Ok(&self.bytes),
            Some((at, _)) => {
                let typed = self.bytes.get(at.clone()).unwrap_or_default();
                Err(Fault::Unset(String::from_utf8_lossy(typed).into_owned()))
            }
        }
    }
}

/// As typed.
impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Text {
        Text {
            bytes,
            variables: Vec::new(),
        }
    }
}

/// Without the bytes, which may be a secret.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}

/// What a script has set.
#[derive(Default)]
pub struct Variables(BTreeMap<String, Vec<u8>>);

impl Variables {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Gives `name` this value.
    pub fn set(&mut self, name: &str, value: Vec<u8>) {
        self.0.insert(name.to_owned(), value);
    }

    /// Takes the value of `name` back: an old one would be taken for the new.
    pub fn unset(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// Without the values, which may be secrets.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
