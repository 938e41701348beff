//! Reads values from the output of CLI commands.

use super::super::bounds::{distinct, value};
use super::super::kind::Value;
use crate::ami::Reply;
use crate::peer_text::PeerText;
use memchr::memmem;

/// The words of `_command matchesarray`: the longest common prefix, the words,
/// `_EOF_`, separated by blanks. 1.x repeats words.
pub(in crate::catalog::values) fn words(reply: &Reply) -> Vec<Value> {
    let output = reply.output().unwrap_or_default();
    let line = output.first().copied().unwrap_or_default();
    let words = line.split(|byte| *byte == b' ').skip(1);
    let words = words.filter(|word| !word.is_empty() && *word != b"_EOF_");
    distinct(words.filter_map(|word| value(word, b"")))
}

/// The same without directories, as Actions take configuration files.
pub(in crate::catalog::values) fn file_names(reply: &Reply) -> Vec<Value> {
    let name = |path: Value| {
        let name = path.text.bytes().rsplit(|byte| *byte == b'/').next()?;
        value(name, b"")
    };
    distinct(words(reply).into_iter().filter_map(name))
}

/// From `EXTEN@CONTEXT` those of this context.
pub(in crate::catalog::values) fn extensions_at(reply: &Reply, context: &str) -> Vec<Value> {
    let exten = |both: Value| {
        let exten = both.text.bytes().strip_suffix(context.as_bytes())?;
        value(exten.strip_suffix(b"@")?, b"")
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

/// `ABS   ABS([num])   Returns absolute value`: the value includes the
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
pub(super) fn database(reply: &Reply) -> Option<Vec<(&[u8], &[u8])>> {
    let lines = reply.output()?.into_iter();
    let paths = lines.filter_map(|line| line.strip_prefix(b"/"));
    let both = paths.filter_map(|line| {
        let at = memmem::find(line, b": ")?;
        let (path, rest) = line.split_at_checked(at)?;
        Some((path.trim_ascii_end(), rest.get(2..)?.trim_ascii_end()))
    });
    Some(both.collect())
}

/// The columns of a line, separated by two blanks or more: their widths differ
/// between versions.
fn columns(line: &str) -> impl Iterator<Item = &str> {
    let cells = line.split("  ").map(str::trim);
    cells.filter(|cell| !cell.is_empty())
}

/// The lines of a CLI command's output in which `pick` finds a value and its
/// description.
fn lines(reply: &Reply, pick: impl Fn(&str) -> Option<(&str, &str)>) -> Vec<Value> {
    let output = reply.output().unwrap_or_default();
    let lines = output.into_iter().filter_map(|line| {
        let line = PeerText::new(line);
        let line = line.json();
        let (name, about) = pick(line.trim())?;
        // A name that is not UTF-8 cannot be typed.
        let is_word = !name.contains(|c: char| c.is_whitespace() || c == '\u{fffd}');
        value(name.as_bytes(), about.as_bytes()).filter(|_| is_word)
    });
    distinct(lines)
}
