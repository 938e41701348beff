//! The names that a person chooses: each is checked here, wherever it comes from.

use std::fmt::{self, Display};
use std::net::IpAddr;

/// The name of a profile that is written: a word of the command line, a key of
/// the configuration, and the name of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileName(String);

impl ProfileName {
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(name: &str) -> Result<ProfileName, String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if name.is_empty() || !name.chars().all(is_plain) || name.starts_with('-') {
            return Err("a name is letters, digits, - and _".to_owned());
        }
        match name {
            "help" | "init" | "doctor" => {
                Err(format!("amish {name} is a command: choose another name"))
            }
            name => Ok(ProfileName(name.to_owned())),
        }
    }

    /// What a profile for `host` is called: its first label.
    pub fn of_host(host: &str) -> ProfileName {
        let host = host.to_ascii_lowercase();
        let address = host.parse::<IpAddr>().ok();
        if host == "localhost" || address.is_some_and(|one| one.is_loopback()) {
            return ProfileName("local".to_owned());
        }
        let label = match address {
            Some(_) => format!("pbx-{}", host.replace(['.', ':'], "-")),
            None => host.split('.').next().unwrap_or_default().to_owned(),
        };
        ProfileName::new(&label).unwrap_or_else(|_| ProfileName("pbx".to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A user of AMI whose section can be printed: it stands in the brackets, and
/// behind Username. Any other name could end the section, or be one of
/// Asterisk's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserName(String);

impl UserName {
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(name: &str) -> Result<UserName, String> {
        let is_plain = |c: char| c.is_ascii_graphic() && !"[]();#\\\"".contains(c);
        if name.is_empty() || !name.chars().all(is_plain) {
            let words = "a user is letters, digits and signs without blanks, brackets and ;";
            return Err(words.to_owned());
        }
        match name.eq_ignore_ascii_case("general") {
            true => Err("[general] of manager.conf is not a user: choose another name".to_owned()),
            false => Ok(UserName(name.to_owned())),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_that_mean_nothing_else() {
        for (host, name) in [
            ("127.0.0.1", "local"),
            ("localhost", "local"),
            ("PBX.example.com", "pbx"),
            ("10.0.0.7", "pbx-10-0-0-7"),
            ("help.example.com", "pbx"),
            ("é.example.com", "pbx"),
            ("2001:db8::7", "pbx-2001-db8--7"),
        ] {
            assert_eq!(ProfileName::of_host(host).as_str(), name, "{host}");
        }
        let wrong = [
            "", "a b", "a.b", "é", "../../x", "a/b", "help", "init", "doctor", "-x", "@all", "a\n",
        ];
        for name in wrong {
            assert!(ProfileName::new(name).is_err(), "{name}");
        }
    }

    // The lines are pasted into manager.conf as they are.
    #[test]
    fn a_user_is_one_section_of_its_own() {
        for name in [
            "",
            "general",
            "General",
            "x];y[general]",
            "a b",
            "a\nb",
            "x;",
            "(!)",
            "é",
        ] {
            assert!(UserName::new(name).is_err(), "{name}");
        }
        for name in ["amish", "a-b_c.d@e", "1001"] {
            assert!(UserName::new(name).is_ok(), "{name}");
        }
    }
}
