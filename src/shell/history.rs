//! The history on disk: one entry per line, appended as it is typed, so that
//! two shells lose nothing.

use crate::catalog::Catalog;
use crate::files;
use crate::language::holds_secret;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Entries kept.
pub(super) const ENTRIES: usize = 10_000;

/// The largest file that is read, in bytes. A line has a few hundred.
const SIZE: u64 = 64 * 1024 * 1024;

/// The longest entry that is brought back, in bytes. The editor draws the whole
/// line at every key.
const LONGEST: usize = 64 * 1024;

/// Text that may go into a history: not empty, and without a secret. A history
/// accepts nothing else.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a>(&'a str);

impl<'a> Entry<'a> {
    /// An entry for `text`, which is run as `meant`. None if it is empty or too
    /// long, begins with a blank, or holds a secret.
    pub fn of(
        text: &'a str,
        meant: &str,
        aliases: &[(String, String)],
        catalog: &Catalog,
    ) -> Option<Entry<'a>> {
        let text = text.trim_end();
        let is_kept = !text.is_empty()
            && text.len() <= LONGEST
            && !text.starts_with([' ', '\t'])
            && !holds_secret(meant, aliases, catalog);
        is_kept.then_some(Entry(text))
    }

    pub fn text(self) -> &'a str {
        self.0
    }
}

pub(super) struct History {
    path: PathBuf,
}

impl History {
    /// Opens the history at `path`, creating it if necessary, and returns its
    /// entries.
    ///
    /// # Errors
    /// The file cannot be used; the history is then kept for this shell only.
    pub fn open(path: PathBuf) -> io::Result<(History, Vec<String>)> {
        files::make_parent(&path)?;
        let history = History { path };
        // No other shell may append between reading and truncating.
        let mut file = history.locked()?;
        let bytes = files::read_to_end(&file, SIZE)?;
        let (lines, kept) = newest(&bytes);
        if kept.len() < lines {
            cut(&mut file, &kept)?;
        }
        Ok((history, entries(&kept)))
    }

    /// The entries of the history at `path`, which [`History::open`] refused
    /// with `why`: those of a file that may only be read, else none.
    pub fn read(path: &Path, why: &io::Error) -> Vec<String> {
        let only_read = [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem];
        if !only_read.contains(&why.kind()) {
            return Vec::new();
        }
        let file = files::open_trusted(path);
        let bytes = file.and_then(|file| files::read_to_end(file, SIZE));
        let bytes = bytes.unwrap_or_default();
        let (_, kept) = newest(&bytes);
        entries(&kept)
    }

    /// Appends `entry`, completely or not at all.
    pub fn add(&self, entry: Entry<'_>) -> io::Result<()> {
        let mut file = self.locked()?;
        let end = file.seek(SeekFrom::End(0))?;
        // Another program, or a full disk, may have left half a line, which
        // would become the beginning of this one.
        let gap = if ends_a_line(&mut file, end)? {
            ""
        } else {
            "\n"
        };
        file.write_all(format!("{gap}{}", escape(entry.text())).as_bytes())
            .inspect_err(|_| {
                // Likewise for half an entry of this shell.
                let _ = file.set_len(end);
            })
    }

    /// Opens the file, locked for this shell until it is closed.
    fn locked(&self) -> io::Result<File> {
        let file = files::open_or_create(&self.path)?;
        file.lock()?;
        Ok(file)
    }
}

/// Does the line before `end` have its line end?
fn ends_a_line(file: &mut File, end: u64) -> io::Result<bool> {
    let Some(last) = end.checked_sub(1) else {
        return Ok(true);
    };
    let mut byte = [0];
    file.seek(SeekFrom::Start(last))?;
    // Leaves the file at its end again.
    file.read_exact(&mut byte)?;
    Ok(byte == *b"\n")
}

/// How many lines there are in `bytes`, and those that are kept.
fn newest(bytes: &[u8]) -> (usize, Vec<&[u8]>) {
    let lines = bytes.split(|&b| b == b'\n').filter(|l| !l.is_empty());
    let mut lines: Vec<&[u8]> = lines.collect();
    let count = lines.len();
    (count, lines.split_off(count.saturating_sub(ENTRIES)))
}

fn entries(lines: &[&[u8]]) -> Vec<String> {
    let lines = lines.iter().filter(|line| line.len() <= LONGEST);
    lines.map(|line| unescape(line)).collect()
}

