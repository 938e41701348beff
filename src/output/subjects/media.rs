//! Conferences, recording, AGI, fax, media.

use super::super::cell::Cell::{Duration, Flag, Of, Switch, Word};
use super::{CALLER, CHANNEL, Line, line};

pub(super) const LINES: &[Line] = &[
    line(
        &[
            "ConfbridgeStart",
            "ConfbridgeEnd",
            "ConfbridgeRecord",
            "ConfbridgeStopRecord",
        ],
        Of(&["Conference"]),
        &[Word("channels", &Of(&["BridgeNumChannels"]))],
    ),
    line(
        &["ConfbridgeList"],
        Of(&["Conference"]),
        &[CHANNEL, CALLER, Flag(&["Muted"], "muted")],
    ),
    line(
        &["ConfbridgeListRooms"],
        Of(&["Conference"]),
        &[
            Word("parties", &Of(&["Parties"])),
            Flag(&["Locked"], "locked"),
            Flag(&["Muted"], "muted"),
        ],
    ),
    line(
        &[
            "MeetmeJoin",
            "MeetmeLeave",
            "MeetmeMute",
            "MeetmeTalking",
            "MeetmeTalkRequest",
            "MeetmeStopTalking",
        ],
        Of(&["Meetme"]),
        &[
            CHANNEL,
            CALLER,
            Of(&["Status"]),
            Word("after", &Duration(&["Duration"])),
        ],
    ),
    line(&["MeetmeEnd"], Of(&["Meetme"]), &[]),
    line(
        &["MeetmeList"],
        Of(&["Conference"]),
        &[CHANNEL, CALLER, Of(&["Role"]), Flag(&["Muted"], "muted")],
    ),
    line(
        &["MeetmeListRooms"],
        Of(&["Conference"]),
        &[Word("parties", &Of(&["Parties"])), Of(&["Activity"])],
    ),
    line(
        &[
            "MixMonitorStart",
            "MixMonitorStop",
            "MonitorStart",
            "MonitorStop",
        ],
        CHANNEL,
        &[CALLER],
    ),
    line(
        &["MixMonitorMute"],
        CHANNEL,
        &[Of(&["Direction"]), Switch(&["State"], "muted", "unmuted")],
    ),
    line(
        &["AGIExecStart", "AGIExecEnd", "AGIExec"],
        CHANNEL,
        &[Of(&["SubEvent"]), Of(&["Command"]), Of(&["Result"])],
    ),
    line(
        &["AsyncAGIStart", "AsyncAGIExec", "AsyncAGIEnd", "AsyncAGI"],
        CHANNEL,
        &[Of(&["SubEvent"]), Of(&["CommandID"]), Of(&["Result"])],
    ),
    line(
        &["AOC-D", "AOC-E", "AOC-S"],
        CHANNEL,
        &[
            Of(&["Charge", "Chargeable"]),
            Of(&["Type", "RateType"]),
            Of(&["Currency/Amount/Cost", "Units/NumberOf(0)", "Currency/Name"]),
        ],
    ),
    line(
        &["FAXStatus", "SendFAXStatus", "ReceiveFAXStatus"],
        CHANNEL,
        &[
            Of(&["Operation"]),
            Of(&["Status"]),
            Of(&["FileName", "FileName(0)"]),
        ],
    ),
    line(
        &["SendFAX", "ReceiveFAX", "FaxSent", "FaxReceived"],
        CHANNEL,
        &[
            Word("pages", &Of(&["PagesTransferred"])),
            Word("from", &Of(&["LocalStationID"])),
            Word("with", &Of(&["RemoteStationID"])),
        ],
    ),
    line(
        &["FAXSession"],
        Of(&["SessionNumber"]),
        &[
            Of(&["Operation"]),
            Of(&["State"]),
            Word("pages", &Of(&["PageNumber"])),
        ],
    ),
    line(
        &["FAXSessionsEntry"],
        Of(&["Channel"]),
        &[Of(&["Operation"]), Of(&["State"]), Of(&["Files"])],
    ),
    line(
        &["FAXStats"],
        Word("sessions", &Of(&["CurrentSessions"])),
        &[
            Word("completed", &Of(&["CompletedFAXes"])),
            Word("failed", &Of(&["FailedFAXes"])),
        ],
    ),
    line(
        &["RTCPSent", "RTCPReceived"],
        CHANNEL,
        &[
            Word("to", &Of(&["To"])),
            Word("from", &Of(&["From"])),
            Word(
                "lost",
                &Of(&["Report0CumulativeLost", "CumulativeLoss", "PacketsLost"]),
            ),
            Word("jitter", &Of(&["Report0IAJitter", "IAJitter", "Jitter"])),
        ],
    ),
    line(
        &["RTPSenderStat", "RTPReceiverStat"],
        Of(&["SSRC"]),
        &[
            Word("packets", &Of(&["SentPackets", "ReceivedPackets"])),
            Word("lost", &Of(&["LostPackets"])),
            Word("jitter", &Of(&["Jitter"])),
        ],
    ),
    line(
        &["JitterBufStats"],
        Of(&["Owner"]),
        &[
            Word("jitter", &Of(&["LocalJitter"])),
            Word("lost", &Of(&["LocalTotalLost"])),
        ],
    ),
    line(
        &[
            "CCAvailable",
            "CCOfferTimerStart",
            "CCRequested",
            "CCRequestAcknowledged",
            "CCCallerStartMonitoring",
            "CCCallerStopMonitoring",
            "CCCallerRecalling",
            "CCRecallComplete",
            "CCFailure",
            "CCMonitorFailed",
        ],
        Of(&["Caller", "Callee"]),
        &[
            Word("for", &Of(&["Callee"])),
            Of(&["Service"]),
            Of(&["Reason"]),
            Word("core", &Of(&["CoreID"])),
        ],
    ),
];
