//! Which class each event is of: it is sent to those who have the class in
//! read= and in their mask. From the documentation of 22 and 16, with the names
//! of older servers as they were recorded.

/// Of these classes are the events that servers send by themselves.
const EVENTS: &[(&str, &[&str])] = &[
    (
        "agent",
        &[
            "AgentCalled",
            "AgentComplete",
            "AgentConnect",
            "AgentDump",
            "AgentLogin",
            "AgentLogoff",
            "AgentRingNoAnswer",
            "QueueCallerAbandon",
            "QueueCallerJoin",
            "QueueCallerLeave",
            "QueueMemberAdded",
            "QueueMemberPause",
            "QueueMemberPaused",
            "QueueMemberPenalty",
            "QueueMemberRemoved",
            "QueueMemberRinginuse",
            "QueueMemberStatus",
        ],
    ),
    (
        "agi",
        &[
            "AGIExecEnd",
            "AGIExecStart",
            "AsyncAGIEnd",
            "AsyncAGIExec",
            "AsyncAGIStart",
        ],
    ),
    ("aoc", &["AOC-D", "AOC-E", "AOC-S"]),
    (
        "call",
        &[
            "AttendedTransfer",
            "BlindTransfer",
            "Bridge",
            "BridgeCreate",
            "BridgeDestroy",
            "BridgeEnter",
            "BridgeLeave",
            "BridgeMerge",
            "ChanSpyStart",
            "ChanSpyStop",
            "ConfbridgeEnd",
            "ConfbridgeJoin",
            "ConfbridgeLeave",
            "ConfbridgeMute",
            "ConfbridgeRecord",
            "ConfbridgeStart",
            "ConfbridgeStopRecord",
            "ConfbridgeTalking",
            "ConfbridgeUnmute",
            "DAHDIChannel",
            "DeviceStateChange",
            "Dial",
            "DialBegin",
            "DialEnd",
            "DialState",
            "ExtensionStatus",
            "FAXStatus",
            "Flash",
            "Hangup",
            "HangupRequest",
            "Hold",
            "Join",
            "Leave",
            "Link",
            "LocalBridge",
            "LocalOptimizationBegin",
            "LocalOptimizationEnd",
            "MeetmeEnd",
            "MeetmeJoin",
            "MeetmeLeave",
            "MeetmeMute",
            "MeetmeTalking",
            "MessageWaiting",
            "MixMonitorMute",
            "MixMonitorStart",
            "MixMonitorStop",
            "MonitorStart",
            "MonitorStop",
            "MusicOnHoldStart",
            "MusicOnHoldStop",
            "NewAccountCode",
            "NewCallerid",
            "NewConnectedLine",
            "Newchannel",
            "Newstate",
            "OriginateResponse",
            "ParkedCall",
            "ParkedCallGiveUp",
            "ParkedCallSwap",
            "ParkedCallTimeOut",
            "Pickup",
            "PresenceStateChange",
            "PresenceStatus",
            "ReceiveFAX",
            "Rename",
            "SendFAX",
            "SoftHangupRequest",
            "UnParkedCall",
            "Unhold",
            "Unlink",
            "Wink",
        ],
    ),
    ("cdr", &["Cdr"]),
    (
        "dialplan",
        &[
            "HangupHandlerPop",
            "HangupHandlerPush",
            "HangupHandlerRun",
            "Newexten",
            "VarSet",
        ],
    ),
    ("dtmf", &["DTMFBegin", "DTMFEnd"]),
    ("reporting", &["RTCPReceived", "RTCPSent"]),
    (
        "security",
        &[
            "AuthMethodNotAllowed",
            "ChallengeResponseFailed",
            "ChallengeSent",
            "FailedACL",
            "InvalidAccountID",
            "InvalidPassword",
            "InvalidTransport",
            "RequestBadFormat",
            "RequestNotAllowed",
            "RequestNotSupported",
            "SessionLimit",
            "SuccessfulAuth",
            "UnexpectedAddress",
        ],
    ),
    (
        "system",
        &[
            "Alarm",
            "AlarmClear",
            "ContactStatus",
            "DNDState",
            "FullyBooted",
            "Load",
            "PeerStatus",
            "Registry",
            "Reload",
            "Shutdown",
            "SpanAlarm",
            "SpanAlarmClear",
            "Unload",
        ],
    ),
    ("user", &["UserEvent"]),
];

/// The spelling of the event `name` and its class; None for one that is not in
/// our table.
pub fn event(name: &str) -> Option<(&'static str, &'static str)> {
    EVENTS.iter().find_map(|(class, names)| {
        let mut names = names.iter();
        let known = names.find(|known| known.eq_ignore_ascii_case(name))?;
        Some((*known, *class))
    })
}

/// Every event of our table, with its class.
pub fn event_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = EVENTS.iter();
    all.flat_map(|(class, names)| names.iter().map(|name| (*name, *class)))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Who misses an event is told its class from this table: no recorded event
    // of any version may say otherwise.
    #[test]
    fn the_table_is_what_servers_send() {
        let root = format!("{}/tests/transcripts", env!("CARGO_MANIFEST_DIR"));
        let mut seen = std::collections::BTreeSet::new();
        for version in std::fs::read_dir(root).unwrap() {
            for file in std::fs::read_dir(version.unwrap().path()).unwrap() {
                let text = std::fs::read(file.unwrap().path()).unwrap();
                let text = String::from_utf8_lossy(&text).into_owned();
                for packet in text.split("\r\n\r\n") {
                    let mut lines = packet.lines();
                    let name = lines.next().and_then(|line| line.strip_prefix("Event: "));
                    let class = lines.find_map(|line| line.strip_prefix("Privilege: "));
                    if let (Some(name), Some(class)) = (name, class)
                        && let Some((_, known)) = event(name)
                    {
                        assert_eq!(class, format!("{known},all"), "{name}");
                        seen.insert(name.to_owned());
                    }
                }
            }
        }
        assert!(seen.len() > 20, "{seen:?}");
        assert_eq!(event("NEWCHANNEL"), Some(("Newchannel", "call")));
        assert_eq!(event("NoSuch"), None);
    }
}
