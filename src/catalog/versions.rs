//! Which Actions a version of Asterisk does not have, as far as its banner
//! tells. A server says of them what it says of a slip of the pen, and a class
//! would not help.

use super::actions::action;
use crate::ami::banner::asterisk;

/// The version of AMI in a banner: `Asterisk Call Manager/1.1` is (1, 1).
type Ami = (u32, u32);

/// Every Action of 1.4: those that a server listed, and those of modules that
/// were not loaded there.
const OF_1_4: &str = "AbsoluteTimeout AgentCallbackLogin AgentLogoff Agents Challenge ChangeMonitor \
    Command DBGet DBPut Events ExtensionState GetConfig Getvar Hangup IAXnetstats IAXpeers \
    JabberSend ListCommands Login Logoff MailboxCount MailboxStatus MeetmeMute MeetmeUnmute \
    Monitor Originate Park ParkedCalls PauseMonitor Ping PlayDTMF QueueAdd QueuePause \
    QueueRemove Queues QueueStatus Redirect SetCDRUserField Setvar SIPpeers SIPshowpeer Status \
    StopMonitor UnpauseMonitor UpdateConfig UserEvent WaitEvent ZapDialOffhook ZapDNDoff \
    ZapDNDon ZapHangup ZapRestart ZapShowChannels ZapTransfer";

/// Of these, those of the core, which no server lacks.
const OF_ALL: &str = "AbsoluteTimeout Challenge Command DBGet DBPut Events ExtensionState \
    GetConfig Getvar Hangup ListCommands Login Logoff MailboxCount MailboxStatus Originate Ping \
    Redirect Setvar Status UpdateConfig UserEvent WaitEvent";

/// Those of the core since 1.6.
const OF_ALL_SINCE_1_6: &str = "CoreSettings CoreShowChannels CoreStatus GetConfigJSON ModuleCheck \
    ModuleLoad Reload";

/// Actions that came after 1.6, behind the first AMI that may have them.
const SINCE: &[(Ami, &str)] = &[
    (
        (1, 2),
        "ConfbridgeKick ConfbridgeList ConfbridgeListRooms ConfbridgeLock ConfbridgeMute \
         ConfbridgeSetSingleVideoSrc ConfbridgeStartRecord ConfbridgeStopRecord ConfbridgeUnlock \
         ConfbridgeUnmute Filter MeetmeListRooms PRIShowSpans",
    ),
    (
        (1, 3),
        "MessageSend MixMonitor Parkinglots PresenceState QueueMemberRingInUse SIPpeerstatus \
         StopMixMonitor",
    ),
    (
        (2, 0),
        "BlindTransfer BridgeDestroy BridgeInfo BridgeKick BridgeList BridgeTechnologyList \
         BridgeTechnologySuspend BridgeTechnologyUnsuspend CancelAtxfer ControlPlayback \
         DeviceStateList DialplanExtensionAdd DialplanExtensionRemove ExtensionStateList \
         FAXSession FAXSessions FAXStats LoggerRotate MWIDelete MWIGet MWIUpdate PJSIPNotify \
         PJSIPQualify PJSIPRegister PJSIPShowAors PJSIPShowAuths PJSIPShowContacts \
         PJSIPShowEndpoint PJSIPShowEndpoints PJSIPShowRegistrationInboundContactStatuses \
         PJSIPShowRegistrationsInbound PJSIPShowRegistrationsOutbound PJSIPShowResourceLists \
         PJSIPShowSubscriptionsInbound PJSIPShowSubscriptionsOutbound PJSIPUnregister \
         PresenceStateList PRIDebugFileSet PRIDebugFileUnset PRIDebugSet SorceryMemoryCacheExpire \
         SorceryMemoryCacheExpireObject SorceryMemoryCachePopulate SorceryMemoryCacheStale \
         SorceryMemoryCacheStaleObject VoicemailRefresh",
    ),
    (
        (4, 0),
        "DBGetTree PlayMF QueueChangePriorityCaller QueueWithdrawCaller VoicemailUserStatus",
    ),
    (
        (7, 0),
        "CoreShowChannelMap DAHDIShowStatus PJSIPHangup SendFlash VoicemailBoxSummary \
         VoicemailForward VoicemailMove VoicemailRemove",
    ),
];

/// Actions that are gone, behind the first AMI without them.
const UNTIL: &[(Ami, &str)] = &[
    (
        (1, 1),
        "ZapDialOffhook ZapDNDoff ZapDNDon ZapHangup ZapRestart ZapShowChannels ZapTransfer",
    ),
    ((4, 0), "DataGet Queues"),
    (
        (10, 0),
        "ChangeMonitor Monitor PauseMonitor SIPnotify SIPpeers SIPpeerstatus SIPqualifypeer \
         SIPshowpeer SIPshowregistry SKINNYdevices SKINNYlines SKINNYshowdevice SKINNYshowline \
         StopMonitor UnpauseMonitor",
    ),
];

