//! Reads a configuration file of Asterisk as Asterisk 16 to 22 do, including
//! how they treat mistakes.

use super::wildcard;
use crate::files::{self, FileError};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

/// The deepest nesting of included files.
const LEVELS: usize = 10;

/// The most files read in all. Asterisk has no such limit: a file that includes
/// itself often enough would keep it busy forever.
const FILES: usize = 10_000;
const SIZE: u64 = 1024 * 1024;

/// The longest line, in bytes; a longer one is skipped.
const LINE: usize = 8190;

/// The deepest nesting of comments in Asterisk.
const COMMENTS: i32 = 128;

/// `[name]` and the lines below it.
#[derive(Debug, Clone, Default)]
pub(super) struct Category {
    pub name: String,
    /// Used only by categories that inherit from it.
    pub is_template: bool,
    /// In the order of the file, inherited ones first.
    pub values: Vec<(String, String)>,
}

/// The categories of `file` and of the files that it includes, in order.
/// Relative names are in `folder`.
///
/// None: it does not exist, or Asterisk would refuse it.
pub(super) fn read(folder: &Path, file: &str) -> Option<Vec<Category>> {
    let mut loading = Loading {
        folder,
        categories: Vec::new(),
        current: None,
        level: 0,
        files: 0,
    };
    match loading.load(file) {
        Loaded::Whole if loading.files <= FILES => Some(loading.categories),
        _ => None,
    }
}

struct Loading<'a> {
    folder: &'a Path,
    categories: Vec<Category>,
    /// The category that an included file without a header continues.
    current: Option<usize>,
    level: usize,
    files: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Loaded {
    Whole,
    /// Valid up to a malformed line.
    Broken,
    Nothing,
}

/// A line for which Asterisk rejects the file.
struct Refused;

impl Loading<'_> {
    fn load(&mut self, name: &str) -> Loaded {
        if self.level == LEVELS {
            return Loaded::Nothing;
        }
        self.level += 1;
        let mut loaded = Loaded::Nothing;
        // An unclosed comment continues in the next file that matches the
        // pattern.
        let mut depth = 0;
        let pattern = self.folder.join(name);
        for path in wildcard::files(&pattern.to_string_lossy()) {
            match self.load_file(&path, &mut depth) {
                Loaded::Nothing => {}
                Loaded::Whole => loaded = Loaded::Whole,
                Loaded::Broken => {
                    loaded = Loaded::Broken;
                    break;
                }
            }
        }
        self.level -= 1;
        loaded
    }

    fn load_file(&mut self, path: &Path, depth: &mut i32) -> Loaded {
        self.files += 1;
        let is_file = path.metadata().is_ok_and(|about| about.is_file());
        if !is_file || self.files > FILES {
            return Loaded::Nothing;
        }
        let file = match files::open(path) {
            Ok(file) => file,
            // Asterisk may have access where we do not.
            Err(FileError::System(why)) if why.kind() == ErrorKind::PermissionDenied => {
                return Loaded::Whole;
            }
            Err(_) => return Loaded::Nothing,
        };
        let mut category = self.current;
        let lines = BufReader::new(file.take(SIZE)).split(b'\n');
        for line in lines.map_while(Result::ok) {
            if line.len() > LINE {
                continue;
            }
            let Some(text) = without_comments(&line, depth) else {
                continue;
            };
            let text = String::from_utf8_lossy(&text);
            if self.take(strip(&text), &mut category).is_err() {
                return Loaded::Broken;
            }
        }
        Loaded::Whole
    }

    fn take(&mut self, line: &str, category: &mut Option<usize>) -> Result<(), Refused> {
        if let Some(header) = line.strip_prefix('[') {
            *category = Some(self.header(header)?);
            return Ok(());
        }
        if let Some(directive) = line.strip_prefix('#') {
            return self.directive(directive);
        }
        if line.is_empty() {
            return Ok(());
        }
        let category = category.and_then(|at| self.categories.get_mut(at));
        let values = &mut category.ok_or(Refused)?.values;
        value(line, values)
    }

    /// `name]`, `name](!)`, `name](+)`, `name](template,template)`: returns the
    /// category that the lines below belong to.
    fn header(&mut self, header: &str) -> Result<usize, Refused> {
        let (name, rest) = header.split_once(']').ok_or(Refused)?;
        let mut new = Category {
            name: name.to_owned(),
            ..Category::default()
        };
        let mut added_to = None;
        if let Some(options) = rest.strip_prefix('(') {
            let (options, _) = options.split_once(')').ok_or(Refused)?;
            for option in options.split(',').filter(|option| !option.is_empty()) {
                if option.starts_with('+') {
                    let at = self.find(name, false).ok_or(Refused)?;
                    let old = self.categories.get_mut(at).ok_or(Refused)?;
                    old.is_template |= new.is_template;
                    old.values.append(&mut new.values);
                    self.current = Some(at);
                    added_to = Some(at);
                    continue;
                }
                let inherited = match option {
                    "!" => None,
                    base => Some(self.find(base, true).ok_or(Refused)?),
                };
                let inherited = inherited.and_then(|at| self.categories.get(at));
                let inherited = inherited.map(|base| base.values.clone());
                let category = match added_to {
                    Some(at) => self.categories.get_mut(at).ok_or(Refused)?,
                    None => &mut new,
                };
                match inherited {
                    Some(values) => category.values.extend(values),
                    None => category.is_template = true,
                }
            }
        }
        Ok(added_to.unwrap_or_else(|| {
            self.categories.push(new);
            let at = self.categories.len() - 1;
            self.current = Some(at);
            at
        }))
    }

    fn find(&self, name: &str, templates: bool) -> Option<usize> {
        let mut all = self.categories.iter();
        all.position(|one| one.name.eq_ignore_ascii_case(name) && (templates || !one.is_template))
    }

    /// `include` and `tryinclude`. Others are ignored, above all `exec`.
    fn directive(&mut self, directive: &str) -> Result<(), Refused> {
        let end = directive.find(is_blank).unwrap_or(directive.len());
        let (word, name) = directive.split_at(end);
        let is_include = word.eq_ignore_ascii_case("include");
        let name = unquoted(strip(name));
        if name.is_empty() || !(is_include || word.eq_ignore_ascii_case("tryinclude")) {
            return Ok(());
        }
        match self.load(name) {
            Loaded::Nothing if is_include => Err(Refused),
            // Asterisk accepts a file that was cut off as complete.
            _ => Ok(()),
        }
    }
}

