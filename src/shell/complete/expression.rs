//! The event expression: names of events, their keys, and values.

use super::{Candidate, Found, Known, begins, values};
use crate::catalog::{Page, event_names, wanted};
use std::collections::BTreeMap;

/// What may follow in an expression of which `earlier` are the words before,
/// and `typed` is the last as far as the cursor.
pub(super) fn of(earlier: &[&str], typed: &str, known: &Known<'_>) -> Found {
    let kept = typed
        .rfind([',', '|', '!', '(', '='])
        .filter(|at| typed.as_bytes().get(*at) != Some(&b'='));
    let kept = kept.map_or(0, |at| at + 1);
    let test = typed.get(kept..).unwrap_or_default();
    if let Some((key, value)) = test.split_once('=') {
        let key = key.trim_end_matches('!');
        let mut found = values::live(wanted("", key, |_| None), value, known);
        found.kept = typed.len() - value.len();
        return found;
    }
    if test.contains('~') {
        return Found::default();
    }
    let named = earlier.iter().copied().chain([typed]);
    let named = named.flat_map(|word| word.split([',', '|', '!']));
    let pages: Vec<&Page> = named.filter_map(|name| known.catalog.event(name)).collect();
    let mut candidates = names(test, known);
    candidates.extend(keys(&pages, test));
    Found {
        kept,
        candidates,
        wishes: Vec::new(),
    }
}

/// The events of this server, or those of our table until they are known.
pub(super) fn names(typed: &str, known: &Known<'_>) -> Vec<Candidate> {
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    let own = event_names().map(|(name, class)| (name, format!("class {class}")));
    let pages = known.catalog.events();
    let theirs = pages.map(|page| (page.name.as_str(), page.synopsis.clone()));
    for (name, about) in own.chain(theirs) {
        if begins(name, typed) && name.bytes().all(|byte| byte.is_ascii_graphic()) {
            let about = about.trim().to_owned();
            found.insert(name.to_ascii_lowercase(), Candidate::new(name, &about));
        }
    }
    found.into_values().collect()
}

/// `Key=` of the events that are named.
fn keys(pages: &[&Page], typed: &str) -> Vec<Candidate> {
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    for one in pages.iter().flat_map(|page| &page.parameters) {
        if begins(&one.key, typed) {
            let about = one.about.first().map(String::as_str).unwrap_or_default();
            let key = Candidate::begun(&format!("{}=", one.key), about);
            found.entry(one.key.to_ascii_lowercase()).or_insert(key);
        }
    }
    found.into_values().collect()
}
