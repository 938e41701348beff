//! Expands file names with `*`, `?`, `[…]` and `{…,…}`.

use std::path::{Component, Path, PathBuf};

/// The most alternatives of one pattern; each is looked up on disk.
const ALTERNATIVES: usize = 1_000;

/// The files that match `pattern`, sorted within each alternative. A name
/// without a wildcard stands for itself, whether it exists or not.
pub(super) fn files(pattern: &str) -> Vec<PathBuf> {
    let mut whole = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(pattern) = open.pop() {
        match alternatives(&pattern) {
            // They are taken from the end, so added in reverse.
            Some(patterns) => open.extend(patterns.into_iter().rev()),
            None => whole.push(pattern),
        }
        if whole.len() + open.len() > ALTERNATIVES {
            return Vec::new();
        }
    }
    let found = whole.iter().flat_map(|one| matching(Path::new(one)));
    found.collect()
}

/// The alternatives of the first `{a,b}` of `pattern`; None if there are none.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let (before, rest) = pattern.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    let one = |part: &str| format!("{before}{part}{after}");
    Some(inside.split(',').map(one).collect())
}

fn matching(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in pattern.components() {
        let name = component.as_os_str().to_string_lossy();
        let is_plain =
            !matches!(component, Component::Normal(_)) || !name.contains(['*', '?', '[']);
        found = match is_plain {
            true => found.into_iter().map(|path| path.join(component)).collect(),
            false => found.iter().flat_map(|path| entries(path, &name)).collect(),
        };
    }
    found
}

fn entries(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let pattern: Vec<char> = pattern.chars().collect();
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let fits = |name: &String| {
        let name: Vec<char> = name.chars().collect();
        // A wildcard does not match the dot of a hidden file.
        (name.first() != Some(&'.') || pattern.first() == Some(&'.')) && matches(&pattern, &name)
    };
    let mut names: Vec<String> = names.filter(fits).collect();
    names.sort();
    names.into_iter().map(|name| folder.join(name)).collect()
}

fn matches(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    // After the last star, and where the name continues if the star takes one
    // more character.
    let mut star = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            p += 1;
            star = Some((p, n));
            continue;
        }
        if let Some(length) = one(pattern.get(p..).unwrap_or_default(), name.get(n).copied()) {
            p += length;
            n += 1;
            continue;
        }
        let Some((behind, taken)) = star else {
            return false;
        };
        star = Some((behind, taken + 1));
        (p, n) = (behind, taken + 1);
    }
    let rest = pattern.get(p..).unwrap_or_default();
    rest.iter().all(|c| *c == '*')
}

/// The length of the start of `pattern` that matches `c`, if it does.
fn one(pattern: &[char], c: Option<char>) -> Option<usize> {
    let (first, c) = (*pattern.first()?, c?);
    let close = pattern.iter().skip(2).position(|c| *c == ']');
    match (first, close) {
        ('?', _) => Some(1),
        ('[', Some(close)) => {
            let set = pattern.get(1..close + 2)?;
            let (is_not, set) = match set {
                ['!' | '^', rest @ ..] => (true, rest),
                set => (false, set),
            };
            (contains(set, c) != is_not).then_some(close + 3)
        }
        (first, _) => (first == c).then_some(1),
    }
}

fn contains(set: &[char], c: char) -> bool {
    match set {
        [from, '-', to, rest @ ..] => (*from..=*to).contains(&c) || contains(rest, c),
        [one, rest @ ..] => *one == c || contains(rest, c),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        let (pattern, name): (Vec<char>, Vec<char>) =
            (pattern.chars().collect(), name.chars().collect());
        matches(&pattern, &name)
    }

    /// Whether a file is included decides who may log in.
    #[test]
    fn names_are_matched_as_the_c_library_does() {
        for (pattern, name) in [
            ("*.conf", "a.conf"),
            ("*.conf", "a.conf.conf"),
            ("a*b*c", "axxbxbxc"),
            ("?", "ä"),
            ("[a-c]x", "bx"),
            ("[!a-c]x", "dx"),
            ("[]]", "]"),
            ("*", ""),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.conf", "a.conf~"),
            ("a*b*c", "axxbxbx"),
            ("?", ""),
            ("[a-c]x", "dx"),
            ("[!a-c]x", "bx"),
            ("a", "ab"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
