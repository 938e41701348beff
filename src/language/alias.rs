//! Aliases: the user's own words for the beginning of a line.

use super::word::first_word;
use super::{Place, Reader};
use std::borrow::Cow;

/// Replaces the first word of each line of `text` if it is one of `aliases`,
/// case-sensitively: `ping` may be an alias while `Ping` is still the Action.
/// Not recursive, and not inside raw packets.
pub fn expand<'t>(text: &'t str, aliases: &[(String, String)]) -> Cow<'t, str> {
    if aliases.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut reader = Reader::new(Place::Shell);
    let mut expanded = Vec::new();
    for line in text.split('\n') {
        let in_packet = reader.is_open();
        let _ = reader.line(line.as_bytes());
        let typed = line.trim_start_matches([' ', '\t']);
        let word = first_word(typed.as_bytes());
        let alias = aliases.iter().find(|(name, _)| name.as_bytes() == word);
        expanded.push(match alias.filter(|_| !in_packet) {
            Some((name, meant)) => Cow::Owned(format!(
                "{meant}{}",
                typed.get(name.len()..).unwrap_or_default()
            )),
            None => Cow::Borrowed(line),
        });
    }
    Cow::Owned(expanded.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // An alias must never change what another line sends.
    #[test]
    fn the_first_word_is_replaced_once_and_nowhere_else() {
        let aliases = [
            ("q", "QueueStatus"),
            ("ping", "Ping x=1"),
            ("QueueStatus", "q"),
        ];
        let aliases = aliases.map(|(name, line)| (name.to_owned(), line.to_owned()));
        for (typed, wanted) in [
            ("q", "QueueStatus"),
            ("  q support | grep q", "QueueStatus support | grep q"),
            ("Q", "Q"),
            ("queue", "queue"),
            ("Getvar q", "Getvar q"),
            ("ping y=2", "Ping x=1 y=2"),
            ("QueueStatus a", "q a"),
            ("q\nPing\nq a", "QueueStatus\nPing\nQueueStatus a"),
            (
                "action: UserEvent\nq\nq: x\n\nq",
                "action: UserEvent\nq\nq: x\n\nQueueStatus",
            ),
        ] {
            assert_eq!(expand(typed, &aliases), wanted, "{typed:?}");
        }
    }
}
