//! The lines of manager.conf that suppress events.

use super::Rate;
use crate::ami::Packet;
use crate::ami::banner::is_1_4;
use crate::peer_text::visible;

/// A name with fewer than one in this many events is not noise.
const SHARE: u64 = 10;

/// At most this many names.
const NAMES: usize = 5;

/// The kind of event filters that a server supports.
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
    /// The kind that a server with this banner and this answer to CoreSettings
    /// supports.
    pub fn of(banner: &[u8], settings: Option<&Packet>) -> Filtering {
        if is_1_4(banner) {
            return Filtering::None;
        }
        let version = settings.and_then(|settings| settings.get("AsteriskVersion"));
        let version = visible::text(version.unwrap_or_default());
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
            // Every version with filters reads it.
            _ => Filtering::Legacy,
        }
    }

    /// The line that excludes the event `name`.
    pub fn exclude(self, name: &str) -> Option<String> {
        match self {
            Filtering::None => None,
            // The class of control characters matches the line end after the
            // name.
            Filtering::Legacy => Some(format!("eventfilter = !^Event: {name}[[:cntrl:]]")),
            Filtering::Advanced => Some(format!("eventfilter(action(exclude),name({name})) =")),
        }
    }
}

/// The names that make up most of the noise.
pub fn noisy(by_name: &[Rate], all: u64) -> Vec<String> {
    let plain = |rate: &&Rate| rate.name.iter().all(u8::is_ascii_alphanumeric);
    let noisy = by_name.iter().filter(|rate| rate.events * SHARE >= all);
    let names = noisy.filter(plain).take(NAMES);
    names
        .map(|rate| visible::text(&rate.name).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // A line that the server misreads loses events or keeps the noise.
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
