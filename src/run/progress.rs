//! The progress of a long script, on one terminal line that is rewritten, and
//! its final counts.

use crate::engine::{Tally, grouped};
use crate::output::{cut, signs};
use crate::peer_text::visible;
use crate::session::arrival::in_words;
use std::io::Write;
use std::time::{Duration, Instant};

/// A script that ends sooner needs no progress line.
const LONG: Duration = Duration::from_secs(1);

/// Numbers that change faster cannot be read.
const AGAIN: Duration = Duration::from_millis(200);

/// The progress line.
#[derive(Debug)]
pub struct Progress {
    started: Instant,
    drawn: Instant,
    /// Columns in use.
    width: usize,
}

impl Progress {
    /// A progress line for a script that begins now.
    pub fn begun() -> Progress {
        let now = Instant::now();
        Progress {
            started: now,
            drawn: now,
            width: 0,
        }
    }

    /// Shows `tally`, of `total` if known, on a terminal of so many columns,
    /// unless it was shown just before.
    pub fn show(
        &mut self,
        tally: Tally,
        total: Option<usize>,
        columns: usize,
        err: &mut dyn Write,
    ) {
        let now = Instant::now();
        if now - self.started < LONG || now - self.drawn < AGAIN {
            return;
        }
        self.drawn = now;
        let text = words(tally, total, now - self.started);
        // A line that wraps could not be rewritten.
        let text = cut(&text, columns.saturating_sub(1));
        let width = visible::width(&text);
        // Uses no escape sequences: some terminals only know carriage return.
        let blanks = self.width.saturating_sub(width);
        let _ = write!(err, "\r{text}{:blanks$}\r", "");
        let _ = err.flush();
        self.width = width;
    }

    /// Clears the line for other text.
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
    signs(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    // This is all a person sees while ten thousand Actions run.
    #[test]
    fn a_rate_in_words() {
        let tally = |ok, errors, unknown| Tally {
            ok,
            errors,
            unknown,
        };
        let two = Duration::from_secs(2);
        assert_eq!(
            words(tally(1998, 2, 0), Some(10_000), two),
            "2,000 of 10,000 · 1,000/s · 8.0 s left · 2 errors"
        );
        assert_eq!(words(tally(3, 0, 0), None, two), "3 done · 1.5/s");
        assert_eq!(words(tally(0, 0, 0), Some(9), two), "0 of 9 · 0.0/s");
    }

    // Other text must not run into the progress line.
    #[test]
    fn the_line_is_wiped_before_other_text() {
        let mut progress = Progress::begun();
        let mut err = Vec::new();
        progress.show(Tally::default(), None, 80, &mut err);
        progress.clear(&mut err);
        assert!(err.is_empty(), "a short script shows nothing");
        progress.started -= LONG;
        progress.drawn -= LONG;
        progress.show(Tally::default(), None, 80, &mut err);
        assert_eq!(err, "\r0 done · 0.0/s\r".as_bytes());
        err.clear();
        progress.clear(&mut err);
        assert_eq!(err, b"\r              \r");
        err.clear();
        progress.drawn -= LONG;
        progress.show(Tally::default(), None, 8, &mut err);
        assert_eq!(err, "\r0 done…\r".as_bytes(), "in one row");
        err.clear();
        progress.clear(&mut err);
        assert_eq!(err, b"\r       \r");
    }
}
