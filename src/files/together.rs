//! Files that are written all or not at all, by one process at a time.

use super::{FileError, WRITTEN_BY_OTHERS, belongs_to_reader, make_parent, read};
use nix::unistd::geteuid;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::NamedTempFile;

/// How long another process may take for its files, and how often it is looked.
const WAITING: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(20);

/// Refuses the directory of the file `path` if others could put another file in
/// the place of it. Links are followed.
///
/// # Errors
/// [`FileError::Foreign`], [`FileError::Writable`].
pub fn is_guarded(path: &Path) -> Result<(), FileError> {
    let folder = folder_of(path);
    let about = match folder.metadata() {
        Ok(about) => about,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(()),
        Err(why) => return Err(why.into()),
    };
    belongs_to_reader(&about, folder)?;
    // As in /tmp, everybody then replaces only what is theirs.
    let is_sticky = about.mode() & 0o1000 != 0;
    match about.mode() & WRITTEN_BY_OTHERS != 0 && !is_sticky {
        true => Err(FileError::Writable(folder.to_owned())),
        false => Ok(()),
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|one| !one.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Locks the directory of the file `path`, which is made if necessary, until the
/// result is dropped: what is read meanwhile is what is replaced. The directory,
/// because a file that is replaced takes its lock with it.
///
/// # Errors
/// As [`is_guarded`], and [`FileError::InUse`].
pub fn hold(path: &Path) -> Result<File, FileError> {
    make_parent(path)?;
    is_guarded(path)?;
    let folder = super::open_folder(folder_of(path))?;
    let mut waited = Duration::ZERO;
    loop {
        match folder.try_lock() {
            Err(TryLockError::WouldBlock) if waited < WAITING => {
                std::thread::sleep(LOOK);
                waited += LOOK;
            }
            Err(TryLockError::WouldBlock) => return Err(FileError::InUse),
            // Some file systems have no locks, or none of directories.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(folder),
        }
    }
}

/// The largest file that is put back when a later one fails, in bytes.
const SIZE: u64 = 1024 * 1024;

/// A file, what is to be in it, and the most that others may do with it, as mode
/// bits.
pub type Whole<'a> = (&'a Path, &'a [u8], u32);

/// Writes each of `files` in place of what is there. A new one is accessible to
/// its owner only. An existing one must be the user's own and no link, and keeps
/// its mode as far as it may. If one fails, all are as they were.
///
/// # Errors
/// The first that cannot be written.
pub fn write_together(files: &[Whole<'_>]) -> Result<(), (PathBuf, FileError)> {
    let mut staged = Vec::new();
    for (path, bytes, most) in files {
        let wrong = |why| (path.to_path_buf(), why);
        staged.push((*path, stage(path, bytes, *most).map_err(wrong)?));
    }
    let mut placed: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    for (path, file) in staged {
        let before = read(path, SIZE).ok();
        if let Err(why) = file.persist(path) {
            for (path, before) in placed {
                undo(path, before);
            }
            return Err((path.to_owned(), why.error.into()));
        }
        placed.push((path, before));
    }
    Ok(())
}

/// The file beside `path` that will take its place.
fn stage(path: &Path, bytes: &[u8], most: u32) -> Result<NamedTempFile, FileError> {
    let mode = mode_of(path)?;
    make_parent(path)?;
    let named = tempfile::Builder::new().prefix(".amish-").to_owned();
    let mut file = named.tempfile_in(folder_of(path))?;
    if let Some(mode) = mode {
        let permissions = std::fs::Permissions::from_mode(mode & most);
        file.as_file().set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The mode of the file that is there, if amish may write in its place.
fn mode_of(path: &Path) -> Result<Option<u32>, FileError> {
    let about = match path.symlink_metadata() {
        Ok(about) => about,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(why.into()),
    };
    if about.is_symlink() || (about.is_file() && about.nlink() > 1) {
        return Err(FileError::Link);
    }
    if !about.is_file() {
        return Err(FileError::NotRegular(super::name(&about)));
    }
    match about.uid() == geteuid().as_raw() {
        true => Ok(Some(about.mode() & 0o777)),
        false => Err(super::foreign(&about, path)),
    }
}

/// There is nobody to tell of a second failure: the first is told.
fn undo(path: &Path, before: Option<Vec<u8>>) {
    match before {
        Some(bytes) => {
            if let Ok(file) = stage(path, &bytes, 0o777) {
                let _ = file.persist(path);
            }
        }
        None => drop(std::fs::remove_file(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Whoever may write to the directory chooses the server that the secret goes to.
    #[test]
    fn a_directory_that_others_write_to_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let (open, link) = (home.path().join("open"), home.path().join("link"));
        std::fs::create_dir(&open).unwrap();
        std::os::unix::fs::symlink(&open, &link).unwrap();
        let places = [open.join("config"), link.join("config")];
        for mode in [0o777, 0o775, 0o700] {
            std::fs::set_permissions(&open, std::fs::Permissions::from_mode(mode)).unwrap();
            for path in &places {
                let is_held = match hold(path) {
                    Ok(_) => true,
                    Err(FileError::Writable(_)) => false,
                    Err(why) => panic!("{}: {why}", path.display()),
                };
                assert_eq!(is_held, mode == 0o700, "{mode:o} {}", path.display());
            }
        }
    }

    // A profile whose secret is missing, or a secret that no profile names, would
    // be left by a full disk or a link.
    #[test]
    fn all_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (one, two, other) = (path("new/one"), path("two"), path("other"));
        std::fs::write(&two, "before").unwrap();
        std::fs::set_permissions(&two, std::fs::Permissions::from_mode(0o644)).unwrap();
        write_together(&[(&one, b"1", 0o600), (&two, b"2", 0o755)]).unwrap();
        assert_eq!(read(&two, 9).unwrap(), b"2");
        let mode = |path: &Path| path.metadata().unwrap().mode() & 0o777;
        assert_eq!((mode(&one), mode(&two)), (0o600, 0o644));
        assert_eq!(mode(&path("new")), 0o700);

        std::os::unix::fs::symlink(&two, &other).unwrap();
        let (at, why) = write_together(&[(&one, b"x", 0o600), (&other, b"x", 0o600)]).unwrap_err();
        assert!(at == other && matches!(why, FileError::Link), "{why}");
        assert_eq!(read(&one, 9).unwrap(), b"1");
        assert_eq!(read(&two, 9).unwrap(), b"2");
        write_together(&[(&two, b"2", 0o600)]).unwrap();
        assert_eq!(mode(&two), 0o600, "nobody else reads a secret");
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 3, "nothing is left beside them");
    }
}
