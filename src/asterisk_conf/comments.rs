//! Comments of Asterisk's configuration files.

/// The deepest nesting of comments in Asterisk.
const COMMENTS: i32 = 128;

/// `line` without comments; None if all of it is a comment. `depth` counts the
/// open `;--`, and goes below 0 at a `--;` that closes none.
pub(super) fn without_comments(line: &[u8], depth: &mut i32) -> Option<Vec<u8>> {
    let mut is_open = *depth == 0;
    let mut is_cut = !is_open;
    let mut kept = Vec::new();
    // Comment marks cannot begin before this.
    let mut start = 0;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        let (before, after) = (line.get(start..at)?, line.get(at + 1..)?);
        at += 1;
        if *byte != b';' {
            if !is_cut {
                kept.push(*byte);
            }
            continue;
        }
        start = at;
        if before.ends_with(b"\\") {
            if !is_cut {
                kept.pop();
                kept.push(b';');
            }
        } else if after.starts_with(b"--") && after.get(2) != Some(&b'-') && *depth < COMMENTS {
            *depth += 1;
            is_cut = true;
            at += 2;
            start = at;
        } else if before.ends_with(b"--") {
            *depth -= 1;
            if *depth == 0 {
                (is_open, is_cut) = (true, false);
            } else if !is_cut {
                kept.push(b';');
            }
        } else if *depth == 0 {
            break;
        } else if !is_cut {
            kept.push(b';');
        }
    }
    is_open.then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_no_comment_is_kept(line in "[a;\\-\\\\]{0,30}", open in -1i32..3) {
            let mut depth = open;
            let kept = without_comments(line.as_bytes(), &mut depth);
            prop_assert!(kept.is_none_or(|kept| kept.len() <= line.len()));
            prop_assert!(line.contains(';') || depth == open);
        }
    }
}
