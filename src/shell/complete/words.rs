//! The words of amish itself and their arguments.

use super::super::builtin::{self, Builtin};
use super::{Candidate, Known, actions, begins};
use crate::catalog::Catalog;
use crate::session::Classes;

/// What may follow `/name` and the `earlier` words. How much of `typed` stays
/// comes first: in a list behind a comma only its last part is replaced.
pub(super) fn of(
    name: &str,
    earlier: &[String],
    typed: &str,
    known: &Known<'_>,
) -> (usize, Vec<Candidate>) {
    let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
    let of = |words: &[(&str, &str)]| {
        let fits = words.iter().filter(|(word, _)| begins(word, typed));
        fits.map(|(word, about)| Candidate::new(word, about))
            .collect()
    };
    let found = match (name, earlier.as_slice()) {
        ("help", []) if typed.starts_with('/') => builtins(typed).collect(),
        ("help", []) => actions::names(typed, known.catalog).collect(),
        // One asks it about what the server does not list.
        ("doctor", []) => actions::names(typed, &Catalog::default()).collect(),
        ("connect", []) => {
            let fits = known
                .profiles
                .iter()
                .filter(|one| one.text.starts_with(typed));
            fits.cloned().collect()
        }
        ("events", words) => return classes(words, typed),
        ("set", []) => of(builtin::OPTIONS),
        ("set", [name]) => of(builtin::values(name)),
        _ => Vec::new(),
    };
    (0, found)
}

fn classes(earlier: &[&str], typed: &str) -> (usize, Vec<Candidate>) {
    let start = typed.rfind(',').map_or(0, |at| at + 1);
    let part = typed.get(start..).unwrap_or_default();
    let words = [("on", "every class"), ("off", "no events")];
    let words = words
        .iter()
        .filter(|(word, _)| earlier.is_empty() && start == 0 && begins(word, part));
    let words = words.map(|(word, about)| Candidate::new(word, about));
    let all = Classes::ALL.to_string();
    let classes = all.split(',').filter(|class| begins(class, part));
    let classes = classes.map(|class| Candidate::new(class, ""));
    (start, words.chain(classes).collect())
}

/// The commands of amish that begin with `typed`.
pub(super) fn builtins(typed: &str) -> impl Iterator<Item = Candidate> + '_ {
    let name = typed.trim_start_matches('/');
    let all = builtin::ALL.iter();
    all.filter(move |one| begins(one.name, name))
        .map(|Builtin { name, about, .. }| Candidate::new(&format!("/{name}"), about))
}
