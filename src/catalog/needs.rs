//! Which keys an Action needs and which it takes: what its documentation says,
//! put right where servers were seen to do otherwise.

use super::{Catalog, Page, Parameter};

/// Called required in documentation; servers do without.
const SPARED: &[(&str, &str)] = &[
    // The context is `default` then: 16.28 and 22.10.
    ("ExtensionState", "Context"),
    // Another key does as well: see `ONE_OF`.
    ("AOCMessage", "Channel"),
    ("JabberSend", "JID"),
    ("MessageSend", "To"),
    // The cause is a normal one then: 22.10.
    ("PJSIPHangup", "Cause"),
    // An empty NOTIFY: 16.28.
    ("PJSIPNotify", "Variable"),
    // The variable is made empty: 16.28 and 22.10.
    ("Setvar", "Value"),
    // It waits without end: 16.28 and 22.10.
    ("WaitEvent", "Timeout"),
];

/// Called optional; 16.28 and 22.10 answer with an Error without them.
const NEEDED: &[(&str, &str)] = &[
    ("BlindTransfer", "Exten"),
    ("Filter", "Operation"),
    ("MixMonitorMute", "Direction"),
    ("MixMonitorMute", "State"),
];

/// One of these keys is needed, by 16.28 and 22.10; and what to say where all
/// are missing. `JID` is what documentation calls the key that is read as
/// `ScreenName`. Servers up to 13 take an Originate without Exten, and without
/// Context, so only what all of them refuse is asked for.
const ONE_OF: &[(&str, &[&str], &str)] = &[
    (
        "AOCMessage",
        &["Channel", "ChannelPrefix"],
        "Channel or ChannelPrefix",
    ),
    ("JabberSend", &["JID", "ScreenName"], "ScreenName"),
    ("MessageSend", &["To", "Destination"], "To"),
    (
        "Originate",
        &["Application", "Priority"],
        "Context, Exten, Priority (or Application)",
    ),
    (
        "PJSIPNotify",
        &["Endpoint", "URI", "Channel"],
        "Endpoint, URI or Channel",
    ),
];

/// What an Action makes of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<'a> {
    /// It takes it, or nobody has told what it takes.
    Yes,
    /// No; these are what may have been meant, best first.
    Meant(Vec<&'a str>),
    /// Nobody says so, and it is like nothing that it takes.
    Unheard,
}

impl Page {
    /// Is `parameter` of this page one that the Action fails without?
    pub fn needs(&self, parameter: &Parameter) -> bool {
        let is_in = |table: &[(&str, &str)]| {
            table.iter().any(|(action, key)| {
                action.eq_ignore_ascii_case(&self.name) && key.eq_ignore_ascii_case(&parameter.key)
            })
        };
        (parameter.required || is_in(NEEDED)) && !is_in(SPARED)
    }
}

impl Catalog {
    /// What `action` fails without and is not among the keys `given`, in the
    /// order of the documentation. Empty where nothing is known of it.
    pub fn lacking(&self, action: &str, given: &[&str]) -> Vec<&str> {
        let Some(page) = self.page(action) else {
            return Vec::new();
        };
        let is_given = |key: &str| given.iter().any(|one| one.eq_ignore_ascii_case(key));
        let needed = page.parameters.iter().filter(|one| page.needs(one));
        let mut lacking: Vec<&str> = needed
            .map(|one| one.key.as_str())
            .filter(|key| !is_given(key))
            .collect();
        for (name, keys, words) in ONE_OF {
            let named = |key: &&str| is_given(key) || lacking.contains(key);
            if name.eq_ignore_ascii_case(action) && !keys.iter().any(named) {
                lacking.push(words);
            }
        }
        lacking
    }

    /// Does `action` take `key`? The built-in table is no reason to refuse
    /// what another version may take.
    pub fn takes(&self, action: &str, key: &str) -> Taken<'_> {
        let Some(page) = self.page(action).filter(|page| !page.knows(key)) else {
            return Taken::Yes;
        };
        let documented = page.parameters.iter().map(|one| one.key.as_str());
        let near = super::near(key, documented.chain(["ActionID", "SuppressEvents"]));
        match (near.is_empty(), page.is_from_server()) {
            (true, true) | (false, false) => Taken::Unheard,
            (false, true) => Taken::Meant(near),
            (true, false) => Taken::Yes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Origin;

    fn page(name: &str, keys: &[(&str, bool)]) -> Page {
        let parameter = |(key, required): &(&str, bool)| Parameter {
            key: (*key).to_owned(),
            required: *required,
            ..Parameter::default()
        };
        Page {
            name: name.to_owned(),
            parameters: keys.iter().map(parameter).collect(),
            ..Page::default()
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

    // Each of these was sent to real servers: a packet that one of them takes
    // must not be refused, and what all refuse should be named beforehand.
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

    // A key that is refused although the server knows it makes people type
    // packets by hand.
    #[test]
    fn what_is_taken() {
        let catalog = known();
        let near = |keys: &[&'static str]| Taken::Meant(keys.to_vec());
        for (action, key, taken) in [
            ("QueueAdd", "queue", Taken::Yes),
            ("QueueAdd", "Quue", near(&["Queue"])),
            ("QueueAdd", "Interfac", near(&["Interface"])),
            ("QueueAdd", "actionid", Taken::Yes),
            ("QueueAdd", "ActonID", near(&["ActionID"])),
            ("QueueAdd", "SuppressEvents", Taken::Yes),
            ("QueueAdd", "Reason", Taken::Unheard),
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
        assert_eq!(ours.takes("QueueAdd", "Quue"), Taken::Unheard);
        assert_eq!(ours.takes("QueueAdd", "New"), Taken::Yes);
    }
}
