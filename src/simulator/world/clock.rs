//! The world's time since its start, and how it is shown.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment of the world. It stands still while a step is being done, so that a seed alone decides what happens.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::simulator) struct Clock {
    /// Time since 1970 when the world began.
    pub(super) start: Duration,
    /// Time since the world began.
    pub(in crate::simulator) now: Duration,
}

impl Clock {
    pub(super) fn new(start: SystemTime) -> Clock {
        Clock {
            start: start.duration_since(UNIX_EPOCH).unwrap_or_default(),
            now: Duration::ZERO,
        }
    }

    /// Seconds since 1970.
    pub(in crate::simulator) fn seconds(self) -> u64 {
        (self.start + self.now).as_secs()
    }

    /// The date and time of day in UTC at a time since the world began.
    pub(in crate::simulator) fn utc(self, moment: Duration, format: &str) -> String {
        let time = jiff::Timestamp::try_from(UNIX_EPOCH + self.start + moment);
        time.unwrap_or_default().strftime(format).to_string()
    }
}

/// A length of time as `00:01:07`.
pub(in crate::simulator) fn hms(seconds: u64) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc() {
        let start = UNIX_EPOCH + Duration::from_millis(1_795_386_854_583);
        let clock = Clock::new(start);
        let shown = clock.utc(Duration::ZERO, "%FT%T%.3f+0000");
        assert_eq!(shown, "2026-11-22T22:34:14.583+0000");
        assert_eq!(
            clock.utc(Duration::from_secs(6_000), "%F %T"),
            "2026-11-23 00:14:14"
        );
    }
}
