//! The columns of well-known lists. A narrow terminal leaves out the last ones
//! that are not marked.

use super::super::cell::Cell;
use std::sync::LazyLock;

/// The noun, in singular and plural.
pub(super) type Nouns = (&'static str, &'static str);

/// A kind of list item.
pub(super) struct Kind {
    /// The names of its events: several lists may have the same items.
    events: Vec<&'static str>,
    pub(super) nouns: Nouns,
    pub(super) columns: Vec<Column>,
}

pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) cell: Cell,
    /// Numbers are aligned to the right.
    pub(super) number: bool,
    /// Others are left out before it.
    pub(super) kept: bool,
}

/// `3 channels`: a number of items of a kind.
pub(super) fn count(items: usize, nouns: (&str, &str)) -> String {
    let (one, many) = nouns;
    match items {
        1 => format!("1 {one}"),
        _ => format!("{items} {many}"),
    }
}

/// The kind of the items of this event, if known.
pub(super) fn of(event: &[u8]) -> Option<&'static Kind> {
    let is = |name: &&str| name.as_bytes().eq_ignore_ascii_case(event);
    KINDS.iter().find(|kind| kind.events.iter().any(is))
}

/// The columns for the items of a list with this completion event, which have no
/// name of their own.
pub(super) fn of_list(completion: &[u8]) -> Option<&'static Kind> {
    let list = completion.strip_suffix(b"Complete")?;
    of(list).or_else(|| of(list.strip_suffix(b"s")?))
}

/// The noun for the items of a list with this completion event.
pub(super) fn none_of(completion: &[u8]) -> Option<&'static str> {
    let list = completion.len().checked_sub("Complete".len())?;
    let (list, end) = completion.split_at_checked(list)?;
    let is = |name: &str| name.as_bytes().eq_ignore_ascii_case(list);
    let mut empty = EMPTY.iter().filter_map(|text| text.split_once(": "));
    let (nouns, _) = empty.find(|(_, lists)| lists.split(' ').any(is))?;
    Some(nouns).filter(|_| end.eq_ignore_ascii_case(b"Complete"))
}

static KINDS: LazyLock<Vec<Kind>> =
    LazyLock::new(|| WRITTEN.iter().filter_map(|text| Kind::read(text)).collect());

impl Kind {
    fn read(text: &'static str) -> Option<Kind> {
        let (events, rest) = text.split_once(": ")?;
        let (nouns, columns) = rest.split_once(": ")?;
        Some(Kind {
            events: events.split(' ').collect(),
            nouns: nouns.split_once('/')?,
            columns: columns.split(", ").map(Column::read).collect(),
        })
    }

    /// Whether the column at `at` tells when something was.
    pub(super) fn is_moment(&self, at: usize) -> bool {
        let column = self.columns.get(at);
        column.is_some_and(|column| matches!(column.cell, Cell::Moment(_)))
    }
}

impl Column {
    fn read(text: &'static str) -> Column {
        let (text, kept) = match text.strip_suffix('!') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (heading, cell) = text.split_once('=').unwrap_or((text, text));
        Column {
            heading: heading.trim_start_matches('#'),
            cell: Cell::read(cell.trim_start_matches('#')),
            number: cell.starts_with('#') || cell.ends_with(":duration"),
            kept,
        }
    }
}

