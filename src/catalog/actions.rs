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
use std::sync::{LazyLock, OnceLock};

/// A row, and what is read from it when it is first needed: a command that sends
/// one Action needs that of one.
struct Row {
    known: &'static Known,
    page: OnceLock<Option<Page>>,
    /// The keys that the bare words fill.
    positions: OnceLock<Vec<&'static str>>,
}

/// Sorted by name, without regard to case.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let all = [
        calls::ROWS,
        configuration::ROWS,
        devices::ROWS,
        media::ROWS,
        queues::ROWS,
        session::ROWS,
    ];
    let mut known: Vec<&Known> = all.into_iter().flatten().collect();
    known.sort_by(|a, b| order(a.name, b.name));
    let row = |known| Row {
        known,
        page: OnceLock::new(),
        positions: OnceLock::new(),
    };
    known.into_iter().map(row).collect()
});

impl Row {
    fn page(&self) -> Option<&Page> {
        self.page.get_or_init(|| self.known.page()).as_ref()
    }
}

/// The row of the Action `name`, in any case; None if no Asterisk from 1.4 to
/// 23 has it.
pub fn action(name: &str) -> Option<&'static Known> {
    row(name).map(|row| row.known)
}

/// The built-in page of the Action `name`, in any case.
pub(super) fn page(name: &str) -> Option<&'static Page> {
    row(name)?.page()
}

/// All built-in pages, sorted without regard to case.
pub(super) fn pages<'a>() -> impl Iterator<Item = &'a Page> {
    ROWS.iter().filter_map(Row::page)
}

fn row(name: &str) -> Option<&'static Row> {
    let found = ROWS.binary_search_by(|row| order(row.known.name, name));
    ROWS.get(found.ok()?)
}

/// The keys that the bare words of `action` (any case) fill, in order; empty
/// where it takes none.
pub fn positions(action: &str) -> &'static [&'static str] {
    let row = row(action);
    row.map_or(&[], |row| {
        row.positions.get_or_init(|| row.known.positions())
    })
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
