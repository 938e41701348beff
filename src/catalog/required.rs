//! Which keys an Action requires, and which it accepts.

use super::actions::action;
use super::near::near;
use super::server::Catalog;

/// Whether an Action accepts a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<'a> {
    /// It accepts the key, or it is unknown what it accepts.
    Yes,
    /// It does not; the keys that may have been meant, best first.
    Meant(Vec<&'a str>),
    /// It is not documented, but may exist; the keys of the built-in table
    /// that may have been meant.
    Unheard(Vec<&'a str>),
}

impl Catalog {
    /// The keys that `action` requires and `given` lacks, in the order of the
    /// documentation. Empty if nothing is known about the Action.
    pub fn lacking(&self, action: &str, given: &[&str]) -> Vec<&str> {
        let Some(page) = self.page(action) else {
            return Vec::new();
        };
        let is_given = |key: &str| given.iter().any(|one| one.eq_ignore_ascii_case(key));
        let needed = page.parameters.iter().filter(|one| page.needs(one));
        let mut lacking: Vec<&str> = needed
            .filter(|one| !given.iter().any(|key| one.covers(key)))
            .map(|one| one.key.as_str())
            .collect();
        if let Some((keys, words)) = self::action(action).and_then(|known| known.one_of) {
            let named = |key: &&str| is_given(key) || lacking.contains(key);
            if !keys.iter().any(named) {
                lacking.push(words);
            }
        }
        lacking
    }

    /// Whether `action` accepts `key`. The built-in table alone is no reason to
    /// refuse a key, because another version may accept it; unless much is taken
    /// away where the server does not hear the key that was meant.
    pub fn takes(&self, action: &str, key: &str) -> Taken<'_> {
        let Some(page) = self.page(action).filter(|page| !page.knows(key)) else {
            return Taken::Yes;
        };
        let documented = page.parameters.iter().map(|one| one.key.as_str());
        let documented = documented.chain(["ActionID", "SuppressEvents"]);
        // A number is no slip of letters: `Action-7` means no ActionID.
        let is_numbered = |key: &str| key.ends_with(|last: char| last.is_ascii_digit());
        let likely = documented.filter(|name| !is_numbered(key) || is_numbered(name));
        let near = near(key, likely);
        let takes_away = || self::action(action).is_some_and(|known| known.danger.is_some());
        match (near.is_empty(), page.is_from_server()) {
            (false, false) if takes_away() => Taken::Meant(near),
            (true, true) | (false, false) => Taken::Unheard(near),
            (false, true) => Taken::Meant(near),
            (true, false) => Taken::Yes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Name, Origin, Page, Parameter};

    fn page(name: &str, keys: &[(&str, bool)]) -> Page {
        let parameter = |(key, required): &(&str, bool)| Parameter {
            required: *required,
            ..Parameter::of(Name::of_key(key.as_bytes()).unwrap())
        };
        Page {
            parameters: keys.iter().map(parameter).collect(),
            ..Page::of(Name::of_action(name.as_bytes()).unwrap())
        }
    }

    fn known() -> Catalog {
        Catalog::default().and([
            page(
                "QueueAdd",
                &[("Queue", true), ("Interface", true), ("Penalty", false)],
            ),
            page("Originate", &[("Channel", true), ("Exten", false)]),
            page("ExtensionState", &[("Exten", true), ("Context", true)]),
            page("BlindTransfer", &[("Channel", true), ("Exten", false)]),
            page("Login", &[("Username", true), ("Secret", false)]),
            page(
                "UserEvent",
                &[("UserEvent", true), ("Header1", false), ("HeaderN", false)],
            ),
            page(
                "AOCMessage",
                &[
                    ("Channel", true),
                    ("ChannelPrefix", false),
                    ("UnitAmount(0)", false),
                ],
            ),
            page(
                "UpdateConfig",
                &[("SrcFilename", true), ("Action-000000", false)],
            ),
        ])
    }

    // Each of these was sent to real servers: a packet that one of them accepts
    // must not be refused, and what all of them refuse should be named
    // beforehand.
    #[test]
    fn what_is_lacking() {
        let catalog = known();
        for (action, given, lacking) in [
            ("queueadd", &[][..], &["Queue", "Interface"][..]),
            ("QueueAdd", &["INTERFACE", "Penalty"], &["Queue"]),
            ("ExtensionState", &["Exten"], &[]),
            ("BlindTransfer", &["Channel"], &["Exten"]),
            (
                "Originate",
                &["Channel"],
                &["Context, Exten, Priority (or Application)"],
            ),
            ("Originate", &["Channel", "application"], &[]),
            ("Originate", &["Channel", "Priority"], &[]),
            ("AOCMessage", &["ChannelPrefix"], &[]),
            ("AOCMessage", &[], &["Channel or ChannelPrefix"]),
            ("NoSuch", &[], &[]),
        ] {
            assert_eq!(catalog.lacking(action, given), lacking, "{action}");
        }
    }

    // If a key is refused although the server knows it, people fall back to raw
    // packets.
    #[test]
    fn what_is_taken() {
        let catalog = known();
        let near = |keys: &[&'static str]| Taken::Meant(keys.to_vec());
        for (action, key, taken) in [
            ("QueueAdd", "queue", Taken::Yes),
            ("QueueAdd", "Quue", near(&["Queue"])),
            // The letters of the key in another order.
            ("QueueAdd", "Quuee", near(&["Queue"])),
            ("QueueAdd", "Qeueu", near(&["Queue"])),
            ("QueueAdd", "Interfac", near(&["Interface"])),
            ("QueueAdd", "actionid", Taken::Yes),
            ("QueueAdd", "ActonID", near(&["ActionID"])),
            ("QueueAdd", "Action-7", Taken::Unheard(Vec::new())),
            ("QueueAdd", "SuppressEvents", Taken::Yes),
            ("QueueAdd", "Reason", Taken::Unheard(Vec::new())),
            ("Login", "AuthType", Taken::Yes),
            ("Login", "key", Taken::Yes),
            ("UserEvent", "Anything", Taken::Yes),
            ("AOCMessage", "unitamount(12)", Taken::Yes),
            ("AOCMessage", "UnitAmount(x)", near(&["UnitAmount(0)"])),
            ("UpdateConfig", "Action-000012", Taken::Yes),
            ("UpdateConfig", "Action-", near(&["Action-000000"])),
            ("NoSuch", "x", Taken::Yes),
        ] {
            assert_eq!(catalog.takes(action, key), taken, "{action} {key}");
        }
        let ours = Catalog::default().and([Page {
            origin: Origin::BuiltIn,
            ..page("QueueAdd", &[("Queue", true)])
        }]);
        let unheard = Taken::Unheard(vec!["Queue"]);
        assert_eq!(ours.takes("QueueAdd", "Quue"), unheard);
        assert_eq!(ours.takes("QueueAdd", "New"), Taken::Yes);
        // Without its Queue it resets them all.
        assert_eq!(ours.takes("QueueReset", "Quue"), near(&["Queue"]));
        assert_eq!(ours.takes("QueueReset", "New"), Taken::Yes);
    }
}