/// Events, the nouns of what they describe, and columns: `Heading=cell` with a
/// cell as [`Cell::read`] takes it, or a header that is its own heading. `#`
/// marks a number, and `!` behind it a column that others are left out for.
const WRITTEN: &[&str] = &[
    // Calls, and what handles them.
    "CoreShowChannel Status BridgeInfoChannel: channel/channels: Channel, \
     State=ChannelStateDesc|State|ChannelState:state!, Caller=caller, Extension=place, \
     Time=Duration|Seconds:duration!, Application=application, \
     Connected=ConnectedLineName<ConnectedLineNum>",
    "QueueParams: queue/queues: Queue, Strategy, #Calls, #Completed, #Abandoned, \
     Hold=Holdtime:duration, Talk=TalkTime:duration, Service %=#ServicelevelPerf, #Weight, #Max",
    "QueueMember: member/members: Queue, Member=Name|MemberName, Status=Status:device!, \
     Paused=Paused?paused!, Interface=Location|Interface, Calls=#CallsTaken, #Penalty, \
     Membership, Reason=PausedReason, Last call=LastCall:moment, Last pause=LastPause:moment",
    "QueueEntry: caller/callers: Queue, #Position, Caller=caller, Wait=Wait:duration, Channel, \
     #Priority",
    "QueueSummary: queue/queues: Queue, Logged in=#LoggedIn, #Available, #Callers, \
     Hold=HoldTime:duration, Talk=TalkTime:duration, Longest hold=LongestHoldTime:duration",
    "ParkedCall: parked call/parked calls: Space=ParkingSpace|Exten, Lot=ParkingLot|Parkinglot, \
     Channel=ParkeeChannel|Channel, \
     Caller=ParkeeCallerIDName|CallerIDName<ParkeeCallerIDNum|CallerIDNum>, \
     Parked=ParkingDuration:duration!, Timeout=ParkingTimeout|Timeout:duration",
    "Parkinglot: parking lot/parking lots: Lot=Name, First=#StartSpace|StartExten, \
     Last=#StopSpace|StopExten, Timeout=Timeout:duration",
    "Agents: agent/agents: Agent, Name, Status, Channel=Channel|LoggedInChan, \
     Talking to=TalkingToChan|TalkingTo, Call since=CallStarted:moment, \
     Logged in=LoggedInTime:moment",
    "BridgeListItem: bridge/bridges: Bridge=BridgeUniqueid, Channels=#BridgeNumChannels, \
     Type=BridgeType, Technology=BridgeTechnology, Name=BridgeName",
    "ConfbridgeList: participant/participants: Conference, Channel, Caller=caller, \
     Admin=Admin?admin, Muted=Muted?muted, Time=AnsweredTime:duration",
    "OriginateResponse: call/calls: Channel, Response, Reason=Reason:reason, Uniqueid",
    "ChannelHungup: channel/channels: Channel, Cause=Cause:cause",
    "ConfbridgeListRooms MeetmeListRooms: conference/conferences: Conference, #Parties, #Marked, \
     Locked=Locked?locked, Muted=Muted?muted, Since=Activity",
    "MeetmeList: participant/participants: Conference, User=UserNumber, Channel, Caller=caller, \
     Admin=Admin?admin, Muted, Talking",
    "BridgeTechnologyListItem: technology/technologies: Technology=BridgeTechnology, \
     Type=BridgeType, Priority=#BridgePriority, Suspended=BridgeSuspended?suspended",
    "FAXSessionsEntry: fax session/fax sessions: Channel, Session=SessionNumber, Operation, State, \
     Technology, Files",
    // Where calls come from and go to.
    "PeerEntry: peer/peers: Peer=ObjectName, Technology=Channeltype, Status!, \
     Address=IPaddress|IPAddress:IPport!, Dynamic, Description",
    "EndpointList: endpoint/endpoints: Endpoint=ObjectName, State=DeviceState!, \
     Channels=ActiveChannels, AOR=Aor, Contacts, Transport",
    "ContactList ContactStatusDetail: contact/contacts: Endpoint=Endpoint|EndpointName, Status, \
     URI=Uri|URI, Roundtrip µs=RoundtripUsec, User agent=UserAgent, Expires=RegExpire:moment",
    "AorList: AOR/AORs: AOR=ObjectName, Max=#MaxContacts, Now=#TotalContacts|ContactsRegistered, \
     Contacts",
    // The item also contains the password, which must not be shown by default.
    "AuthList: auth/auths: Auth=ObjectName, Type=AuthType, User=Username, Realm",
    "OutboundRegistrationDetail: registration/registrations: Registration=ObjectName, Status, \
     Server=ServerUri, Client=ClientUri, Next=NextReg:duration",
    "RegistryEntry: registration/registrations: Host=Host:Port, User=Username, State!, Domain, \
     Since=RegistrationTime:moment",
    "DBGetResponse: entry/entries: Family, Key, Value=Val",
    "DBGetTreeResponse: entry/entries: Key, Value=Val",
    "ExtensionStatus: hint/hints: Extension=Exten@Context, Status=StatusText|Status, Hint",
    "ListDialplan: line/lines: Context=Context|IncludeContext, \
     Extension=Extension|Switch|IncludeContext, Priority, Application=application, \
     Label=ExtensionLabel, Registrar",
    "VoicemailUserEntry VoicemailUserDetail: mailbox/mailboxes: Mailbox=VoiceMailbox@VMContext, \
     Name=Fullname, New=#NewMessageCount!, Old=#OldMessageCount, Email",
    "DeviceStateChange: device/devices: Device, State",
    "PresenceStateChange: presence state/presence states: Presentity, Status, Subtype, Message",
    "PeerStatus: peer/peers: Peer, Status=PeerStatus, Cause, Address, ms=#Time",
    "MWIGet: mailbox/mailboxes: Mailbox, New=#NewMessages, Old=#OldMessages",
    // 1.4 has Zap instead of DAHDI.
    "DAHDIShowChannels ZapShowChannels: line/lines: Line=DAHDIChannel|Channel, Signalling, \
     Context, Alarm!, DND, Account=AccountCode",
    "DAHDIShowStatus: span/spans: Span=Description, Alarms, #IRQ, Violations=#bpviol, Framing, \
     Coding",
    "PRIShowSpans: D-channel/D-channels: #Span, D-channel=DChannel, Order, Active, Alarm, Up",
    "InboundSubscriptionDetail OutboundSubscriptionDetail: subscription/subscriptions: Endpoint, \
     State=State|SubState, Caller=Callerid, Call-ID=Callid",
];

