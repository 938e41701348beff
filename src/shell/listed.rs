//! The list of candidates below the line, never longer than the screen.
//!
//! For a longer list the editor would ask whether to continue, and take typed
//! keys for the answer.

use super::complete::Candidate;
use super::display::size;
use crate::output::{cut, signs};
use crate::peer_text::visible::{self, pad, width};
use rustyline::completion::{Pair, longest_common_prefix};

/// The editor's limit.
const MOST: usize = 1_000;

/// Blanks between columns, as the editor sets them.
const GAP: usize = 2;

/// The room for the list, above the next prompt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screenful {
    width: usize,
    rows: usize,
}

impl Screenful {
    pub fn now() -> Screenful {
        let (width, height) = size().unwrap_or((80, 24));
        Screenful {
            width,
            // With a single row there is none: the editor would ask at once.
            rows: height.saturating_sub(2).max(usize::from(height > 1)),
        }
    }
}

/// The list of `found` for the editor. The text `behind` the cursor decides
/// whether a blank is added. Candidates that fit one per row are shown with
/// descriptions, more of them as names only, and any excess is counted.
pub(super) fn listed(found: Vec<Candidate>, behind: &str, room: Screenful) -> Vec<Pair> {
    if let [one] = found.as_slice() {
        return vec![Pair {
            display: shown(&one.name),
            replacement: match one.goes_on || behind.starts_with(' ') {
                true => one.text().to_owned(),
                false => format!("{} ", one.text()),
            },
        }];
    }
    let pairs = |display: &dyn Fn(&Candidate) -> String| -> Vec<Pair> {
        let pair = |one: &Candidate| Pair {
            display: display(one),
            replacement: one.text().to_owned(),
        };
        found.iter().map(pair).collect()
    };
    let names = found.iter().map(|one| width(&shown(&one.name))).max();
    let names = names.unwrap_or(0);
    if found.len() <= room.rows {
        let names = names.min(room.width / 2);
        let whole = room.width.saturating_sub(1);
        return pairs(&|one| {
            let (name, about) = (shown(&one.name), shown(&one.about));
            let line = format!("{}{:GAP$}{about}", pad(&name, names), "");
            // The editor sets as many beside each other as fit, so each takes
            // the whole row; drawn are the words only.
            pad(&cut(&line, whole), whole)
        });
    }
    if room.rows == 0 {
        let pairs = pairs(&|_| String::new());
        let common = longest_common_prefix(&pairs).map(str::to_owned);
        let one = |replacement| Pair {
            display: String::new(),
            replacement,
        };
        return common.map(one).into_iter().collect();
    }
    let rest = format!("{} {} more", signs("…"), found.len());
    let cell = names.max(width(&rest)).min(room.width.saturating_sub(GAP));
    let columns = (room.width / (cell + GAP).max(1)).max(1);
    let fit = (room.rows * columns).min(MOST);
    let mut pairs = pairs(&|one| cut(&shown(&one.name), cell).into_owned());
    if pairs.len() > fit {
        // The common prefix is that of all candidates, including those not
        // shown.
        let common = longest_common_prefix(&pairs).unwrap_or_default().to_owned();
        let more = pairs.len() - fit + 1;
        pairs.truncate(fit.saturating_sub(1));
        pairs.push(Pair {
            display: cut(&format!("{} {more} more", signs("…")), cell).into_owned(),
            replacement: common,
        });
    }
    pairs
}

fn shown(text: &str) -> String {
    visible::text(text.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[String], width: usize, rows: usize) -> Vec<Pair> {
        let found = names
            .iter()
            .map(|name| Candidate::known(name, "what it is"));
        listed(found.collect(), "", Screenful { width, rows })
    }

    fn rows_of(pairs: &[Pair], width: usize) -> usize {
        let widest = pairs.iter().map(|pair| visible::width(&pair.display)).max();
        let column = (widest.unwrap_or(0) + GAP).min(width);
        pairs.len().div_ceil(width / column)
    }

    // A list that does not fit makes the editor ask, and the next keys would
    // answer its question.
    #[test]
    fn a_list_is_never_longer_than_the_screen() {
        for count in [2, 3, 7, 8, 20, 200, 5_000, 70_000] {
            for (width, rows) in [(80, 22), (20, 4), (7, 1), (1, 1), (300, 100)] {
                let names: Vec<String> = (0..count).map(|one| format!("Queue{one:05}")).collect();
                let pairs = of(&names, width, rows);
                let taken = rows_of(&pairs, width);
                assert!(taken <= rows, "{count} in {width}x{rows}: {taken} rows");
                let shown: Vec<_> = pairs.iter().map(|pair| pair.display.trim_end()).collect();
                if pairs.len() == count && width > 20 {
                    assert!(shown[0].starts_with("Queue00000"), "{shown:?}");
                }
            }
        }
    }

    // Tab inserts what all candidates have in common, not only those shown.
    #[test]
    fn what_is_not_shown_is_counted_and_keeps_its_say() {
        let mut names: Vec<String> = (0..30).map(|one| format!("Queue{one:02}")).collect();
        names.push("Quit".to_owned());
        let pairs = of(&names, 24, 5);
        assert_eq!(longest_common_prefix(&pairs), Some("Qu"));
        assert_eq!(pairs.last().unwrap().display.trim_end(), "… 22 more");
        assert_eq!(pairs.len(), 10);
    }

    #[test]
    fn what_each_is_stands_beside_it_where_there_is_room() {
        let pairs = of(&["Ping".to_owned(), "日本".to_owned()], 40, 5);
        assert_eq!(pairs[0].display.trim_end(), "Ping  what it is");
        assert_eq!(pairs[1].display.trim_end(), "日本  what it is");
        let one = of(&["Ping".to_owned()], 40, 5);
        assert_eq!(one[0].replacement, "Ping ");
    }
}
