//! What may stand behind a line at the prompt: `| cmd` and `&`.

use super::word::{Misplaced, Word, split};
use super::{Fault, Place};

/// What becomes of the reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Then {
    /// It is waited for and shown.
    #[default]
    Show,
    /// `LINE | cmd`: a local command reads it.
    Pipe(String),
    /// `LINE &`: nobody waits for it; this LINE is named when it comes.
    Behind(String),
}

/// `line`, which begins at `at`, without its tail, and what the tail says. A
/// tail is a word by itself, without quotes; behind `|` all is the command's.
pub(super) fn cut(line: &[u8], at: usize) -> Result<(&[u8], Then), Misplaced> {
    // Most lines, and all of a long script: their words are read only once.
    if !line.iter().any(|byte| b"|&".contains(byte)) {
        return Ok((line, Then::Show));
    }
    // At the prompt a `$` is text, and this looks for neither.
    let words = split(line, 0, Place::Shell);
    let is = |word: &Word, mark: &[u8]| line.get(word.span.clone()) == Some(mark);
    let before = |word: &Word| line.get(..word.span.start).unwrap_or_default();
    let place = |word: &Word| at + word.span.start..at + word.span.end;
    if let Some(bar) = words.iter().find(|word| is(word, b"|")) {
        let command = line.get(bar.span.end..).unwrap_or_default().trim_ascii();
        let fault = match (before(bar).trim_ascii().is_empty(), command.is_empty()) {
            (false, false) => {
                let command = String::from_utf8_lossy(command).into_owned();
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

/// A line of a script has none; in quotes a word may be what it likes.
pub(super) fn none(line: &[u8], at: usize) -> Result<(), Misplaced> {
    let mark = match cut(line, at)? {
        (_, Then::Show) => return Ok(()),
        (_, Then::Pipe(_)) => "|",
        (_, Then::Behind(_)) => "&",
    };
    Err((at..at + line.len(), Fault::Tail(mark)))
}
