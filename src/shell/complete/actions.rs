//! The first word of a line, and names of Actions wherever one may stand.

use super::{Candidate, begins, words};
use crate::catalog::Catalog;

/// An Action, or a word of amish's own.
pub(super) fn first_words(typed: &str, catalog: &Catalog) -> Vec<Candidate> {
    if typed.starts_with('/') {
        return words::builtins(typed).collect();
    }
    let plain = [
        ("cli", "an Asterisk CLI command"),
        ("help", "what can be typed here"),
        ("quit", "log off and leave"),
        ("exit", "log off and leave"),
    ];
    let plain = plain
        .iter()
        .filter(|(word, _)| begins(word, typed) && !typed.is_empty())
        .map(|(word, about)| Candidate::new(word, about));
    names(typed, catalog).chain(plain).collect()
}

/// The Actions that begin with `typed`.
pub(super) fn names<'a>(
    typed: &'a str,
    catalog: &'a Catalog,
) -> impl Iterator<Item = Candidate> + 'a {
    // What a server lists is a stranger's text: a name with a control byte in
    // it is none, and must not reach the terminal.
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_graphic());
    let fits = catalog
        .actions()
        .filter(move |one| begins(one.name, typed) && is_name(one.name));
    fits.map(|one| {
        let about = match one.privileges {
            Some(classes) if !classes.is_empty() => {
                format!("{} ({})", one.synopsis, classes.join(","))
            }
            _ => one.synopsis.to_owned(),
        };
        Candidate::new(one.name, &about)
    })
}
