//! The class of each event, which a user needs in read= and in the event mask.
//! From the documentation of 22 and 16, and for older names from recordings.

use super::near::is_slip;

/// The events that servers send unsolicited, by class.
const EVENTS: &[(&str, &str)] = &[
    (
        "agent",
        "AgentCalled AgentComplete AgentConnect AgentDump AgentLogin AgentLogoff \
         AgentRingNoAnswer QueueCallerAbandon QueueCallerJoin QueueCallerLeave \
         QueueMemberAdded QueueMemberPause QueueMemberPaused QueueMemberPenalty \
         QueueMemberRemoved QueueMemberRinginuse QueueMemberStatus",
    ),
    (
        "agi",
        "AGIExecEnd AGIExecStart AsyncAGIEnd AsyncAGIExec AsyncAGIStart",
    ),
    ("aoc", "AOC-D AOC-E AOC-S"),
    (
        "call",
        "AttendedTransfer BlindTransfer Bridge BridgeCreate BridgeDestroy BridgeEnter \
         BridgeLeave BridgeMerge ChanSpyStart ChanSpyStop ConfbridgeEnd ConfbridgeJoin \
         ConfbridgeLeave ConfbridgeMute ConfbridgeRecord ConfbridgeStart \
         ConfbridgeStopRecord ConfbridgeTalking ConfbridgeUnmute DAHDIChannel \
         DeviceStateChange Dial DialBegin DialEnd DialState ExtensionStatus FAXStatus Flash \
         Hangup HangupRequest Hold Join Leave Link LocalBridge LocalOptimizationBegin \
         LocalOptimizationEnd MeetmeEnd MeetmeJoin MeetmeLeave MeetmeMute MeetmeTalking \
         MessageWaiting MixMonitorMute MixMonitorStart MixMonitorStop MonitorStart \
         MonitorStop MusicOnHoldStart MusicOnHoldStop NewAccountCode NewCallerid \
         NewConnectedLine Newchannel Newstate OriginateResponse ParkedCall ParkedCallGiveUp \
         ParkedCallSwap ParkedCallTimeOut Pickup PresenceStateChange PresenceStatus \
         ReceiveFAX Rename SendFAX SoftHangupRequest UnParkedCall Unhold Unlink Wink",
    ),
    ("cdr", "Cdr"),
    (
        "dialplan",
        "HangupHandlerPop HangupHandlerPush HangupHandlerRun Newexten VarSet",
    ),
    ("dtmf", "DTMFBegin DTMFEnd"),
    ("reporting", "RTCPReceived RTCPSent"),
    (
        "security",
        "AuthMethodNotAllowed ChallengeResponseFailed ChallengeSent FailedACL \
         InvalidAccountID InvalidPassword InvalidTransport RequestBadFormat \
         RequestNotAllowed RequestNotSupported SessionLimit SuccessfulAuth UnexpectedAddress",
    ),
    (
        "system",
        "Alarm AlarmClear ContactStatus DNDState FullyBooted Load PeerStatus Registry Reload \
         Shutdown SpanAlarm SpanAlarmClear Unload",
    ),
    ("user", "UserEvent"),
];

/// Headers of events that are often asked for. One of these is meant by a name
/// a letter away, unless that is in the table too.
const HEADERS: &str = "\
    AccountCode Application AppData BridgeNumChannels BridgeTechnology BridgeType \
    BridgeUniqueid BridgedUniqueID CallerID CallerID1 CallerID2 CallerIDName CallerIDNum \
    CallsTaken Cause Cause-txt Channel Channel1 Channel2 ChannelState ChannelStateDesc ConnectedLineName ConnectedLineNum Context \
    DestCallerIDName DestCallerIDNum DestChannel DestExten DestUniqueid Destination \
    DeviceState DialStatus Digit Direction Endpoint Exten Extension HoldTime Interface \
    Language LastCall LastPause Linkedid Location Mailbox Mailboxes MCallerIDName \
    MCallerIDNum MemberName Membership Paused PausedReason Peer PeerStatus Penalty \
    Position Priority Privilege Queue Reason Response State StateInterface Status \
    StatusText TalkTime ToBridgeNumChannels ToBridgeTechnology ToBridgeType \
    ToBridgeUniqueid Uniqueid Uniqueid1 Uniqueid2 UserAgent UserEvent Username Value Variable";

/// The spelling of the event `name` and its class; None if it is not in the
/// table.
pub fn event(name: &str) -> Option<(&'static str, &'static str)> {
    event_names().find(|(known, _)| known.eq_ignore_ascii_case(name))
}

/// The events a few letters away from `name`, nearest first; empty if it is in
/// the table itself. What it begins or is begun by may be an event of a list.
pub fn events_like(name: &str) -> Vec<&'static str> {
    like(name, event_names().map(|(known, _)| known), 3)
}

/// The headers of events a letter or two away from `name`; empty if it is in
/// the table itself.
pub fn headers_like(name: &str) -> Vec<&'static str> {
    like(name, HEADERS.split(' '), 2)
}

fn like(name: &str, known: impl Iterator<Item = &'static str>, most: usize) -> Vec<&'static str> {
    let wanted = name.to_ascii_lowercase();
    let mut like: Vec<(usize, &str)> = known
        .filter_map(|known| {
            let lower = known.to_ascii_lowercase();
            let distance = strsim::osa_distance(&wanted, &lower);
            is_slip(&wanted, &lower, distance, most).then_some((distance, known))
        })
        .collect();
    like.sort_unstable();
    match like.first() {
        Some((0, _)) => Vec::new(),
        _ => like.into_iter().map(|(_, known)| known).take(3).collect(),
    }
}

/// Every event of the table, with its class.
pub fn event_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = EVENTS.iter();
    all.flat_map(|(class, names)| names.split(' ').map(|name| (name, *class)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer_text::PeerText;

    // A user who misses an event is told its class from this table: no recorded
    // event of any version may contradict it.
    #[test]
    fn the_table_is_what_servers_send() {
        let root = format!("{}/tests/transcripts", env!("CARGO_MANIFEST_DIR"));
        let mut seen = std::collections::BTreeSet::new();
        for version in std::fs::read_dir(root).unwrap() {
            for file in std::fs::read_dir(version.unwrap().path()).unwrap() {
                let text = std::fs::read(file.unwrap().path()).unwrap();
                let text = PeerText::new(text);
                let text = text.json();
                for packet in text.split("\r\n\r\n") {
                    let mut lines = packet.lines();
                    let name = lines.next().and_then(|line| line.strip_prefix("Event: "));
                    if name.is_some_and(|name| name != "UserEvent") {
                        let keys = packet.lines().filter_map(|line| line.split_once(": "));
                        for (key, _) in keys {
                            assert!(headers_like(key).is_empty(), "{key}");
                        }
                    }
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
