//! Labels: names from a server, cut and made harmless, and states in words of our
//! own. Whatever a server says, there are few of them and they are short.

use crate::peer_text::PeerText;

/// The most characters of a label. Asterisk keeps 80 of the name of a queue.
const LONGEST: usize = 80;

/// A name that a server chose, as a label.
pub(super) fn label(name: &[u8]) -> String {
    // A hostile name of megabytes is not looked at to its end.
    let name = name.get(..4 * LONGEST).unwrap_or(name);
    let text = PeerText::new(name);
    text.terminal().chars().take(LONGEST).collect()
}

/// A number that a server said. What is none counts as 0.
pub(super) fn number(value: Option<&[u8]>) -> u64 {
    let text = value.and_then(|value| std::str::from_utf8(value.trim_ascii()).ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The states of a device, by their number in Asterisk.
pub(super) const DEVICE: &[&str] = &[
    "unknown",
    "not_in_use",
    "in_use",
    "busy",
    "invalid",
    "unavailable",
    "ringing",
    "ring_inuse",
    "on_hold",
];

/// Those of a peer of chan_sip or chan_iax2.
pub(super) const PEER: &[&str] = &["ok", "lagged", "unreachable", "unmonitored", "unknown"];

/// Those of a registration with another server.
pub(super) const REGISTRATION: &[&str] = &[
    "registered",
    "unregistered",
    "request_sent",
    "auth_sent",
    "rejected",
    "timeout",
    "no_authentication",
    "failed",
    "stopped",
    "unknown",
];

/// What every other state counts as.
pub(super) const OTHER: &str = "other";

/// How many are in each state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct States {
    names: &'static [&'static str],
    /// One for each name, and one for the others.
    counts: Vec<u64>,
}

impl States {
    pub(super) fn new(names: &'static [&'static str]) -> States {
        States {
            names,
            counts: vec![0; names.len() + 1],
        }
    }

    /// Counts one more, in the state with this number.
    pub(super) fn count(&mut self, number: usize) {
        let last = self.names.len();
        if let Some(count) = self.counts.get_mut(number.min(last)) {
            *count += 1;
        }
    }

    /// Counts one more, in the state that a server calls so: `Not in use`,
    /// `OK (12 ms)`, `Auth. Sent`.
    pub(super) fn count_word(&mut self, said: &[u8]) {
        let said = said.split(|byte| *byte == b'(').next().unwrap_or_default();
        let words = said.split(|byte| !byte.is_ascii_alphanumeric());
        let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).take(4).collect();
        let word = words.join(&b'_');
        let is_it = |name: &&str| name.as_bytes().eq_ignore_ascii_case(&word);
        let number = self.names.iter().position(is_it);
        self.count(number.unwrap_or(self.names.len()));
    }

    /// Each state, and how many are in it.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let names = self.names.iter().copied().chain([OTHER]);
        names.zip(self.counts.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(names: &'static [&'static str], said: &[&str]) -> Vec<(&'static str, u64)> {
        let mut states = States::new(names);
        said.iter()
            .for_each(|word| states.count_word(word.as_bytes()));
        states.each().filter(|(_, count)| *count > 0).collect()
    }

    // The words of chan_sip, chan_iax2 and PJSIP; what a later version makes up is
    // not lost, and makes no series of its own.
    #[test]
    fn states_are_those_of_every_driver() {
        let peers = [
            "OK (12 ms)",
            "LAGGED (3000 ms)",
            "UNREACHABLE",
            "Unmonitored",
            "UNKNOWN",
        ];
        assert_eq!(counted(PEER, &peers).len(), 5);
        let devices = [
            "Not in use",
            "Ring+Inuse",
            "On Hold",
            "Unavailable",
            "In use",
        ];
        assert_eq!(
            counted(DEVICE, &devices),
            [
                ("not_in_use", 1),
                ("in_use", 1),
                ("unavailable", 1),
                ("ring_inuse", 1),
                ("on_hold", 1)
            ]
        );
        let registrations = [
            "Registered",
            "Auth. Sent",
            "Request Sent",
            "No Authentication",
        ];
        assert_eq!(counted(REGISTRATION, &registrations).len(), 4);
        assert_eq!(
            counted(PEER, &["\"}\n", "", &"x".repeat(9_000)]),
            [("other", 3)]
        );
    }

    // A name is no way to a second line, to a terminal, or to a megabyte in every
    // scrape.
    #[test]
    fn a_label_is_short_and_harmless() {
        assert_eq!(label(b"sales"), "sales");
        assert_eq!(label(b"a\x1b]0;x\nb"), r"a\x1b]0;x\nb");
        assert_eq!(label(&vec![b'x'; 1 << 20]).chars().count(), LONGEST);
        assert_eq!(number(Some(b" 12 ")), 12);
        assert_eq!(number(Some(b"-1")), 0);
    }
}
