//! `@NAMES` at the beginning of the line that is being typed.

use super::aim::aimed;
use super::roster::Roster;
use rustyline::completion::Pair;

/// Commands that take such names.
const COMMANDS: [&str; 2] = ["/disconnect ", "/use "];

/// How many bytes of `line` say whom it is for.
pub(in crate::shell) fn aim_of(line: &str) -> usize {
    aimed(line).map_or(0, |(_, rest)| line.len() - rest.len())
}

/// The names that may stand at `position`, and where the replaced text begins. None:
/// no name stands there.
pub(in crate::shell) fn names_at(
    line: &str,
    position: usize,
    roster: &Roster,
) -> Option<(usize, Vec<Pair>)> {
    let before = line.get(..position)?;
    let before = before.trim_start_matches([' ', '\t']);
    let mut words = COMMANDS.iter().filter_map(|word| before.strip_prefix(word));
    let names = words.next().unwrap_or(before).strip_prefix('@')?;
    if names.contains([' ', '\t']) {
        return None;
    }
    let typed = names.rsplit([',', '@']).next().unwrap_or_default();
    let is_alone = typed.len() == names.len();
    let all = std::iter::once("all".to_owned()).filter(|_| is_alone);
    let is_typed = |name: &String| {
        name.starts_with(typed) && !name.contains(|one: char| one == ',' || one.is_whitespace())
    };
    let found: Vec<String> = roster.names().into_iter().chain(all).collect();
    let found: Vec<String> = found.into_iter().filter(is_typed).collect();
    let end = match (found.len(), line.get(position..)) {
        (1, Some("")) => " ",
        _ => "",
    };
    let pair = |name: String| Pair {
        replacement: format!("{name}{end}"),
        display: name,
    };
    Some((
        position - typed.len(),
        found.into_iter().map(pair).collect(),
    ))
}
