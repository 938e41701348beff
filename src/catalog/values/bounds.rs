//! Filters values: only what can be typed, each once, up to a limit.

use super::kind::Value;
use crate::peer_text::PeerText;
use std::collections::BTreeSet;

/// How many values of one kind are kept. Some installations have more
/// endpoints, but nobody chooses from ten thousand with Tab.
const MOST: usize = 10_000;

/// The longest value, in bytes: more would not fit on a line that a server
/// reads (1022).
const LONGEST: usize = 1_000;

/// The longest description, in bytes: no terminal shows more in a row.
const ABOUT: usize = 200;

/// None if the text is empty, cannot be typed, or is too long for a header.
pub(super) fn value(text: &[u8], about: &[u8]) -> Option<Value> {
    let is_typed = |text: &str| !text.chars().any(char::is_control);
    let fits = (1..=LONGEST).contains(&text.len());
    let fits = fits && std::str::from_utf8(text).is_ok_and(is_typed);
    let about = about.get(..ABOUT).unwrap_or(about);
    fits.then(|| Value {
        text: PeerText::new(text.to_vec()),
        about: PeerText::new(about.to_vec()),
    })
}

/// The first value of each name, up to the limit.
pub(super) fn distinct(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let distinct = values.filter(|value| seen.insert(value.text.clone()));
    distinct.take(MOST).collect()
}
