//! Completion: takes a line, a position and what is known, and returns
//! candidates. Pure: what only the server can tell is returned as unknown; the
//! caller asks for it and completes again.
//!
//! [`spot`] reads the line, the other files say what could stand there, and
//! only [`candidate`] turns that into text for the line.

mod actions;
mod arguments;
mod candidate;
mod expression;
mod files;
mod keys;
mod offer;
mod spot;
#[cfg(test)]
mod tests;
mod values;

pub(super) use candidate::Candidate;
pub(super) use files::entries;
pub(super) use offer::{Offer, begins};
pub(super) use spot::{Given, What, spot};

use super::background;
use crate::catalog::{Catalog, Kind};
use crate::settings::Config;
use files::Entry;
use offer::Offers;

pub(super) struct Known<'a> {
    pub catalog: &'a Catalog,
    /// Profiles, for `/connect`.
    pub profiles: &'a [Offer],
    /// Values on the server.
    pub values: &'a dyn Fn(&Kind) -> background::Found,
    /// Entries of a local folder.
    pub files: &'a dyn Fn(&str) -> Vec<Entry>,
}

#[derive(Default)]
pub(super) struct Completion {
    /// Where the text replaced by the candidates begins, in bytes.
    pub start: usize,
    pub candidates: Vec<Candidate>,
    /// Values to ask the server for: unknown or out of date.
    pub unknown: Vec<Kind>,
}

/// Completes `buffer` at `position`, in bytes and on a character boundary.
pub(super) fn complete(buffer: &str, position: usize, known: &Known<'_>) -> Completion {
    let spot = spot(buffer, position, known.catalog);
    let Offers {
        kept,
        offers,
        unknown,
    } = offers(&spot, known);
    let candidates = offers.into_iter();
    let candidates = candidates.filter_map(|offer| Candidate::at(buffer, &spot, kept, offer));
    Completion {
        start: candidate::start(&spot, kept),
        candidates: candidates.collect(),
        unknown,
    }
}

fn offers(spot: &spot::Spot, known: &Known<'_>) -> Offers {
    let typed = spot.typed.as_str();
    match &spot.what {
        What::First => actions::first_words(typed, known.catalog).into(),
        What::Argument { given, bare } => {
            let mut found = Offers::default();
            for key in bare {
                found.add(values::of(given, key, typed, known));
            }
            // A word that begins with a quote has no key.
            match spot.quote {
                None => found.after(keys::of_line(given, typed, known.catalog)),
                Some(_) => found,
            }
        }
        What::Value { given, key } => values::of(given, key, typed, known),
        What::Header(given) => keys::of_packet(given, typed, known.catalog).into(),
        What::HeaderValue { given, key } => match key.eq_ignore_ascii_case("Action") {
            true => actions::names(typed, known.catalog)
                .collect::<Vec<_>>()
                .into(),
            false => values::of(given, key, typed, known),
        },
        What::Builtin { name, earlier } => arguments::of(name, earlier, typed, known),
        What::Cli(text) => Offers {
            kept: 0,
            ..values::cli(text, known)
        },
        What::Nothing => Offers::default(),
    }
}

/// The profiles of `config`, for `/connect`.
pub(super) fn profiles(config: &Config) -> Vec<Offer> {
    let profiles = config.profiles.iter();
    profiles
        .map(|one| Offer::value(&one.name, one.target.as_deref().unwrap_or_default()))
        .collect()
}
