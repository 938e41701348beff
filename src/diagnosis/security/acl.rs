//! From where a user may log in, as main/acl.c decides it.

use crate::asterisk_conf::Value;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who admits this part of a family of addresses, one in so many, admits
/// everybody: all public addresses of IPv6 are an eighth of it.
const MOST: u128 = 16;

/// Rules that are looked at; what is behind them is taken to admit everybody.
const RULES: usize = 300;

/// The two kinds of addresses. A rule of one says nothing of the other; before
/// AST-2014-012 (fixed in 11.14.1 and 13.0.1) the first rule decided which of
/// them the whole list was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// IPv4, also as it arrives at a socket of IPv6.
    V4,
    /// IPv6.
    V6,
}

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// From where this admits by addresses of `family`.
    pub fn reach(&self, family: Family) -> Reach {
        match self {
            Acl::None => Reach::Everywhere,
            Acl::Hidden => Reach::Somewhere,
            Acl::Rules { rules, named } => match (named.is_empty(), admitted(rules, family)) {
                (true, reach) => reach,
                (false, _) => Reach::Somewhere,
            },
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

/// All are admitted to begin with, and the last rule that fits decides.
fn admitted(rules: &[Rule], family: Family) -> Reach {
    if rules.len() > RULES {
        return Reach::Everywhere;
    }
    let is_name = |rule: &Rule| rule.allows && rule.net == Net::Other;
    let mut reach = match rules.iter().any(is_name) {
        true => Reach::Somewhere,
        false => Reach::Here,
    };
    let nets = rules
        .iter()
        .filter_map(|rule| Some((rule.allows, rule.net.range(family, rule.allows)?)));
    let nets: Vec<(bool, (u128, u128))> = nets.collect();
    let (last, home) = family.bounds();
    // Between two neighbouring bounds all addresses fare alike.
    let bounds = nets.iter().map(|(_, net)| *net).chain([home]);
    let bounds = bounds.flat_map(|(from, to)| [Some(from), to.checked_add(1)]);
    let mut starts: Vec<u128> = bounds.flatten().chain([0]).collect();
    starts.retain(|start| *start <= last);
    starts.sort_unstable();
    starts.dedup();
    let mut size = 0_u128;
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(last, |next| next - 1);
        let has = |(from, to): (u128, u128)| from <= *start && *start <= to;
        let fitting = nets.iter().rev().find(|(_, net)| has(*net));
        if fitting.is_none_or(|(allows, _)| *allows) && !has(home) {
            reach = reach.min(Reach::Somewhere);
            size = size.saturating_add(end - start);
        }
    }
    match size >= last / MOST {
        true => Reach::Everywhere,
        false => reach,
    }
}

impl Family {
    /// The last address, and those of the machine itself.
    fn bounds(self) -> (u128, (u128, u128)) {
        match self {
            Family::V4 => (u32::MAX.into(), (0x7f00_0000, 0x7fff_ffff)),
            Family::V6 => (u128::MAX, (1, 1)),
        }
    }
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

    /// The first and the last of its addresses of `family`. A mask with holes is
    /// taken for what admits more.
    fn range(self, family: Family, allows: bool) -> Option<(u128, u128)> {
        let (ip, mask, all) = match (self, family) {
            (Net::V4(ip, mask), Family::V4) => {
                (ip.to_bits().into(), mask.to_bits().into(), u32::MAX.into())
            }
            (Net::V6(ip, mask), Family::V6) => (ip.to_bits(), mask, u128::MAX),
            _ => return None,
        };
        // What is behind the first hole of the mask.
        let holes: u128 = !mask & all;
        let behind = match holes.checked_ilog2() {
            Some(bit) => u128::MAX >> (127 - bit),
            None => 0,
        };
        if behind != holes && !allows {
            return None;
        }
        Some((ip & !behind & all, (ip & all) | behind))
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
            (&[("permit", "10.0.0.5"), all], Reach::Here),
            (&[all, ("permit", "127.0.0.1/255.255.255.0")], Reach::Here),
            (&[all, ("permit", "127.0.0.1,10.0.0.0/8")], Reach::Somewhere),
            (&[all, ("permit", "!10.0.0.5")], Reach::Here),
            (&[("deny", "10.0.0.0/8")], Reach::Everywhere),
            (&[("acl", "office")], Reach::Somewhere),
            (&[all, ("permit", "pbx.example.com")], Reach::Somewhere),
            (&[("deny", "nonsense/99")], Reach::Everywhere),
            (&[("deny", "::/0"), ("permit", "::1")], Reach::Everywhere),
        ] {
            assert_eq!(acl(lines).reach(Family::V4), reach, "{lines:?}");
        }
        let (none, every) = (("deny", "::/0"), ("permit", "::/0"));
        for (lines, reach) in [
            (&[all][..], Reach::Everywhere),
            (&[all, none, ("permit", "10.0.0.1")], Reach::Here),
            (&[none, all], Reach::Here),
            (&[none, every, all], Reach::Everywhere),
            (&[none, ("permit", "2000::/3")], Reach::Everywhere),
            (&[none, ("permit", "fd00::/8")], Reach::Somewhere),
            (&[none, ("permit", "::1")], Reach::Here),
        ] {
            assert_eq!(acl(lines).reach(Family::V6), reach, "{lines:?}");
        }
        let holes = [all, ("permit", "10.0.0.1/0.0.0.255")];
        assert_eq!(acl(&holes).reach(Family::V4), Reach::Everywhere);
        assert!(acl(&[("permit", "10.0.0.5")]).denies_nobody());
    }
}
