//! Documentation on disk, so that the next shell knows a server before asking
//! it: the texts as the server printed them, one file per server.
//!
//! A file is used only for the server that it came from: its host and port,
//! with TLS its certificate, and its version. Otherwise a hostile server could
//! claim another's version and supply its documentation. The files contain
//! nothing but documentation and are safe to delete.

use super::page::Page;
use super::pages;
use crate::files;
use md5::{Digest, Md5};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The first word of the file; changes with the format.
const FORM: &str = "amish-pages-2";

/// The most text that is kept of a server, on disk and in memory, in bytes. 22
/// prints 0.4 MB; a hostile server could fill the disk.
pub const MOST: usize = 4 * 1024 * 1024;

/// The largest file, in bytes: the texts, each with a line above it.
const FILE: u64 = MOST as u64 + 256 * 1024;

/// Writing takes a moment, so an older unfinished file was left by a dead
/// process.
const UNFINISHED: Duration = Duration::from_secs(600);

/// The subject of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Pages of Actions.
    Actions,
    /// The page of an event.
    Event,
}

/// What identifies a server.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    /// `host:port` in a line of its own, and with TLS the certificate after it.
    pub identity: &'a [u8],
    /// Its banner.
    pub banner: &'a [u8],
    /// The output of `core show version`, which includes the host and day of
    /// the build: a rebuilt server may document other things under the same
    /// version.
    pub version: &'a [u8],
}

/// The documentation of one server.
#[derive(Debug)]
pub struct Cache {
    /// None: nothing is kept on disk.
    path: Option<PathBuf>,
    /// A digest of everything that identifies the server.
    server: String,
    texts: Vec<(Told, Vec<u8>)>,
    bytes: usize,
    is_full: bool,
    /// The disk has all of it.
    saved: bool,
}

impl Cache {
    /// Loads what `directory` has of `server`; without a directory nothing is
    /// kept. A file that is damaged, of another server or of another format is
    /// deleted, and so are unfinished files.
    pub fn open(directory: Option<&Path>, server: Server<'_>) -> Cache {
        let address = server.identity.split(|byte| *byte == b'\n').next();
        let name = format!("{}.pages", digest(&[address.unwrap_or_default()]));
        let mut cache = Cache {
            path: directory.map(|directory| directory.join(name)),
            server: digest(&[server.identity, server.banner, server.version]),
            texts: Vec::new(),
            bytes: 0,
            is_full: false,
            saved: true,
        };
        let Some(path) = &cache.path else {
            return cache;
        };
        directory.into_iter().for_each(clean);
        let Some(bytes) = read(path) else {
            // There is no file, or one that we must not touch.
            return cache;
        };
        match parse(&bytes, &cache.server) {
            Some(texts) => {
                cache.bytes = texts.iter().map(|(_, text)| text.len()).sum();
                cache.texts = texts;
            }
            // If it cannot be removed, the next save replaces it.
            None => drop(std::fs::remove_file(path)),
        }
        cache
    }

    /// Every page of an Action.
    pub fn actions(&self) -> Vec<Page> {
        let texts = self.of(Told::Actions);
        texts
            .flat_map(|text| pages::actions(&lines(text)).pages)
            .collect()
    }

    /// Every page of an event.
    pub fn events(&self) -> Vec<Page> {
        let texts = self.of(Told::Event);
        texts
            .flat_map(|text| pages::event(&lines(text)).pages)
            .collect()
    }

    fn of(&self, kind: Told) -> impl Iterator<Item = &[u8]> {
        let texts = self.texts.iter().filter(move |(one, _)| *one == kind);
        texts.map(|(_, text)| text.as_slice())
    }

    /// Adds what a server printed, if there is room for it.
    pub fn add(&mut self, kind: Told, output: &[&[u8]]) {
        let length = output.iter().map(|line| line.len() + 1).sum::<usize>();
        if self.bytes + length > MOST {
            self.is_full = true;
            return;
        }
        self.bytes += length;
        self.texts.push((kind, output.join(&b'\n')));
        self.saved = false;
    }

    /// Whether some text did not fit.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Writes everything to disk, replacing the file in one step because
    /// another shell may be reading it.
    ///
    /// # Errors
    /// The system's. The documentation in memory is not affected.
    pub fn save(&mut self) -> io::Result<()> {
        let Some(path) = self.path.as_deref().filter(|_| !self.saved) else {
            return Ok(());
        };
        files::make_parent(path)?;
        let beside = path.with_extension(format!("{}.new", std::process::id()));
        // A file left by an earlier process with the same pid.
        let _ = std::fs::remove_file(&beside);
        let written = self.write(&beside);
        let renamed = written.and_then(|()| std::fs::rename(&beside, path));
        if renamed.is_err() {
            // The first error is the one to report.
            let _ = std::fs::remove_file(&beside);
        }
        self.saved = renamed.is_ok();
        renamed
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut body = Vec::new();
        for (kind, text) in &self.texts {
            writeln!(body, "{} {}", word(*kind), text.len())?;
            body.extend_from_slice(text);
            body.push(b'\n');
        }
        let mut file = files::create(path)?;
        let (sum, server) = (digest(&[&body]), &self.server);
        writeln!(file, "{FORM} {sum} {server}")?;
        // Not synced: damage from a crash is detected when the file is read.
        file.write_all(&body)
    }
}

/// Removes the unfinished files of dead processes from `directory`.
fn clean(directory: &Path) {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let ours = entries.filter(|one| one.path().extension().is_some_and(|end| end == "new"));
    for entry in ours {
        let changed = entry.metadata().and_then(|data| data.modified());
        let age = changed.map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
        if age.is_ok_and(|age| age > UNFINISHED) {
            // Another shell may have removed it.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// A digest of `parts`, each with its length. A collision is no danger: an
/// attacker would have to match a value that the honest server chose.
fn digest(parts: &[&[u8]]) -> String {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    let digest = digest.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn word(kind: Told) -> &'static str {
    match kind {
        Told::Actions => "actions",
        Told::Event => "event",
    }
}

/// Reads the file at `path`, if it is a regular one of ours: with a link
/// somebody else could choose what is read.
fn read(path: &Path) -> Option<Vec<u8>> {
    let is_link = std::fs::symlink_metadata(path).ok()?.is_symlink();
    files::read(path, FILE).ok().filter(|_| !is_link)
}

/// None: the file is damaged, or of another server.
fn parse(bytes: &[u8], server: &str) -> Option<Vec<(Told, Vec<u8>)>> {
    let (head, mut body) = line(bytes)?;
    let words: Vec<&str> = head.split(' ').collect();
    if words != [FORM, &digest(&[body]), server] {
        return None;
    }
    let mut texts = Vec::new();
    while !body.is_empty() {
        let (head, rest) = line(body)?;
        let (kind, length) = head.split_once(' ')?;
        let kinds = [Told::Actions, Told::Event];
        let kind = kinds.into_iter().find(|one| word(*one) == kind)?;
        let (text, rest) = rest.split_at_checked(length.parse().ok()?)?;
        texts.push((kind, text.to_vec()));
        body = rest.strip_prefix(b"\n")?;
    }
    Some(texts)
}

fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memchr(b'\n', bytes)?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split(|byte| *byte == b'\n').collect()
}

#[cfg(test)]
mod tests;
