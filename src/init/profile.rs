//! The text of a profile, and where it goes in the configuration file.

use super::ProfileName;
use crate::settings::Rights;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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

/// Why a profile cannot be put into a text.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Faulty {
    /// It would be found twice, or not at all.
    #[error(
        "[profile.{0}] is written in a way that amish does not change: change it yourself, or use another name"
    )]
    Unusual(String),
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

/// `text` with `section` for the profile `name`: in place of the one that is
/// there, or behind all else. All other bytes stay as they are.
///
/// # Errors
/// One is there that does not stand in lines of its own.
pub fn put(text: &str, name: &ProfileName, section: &str) -> Result<String, Faulty> {
    let name = name.as_str();
    let unusual = || Faulty::Unusual(name.to_owned());
    let root = DeTable::parse(text).map_err(|_| unusual())?;
    let profiles = root.get_ref().get("profile");
    let profiles = profiles.and_then(|profiles| profiles.get_ref().as_table());
    let found = profiles.and_then(|all| all.iter().find(|(key, _)| key.get_ref() == name));
    let Some((key, value)) = found else {
        let gap = match text {
            "" => "",
            text if text.ends_with("\n\n") => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        return Ok(format!("{text}{gap}{section}"));
    };
    let start = text.get(..key.span().start).ok_or_else(unusual)?;
    let start = start.rfind('\n').map_or(0, |at| at + 1);
    let own = text.get(start..).ok_or_else(unusual)?;
    let header = own.lines().next().unwrap_or_default();
    let header: String = header.chars().filter(|c| !c.is_whitespace()).collect();
    let headers = [
        format!("[profile.{name}]"),
        format!("[profile.\"{name}\"]"),
        format!("[profile.'{name}']"),
    ];
    if !headers.iter().any(|one| header.starts_with(one.as_str())) {
        return Err(unusual());
    }
    let last = match value.get_ref() {
        DeValue::Table(table) => table.values().map(end).max(),
        _ => None,
    };
    // To the end of the line of its last value, or of its header.
    let from = last.unwrap_or(start);
    let rest = text.get(from..).ok_or_else(unusual)?;
    let behind = rest.find('\n').map_or(text.len(), |at| from + at + 1);
    let (before, after) = (text.get(..start), text.get(behind..));
    match (before, after) {
        (Some(before), Some(after)) => Ok(format!("{before}{section}{after}")),
        _ => Err(unusual()),
    }
}

fn end(value: &Spanned<DeValue<'_>>) -> usize {
    value.span().end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> ProfileName {
        ProfileName::new("office").unwrap()
    }

    #[test]
    fn a_profile_is_read_back_as_it_was_meant() {
        let new = New {
            name: &office(),
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

    // It is somebody's own file, with comments and an order of theirs.
    #[test]
    fn the_rest_of_the_file_stays_byte_by_byte() {
        let before = "# mine\n[profile.a]\ntarget='x' # y\n";
        let after = "\n# of b\n[profile.b]\r\ntarget = \"z\"\n\n[alias]\nq = \"quit\"";
        let own = "[profile.office] # old\ntarget = 'old'\ninit = [\n  'x',\n]\n";
        let put = |text: &str| put(text, &office(), "NEW\n").unwrap();
        assert_eq!(
            put(&format!("{before}{own}{after}")),
            format!("{before}NEW\n{after}")
        );
        assert_eq!(put(own), "NEW\n");
        assert_eq!(put("[profile.office]"), "NEW\n");
        let both = format!("{before}{after}");
        assert_eq!(put(&both), format!("{both}\n\nNEW\n"));
        assert_eq!(put(before), format!("{before}\nNEW\n"));
        assert_eq!(put(""), "NEW\n");
    }

    #[test]
    fn what_does_not_stand_by_itself_is_not_touched() {
        for text in [
            "profile.office.target = 'x'\n",
            "[profile]\noffice = { target = 'x' }\n",
            "[profile]\noffice.target = 'x'\n",
        ] {
            assert!(put(text, &office(), "NEW\n").is_err(), "{text}");
        }
    }
}
