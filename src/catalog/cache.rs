//! Documentation on disk, so that the next shell knows a server before it has
//! asked: the texts as the server printed them, one file for each build of a
//! server. Never anything but documentation, and safe to delete.

use super::page::Page;
use super::pages;
use md5::{Digest, Md5};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The first word of the file: another form has another.
const FORM: &str = "amish-pages-1";

/// No server has printed a twentieth of it.
const MOST: u64 = 16 * 1024 * 1024;

/// What a text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Pages of Actions.
    Actions,
    /// The page of an event.
    Event,
}

/// The texts of one build of a server.
#[derive(Debug)]
pub struct Cache {
    path: PathBuf,
    texts: Vec<(Told, String)>,
    /// As on disk.
    saved: bool,
}

impl Cache {
    /// What `directory` holds of the server that greets with `banner` and says
    /// that it is `version`: with a build's host and day in it, for a rebuilt
    /// server may say other things under the same number. What is damaged, or
    /// of another form, is thrown away.
    pub fn open(directory: &Path, banner: &[u8], version: &str) -> Cache {
        let path = directory.join(name(banner, version));
        let texts = match read(&path) {
            Ok(bytes) => parse(&bytes).unwrap_or_else(|| {
                // What cannot be removed is replaced when there is more.
                let _ = std::fs::remove_file(&path);
                Vec::new()
            }),
            Err(_) => Vec::new(),
        };
        Cache {
            path,
            texts,
            saved: true,
        }
    }

    /// Every page of an Action.
    pub fn actions(&self) -> Vec<Page> {
        let texts = self.of(Told::Actions);
        texts
            .flat_map(|text| pages::actions(&lines(text)))
            .collect()
    }

    /// Every page of an event.
    pub fn events(&self) -> Vec<Page> {
        let texts = self.of(Told::Event);
        texts
            .filter_map(|text| pages::event(&lines(text)))
            .collect()
    }

    fn of(&self, kind: Told) -> impl Iterator<Item = &str> {
        let texts = self.texts.iter().filter(move |(one, _)| *one == kind);
        texts.map(|(_, text)| text.as_str())
    }

    /// Adds what a server printed.
    pub fn add(&mut self, kind: Told, output: &[&[u8]]) {
        let text = output.join(&b'\n');
        let text = String::from_utf8_lossy(&text).into_owned();
        self.texts.push((kind, text));
        self.saved = false;
    }

    /// Puts everything on disk, or leaves there what was: another shell may read
    /// at this moment.
    ///
    /// # Errors
    /// The system's. The documentation of this session is not the worse for it.
    pub fn save(&mut self) -> io::Result<()> {
        if self.saved {
            return Ok(());
        }
        if let Some(directory) = self.path.parent() {
            let mut builder = DirBuilder::new();
            builder.recursive(true).mode(0o700).create(directory)?;
        }
        let beside = self
            .path
            .with_extension(format!("{}.new", std::process::id()));
        let written = self.write(&beside);
        let renamed = written.and_then(|()| std::fs::rename(&beside, &self.path));
        if renamed.is_err() {
            // The first error is the one to be told.
            let _ = std::fs::remove_file(&beside);
        }
        self.saved = renamed.is_ok();
        renamed
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut body = Vec::new();
        for (kind, text) in &self.texts {
            writeln!(body, "{} {}", word(*kind), text.len())?;
            body.extend_from_slice(text.as_bytes());
            body.push(b'\n');
        }
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)?;
        writeln!(file, "{FORM} {}", digest(&body))?;
        // Not waited for until it is on the disk: what a crash damages is noticed.
        file.write_all(&body)
    }
}

/// `22.10.1-` and a digest, for the rest of a version is no name for a file.
fn name(banner: &[u8], version: &str) -> String {
    let mut whole = banner.to_vec();
    whole.push(b'\n');
    whole.extend_from_slice(version.as_bytes());
    let number = version.split_whitespace().nth(1).unwrap_or_default();
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || *c == '.' || *c == '-';
    let number: String = number.chars().filter(is_plain).take(40).collect();
    let number = number.trim_start_matches('.');
    format!("{number}-{}.pages", digest(&whole))
}

