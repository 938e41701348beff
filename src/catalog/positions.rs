//! Which keys bare words fill.
//!
//! The order is the one of the server's documentation, what is required first;
//! a place in the dialplan is Context, Exten, Priority, as in the dialplan itself.

use super::Catalog;
use super::listing::order;

/// Sorted by name.
const POSITIONS: &[(&str, &[&str])] = &[
    ("AbsoluteTimeout", &["Channel", "Timeout"]),
    ("AgentCallbackLogin", &["Agent", "Exten", "Context"]),
    ("AgentLogoff", &["Agent", "Soft"]),
    ("AGI", &["Channel", "Command", "CommandID"]),
    ("AOCMessage", &["Channel", "MsgType", "ChargeType"]),
    ("Atxfer", &["Channel", "Exten", "Context"]),
    ("BlindTransfer", &["Channel", "Context", "Exten"]),
    ("Bridge", &["Channel1", "Channel2"]),
    ("BridgeDestroy", &["BridgeUniqueid"]),
    ("BridgeInfo", &["BridgeUniqueid"]),
    ("BridgeKick", &["BridgeUniqueid", "Channel"]),
    ("BridgeList", &["BridgeType"]),
    ("BridgeTechnologySuspend", &["BridgeTechnology"]),
    ("BridgeTechnologyUnsuspend", &["BridgeTechnology"]),
    ("CancelAtxfer", &["Channel"]),
    ("Challenge", &["AuthType"]),
    ("ChangeMonitor", &["Channel", "File"]),
    ("Command", &["Command"]),
    ("ConfbridgeKick", &["Conference", "Channel"]),
    ("ConfbridgeList", &["Conference"]),
    ("ConfbridgeLock", &["Conference"]),
    ("ConfbridgeMute", &["Conference", "Channel"]),
    ("ConfbridgeSetSingleVideoSrc", &["Conference", "Channel"]),
    ("ConfbridgeStartRecord", &["Conference", "RecordFile"]),
    ("ConfbridgeStopRecord", &["Conference"]),
    ("ConfbridgeUnlock", &["Conference"]),
    ("ConfbridgeUnmute", &["Conference", "Channel"]),
    ("ControlPlayback", &["Channel", "Control"]),
    ("CoreShowChannelMap", &["Channel"]),
    ("CreateConfig", &["Filename"]),
    ("DAHDIDialOffhook", &["DAHDIChannel", "Number"]),
    ("DAHDIDNDoff", &["DAHDIChannel"]),
    ("DAHDIDNDon", &["DAHDIChannel"]),
    ("DAHDIHangup", &["DAHDIChannel"]),
    ("DAHDIShowChannels", &["DAHDIChannel"]),
    ("DAHDITransfer", &["DAHDIChannel"]),
    ("DataGet", &["Path"]),
    ("DBDel", &["Family", "Key"]),
    ("DBDelTree", &["Family", "Key"]),
    ("DBGet", &["Family", "Key"]),
    ("DBGetTree", &["Family", "Key"]),
    ("DBPut", &["Family", "Key", "Val"]),
    (
        "DialplanExtensionAdd",
        &[
            "Context",
            "Extension",
            "Priority",
            "Application",
            "ApplicationData",
        ],
    ),
    (
        "DialplanExtensionRemove",
        &["Context", "Extension", "Priority"],
    ),
    ("Events", &["EventMask"]),
    ("ExtensionState", &["Exten", "Context"]),
    ("FAXSession", &["SessionNumber"]),
    ("Filter", &["Operation", "Filter"]),
    ("GetConfig", &["Filename", "Category"]),
    ("GetConfigJSON", &["Filename", "Category"]),
    ("Getvar", &["Channel", "Variable"]),
    ("Hangup", &["Channel", "Cause"]),
    // What documentation calls JID is read as ScreenName (16.28, 22.10).
    ("JabberSend", &["Jabber", "ScreenName", "Message"]),
    ("ListCategories", &["Filename"]),
    ("LocalOptimizeAway", &["Channel"]),
    ("Login", &["Username", "Secret"]),
    ("MailboxCount", &["Mailbox"]),
    ("MailboxStatus", &["Mailbox"]),
    ("MeetmeList", &["Conference"]),
    ("MeetmeMute", &["Meetme", "Usernum"]),
    ("MeetmeUnmute", &["Meetme", "Usernum"]),
    ("MessageSend", &["To", "From", "Body"]),
    ("MixMonitor", &["Channel", "File", "Options"]),
    ("MixMonitorMute", &["Channel", "Direction", "State"]),
    ("ModuleCheck", &["Module"]),
    ("ModuleLoad", &["Module", "LoadType"]),
    ("Monitor", &["Channel", "File", "Format", "Mix"]),
    ("MuteAudio", &["Channel", "Direction", "State"]),
    ("MWIDelete", &["Mailbox"]),
    ("MWIGet", &["Mailbox"]),
    ("MWIUpdate", &["Mailbox", "OldMessages", "NewMessages"]),
    ("Originate", &["Channel", "Context", "Exten", "Priority"]),
    ("Park", &["Channel"]),
    ("ParkedCalls", &["ParkingLot"]),
    ("PauseMonitor", &["Channel"]),
    ("PJSIPHangup", &["Channel", "Cause"]),
    ("PJSIPNotify", &["Endpoint", "Option"]),
    ("PJSIPQualify", &["Endpoint"]),
    ("PJSIPRegister", &["Registration"]),
    ("PJSIPSetMaintenance", &["Endpoint", "State"]),
    ("PJSIPShowEndpoint", &["Endpoint"]),
    ("PJSIPShowMaintenance", &["Endpoint"]),
    ("PJSIPUnregister", &["Registration"]),
    ("PlayDTMF", &["Channel", "Digit", "Duration"]),
    ("PlayMF", &["Channel", "Digit", "Duration"]),
    ("PresenceState", &["Provider"]),
    ("PRIDebugFileSet", &["File"]),
    ("PRIDebugSet", &["Span", "Level"]),
    ("PRIShowSpans", &["Span"]),
    ("QueueAdd", &["Queue", "Interface", "Penalty"]),
    (
        "QueueChangePriorityCaller",
        &["Queue", "Caller", "Priority"],
    ),
    ("QueueLog", &["Queue", "Event"]),
    ("QueueMemberRingInUse", &["Interface", "RingInUse", "Queue"]),
    ("QueuePause", &["Interface", "Paused", "Queue", "Reason"]),
    ("QueuePenalty", &["Interface", "Penalty", "Queue"]),
    ("QueueReload", &["Queue"]),
    ("QueueRemove", &["Queue", "Interface"]),
    ("QueueReset", &["Queue"]),
    ("QueueRule", &["Rule"]),
    ("QueueStatus", &["Queue", "Member"]),
    ("QueueSummary", &["Queue"]),
    ("QueueWithdrawCaller", &["Queue", "Caller", "WithdrawInfo"]),
    ("Redirect", &["Channel", "Context", "Exten", "Priority"]),
    ("Reload", &["Module"]),
    ("SendFlash", &["Channel"]),
    ("SendText", &["Channel", "Message"]),
    ("SetCDRUserField", &["Channel", "UserField"]),
    ("Setvar", &["Channel", "Variable", "Value"]),
    ("ShowDialPlan", &["Context", "Extension"]),
    ("SIPnotify", &["Channel", "Variable"]),
    ("SIPpeerstatus", &["Peer"]),
    ("SIPqualifypeer", &["Peer"]),
    ("SIPshowpeer", &["Peer"]),
    ("SKINNYshowdevice", &["Device"]),
    ("SKINNYshowline", &["Line"]),
    ("SorceryMemoryCacheExpire", &["Cache"]),
    ("SorceryMemoryCacheExpireObject", &["Cache", "Object"]),
    ("SorceryMemoryCachePopulate", &["Cache"]),
    ("SorceryMemoryCacheStale", &["Cache"]),
    ("SorceryMemoryCacheStaleObject", &["Cache", "Object"]),
    ("Status", &["Channel"]),
    ("StopMixMonitor", &["Channel", "MixMonitorID"]),
    ("StopMonitor", &["Channel"]),
    ("UnpauseMonitor", &["Channel"]),
    ("UpdateConfig", &["SrcFilename", "DstFilename"]),
    ("UserEvent", &["UserEvent"]),
    ("VoicemailBoxSummary", &["Context", "Mailbox"]),
    (
        "VoicemailForward",
        &[
            "Context",
            "Mailbox",
            "Folder",
            "ID",
            "ToContext",
            "ToMailbox",
            "ToFolder",
        ],
    ),
    (
        "VoicemailMove",
        &["Context", "Mailbox", "Folder", "ID", "ToFolder"],
    ),
    ("VoicemailRefresh", &["Context", "Mailbox"]),
    ("VoicemailRemove", &["Context", "Mailbox", "Folder", "ID"]),
    ("VoicemailUserStatus", &["Context", "Mailbox"]),
    ("WaitEvent", &["Timeout"]),
    ("ZapDialOffhook", &["ZapChannel", "Number"]),
    ("ZapDNDoff", &["ZapChannel"]),
    ("ZapDNDon", &["ZapChannel"]),
    ("ZapHangup", &["ZapChannel"]),
    ("ZapTransfer", &["ZapChannel"]),
];

