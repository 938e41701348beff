//! `/save`: what is shown, in a file as well.

use super::Code;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// The file in which what is shown is kept, if there is one.
#[derive(Debug, Default)]
pub struct Saved {
    file: Option<(PathBuf, File)>,
    failed: bool,
}

impl Saved {
    /// Keeps what is shown from now on in the file at `path`, behind what is
    /// in it already. True: something is. A new file is its owner's alone:
    /// replies hold secrets.
    ///
    /// # Errors
    /// The system's; what was kept goes on to be.
    pub fn begin(&mut self, path: &str) -> io::Result<bool> {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(0o600).open(path)?;
        let begun = file.metadata()?.len() > 0;
        self.file = Some((path.into(), file));
        Ok(begun)
    }

    /// Keeps nothing more.
    pub fn end(&mut self) {
        self.file = None;
    }

    /// Is there a file?
    pub fn is_on(&self) -> bool {
        self.file.is_some()
    }

    /// Keeps `text`. Words where that fails: it is said once, and nothing more
    /// is kept, since a gap in the middle would not be seen.
    pub fn write(&mut self, text: &[u8]) -> Option<String> {
        let (path, file) = self.file.as_mut()?;
        let why = file.write_all(text).err()?;
        let words = format!(
            "{}: {why}: nothing more is saved, and the last of it may be half",
            path.display()
        );
        self.file = None;
        self.failed = true;
        Some(words)
    }

    /// `code` of a run in which not everything could be kept is another.
    pub fn settle(&self, code: Code) -> Code {
        match self.failed {
            true => code.with(Code::Failed),
            false => code,
        }
    }
}