fn digest(bytes: &[u8]) -> String {
    let digest = Md5::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn word(kind: Told) -> &'static str {
    match kind {
        Told::Actions => "actions",
        Told::Event => "event",
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// None: damaged.
fn parse(bytes: &[u8]) -> Option<Vec<(Told, String)>> {
    let (head, mut body) = line(bytes)?;
    let (form, sum) = head.split_once(' ')?;
    if form != FORM || sum != digest(body) {
        return None;
    }
    let mut texts = Vec::new();
    while !body.is_empty() {
        let (head, rest) = line(body)?;
        let (kind, length) = head.split_once(' ')?;
        let kinds = [Told::Actions, Told::Event];
        let kind = kinds.into_iter().find(|one| word(*one) == kind)?;
        let (text, rest) = rest.split_at_checked(length.parse().ok()?)?;
        texts.push((kind, String::from_utf8(text.to_vec()).ok()?));
        body = rest.strip_prefix(b"\n")?;
    }
    Some(texts)
}

fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memchr(b'\n', bytes)?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}

fn lines(text: &str) -> Vec<&[u8]> {
    text.split('\n').map(str::as_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const VERSION: &str = "Asterisk 22.10.1 built by x @ ../../y on 2026-01-01";
    const PING: &[u8] = b"[Syntax]\nAction: Ping\n[ActionID:] <value>\n";

    fn filled(directory: &Path) -> Cache {
        let mut cache = Cache::open(directory, b"Asterisk Call Manager/11.0.0", VERSION);
        cache.add(
            Told::Actions,
            &PING.split(|b| *b == b'\n').collect::<Vec<_>>(),
        );
        cache.add(Told::Event, &[b"Event: Hangup", b"[Synopsis]", b"x", b""]);
        cache.save().unwrap();
        cache
    }

    // The second shell must know what the first was told, and nobody else read it.
    #[test]
    fn what_is_saved_is_there_the_next_time() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("deep/amish");
        let path = filled(&directory).path;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&directory), mode(&path)), (0o700, 0o600));
        assert_eq!(path.parent(), Some(directory.as_path()));
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
        let again = Cache::open(&directory, b"Asterisk Call Manager/11.0.0", VERSION);
        let pages = again.actions();
        assert_eq!((pages.len(), pages[0].name.as_str()), (1, "Ping"));
        assert_eq!(again.events()[0].name, "Hangup");
        let rebuilt = VERSION.replace("01-01", "01-02");
        let other = Cache::open(&directory, b"Asterisk Call Manager/11.0.0", &rebuilt);
        assert!(other.actions().is_empty());
    }

    // A disk that was full, an editor, another version of amish: no wrong page
    // may come of it, and no crash.
    #[test]
    fn what_is_damaged_is_thrown_away() {
        let home = tempfile::tempdir().unwrap();
        let path = filled(home.path()).path;
        let whole = std::fs::read(&path).unwrap();
        let open = || Cache::open(home.path(), b"Asterisk Call Manager/11.0.0", VERSION);
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 4;
            for damaged in [&whole[..at], &flipped] {
                std::fs::write(&path, damaged).unwrap();
                assert!(open().texts.is_empty(), "{at}");
                assert!(!path.exists(), "{at}");
            }
        }
        // A right checksum does not make a right text.
        for body in [
            "actions 9\nx\n",
            "other 1\nx\n",
            "event 1\nxy\n",
            "event -1\n\n",
        ] {
            let text = format!("{FORM} {}\n{body}", digest(body.as_bytes()));
            std::fs::write(&path, text).unwrap();
            assert!(open().texts.is_empty() && !path.exists(), "{body}");
        }
    }
}
