//! All files are opened here: without blocking, only if they are regular files
//! (or one of the few other things that make sense), and never read beyond a
//! limit.
//!
//! | opened | may be | must be |
//! |---|---|---|
//! | [`open`], [`read`] | `/dev/null` | |
//! | [`open_argument`] | also a pipe given as `/dev/fd/N` or `/dev/stdin` | |
//! | [`open_trusted`] | the same | the user's or root's, not writable by others |
//! | [`open_secret`] | the same | the user's or root's, not accessible to others |
//! | [`create`], [`append`] | `/dev/null`, `/dev/stderr`, a terminal | the user's, not a link, mode 0600 |
//! | [`open_or_create`], [`write_together`] | | the same |
//!
//! [`hold`] lets one process at a time replace files of a directory, which must
//! not be writable by others.

mod together;

pub use together::{Whole, hold, is_guarded, write_together};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::unistd::geteuid;
use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The largest script that is read whole, in bytes. A script from a pipe is
/// read line by line.
pub const SCRIPT: u64 = 64 * 1024 * 1024;

/// The permission bits of group and others.
const OF_OTHERS: u32 = 0o077;

/// Their permissions to write.
const WRITTEN_BY_OTHERS: u32 = 0o022;

/// The mode of a credential with an access list.
const CREDENTIAL: u32 = 0o440;

const STDERR: &str = "/dev/stderr";

/// New files are accessible to their owner only.
const OWN: u32 = 0o600;

/// Why a file is not used. The caller adds the path.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system's words.
    #[error(transparent)]
    System(#[from] io::Error),
    /// A FIFO could block forever, and a device may have no end.
    #[error("it is {0}, not a regular file")]
    NotRegular(&'static str),
    /// It has more bytes than can be of use.
    #[error("it is larger than {}", size(*.0))]
    TooLarge(u64),
    /// Whoever made the link chose where amish would write.
    #[error("it is a link, through which amish does not write: name the file itself")]
    Link,
    /// A user other than the reader and root could change it.
    #[error("it belongs to another user (uid {owner}): chown {} {}, or name a file of your own", geteuid(), .path.display())]
    Foreign {
        /// Its owner.
        owner: u32,
        /// As given.
        path: PathBuf,
    },
    /// Two processes that write to one file would each spoil the other's output.
    #[error("another process writes to it: use another file")]
    InUse,
    /// The group or others may write to a file that amish obeys.
    #[error("others may write to it: chmod go-w {}", .0.display())]
    Writable(PathBuf),
    /// The group or others have access to a secret.
    #[error("it contains a secret and is accessible to others: chmod 600 {}", .0.display())]
    Exposed(PathBuf),
}

impl FileError {
    /// Whether it exists and is readable, but others could misuse it.
    pub fn is_unsafe(&self) -> bool {
        matches!(
            self,
            FileError::Foreign { .. } | FileError::Writable(_) | FileError::Exposed(_)
        )
    }
}

/// The system's error unchanged, others as text.
impl From<FileError> for io::Error {
    fn from(error: FileError) -> io::Error {
        match error {
            FileError::System(error) => error,
            other => io::Error::other(other),
        }
    }
}

/// Opens a regular file, or `/dev/null`, for reading.
///
/// # Errors
/// [`FileError::System`], [`FileError::NotRegular`].
pub fn open(path: &Path) -> Result<File, FileError> {
    open_to_read(path, false)
}

/// Opens a file named on the command line. It may be a pipe made for amish,
/// such as that of `<(command)`, in which case reading waits for the command. A
/// FIFO in a directory is refused.
///
/// # Errors
/// As [`open`].
pub fn open_argument(path: &Path) -> Result<File, FileError> {
    open_to_read(path, true)
}

/// As [`open_argument`], for a file that controls amish.
///
/// # Errors
/// Also [`FileError::Foreign`], [`FileError::Writable`].
pub fn open_trusted(path: &Path) -> Result<File, FileError> {
    let file = open_to_read(path, true)?;
    let about = file.metadata()?;
    if about.is_file() {
        belongs_to_reader(&about, path)?;
        if about.mode() & WRITTEN_BY_OTHERS != 0 {
            return Err(FileError::Writable(path.to_owned()));
        }
    }
    Ok(file)
}

/// As [`open_argument`], for a file that contains a secret.
///
/// # Errors
/// Also [`FileError::Foreign`], [`FileError::Exposed`].
pub fn open_secret(path: &Path) -> Result<File, FileError> {
    let file = open_to_read(path, true)?;
    let about = file.metadata()?;
    if about.is_file() {
        belongs_to_reader(&about, path)?;
    }
    unexposed(&file, path)?;
    Ok(file)
}

/// Refuses `file`, opened from `path` and found to contain a secret, if anybody
/// but its owner has access. Does not apply to pipes, nor to the credentials that
/// systemd passes to a service: they are root's, and their access list, which
/// names the user of the service, shows as a group that may read.
///
/// # Errors
/// [`FileError::Exposed`].
pub fn unexposed(file: &File, path: &Path) -> Result<(), FileError> {
    let about = file.metadata()?;
    let is_credential = about.uid() == 0 && about.gid() == 0 && about.mode() & 0o777 == CREDENTIAL;
    match about.is_file() && about.mode() & OF_OTHERS != 0 && !is_credential {
        true => Err(FileError::Exposed(path.to_owned())),
        false => Ok(()),
    }
}

/// Reads the regular file at `path`, of at most `limit` bytes.
///
/// # Errors
/// As [`open`], and [`FileError::TooLarge`].
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    read_to_end(open(path)?, limit)
}

