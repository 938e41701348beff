//! Event classes and event masks.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A set of event classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes(u32);

/// Every class of every version. A server ignores words that it does not know.
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

/// A word that is not an event class.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "'{word}' is not an event class: use on, off or some of {}",
    Classes::ALL.to_string().replace(',', ", ")
)]
pub struct UnknownClass {
    /// The word as given.
    pub word: String,
}

impl Classes {
    /// No events.
    pub const NONE: Classes = Classes(0);
    /// Every class.
    pub const ALL: Classes = every(&NAMES);
    /// `call`: channels, dialing, bridges, and the outcome of an Originate.
    pub const CALL: Classes = Classes(1 << 1);

    /// The classes in either set.
    pub fn union(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }

    /// Whether the set has each class of `other`.
    pub fn contains(self, other: Classes) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the set has no class.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a server would send an event with this Privilege to a session
    /// with this mask. The session must have every class that the event names;
    /// `all` is always among them and means nothing.
    pub fn admit(self, privilege: &[u8]) -> bool {
        privilege.split(|&b| b == b',').all(|word| {
            match class(word.trim_ascii()) {
                Some(bit) => self.0 & bit != 0,
                // A class of a later version counts as wanted unless the mask
                // is empty.
                None => self.0 != 0,
            }
        })
    }

    /// The names of all classes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The place among [`Classes::names`] of the first class in a Privilege.
    pub fn first_of(privilege: &[u8]) -> Option<usize> {
        let mut words = privilege.split(|&b| b == b',').map(<[u8]>::trim_ascii);
        words.find_map(|word| NAMES.iter().position(|(name, _)| name.as_bytes() == word))
    }

    /// What a server understands an `EventMask` to mean: words, a decimal mask,
    /// `on` or `off`. Unknown words count as nothing.
    pub fn of_mask(mask: &str) -> Classes {
        let mask = mask.trim();
        match mask {
            "on" | "yes" | "true" | "all" => Classes::ALL,
            _ => match mask.parse::<u32>() {
                // Our bit numbers are Asterisk's.
                Ok(bits) => Classes(bits & Classes::ALL.0),
                Err(_) => {
                    let bits = mask.split(',').filter_map(|word| class(word.as_bytes()));
                    Classes(bits.fold(0, |all, bit| all | bit))
                }
            },
        }
    }

    /// What `read=` and `write=` of manager.conf mean (Asterisk: main/manager.c,
    /// `get_perm` and `ast_instring`): each word but the last stands for every
    /// class that begins with it, so an empty one for all of them; the last one
    /// must be whole. Numbers and `yes` are no classes here.
    pub fn of_conf(words: &str) -> Classes {
        let labels = NAMES.iter().copied().chain([("all", Classes::ALL.0)]);
        let (front, last) = match words.rsplit_once(',') {
            // A comma at the end has no word behind it.
            Some((front, last)) => (Some(front), Some(last).filter(|last| !last.is_empty())),
            None => (None, Some(words)),
        };
        let means = |label: &str| {
            let mut front = front.into_iter().flat_map(|front| front.split(','));
            front.any(|word| label.starts_with(word)) || last == Some(label)
        };
        let bits = labels.filter(|(label, _)| means(label));
        Classes(bits.fold(0, |all, (_, bit)| all | bit))
    }
}

const fn every(mut names: &[(&str, u32)]) -> Classes {
    let mut bits = 0;
    while let [(_, bit), rest @ ..] = names {
        bits |= *bit;
        names = rest;
    }
    Classes(bits)
}

fn class(word: &[u8]) -> Option<u32> {
    if word == b"all" {
        return Some(Classes::ALL.0);
    }
    let found = NAMES.iter().find(|(name, _)| name.as_bytes() == word);
    found.map(|(_, bit)| *bit)
}

/// As typed after `/events` or `-e=`: words separated by commas or blanks, in
/// any case.
impl FromStr for Classes {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Classes, UnknownClass> {
        let mut bits = 0;
        for word in text.split([',', ' ']).filter(|word| !word.is_empty()) {
            bits |= match word.to_ascii_lowercase().as_str() {
                "on" | "all" | "yes" => Classes::ALL.0,
                "off" | "none" | "no" => 0,
                lower => class(lower.as_bytes()).ok_or_else(|| UnknownClass {
                    word: word.to_owned(),
                })?,
            };
        }
        Ok(Classes(bits))
    }
}

/// As sent: lower case without blanks, or `off`.
impl fmt::Display for Classes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("off");
        }
        let set = NAMES.iter().filter(|(_, bit)| self.0 & bit != 0);
        for (i, (name, _)) in set.enumerate() {
            write!(f, "{}{name}", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A server with brokeneventsaction does not answer `on` or `all`.
    #[test]
    fn every_class_goes_out_as_words() {
        let all: Classes = "on".parse().unwrap();
        let words = all.to_string();
        assert!(words.starts_with("system,call,log,") && words.ends_with(",message"));
        assert_eq!(words.parse(), Ok(all), "and can be typed");
        assert_eq!(
            "Call, AGENT".parse::<Classes>().unwrap().to_string(),
            "call,agent"
        );
        assert_eq!("off".parse::<Classes>().unwrap().to_string(), "off");
        let wrong = "call,calls".parse::<Classes>().unwrap_err();
        assert!(
            wrong
                .to_string()
                .starts_with("'calls' is not an event class")
        );
    }

    // Servers take words in lower case and numbers, and ignore the rest.
    #[test]
    fn a_mask_of_the_users_own_means_what_it_means_to_the_server() {
        for (mask, classes) in [
            ("on", Classes::ALL.to_string().as_str()),
            ("0", "off"),
            ("2", "call"),
            ("66", "call,user"),
            ("call,bogus", "call"),
            ("CALL", "off"),
            ("none", "off"),
        ] {
            assert_eq!(Classes::of_mask(mask).to_string(), classes, "{mask}");
        }
    }

    // A right that a slip of the pen gives is a right all the same.
    #[test]
    fn read_and_write_of_manager_conf_mean_what_the_server_takes_them_for() {
        for (words, classes) in [
            ("call,,reporting", Classes::ALL.to_string().as_str()),
            (",", Classes::ALL.to_string().as_str()),
            ("s,co,call", "system,call,command,config,security"),
            ("call, system", "call"),
            ("call,", "call"),
            ("cal", "off"),
            ("all", Classes::ALL.to_string().as_str()),
            ("yes", "off"),
            ("65535", "off"),
            ("", "off"),
        ] {
            assert_eq!(Classes::of_conf(words).to_string(), classes, "{words}");
        }
    }

    // Asterisk sends an event only to sessions that have all of its classes.
    #[test]
    fn an_event_needs_all_of_its_classes() {
        let call_and_agent = Classes::of_mask("call,agent");
        assert!(call_and_agent.admit(b"agent,all"));
        assert!(call_and_agent.admit(b"call,agent,all"));
        assert!(!call_and_agent.admit(b"call,reporting,all"));
        assert!(!Classes::NONE.admit(b"call,all"));
        assert!(call_and_agent.admit(b"Call"), "Status of all versions");
    }
}
