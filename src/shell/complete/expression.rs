//! Event expressions: names of events, their keys, and values.

use super::Known;
use super::offer::{Offer, Offers, begins};
use super::values;
use crate::catalog::{Page, event_names, wanted};
use crate::peer_text::PeerText;
use std::collections::BTreeMap;

/// Candidates for the word `typed` of an expression, after the `earlier` words.
pub(super) fn of(earlier: &[&str], typed: &str, known: &Known<'_>) -> Offers {
    let kept = typed
        .rfind([',', '|', '!', '(', '='])
        .filter(|at| typed.as_bytes().get(*at) != Some(&b'='));
    let kept = kept.map_or(0, |at| at + 1);
    let test = typed.get(kept..).unwrap_or_default();
    if let Some((key, value)) = test.split_once('=') {
        let key = key.trim_end_matches('!');
        let found = values::live(wanted("", key, |_| None), value, known);
        let tested = |offer: Offer| offer.tested(key);
        return Offers {
            kept: typed.len() - value.len(),
            offers: found.offers.into_iter().map(tested).collect(),
            unknown: found.unknown,
        };
    }
    if test.contains('~') {
        return Offers::default();
    }
    let named = earlier.iter().copied().chain([typed]);
    let named = named.flat_map(|word| word.split([',', '|', '!']));
    let pages: Vec<&Page> = named.filter_map(|name| known.catalog.event(name)).collect();
    let mut offers = names(test, known);
    offers.extend(keys(&pages, test));
    Offers {
        kept,
        offers,
        unknown: Vec::new(),
    }
}

/// This server's events, or those of the built-in table until they are known.
pub(super) fn names(typed: &str, known: &Known<'_>) -> Vec<Offer> {
    let mut found: BTreeMap<String, Offer> = BTreeMap::new();
    let own = event_names().map(|(name, class)| (name, format!("class {class}")));
    let pages = known.catalog.events();
    let theirs = pages.map(|page| (page.name.as_str(), page.synopsis.terminal().into_owned()));
    for (name, about) in own.chain(theirs) {
        if begins(name, typed) {
            let about = about.trim().to_owned();
            found.insert(name.to_ascii_lowercase(), Offer::name(name, &about));
        }
    }
    found.into_values().collect()
}

/// `Key=` for the headers of the named events.
fn keys(pages: &[&Page], typed: &str) -> Vec<Offer> {
    let mut found: BTreeMap<String, Offer> = BTreeMap::new();
    for one in pages.iter().flat_map(|page| &page.parameters) {
        if begins(&one.key, typed) {
            let about = one.about.first().map(PeerText::terminal);
            let key = Offer::key(one.key.as_str(), &about.unwrap_or_default());
            found.entry(one.key.to_ascii_lowercase()).or_insert(key);
        }
    }
    found.into_values().collect()
}
