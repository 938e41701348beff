//! Calls, and what handles them: channels, queues, bridges, conferences.

use super::super::cell::{Cell, Names};
use super::{APP, CALLER, Column, Kind, PLACE, col, number, seconds, text};
use Cell::{Caller, Cause, Device, Flag, Reason, State};

const CONNECTED: Cell = Caller(&["ConnectedLineName"], &["ConnectedLineNum"]);
const STATE: Names = &["ChannelStateDesc", "State", "ChannelState"];

const CHANNEL: &[Column] = &[
    text("Channel", &["Channel"]),
    col("State", State(STATE)),
    col("Caller", CALLER),
    col("Extension", PLACE),
    seconds("Time", &["Duration", "Seconds"]),
    col("Application", APP),
    col("Connected", CONNECTED),
];

pub(super) const KINDS: &[Kind] = &[
    Kind {
        events: &["CoreShowChannel", "Status", "BridgeInfoChannel"],
        nouns: ("channel", "channels"),
        columns: CHANNEL,
    },
    Kind {
        events: &["QueueParams"],
        nouns: ("queue", "queues"),
        columns: &[
            text("Queue", &["Queue"]),
            text("Strategy", &["Strategy"]),
            number("Calls", &["Calls"]),
            number("Completed", &["Completed"]),
            number("Abandoned", &["Abandoned"]),
            seconds("Hold", &["Holdtime"]),
            seconds("Talk", &["TalkTime"]),
            number("Service %", &["ServicelevelPerf"]),
            number("Weight", &["Weight"]),
            number("Max", &["Max"]),
        ],
    },
    Kind {
        events: &["QueueMember"],
        nouns: ("member", "members"),
        columns: &[
            text("Queue", &["Queue"]),
            text("Member", &["Name", "MemberName"]),
            col("Status", Device(&["Status"])),
            col("Paused", Flag(&["Paused"], "paused")),
            text("Interface", &["Location", "Interface"]),
            number("Calls", &["CallsTaken"]),
            number("Penalty", &["Penalty"]),
            text("Membership", &["Membership"]),
            text("Reason", &["PausedReason"]),
        ],
    },
    Kind {
        events: &["QueueEntry"],
        nouns: ("caller", "callers"),
        columns: &[
            text("Queue", &["Queue"]),
            number("Position", &["Position"]),
            col("Caller", CALLER),
            seconds("Wait", &["Wait"]),
            text("Channel", &["Channel"]),
            number("Priority", &["Priority"]),
        ],
    },
    Kind {
        events: &["QueueSummary"],
        nouns: ("queue", "queues"),
        columns: &[
            text("Queue", &["Queue"]),
            number("Logged in", &["LoggedIn"]),
            number("Available", &["Available"]),
            number("Callers", &["Callers"]),
            seconds("Hold", &["HoldTime"]),
            seconds("Talk", &["TalkTime"]),
            seconds("Longest hold", &["LongestHoldTime"]),
        ],
    },
    Kind {
        events: &["ParkedCall"],
        nouns: ("parked call", "parked calls"),
        columns: &[
            text("Space", &["ParkingSpace", "Exten"]),
            text("Lot", &["ParkingLot", "Parkinglot"]),
            text("Channel", &["ParkeeChannel", "Channel"]),
            col(
                "Caller",
                Caller(
                    &["ParkeeCallerIDName", "CallerIDName"],
                    &["ParkeeCallerIDNum", "CallerIDNum"],
                ),
            ),
            seconds("Parked", &["ParkingDuration"]),
            seconds("Timeout", &["ParkingTimeout", "Timeout"]),
        ],
    },
    Kind {
        events: &["Parkinglot"],
        nouns: ("parking lot", "parking lots"),
        columns: &[
            text("Lot", &["Name"]),
            number("First", &["StartSpace", "StartExten"]),
            number("Last", &["StopSpace", "StopExten"]),
            seconds("Timeout", &["Timeout"]),
        ],
    },
    Kind {
        events: &["Agents"],
        nouns: ("agent", "agents"),
        columns: &[
            text("Agent", &["Agent"]),
            text("Name", &["Name"]),
            text("Status", &["Status"]),
            text("Channel", &["Channel", "LoggedInChan"]),
            text("Talking to", &["TalkingToChan", "TalkingTo"]),
        ],
    },
    Kind {
        events: &["BridgeListItem"],
        nouns: ("bridge", "bridges"),
        columns: &[
            text("Bridge", &["BridgeUniqueid"]),
            number("Channels", &["BridgeNumChannels"]),
            text("Type", &["BridgeType"]),
            text("Technology", &["BridgeTechnology"]),
            text("Name", &["BridgeName"]),
        ],
    },
    Kind {
        events: &["ConfbridgeList"],
        nouns: ("participant", "participants"),
        columns: &[
            text("Conference", &["Conference"]),
            text("Channel", &["Channel"]),
            col("Caller", CALLER),
            col("Admin", Flag(&["Admin"], "admin")),
            col("Muted", Flag(&["Muted"], "muted")),
            seconds("Time", &["AnsweredTime"]),
        ],
    },
    Kind {
        events: &["OriginateResponse"],
        nouns: ("call", "calls"),
        columns: &[
            text("Channel", &["Channel"]),
            text("Response", &["Response"]),
            col("Reason", Reason(&["Reason"])),
            text("Uniqueid", &["Uniqueid"]),
        ],
    },
    Kind {
        events: &["ChannelHungup"],
        nouns: ("channel", "channels"),
        columns: &[
            text("Channel", &["Channel"]),
            col("Cause", Cause(&["Cause"])),
        ],
    },
    Kind {
        events: &["ConfbridgeListRooms", "MeetmeListRooms"],
        nouns: ("conference", "conferences"),
        columns: &[
            text("Conference", &["Conference"]),
            number("Parties", &["Parties"]),
            number("Marked", &["Marked"]),
            col("Locked", Flag(&["Locked"], "locked")),
            col("Muted", Flag(&["Muted"], "muted")),
            text("Since", &["Activity"]),
        ],
    },
    Kind {
        events: &["MeetmeList"],
        nouns: ("participant", "participants"),
        columns: &[
            text("Conference", &["Conference"]),
            text("User", &["UserNumber"]),
            text("Channel", &["Channel"]),
            col("Caller", CALLER),
            col("Admin", Flag(&["Admin"], "admin")),
            text("Muted", &["Muted"]),
            text("Talking", &["Talking"]),
        ],
    },
    Kind {
        events: &["BridgeTechnologyListItem"],
        nouns: ("technology", "technologies"),
        columns: &[
            text("Technology", &["BridgeTechnology"]),
            text("Type", &["BridgeType"]),
            number("Priority", &["BridgePriority"]),
            col("Suspended", Flag(&["BridgeSuspended"], "suspended")),
        ],
    },
    Kind {
        events: &["FAXSessionsEntry"],
        nouns: ("fax session", "fax sessions"),
        columns: &[
            text("Channel", &["Channel"]),
            text("Session", &["SessionNumber"]),
            text("Operation", &["Operation"]),
            text("State", &["State"]),
            text("Technology", &["Technology"]),
            text("Files", &["Files"]),
        ],
    },
];