/// The room that a file is first read into, in bytes.
const FIRST: usize = 4096;

/// Reads all of `input`, at most `limit` bytes.
///
/// # Errors
/// The system's, and [`FileError::TooLarge`].
pub fn read_to_end(input: impl Read, limit: u64) -> Result<Vec<u8>, FileError> {
    // A file of the system has no length, and would be read in small pieces.
    let mut bytes = Vec::with_capacity(FIRST);
    input.take(limit + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(FileError::TooLarge(limit)),
        false => Ok(bytes),
    }
}

/// Opens a file for writing, locks it for as long as it is open, and truncates
/// it. Writing to a terminal blocks until it accepts more.
///
/// # Errors
/// [`FileError::System`], [`FileError::NotRegular`], [`FileError::Link`],
/// [`FileError::Foreign`], [`FileError::InUse`].
pub fn create(path: &Path) -> Result<File, FileError> {
    if path == Path::new(STDERR) {
        return Ok(stderr()?);
    }
    let file = open_to_write(path, OpenOptions::new().write(true), true)?;
    if file.metadata()?.is_file() {
        // Before anything of it is gone. Some file systems have no locks.
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(FileError::InUse),
            Err(TryLockError::Error(why)) if why.kind() != ErrorKind::Unsupported => {
                return Err(why.into());
            }
            _ => file.set_len(0)?,
        }
    } else {
        wait_for(&file)?;
    }
    Ok(file)
}

/// Opens a file for appending. If a terminal accepts nothing more, a write
/// fails with [`ErrorKind::WouldBlock`].
///
/// # Errors
/// As [`create`].
pub fn append(path: &Path) -> Result<File, FileError> {
    match path == Path::new(STDERR) {
        true => Ok(stderr()?),
        false => open_to_write(path, OpenOptions::new().append(true), true),
    }
}

/// Opens a regular file for reading and writing, and creates it if necessary.
///
/// # Errors
/// As [`create`].
pub fn open_or_create(path: &Path) -> Result<File, FileError> {
    open_to_write(path, OpenOptions::new().read(true).write(true), false)
}

/// Creates the directory of the file `path` if necessary, accessible to its
/// owner only.
///
/// # Errors
/// The system's.
pub fn make_parent(path: &Path) -> io::Result<()> {
    match path.parent().filter(|one| !one.as_os_str().is_empty()) {
        Some(parent) => DirBuilder::new().recursive(true).mode(0o700).create(parent),
        None => Ok(()),
    }
}

/// The controlling terminal of this process, whatever its standard input is.
///
/// # Errors
/// There is none.
pub fn terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// Opens a directory, for its lock.
fn open_folder(path: &Path) -> io::Result<File> {
    File::open(path)
}

