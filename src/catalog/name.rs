//! Names that a server gives to Actions, keys, events and classes, which users
//! type and amish sends.
//!
//! Anything else is dropped in this file: it is not listed, offered or hinted
//! at. So a name is safe to show, to insert into a line and to use in a query.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

/// The longest name, in bytes. Asterisk's longest has 43:
/// `PJSIPShowRegistrationInboundContactStatuses`.
const LONGEST: usize = 80;

/// A name: 1 to 80 printable ASCII characters that form one word of the typed
/// language. Its first character never makes it a local command, a command of
/// amish, a comment, a pipe or an option.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<str>);

impl Name {
    /// The name of an Action: letters and digits, and after the first character
    /// also `-`, `_`, `.`.
    pub fn of_action(bytes: &[u8]) -> Option<Name> {
        Name::with(bytes, b"-_.")
    }

    /// The name of an event: the same characters (`AOC-D`).
    pub fn of_event(bytes: &[u8]) -> Option<Name> {
        Name::with(bytes, b"-_.")
    }

    /// The name of a key: what the typed language accepts before a `=`,
    /// starting with a letter or digit (`Action-000000`, `UnitAmount(0)`).
    pub fn of_key(bytes: &[u8]) -> Option<Name> {
        Name::with(bytes, b"-_()")
    }

    /// The name of a class, as in `read=` and `write=` of manager.conf.
    pub fn of_class(bytes: &[u8]) -> Option<Name> {
        Name::with(bytes, b"-_")
    }

    fn with(bytes: &[u8], others: &[u8]) -> Option<Name> {
        let (first, rest) = bytes.split_first()?;
        let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || others.contains(byte);
        let is_name =
            bytes.len() <= LONGEST && first.is_ascii_alphanumeric() && rest.iter().all(goes_on);
        let text = std::str::from_utf8(bytes).ok().filter(|_| is_name)?;
        Some(Name(text.into()))
    }

    /// As it is typed and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The order of all lists of names: without regard to case.
pub(super) fn order(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Tab inserts a name and Enter runs the line: a name of more than one word
    // has run a local command.
    #[test]
    fn nothing_but_a_name_is_one() {
        let makers = [
            Name::of_action,
            Name::of_event,
            Name::of_key,
            Name::of_class,
        ];
        for evil in [
            "",
            "!id",
            "/save",
            "#x",
            "|x",
            "&",
            "-x",
            "$x",
            "?",
            "=x",
            ":x",
            "(x",
            "_x",
            "a b",
            "a\n!id>FILE #",
            "a\r",
            "a\0",
            "a\u{1b}M",
            "a\u{7f}",
            "a=b",
            "a:b",
            "a'",
            "a\"",
            "a\\",
            "a|b",
            "a$b",
            "a/../b",
            "Zürich",
            "a\u{202e}",
        ] {
            for of in makers {
                assert_eq!(of(evil.as_bytes()), None, "{evil:?}");
            }
        }
        for of in makers {
            assert_eq!(of(&[b'a'; 1024 * 1024]), None);
            assert_eq!(of(b"a\xff"), None);
        }
        assert_eq!(Name::of_action(b"X(0)"), None);
        assert_eq!(Name::of_key(b"a.b"), None);
    }

    // Names that real servers use must remain usable.
    #[test]
    fn the_names_of_servers_are_names() {
        for name in ["Ping", "SKINNYdevices", "X-Own_Action.2"] {
            assert_eq!(Name::of_action(name.as_bytes()).unwrap(), name);
        }
        for key in ["ActionID", "Action-000000", "UnitAmount(0)", "Content-Type"] {
            assert_eq!(Name::of_key(key.as_bytes()).unwrap(), key);
        }
        assert_eq!(Name::of_event(b"AOC-D").unwrap(), "AOC-D");
    }
}
