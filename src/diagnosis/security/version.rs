//! The version of Asterisk, as CoreSettings tells it.

use std::fmt;

/// A version of Asterisk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: Vec<u32>,
    /// The N of `-certN`.
    pub certified: Option<u32>,
    /// Somebody's package, whose fixes do not show in the number.
    pub is_packaged: bool,
    text: String,
}

impl Version {
    /// `22.10.1`, `18.9-cert11`, `16.28.0~dfsg-0+deb11u4`. None: `GIT-master`
    /// and the like.
    pub fn of(text: &str) -> Option<Version> {
        let text = text.trim();
        let text = text.strip_prefix("Asterisk ").unwrap_or(text);
        let bare = ["certified/", "certified-"]
            .iter()
            .fold(text, |text, start| text.strip_prefix(start).unwrap_or(text));
        let end = bare.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (numbers, rest) = bare.split_at(end.unwrap_or(bare.len()));
        let numbers = numbers.split('.').take(5).map(|one| one.parse().ok());
        let numbers: Vec<u32> = numbers.collect::<Option<_>>()?;
        let certified = rest.strip_prefix("-cert").map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit());
            let digits = rest.get(..end.unwrap_or(rest.len()));
            digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
        });
        let is_release = rest.is_empty() || rest.starts_with("-rc") || certified.is_some();
        Some(Version {
            numbers,
            certified,
            is_packaged: !is_release,
            text: text.to_owned(),
        })
    }

    /// Whether it is `from` or later and before `fixed`.
    pub fn is_within(&self, from: &[u32], fixed: &[u32]) -> bool {
        &self.numbers[..] >= from && &self.numbers[..] < fixed
    }

    /// Whether it is a certified version of this branch.
    pub fn is_certified(&self, branch: &[u32]) -> bool {
        self.numbers == branch && self.certified.is_some()
    }

    /// The first number.
    pub fn major(&self) -> u32 {
        self.numbers.first().copied().unwrap_or(0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A version that is read wrong hides an advisory, or invents one.
    #[test]
    fn versions_are_read_as_they_are_written() {
        let of = |text: &str| Version::of(text).unwrap();
        assert!(of("18.24.1").is_within(&[0], &[18, 24, 2]));
        assert!(!of("18.24.2").is_within(&[0], &[18, 24, 2]));
        assert!(of("1.8.3").is_within(&[1, 8], &[1, 8, 3, 3]));
        let debian = of("16.28.0~dfsg-0+deb11u4");
        assert!(debian.is_packaged && debian.is_within(&[0], &[18, 24, 2]));
        let certified = of("certified/18.9-cert10");
        assert!(certified.is_certified(&[18, 9]) && !certified.is_packaged);
        assert_eq!(of("certified-20.7-cert2").certified, Some(2));
        assert_eq!(Version::of("GIT-master-d1a2b3"), None);
        assert_eq!(Version::of(""), None);
    }
}
