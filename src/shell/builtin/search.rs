//! `help /text`: where in all that is known a text occurs.

use super::ALL;
use crate::catalog::{Catalog, Page};
use crate::output::{Look, sanitize, table};

/// So much of a text is shown around what was looked for.
const AROUND: usize = 40;

/// How good a find is; the best come first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Name,
    Synopsis,
    Key,
    Text,
}

/// What mentions `wanted`: Actions, events, commands of amish.
pub(super) fn found(wanted: &str, catalog: &Catalog, look: &Look) -> Option<Vec<u8>> {
    let wanted = wanted.to_lowercase();
    let actions = catalog.actions().filter_map(|entry| {
        let page = catalog.page(entry.name);
        let (rank, about) = find(&wanted, entry.name, entry.synopsis, page)?;
        Some((rank, 0, entry.name.to_owned(), about))
    });
    let events = catalog.events().filter_map(|page| {
        let (rank, about) = find(&wanted, &page.name, &page.synopsis, Some(page))?;
        Some((rank, 1, format!("event {}", page.name), about))
    });
    let own = ALL.iter().filter_map(|one| {
        let (rank, about) = find(&wanted, one.name, one.about, None)?;
        Some((rank, 2, format!("/{}", one.name), about))
    });
    let mut all: Vec<(Rank, u8, String, String)> = actions.chain(events).chain(own).collect();
    all.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let rows: Vec<(String, &str)> = all
        .iter()
        .map(|(_, _, name, about)| (plain(&format!("help {name}")), about.as_str()))
        .collect();
    let mut out = Vec::new();
    table::explained(&mut out, &rows, look);
    (!rows.is_empty()).then_some(out)
}

fn find(wanted: &str, name: &str, synopsis: &str, page: Option<&Page>) -> Option<(Rank, String)> {
    let has = |text: &str| text.to_lowercase().contains(wanted);
    if has(name) {
        return Some((Rank::Name, plain(synopsis)));
    }
    if has(synopsis) {
        return Some((Rank::Synopsis, plain(synopsis)));
    }
    let page = page?;
    if let Some(one) = page.parameters.iter().find(|one| has(&one.key)) {
        let about = one.about.first().map(String::as_str).unwrap_or_default();
        return Some((Rank::Key, plain(&format!("{}: {about}", one.key))));
    }
    let texts = page.parameters.iter().flat_map(|one| {
        let choices = one.choices.iter();
        let choices = choices.map(|choice| format!("{} {}", choice.value, choice.about));
        let texts = one.about.iter().cloned().chain(choices);
        texts.map(|text| format!("{}: {text}", one.key))
    });
    let mut texts = page.description.iter().cloned().chain(texts);
    let text = texts.find(|text| has(text))?;
    Some((Rank::Text, plain(&around(&text, wanted))))
}

/// The part of `text` that mentions `wanted`.
fn around(text: &str, wanted: &str) -> String {
    let lower = text.to_lowercase();
    let at = lower.find(wanted).unwrap_or(0);
    let before = lower.get(..at).map_or(0, |before| before.chars().count());
    let skipped = before.saturating_sub(AROUND);
    let part: String = text.chars().skip(skipped).take(3 * AROUND).collect();
    let (start, end) = (skipped > 0, text.chars().count() > skipped + 3 * AROUND);
    let mark = |is: bool| if is { "…" } else { "" };
    format!("{}{}{}", mark(start), part.trim(), mark(end))
}

/// A stranger's text on one line.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    sanitize::text(words.join(" ").as_bytes()).into_owned()
}
