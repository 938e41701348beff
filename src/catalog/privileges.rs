//! Which class each Action needs. A server tells it only of the Actions that
//! the user may send, so for the others there is this table.
//!
//! Read from the ListCommands of an admin on 22, 16 and 1.8, and from the
//! source of 1.4 and of modules that were not loaded there.

use super::builtin;

/// The classes, one of which is enough, and the Actions that need one of them.
const NEEDED: &[(&[&str], &[&str])] = &[
    (
        &["call"],
        &[
            "Atxfer",
            "BlindTransfer",
            "Bridge",
            "CancelAtxfer",
            "ChangeMonitor",
            "ConfbridgeKick",
            "ConfbridgeLock",
            "ConfbridgeMute",
            "ConfbridgeSetSingleVideoSrc",
            "ConfbridgeUnlock",
            "ConfbridgeUnmute",
            "ControlPlayback",
            "FAXSession",
            "FAXSessions",
            "MeetmeMute",
            "MeetmeUnmute",
            "Monitor",
            "MWIDelete",
            "MWIUpdate",
            "Park",
            "ParkedCalls",
            "Parkinglots",
            "PauseMonitor",
            "PlayDTMF",
            "PlayMF",
            "Redirect",
            "SendFlash",
            "SendText",
            "SetCDRUserField",
            "Setvar",
            "StopMonitor",
            "UnpauseMonitor",
        ],
    ),
    (
        &["call", "reporting"],
        &[
            "DeviceStateList",
            "ExtensionState",
            "ExtensionStateList",
            "Getvar",
            "MailboxCount",
            "MailboxStatus",
            "MWIGet",
            "PresenceState",
            "PresenceStateList",
            "VoicemailBoxSummary",
            "VoicemailUsersList",
            "VoicemailUserStatus",
        ],
    ),
    (
        &["system", "call"],
        &[
            "AbsoluteTimeout",
            "Hangup",
            "LocalOptimizeAway",
            "MixMonitorMute",
            "PJSIPHangup",
            "StopMixMonitor",
        ],
    ),
    (&["system", "call", "reporting"], &["Status"]),
    (
        &["system"],
        &[
            "ConfbridgeStartRecord",
            "ConfbridgeStopRecord",
            "DBDel",
            "DBDelTree",
            "DBPut",
            "DialplanExtensionAdd",
            "DialplanExtensionRemove",
            "Filter",
            "JabberSend",
            "MixMonitor",
            "ModuleCheck",
            "ModuleLoad",
            "MuteAudio",
            "PJSIPNotify",
            "PJSIPSetMaintenance",
            "PJSIPShowAors",
            "PJSIPShowAuths",
            "PJSIPShowContacts",
            "PJSIPShowEndpoint",
            "PJSIPShowEndpoints",
            "PJSIPShowRegistrationInboundContactStatuses",
            "PJSIPShowRegistrationsInbound",
            "PJSIPShowResourceLists",
            "PJSIPShowSubscriptionsInbound",
            "PJSIPShowSubscriptionsOutbound",
            "SIPnotify",
            "SIPpeerstatus",
            "SorceryMemoryCacheExpire",
            "SorceryMemoryCacheExpireObject",
            "SorceryMemoryCachePopulate",
            "SorceryMemoryCacheStale",
            "SorceryMemoryCacheStaleObject",
        ],
    ),
    (
        &["system", "reporting"],
        &[
            "CoreSettings",
            "CoreShowChannelMap",
            "CoreShowChannels",
            "CoreStatus",
            "DBGet",
            "DBGetTree",
            "IAXnetstats",
            "IAXpeerlist",
            "IAXpeers",
            "IAXregistry",
            "LoggerRotate",
            "PJSIPQualify",
            "PJSIPRegister",
            "PJSIPShowMaintenance",
            "PJSIPShowRegistrationsOutbound",
            "PJSIPUnregister",
            "SIPpeers",
            "SIPqualifypeer",
            "SIPshowpeer",
            "SIPshowregistry",
            "SKINNYdevices",
            "SKINNYlines",
            "SKINNYshowdevice",
            "SKINNYshowline",
        ],
    ),
    (
        &["reporting"],
        &[
            "ConfbridgeList",
            "ConfbridgeListRooms",
            "FAXStats",
            "MeetmeList",
            "MeetmeListRooms",
        ],
    ),
    (
        &["system", "config"],
        &["GetConfig", "GetConfigJSON", "Reload"],
    ),
    (
        &["config"],
        &["CreateConfig", "ListCategories", "UpdateConfig"],
    ),
    (&["config", "reporting"], &["ShowDialPlan"]),
    (
        &["agent"],
        &[
            "AgentCallbackLogin",
            "AgentLogoff",
            "Agents",
            "QueueAdd",
            "QueueLog",
            "QueueMemberRingInUse",
            "QueuePause",
            "QueuePenalty",
            "QueueRemove",
        ],
    ),
    (
        &["user"],
        &[
            "UserEvent",
            "VoicemailForward",
            "VoicemailMove",
            "VoicemailRefresh",
            "VoicemailRemove",
        ],
    ),
    (&["command"], &["Command"]),
    (&["originate"], &["Originate"]),
    (&["agi"], &["AGI"]),
    (&["aoc"], &["AOCMessage"]),
    (&["message"], &["MessageSend"]),
];

