//! Marks the differences between two versions of a text.

use super::columns::cut;
use super::{Look, Role, signs};

/// The lines of `now` that fit `rows`, one row each, with the differences from
/// `before` marked. Cells are separated by two blanks: if only some cells of a
/// line differ those are marked, otherwise the whole line.
pub fn marked(now: &str, before: Option<&str>, rows: usize, look: &Look) -> Vec<String> {
    let lines: Vec<&str> = now.lines().collect();
    let old: Vec<&str> = before.unwrap_or(now).lines().collect();
    let shown = match lines.len() > rows {
        true => rows.saturating_sub(1),
        false => lines.len(),
    };
    let mut pairs = Pairs::new(&lines, &old);
    let mut marked: Vec<String> = (0..shown)
        .map(|at| line(lines.get(at).unwrap_or(&""), pairs.of(at), look))
        .collect();
    if shown < lines.len() {
        let more = format!("{} and {} lines more", signs("…"), lines.len() - shown);
        marked.push(look.palette.paint(Role::Dim, &more).into_owned());
    }
    marked
}

/// Pairs each line with its earlier version.
struct Pairs<'a> {
    lines: &'a [&'a str],
    /// Those not paired yet.
    left: Vec<Option<&'a str>>,
    same: Vec<bool>,
}

impl<'a> Pairs<'a> {
    /// Equal lines are paired first, so that an inserted line does not mark all
    /// lines below it.
    fn new(lines: &'a [&'a str], old: &'a [&'a str]) -> Pairs<'a> {
        let mut left: Vec<Option<&str>> = old.iter().copied().map(Some).collect();
        let mut same = Vec::new();
        for line in lines {
            let found = left.iter_mut().find(|old| **old == Some(*line));
            same.push(found.map(Option::take).is_some());
        }
        Pairs { lines, left, same }
    }

    /// The earlier version of the line at `at`: the same line, one with the
    /// same first cell, or none.
    fn of(&mut self, at: usize) -> Option<&'a str> {
        let line = *self.lines.get(at)?;
        if self.same.get(at) == Some(&true) {
            return Some(line);
        }
        let new = cells(line);
        let alike = |old: &&'a str| {
            let old = cells(old);
            let same = old.iter().zip(&new).filter(|(old, new)| old == new);
            (old.first() == new.first()).then(|| same.count())
        };
        let left = self.left.iter_mut().filter(|old| old.is_some());
        let best = left.max_by_key(|old| old.as_ref().and_then(alike))?;
        alike(best.as_ref()?)?;
        best.take()
    }
}

/// The parts of `line`, separated by two blanks or more.
fn cells(line: &str) -> Vec<&str> {
    line.split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect()
}

fn line(line: &str, old: Option<&str>, look: &Look) -> String {
    // Without colours, a mark at the left edge shows the change.
    if !look.palette.is_on() {
        let mark = if old == Some(line) { "  " } else { "* " };
        return format!("{mark}{}", cut(line, look.width.saturating_sub(2)));
    }
    let line = cut(line, look.width);
    let changed = |text: &str| look.palette.paint(Role::Changed, text).into_owned();
    let (new, old) = (cells(&line), old.map(cells).unwrap_or_default());
    if new.len() != old.len() {
        return changed(&line);
    }
    let mut painted = String::new();
    let mut rest = &*line;
    for (new, old) in new.iter().zip(&old) {
        let at = rest.find(new).unwrap_or_default();
        let (gap, from) = rest.split_at(at);
        let (cell, after) = from.split_at(new.len());
        painted.push_str(gap);
        match new == old || new.ends_with(&*signs("…")) {
            true => painted.push_str(cell),
            false => painted.push_str(&changed(cell)),
        }
        rest = after;
    }
    painted
}

#[cfg(test)]
mod tests {
    use super::super::Palette;
    use super::super::tests::PLAIN;
    use super::*;

    const BEFORE: &str = "Queue    Calls  Hold\n───────────────────\nsales        0  0:00\nsupport      1  0:12\n2 queues";

    fn shown(now: &str, rows: usize, palette: Palette) -> Vec<String> {
        let look = Look {
            palette,
            width: 24,
            ..PLAIN
        };
        marked(now, Some(BEFORE), rows, &look)
    }

    // Changes must stand out; an inserted row is one change.
    #[test]
    fn what_changed_is_marked_and_nothing_else() {
        let now = "Queue    Calls  Hold\n───────────────────\nnew          0  0:00\nsales        0  0:00\nsupport      2  0:12\n3 queues";
        let on = shown(now, 10, Palette::new(true));
        assert_eq!(
            on,
            [
                "Queue    Calls  Hold",
                "───────────────────",
                "\x1b[7mnew          0  0:00\x1b[0m",
                "sales        0  0:00",
                "support      \x1b[7m2\x1b[0m  0:12",
                "\x1b[7m3 queues\x1b[0m",
            ]
        );
        let off = shown(now, 10, Palette::OFF);
        let marks: String = off.iter().map(|line| &line[..1]).collect();
        assert_eq!(marks, "  * **");
        assert_eq!(marked(now, None, 9, &PLAIN)[0], "  Queue    Calls  Hold");
    }

    // One line more than the screen has would scroll it.
    #[test]
    fn it_never_takes_more_rows_than_there_are() {
        assert_eq!(shown(BEFORE, 3, Palette::OFF).len(), 3);
        assert_eq!(shown(BEFORE, 3, Palette::OFF)[2], "… and 3 lines more");
        let long = "x".repeat(100);
        assert!(shown(&long, 3, Palette::OFF)[0].chars().count() <= 24);
    }
}