/// What other versions have instead.
const INSTEAD: &[(&str, &str)] = &[
    ("Atxfer", "Redirect"),
    ("BlindTransfer", "Redirect"),
    ("BridgeList", "CoreShowChannels"),
    ("BridgeList", "Status"),
    ("CoreSettings", "cli core show version"),
    ("CoreShowChannelMap", "CoreShowChannels"),
    ("CoreShowChannels", "Status"),
    ("CoreStatus", "cli core show uptime"),
    ("DBDel", "cli database del FAMILY KEY"),
    ("DBDelTree", "cli database deltree FAMILY"),
    ("DBGetTree", "cli database show"),
    ("DAHDIDialOffhook", "ZapDialOffhook"),
    ("DAHDIDNDoff", "ZapDNDoff"),
    ("DAHDIDNDon", "ZapDNDon"),
    ("DAHDIHangup", "ZapHangup"),
    ("DAHDIRestart", "ZapRestart"),
    ("DAHDIShowChannels", "ZapShowChannels"),
    ("DAHDITransfer", "ZapTransfer"),
    ("GetConfigJSON", "GetConfig"),
    ("IAXpeerlist", "IAXpeers"),
    ("ListCategories", "GetConfig"),
    ("MeetmeList", "cli meetme list ROOM"),
    ("MixMonitor", "Monitor"),
    ("ModuleCheck", "cli module show"),
    ("Monitor", "MixMonitor"),
    ("PJSIPShowEndpoint", "SIPshowpeer"),
    ("PJSIPShowEndpoints", "SIPpeers"),
    ("QueueSummary", "QueueStatus"),
    ("Queues", "QueueStatus"),
    ("ShowDialPlan", "cli dialplan show"),
    ("SIPpeers", "PJSIPShowEndpoints"),
    ("SIPqualifypeer", "PJSIPQualify"),
    ("SIPshowpeer", "PJSIPShowEndpoint"),
    ("SIPshowregistry", "PJSIPShowRegistrationsOutbound"),
    ("SIPshowregistry", "cli sip show registry"),
    ("StopMixMonitor", "StopMonitor"),
    ("StopMonitor", "StopMixMonitor"),
    ("VoicemailUsersList", "cli voicemail show users"),
    ("ZapDialOffhook", "DAHDIDialOffhook"),
    ("ZapDNDoff", "DAHDIDNDoff"),
    ("ZapDNDon", "DAHDIDNDon"),
    ("ZapHangup", "DAHDIHangup"),
    ("ZapRestart", "DAHDIRestart"),
    ("ZapShowChannels", "DAHDIShowChannels"),
    ("ZapTransfer", "DAHDITransfer"),
];

/// Why the Action `name` is not to be had from a server with this `banner`,
/// whatever its modules and the rights of the user, and what to use instead.
/// `built_in` tells what the built-in PBX has, if it is that one. None: the
/// server may have it.
pub fn absent(name: &str, banner: &[u8], built_in: Option<fn(&str) -> bool>) -> Option<String> {
    let ami = ami(banner)?;
    let name = action(name)?.name;
    if may_be(name, ami) {
        let lacks = built_in.is_some_and(|has| !has(name));
        let words = || format!("the built-in PBX has no {name}: try it on a real Asterisk 22");
        return lacks.then(words);
    }
    let version = match ami {
        (1, 0) => "Asterisk 1.4",
        _ => "this version of Asterisk",
    };
    let is_here = |instead: &str| instead.contains(' ') || may_be(instead, ami);
    let mut instead = INSTEAD.iter().filter(|(gone, _)| *gone == name);
    let instead = instead.find(|(_, instead)| is_here(instead));
    let instead = instead.map_or(String::new(), |(_, instead)| format!(": use `{instead}`"));
    Some(format!("{version} has no {name}{instead}"))
}

/// Whether every server with this `banner`, or the built-in PBX if it is that
/// one, has the Action `name`, so that it can be unknown only to one that is
/// stopping.
pub fn is_certain(name: &str, banner: &[u8], built_in: Option<fn(&str) -> bool>) -> bool {
    if let Some(has) = built_in {
        return has(name);
    }
    let since_1_6 = ami(banner).is_some_and(|ami| ami > (1, 0));
    is_among(name, OF_ALL) || since_1_6 && is_among(name, OF_ALL_SINCE_1_6)
}

/// The AMI of Asterisk itself; other products count by their own versions.
fn ami(banner: &[u8]) -> Option<Ami> {
    let (major, minor) = asterisk(banner)?;
    Some((major, minor?))
}

fn may_be(name: &str, ami: Ami) -> bool {
    let named = |(_, names): &&(Ami, &str)| is_among(name, names);
    let since = SINCE.iter().find(named).map(|(first, _)| *first);
    let until = UNTIL.iter().find(named).map(|(first, _)| *first);
    match ami {
        (1, 0) => is_among(name, OF_1_4),
        _ => since.is_none_or(|first| ami >= first) && until.is_none_or(|first| ami < first),
    }
}

