//! Where the manager interface listens. From `__init_manager` of main/manager.c.

use super::acl::{Acl, Family, Reach};
use super::facts::Facts;
use std::net::IpAddr;

/// An address that is listened on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// Every address of the machine; of IPv6, too, or of IPv4 alone.
    All {
        /// Also those of IPv6.
        ipv6: bool,
    },
    /// Loopback.
    Loopback,
    /// This one.
    One(IpAddr),
}

/// The sockets of the manager interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listening {
    /// Without TLS.
    pub plain: Address,
    /// With TLS.
    pub tls: Option<Address>,
    /// By HTTP, as far as known.
    pub web: bool,
}

impl Listening {
    /// According to `[general]`.
    pub fn of(facts: &Facts) -> Listening {
        let general = &facts.general;
        // Without bindaddr, and with one that is none, it is [::].
        let all = Address::All { ipv6: true };
        let bind = general.get("bindaddr").and_then(address);
        let plain = bind.unwrap_or(all);
        let named = ["tlsbindaddr", "sslbindaddr"];
        let own = named.iter().find_map(|name| general.get(name));
        let tls = general.is("tlsenable").or(general.is("sslenable")) == Some(true);
        Listening {
            plain,
            tls: tls.then(|| own.and_then(address).unwrap_or(plain)),
            web: general.is("webenabled") == Some(true) && facts.http != Some(false),
        }
    }

    /// Whether other machines reach it by addresses of `family`.
    pub fn has(&self, family: Family) -> bool {
        let by = |address: Address| match (address, family) {
            (Address::All { .. }, Family::V4) => true,
            (Address::All { ipv6 }, Family::V6) => ipv6,
            (Address::One(ip), _) => ip.is_ipv6() == (family == Family::V6),
            (Address::Loopback, _) => false,
        };
        by(self.plain) || self.tls.is_some_and(by) || (self.web && family == Family::V4)
    }

    /// From where somebody comes whose ACL is this.
    pub fn reach(&self, acl: &Acl) -> Reach {
        let families = [Family::V4, Family::V6].into_iter();
        let families = families.filter(|family| self.has(*family));
        let reaches = families.map(|family| acl.reach(family));
        reaches.min().unwrap_or(Reach::Here)
    }
}

/// The address in `text`, which may have a port.
fn address(text: &str) -> Option<Address> {
    let text = text.trim();
    if text
        .split(':')
        .next()
        .is_some_and(|host| host.eq_ignore_ascii_case("localhost"))
    {
        return Some(Address::Loopback);
    }
    let host = match (text.strip_prefix('['), text.rsplit_once(':')) {
        (Some(inside), _) => inside.split(']').next().unwrap_or(inside),
        (None, Some((host, _))) if !host.contains(':') => host,
        _ => text,
    };
    let ip = host.parse::<IpAddr>().ok()?.to_canonical();
    Some(match ip {
        ip if ip.is_loopback() => Address::Loopback,
        ip if ip.is_unspecified() => Address::All { ipv6: ip.is_ipv6() },
        ip => Address::One(ip),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_a_port() {
        for (text, expected) in [
            ("127.0.0.1", Some(Address::Loopback)),
            ("[::1]:5039", Some(Address::Loopback)),
            ("::1", Some(Address::Loopback)),
            ("localhost:5039", Some(Address::Loopback)),
            ("0.0.0.0:5039", Some(Address::All { ipv6: false })),
            ("::", Some(Address::All { ipv6: true })),
            ("[::]:5039", Some(Address::All { ipv6: true })),
            (
                "10.0.0.5:5039",
                Some(Address::One("10.0.0.5".parse().unwrap())),
            ),
            ("nonsense", None),
        ] {
            assert_eq!(address(text), expected, "{text}");
        }
    }
}
