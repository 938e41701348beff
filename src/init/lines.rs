//! Lines of manager.conf.

use super::{Least, UserName};
use crate::ami::Classes;
use crate::ami::banner::Age;
use std::net::IpAddr;

/// A user's section.
#[derive(Debug)]
pub struct Section<'a> {
    /// The user's name.
    pub user: &'a UserName,
    /// What stands behind `secret =`.
    pub secret: &'a str,
    /// The address that the server sees; None if it is not known.
    pub address: Option<IpAddr>,
    /// read= and write=.
    pub least: Least,
    /// The server's first line; empty if it is not known.
    pub banner: &'a [u8],
}

impl Section<'_> {
    /// The whole section, for a user who is not there.
    pub fn whole(&self) -> Vec<String> {
        let mut lines = vec![
            format!("[{}]", self.user),
            format!("secret = {}", self.secret),
            "deny = 0.0.0.0/0.0.0.0".to_owned(),
        ];
        // Older versions have no addresses of version 6, and refuse the line.
        if Age::of(self.banner) == Age::Newer {
            lines.push("deny = ::/0".to_owned());
        }
        lines.push(match self.address.map(|one| one.to_canonical()) {
            Some(IpAddr::V4(address)) => format!("permit = {address}/255.255.255.255"),
            Some(IpAddr::V6(address)) => format!("permit = {address}/128"),
            None => "permit = ADDRESS_OF_THIS_MACHINE/255.255.255.255".to_owned(),
        });
        lines.extend(self.rights());
        lines
    }

    /// The two lines that change the rights of a user who is there.
    pub fn rights(&self) -> [String; 2] {
        let words = |classes: Classes| match classes {
            Classes::ALL => "all".to_owned(),
            some => some.to_string().replace("off", "none"),
        };
        [
            format!("read = {}", words(self.least.read)),
            format!("write = {}", words(self.least.write)),
        ]
    }
}

/// Where a certificate and its key are kept, as in Asterisk's own examples.
const KEYS: &str = "/etc/asterisk/keys";

/// The lines below `[general]` that turn TLS on.
pub fn tls() -> [String; 4] {
    [
        "tlsenable = yes".to_owned(),
        "tlsbindaddr = 0.0.0.0:5039".to_owned(),
        format!("tlscertfile = {KEYS}/amish.crt"),
        format!("tlsprivatekey = {KEYS}/amish.key"),
    ]
}

/// The command that makes a certificate for `host`.
pub fn certificate(host: &str) -> String {
    let kind = match host.parse::<IpAddr>() {
        Ok(_) => "IP",
        Err(_) => "DNS",
    };
    format!(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN={host}' \
         -addext 'subjectAltName={kind}:{host}' -keyout {KEYS}/amish.key -out {KEYS}/amish.crt"
    )
}

/// The file that the lines of a user belong to.
pub fn place(is_freepbx: bool) -> &'static str {
    match is_freepbx {
        // manager.conf is written anew by FreePBX.
        true => "/etc/asterisk/manager_custom.conf",
        false => "/etc/asterisk/manager.conf",
    }
}

/// What loads them.
pub fn reload() -> &'static str {
    "asterisk -rx 'manager reload'"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Rights;

    fn section(address: &str, rights: Rights, banner: &[u8]) -> String {
        let section = Section {
            user: &UserName::new("amish").unwrap(),
            secret: "s3cret",
            address: address.parse().ok(),
            least: Least::of(rights, banner),
            banner,
        };
        section.whole().join("\n")
    }

    // They are pasted as they are.
    #[test]
    fn a_section_admits_one_user_from_one_address() {
        let banner = b"Asterisk Call Manager/11.0.0";
        assert_eq!(
            section("::ffff:10.0.0.7", Rights::Watch, banner),
            "[amish]\nsecret = s3cret\ndeny = 0.0.0.0/0.0.0.0\ndeny = ::/0\n\
             permit = 10.0.0.7/255.255.255.255\nread = system,call,agent,user\nwrite = reporting"
        );
        assert!(
            section("fe80::1", Rights::Stream, banner)
                .ends_with("permit = fe80::1/128\nread = system,call,agent,user,cdr\nwrite = none")
        );
        let old = section("10.0.0.7", Rights::All, b"Asterisk Call Manager/1.0");
        assert!(!old.contains("::/0"), "{old}");
        assert!(old.ends_with("read = all\nwrite = all"), "{old}");
    }
}
