//! The keys of an Action.

use super::offer::{Offer, begins};
use super::spot::Given;
use crate::catalog::{Catalog, Parameter};
use crate::peer_text::PeerText;

/// The keys as headers of a raw packet; `Action: ` is the first.
pub(super) fn of_packet(given: &Given, typed: &str, catalog: &Catalog) -> Vec<Offer> {
    let action = given.action.is_empty() && begins("Action", typed);
    let action = action.then(|| Offer::key("Action", "what to do"));
    let keys = of_line(given, typed, catalog);
    action.into_iter().chain(keys).collect()
}

/// The keys of the Action, required ones first, without those already given
/// unless they may be repeated.
pub(super) fn of_line(given: &Given, typed: &str, catalog: &Catalog) -> Vec<Offer> {
    let is_free = |key: &str| begins(key, typed) && given.get(key).is_none();
    let Some(page) = catalog.page(&given.action) else {
        let known = catalog.places(&given.action).into_iter();
        let known = known.filter(|key| is_free(key));
        return known.map(|name| Offer::key(name, "")).collect();
    };
    let fits = |one: &&Parameter| {
        // HeaderN of UserEvent stands for any key.
        let is_any = page.takes_any_key() && one.key.starts_with("Header");
        let is_pattern = numbered(&one.key, given) != one.key.as_str();
        let again = one.repeatable || is_pattern;
        (is_free(&one.key) || (again && begins(&one.key, typed))) && !is_any
    };
    let (required, optional): (Vec<_>, Vec<_>) = page
        .parameters
        .iter()
        .filter(fits)
        .partition(|one| one.required);
    // ActionID comes last: amish adds one by itself.
    let (ids, optional): (Vec<_>, Vec<_>) = optional
        .into_iter()
        .partition(|one: &&Parameter| one.key.eq_ignore_ascii_case("ActionID"));
    let all = required.into_iter().chain(optional).chain(ids);
    all.map(|one| {
        let about = one
            .about
            .first()
            .map(PeerText::terminal)
            .unwrap_or_default();
        let about = match one.required {
            true => format!("required; {about}"),
            false => about.into_owned(),
        };
        Offer::key(numbered(&one.key, given), about.trim_end_matches("; "))
    })
    .collect()
}

/// The next number of `Action-000000`, `Action-XXXXXX` (1.4) or `UnitAmount(0)`
/// that is not given yet: a pattern of the documentation is no key.
fn numbered(key: &str, given: &Given) -> String {
    let six = ["000000", "XXXXXX"];
    let six = six.iter().find_map(|tail| key.strip_suffix(tail));
    let numbered: Box<dyn Fn(u32) -> String + '_> = match (six, key.strip_suffix("(0)")) {
        (Some(stem), _) => Box::new(move |number| format!("{stem}{number:06}")),
        (None, Some(stem)) => Box::new(move |number| format!("{stem}({number})")),
        (None, None) => return key.to_owned(),
    };
    let free = (0..).map(numbered).find(|key| given.get(key).is_none());
    free.unwrap_or_default()
}
