//! A conference and who is in it.

use std::time::Duration;

use super::channel::Id;

/// A conference. It exists while somebody is in it.
#[derive(Debug)]
pub(in crate::simulator) struct Conference {
    pub(in crate::simulator) name: String,
    pub(in crate::simulator) uniqueid: String,
    /// In the order in which they came.
    pub(in crate::simulator) seats: Vec<Seat>,
}

/// Somebody in a conference.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulator) struct Seat {
    pub(in crate::simulator) channel: Id,
    pub(in crate::simulator) since: Duration,
    pub(in crate::simulator) is_muted: bool,
}
