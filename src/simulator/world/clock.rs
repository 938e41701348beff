//! The world's time: seconds since its start, shown as UTC dates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment of the world. It stands still while a step is being done, so that a seed alone decides what happens.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulator) struct Clock {
    /// Time since 1970 when the world began.
    pub(super) start: Duration,
    /// Time since the world began.
    pub(super) now: Duration,
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

    /// As `EventTV` has it: `2026-11-22T22:34:14.583+0000`.
    pub(in crate::simulator) fn iso(self) -> String {
        let (date, time) = date_and_time(self.seconds());
        format!(
            "{date}T{time}.{:03}+0000",
            (self.start + self.now).subsec_millis()
        )
    }
}

/// A UTC date and time of day, `2026-11-22` and `22:34:14`.
pub(in crate::simulator) fn date_and_time(seconds: u64) -> (String, String) {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant's civil_from_days, for days after 1970.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (format!("{year:04}-{month:02}-{day:02}"), hms(rest))
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

    // CoreStatus shows these dates; a wrong one would look like a server started in another year.
    #[test]
    fn dates_are_right_around_leap_days() {
        let of = |seconds| date_and_time(seconds).0;
        assert_eq!(of(0), "1970-01-01");
        assert_eq!(of(951_782_400), "2000-02-29");
        assert_eq!(of(1_709_251_199), "2024-02-29");
        assert_eq!(
            date_and_time(1_795_386_854),
            ("2026-11-22".into(), "22:34:14".into())
        );
    }
}
