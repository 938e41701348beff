//! From where a user may log in, as main/acl.c decides it.

use crate::asterisk_conf::Value;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses all over the internet. Who admits most of them admits everybody.
const ANYWHERE: [IpAddr; 8] = [
    IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)),
    IpAddr::V4(Ipv4Addr::new(45, 79, 1, 1)),
    IpAddr::V4(Ipv4Addr::new(91, 198, 174, 192)),
    IpAddr::V4(Ipv4Addr::new(104, 16, 1, 1)),
    IpAddr::V4(Ipv4Addr::new(128, 101, 101, 101)),
    IpAddr::V4(Ipv4Addr::new(151, 101, 1, 1)),
    IpAddr::V4(Ipv4Addr::new(185, 15, 59, 224)),
    IpAddr::V4(Ipv4Addr::new(217, 70, 184, 38)),
];

/// The same of IPv6, from each of the five registries.
const ANYWHERE_IPV6: [IpAddr; 5] = [
    IpAddr::V6(Ipv6Addr::new(0x2001, 0x4860, 0, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2400, 0xcb00, 0, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2800, 0x3f0, 0, 0, 0, 0, 0, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2a00, 0x1450, 0, 0, 0, 0, 0, 1)),
];

/// permit=, deny= and acl= of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acl {
    /// There is none.
    None,
    /// There is one; what it says is not told.
    Hidden,
    /// As written.
    Rules {
        /// permit= and deny=, in their order.
        rules: Vec<Rule>,
        /// Names of lists in acl.conf.
        named: Vec<String>,
    },
}

/// One address of permit= or deny=.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    allows: bool,
    net: Net,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Net {
    V4(Ipv4Addr, Ipv4Addr),
    V6(Ipv6Addr, u128),
    /// A name, or what Asterisk would not take either.
    Other,
}

/// From where somebody may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Anywhere.
    Everywhere,
    /// Some addresses.
    Somewhere,
    /// The machine itself.
    Here,
}

impl Acl {
    /// That of these lines.
    pub fn of(values: &[Value]) -> Acl {
        let (mut rules, mut named) = (Vec::new(), Vec::new());
        for one in values {
            let allows = one.key.eq_ignore_ascii_case("permit");
            if allows || one.key.eq_ignore_ascii_case("deny") {
                rules.extend(one.value.split(',').map(|text| Rule::of(allows, text)));
            } else if one.key.eq_ignore_ascii_case("acl") {
                named.push(one.value.clone());
            }
        }
        match rules.is_empty() && named.is_empty() {
            true => Acl::None,
            false => Acl::Rules { rules, named },
        }
    }

    /// From where this admits by IPv4.
    pub fn reach(&self) -> Reach {
        self.reach_of(&ANYWHERE)
    }

    /// The same by IPv6, of which a rule with an address of IPv4 says nothing.
    pub fn reach_by_ipv6(&self) -> Reach {
        self.reach_of(&ANYWHERE_IPV6)
    }

    fn reach_of(&self, anywhere: &[IpAddr]) -> Reach {
        match self {
            Acl::None => Reach::Everywhere,
            Acl::Hidden => Reach::Somewhere,
            Acl::Rules { rules, named } => {
                let admits = |ip: &&IpAddr| admits(rules, **ip);
                let admitted = anywhere.iter().filter(admits).count();
                let is_far = |rule: &Rule| rule.allows && !rule.net.is_loopback();
                match (named.is_empty(), admitted * 2 >= anywhere.len()) {
                    (true, true) => Reach::Everywhere,
                    (false, true) => Reach::Somewhere,
                    (_, false) if admitted > 0 || rules.iter().any(is_far) => Reach::Somewhere,
                    _ => Reach::Here,
                }
            }
        }
    }

    /// Whether it permits without denying first, which denies nobody.
    pub fn denies_nobody(&self) -> bool {
        match self {
            Acl::Rules { rules, named } => {
                named.is_empty() && !rules.is_empty() && rules.iter().all(|rule| rule.allows)
            }
            _ => false,
        }
    }

    /// The lists of acl.conf that it names.
    pub fn named(&self) -> &[String] {
        match self {
            Acl::Rules { named, .. } => named,
            _ => &[],
        }
    }
}

/// All are admitted to begin with, and the last rule that fits decides. Before
/// 1.8.32.1, 11.14.1, 12.7.1 and 13.0.1 one rule could decide for the addresses of
/// the other family, too (AST-2014-012).
fn admits(rules: &[Rule], ip: IpAddr) -> bool {
    let fitting = rules.iter().rev().find(|rule| rule.net.has(ip));
    fitting.is_none_or(|rule| rule.allows)
}