fn open_to_read(path: &Path, may_be_pipe: bool) -> Result<File, FileError> {
    let may_be_pipe = may_be_pipe && names_descriptor(path);
    let check = |about: &Metadata| {
        let kind = about.file_type();
        let fits = kind.is_file() || (may_be_pipe && kind.is_fifo()) || is_null(about);
        fits.then_some(())
            .ok_or_else(|| FileError::NotRegular(name(about)))
    };
    // Checked before opening, because opening has an effect on some devices,
    // and after, because the file may have been replaced.
    check(&path.metadata()?)?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags((OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits())
        .open(path)?;
    let about = file.metadata()?;
    check(&about)?;
    if !about.is_file() {
        wait_for(&file)?;
    }
    Ok(file)
}

fn open_to_write(
    path: &Path,
    options: &mut OpenOptions,
    may_be_device: bool,
) -> Result<File, FileError> {
    let refused = |about: &Metadata| Err(FileError::NotRegular(name(about)));
    match path.symlink_metadata() {
        Ok(about) if about.is_symlink() => return Err(FileError::Link),
        Ok(about) if about.is_file() => {}
        Ok(about) if may_be_device && about.file_type().is_char_device() => {}
        Ok(about) => return refused(&about),
        Err(why) if why.kind() == ErrorKind::NotFound => {}
        Err(why) => return Err(why.into()),
    }
    let file = options
        .create(true)
        .mode(OWN)
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits())
        .open(path)?;
    let about = file.metadata()?;
    if about.is_file() {
        if about.uid() != geteuid().as_raw() {
            return Err(foreign(&about, path));
        }
        // The file has another name as well.
        if about.nlink() > 1 {
            return Err(FileError::Link);
        }
        if about.mode() & OF_OTHERS != 0 {
            file.set_permissions(Permissions::from_mode(OWN))?;
        }
        return Ok(file);
    }
    let is_sink = ["/dev/null", "/dev/full"]
        .iter()
        .any(|one| path == Path::new(one));
    match may_be_device && (is_sink || file.is_terminal()) {
        true => Ok(file),
        false => refused(&about),
    }
}

/// Duplicates standard error. Opening its name would fail for a socket, and
/// would overwrite a file from its beginning.
fn stderr() -> io::Result<File> {
    Ok(io::stderr().as_fd().try_clone_to_owned()?.into())
}

fn belongs_to_reader(about: &Metadata, path: &Path) -> Result<(), FileError> {
    match about.uid() == 0 || about.uid() == geteuid().as_raw() {
        true => Ok(()),
        false => Err(foreign(about, path)),
    }
}

fn foreign(about: &Metadata, path: &Path) -> FileError {
    FileError::Foreign {
        owner: about.uid(),
        path: path.to_owned(),
    }
}

/// Makes reads and writes block.
fn wait_for(file: &File) -> io::Result<()> {
    let flags = OFlag::from_bits_retain(fcntl(file, FcntlArg::F_GETFL)?);
    fcntl(file, FcntlArg::F_SETFL(flags - OFlag::O_NONBLOCK))?;
    Ok(())
}

/// Whether `path` names a descriptor that this process was given.
fn names_descriptor(path: &Path) -> bool {
    path == Path::new("/dev/stdin")
        || path.starts_with("/dev/fd")
        || path.starts_with("/proc/self/fd")
}

/// Recognised under any name, because configuration is often disabled by a link
/// to it.
fn is_null(about: &Metadata) -> bool {
    let null = Path::new("/dev/null").metadata();
    null.is_ok_and(|null| about.file_type().is_char_device() && about.rdev() == null.rdev())
}

fn name(about: &Metadata) -> &'static str {
    let kind = about.file_type();
    if kind.is_dir() {
        "a directory"
    } else if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() {
        "a device or a terminal"
    } else {
        "a device"
    }
}

fn size(bytes: u64) -> String {
    match bytes >> 20 {
        0 => format!("{} KiB", bytes >> 10),
        mebibytes => format!("{mebibytes} MiB"),
    }
}
