//! Files that hold a secret must be their owner's alone.

use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Group or others have some right to a file with a secret.
#[derive(Debug, Error)]
#[error("{0} holds a secret and is open to others: chmod 600 {0}")]
pub struct Exposed(PathBuf);

/// Refuses `file`, opened from `path`, when others than its owner have any
/// right to it. A pipe, such as a shell's `<(…)`, has no others to fear.
pub(super) fn check(file: &File, path: &Path) -> Result<(), Exposed> {
    match file.metadata() {
        Ok(about) if about.is_file() && about.permissions().mode() & 0o077 != 0 => {
            Err(Exposed(path.to_owned()))
        }
        _ => Ok(()),
    }
}
