//! Framing for one of many servers.

use super::Framer;

/// The least that is read at a time, in bytes: a thousand must not take a thousand
/// times what one may.
const READ: usize = 4 * 1024;

impl Framer {
    /// A framer whose chunks are small.
    pub fn of_many() -> Framer {
        Framer {
            least: READ,
            ..Framer::new()
        }
    }
}
