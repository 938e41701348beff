//! What of the Asterisk CLI is different over AMI.

/// Why a command is not let through, and what is; the server says only
/// `Command blacklisted` (16 and 22, which look at the first two words).
pub(super) fn blacklisted(text: &str) -> Option<String> {
    let words = words(text);
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let module = |at: usize| words.get(at).map_or("NAME", String::as_str);
    let instead = match lower.as_slice() {
        ["module", "load", ..] => format!("ModuleLoad Module={} LoadType=load", module(2)),
        ["module", "unload", "-f" | "-h", ..] => {
            format!("ModuleLoad Module={} LoadType=unload", module(3))
        }
        ["module", "unload", ..] => format!("ModuleLoad Module={} LoadType=unload", module(2)),
        ["restart", ..] => "cli core restart gracefully".to_owned(),
        _ => return None,
    };
    Some(format!("not to be had over AMI; type `{instead}`"))
}

/// Is it about the live console, which only `asterisk -r` has? 16 and 22 take
/// such a command all the same, and what it turns on goes to nobody here.
pub fn is_of_console(text: &[u8]) -> bool {
    let words = words(&String::from_utf8_lossy(text));
    let is = |at: usize, word: &str| {
        words
            .get(at)
            .is_some_and(|one| one.eq_ignore_ascii_case(word))
    };
    is(0, "logger") || (is(0, "core") && is(1, "set") && (is(2, "verbose") || is(2, "debug")))
}

/// The words of a CLI command as Asterisk cuts them: at blanks outside of
/// quotes, and quotes and backslashes are gone then. No word is known by its
/// beginning alone, and case does not count (16 and 22).
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !quoted => words.extend(word.take()),
            '\\' => word.get_or_insert_default().extend(letters.next()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    // What the server says is two words, and the way round it another action.
    #[test]
    fn what_is_not_let_through_names_what_is() {
        for (text, instead) in [
            (
                "module load res_x",
                "`ModuleLoad Module=res_x LoadType=load`",
            ),
            (
                "MODULE  unload -f res_x",
                "`ModuleLoad Module=res_x LoadType=unload`",
            ),
            ("module unload", "`ModuleLoad Module=NAME LoadType=unload`"),
            ("restart gracefully", "`cli core restart gracefully`"),
        ] {
            assert!(blacklisted(text).unwrap().ends_with(instead), "{text}");
        }
        assert_eq!(blacklisted("core show channels"), None);
    }

    #[test]
    fn the_live_console_is_told_from_the_rest() {
        for (text, is) in [
            ("core set verbose 5", true),
            ("Core Set debug 5", true),
            ("logger mute", true),
            ("core show settings", false),
            ("core set global x y", false),
        ] {
            assert_eq!(is_of_console(text.as_bytes()), is, "{text}");
        }
    }
}
