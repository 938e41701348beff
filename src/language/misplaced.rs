//! What was meant by a command line whose first word stands where the target does
//! and probably is none.

use super::arguments::quoted_for_shell;
use super::{ActionLine, METRICS, asterisk_cli, usage_of, without_secret};
use crate::catalog::Catalog;

/// What the words of a command line were meant as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// What it is, and what to type.
    pub advice: String,
    /// No host is meant, however it is called.
    pub is_certain: bool,
}

/// What `words` mean, if the first is known as something else than a target. A
/// host may have such a name, so only what is certain forbids to look for it.
pub fn misplaced(words: &[String]) -> Option<Misplaced> {
    let (first, rest) = words.split_first()?;
    if first.trim().contains(' ') {
        let split: Vec<String> = first.split_whitespace().map(str::to_owned).collect();
        let meant = misplaced(&split)?;
        return Some(Misplaced {
            is_certain: true,
            ..meant
        });
    }
    let catalog = Catalog::default();
    let acts = rest.first().is_some_and(|word| is_in_place(word, &catalog));
    if let Some(meant) = cli(first, rest, &catalog).filter(|_| !acts) {
        return Some(meant);
    }
    let more = if rest.is_empty() { "" } else { " ..." };
    if let Some(name) = catalog.find(first) {
        return Some(Misplaced {
            advice: format!(
                "{name} is an Action, which stands behind the target: amish TARGET {name}{more}"
            ),
            is_certain: !rest.is_empty() && !acts,
        });
    }
    if first == METRICS {
        return Some(Misplaced {
            advice: "metrics stands behind the target: amish TARGET metrics".to_owned(),
            is_certain: false,
        });
    }
    let bare = first.strip_prefix('/').unwrap_or(first);
    let usage = usage_of(bare)?;
    let typed = match usage.interactive {
        true => format!("amish TARGET, and /{} at the prompt", usage.name),
        false => format!("amish TARGET -c '/{}{more}'", usage.name),
    };
    Some(Misplaced {
        advice: format!("{first} is a command of amish, for which a target is needed: {typed}"),
        is_certain: first.starts_with('/'),
    })
}

/// What to type where there is no target, and `words` begin with one all the same.
pub fn surplus_target(words: &[String]) -> Option<String> {
    let [first, action, ..] = words else {
        return None;
    };
    let catalog = Catalog::default();
    let is_surplus = !is_in_place(first, &catalog) && is_in_place(action, &catalog);
    is_surplus.then(|| {
        let action = catalog.find(action).unwrap_or(action);
        format!("the built-in PBX is the target already: amish --demo {action}")
    })
}

/// The words as a command of the Asterisk CLI.
fn cli(first: &str, rest: &[String], catalog: &Catalog) -> Option<Misplaced> {
    let is_show = first.eq_ignore_ascii_case("show");
    if rest.is_empty() || !(is_show || asterisk_cli::is_first_word(first)) {
        return None;
    }
    let line = ActionLine::of_words(first, rest).ok()?;
    let text = line.as_cli(catalog)?;
    let quoted = quoted_for_shell(&without_secret(&text));
    Some(Misplaced {
        advice: format!(
            "that reads like a command of the Asterisk CLI, and lacks a target: amish TARGET -x {quoted}"
        ),
        is_certain: is_show || line.has_cli_verb(),
    })
}

/// Whether `word` is what stands behind a target.
fn is_in_place(word: &str, catalog: &Catalog) -> bool {
    let others = ["cli", METRICS];
    catalog.find(word).is_some() || usage_of(word).is_some() || others.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    // A host may be called queue or status: only what makes no sense as a target
    // and an Action is refused before it is looked for.
    #[test]
    fn what_is_certain_is_told_from_what_may_be_a_host() {
        for (line, is_certain, typed) in [
            ("core show channels", true, "-x 'core show channels'"),
            ("queue show", true, "-x 'queue show'"),
            ("queue show support", true, "-x 'queue show support'"),
            ("show channels", true, "-x 'core show channels'"),
            ("module unload x", true, "-x 'module unload x'"),
            ("stop now", false, "-x 'stop now'"),
            ("QueueStatus", false, "amish TARGET QueueStatus"),
            ("queuestatus support", true, "amish TARGET QueueStatus ..."),
            ("Login Username=x Secret=y", true, "amish TARGET Login ..."),
            ("ping", false, "amish TARGET Ping"),
            ("status Ping", false, "amish TARGET Status ..."),
            ("metrics", false, "amish TARGET metrics"),
            ("calls", false, "amish TARGET -c '/calls'"),
            ("/calls", true, "amish TARGET -c '/calls'"),
            ("/edit", true, "amish TARGET, and /edit at the prompt"),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let meant = misplaced(&words).expect(line);
            assert_eq!(meant.is_certain, is_certain, "{line}");
            assert!(meant.advice.ends_with(typed), "{line}: {}", meant.advice);
        }
        let whole = misplaced(&["core show channels".to_owned()]).expect("a command");
        assert!(whole.is_certain && whole.advice.ends_with("-x 'core show channels'"));
        for line in [
            "pbx",
            "pbx Ping",
            "queue",
            "queue Ping",
            "queue metrics",
            "pbx core show channels",
            "pbx show",
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert_eq!(misplaced(&words), None, "{line}");
        }
    }
}