/// Where 1.4 differs. There, of several classes, all would be needed; but it
/// asks for one at most.
const NEEDED_1_4: &[(&[&str], &[&str])] = &[
    (
        &["call"],
        &[
            "AbsoluteTimeout",
            "ExtensionState",
            "Getvar",
            "Hangup",
            "MailboxCount",
            "MailboxStatus",
            "Originate",
            "Status",
        ],
    ),
    (&["config"], &["GetConfig"]),
    (&["system"], &["DBGet", "SIPpeers", "SIPshowpeer"]),
    (&[], &["IAXnetstats", "IAXpeers", "ParkedCalls"]),
];

/// `classes`, of which one is needed, as in manager.conf.
pub fn one_of(classes: &[&str]) -> String {
    match classes {
        [one] => format!("write={one}"),
        some => format!("one of write={}", some.join(",")),
    }
}

/// The classes of which one is needed to send the Action `name`, empty where
/// anybody may; None for an Action that is not in our tables. `is_1_4`: the
/// server's banner ends in 1.0.
pub fn needed(name: &str, is_1_4: bool) -> Option<&'static [&'static str]> {
    let (spelled, _) = builtin::get(name)?;
    let find = |table: &'static [(&[&str], &[&str])]| {
        let mut rows = table.iter();
        rows.find_map(|(classes, names)| names.contains(spelled).then_some(*classes))
    };
    let old = is_1_4.then(|| find(NEEDED_1_4)).flatten();
    Some(old.or_else(|| find(NEEDED)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::{Packet, Reply};
    use crate::catalog::Listing;

    fn recorded(version: &str) -> Listing {
        let root = env!("CARGO_MANIFEST_DIR");
        let path = format!("{root}/tests/transcripts/asterisk-{version}/listcommands.txt");
        let text = std::fs::read(path).unwrap();
        let text = String::from_utf8(text).unwrap();
        let packet = text
            .split("\r\n\r\n")
            .find(|one| one.contains("ListCommands: "));
        let packet = format!("{}\r\n\r\n", packet.unwrap()).into_bytes();
        Listing::of(&Reply::single(Packet::new(packet.into())))
    }

    // A refusal names the class that is missing from this table: it must say
    // what the servers say, of every Action they have.
    #[test]
    fn the_table_is_what_servers_tell() {
        for version in ["22", "16", "1.8"] {
            let listing = recorded(version);
            assert!(listing.iter().count() > 60, "{version}");
            for one in listing.iter() {
                let needed = needed(&one.name, false).unwrap_or_else(|| panic!("{}", one.name));
                // Open in 1.8, so that nobody is refused it there.
                let later = ["MixMonitorMute", "ParkedCalls"].contains(&&one.name[..]);
                if version != "1.8" || !later {
                    assert_eq!(needed, one.privileges, "{version}: {}", one.name);
                }
            }
        }
    }

    // A name that is misspelled in the table would never be found.
    #[test]
    fn every_name_is_an_action_once() {
        for table in [NEEDED, NEEDED_1_4] {
            let mut names: Vec<&str> = table
                .iter()
                .flat_map(|(_, names)| *names)
                .copied()
                .collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count);
            for name in names {
                assert_eq!(builtin::get(name).map(|(known, _)| *known), Some(name));
            }
        }
    }

    #[test]
    fn old_servers_ask_for_other_classes() {
        assert_eq!(needed("originate", false), Some(&["originate"][..]));
        assert_eq!(needed("ORIGINATE", true), Some(&["call"][..]));
        assert_eq!(needed("IAXpeers", true), Some(&[][..]));
        assert_eq!(needed("Redirect", true), Some(&["call"][..]));
        assert_eq!(needed("Ping", false), Some(&[][..]));
        assert_eq!(needed("NoSuchAction", false), None);
    }
}
