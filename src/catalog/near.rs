//! Finds what a misspelled name may have meant.

use super::name::order;

/// Up to three of `names` that `typed` may have meant, best first: those that
/// begin with it, and those a few letters away; failing that, those it begins
/// with.
pub(super) fn near<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = typed.to_ascii_lowercase();
    let mut ranked: Vec<((u8, usize), &str)> = names
        .filter_map(|name| {
            let lower = name.to_ascii_lowercase();
            let distance = strsim::osa_distance(&wanted, &lower);
            let class = if wanted.len() >= 2 && lower.starts_with(&wanted) {
                0
            } else if is_slip(&wanted, &lower, distance, 3) {
                1
            } else if lower.len() >= 4 && wanted.starts_with(&lower) {
                2
            } else {
                return None;
            };
            Some(((class, distance), name))
        })
        .collect();
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then(order(a.1, b.1)));
    if ranked.first().is_some_and(|((class, _), _)| *class < 2) {
        ranked.retain(|((class, _), _)| *class < 2);
    }
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Is `typed` a few letters away from `name`, at most `most`? Both are in lower
/// case; two neighbours swapped count as one. The letters of the name in
/// another order, as in `Qeueu`, may be one further away.
pub(super) fn is_slip(typed: &str, name: &str, distance: usize, most: usize) -> bool {
    let few = (typed.len() / 4).clamp(1, most);
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    distance <= few || (distance == few + 1 && sorted(typed) == sorted(name))
}
