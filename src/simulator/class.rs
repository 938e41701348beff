//! Event and permission classes, as manager.conf's `read` and `write` name them.

/// A set of classes: what an event belongs to, what a user may see or do.
///
/// The bits are those of Asterisk 22, because `EventMask` may also be a decimal number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes(u32);

/// In the order in which Asterisk lists them in `(Priv: …)` and `Privilege:`.
const NAMES: [(&str, u32); 19] = [
    ("system", 1),
    ("call", 1 << 1),
    ("log", 1 << 2),
    ("verbose", 1 << 3),
    ("command", 1 << 4),
    ("agent", 1 << 5),
    ("user", 1 << 6),
    ("config", 1 << 7),
    ("dtmf", 1 << 8),
    ("reporting", 1 << 9),
    ("cdr", 1 << 10),
    ("dialplan", 1 << 11),
    ("originate", 1 << 12),
    ("agi", 1 << 13),
    ("cc", 1 << 15),
    ("aoc", 1 << 16),
    ("test", 1 << 17),
    ("security", 1 << 18),
    ("message", 1 << 30),
];

impl Classes {
    /// No class at all.
    pub const NONE: Classes = Classes(0);
    /// Every class.
    pub const ALL: Classes = Classes(i32::MAX as u32);

    /// Parses a comma-separated list in lower case; `all` is every class, and
    /// unknown words are ignored.
    pub fn of(list: &str) -> Classes {
        list.split(',').fold(Classes::NONE, |set, word| {
            let bits = match word {
                "all" => Classes::ALL.0,
                _ => NAMES
                    .iter()
                    .find(|(name, _)| *name == word)
                    .map_or(0, |(_, bit)| *bit),
            };
            Classes(set.0 | bits)
        })
    }

    /// A mask as `EventMask:` and Login's `Events:` give it; `None` where Asterisk answers `Invalid event mask`.
    pub(super) fn mask(text: &str) -> Option<Classes> {
        if text.is_empty() {
            return None;
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            // atoi: what does not fit an int comes out negative, and a negative mask is invalid.
            return text.parse::<i32>().ok().map(|bits| Classes(bits as u32));
        }
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        if is(&["no", "false", "n", "f", "off"]) {
            Some(Classes::NONE)
        } else if is(&["yes", "true", "y", "t", "on"]) {
            Some(Classes::ALL)
        } else {
            Some(Classes::of(text))
        }
    }

    pub(super) fn bits(self) -> u32 {
        self.0
    }

    pub(super) fn is_none(self) -> bool {
        self == Classes::NONE
    }

    /// Its class names; a full set begins with `all`.
    pub(super) fn names(self) -> Vec<&'static str> {
        let named = NAMES.iter().filter(|(_, bit)| self.0 & bit != 0);
        let all = (self == Classes::ALL).then_some("all");
        named.map(|(name, _)| *name).chain(all).collect()
    }

    pub(super) fn has_all(self, other: Classes) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn has_any(self, other: Classes) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn and(self, other: Classes) -> Classes {
        Classes(self.0 & other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Asterisk says `Events: Off` to words it does not know, and to class names in capitals.
    #[test]
    fn a_mask_is_words_or_a_number() {
        assert_eq!(Classes::mask(""), None);
        assert_eq!(Classes::mask("bogus"), Some(Classes::NONE));
        assert_eq!(Classes::mask("CALL"), Some(Classes::NONE));
        assert_eq!(Classes::mask("call,user"), Classes::mask("66"));
        assert_eq!(Classes::mask("on"), Some(Classes::ALL));
        assert_eq!(Classes::mask("all"), Some(Classes::ALL));
        assert_eq!(Classes::mask("0"), Some(Classes::NONE));
        assert_eq!(Classes::mask("99999999999"), None);
    }

    // An event of two classes is sent only to sessions with both; an action of
    // two classes is open to users with either.
    #[test]
    fn events_need_all_classes_and_actions_any() {
        let both = Classes::of("call,reporting");
        assert!(!Classes::of("call").has_all(both));
        assert!(Classes::of("call").has_any(both));
    }
}
