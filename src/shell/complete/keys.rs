//! The keys of an Action.

use super::{Candidate, Given, begins};
use crate::catalog::{Catalog, Parameter};

/// `Key=` for each key that the Action takes: required ones first, without
/// those that are there already unless they may be repeated.
pub(super) fn of_line(given: &Given, typed: &str, catalog: &Catalog) -> Vec<Candidate> {
    keys(given, typed, catalog, "=")
}

/// The same as headers of a raw packet; `Action: ` is the first.
pub(super) fn of_packet(given: &Given, typed: &str, catalog: &Catalog) -> Vec<Candidate> {
    let action = given.action.is_empty() && begins("Action", typed);
    let action = action.then(|| key("Action", ": ", "what to do"));
    let keys = keys(given, typed, catalog, ": ");
    action.into_iter().chain(keys).collect()
}

fn keys(given: &Given, typed: &str, catalog: &Catalog, mark: &str) -> Vec<Candidate> {
    let is_free = |key: &str| begins(key, typed) && given.get(key).is_none();
    let Some(page) = catalog.page(&given.action) else {
        let known = catalog.places(&given.action).into_iter();
        let known = known.filter(|key| is_free(key));
        return known.map(|name| key(name, mark, "")).collect();
    };
    let fits = |one: &&Parameter| {
        // HeaderN of UserEvent is any key there is.
        let is_any = page.takes_any_key() && one.key.starts_with("Header");
        (is_free(&one.key) || (one.repeatable && begins(&one.key, typed))) && !is_any
    };
    let (required, optional): (Vec<_>, Vec<_>) = page
        .parameters
        .iter()
        .filter(fits)
        .partition(|one| one.required);
    // ActionID, which amish adds by itself, is the last that anybody wants.
    let (ids, optional): (Vec<_>, Vec<_>) = optional
        .into_iter()
        .partition(|one: &&Parameter| one.key.eq_ignore_ascii_case("ActionID"));
    let all = required.into_iter().chain(optional).chain(ids);
    all.map(|one| {
        let about = one.about.first().map(String::as_str).unwrap_or_default();
        let about = match one.required {
            true => format!("required; {about}"),
            false => about.to_owned(),
        };
        key(
            &numbered(&one.key, given),
            mark,
            about.trim_end_matches("; "),
        )
    })
    .collect()
}

/// Of `Action-000000` the next that is not given yet.
fn numbered(key: &str, given: &Given) -> String {
    let Some(stem) = key.strip_suffix("000000") else {
        return key.to_owned();
    };
    let free = (0..).map(|number| format!("{stem}{number:06}"));
    let free = free.into_iter().find(|key| given.get(key).is_none());
    free.unwrap_or_default()
}

fn key(name: &str, mark: &str, about: &str) -> Candidate {
    Candidate {
        text: format!("{name}{mark}"),
        name: format!("{name}{}", mark.trim_end()),
        about: about.to_owned(),
        goes_on: true,
    }
}