/// Leaves only `kept` in `file`. Overwrites the old entries in place:
/// truncating first could lose all of them to a full disk.
fn cut(file: &mut File, kept: &[&[u8]]) -> io::Result<()> {
    let mut text = kept.join(&b'\n');
    text.push(b'\n');
    file.rewind()?;
    file.write_all(&text)?;
    file.set_len(text.len() as u64)
}

/// One line, whatever is in it.
fn escape(entry: &str) -> String {
    let mut line = entry.replace('\\', "\\\\").replace('\n', "\\n");
    line.push('\n');
    line
}

fn unescape(line: &[u8]) -> String {
    let line = String::from_utf8_lossy(line);
    let mut entry = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(one) = chars.next() {
        match one {
            '\\' => match chars.next() {
                Some('n') => entry.push('\n'),
                Some(other) => entry.push(other),
                None => entry.push('\\'),
            },
            one => entry.push(one),
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn entry(text: &str) -> Entry<'_> {
        Entry::of(text, text, &[], &Catalog::default()).unwrap()
    }

    /// A leading blank keeps a line out, as in other shells.
    #[test]
    fn what_is_not_worth_keeping_is_no_entry() {
        let of = |text, meant| Entry::of(text, meant, &[], &Catalog::default());
        for text in ["", "   ", " Ping", "\tPing", "login admin s3cret"] {
            assert!(of(text, text).is_none(), "{text:?}");
        }
        assert!(of("ari mkpasswd x", "cli ari mkpasswd x").is_none());
        assert_eq!(of("Ping \n", "Ping").map(Entry::text), Some("Ping"));
    }

    /// A raw packet is one entry, backslashes and all, for another shell as
    /// well.
    #[test]
    fn entries_come_back_as_they_were() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep/history");
        let (one, _) = History::open(path.clone()).unwrap();
        let (two, _) = History::open(path.clone()).unwrap();
        one.add(entry("action: ping\nx: y")).unwrap();
        two.add(entry(r"UserEvent X=a\nb\\c")).unwrap();
        one.add(entry("Ping")).unwrap();
        let (_, entries) = History::open(path.clone()).unwrap();
        assert_eq!(
            entries,
            ["action: ping\nx: y", r"UserEvent X=a\nb\\c", "Ping"]
        );
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    /// A line that another program left without its end must not swallow the
    /// next one.
    #[test]
    fn a_line_without_its_end_stays_an_entry() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        std::fs::write(&path, "Ping 1\nPing 2").unwrap();
        let (history, entries) = History::open(path.clone()).unwrap();
        assert_eq!(entries, ["Ping 1", "Ping 2"]);
        history.add(entry("Ping 3")).unwrap();
        history.add(entry("Ping 4")).unwrap();
        let (_, entries) = History::open(path.clone()).unwrap();
        assert_eq!(entries, ["Ping 1", "Ping 2", "Ping 3", "Ping 4"]);
    }

    /// What was typed in another place is of use, even where nothing can be
    /// added to it.
    #[test]
    fn a_history_that_cannot_be_written_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        std::fs::write(&path, "Ping 1\nPing 2").unwrap();
        // Root may write to anything.
        for why in [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem] {
            let entries = History::read(&path, &why.into());
            assert_eq!(entries, ["Ping 1", "Ping 2"]);
        }
        // A file of somebody else, a link, a device.
        assert!(History::read(&path, &ErrorKind::Other.into()).is_empty());
    }

    /// The editor draws an entry at every key, and a hint is made of it.
    #[test]
    fn a_giant_entry_makes_no_key_slow() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        let giant = "x".repeat(LONGEST + 1);
        std::fs::write(&path, format!("Ping 1\n{giant}\nPing 2\n")).unwrap();
        let (_, entries) = History::open(path.clone()).unwrap();
        assert_eq!(entries, ["Ping 1", "Ping 2"]);
        // Another program's entry is left where it is.
        assert!(std::fs::read_to_string(&path).unwrap().contains(&giant));
        assert!(Entry::of(&giant, &giant, &[], &Catalog::default()).is_none());
    }

    /// Without a limit the file would grow for ever.
    #[test]
    fn the_oldest_entries_go() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        let old: String = (0..ENTRIES + 5).map(|i| format!("Ping {i}\n")).collect();
        std::fs::write(&path, old).unwrap();
        let (history, entries) = History::open(path.clone()).unwrap();
        assert_eq!(entries.len(), ENTRIES);
        assert_eq!(entries.first().unwrap(), "Ping 5");
        history.add(entry("last")).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text.lines().count(), ENTRIES + 1);
        assert!(text.ends_with("\nlast\n"));
    }
}
