//! The history on disk: an entry a line, added when it was typed, so that two
//! shells lose nothing.

use crate::ami::Secret;
use crate::catalog::Catalog;
use crate::language::{Command, Place, parse};
use crate::settings::{Target, TargetError};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;

/// Entries kept.
pub(super) const ENTRIES: usize = 10_000;

/// The file.
pub(super) struct History {
    path: PathBuf,
}

impl History {
    /// The history at `path`, made if it is not there, and what it holds.
    ///
    /// # Errors
    /// The system's: the history is then kept for this shell only.
    pub fn open(path: PathBuf) -> io::Result<(History, Vec<String>)> {
        if let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true).mode(0o700).create(directory)?;
        }
        let history = History { path };
        let mut file = history.file()?;
        // Between the reading and the cutting another shell must not add.
        file.lock()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let lines: Vec<&[u8]> = bytes
            .split(|&b| b == b'\n')
            .filter(|l| !l.is_empty())
            .collect();
        let kept = lines
            .get(lines.len().saturating_sub(ENTRIES)..)
            .unwrap_or_default();
        if kept.len() < lines.len() {
            history.cut(kept)?;
        }
        Ok((history, kept.iter().map(|line| unescape(line)).collect()))
    }

    /// Adds `entry` at the end, or nothing of it.
    ///
    /// # Errors
    /// The system's.
    pub fn add(&self, entry: &str) -> io::Result<()> {
        let mut file = self.file()?;
        file.lock()?;
        let end = file.metadata()?.len();
        file.write_all(escape(entry).as_bytes()).inspect_err(|_| {
            // Half an entry would be the beginning of the next one.
            let _ = file.set_len(end);
        })
    }

    fn file(&self) -> io::Result<File> {
        // A device may have no end, and a pipe nobody at its other one.
        if std::fs::metadata(&self.path).is_ok_and(|about| !about.is_file()) {
            return Err(io::Error::other("not a regular file"));
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600);
        options.open(&self.path)
    }

    /// Leaves only `kept`. It is written over the old entries: had they to go
    /// first, a full disk would cost all of them.
    fn cut(&self, kept: &[&[u8]]) -> io::Result<()> {
        let mut text = kept.join(&b'\n');
        text.push(b'\n');
        let mut file = OpenOptions::new().write(true).open(&self.path)?;
        file.write_all(&text)?;
        file.set_len(text.len() as u64)
    }
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

/// May `entry` be remembered? Not if it is empty, begins with a blank, or
/// holds a secret.
pub(super) fn is_kept(entry: &str) -> bool {
    !entry.trim().is_empty() && !entry.starts_with([' ', '\t']) && !has_secret(entry)
}

fn has_secret(entry: &str) -> bool {
    let lower = entry.to_ascii_lowercase();
    let is_login = lower.contains("login");
    // What cannot be read as a command may hold a secret nevertheless.
    let named = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let mut rest = lower.as_str();
    for word in named {
        let at = rest.find(word).map_or(rest.len(), |at| at + word.len());
        rest = rest.get(at..).unwrap_or_default();
        let is_key = rest.trim_start().starts_with(['=', ':']);
        if is_key && Secret::hides(word, is_login) {
            return true;
        }
    }
    // Bare words may be secrets by their place: `Login admin s3cret`.
    let statements = parse(entry.as_bytes(), Place::Shell).unwrap_or_default();
    let catalog = Catalog::default();
    statements.iter().any(|statement| {
        let line = match &statement.command {
            Command::Action(line) => line,
            // Refused, and typed all the same: `/connect admin:s3cret@pbx`.
            Command::Builtin { arguments, .. } => {
                return arguments.iter().any(|word| names_secret(word));
            }
            _ => return false,
        };
        match line.action(&catalog) {
            Ok(action) => {
                let login = action.is("Login");
                action.headers().any(|(key, _)| Secret::hides(key, login))
            }
            Err(_) => line.name.eq_ignore_ascii_case("login"),
        }
    }) || (is_login && statements.is_empty())
}

fn names_secret(target: &str) -> bool {
    matches!(target.parse::<Target>(), Err(TargetError::Secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A secret in the history is a secret on disk.
    #[test]
    fn lines_with_secrets_are_not_kept() {
        for line in [
            "Login Username=admin Secret=x",
            "login admin s3cret",
            "Login Key=0123",
            "Login Username=a Secret=\"never closed",
            "action: login\nusername: a\nsecret: b\n",
            "VoicemailUserEntry PASSWORD=1",
            "SIPpeerstatus md5cred = x",
            "/connect admin:s3cret@pbx",
            "/connect ami://admin:s3cret@pbx:5038",
            " Ping",
            "\tPing",
            "   ",
        ] {
            assert!(!is_kept(line), "{line:?}");
        }
        for line in [
            "Ping",
            "DBPut test Key secret",
            "DBPut Family=a Key=b Val=c",
            "cli manager show users",
            "action: ping\n",
            "/connect login@pbx",
        ] {
            assert!(is_kept(line), "{line:?}");
        }
    }

    /// A raw packet is one entry, backslashes and all, also for another shell.
    #[test]
    fn entries_come_back_as_they_were() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep/history");
        let (one, _) = History::open(path.clone()).unwrap();
        let (two, _) = History::open(path.clone()).unwrap();
        one.add("action: ping\n").unwrap();
        two.add(r"UserEvent X=a\nb\\c").unwrap();
        one.add("Ping").unwrap();
        let (_, entries) = History::open(path.clone()).unwrap();
        assert_eq!(entries, ["action: ping\n", r"UserEvent X=a\nb\\c", "Ping"]);
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    /// Without a limit the file grows as long as the user lives.
    #[test]
    fn the_oldest_entries_go() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("history");
        let old: String = (0..ENTRIES + 5).map(|i| format!("Ping {i}\n")).collect();
        std::fs::write(&path, old).unwrap();
        let (history, entries) = History::open(path.clone()).unwrap();
        assert_eq!(entries.len(), ENTRIES);
        assert_eq!(entries.first().unwrap(), "Ping 5");
        history.add("last").unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text.lines().count(), ENTRIES + 1);
        assert!(text.ends_with("\nlast\n"));
    }
}
