//! The first word of a line, and the same names elsewhere.

use super::offer::{Offer, begins, own};
use crate::catalog::Catalog;
use crate::language::TABLE;

/// amish's own words that need no slash.
const PLAIN: &[(&str, &str)] = &[
    ("cli", "an Asterisk CLI command"),
    ("help", "show what can be typed here"),
    ("quit", "log off and leave"),
    ("exit", "log off and leave"),
];

/// Candidates for the first word: Actions and amish's own words.
pub(super) fn first_words(typed: &str, catalog: &Catalog) -> Vec<Offer> {
    if typed.starts_with('/') {
        return commands(typed);
    }
    let plain = own(PLAIN, typed).into_iter();
    let plain = plain.filter(|_| !typed.is_empty());
    names(typed, catalog).chain(plain).collect()
}

/// amish's commands that begin with `typed`, including the slash.
pub(super) fn commands(typed: &str) -> Vec<Offer> {
    let name = typed.trim_start_matches('/');
    let fits = TABLE.iter().filter(|one| begins(one.name, name));
    fits.map(|one| Offer::command(one.name, one.about))
        .collect()
}

/// The Actions that begin with `typed`.
pub(super) fn names<'a>(typed: &'a str, catalog: &'a Catalog) -> impl Iterator<Item = Offer> + 'a {
    let fits = catalog.actions().filter(move |one| begins(one.name, typed));
    fits.map(|one| {
        let synopsis = one.synopsis.terminal();
        let about = match one.privileges {
            Some(classes) if !classes.is_empty() => {
                format!("{synopsis} ({})", classes.join(","))
            }
            _ => synopsis.into_owned(),
        };
        Offer::name(one.name.as_str(), &about)
    })
}