/// `key = value`, `key => value`, `key += value`.
fn value(line: &str, values: &mut Vec<(String, String)>) -> Result<(), Refused> {
    let (line, skipped) = match line.strip_prefix('\\') {
        Some(rest) if rest.starts_with(is_blank) || rest.is_empty() => return Err(Refused),
        // An escaped equals sign does not separate.
        Some(rest) => (rest, rest.chars().next().map_or(0, char::len_utf8)),
        None => (line, 0),
    };
    let rest = line.get(skipped..).unwrap_or_default();
    let Some(at) = rest.find('=').map(|at| at + skipped) else {
        // Asterisk warns and continues.
        return Ok(());
    };
    let (key, typed) = line.split_at(at);
    let typed = typed.get(1..).unwrap_or_default();
    let added = key.strip_suffix('+').filter(|_| at > skipped);
    let (key, typed) = match added {
        Some(key) => (strip(key), typed),
        None => (strip(key), typed.strip_prefix('>').unwrap_or(typed)),
    };
    if key.is_empty() {
        return Ok(());
    }
    let old = values.iter_mut().rev().find(|(name, _)| name == key);
    match old.filter(|_| added.is_some()) {
        Some((_, value)) => *value = strip(&format!("{value}{typed}")).to_owned(),
        None => values.push((key.to_owned(), strip(typed).to_owned())),
    }
    Ok(())
}

/// `line` without comments; None if all of it is a comment. `depth` counts the
/// open `;--`, and goes below 0 at a `--;` that closes none.
fn without_comments(line: &[u8], depth: &mut i32) -> Option<Vec<u8>> {
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

/// `name` without surrounding `"…"` or `<…>`.
fn unquoted(name: &str) -> &str {
    let pairs = [('"', '"'), ('<', '>')];
    let inside = pairs
        .iter()
        .find_map(|(open, close)| name.strip_prefix(*open)?.strip_suffix(*close));
    inside.unwrap_or(name)
}

fn strip(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// Asterisk treats every control character as a blank.
fn is_blank(c: char) -> bool {
    c <= ' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The file may contain anything.
        #[test]
        fn any_file_is_read_without_a_panic(text in "[]\\[()!+,;\\-=>#\\\\a\u{e4} \n]{0,80}") {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("f"), text).unwrap();
            let _ = read(folder.path(), "f");
        }

        #[test]
        fn what_is_no_comment_is_kept(line in "[a;\\-\\\\]{0,30}", open in -1i32..3) {
            let mut depth = open;
            let kept = without_comments(line.as_bytes(), &mut depth);
            prop_assert!(kept.is_none_or(|kept| kept.len() <= line.len()));
            prop_assert!(line.contains(';') || depth == open);
        }
    }
}
