//! Room for the editor among the descriptors: it waits with `select`, which takes
//! none above 1023, and panics. Five hundred sessions have more.

use std::io::{self, stdin};
use std::os::fd::{AsFd, OwnedFd};

/// More than the editor opens.
const NEEDED: usize = 32;

/// Descriptors that nobody else gets until this is dropped.
pub struct Reserved {
    _kept: Vec<OwnedFd>,
}

impl Reserved {
    /// Takes them, before sessions are opened.
    ///
    /// # Errors
    /// There are not so many.
    pub fn take() -> io::Result<Reserved> {
        let kept = (0..NEEDED).map(|_| stdin().as_fd().try_clone_to_owned());
        Ok(Reserved {
            _kept: kept.collect::<io::Result<_>>()?,
        })
    }
}
