//! Reads a configuration file of Asterisk as Asterisk 16 to 22 do, including
//! how they treat mistakes.

mod comments;
mod found;
mod wildcard;

pub use found::{Category, Configuration, Place, Unusable, Value};

use crate::files::{self, FileError};
use comments::without_comments;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The directory of Asterisk's configuration.
pub const FOLDER: &str = "/etc/asterisk";

/// The deepest nesting of included files.
const LEVELS: usize = 10;

/// The most files read in all. Asterisk has no such limit: a file that includes
/// itself often enough would keep it busy forever.
const FILES: usize = 10_000;
const SIZE: u64 = 1024 * 1024;

/// The most bytes and values in all: templates that inherit from each other
/// double at each step.
const BYTES: u64 = 16 * SIZE;
const VALUES: usize = 100_000;

/// How many files and lines are remembered to be told of.
const NOTED: usize = 100;

/// The longest line, in bytes; a longer one is skipped.
const LINE: usize = 8190;

/// The categories of `file` and of the files that it includes, in order.
/// Relative names are in `folder`.
///
/// # Errors
/// It does not exist, Asterisk would refuse it, or it is more than any server
/// has.
pub fn read(folder: &Path, file: &str) -> Result<Configuration, Unusable> {
    let mut loading = Loading {
        folder,
        found: Configuration::default(),
        current: None,
        level: 0,
        files: 0,
        bytes: 0,
        inherited: 0,
        place: None,
    };
    let loaded = loading.load(file);
    let is_bounded = loading.files <= FILES && loading.bytes <= BYTES;
    match loaded {
        Loaded::Whole if is_bounded => Ok(loading.found),
        _ => Err(Unusable {
            place: loading.place,
        }),
    }
}

struct Loading<'a> {
    folder: &'a Path,
    found: Configuration,
    /// The category that an included file without a header continues.
    current: Option<usize>,
    level: usize,
    files: usize,
    /// Bytes of lines so far.
    bytes: u64,
    /// Values taken from templates so far.
    inherited: usize,
    /// The line that is being read.
    place: Option<Place>,
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
        let about = path.metadata().ok().filter(|about| about.is_file());
        let Some(about) = about.filter(|_| self.files <= FILES && self.bytes <= BYTES) else {
            return Loaded::Nothing;
        };
        let file = match files::open(path) {
            Ok(file) => file,
            // Asterisk may have access where we do not.
            Err(FileError::System(why)) if why.kind() == ErrorKind::PermissionDenied => {
                note(&mut self.found.unread, path);
                return Loaded::Whole;
            }
            Err(_) => return Loaded::Nothing,
        };
        self.found.read.insert(path.to_owned(), about.mode());
        if about.len() > SIZE {
            note(&mut self.found.cut, path);
        }
        let mut category = self.current;
        let name: Arc<Path> = path.into();
        let lines = BufReader::new(file.take(SIZE)).split(b'\n');
        for (at, line) in lines.map_while(Result::ok).enumerate() {
            self.bytes += line.len() as u64 + 1;
            if self.bytes > BYTES {
                return Loaded::Broken;
            }
            self.place = Some(Place {
                file: name.clone(),
                line: at + 1,
            });
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
        let category = category.and_then(|at| self.found.categories.get_mut(at));
        let values = &mut category.ok_or(Refused)?.values;
        if values.len() >= VALUES {
            return Err(Refused);
        }
        value(line, values, self.place.as_ref())
    }

    /// `name]`, `name](!)`, `name](+)`, `name](template,template)`: returns the
    /// category that the lines below belong to.
    fn header(&mut self, header: &str) -> Result<usize, Refused> {
        let (name, rest) = header.split_once(']').ok_or(Refused)?;
        let mut new = Category {
            name: name.to_owned(),
            place: self.place.clone(),
            ..Category::default()
        };
        let mut added_to = None;
        if let Some(options) = rest.strip_prefix('(') {
            let (options, _) = options.split_once(')').ok_or(Refused)?;
            for option in options.split(',').filter(|option| !option.is_empty()) {
                if option.starts_with('+') {
                    let at = self.find(name, false).ok_or(Refused)?;
                    let old = self.found.categories.get_mut(at).ok_or(Refused)?;
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
                let inherited = inherited.and_then(|at| self.found.categories.get(at));
                let inherited = inherited.map(|base| base.values.clone());
                self.inherited += inherited.as_ref().map_or(0, Vec::len);
                if self.inherited > VALUES {
                    return Err(Refused);
                }
                let category = match added_to {
                    Some(at) => self.found.categories.get_mut(at).ok_or(Refused)?,
                    None => &mut new,
                };
                match inherited {
                    Some(values) => category.values.extend(values),
                    None => category.is_template = true,
                }
            }
        }
        Ok(added_to.unwrap_or_else(|| {
            self.found.categories.push(new);
            let at = self.found.categories.len() - 1;
            self.current = Some(at);
            at
        }))
    }

    fn find(&self, name: &str, templates: bool) -> Option<usize> {
        let mut all = self.found.categories.iter();
        all.position(|one| one.name.eq_ignore_ascii_case(name) && (templates || !one.is_template))
    }

    /// `include` and `tryinclude`. Others are ignored; that of `exec` is noted.
    fn directive(&mut self, directive: &str) -> Result<(), Refused> {
        let end = directive.find(is_blank).unwrap_or(directive.len());
        let (word, name) = directive.split_at(end);
        if word.eq_ignore_ascii_case("exec") && self.found.programs.len() < NOTED {
            self.found.programs.extend(self.place.clone());
        }
        let is_include = word.eq_ignore_ascii_case("include");
        let name = unquoted(strip(name));
        if name.is_empty() || !(is_include || word.eq_ignore_ascii_case("tryinclude")) {
            return Ok(());
        }
        let place = self.place.clone();
        let loaded = self.load(name);
        if loaded != Loaded::Broken {
            self.place = place;
        }
        match loaded {
            Loaded::Nothing if is_include => Err(Refused),
            // Asterisk accepts a file that was cut off as complete.
            _ => Ok(()),
        }
    }
}

/// Adds `path` once, and not without end.
fn note(paths: &mut Vec<PathBuf>, path: &Path) {
    if paths.len() < NOTED && !paths.iter().any(|one| one == path) {
        paths.push(path.to_owned());
    }
}

/// `key = value`, `key => value`, `key += value`.
fn value(line: &str, values: &mut Vec<Value>, place: Option<&Place>) -> Result<(), Refused> {
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
    let mut known = values.iter_mut().rev();
    let old = added.and_then(|_| known.find(|one| one.key == key));
    match old {
        Some(old) => old.value = strip(&format!("{}{typed}", old.value)).to_owned(),
        None => values.push(Value {
            key: key.to_owned(),
            value: strip(typed).to_owned(),
            place: place.cloned(),
        }),
    }
    Ok(())
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
    }
}
