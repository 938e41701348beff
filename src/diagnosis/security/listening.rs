//! Where the manager interface listens. From `__init_manager` of main/manager.c.

use super::acl::Reach;
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

    /// Whether other machines reach it.
    pub fn is_remote(&self) -> bool {
        let is_remote = |address: Address| address != Address::Loopback;
        is_remote(self.plain) || self.tls.is_some_and(is_remote) || self.web
    }

    /// Whether it is reached by IPv6.
    pub fn has_ipv6(&self) -> bool {
        let by = |address: Address| match address {
            Address::All { ipv6 } => ipv6,
            Address::One(ip) => ip.is_ipv6(),
            Address::Loopback => false,
        };
        by(self.plain) || self.tls.is_some_and(by)
    }

    /// From where somebody comes whose ACL is this.
    pub fn reach(&self, acl: &super::acl::Acl) -> Reach {
        match (self.is_remote(), self.has_ipv6()) {
            (false, _) => Reach::Here,
            (true, false) => acl.reach(),
            (true, true) => acl.reach().min(acl.reach_by_ipv6()),
        }
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
