//! How long to wait, as people write it: one grammar for options, `/set`,
//! `sleep`, `within` and `/watch`.

use std::time::Duration;

/// Each unit, with its spellings and its length in seconds.
const UNITS: &[(&[&str], f64)] = &[
    (&["ms", "msec", "millisecond", "milliseconds"], 0.001),
    (&["s", "sec", "secs", "second", "seconds"], 1.0),
    (&["m", "min", "mins", "minute", "minutes"], 60.0),
    (&["h", "hr", "hrs", "hour", "hours"], 3600.0),
    (&["d", "day", "days"], 86_400.0),
];

/// Ten years. A clock cannot be asked for a time that is too far away.
const LONGEST: f64 = 3650.0 * 86_400.0;

const FORMS: &str = "write 30, 1.5, 200ms, 30s, 5m or 1h30m";

/// Parses `30`, `1.5`, `200ms`, `30s`, `5m`, `1h30m`, `2 days`: seconds without
/// a unit. It may be zero.
///
/// # Errors
/// Negative, longer than ten years, or not a time; the message says what to
/// write.
pub fn duration(text: &str) -> Result<Duration, String> {
    let typed = text.trim().to_ascii_lowercase();
    let shown = text.escape_debug();
    let amount = typed.strip_prefix('-');
    let seconds = seconds(amount.unwrap_or(&typed));
    let why = match (amount, seconds) {
        (_, None) => "is not a time",
        (Some(_), Some(_)) => "is negative",
        (None, Some(seconds)) if seconds > LONGEST => "is too long, ten years is the most",
        (None, Some(seconds)) => return Ok(Duration::from_secs_f64(seconds)),
    };
    Err(format!("'{shown}' {why}: {FORMS}"))
}

/// Parses a duration that must not be zero.
///
/// # Errors
/// As [`duration`], and zero.
pub fn some_time(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err(format!("'{}' is too short: {FORMS}", text.escape_debug())),
        time => Ok(time),
    }
}

/// The seconds of `text`, never negative and always finite. None if it is not a
/// time.
fn seconds(text: &str) -> Option<f64> {
    let number = |text: &str| {
        let begins = text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        text.parse::<f64>().ok().filter(|n| begins && n.is_finite())
    };
    if let Some(seconds) = number(text) {
        return Some(seconds);
    }
    let mut rest = text;
    let mut sum = 0.0;
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let amount = number(rest.strip_suffix(behind)?)?;
        let behind = behind.trim_start();
        rest = behind.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let unit = behind.strip_suffix(rest)?;
        let (_, length) = UNITS.iter().find(|(names, _)| names.contains(&unit))?;
        sum += amount * length;
        rest = rest.trim_start();
    }
    (!text.is_empty() && sum.is_finite()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    // One value is typed in many places; each must read it alike.
    #[test]
    fn a_time_is_read_as_people_write_it() {
        for (text, milliseconds) in [
            ("30", 30_000),
            ("1.5", 1_500),
            (".5", 500),
            ("200ms", 200),
            ("30s", 30_000),
            ("5m", 300_000),
            ("5 min", 300_000),
            ("1h30m", 5_400_000),
            ("1h 30m", 5_400_000),
            ("1.5H", 5_400_000),
            ("1d", 86_400_000),
            ("0", 0),
            ("1e3", 1_000_000),
        ] {
            let time = Duration::from_millis(milliseconds);
            assert_eq!(duration(text), Ok(time), "{text}");
        }
        for (text, why) in [
            ("-1", "'-1' is negative: write 30, 1.5"),
            ("-5m", "'-5m' is negative"),
            ("99999999999999999999999", "' is too long"),
            ("1e30", "'1e30' is too long"),
            ("1e999", "'1e999' is not a time"),
            ("4000d", "'4000d' is too long"),
            ("inf", "'inf' is not a time"),
            ("nan", "'nan' is not a time"),
            ("", "'' is not a time"),
            ("m", "'m' is not a time"),
            ("5x", "'5x' is not a time"),
            ("1h30", "'1h30' is not a time"),
            ("1.2.3s", "'1.2.3s' is not a time"),
            ("soon", "'soon' is not a time"),
            ("--1", "'--1' is not a time"),
            ("ü1", "'ü1' is not a time"),
        ] {
            let said = duration(text).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
        assert!(
            some_time("0s")
                .unwrap_err()
                .starts_with("'0s' is too short")
        );
        assert_eq!(some_time("1ms"), Ok(Duration::from_millis(1)));
    }
}