/// With so few words there is no Channel among them: the variable is global.
const GLOBAL: [(&str, &[&str]); 2] = [
    ("Getvar", &["Variable"]),
    ("Setvar", &["Variable", "Value"]),
];

/// Keys that many Actions take, beside their positions.
const KEYS: &[&str] = &[
    "Account",
    "ActionID",
    "Application",
    "Async",
    "AuthType",
    "CallerID",
    "Cause",
    "Channel",
    "ChannelId",
    "Codecs",
    "Context",
    "Data",
    "EarlyMedia",
    "EventMask",
    "Exten",
    "Interface",
    "MemberName",
    "OtherChannelId",
    "Paused",
    "Penalty",
    "Priority",
    "Queue",
    "Reason",
    "StateInterface",
    "Timeout",
    "Variable",
];

/// The keys that the bare words of `action` (any case) fill, in order; empty
/// where it takes none.
pub fn positions(action: &str) -> &'static [&'static str] {
    let found = POSITIONS.binary_search_by(|(name, _)| order(name, action));
    let row = found.ok().and_then(|at| POSITIONS.get(at));
    row.map_or(&[], |(_, keys)| keys)
}

impl Catalog {
    /// The keys that the bare words of `action` (any case) fill, in order. For
    /// an Action that is not in the table, those that this server's own
    /// documentation requires.
    pub fn places(&self, action: &str) -> Vec<&str> {
        let table = positions(action);
        let page = self.page(action).filter(|page| page.is_from_server());
        match (table, page) {
            ([], Some(page)) => {
                let required = page.parameters.iter().filter(|one| one.required);
                required.map(|one| one.key.as_str()).collect()
            }
            _ => table.to_vec(),
        }
    }

