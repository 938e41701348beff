//! What each event is about, and what of it matters.

use super::cell::{Cell, Names};
use Cell::{App, Caller, Cause, Device, Duration, Flag, Of, Pair, Place, Reason, Unit, Word};

/// What the line of an event shows.
pub(super) struct Line {
    events: &'static [&'static str],
    pub(super) subject: Cell,
    pub(super) details: &'static [Cell],
}

/// None where nothing is known of an event of this name.
pub(super) fn of(event: &str) -> Option<&'static Line> {
    let is = |name: &&&str| name.eq_ignore_ascii_case(event);
    LINES
        .iter()
        .find(|line| line.events.iter().any(|name| is(&name)))
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

const LINES: &[Line] = &[
    line(
        &["Newchannel"],
        CHANNEL,
        &[
            CALLER,
            Word("to", &Place(&["Exten"], &["Context"], NO_NAMES)),
        ],
    ),
    line(
        &["Newstate"],
        CHANNEL,
        &[Of(&["ChannelStateDesc", "State"]), CALLER],
    ),
    line(
        &["Newexten"],
        CHANNEL,
        &[App(&["Application"], &["AppData"]), PLACE],
    ),
    line(
        &["Hangup", "HangupRequest", "SoftHangupRequest"],
        CHANNEL,
        &[Cause(&["Cause"]), CALLER],
    ),
    line(&["NewCallerid"], CHANNEL, &[CALLER]),
    line(
        &["NewConnectedLine"],
        CHANNEL,
        &[Word(
            "connected to",
            &Caller(&["ConnectedLineName"], &["ConnectedLineNum"]),
        )],
    ),
    line(
        &["NewAccountCode"],
        CHANNEL,
        &[Of(&["AccountCode"]), Word("was", &Of(&["OldAccountCode"]))],
    ),
    line(&["Rename"], CHANNEL, &[Word("now", &Of(&["Newname"]))]),
    line(&["VarSet"], CHANNEL, &[Pair(&["Variable"], &["Value"])]),
    line(
        &["DialBegin"],
        CHANNEL,
        &[Word("→", &Of(&["DestChannel"])), Of(&["DialString"])],
    ),
    line(
        &["DialState", "DialEnd"],
        CHANNEL,
        &[
            Word("→", &Of(&["DestChannel"])),
            Of(&["DialStatus"]),
            Word("forwarded to", &Of(&["Forward"])),
        ],
    ),
    line(
        &["Dial"],
        CHANNEL,
        &[
            Of(&["SubEvent"]),
            Word("→", &Of(&["Destination"])),
            Of(&["DialStatus"]),
        ],
    ),
    line(
        &["Bridge", "Link", "Unlink"],
        Of(&["Channel1"]),
        &[Word("↔", &Of(&["Channel2"])), Of(&["Bridgestate"])],
    ),
    line(
        &["BridgeEnter", "BridgeLeave"],
        CHANNEL,
        &[
            Word("bridge", &BRIDGE),
            Word("now", &Of(&["BridgeNumChannels"])),
        ],
    ),
    line(
        &["BridgeCreate", "BridgeDestroy", "BridgeMerge"],
        BRIDGE,
        &[Of(&["BridgeType"]), Of(&["BridgeTechnology"])],
    ),
    line(
        &["LocalBridge"],
        Of(&["LocalOneChannel", "Channel1"]),
        &[Word("↔", &Of(&["LocalTwoChannel", "Channel2"]))],
    ),
    line(
        &["BlindTransfer"],
        Of(&["TransfererChannel"]),
        &[
            Word("to", &Place(&["Extension"], &["Context"], NO_NAMES)),
            Of(&["Result"]),
        ],
    ),
    line(
        &["AttendedTransfer"],
        Of(&["OrigTransfererChannel"]),
        &[Word("to", &Of(&["TransferTargetChannel"])), Of(&["Result"])],
    ),
    line(
        &["DTMF", "DTMFBegin", "DTMFEnd"],
        CHANNEL,
        &[
            Of(&["Digit"]),
            Of(&["Direction"]),
            Unit(&["DurationMs"], "ms"),
        ],
    ),
    line(
        &["QueueCallerJoin", "Join"],
        QUEUE,
        &[CALLER, Word("position", &Of(&["Position"])), CHANNEL],
    ),
    line(
        &["QueueCallerLeave", "Leave"],
        QUEUE,
        &[CALLER, Word("still waiting", &Of(&["Count"])), CHANNEL],
    ),
    line(
        &["QueueCallerAbandon"],
        QUEUE,
        &[CALLER, Word("after", &Duration(&["HoldTime"])), CHANNEL],
    ),
    line(
        &["QueueMemberStatus"],
        QUEUE,
        &[
            MEMBER,
            Device(&["Status"]),
            Flag(&["Paused"], "paused"),
            Word("calls", &Of(&["CallsTaken"])),
        ],
    ),
    line(
        &["QueueMemberAdded", "QueueMemberRemoved"],
        QUEUE,
        &[
            MEMBER,
            Of(&["Interface", "Location"]),
            Flag(&["Paused"], "paused"),
        ],
    ),
    line(
        &["QueueMemberPause", "QueueMemberPaused"],
        QUEUE,
        &[MEMBER, PAUSED, Of(&["PausedReason", "Reason"])],
    ),
    line(
        &["QueueMemberPenalty"],
        QUEUE,
        &[MEMBER, Word("penalty", &Of(&["Penalty"]))],
    ),
    line(
        &["QueueMemberRinginuse"],
        QUEUE,
        &[MEMBER, Word("ring in use:", &Of(&["Ringinuse"]))],
    ),
    line(
        &["AgentCalled"],
        QUEUE,
        &[
            MEMBER,
            CALLER,
            Word("→", &Of(&["DestChannel", "DestinationChannel"])),
        ],
    ),
    line(
        &["AgentConnect"],
        QUEUE,
        &[MEMBER, CALLER, Word("waited", &Duration(&["HoldTime"]))],
    ),
    line(
        &["AgentComplete"],
        QUEUE,
        &[
            MEMBER,
            Word("talked", &Duration(&["TalkTime"])),
            Word("waited", &Duration(&["HoldTime"])),
            Word("ended by", &Of(&["Reason"])),
        ],
    ),
    line(
        &["AgentRingNoAnswer"],
        QUEUE,
        &[MEMBER, CALLER, Word("rang", &Unit(&["RingTime"], "ms"))],
    ),
    line(&["AgentDump"], QUEUE, &[MEMBER, CALLER]),
    line(
        &["AgentLogin", "AgentLogoff"],
        Of(&["Agent"]),
        &[CHANNEL, Word("after", &Duration(&["Logintime"]))],
    ),
    line(
        &["PeerStatus"],
        Of(&["Peer"]),
        &[
            Of(&["PeerStatus"]),
            Of(&["Address"]),
            Of(&["Cause"]),
            Unit(&["Time"], "ms"),
        ],
    ),
    line(
        &["ContactStatus"],
        Of(&["AOR", "EndpointName"]),
        &[
            Of(&["ContactStatus"]),
            Of(&["URI"]),
            Unit(&["RoundtripUsec"], "µs"),
        ],
    ),
    line(
        &["Registry"],
        Of(&["Domain", "Username"]),
        &[Of(&["Status"]), Of(&["Username"]), Of(&["Cause"])],
    ),
    line(&["DeviceStateChange"], Of(&["Device"]), &[Of(&["State"])]),
    line(
        &["ExtensionStatus"],
        Place(&["Exten"], &["Context"], NO_NAMES),
        &[Of(&["StatusText", "Status"]), Of(&["Hint"])],
    ),
    line(
        &["PresenceStateChange", "PresenceStatus"],
        Of(&["Presentity", "Exten"]),
        &[Of(&["Status"]), Of(&["Subtype"]), Of(&["Message"])],
    ),
    line(
        &["OriginateResponse"],
        Of(&["Channel"]),
        &[Of(&["Response"]), Reason(&["Reason"]), PLACE],
    ),
    line(
        &[
            "ParkedCall",
            "UnParkedCall",
            "ParkedCallTimeOut",
            "ParkedCallGiveUp",
            "ParkedCallSwap",
        ],
        Of(&["ParkeeChannel", "Channel"]),
        &[
            Word(
                "space",
                &Place(
                    &["ParkingSpace", "Exten"],
                    &["ParkingLot", "Parkinglot"],
                    NO_NAMES,
                ),
            ),
            Word("by", &Of(&["ParkerDialString", "RetrieverChannel", "From"])),
        ],
    ),
    line(
        &["Cdr"],
        Of(&["Channel"]),
        &[
            Of(&["Disposition"]),
            Word("from", &Of(&["Source"])),
            Word("to", &Of(&["Destination"])),
            Word("billed", &Duration(&["BillableSeconds"])),
        ],
    ),
    line(
        &["MessageWaiting"],
        Of(&["Mailbox"]),
        &[Word("new", &Of(&["New"])), Word("old", &Of(&["Old"]))],
    ),
    line(
        &[
            "SuccessfulAuth",
            "InvalidPassword",
            "InvalidAccountID",
            "ChallengeResponseFailed",
            "ChallengeSent",
            "FailedACL",
            "RequestBadFormat",
            "UnexpectedAddress",
        ],
        Of(&["AccountID"]),
        &[Of(&["Service"]), Of(&["RemoteAddress"]), Of(&["Module"])],
    ),
    line(
        &["FullyBooted"],
        Of(&["Status"]),
        &[
            Word("up", &Duration(&["Uptime"])),
            Word("last reload", &Duration(&["LastReload"])),
        ],
    ),
    line(
        &["Reload"],
        Of(&["Module"]),
        &[Word("status", &Of(&["Status"])), Of(&["Message"])],
    ),
    line(
        &["Shutdown"],
        Of(&["Shutdown"]),
        &[Flag(&["Restart"], "it will start again")],
    ),
    line(
        &[
            "ConfbridgeJoin",
            "ConfbridgeLeave",
            "ConfbridgeTalking",
            "ConfbridgeMute",
            "ConfbridgeUnmute",
        ],
        Of(&["Conference"]),
        &[CHANNEL, CALLER, Word("talking:", &Of(&["TalkingStatus"]))],
    ),
    line(
        &[
            "Hold",
            "Unhold",
            "MusicOnHold",
            "MusicOnHoldStart",
            "MusicOnHoldStop",
        ],
        CHANNEL,
        &[Of(&["State"]), Of(&["Class", "MusicClass"])],
    ),
];

const PAUSED: Cell = Cell::Switch(&["Paused"], "paused", "unpaused");
