//! `_command matchesarray "LINE" "WORD"`, with which the remote console completes.

use std::collections::BTreeSet;

use super::commands::{Arguments, of};
use super::{event_pages, office};
use crate::simulator::peer::Peer;
use crate::simulator::registry;
use crate::simulator::world::{Channel, Queue, dialplan};

/// The longest common beginning of all candidates, the candidates, `_EOF_`; without a newline at the end.
pub(super) fn matches_array(peer: &Peer, line: &str) -> String {
    let quoted = quoted(line);
    let (Some(typed), Some(word)) = (quoted.first(), quoted.get(1)) else {
        return "_EOF_".into();
    };
    let mut words: Vec<&str> = typed.split_whitespace().collect();
    if !word.is_empty() {
        words.pop();
    }
    let begins = |candidate: &String| {
        candidate
            .get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let mut candidates: Vec<String> = candidates(peer, &words)
        .into_iter()
        .filter(begins)
        .collect();
    candidates.sort_by_key(|candidate| candidate.to_ascii_lowercase());
    let Some(first) = candidates.first() else {
        return "_EOF_".into();
    };
    let common = candidates.iter().fold(first.as_str(), |common, candidate| {
        let same = common
            .chars()
            .zip(candidate.chars())
            .take_while(|(one, other)| one.eq_ignore_ascii_case(other));
        let length = same.map(|(one, _)| one.len_utf8()).sum::<usize>();
        common.get(..length).unwrap_or_default()
    });
    format!("{common} {} _EOF_", candidates.join(" "))
}

/// The texts in double quotes; a backslash escapes the next character.
fn quoted(line: &str) -> Vec<String> {
    let (mut found, mut inside, mut escaped) = (Vec::new(), None::<String>, false);
    for char in line.chars() {
        match (&mut inside, char) {
            (Some(text), _) if escaped => {
                text.push(char);
                escaped = false;
            }
            (Some(_), '\\') => escaped = true,
            (Some(_), '"') => found.extend(inside.take()),
            (Some(text), _) => text.push(char),
            (None, '"') => inside = Some(String::new()),
            (None, _) => {}
        }
    }
    found
}

/// What may follow these words: words of commands, and arguments of a command that is complete.
fn candidates(peer: &Peer, words: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for command in of(peer.version()) {
        if let Some(next) = command.next_word(words) {
            found.insert(next);
        } else if let Some(arguments) = command.leads(words) {
            found.extend(of_arguments(peer, &command.arguments, arguments));
        }
    }
    found
}

fn of_arguments(peer: &Peer, kind: &Arguments, before: &[&str]) -> Vec<String> {
    // Only names of actions may be given more than one at a time.
    if !before.is_empty() && !matches!(kind, Arguments::Actions | Arguments::Commands) {
        return Vec::new();
    }
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match kind {
        Arguments::None => Vec::new(),
        Arguments::Words(words) => own(words),
        Arguments::Applications => office::APPLICATIONS.map(|(name, _)| name.into()).into(),
        Arguments::Channels => peer.server.in_world(|world| {
            let name = |channel: &Channel| channel.name.clone();
            world.channels().map(name).collect()
        }),
        Arguments::Queues => peer.server.in_world(|world| {
            let name = |queue: &Queue| queue.name.clone();
            world.queues.iter().map(name).collect()
        }),
        Arguments::Actions => {
            let actions = registry::of(peer.version()).into_iter();
            actions.map(|action| action.name.into()).collect()
        }
        Arguments::Events => event_pages::names().map(str::to_owned).collect(),
        Arguments::Contexts => {
            own(&[&["default", dialplan::PARKED], &dialplan::INCLUDING[..]].concat())
        }
        Arguments::Families => {
            let family = |path: &String| path.split('/').nth(1).unwrap_or_default().to_owned();
            peer.server
                .in_world(|world| world.database.keys().map(family).collect())
        }
        Arguments::Phones => dialplan::PHONES.map(|(phone, _)| phone.into()).into(),
        Arguments::Commands => of(peer.version())
            .filter_map(|command| command.next_word(before))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn arguments_are_unquoted_as_the_console_quotes_them() {
        assert_eq!(
            quoted(r#"_command matchesarray "core sh" "sh""#),
            ["core sh", "sh"]
        );
        assert_eq!(
            quoted(r#"_command matchesarray "a \"b\\" """#),
            [r#"a "b\"#, ""]
        );
        assert_eq!(quoted(r#"_command matchesarray "open"#), [""; 0]);
    }
}