/// The nouns for lists without items, and the names of those lists.
const EMPTY: &[&str] = &[
    "agents: Agents",
    "AORs: AorList",
    "auths: AuthList",
    "channels: BridgeInfo CoreShowChannelMap CoreShowChannels Status",
    "bridges: BridgeList",
    "technologies: BridgeTechnologyList",
    "channels to hang up: ChannelsHungupList",
    "participants: ConfbridgeList MeetmeList",
    "conferences: ConfbridgeListRooms MeetmeListRooms",
    "contacts: ContactList ContactStatusDetail",
    "lines: DAHDIShowChannels ZapShowChannels",
    "spans: DAHDIShowStatus",
    "entries: DBGet DBGetTree",
    "device states: DeviceStateList",
    "endpoints: EndpointDetail EndpointList",
    "hints: ExtensionStateList",
    "fax sessions: FAXSessions",
    "registrations: InboundRegistrationDetail OutboundRegistrationDetail Registrations",
    "subscriptions: InboundSubscriptionDetail OutboundSubscriptionDetail",
    "mailboxes: MWIGet VoicemailUserDetail VoicemailUserEntry",
    "endpoints in maintenance: PJSIPMaintenanceStatus",
    "D-channels: PRIShowSpans",
    "parked calls: ParkedCalls",
    "parking lots: Parkinglots",
    "peers: Peerlist",
    "presence states: PresenceStateList",
    "queues: QueueStatus QueueSummary",
    "resource lists: ResourceListDetail",
    "extensions: ShowDialPlan",
    "messages: VoicemailBoxDetail",
    "events: WaitEvent",
];

#[cfg(test)]
mod tests {
    use super::super::super::cell::tests::is_read;
    use super::*;

    #[test]
    fn every_kind_can_be_read() {
        assert_eq!(KINDS.len(), WRITTEN.len());
        for (kind, text) in KINDS.iter().zip(WRITTEN) {
            let cells = kind.columns.iter().map(|column| &column.cell);
            assert!(cells.into_iter().all(is_read), "{text}");
        }
    }

    // An empty list is said in a word that people use.
    #[test]
    fn an_empty_list_has_a_noun() {
        assert_eq!(none_of(b"queuestatusCOMPLETE"), Some("queues"));
        assert_eq!(none_of(b"ConfbridgeListComplete"), Some("participants"));
        for other in [&b"QueueStatus"[..], b"TreeComplete", b"Complete", b""] {
            assert_eq!(none_of(other), None);
        }
    }
}
