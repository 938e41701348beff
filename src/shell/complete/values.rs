//! Values: those that documentation names, and those there are on the server
//! at the moment.

use super::{Candidate, Found, Given, Known, begins, words};
use crate::catalog::{Kind, Wanted, wanted};
use crate::output::sanitize;
use std::collections::BTreeSet;

/// The values of `key` that begin with `typed`.
pub(super) fn of(given: &Given, key: &str, typed: &str, known: &Known<'_>) -> Found {
    let is = |action: &str, own: &str| {
        given.action.eq_ignore_ascii_case(action) && key.eq_ignore_ascii_case(own)
    };
    if is("Events", "EventMask") || is("Login", "Events") {
        return words::classes(typed);
    }
    if is("Command", "Command") {
        return cli(typed, known);
    }
    let page = known.catalog.page(&given.action);
    let choices = page.and_then(|page| page.parameter(key));
    let choices = choices.iter().flat_map(|one| &one.choices);
    let named: Vec<Candidate> = choices
        .filter(|one| begins(&one.value, typed))
        .map(|one| Candidate::new(&one.value, &one.about))
        .collect();
    let mut found = live(
        wanted(&given.action, key, |name| given.get(name)),
        typed,
        known,
    );
    // A call cannot go to a pattern.
    let is_exten = ["Exten", "ExtraExten"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(key));
    found
        .candidates
        .retain(|one| !is_exten || !one.name.starts_with('_'));
    let documented: BTreeSet<String> = named.iter().map(|one| one.name.clone()).collect();
    found
        .candidates
        .retain(|one| !documented.contains(&one.name));
    found.candidates.splice(0..0, named);
    found
}

/// What is there at the moment, as far as it is known, and what to ask for.
pub(super) fn live(wanted: Vec<Wanted>, typed: &str, known: &Known<'_>) -> Found {
    let mut found = Found::default();
    for Wanted { kind, before } in wanted {
        let there = (known.values)(&kind);
        let fits = there.values.iter().filter_map(|value| {
            let text = format!("{before}{}", value.text);
            let fits = begins(&text, typed) && is_typed(&text);
            fits.then(|| match kind {
                // Its arguments follow.
                Kind::Functions => Candidate::begun(&format!("{text}("), &value.about),
                _ => Candidate::new(&text, &value.about),
            })
        });
        found.candidates.extend(fits);
        if !there.fresh {
            found.wishes.push(kind);
        }
    }
    let mut seen = BTreeSet::new();
    found.candidates.retain(|one| seen.insert(one.name.clone()));
    found
}

/// What the server's own completion says at the end of the CLI line `text`.
pub(super) fn cli(text: &str, known: &Known<'_>) -> Found {
    let kind = Kind::Cli(text.to_owned());
    let there = (known.values)(&kind);
    let words = there.values.iter().filter(|word| is_typed(&word.text));
    Found {
        kept: text.rfind(' ').map_or(0, |at| at + 1),
        candidates: words.map(|word| Candidate::new(&word.text, "")).collect(),
        wishes: if there.fresh { Vec::new() } else { vec![kind] },
    }
}

/// Can it stand on a line? What would be shown in another way than it is could
/// not be told from something else.
fn is_typed(text: &str) -> bool {
    sanitize::text(text.as_bytes()) == text
}
