//! Values: those listed in the documentation, and those currently on the
//! server.

use super::Known;
use super::offer::{Offer, Offers, begins, own};
use super::spot::Given;
use crate::catalog::{Kind, Wanted, wanted};
use crate::peer_text::PeerText;
use crate::session::Classes;
use std::collections::BTreeSet;

/// The values of `key` that begin with `typed`.
pub(super) fn of(given: &Given, key: &str, typed: &str, known: &Known<'_>) -> Offers {
    let is = |action: &str, own: &str| {
        given.action.eq_ignore_ascii_case(action) && key.eq_ignore_ascii_case(own)
    };
    if is("Events", "EventMask") || is("Login", "Events") {
        return classes(typed);
    }
    if is("Command", "Command") {
        return cli(typed, known);
    }
    let page = known.catalog.page(&given.action);
    let choices = page.and_then(|page| page.parameter(key));
    let choices = choices.iter().flat_map(|one| &one.choices);
    let named: Vec<Offer> = choices
        .filter_map(|one| {
            let value = typeable(&one.value).filter(|value| begins(value, typed))?;
            Some(Offer::value(value, &one.about.terminal()))
        })
        .collect();
    let mut found = live(
        wanted(&given.action, key, |name| given.get(name)),
        typed,
        known,
    );
    // A call cannot be sent to a pattern.
    let is_exten = ["Exten", "ExtraExten"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(key));
    found
        .offers
        .retain(|one| !is_exten || !one.name.starts_with('_'));
    let documented: BTreeSet<_> = named.iter().map(|one| one.name.clone()).collect();
    found.offers.retain(|one| !documented.contains(&one.name));
    found.after(named)
}

/// Current values as far as they are known, and what to ask for.
pub(super) fn live(wanted: Vec<Wanted>, typed: &str, known: &Known<'_>) -> Offers {
    let mut found = Offers::default();
    for Wanted { kind, before } in wanted {
        let there = (known.values)(&kind);
        let fits = there.values.iter().filter_map(|value| {
            let text = format!("{before}{}", typeable(&value.text)?);
            let about = value.about.terminal();
            begins(&text, typed).then(|| match kind {
                // The arguments follow.
                Kind::Functions => Offer::value(format!("{text}("), &about).begun(),
                _ => Offer::value(text, &about),
            })
        });
        found.offers.extend(fits);
        if !there.fresh {
            found.unknown.push(kind);
        }
    }
    let mut seen = BTreeSet::new();
    found.offers.retain(|one| seen.insert(one.name.clone()));
    found
}

/// The server's own completions of the CLI line `text`.
pub(super) fn cli(text: &str, known: &Known<'_>) -> Offers {
    let kind = Kind::Cli(text.to_owned());
    let there = (known.values)(&kind);
    let words = there.values.iter();
    let words = words.filter_map(|word| typeable(&word.text));
    Offers {
        kept: text.rfind(' ').map_or(0, |at| at + 1),
        offers: words.map(|word| Offer::value(word, "")).collect(),
        unknown: if there.fresh { Vec::new() } else { vec![kind] },
    }
}

/// Event classes that may follow the last comma of `typed`, and `on` and `off`.
pub(super) fn classes(typed: &str) -> Offers {
    let kept = typed.rfind(',').map_or(0, |at| at + 1);
    let part = typed.get(kept..).unwrap_or_default();
    let mut offers = match kept {
        0 => own(&[("on", "every class"), ("off", "no events")], part),
        _ => Vec::new(),
    };
    let all = Classes::ALL.to_string();
    let classes = all.split(',').filter(|class| begins(class, part));
    offers.extend(classes.map(|class| Offer::name(class, "")));
    Offers {
        kept,
        offers,
        unknown: Vec::new(),
    }
}

/// `text`, if it can be typed. A name that is displayed escaped could not be
/// told from another.
fn typeable<'a>(text: &'a PeerText<'_>) -> Option<&'a str> {
    let typed = std::str::from_utf8(text.bytes()).ok()?;
    (text.terminal() == typed).then_some(typed)
}
