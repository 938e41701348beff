//! `/save`: copies what is shown to a file.

use crate::exit_code::Code;
use crate::files;
use nix::poll::{PollFd, PollFlags, poll};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

/// How long to wait for a terminal that accepts nothing (stopped with Ctrl-S,
/// say), in milliseconds. amish must not hang with it.
const PATIENCE: u16 = 500;

/// The file that output is copied to, if any.
#[derive(Debug, Default)]
pub struct Saved {
    file: Option<(PathBuf, File)>,
    failed: bool,
}

impl Saved {
    /// Starts appending output to the file at `path`. Returns whether it had
    /// any content. A new file is readable by its owner only, since replies may
    /// hold secrets.
    ///
    /// # Errors
    /// As [`files::append`]; copying to the previous file continues.
    pub fn begin(&mut self, path: &str) -> io::Result<bool> {
        let file = files::append(Path::new(path))?;
        let begun = file.metadata()?.len() > 0;
        self.file = Some((path.into(), file));
        Ok(begun)
    }

    /// Stops copying.
    pub fn end(&mut self) {
        self.file = None;
    }

    /// Appends `text`. On failure returns a message, once, and stops copying: a
    /// gap in the middle of the file would go unnoticed.
    pub fn write(&mut self, text: &[u8]) -> Option<String> {
        let (path, file) = self.file.as_mut()?;
        let why = write_all(file, text).err()?;
        let words = format!(
            "{}: {why}: saving stopped, and the last packet may be incomplete",
            path.display()
        );
        self.file = None;
        self.failed = true;
        Some(words)
    }

    /// `code`, combined with [`Code::Failed`] if something could not be saved.
    pub fn settle(&self, code: Code) -> Code {
        match self.failed {
            true => code.with(Code::Failed),
            false => code,
        }
    }
}

/// Waits for a terminal that accepts nothing at the moment, but only for
/// [`PATIENCE`].
fn write_all(file: &mut File, mut text: &[u8]) -> io::Result<()> {
    while !text.is_empty() {
        match file.write(text) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => text = text.get(written..).unwrap_or_default(),
            Err(why) if why.kind() == ErrorKind::Interrupted => {}
            Err(why) if why.kind() == ErrorKind::WouldBlock => {
                let mut waiting = [PollFd::new(file.as_fd(), PollFlags::POLLOUT)];
                if poll(&mut waiting, PATIENCE)? == 0 {
                    return Err(io::Error::other("the terminal accepts no output"));
                }
            }
            Err(why) => return Err(why),
        }
    }
    Ok(())
}