impl Rule {
    fn of(allows: bool, text: &str) -> Rule {
        let text = text.trim();
        // A list may deny an address among those that it permits, and the
        // other way round.
        let (allows, text) = match text.strip_prefix('!') {
            Some(rest) => (!allows, rest),
            None => (allows, text),
        };
        let net = Net::of(text).unwrap_or(Net::Other);
        Rule { allows, net }
    }
}

impl Net {
    fn of(text: &str) -> Option<Net> {
        let (address, mask) = match text.split_once('/') {
            Some((address, mask)) => (address, Some(mask)),
            None => (text, None),
        };
        match address.trim_matches(['[', ']']).parse().ok()? {
            IpAddr::V4(ip) => {
                let mask = match mask {
                    None => Ipv4Addr::BROADCAST,
                    Some(mask) => match mask.parse::<Ipv4Addr>() {
                        Ok(mask) => mask,
                        Err(_) => {
                            let bits: u32 = mask.parse().ok().filter(|bits| *bits <= 32)?;
                            let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
                            Ipv4Addr::from_bits(mask)
                        }
                    },
                };
                Some(Net::V4(ip, mask))
            }
            IpAddr::V6(ip) => {
                let bits: u32 = match mask {
                    None => 128,
                    Some(mask) => mask.parse().ok().filter(|bits| *bits <= 128)?,
                };
                Some(Net::V6(ip, u128::MAX.checked_shl(128 - bits).unwrap_or(0)))
            }
        }
    }

    fn has(&self, ip: IpAddr) -> bool {
        match (self, ip) {
            (Net::V4(net, mask), IpAddr::V4(ip)) => {
                ip.to_bits() & mask.to_bits() == net.to_bits() & mask.to_bits()
            }
            (Net::V6(net, mask), IpAddr::V6(ip)) => ip.to_bits() & mask == net.to_bits() & mask,
            _ => false,
        }
    }

    fn is_loopback(&self) -> bool {
        match self {
            // 127.0.0.1/255.255.255.0, as FreePBX writes it, is loopback, too.
            Net::V4(ip, mask) => ip.is_loopback() && mask.to_bits().leading_ones() >= 8,
            Net::V6(ip, mask) => ip.is_loopback() && *mask == u128::MAX,
            Net::Other => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acl(lines: &[(&str, &str)]) -> Acl {
        let value = |(key, value): &(&str, &str)| Value {
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            place: None,
        };
        Acl::of(&lines.iter().map(value).collect::<Vec<_>>())
    }

    // An ACL that looks closed and is open is the worst of all; one that is
    // closed must not be called open.
    #[test]
    fn an_acl_admits_whom_asterisk_admits() {
        let all = ("deny", "0.0.0.0/0.0.0.0");
        for (lines, reach) in [
            (&[][..], Reach::Everywhere),
            (&[all], Reach::Here),
            (&[("permit", "10.0.0.5")], Reach::Everywhere),
            (&[all, ("permit", "0.0.0.0/0")], Reach::Everywhere),
            (&[("permit", "10.0.0.5"), all], Reach::Somewhere),
            (&[all, ("permit", "127.0.0.1/255.255.255.0")], Reach::Here),
            (&[all, ("permit", "127.0.0.1,10.0.0.0/8")], Reach::Somewhere),
            (&[all, ("permit", "!10.0.0.5")], Reach::Here),
            (&[("deny", "10.0.0.0/8")], Reach::Everywhere),
            (&[("acl", "office")], Reach::Somewhere),
            (&[all, ("permit", "pbx.example.com")], Reach::Somewhere),
            (&[("deny", "nonsense/99")], Reach::Everywhere),
            (&[("deny", "::/0"), ("permit", "::1")], Reach::Everywhere),
        ] {
            assert_eq!(acl(lines).reach(), reach, "{lines:?}");
        }
        let none = ("deny", "::/0");
        for (lines, reach) in [
            (&[all][..], Reach::Everywhere),
            (&[all, none], Reach::Here),
            (&[none, all], Reach::Here),
            (&[all, none, ("permit", "10.0.0.1")], Reach::Somewhere),
            (&[none, ("permit", "::/0"), all], Reach::Everywhere),
            (&[none, ("permit", "2001:db8::/32")], Reach::Somewhere),
        ] {
            assert_eq!(acl(lines).reach_by_ipv6(), reach, "{lines:?}");
        }
        assert!(acl(&[("permit", "10.0.0.5")]).denies_nobody());
    }
}
