//! The keys of an Action, and the values that its documentation names.

use super::{Candidate, Given, begins};
use crate::catalog::{Catalog, Parameter, positions};

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
        let known = positions(&given.action).iter().filter(|key| is_free(key));
        return known.map(|name| key(name, mark, "")).collect();
    };
    // The numbered keys of patterns such as Action-000000 cannot be typed as they are.
    let fits = |one: &&Parameter| is_free(&one.key) || (one.repeatable && begins(&one.key, typed));
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
        key(&one.key, mark, about.trim_end_matches("; "))
    })
    .collect()
}

fn key(name: &str, mark: &str, about: &str) -> Candidate {
    Candidate {
        text: format!("{name}{mark}"),
        name: format!("{name}{}", mark.trim_end()),
        about: about.to_owned(),
        goes_on: true,
    }
}

/// The values of `key` that the documentation of the Action names.
pub(super) fn choices(given: &Given, key: &str, typed: &str, catalog: &Catalog) -> Vec<Candidate> {
    let page = catalog.page(&given.action);
    let parameter = page.and_then(|page| page.parameter(key));
    let choices = parameter.iter().flat_map(|one| &one.choices);
    choices
        .filter(|one| begins(&one.value, typed))
        .map(|one| Candidate::new(&one.value, &one.about))
        .collect()
}
