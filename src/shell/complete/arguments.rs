//! The arguments of amish's commands.

use super::offer::{Offer, Offers, own};
use super::{Known, actions, expression, files, values};
use crate::catalog::{Catalog, Kind, Wanted};
use crate::language::setting;

/// Candidates after `/name` and the `earlier` words.
pub(super) fn of(name: &str, earlier: &[String], typed: &str, known: &Known<'_>) -> Offers {
    let earlier: Vec<&str> = earlier.iter().map(String::as_str).collect();
    let found: Vec<Offer> = match (name, earlier.as_slice()) {
        ("help", []) if typed.starts_with('/') => actions::commands(typed),
        ("help", []) => {
            let event = own(&[("event", "show what an event means")], typed);
            let event = event.into_iter().filter(|_| !typed.is_empty());
            actions::names(typed, known.catalog).chain(event).collect()
        }
        // `/doctor` is asked about Actions that the server does not list.
        ("doctor", []) => {
            let words = [
                ("event", "find out why an event does not come"),
                (
                    "security",
                    "find out who can get in, and what they can do then",
                ),
            ];
            let words = own(&words, typed);
            let all = Catalog::default();
            actions::names(typed, &all).chain(words).collect()
        }
        ("help" | "doctor", ["event"]) => expression::names(typed, known),
        ("connect", []) => {
            let fits = known.profiles.iter();
            fits.filter(|one| one.name.starts_with(typed))
                .cloned()
                .collect()
        }
        ("events", words) => return events(words, typed, known),
        ("filter", []) => {
            let off = own(&[("off", "show all events")], typed);
            return expression::of(&[], typed, known).after(off);
        }
        ("filter" | "last", words) => return expression::of(words, typed, known),
        ("follow", []) => {
            let kind = Kind::Channels;
            return values::live(vec![Wanted { kind, before: "" }], typed, known);
        }
        ("save", []) => {
            let off = own(&[("off", "stop saving")], typed);
            return Offers::from(files::of(typed, known.files)).after(off);
        }
        ("source", []) => files::of(typed, known.files),
        ("set", []) => own(setting::OPTIONS, typed),
        ("set", [name]) => own(setting::values(name), typed),
        _ => Vec::new(),
    };
    found.into()
}

/// Classes, or an expression.
fn events(earlier: &[&str], typed: &str, known: &Known<'_>) -> Offers {
    if let Some(&("on" | "off")) = earlier.first() {
        return Offers::default();
    }
    let mut found = match earlier {
        [] => values::classes(typed),
        _ => Offers::default(),
    };
    // There are many events, so they are offered only after their first letter.
    if typed.len() > found.kept || !earlier.is_empty() {
        found.add(expression::of(earlier, typed, known));
    }
    found
}
