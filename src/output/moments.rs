//! Seconds since 1970 as a time and how long ago that is.

use super::words::duration;
use crate::ami::{Header, Packet};
use crate::peer_text::PeerText;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::DateTime};
use std::borrow::Cow;
use std::time::SystemTime;

/// The headers that hold one, by how the names of their events begin: Logintime
/// of AgentLogoff is a number of seconds.
const HOLDERS: [(&str, &[&str]); 4] = [
    ("QueueMember", &["LastCall", "LastPause", "LoginTime"]),
    ("Agents", &["CallStarted", "LoggedInTime"]),
    ("Contact", &["RegExpire"]),
    ("RegistryEntry", &["RegistrationTime"]),
];

/// What 0 means.
pub(super) const NEVER: &str = "never";

/// Beyond this a number is no such time: the year 2286.
const LAST: i64 = 9_999_999_999;

/// Whether `header` of `packet` holds a moment.
pub(super) fn is_moment(packet: &Packet, header: &Header<'_>) -> bool {
    let of = |event: &str| PeerText::new(packet.name()).starts_with(event);
    let mut holders = HOLDERS.iter();
    holders.any(|(event, keys)| keys.iter().any(|key| header.is(key)) && of(event))
}

/// `seconds` since 1970 as local time and, if it is known what time it is `now`,
/// how long ago; 0 is never. Text that is no moment stays what it is.
pub(super) fn moment(text: Cow<'_, str>, now: Option<SystemTime>) -> Cow<'_, str> {
    match at(&text, now, &TimeZone::system()) {
        Some(words) => Cow::Owned(words),
        None => text,
    }
}

fn at(text: &str, now: Option<SystemTime>, zone: &TimeZone) -> Option<String> {
    let seconds: i64 = text.trim().parse().ok()?;
    if seconds == 0 {
        return Some(NEVER.to_owned());
    }
    let at = Timestamp::from_second(seconds).ok();
    let at = at.filter(|_| (1..=LAST).contains(&seconds))?;
    let local = zone.to_datetime(at);
    let Some(now) = now.and_then(|now| Timestamp::try_from(now).ok()) else {
        return Some(format!("{} {}", local.date(), clock(local)));
    };
    let time = match zone.to_datetime(now).date() == local.date() {
        true => clock(local),
        false => format!("{} {}", local.date(), clock(local)),
    };
    let age = now.as_second() - seconds;
    let span = match age.unsigned_abs() {
        long if long >= 48 * 3600 => format!("{} days", long / (24 * 3600)),
        short => duration(short),
    };
    Some(match age < 0 {
        true => format!("{time}, in {span}"),
        false => format!("{time}, {span} ago"),
    })
}

fn clock(time: DateTime) -> String {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    format!("{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::super::tests::frames;
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    // The day is told where it is not today's, and a number that is no such time
    // is left alone.
    #[test]
    fn a_moment_is_a_time_and_an_age() {
        // 2026-11-22 22:40:00 in UTC.
        let now = UNIX_EPOCH + Duration::from_secs(1_795_387_200);
        let told = |text, now| at(text, now, &TimeZone::UTC);
        for (text, words) in [
            ("1795386772", "22:32:52, 7:08 ago"),
            ("1795387200", "22:40:00, 0:00 ago"),
            ("1795387230", "22:40:30, in 0:30"),
            ("1795300000", "2026-11-21 22:26:40, 24:13:20 ago"),
            ("1443613421", "2015-09-30 11:43:41, 4071 days ago"),
            ("0", "never"),
        ] {
            assert_eq!(told(text, Some(now)).as_deref(), Some(words));
        }
        let captured = told("1795386772", None);
        assert_eq!(captured.as_deref(), Some("2026-11-22 22:32:52"));
        for other in ["", "-1", "57 seconds", "99999999999", "1795386772.5"] {
            assert_eq!(told(other, Some(now)), None, "{other}");
        }
    }

    // The same key is a number of seconds in another event.
    #[test]
    fn a_moment_is_told_by_its_event() {
        let is = |text: &str, key: &str| {
            let packet = frames(text.as_bytes()).remove(0);
            let header = packet.all(key).next().unwrap();
            is_moment(&packet, &header)
        };
        let member = "Event: QueueMemberStatus\r\nLoginTime: 5\r\n\r\n";
        assert!(is(member, "LoginTime"));
        let agent = "Event: AgentLogoff\r\nLogintime: 5\r\n\r\n";
        assert!(!is(agent, "Logintime"));
    }
}