fn is_among(name: &str, names: &str) -> bool {
    let mut names = names.split_ascii_whitespace();
    names.any(|one| one.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, version: &str) -> Option<String> {
        let banner = format!("Asterisk Call Manager/{version}\r\n");
        absent(name, banner.as_bytes(), None)
    }

    // A class was blamed, and no class would have helped.
    #[test]
    fn what_a_version_lacks_is_named_with_what_it_has() {
        for (name, version, wanted) in [
            (
                "coreshowchannels",
                "1.0",
                Some("Asterisk 1.4 has no CoreShowChannels: use `Status`"),
            ),
            ("ModuleLoad", "1.0", Some("Asterisk 1.4 has no ModuleLoad")),
            (
                "BridgeList",
                "1.0",
                Some("Asterisk 1.4 has no BridgeList: use `Status`"),
            ),
            (
                "BridgeList",
                "1.3",
                Some("this version of Asterisk has no BridgeList: use `CoreShowChannels`"),
            ),
            (
                "SIPpeers",
                "11.0.0",
                Some("this version of Asterisk has no SIPpeers: use `PJSIPShowEndpoints`"),
            ),
            (
                "PJSIPShowEndpoints",
                "1.1",
                Some("this version of Asterisk has no PJSIPShowEndpoints: use `SIPpeers`"),
            ),
            (
                "ZapHangup",
                "1.1",
                Some("this version of Asterisk has no ZapHangup: use `DAHDIHangup`"),
            ),
            (
                "Filter",
                "1.1",
                Some("this version of Asterisk has no Filter"),
            ),
            ("Filter", "1.2", None),
            ("SIPpeers", "1.0", None),
            ("SIPpeers", "9.0.0", None),
            ("CoreShowChannels", "1.1", None),
            ("NoSuch", "1.0", None),
            ("Status", "1.0", None),
        ] {
            assert_eq!(said(name, version).as_deref(), wanted, "{name} {version}");
        }
        assert_eq!(absent("BridgeList", b"Callweaver Manager/1.0", None), None);
    }

    // Who tries things on the built-in PBX was told of modules that are not
    // loaded, and that it was stopping.
    #[test]
    fn what_the_built_in_pbx_lacks_a_real_one_has() {
        let has: fn(&str) -> bool = |name| name == "Ping";
        let said = |name| absent(name, b"Asterisk Call Manager/11.0.0\r\n", Some(has));
        let words = "the built-in PBX has no GetConfig: try it on a real Asterisk 22";
        assert_eq!(said("getconfig").as_deref(), Some(words));
        let words = "this version of Asterisk has no SIPpeers: use `PJSIPShowEndpoints`";
        assert_eq!(said("SIPpeers").as_deref(), Some(words));
        assert_eq!(said("Ping"), None);
        assert_eq!(said("NoSuch"), None);
        assert!(!is_certain("GetConfig", b"", Some(has)));
        assert!(is_certain("Ping", b"", Some(has)));
    }

    // A name that the table of Actions does not have is in none of these.
    #[test]
    fn every_name_is_that_of_an_action() {
        let since = SINCE.iter().chain(UNTIL).map(|(_, names)| *names);
        let all = since.chain([OF_1_4, OF_ALL, OF_ALL_SINCE_1_6]);
        for name in all.flat_map(str::split_ascii_whitespace) {
            assert_eq!(action(name).map(|known| known.name), Some(name));
        }
        for (name, instead) in INSTEAD {
            assert!(action(name).is_some(), "{name}");
            assert!(
                instead.contains(' ') || action(instead).is_some(),
                "{instead}"
            );
        }
    }

    // No recorded list of a server has what its version is said to lack, and
    // each has what all are said to have.
    #[test]
    fn no_recorded_list_contradicts() {
        let root = format!("{}/tests/transcripts", env!("CARGO_MANIFEST_DIR"));
        for (name, version) in [
            ("asterisk-1.4/shell.trace", "1.0"),
            ("asterisk-1.6.2/doctor.trace", "1.1"),
            ("asterisk-1.8/listcommands.txt", "1.1"),
            ("asterisk-16/listcommands.txt", "5.0.4"),
            ("asterisk-22/listcommands.txt", "11.0.0"),
        ] {
            let text = std::fs::read(format!("{root}/{name}")).unwrap();
            let text = String::from_utf8_lossy(&text);
            let lines = text.lines().filter(|line| line.contains(" (Priv: "));
            let listed: Vec<&str> = lines
                .filter_map(|line| Some(line.split_once(':')?.0))
                .collect();
            assert!(listed.len() > 30, "{name}");
            for one in listed {
                assert_eq!(said(one, version), None, "{name}");
            }
        }
    }

    #[test]
    fn what_every_server_has() {
        for (name, banner, wanted) in [
            ("ping", "Asterisk Call Manager/1.0", true),
            ("CoreShowChannels", "Asterisk Call Manager/1.0", false),
            ("CoreShowChannels", "Asterisk Call Manager/1.1", true),
            ("SIPpeers", "Asterisk Call Manager/1.1", false),
        ] {
            assert_eq!(is_certain(name, banner.as_bytes(), None), wanted, "{name}");
        }
    }
}
