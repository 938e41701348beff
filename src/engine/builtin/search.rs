//! `help /text`: searches everything that help knows.

use crate::catalog::{Catalog, Page};
use crate::language::TABLE;
use crate::output::{Look, signs, views};
use crate::peer_text::{PeerText, visible};

/// Bytes of context shown on each side of a match.
const AROUND: usize = 40;

/// How well an entry matches; the best come first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Name,
    Synopsis,
    Key,
    Text,
}

/// The Actions, events and commands of amish that mention `wanted`.
pub(super) fn found(wanted: &str, catalog: &Catalog, look: &Look) -> Option<Vec<u8>> {
    let wanted = wanted.to_lowercase();
    let actions = catalog.actions().filter_map(|entry| {
        let page = catalog.page(entry.name);
        let (rank, about) = find(&wanted, entry.name, &entry.synopsis.terminal(), page)?;
        Some((rank, 0, entry.name.to_string(), about))
    });
    let events = catalog.events().filter_map(|page| {
        let (rank, about) = find(&wanted, &page.name, &page.synopsis.terminal(), Some(page))?;
        Some((rank, 1, format!("event {}", page.name), about))
    });
    let own = TABLE.iter().filter_map(|one| {
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
    views::explained(&mut out, &rows, look);
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
        let about = one
            .about
            .first()
            .map(PeerText::terminal)
            .unwrap_or_default();
        return Some((Rank::Key, plain(&format!("{}: {about}", one.key))));
    }
    let texts = page.parameters.iter().flat_map(|one| {
        let choices = one.choices.iter();
        let choices = choices.map(|choice| {
            let (value, about) = (choice.value.terminal(), choice.about.terminal());
            format!("{value} {about}")
        });
        let about = one.about.iter().map(|text| text.terminal().into_owned());
        let texts = about.chain(choices);
        texts.map(|text| format!("{}: {text}", one.key))
    });
    let description = page.description.iter();
    let description = description.map(|text| text.terminal().into_owned());
    let mut texts = description.chain(texts);
    let text = texts.find(|text| has(text))?;
    Some((Rank::Text, plain(&around(&text, wanted))))
}

/// `wanted` in `text`, with some context.
fn around(text: &str, wanted: &str) -> String {
    let lower = text.to_lowercase();
    let at = lower.find(wanted).unwrap_or(0);
    let before = lower.get(..at).map_or(0, |before| before.chars().count());
    let skipped = before.saturating_sub(AROUND);
    let part: String = text.chars().skip(skipped).take(3 * AROUND).collect();
    let (start, end) = (skipped > 0, text.chars().count() > skipped + 3 * AROUND);
    let mark = |is: bool| if is { signs("…") } else { "".into() };
    format!("{}{}{}", mark(start), part.trim(), mark(end))
}

/// Text from the server, made safe and put on one line.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    visible::text(words.join(" ").as_bytes()).into_owned()
}
