//! What amish itself knows of the Actions of Asterisk 1.4 to 23, one row each.
//! It stands in until the server's documentation has been read, or where there
//! is none, and has facts that no server documents, such as what an Action may
//! destroy.
//!
//! Names, keys and classes come from ListCommands and `[Syntax]` of 22, 16 and
//! 1.8, and from the source of 1.4 and of modules that were not loaded there.

mod calls;
mod configuration;
mod devices;
mod keys;
mod media;
mod queues;
mod row;
mod session;

use super::name::order;
use super::page::{Page, Parameter};
pub(super) use row::ValuesOf;
pub use row::{Danger, Effect, Known};
use std::sync::LazyLock;

/// Sorted by name, without regard to case.
static KNOWN: LazyLock<Vec<&'static Known>> = LazyLock::new(|| {
    let all = [
        calls::ROWS,
        configuration::ROWS,
        devices::ROWS,
        media::ROWS,
        queues::ROWS,
        session::ROWS,
    ];
    let mut rows: Vec<&Known> = all.into_iter().flatten().collect();
    rows.sort_by(|a, b| order(a.name, b.name));
    rows
});

/// The page of each row. Built when first needed: a command that sends one
/// Action needs none.
static PAGES: LazyLock<Vec<Option<Page>>> =
    LazyLock::new(|| KNOWN.iter().map(|known| known.page()).collect());

/// The keys that the bare words of each row fill.
static POSITIONS: LazyLock<Vec<Vec<&str>>> =
    LazyLock::new(|| KNOWN.iter().map(|known| known.positions()).collect());

/// The row of the Action `name`, in any case; None if no Asterisk from 1.4 to
/// 23 has it.
pub fn action(name: &str) -> Option<&'static Known> {
    KNOWN.get(at(name)?).copied()
}

/// The built-in page of the Action `name`, in any case.
pub(super) fn page(name: &str) -> Option<&'static Page> {
    PAGES.get(at(name)?)?.as_ref()
}

/// All built-in pages, sorted without regard to case.
pub(super) fn pages<'a>() -> impl Iterator<Item = &'a Page> {
    PAGES.iter().flatten()
}

fn at(name: &str) -> Option<usize> {
    let found = KNOWN.binary_search_by(|known| order(known.name, name));
    found.ok()
}

/// The keys that the bare words of `action` (any case) fill, in order; empty
/// where it takes none.
pub fn positions(action: &str) -> &'static [&'static str] {
    at(action)
        .and_then(|at| POSITIONS.get(at))
        .map_or(&[], Vec::as_slice)
}

/// The classes of which one is needed to send the Action `name`, empty if
/// anybody may; None if the Action is not in the table. `is_1_4`: the server's
/// banner ends in 1.0.
pub fn needed(name: &str, is_1_4: bool) -> Option<Vec<&'static str>> {
    Some(action(name)?.privileges(is_1_4))
}

/// `classes`, of which one is needed, written as in manager.conf.
pub fn one_of(classes: &[&str]) -> String {
    match classes {
        [one] => format!("write={one}"),
        some => format!("one of write={}", some.join(",")),
    }
}

impl Page {
    /// Whether the Action fails without `parameter`: as documented, corrected
    /// where servers were seen to differ.
    pub fn needs(&self, parameter: &Parameter) -> bool {
        let known = action(&self.name);
        known.map_or(parameter.required, |known| known.fails_without(parameter))
    }
}

/// Adds to a server's `page` what it is known to leave out: keys, values, and
/// which keys may be repeated.
pub(super) fn complete(page: Page) -> Page {
    match action(&page.name) {
        Some(known) => known.complete(page),
        None => page,
    }
}

#[cfg(test)]
mod tests;
