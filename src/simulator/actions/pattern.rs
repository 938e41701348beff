//! Channel names that match a pattern.

/// As much of regular expressions as channel names need: `^`, `$`, `.`, `*` and `\`, without regard to case.
///
/// All places where the pattern may stand are followed at once, so that no pattern takes longer than its length times
/// that of the name: the world waits meanwhile.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let name = name.to_ascii_lowercase().into_bytes();
    let pattern = pattern.to_ascii_lowercase().into_bytes();
    let (mut rest, mut places) = match pattern.split_first() {
        Some((b'^', rest)) => (rest, vec![0]),
        _ => (&*pattern, (0..=name.len()).collect()),
    };
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'$' && behind.is_empty() {
            return places.contains(&name.len());
        }
        let (literal, any, behind) = match (first, behind) {
            (b'\\', [escaped, behind @ ..]) => (*escaped, false, behind),
            _ => (*first, *first == b'.', behind),
        };
        let fits = |at: usize| name.get(at).is_some_and(|byte| any || *byte == literal);
        if let [b'*', behind @ ..] = behind {
            let start = places.first().copied().unwrap_or(0);
            places = (start..=name.len()).fold(Vec::new(), |mut reached, at| {
                let carried = at > 0 && reached.last() == Some(&(at - 1)) && fits(at - 1);
                if carried || places.contains(&at) {
                    reached.push(at);
                }
                reached
            });
            rest = behind;
        } else {
            places = places
                .into_iter()
                .filter(|at| fits(*at))
                .map(|at| at + 1)
                .collect();
            rest = behind;
        }
        if places.is_empty() {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn the_usual_patterns_of_hangup_work() {
        assert!(matches("^Local.*", "Local/200@default-00000005;1"));
        assert!(matches("^Local/.*;1$", "Local/200@default-00000005;1"));
        assert!(matches("^l*ocal/2*00", "Local/200@default-00000005;1"));
        assert!(!matches(&".*a".repeat(300), &"b".repeat(80)));
        assert!(matches("200", "Local/200@default-00000005;1"));
        assert!(!matches("^Nope.*$", "Local/200@default-00000005;1"));
        assert!(!matches("^Local$", "Local/200@default-00000005;1"));
    }
}
