//! The subject and the main headers of each event that amish knows.

use super::super::cell::Cell;
use std::sync::LazyLock;

/// What the line of an event shows.
pub(super) struct Line {
    events: Vec<&'static str>,
    pub(super) subject: Cell,
    pub(super) details: Vec<Cell>,
}

/// None if no event of this name is known.
pub(super) fn of(event: &str) -> Option<&'static Line> {
    let is = |name: &&str| name.eq_ignore_ascii_case(event);
    LINES.iter().find(|line| line.events.iter().any(is))
}

static LINES: LazyLock<Vec<Line>> =
    LazyLock::new(|| WRITTEN.iter().map(|text| Line::read(text)).collect());

impl Line {
    fn read(text: &'static str) -> Line {
        let (events, cells) = text.split_once(": ").unwrap_or((text, ""));
        let mut cells = cells.split(", ").map(Cell::read);
        Line {
            events: events.split(' ').collect(),
            subject: cells.next().unwrap_or_else(|| Cell::read("")),
            details: cells.collect(),
        }
    }
}

/// Events, and the cells of their line as [`Cell::read`] takes them: the
/// subject first. The most frequent events first.
const WRITTEN: &[&str] = &[
    // Channels, dialing, bridges, transfers, parking.
    "Newchannel: Channel, caller, to Exten@Context",
    "Newstate: Channel, ChannelStateDesc|State, caller",
    "Newexten: Channel, application, place",
    "Hangup HangupRequest SoftHangupRequest: Channel, Cause:cause, caller",
    "NewCallerid: Channel, caller",
    "NewConnectedLine: Channel, connected to ConnectedLineName<ConnectedLineNum>",
    "NewAccountCode: Channel, AccountCode, was OldAccountCode",
    "Rename: Channel|Oldname, now Newname",
    "VarSet: Channel, Variable=Value",
    "DialBegin: Channel, → DestChannel, DialString",
    "DialState DialEnd: Channel, → DestChannel, DialStatus, forwarded to Forward",
    "Dial: Channel|Source, SubEvent, → Destination, DialStatus",
    "Bridge Link Unlink: Channel1, ↔ Channel2, Bridgestate",
    "BridgeEnter BridgeLeave: Channel, bridge BridgeUniqueid, now BridgeNumChannels",
    "BridgeCreate BridgeDestroy BridgeMerge: BridgeUniqueid, BridgeType, BridgeTechnology",
    "LocalBridge: LocalOneChannel|Channel1, ↔ LocalTwoChannel|Channel2",
    "BlindTransfer: TransfererChannel, to Extension@Context, Result",
    "AttendedTransfer: OrigTransfererChannel, to TransferTargetChannel, Result",
    "DTMF DTMFBegin DTMFEnd: Channel, Digit, Direction, DurationMs:ms",
    "OriginateResponse: Channel, Response, Reason:reason, place",
    "ParkedCall UnParkedCall ParkedCallTimeOut ParkedCallGiveUp ParkedCallSwap: \
     ParkeeChannel|Channel, space ParkingSpace|Exten@ParkingLot|Parkinglot, \
     by ParkerDialString|RetrieverChannel|From",
    "ConfbridgeJoin ConfbridgeLeave ConfbridgeTalking ConfbridgeMute ConfbridgeUnmute: Conference, \
     Channel, caller, talking: TalkingStatus",
    "Hold Unhold MusicOnHold MusicOnHoldStart MusicOnHoldStop: Channel, State, Class|MusicClass",
    "HangupHandlerRun HangupHandlerPush HangupHandlerPop: Channel, Handler",
    "Flash Wink: Channel, caller",
    "Pickup: Channel, picks up TargetChannel, caller",
    "ChannelTalkingStart ChannelTalkingStop: Channel, caller, after Duration:ms",
    "ChanSpyStart ChanSpyStop: SpyerChannel, listens to SpyeeChannel",
    "LocalOptimizationBegin LocalOptimizationEnd: LocalOneChannel, ↔ LocalTwoChannel, \
     from SourceChannel, success Success",
    "BridgeVideoSourceUpdate: BridgeUniqueid, shows BridgeVideoSource, \
     before BridgePreviousVideoSource",
    "DAHDIChannel: Channel, span DAHDISpan, channel DAHDIChannel",
    "MCID: Channel, MCallerIDName<MCallerIDNum>",
    "CEL: Channel, EventName, CallerIDname<CallerIDnum>, application",
    "Masquerade: Original, becomes Clone, OriginalState",
    "Transfer: Channel, to TransferExten@TransferContext, → TargetChannel, TransferMethod",
    "ChannelUpdate: Channel, Channeltype, SIPcallid",
    "NewPeerAccount: Channel, PeerAccount, was OldPeerAccount",
    "BridgeExec: Channel1, ↔ Channel2, Response, Reason",
    "BridgeAction: Channel1, ↔ Channel2, Response",
    "OriginateSuccess OriginateFailure: Channel, Reason:reason, place",
    "Placed: Channel, place",
    // Queues and agents.
    "QueueCallerJoin Join: Queue, caller, position Position, Channel",
    "QueueCallerLeave Leave: Queue, caller, still waiting Count, Channel",
    "QueueCallerAbandon: Queue, caller, after HoldTime:duration, Channel",
    "QueueMemberStatus: Queue, member, Status:device, Paused?paused, calls CallsTaken",
    "QueueMemberAdded QueueMemberRemoved: Queue, member, Interface|Location, Paused?paused",
    "QueueMemberPause QueueMemberPaused: Queue, member, Paused?paused/unpaused, PausedReason|Reason",
    "QueueMemberPenalty: Queue, member, penalty Penalty",
    "QueueMemberRinginuse: Queue, member, ring in use: Ringinuse",
    "AgentCalled: Queue, member, caller, → DestChannel|DestinationChannel",
    "AgentConnect: Queue, member, caller, waited HoldTime:duration",
    "AgentComplete: Queue, member, talked TalkTime:duration, waited HoldTime:duration, \
     ended by Reason",
    "AgentRingNoAnswer: Queue, member, caller, rang RingTime:ms",
    "AgentDump: Queue, member, caller",
    "AgentLogin AgentLogoff: Agent, Channel, after Logintime:duration",
    "QueueParams: Queue, calls Calls, Strategy, completed Completed, abandoned Abandoned",
    "QueueEntry: Queue, caller, position Position, waits Wait:duration",
    "QueueMember: Queue, member, Status:device, Paused?paused",
    "Agents: Agent, Name, Status, talks to TalkingToChan",
    "Agentcallbacklogin Agentcallbacklogoff: Agent, at Loginchan, after Logintime:duration, Reason",
    // Peers, registrations, states of devices, mailboxes, lines.
    "PeerStatus: Peer, PeerStatus, Address, Cause, Time:ms",
    "ContactStatus: AOR|EndpointName, ContactStatus, URI, RoundtripUsec:µs",
    "Registry: Domain|Username, Status, Username, Cause",
    "DeviceStateChange: Device, State",
    "ExtensionStatus: Exten@Context, StatusText|Status, Hint",
    "PresenceStateChange PresenceStatus: Presentity|Exten, Status, Subtype, Message",
    "MessageWaiting: Mailbox, new New, old Old",
    "PeerEntry: ObjectName, Status, IPaddress|IPAddress:IPport|IPPort|Port",
    "SIPQualifyPeerDone PeerlistComplete: Peer",
    "AorDetail AorList: ObjectName, contacts Contacts, at most MaxContacts",
    "AuthDetail AuthList: ObjectName, AuthType, Username",
    "EndpointDetail EndpointList: ObjectName, DeviceState, channels ActiveChannels, aors Aors|Aor",
    "ContactList: ObjectName, Status, Uri, RoundtripUsec:µs",
    "ContactStatusDetail: AOR, Status, URI, RoundtripUsec:µs",
    "IdentifyDetail: ObjectName, endpoint Endpoint, match Match",
    "TransportDetail: ObjectName, Protocol, Bind",
    "ResourceListDetail: ObjectName, ListItem",
    "InboundRegistrationDetail: ObjectName, contacts Contacts",
    "OutboundRegistrationDetail: ObjectName, Status, ServerUri, ClientUri",
    "InboundSubscriptionDetail OutboundSubscriptionDetail: Endpoint, SubscriptionType, State, \
     Extension|Mailboxes",
    "PJSIPMaintenanceStatus: Endpoint, Status",
    "MWIGet: Mailbox, new NewMessages, old OldMessages",
    "MiniVoiceMail: Mailbox, Action, messages Counter",
    // Without the password.
    "VoicemailPasswordChange: Mailbox",
    "DNDState: DAHDIChannel|Channel, Status",
    "Alarm: DAHDIChannel|Channel, Alarm",
    "AlarmClear: DAHDIChannel|Channel",
    "SpanAlarm: span Span, Alarm",
    "SpanAlarmClear: span Span",
    "JabberEvent JabberStatus: Account|JID, Packet|Status",
    // The server itself: modules, security, what ends a list.
    "Cdr: Channel, Disposition, from Source, to Destination, billed BillableSeconds:duration",
    "SuccessfulAuth InvalidPassword InvalidAccountID ChallengeResponseFailed ChallengeSent \
     FailedACL RequestBadFormat UnexpectedAddress: AccountID, Service, RemoteAddress, Module",
    "FullyBooted: Status, up Uptime:duration, last reload LastReload:duration",
    "Reload: Module, status Status, Message",
    "Shutdown: Shutdown, Restart?it will start again",
    "AuthMethodNotAllowed InvalidTransport LoadAverageLimit MemoryLimit RequestNotAllowed \
     RequestNotSupported SessionLimit SessionTimeout: AccountID, Service, RemoteAddress, \
     RequestType|AuthMethod|AttemptedTransport|Source",
    "Load Unload: Module, Status",
    "ModuleLoadReport: ModuleSelection, modules ModuleCount, status ModuleLoadStatus",
    "LogChannel: Channel, Enabled, Reason",
    "DeadlockStart: Mutex",
    "ChannelReload: ChannelType|Channel, ReloadReason, peers Peer_Count, users User_Count",
    "CoreShowChannel: Channel, ChannelStateDesc, application, caller",
    "Status: Channel, ChannelStateDesc|State, caller",
    "AgentsComplete CoreShowChannelMapComplete CoreShowChannelsComplete FAXSessionsComplete \
     MWIGetComplete StatusComplete: items ListItems|Items|Total",
    "DBGetResponse: Key=Val, Family",
    // Conferences, recording, AGI, fax, media.
    "ConfbridgeStart ConfbridgeEnd ConfbridgeRecord ConfbridgeStopRecord: Conference, \
     channels BridgeNumChannels",
    "ConfbridgeList: Conference, Channel, caller, Muted?muted",
    "ConfbridgeListRooms: Conference, parties Parties, Locked?locked, Muted?muted",
    "MeetmeJoin MeetmeLeave MeetmeMute MeetmeTalking MeetmeTalkRequest MeetmeStopTalking: Meetme, \
     Channel, caller, Status, after Duration:duration",
    "MeetmeEnd: Meetme",
    "MeetmeList: Conference, Channel, caller, Role, Muted?muted",
    "MeetmeListRooms: Conference, parties Parties, Activity",
    "MixMonitorStart MixMonitorStop MonitorStart MonitorStop: Channel, caller",
    "MixMonitorMute: Channel, Direction, State?muted/unmuted",
    "AGIExecStart AGIExecEnd AGIExec: Channel, SubEvent, Command, Result",
    "AsyncAGIStart AsyncAGIExec AsyncAGIEnd AsyncAGI: Channel, SubEvent, CommandID, \
     Result:decoded",
    "AOC-D AOC-E AOC-S: Channel, Charge|Chargeable, Type|RateType, \
     Currency/Amount/Cost|Units/NumberOf(0)|Currency/Name",
    "FAXStatus SendFAXStatus ReceiveFAXStatus: Channel, Operation, Status, FileName|FileName(0)",
    "SendFAX ReceiveFAX FaxSent FaxReceived: Channel, pages PagesTransferred, from LocalStationID, \
     with RemoteStationID",
    "FAXSession: SessionNumber, Operation, State, pages PageNumber",
    "FAXSessionsEntry: Channel, Operation, State, Files",
    "FAXStats: sessions CurrentSessions, completed CompletedFAXes, failed FailedFAXes",
    "RTCPSent RTCPReceived: Channel, to To, from From, \
     lost Report0CumulativeLost|CumulativeLoss|PacketsLost, \
     jitter Report0IAJitter|IAJitter|Jitter",
    "RTPSenderStat RTPReceiverStat: SSRC, packets SentPackets|ReceivedPackets, lost LostPackets, \
     jitter Jitter",
    "JitterBufStats: Owner, jitter LocalJitter, lost LocalTotalLost",
    "CCAvailable CCOfferTimerStart CCRequested CCRequestAcknowledged CCCallerStartMonitoring \
     CCCallerStopMonitoring CCCallerRecalling CCRecallComplete CCFailure CCMonitorFailed: \
     Caller|Callee, for Callee, Service, Reason, core CoreID",
];

