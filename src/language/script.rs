//! The words of scripts: `echo`, `sleep`, `-LINE`, and what scripts may not use.

use super::word::{Misplaced, Word, meaning};
use super::{Command, Fault, Place};
use std::time::Duration;

/// The commands of amish that mean something without a terminal.
const COMMANDS: [&str; 5] = ["events", "filter", "save", "set", "timing"];

/// Is `/name` of any use in a script?
pub(super) fn may_use(name: &str) -> bool {
    COMMANDS.contains(&name)
}

/// `-LINE`: the line whose Error the script forgives.
pub(super) fn forgiven(line: &[u8]) -> Option<&[u8]> {
    line.strip_prefix(b"-")
}

/// `echo TEXT`; the text may be empty.
pub(super) fn echo(text: &Word, place: Place) -> Result<Command, Misplaced> {
    let (echoed, unset) = meaning(&text.value, None, place, text.span.start);
    match unset {
        Some(unset) => Err(unset),
        None => Ok(Command::Echo(echoed)),
    }
}

/// `sleep SECONDS`.
pub(super) fn sleep(text: &Word) -> Result<Command, Misplaced> {
    let seconds = std::str::from_utf8(&text.value).ok();
    match seconds.and_then(duration) {
        Some(duration) => Ok(Command::Sleep(duration)),
        None => Err((text.span.clone(), Fault::NotSeconds)),
    }
}

/// `1.5`, `1.5s`, `200ms`, `2m`, `1h`; without a unit, seconds. None for what is
/// no number, negative, or too large for a Duration.
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let seconds = match text.get(digits.len()..)? {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number: f64 = digits.parse().ok().filter(|_| plain)?;
    Duration::try_from_secs_f64(number * seconds).ok()
}
