//! The parking lot and the calls in it.

use std::time::Duration;

use super::channel::Id;
use crate::simulator::wire::Packet;

/// The spaces of the lot, as in the sample configuration of Asterisk.
pub(in crate::simulator) const SPACES: std::ops::RangeInclusive<u32> = 701..=720;
/// How long a call stays, in seconds.
pub(in crate::simulator) const STAY: u64 = 45;

/// The parking lot. The bridge exists from the first parked call on.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Parking {
    pub(super) bridge: String,
    /// By their spaces.
    pub(in crate::simulator) calls: Vec<Parked>,
}

/// A parked call.
#[derive(Clone, Debug)]
pub(in crate::simulator) struct Parked {
    pub(in crate::simulator) channel: Id,
    pub(in crate::simulator) space: u32,
    /// Whom to dial when the time is over.
    pub(super) parker: String,
    pub(super) since: Duration,
    /// In seconds; 0 is for ever.
    pub(super) stay: u64,
}

/// What Park asks for.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Stay {
    /// The channel that gets the call back; the call's own without it.
    pub(in crate::simulator) parker: Option<String>,
    /// In seconds; 0 is for ever.
    pub(in crate::simulator) seconds: Option<u64>,
    /// The space that is wanted.
    pub(in crate::simulator) space: Option<u32>,
}

impl Parked {
    fn seconds(&self, now: Duration) -> u64 {
        now.saturating_sub(self.since).as_secs()
    }

    /// What packets say about it, behind the channels.
    pub(super) fn told(&self, packet: Packet, now: Duration) -> Packet {
        let gone = self.seconds(now);
        packet
            .header("ParkerDialString", &self.parker)
            .header("Parkinglot", "default")
            .header("ParkingSpace", self.space.to_string())
            .header("ParkingTimeout", self.stay.saturating_sub(gone).to_string())
            .header("ParkingDuration", gone.to_string())
    }
}