#[cfg(test)]
mod tests {
    use super::super::super::cell::tests::is_read;
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

    /// Names that 22 no longer has: 1.4 to 16.
    const OLDER: &str = "\
        Link Unlink Newcallerid Join Leave Dial Bridge DTMF QueueMemberPaused Agentlogin \
        Agentlogoff Agentcallbacklogin Agentcallbacklogoff Transfer Masquerade ChannelUpdate \
        NewPeerAccount JitterBufStats MusicOnHold AGIExec AsyncAGI BridgeExec BridgeAction \
        OriginateSuccess OriginateFailure ModuleLoadReport ChannelReload MeetmeStopTalking \
        FaxSent FaxReceived CCAvailable CCRecallComplete RTPSenderStat RTPReceiverStat \
        PeerEntry MonitorStart MonitorStop SessionTimeout SIPQualifyPeerDone MonitorStart \
        MonitorStop SIPQualifyPeerDone SessionTimeout";

    // An event without a line of its own shows whatever headers come first.
    #[test]
    fn every_event_has_a_line_of_its_own() {
        let names = || OF_22.split_whitespace();
        assert_eq!(names().count(), 171);
        // A UserEvent shows what its sender put in.
        let known = |name: &&str| of(name).is_some() || *name == "UserEvent";
        let missing = names()
            .chain(OLDER.split_whitespace())
            .filter(|name| !known(name));
        assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn every_line_can_be_read() {
        for (line, text) in LINES.iter().zip(WRITTEN) {
            let cells = line.details.iter().chain([&line.subject]);
            assert!(cells.into_iter().all(is_read), "{text}");
        }
    }

    // A second line for an event would never be used.
    #[test]
    fn no_event_has_two_lines() {
        let mut names: Vec<_> = LINES
            .iter()
            .flat_map(|line| &line.events)
            .map(|name| name.to_ascii_lowercase())
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
