//! What each event is about, and what of it matters.

mod calls;
mod devices;
mod media;
mod queues;
mod system;

use super::cell::{Cell, Names};
use Cell::{Caller, Of, Place};

/// What the line of an event shows.
pub(super) struct Line {
    events: &'static [&'static str],
    pub(super) subject: Cell,
    pub(super) details: &'static [Cell],
}

/// None where nothing is known of an event of this name.
pub(super) fn of(event: &str) -> Option<&'static Line> {
    let is = |name: &&&str| name.eq_ignore_ascii_case(event);
    let mut lines = LINES.iter().copied().flatten();
    lines.find(|line| line.events.iter().any(|name| is(&name)))
}

const fn line(events: &'static [&'static str], subject: Cell, details: &'static [Cell]) -> Line {
    Line {
        events,
        subject,
        details,
    }
}

const CHANNEL: Cell = Of(&["Channel"]);
const QUEUE: Cell = Of(&["Queue"]);
const MEMBER: Cell = Of(&["MemberName", "Interface", "Location"]);
const CALLER: Cell = Caller(&["CallerIDName"], &["CallerIDNum", "CallerID"]);
const PLACE: Cell = Place(&["Exten", "Extension"], &["Context"], &["Priority"]);
const NO_NAMES: Names = &[];
const BRIDGE: Cell = Of(&["BridgeUniqueid"]);

/// The most frequent events first.
const LINES: [&[Line]; 5] = [
    calls::LINES,
    queues::LINES,
    devices::LINES,
    system::LINES,
    media::LINES,
];
const PAUSED: Cell = Cell::Switch(&["Paused"], "paused", "unpaused");

#[cfg(test)]
mod tests {
    use super::*;

    /// `manager show events` of 22.10.
    const OF_22: &str = "\
        AGIExecEnd AGIExecStart AOC-D AOC-E AOC-S AgentCalled AgentComplete AgentConnect \
        AgentDump AgentLogin AgentLogoff AgentRingNoAnswer Agents AgentsComplete Alarm \
        AlarmClear AorDetail AorList AsyncAGIEnd AsyncAGIExec AsyncAGIStart AttendedTransfer \
        AuthDetail AuthList AuthMethodNotAllowed BlindTransfer BridgeCreate BridgeDestroy \
        BridgeEnter BridgeLeave BridgeMerge BridgeVideoSourceUpdate CEL Cdr \
        ChallengeResponseFailed ChallengeSent ChanSpyStart ChanSpyStop ChannelTalkingStart \
        ChannelTalkingStop ConfbridgeEnd ConfbridgeJoin ConfbridgeLeave ConfbridgeList \
        ConfbridgeListRooms ConfbridgeMute ConfbridgeRecord ConfbridgeStart \
        ConfbridgeStopRecord ConfbridgeTalking ConfbridgeUnmute ContactList ContactStatus \
        ContactStatusDetail CoreShowChannel CoreShowChannelMapComplete CoreShowChannelsComplete \
        DAHDIChannel DNDState DTMFBegin DTMFEnd DeadlockStart DeviceStateChange DialBegin \
        DialEnd DialState EndpointDetail EndpointList ExtensionStatus FAXSession \
        FAXSessionsComplete FAXSessionsEntry FAXStats FAXStatus FailedACL Flash FullyBooted \
        Hangup HangupHandlerPop HangupHandlerPush HangupHandlerRun HangupRequest Hold \
        IdentifyDetail InboundRegistrationDetail InboundSubscriptionDetail InvalidAccountID \
        InvalidPassword InvalidTransport Load LoadAverageLimit LocalBridge \
        LocalOptimizationBegin LocalOptimizationEnd LogChannel MCID MWIGet MWIGetComplete \
        MeetmeEnd MeetmeJoin MeetmeLeave MeetmeList MeetmeListRooms MeetmeMute \
        MeetmeTalkRequest MeetmeTalking MemoryLimit MessageWaiting MiniVoiceMail MixMonitorMute \
        MixMonitorStart MixMonitorStop MusicOnHoldStart MusicOnHoldStop NewAccountCode \
        NewCallerid NewConnectedLine NewExten Newchannel Newstate OriginateResponse \
        OutboundRegistrationDetail OutboundSubscriptionDetail PJSIPMaintenanceStatus ParkedCall \
        ParkedCallGiveUp ParkedCallSwap ParkedCallTimeOut PeerStatus Pickup PresenceStateChange \
        PresenceStatus QueueCallerAbandon QueueCallerJoin QueueCallerLeave QueueEntry \
        QueueMemberAdded QueueMemberPause QueueMemberPenalty QueueMemberRemoved \
        QueueMemberRinginuse QueueMemberStatus QueueParams RTCPReceived RTCPSent ReceiveFAX \
        Registry Reload Rename RequestBadFormat RequestNotAllowed RequestNotSupported \
        ResourceListDetail SendFAX SessionLimit Shutdown SoftHangupRequest SpanAlarm \
        SpanAlarmClear Status StatusComplete SuccessfulAuth TransportDetail UnParkedCall \
        UnexpectedAddress Unhold Unload UserEvent VarSet VoicemailPasswordChange Wink";

    /// Names that 22 does not have any more: 1.4 to 16.
    const OLDER: &str = "\
        Link Unlink Newcallerid Join Leave Dial Bridge DTMF QueueMemberPaused Agentlogin \
        Agentlogoff Agentcallbacklogin Agentcallbacklogoff Transfer Masquerade ChannelUpdate \
        NewPeerAccount JitterBufStats MusicOnHold AGIExec AsyncAGI BridgeExec BridgeAction \
        OriginateSuccess OriginateFailure ModuleLoadReport ChannelReload MeetmeStopTalking \
        FaxSent FaxReceived CCAvailable CCRecallComplete RTPSenderStat RTPReceiverStat \
        PeerEntry MonitorStart MonitorStop SessionTimeout SIPQualifyPeerDone MonitorStart \
        MonitorStop SIPQualifyPeerDone SessionTimeout";

    // An event that nobody thought of is shown by chance.
    #[test]
    fn every_event_has_a_line_of_its_own() {
        let names = || OF_22.split_whitespace();
        assert_eq!(names().count(), 171);
        // A UserEvent says what its sender wanted to say.
        let known = |name: &&str| of(name).is_some() || *name == "UserEvent";
        let missing = names()
            .chain(OLDER.split_whitespace())
            .filter(|name| !known(name));
        assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
    }

    // Of two lines for one event the second is never seen.
    #[test]
    fn no_event_has_two_lines() {
        let lines = || LINES.iter().copied().flatten();
        let mut names: Vec<_> = lines()
            .flat_map(|line| line.events)
            .map(|name| name.to_ascii_lowercase())
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
