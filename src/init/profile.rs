//! The text of a profile.

use super::ProfileName;
use crate::settings::Rights;

/// A profile that is to be written.
#[derive(Debug)]
pub struct New<'a> {
    /// The name after the dot of `[profile.NAME]`.
    pub name: &'a ProfileName,
    /// Host and port.
    pub target: &'a str,
    /// The user.
    pub user: &'a str,
    /// The file of the secret.
    pub secret_file: &'a str,
    /// Connect with TLS.
    pub tls: bool,
    /// The file with the server's certificate.
    pub cacert: Option<&'a str>,
    /// The name that it must have, if not the host's.
    pub tls_name: Option<&'a str>,
    /// Who only watches sends nothing that changes something, even where the
    /// server would allow it.
    pub rights: Rights,
}

impl New<'_> {
    /// The section, with a line end behind each line.
    pub fn text(&self) -> String {
        let mut lines = vec![
            format!("[profile.{}]", self.name),
            format!("target = {}", quoted(self.target)),
            format!("user = {}", quoted(self.user)),
            format!("secret_file = {}", quoted(self.secret_file)),
        ];
        if self.tls {
            lines.push("tls = true".to_owned());
        }
        if let Some(file) = self.cacert {
            lines.push(format!("cacert = {}", quoted(file)));
        }
        if let Some(name) = self.tls_name {
            lines.push(format!("tls_name = {}", quoted(name)));
        }
        if matches!(self.rights, Rights::Watch | Rights::Stream) {
            lines.push("read_only = true".to_owned());
        }
        lines.join("\n") + "\n"
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for one in text.chars() {
        match one {
            '"' | '\\' => quoted.extend(['\\', one]),
            one if one.is_control() => quoted += &format!("\\u{:04X}", u32::from(one)),
            one => quoted.push(one),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeTable;

    #[test]
    fn a_profile_is_read_back_as_it_was_meant() {
        let new = New {
            name: &ProfileName::new("office").unwrap(),
            target: "pbx.example.com",
            user: "a\"b",
            secret_file: "office.secret",
            tls: true,
            cacert: None,
            tls_name: None,
            rights: Rights::Watch,
        };
        let text = new.text();
        let root = DeTable::parse(&text).unwrap();
        let profile = root.get_ref()["profile"].get_ref()["office"].get_ref();
        assert_eq!(profile["user"].get_ref().as_str(), Some("a\"b"));
        assert!(text.contains("read_only = true\n"), "{text}");
    }
}
