//! The lines of manager.conf that keep events from coming.

use super::Rate;
use crate::ami::Packet;

/// A name with less than one in so many events is no noise.
const SHARE: u64 = 10;

/// So many names at most.
const NAMES: usize = 5;

/// Which way of filtering a server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filtering {
    /// None: 1.4, 1.6.
    None,
    /// Regular expressions over the text of an event.
    Legacy,
    /// By the name of the event: 18.26, 20.11, 21.6, 22.1 and later.
    Advanced,
}

impl Filtering {
    /// That of a server with this banner, which answered CoreSettings so.
    pub fn of(banner: &[u8], settings: Option<&Packet>) -> Filtering {
        if banner.ends_with(b"/1.0") {
            return Filtering::None;
        }
        let version = settings.and_then(|settings| settings.text("AsteriskVersion"));
        let version = version.unwrap_or_default();
        let mut numbers = version.split(['.', '-', ' ']).map(str::parse::<u32>);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(series)), minor) => {
                let minor = minor.and_then(Result::ok).unwrap_or(0);
                let since = match series {
                    18 => 26,
                    20 => 11,
                    21 => 6,
                    22 => 1,
                    23.. => 0,
                    _ => u32::MAX,
                };
                match minor >= since {
                    true => Filtering::Advanced,
                    false => Filtering::Legacy,
                }
            }
            // Every version reads it.
            _ => Filtering::Legacy,
        }
    }

    /// The line that excludes the event `name`.
    pub fn exclude(self, name: &str) -> Option<String> {
        match self {
            Filtering::None => None,
            // The class of control characters has the line end behind the name.
            Filtering::Legacy => Some(format!("eventfilter = !^Event: {name}[[:cntrl:]]")),
            Filtering::Advanced => Some(format!("eventfilter(action(exclude),name({name})) =")),
        }
    }
}

/// The names that are most of the noise, of those that were counted by name.
pub fn noisy(by_name: &[Rate], all: u64) -> Vec<String> {
    let plain = |rate: &&Rate| rate.name.iter().all(u8::is_ascii_alphanumeric);
    let noisy = by_name.iter().filter(|rate| rate.events * SHARE >= all);
    let names = noisy.filter(plain).take(NAMES);
    names
        .map(|rate| String::from_utf8_lossy(&rate.name).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Who copies a line that the server does not understand loses its events
    // or keeps its noise.
    #[test]
    fn the_line_is_one_that_the_server_reads() {
        let of = |banner: &str, version: &str| {
            let settings = format!("Response: Success\r\nAsteriskVersion: {version}\r\n\r\n");
            let settings = Packet::new(settings.into_bytes().into());
            Filtering::of(banner.as_bytes(), Some(&settings))
        };
        let ami = "Asterisk Call Manager/11.0.0";
        for (version, filtering) in [
            ("22.10.1", Filtering::Advanced),
            ("22.0.0", Filtering::Legacy),
            ("20.11.0~dfsg-1", Filtering::Advanced),
            ("18.25.1", Filtering::Legacy),
            ("16.28.0~dfsg-0+deb11u4", Filtering::Legacy),
            ("23.1.0", Filtering::Advanced),
            ("GIT-master-1234", Filtering::Legacy),
        ] {
            assert_eq!(of(ami, version), filtering, "{version}");
        }
        assert_eq!(of("Asterisk Call Manager/1.0", ""), Filtering::None);
        assert_eq!(Filtering::of(ami.as_bytes(), None), Filtering::Legacy);
        assert_eq!(
            Filtering::Advanced.exclude("VarSet").unwrap(),
            "eventfilter(action(exclude),name(VarSet)) ="
        );
    }
}
