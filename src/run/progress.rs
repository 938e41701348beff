//! How far a long script has come, on one line of a terminal that is written
//! over and over; and what came of it all.

use crate::session::arrival::in_words;
use std::io::Write;
use std::time::{Duration, Instant};

/// A script that is done before has no need of it.
const LONG: Duration = Duration::from_secs(1);

/// Numbers that change faster cannot be read.
const AGAIN: Duration = Duration::from_millis(200);

/// How many Actions ended how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Well, or as the line allows.
    pub ok: usize,
    /// The server answered Error, or a call failed.
    pub errors: usize,
    /// Nobody knows.
    pub unknown: usize,
}

impl Tally {
    /// All that ended.
    pub fn all(self) -> usize {
        self.ok + self.errors + self.unknown
    }

    /// `9,998 ok, 2 errors`.
    pub fn words(self) -> String {
        let mut words = format!("{} ok", grouped(self.ok));
        match self.errors {
            0 => {}
            1 => words += ", 1 error",
            errors => words += &format!(", {} errors", grouped(errors)),
        }
        if self.unknown > 0 {
            words += &format!(", {} unknown", grouped(self.unknown));
        }
        words
    }
}

/// The line on the terminal.
#[derive(Debug)]
pub struct Progress {
    started: Instant,
    drawn: Instant,
    /// Columns in which something stands.
    width: usize,
}

impl Progress {
    /// One for a script that begins now.
    pub fn begun() -> Progress {
        let now = Instant::now();
        Progress {
            started: now,
            drawn: now,
            width: 0,
        }
    }

    /// Shows `tally`, of `total` where that is known, if it is time to.
    pub fn show(&mut self, tally: Tally, total: Option<usize>, err: &mut dyn Write) {
        let now = Instant::now();
        if now - self.started < LONG || now - self.drawn < AGAIN {
            return;
        }
        self.drawn = now;
        let text = words(tally, total, now - self.started);
        let width = text.chars().count();
        // Without a terminal's escapes: some can do no more than go back.
        let blanks = self.width.saturating_sub(width);
        let _ = write!(err, "\r{text}{:blanks$}\r", "");
        let _ = err.flush();
        self.width = width;
    }

    /// Makes room for other text.
    pub fn clear(&mut self, err: &mut dyn Write) {
        if self.width > 0 {
            let _ = write!(err, "\r{:1$}\r", "", self.width);
            self.width = 0;
        }
    }
}

fn words(tally: Tally, total: Option<usize>, time: Duration) -> String {
    let done = tally.all();
    let rate = done as f64 / time.as_secs_f64();
    let mut text = match total {
        Some(total) => format!("{} of {}", grouped(done), grouped(total)),
        None => format!("{} done", grouped(done)),
    };
    text += &match rate {
        rate if rate < 10.0 => format!(" · {rate:.1}/s"),
        rate => format!(" · {}/s", grouped(rate as usize)),
    };
    if let Some(left) = total.map(|total| total.saturating_sub(done))
        && let Ok(left) = Duration::try_from_secs_f64(left as f64 / rate)
    {
        text += &format!(" · {} left", in_words(left));
    }
    if tally.errors > 0 {
        text += &format!(" · {} errors", grouped(tally.errors));
    }
    text
}

/// `12,345`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    // What a person reads while ten thousand numbers are written.
    #[test]
    fn a_tally_and_a_rate_in_words() {
        let tally = |ok, errors, unknown| Tally {
            ok,
            errors,
            unknown,
        };
        assert_eq!(tally(9998, 2, 0).words(), "9,998 ok, 2 errors");
        assert_eq!(tally(7, 1, 1).words(), "7 ok, 1 error, 1 unknown");
        assert_eq!(tally(1_234_567, 0, 0).words(), "1,234,567 ok");
        let two = Duration::from_secs(2);
        assert_eq!(
            words(tally(1998, 2, 0), Some(10_000), two),
            "2,000 of 10,000 · 1,000/s · 8.0 s left · 2 errors"
        );
        assert_eq!(words(tally(3, 0, 0), None, two), "3 done · 1.5/s");
        assert_eq!(words(tally(0, 0, 0), Some(9), two), "0 of 9 · 0.0/s");
    }

    // Other text must not run into what stands there.
    #[test]
    fn the_line_is_wiped_before_other_text() {
        let mut progress = Progress::begun();
        let mut err = Vec::new();
        progress.show(Tally::default(), None, &mut err);
        progress.clear(&mut err);
        assert!(err.is_empty(), "a short script shows nothing");
        progress.started -= LONG;
        progress.drawn -= LONG;
        progress.show(Tally::default(), None, &mut err);
        assert_eq!(err, "\r0 done · 0.0/s\r".as_bytes());
        err.clear();
        progress.clear(&mut err);
        assert_eq!(err, b"\r              \r");
    }
}
