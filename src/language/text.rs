//! Values as typed: text that, in a script, may contain variables.

use super::Fault;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, Range};

/// Bytes with quotes and escapes resolved. Variables stay as typed until
/// [`Text::with`] replaces them, so a value is never parsed again for blanks,
/// quotes or `$`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text {
    bytes: Vec<u8>,
    /// The positions and names of variables, in order.
    variables: Vec<(Range<usize>, String)>,
}

impl Text {
    /// Appends a byte.
    pub(super) fn push(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Appends a variable, typed as `typed`.
    pub(super) fn push_variable(&mut self, typed: &str) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(typed.as_bytes());
        let name = typed.trim_matches(['$', '{', '}']).to_owned();
        self.variables.push((start..self.bytes.len(), name));
    }

    /// As a string, with bytes that are not UTF-8 replaced.
    pub fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// Does it contain no variables?
    pub fn is_fixed(&self) -> bool {
        self.variables.is_empty()
    }

    /// Replaces its variables by their values.
    ///
    /// # Errors
    /// A variable is not set.
    pub fn with(&self, variables: &Variables) -> Result<Text, Fault> {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut done = 0;
        for (at, name) in &self.variables {
            let typed = self.bytes.get(at.clone()).unwrap_or_default();
            let unset = || Fault::Unset(String::from_utf8_lossy(typed).into_owned());
            bytes.extend_from_slice(self.bytes.get(done..at.start).unwrap_or_default());
            bytes.extend_from_slice(variables.get(name).ok_or_else(unset)?);
            done = at.end;
            if bytes.len() > LARGEST {
                return Err(Fault::TooLarge(LARGEST));
            }
        }
        bytes.extend_from_slice(self.bytes.get(done..).unwrap_or_default());
        Ok(bytes.into())
    }

    /// Its bytes, if it contains no variables.
    ///
    /// # Errors
    /// It still contains a variable.
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

/// The variables of a script.
#[derive(Default)]
pub struct Variables {
    values: BTreeMap<String, Vec<u8>>,
    /// Total size of all values, in bytes.
    held: usize,
}

/// Limit for one value and for all variables together, in bytes. A script that
/// keeps doubling one ends here instead of exhausting the memory.
const LARGEST: usize = 64 * 1024 * 1024;

impl Variables {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.values.get(name).map(Vec::as_slice)
    }

    /// Sets `name`.
    ///
    /// # Errors
    /// All variables together would exceed 64 MiB.
    pub fn set(&mut self, name: &str, value: Vec<u8>) -> Result<(), Fault> {
        self.unset(name);
        let held = self.held + name.len() + value.len();
        if held > LARGEST {
            return Err(Fault::TooLarge(LARGEST));
        }
        self.held = held;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Unsets `name`, so that an old value is not taken for a new one.
    pub fn unset(&mut self, name: &str) {
        if let Some(value) = self.values.remove(name) {
            self.held -= name.len() + value.len();
        }
    }
}

/// Without the values, which may be secrets.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}
