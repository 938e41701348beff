//! What the first line of a server tells: the version of AMI, not of Asterisk.

/// How the banner of Asterisk begins. Other products have other words before
/// the slash, and versions of their own behind it.
pub const ASTERISK: &str = "Asterisk Call Manager/";

/// The server's age, as far as its banner tells. Other products count by the
/// version that they write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// AMI/1.0: Asterisk 1.0 to 1.4.
    Oldest,
    /// AMI/1.1: 1.6.0 to 1.8. Ping (1.6.0, 1.6.1) and Events (to before
    /// 1.8.5) are answered without ActionID.
    Old,
    /// Every later version.
    Newer,
}

impl Age {
    /// The age of the server that sent `banner`.
    pub fn of(banner: &[u8]) -> Age {
        match banner.rsplit(|&b| b == b'/').next().map(<[u8]>::trim_ascii) {
            Some(b"1.0") => Age::Oldest,
            Some(b"1.1") => Age::Old,
            _ => Age::Newer,
        }
    }
}

/// Whether the banner is of Asterisk 1.4 or older.
pub fn is_1_4(banner: &[u8]) -> bool {
    Age::of(banner) == Age::Oldest
}

/// The first two numbers of Asterisk's own version. None: another product.
pub fn asterisk(banner: &[u8]) -> Option<(u32, Option<u32>)> {
    let version = banner.strip_prefix(ASTERISK.as_bytes())?.trim_ascii_end();
    let mut numbers = version.split(|byte| *byte == b'.').map(|number| {
        let number = std::str::from_utf8(number).ok()?;
        number.parse().ok()
    });
    Some((numbers.next()??, numbers.next().flatten()))
}
