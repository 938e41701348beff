//! The output of CLI commands to values.

use super::{distinct, value};
use crate::ami::Reply;
use crate::catalog::Value;

/// The words of `_command matchesarray`: the longest common beginning, the
/// words, `_EOF_`, one blank between. 1.x repeats words.
pub(in crate::catalog::values) fn words(reply: &Reply) -> Vec<Value> {
    let output = reply.output().unwrap_or_default();
    let line = output.first().copied().unwrap_or_default();
    let words = line.split(|byte| *byte == b' ').skip(1);
    let words = words.filter(|word| !word.is_empty() && *word != b"_EOF_");
    distinct(words.filter_map(|word| value(word, String::new())))
}

/// The same without their folders, as Actions take configuration files.
pub(in crate::catalog::values) fn file_names(reply: &Reply) -> Vec<Value> {
    let name = |path: Value| {
        let name = path.text.rsplit('/').next()?;
        value(name.as_bytes(), String::new())
    };
    distinct(words(reply).into_iter().filter_map(name))
}

/// Of `EXTEN@CONTEXT` those of this context.
pub(in crate::catalog::values) fn extensions_at(reply: &Reply, context: &str) -> Vec<Value> {
    let exten = |both: Value| {
        let (exten, own) = both.text.rsplit_once('@')?;
        value(exten.as_bytes(), String::new()).filter(|_| own == context)
    };
    distinct(words(reply).into_iter().filter_map(exten))
}

/// `        Answer: Answer a channel if ringing. `
pub(in crate::catalog::values) fn applications(reply: &Reply) -> Vec<Value> {
    lines(reply, |line| {
        let (name, about) = line.split_once(": ")?;
        Some((name, about.trim()))
    })
}

/// `ABS   ABS([num])   Returns absolute value`: the name goes on with its
/// arguments.
pub(in crate::catalog::values) fn functions(reply: &Reply) -> Vec<Value> {
    lines(reply, |line| {
        let mut columns = columns(line);
        let (name, _, about) = (columns.next()?, columns.next()?, columns.next()?);
        Some((name, about))
    })
}

/// `res_pjsip.so    Basic SIP resource    52    Running    core`
pub(in crate::catalog::values) fn modules(reply: &Reply) -> Vec<Value> {
    lines(reply, |line| {
        let mut columns = columns(line);
        let name = columns.next().filter(|name| name.ends_with(".so"))?;
        Some((name, columns.next().unwrap_or_default()))
    })
}

/// Path and value of each line of `database show`; None for another answer.
pub(super) fn database(reply: &Reply) -> Option<Vec<(String, String)>> {
    let lines = reply.output()?.into_iter().map(String::from_utf8_lossy);
    let lines = lines.filter(|line| line.starts_with('/'));
    let both = |line: std::borrow::Cow<'_, str>| {
        let (path, holds) = line.split_once(": ")?;
        Some((path.trim_end().to_owned(), holds.trim_end().to_owned()))
    };
    Some(lines.filter_map(both).collect())
}

/// The columns of a line, with two blanks or more between them: their width
/// differs between versions.
fn columns(line: &str) -> impl Iterator<Item = &str> {
    let cells = line.split("  ").map(str::trim);
    cells.filter(|cell| !cell.is_empty())
}

/// The lines of a CLI command's output that `pick` finds a value in: one word,
/// and what is said of it.
fn lines(reply: &Reply, pick: impl Fn(&str) -> Option<(&str, &str)>) -> Vec<Value> {
    let output = reply.output().unwrap_or_default();
    let lines = output.into_iter().filter_map(|line| {
        let line = String::from_utf8_lossy(line);
        let (name, about) = pick(line.trim())?;
        let is_word = !name.contains(char::is_whitespace);
        value(name.as_bytes(), about.to_owned()).filter(|_| is_word)
    });
    distinct(lines)
}
