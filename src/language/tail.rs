//! What may follow a line at the prompt: `| cmd` and `&`.

use super::word::{Misplaced, Word, split};
use super::{Fault, Place};

/// What to do with the reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// Wait for it and show it.
    Show,
    /// `LINE | cmd`: pass it to a local command.
    Pipe(String),
    /// `LINE &`: show it when it comes, under this LINE.
    Behind(String),
}

/// Splits the tail from `line`, which begins at `at`. A tail is an unquoted
/// word of its own; everything after `|` belongs to the command.
pub(super) fn cut(line: &[u8], at: usize) -> Result<(&[u8], Then), Misplaced> {
    // Fast path: most lines have no tail.
    if !line.iter().any(|byte| b"|&".contains(byte)) {
        return Ok((line, Then::Show));
    }
    // `Place::Shell`: variables do not matter here.
    let words = split(line, 0, Place::Shell);
    let is = |word: &Word, mark: &[u8]| line.get(word.span.clone()) == Some(mark);
    let before = |word: &Word| line.get(..word.span.start).unwrap_or_default();
    let place = |word: &Word| at + word.span.start..at + word.span.end;
    if let Some(bar) = words.iter().find(|word| is(word, b"|")) {
        let command = line.get(bar.span.end..).unwrap_or_default().trim_ascii();
        let is_empty = waited_for(command).is_empty();
        let fault = match (before(bar).trim_ascii().is_empty(), is_empty) {
            (false, false) => {
                let command = String::from_utf8_lossy(waited_for(command)).into_owned();
                return Ok((before(bar), Then::Pipe(command)));
            }
            (true, _) => Fault::Alone("a |", "QueueStatus | less"),
            (_, true) => Fault::Alone("the | at the end", "QueueStatus | less"),
        };
        return Err((place(bar), fault));
    }
    match words.last() {
        Some(last) if is(last, b"&") && words.len() == 1 => {
            Err((place(last), Fault::Alone("&", "QueueStatus &")))
        }
        Some(last) if is(last, b"&") => {
            let line = String::from_utf8_lossy(before(last).trim_ascii()).into_owned();
            Ok((before(last), Then::Behind(line)))
        }
        _ => Ok((line, Then::Show)),
    }
}

/// `command` without a `&` at its end. A shell gives a command in the
/// background no input, so the reply would be lost.
fn waited_for(command: &[u8]) -> &[u8] {
    let before = command.strip_suffix(b"&").map(<[u8]>::trim_ascii_end);
    let ends = |before: &&[u8]| !before.ends_with(b"\\") && !before.ends_with(b"&");
    before.filter(ends).unwrap_or(command)
}

/// Refuses a tail in a script; quoted words may be anything.
pub(super) fn none(line: &[u8], at: usize) -> Result<(), Misplaced> {
    let mark = match cut(line, at)? {
        (_, Then::Show) => return Ok(()),
        (_, Then::Pipe(_)) => "|",
        (_, Then::Behind(_)) => "&",
    };
    Err((at..at + line.len(), Fault::Tail(mark)))
}
