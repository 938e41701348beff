//! The words of amish itself and their arguments.

use super::super::builtin::{self, Builtin};
use super::{Candidate, Found, Known, actions, begins, expression, files, values};
use crate::catalog::{Catalog, Kind, Wanted};
use crate::session::Classes;

/// What may follow `/name` and the `earlier` words.
pub(super) fn of(name: &str, earlier: &[String], typed: &str, known: &Known<'_>) -> Found {
    let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
    let of = |words: &[(&str, &str)]| {
        let fits = words.iter().filter(|(word, _)| begins(word, typed));
        let fits = fits.map(|(word, about)| Candidate::new(word, about));
        Found::from(fits.collect::<Vec<_>>())
    };
    let found: Vec<Candidate> = match (name, earlier.as_slice()) {
        ("help", []) if typed.starts_with('/') => builtins(typed).collect(),
        ("help", []) => {
            let event = of(&[("event", "what an event says")]).candidates;
            let event = event.into_iter().filter(|_| !typed.is_empty());
            actions::names(typed, known.catalog).chain(event).collect()
        }
        // One asks it about what the server does not list.
        ("doctor", []) => {
            let event = of(&[("event", "why an event does not come")]).candidates;
            let all = Catalog::default();
            actions::names(typed, &all).chain(event).collect()
        }
        ("help" | "doctor", ["event"]) => expression::names(typed, known),
        ("connect", []) => {
            let fits = known.profiles.iter();
            fits.filter(|one| one.text.starts_with(typed))
                .cloned()
                .collect()
        }
        ("events", words) => return events(words, typed, known),
        ("filter", []) => {
            return with(
                of(&[("off", "everything that comes")]),
                expression::of(&[], typed, known),
            );
        }
        ("filter" | "last", words) => return expression::of(words, typed, known),
        ("follow", []) => {
            let kind = Kind::Channels;
            return values::live(vec![Wanted { kind, before: "" }], typed, known);
        }
        ("save", []) => {
            return with(
                of(&[("off", "to no file any more")]),
                files::of(typed, known.files),
            );
        }
        ("source", []) => return files::of(typed, known.files),
        ("set", []) => return of(builtin::OPTIONS),
        ("set", [name]) => return of(builtin::values(name)),
        _ => Vec::new(),
    };
    found.into()
}

/// A word of its own before all others.
fn with(word: Found, mut others: Found) -> Found {
    if others.kept == 0 {
        others.candidates.splice(0..0, word.candidates);
    }
    others
}

/// Classes, or an expression.
fn events(earlier: &[&str], typed: &str, known: &Known<'_>) -> Found {
    if let Some(&("on" | "off")) = earlier.first() {
        return Found::default();
    }
    let mut found = match earlier {
        [] => classes(typed),
        _ => Found::default(),
    };
    // There are many events: they are named from their first letter on.
    if typed.len() > found.kept || !earlier.is_empty() {
        found.add(expression::of(earlier, typed, known));
    }
    found
}

/// The classes of events, and the words for all and none of them.
pub(super) fn classes(typed: &str) -> Found {
    let kept = typed.rfind(',').map_or(0, |at| at + 1);
    let part = typed.get(kept..).unwrap_or_default();
    let words = [("on", "every class"), ("off", "no events")];
    let words = words
        .iter()
        .filter(|(word, _)| kept == 0 && begins(word, part));
    let words = words.map(|(word, about)| Candidate::new(word, about));
    let all = Classes::ALL.to_string();
    let classes = all.split(',').filter(|class| begins(class, part));
    let classes = classes.map(|class| Candidate::new(class, ""));
    Found {
        kept,
        candidates: words.chain(classes).collect(),
        wishes: Vec::new(),
    }
}

/// The commands of amish that begin with `typed`.
pub(super) fn builtins(typed: &str) -> impl Iterator<Item = Candidate> + '_ {
    let name = typed.trim_start_matches('/');
    let all = builtin::ALL.iter();
    all.filter(move |one| begins(one.name, name))
        .map(|Builtin { name, about, .. }| Candidate::new(&format!("/{name}"), about))
}
