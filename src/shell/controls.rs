//! Control characters in the line being typed.
//!
//! The editor writes them to the terminal as they are, where they would act,
//! and counts them as no column. So inside the editor a character stands in for
//! each, of two columns as its picture `^[` has. The terminal gets the picture,
//! and whoever runs the line the control character.

use std::borrow::Cow;

/// Unassigned characters that every table of widths counts as two columns.
const FIRST: u32 = 0x3ff00;

/// Stands for a byte that is not UTF-8. A line with it is not run.
pub(super) const MISSING: char = '\u{3fff0}';

/// `text` for the editor. Line ends and tabs stay: it can draw them.
pub(super) fn hold(text: &str) -> Cow<'_, str> {
    match text.chars().any(|one| held(one) != one) {
        true => Cow::Owned(text.chars().map(held).collect()),
        false => Cow::Borrowed(text),
    }
}

/// One character for the editor.
pub(super) fn held(one: char) -> char {
    match meant(one) {
        // Not a character of any language; it would come out as another.
        Some(_) => char::REPLACEMENT_CHARACTER,
        None if one == MISSING => char::REPLACEMENT_CHARACTER,
        None => stand_in(one).unwrap_or(one),
    }
}

/// What is meant by a text of the editor.
pub(super) fn release(text: String) -> String {
    match text.chars().any(is_stand_in) {
        true => text.chars().map(released).collect(),
        false => text,
    }
}

/// A text of the editor as the terminal gets it, with colours or without: as
/// many columns as the editor counts.
pub(super) fn picture(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.chars().any(is_stand_in) {
        return text;
    }
    let mut shown = String::with_capacity(text.len());
    for one in text.chars() {
        match meant(one) {
            Some(control) => {
                let code = u8::try_from(u32::from(control)).unwrap_or_default();
                // As vi draws those above ASCII.
                shown.push(if code < 0x80 { '^' } else { '~' });
                shown.push(char::from((code & 0x7f) ^ 0x40));
            }
            None if one == MISSING => shown.push_str("??"),
            None => shown.push(one),
        }
    }
    Cow::Owned(shown)
}

/// A control character itself, as a stand-in.
pub(super) fn stand_in(one: char) -> Option<char> {
    let is_drawn = matches!(one, '\n' | '\t') || !one.is_control();
    let code = (!is_drawn).then(|| FIRST + u32::from(one))?;
    char::from_u32(code)
}

fn is_stand_in(one: char) -> bool {
    one == MISSING || meant(one).is_some()
}

fn released(one: char) -> char {
    match one {
        MISSING => char::REPLACEMENT_CHARACTER,
        _ => meant(one).unwrap_or(one),
    }
}

fn meant(one: char) -> Option<char> {
    let code = u32::from(one).checked_sub(FIRST)?;
    char::from_u32(code).filter(|one| one.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthChar;

    // The editor places the cursor by the columns it counts, and what is sent
    // is what was typed.
    #[test]
    fn every_control_character_has_a_picture_of_its_columns() {
        for code in (0..=0x1fu8).chain(0x7f..=0x9f) {
            let one = char::from(code);
            if matches!(one, '\n' | '\t') {
                continue;
            }
            let text = format!("a{one}b");
            let held = hold(&text).into_owned();
            let columns: usize = held.chars().filter_map(|c| c.width()).sum();
            let shown = picture(Cow::Borrowed(&held)).into_owned();
            assert!(
                shown.is_ascii() && shown.len() == columns,
                "{code}: {shown:?}"
            );
            assert!(shown.bytes().all(|b| b.is_ascii_graphic()), "{shown:?}");
            assert_eq!(release(held), text);
        }
        let shown = |text: &str| picture(hold(text)).into_owned();
        assert_eq!(shown("\x1b[31m\x07\x7f\r\u{9b}\0"), "^[[31m^G^?^M~[^@");
        assert_eq!(shown("é\t日\n"), "é\t日\n");
        let missing = picture(Cow::Owned(format!("a{MISSING}b")));
        assert_eq!((&*missing, MISSING.width()), ("a??b", Some(2)));
    }

    // Whoever pastes a stand-in must not get a control character for it.
    #[test]
    fn a_stand_in_that_was_typed_is_none() {
        assert_eq!(hold("\u{3ff1b}[\x1b"), "\u{fffd}[\u{3ff1b}");
        assert_eq!(hold("\u{3ff1b}"), "\u{fffd}");
        assert_eq!(hold("\u{3fff0}"), "\u{fffd}");
    }
}
