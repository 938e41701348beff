//! Which secrets are none.

/// Secrets that are published: in samples, installers, guides and lists of
/// passwords that programs try. `amp111` is that of FreePBX's installer,
/// `1234` that of VICIdial's guides, `mysecret` that of manager.conf.sample.
const KNOWN: &[&str] = &[
    "0000",
    "1111",
    "111111",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "admin",
    "admin123",
    "administrator",
    "amp109",
    "amp111",
    "ami",
    "amisecret",
    "amportal",
    "asterisk",
    "asterisk123",
    "asteriskadmin",
    "callcenter",
    "changeme",
    "cron",
    "default",
    "dialer",
    "elastix",
    "elastix456",
    "freepbx",
    "freepbxuser",
    "issabel",
    "letmein",
    "manager",
    "mypassword",
    "mysecret",
    "pass",
    "passw0rd",
    "password",
    "password123",
    "pbx",
    "qwerty",
    "root",
    "secret",
    "secret123",
    "strong_password_here",
    "test",
    "test123",
    "toor",
    "trixbox",
    "verysecret",
    "vicidial",
    "youllneverguesswhatitis",
];

/// Fewer characters can be tried out.
pub const SHORT: usize = 12;

/// Fewer different ones are a pattern.
const VARIED: usize = 5;

/// What is wrong with a secret. It is never shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// An empty Secret is right.
    Empty,
    /// It is the name of the user.
    Name,
    /// It is published.
    Known,
    /// It is short, or repeats itself.
    Short,
}

/// What is wrong with `secret` of the user `name`.
pub fn weakness(secret: &str, name: &str) -> Option<Weakness> {
    let small = secret.to_lowercase();
    let mut different: Vec<char> = secret.chars().collect();
    let length = different.len();
    different.sort_unstable();
    different.dedup();
    if secret.is_empty() {
        Some(Weakness::Empty)
    } else if small == name.to_lowercase() {
        Some(Weakness::Name)
    } else if is_known(&small) {
        Some(Weakness::Known)
    } else if length < SHORT || different.len() < VARIED {
        Some(Weakness::Short)
    } else {
        None
    }
}

/// Whether `small` is a published secret, or one with digits or signs behind it:
/// `password1234`, `asterisk2024!`. Programs that guess try those, too.
fn is_known(small: &str) -> bool {
    let word = small.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    KNOWN.contains(&small) || KNOWN.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    // What a program that guesses tries first.
    #[test]
    fn secrets_that_are_none_are_told_apart() {
        for (secret, weakness_of_it) in [
            ("", Some(Weakness::Empty)),
            ("Ann", Some(Weakness::Name)),
            ("AMP111", Some(Weakness::Known)),
            ("Password1234", Some(Weakness::Known)),
            ("asterisk-2024!", Some(Weakness::Known)),
            ("password-jEhdIekWmd", None),
            ("x8Kq2", Some(Weakness::Short)),
            ("ababababababab", Some(Weakness::Short)),
            ("jEhdIekWmdjE1x", None),
        ] {
            assert_eq!(weakness(secret, "ann"), weakness_of_it, "{secret}");
        }
        assert!(KNOWN.iter().all(|one| one.to_lowercase() == *one));
    }
}