    /// The keys that `words` bare words of `action` fill when the keys `given`
    /// are already there. None: there are more words than places.
    pub fn fill(&self, action: &str, words: usize, given: &[&str]) -> Option<Vec<&str>> {
        if words == 0 {
            return Some(Vec::new());
        }
        let global = GLOBAL.iter().find(|(n, _)| n.eq_ignore_ascii_case(action));
        let global = global.map(|(_, keys)| keys.to_vec());
        let forms = [global.unwrap_or_default(), self.places(action)];
        forms.into_iter().find_map(|keys| {
            let is_given = |key: &str| given.iter().any(|one| one.eq_ignore_ascii_case(key));
            let free: Vec<&str> = keys.into_iter().filter(|key| !is_given(key)).collect();
            (words <= free.len()).then(|| free.into_iter().take(words).collect())
        })
    }

    /// How a key that was typed for `action` is spelled: this server's way, or ours.
    pub fn spelling<'a>(&'a self, action: &str) -> impl Fn(&str) -> Option<&'a str> {
        let page = self.page(action);
        let ours = positions(action);
        move |typed| match page.and_then(|page| page.parameter(typed)) {
            Some(parameter) => Some(&parameter.key),
            None => key_of(ours, typed),
        }
    }
}

/// The spelling of the key `typed`, which may be one of `places`, where it is known.
fn key_of(places: &'static [&str], typed: &str) -> Option<&'static str> {
    let mut known = places.iter().chain(KEYS).copied();
    known.find(|key| key.eq_ignore_ascii_case(typed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::builtin;

    // The table is searched by halves: a row out of order is never found. And
    // a name that is not in the built-in table is a slip of the pen.
    #[test]
    fn every_row_is_found_and_names_an_action() {
        for (name, keys) in POSITIONS {
            assert_eq!(positions(&name.to_uppercase()), *keys, "{name}");
            assert_eq!(builtin::get(name).map(|(n, _)| n), Some(name));
        }
        assert!(positions("Ping").is_empty());
        assert!(positions("NoSuch").is_empty());
    }

    // What a user types most; a wrong key would change another's call.
    #[test]
    fn words_fill_the_free_places() {
        let catalog = Catalog::default();
        let fill = |action, words, given: &[&str]| catalog.fill(action, words, given);
        assert_eq!(fill("dbput", 2, &["FAMILY"]), Some(vec!["Key", "Val"]));
        assert_eq!(fill("DBPut", 4, &[]), None);
        assert_eq!(fill("Ping", 0, &[]), Some(vec![]));
        assert_eq!(fill("Ping", 1, &[]), None);
        assert_eq!(fill("Getvar", 1, &[]), Some(vec!["Variable"]));
        assert_eq!(fill("Getvar", 1, &["Variable"]), Some(vec!["Channel"]));
        assert_eq!(fill("Getvar", 2, &[]), Some(vec!["Channel", "Variable"]));
        assert_eq!(fill("Setvar", 2, &[]), Some(vec!["Variable", "Value"]));
        assert_eq!(
            fill("Setvar", 2, &["channel"]),
            Some(vec!["Variable", "Value"])
        );
        let three = vec!["Channel", "Variable", "Value"];
        assert_eq!(fill("Setvar", 3, &[]), Some(three));
        assert_eq!(key_of(positions("DBPut"), "val"), Some("Val"));
        assert_eq!(key_of(&[], "actionid"), Some("ActionID"));
        assert_eq!(key_of(&[], "x"), None);
    }
}
