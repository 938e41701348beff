//! Text from a server: a name, a value, a message, a banner.
//!
//! Callers, the dialplan and hostile servers choose these bytes. So the type
//! cannot be printed, formatted or used as a `str`: to show it, one must say
//! where, and gets text that is safe there. Matching and parsing use the bytes.

pub mod visible;

use std::borrow::Cow;
use std::fmt;

/// Bytes chosen by a server. See the module.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PeerText<'a>(Cow<'a, [u8]>);

impl<'a> PeerText<'a> {
    /// Marks `bytes` as the server's.
    pub fn new(bytes: impl Into<Cow<'a, [u8]>>) -> PeerText<'a> {
        PeerText(bytes.into())
    }

    /// The bytes, for matching and parsing. To show them, use one of the
    /// functions below.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// One line without control, C1, bidi or zero-width characters, as
    /// [`visible::text`]. Messages, notices and everything on stderr use this
    /// form in a pipe, too, because a log is read on a terminal sooner or
    /// later.
    pub fn terminal(&self) -> Cow<'_, str> {
        visible::text(&self.0)
    }

    /// The text for a JSON string, not yet escaped. Bytes that are not UTF-8
    /// become U+FFFD.
    pub fn json(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The same text, independent of the packet that it was borrowed from.
    pub fn into_owned(self) -> PeerText<'static> {
        PeerText(Cow::Owned(self.0.into_owned()))
    }

    /// Whether it is this text, in any case.
    pub fn is(&self, text: &str) -> bool {
        self.0.eq_ignore_ascii_case(text.as_bytes())
    }

    /// Whether it begins with `text`, in any case.
    pub fn starts_with(&self, text: &str) -> bool {
        let begin = self.0.get(..text.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(text.as_bytes()))
    }

    /// Whether it ends with `text`, in any case.
    pub fn ends_with(&self, text: &str) -> bool {
        let at = self.0.len().checked_sub(text.len());
        let end = at.and_then(|at| self.0.get(at..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(text.as_bytes()))
    }

    /// Whether it contains `text`, in any case. `text` must not be empty.
    pub fn mentions(&self, text: &str) -> bool {
        let wanted = text.as_bytes();
        self.0
            .windows(wanted.len().max(1))
            .any(|part| part.eq_ignore_ascii_case(wanted))
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// For errors and assertions, as on a terminal.
impl fmt::Debug for PeerText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.terminal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Callers' names are in many messages: none of them may control the
    // reader's terminal.
    #[test]
    fn what_is_shown_is_harmless_and_what_is_matched_is_exact() {
        let evil = PeerText::new(&b"\x1b]0;x\x07 Busy"[..]);
        assert_eq!(evil.terminal(), r"\x1b]0;x\x07 Busy");
        assert_eq!(format!("{evil:?}"), r#""\\x1b]0;x\\x07 Busy""#);
        assert!(evil.mentions("busy") && !evil.mentions("free"));
        assert!(PeerText::new(&b"Permission Denied"[..]).is("permission denied"));
        assert_eq!(evil.bytes(), b"\x1b]0;x\x07 Busy");
    }
}
