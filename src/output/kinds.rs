//! The columns of the lists that people ask for, the most telling first: a
//! narrow terminal leaves out the last ones.

use super::cell::{Cell, Names};
use Cell::{Address, App, Caller, Cause, Device, Duration, Flag, Of, Place, Reason};

/// One of them, several.
pub(super) type Nouns = (&'static str, &'static str);

/// A kind of list item.
pub(super) struct Kind {
    /// The name of its event.
    event: &'static str,
    pub(super) nouns: Nouns,
    pub(super) columns: &'static [Column],
}

pub(super) struct Column {
    pub(super) heading: &'static str,
    pub(super) cell: Cell,
    /// Numbers stand on the right.
    pub(super) number: bool,
}

/// The kind of the items of this event. None where nothing is known of it.
pub(super) fn of(event: &str) -> Option<&'static Kind> {
    KINDS
        .iter()
        .find(|kind| kind.event.eq_ignore_ascii_case(event))
}

/// What a list whose completion event has this name would hold.
pub(super) fn none_of(completion: &str) -> Option<&'static str> {
    let found = EMPTY
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(completion));
    found.map(|(_, nouns)| *nouns)
}

const fn col(heading: &'static str, cell: Cell) -> Column {
    Column {
        heading,
        cell,
        number: false,
    }
}

const fn text(heading: &'static str, names: Names) -> Column {
    col(heading, Of(names))
}

const fn number(heading: &'static str, names: Names) -> Column {
    Column {
        heading,
        cell: Of(names),
        number: true,
    }
}

const fn seconds(heading: &'static str, names: Names) -> Column {
    Column {
        heading,
        cell: Duration(names),
        number: true,
    }
}

const CALLER: Cell = Caller(&["CallerIDName"], &["CallerIDNum", "CallerID"]);
const CONNECTED: Cell = Caller(&["ConnectedLineName"], &["ConnectedLineNum"]);
const PLACE: Cell = Place(&["Exten", "Extension"], &["Context"], &["Priority"]);
const APP: Cell = App(&["Application"], &["ApplicationData", "AppData", "Data"]);
const STATE: Names = &["ChannelStateDesc", "State", "ChannelState"];

const CHANNEL: &[Column] = &[
    text("Channel", &["Channel"]),
    text("State", STATE),
    col("Caller", CALLER),
    col("Extension", PLACE),
    seconds("Time", &["Duration", "Seconds"]),
    col("Application", APP),
    col("Connected", CONNECTED),
];

const KINDS: &[Kind] = &[
    Kind {
        event: "CoreShowChannel",
        nouns: ("channel", "channels"),
        columns: CHANNEL,
    },
    Kind {
        event: "Status",
        nouns: ("channel", "channels"),
        columns: CHANNEL,
    },
    Kind {
        event: "BridgeInfoChannel",
        nouns: ("channel", "channels"),
        columns: CHANNEL,
    },
    Kind {
        event: "QueueParams",
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
        event: "QueueMember",
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
        event: "QueueEntry",
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
        event: "QueueSummary",
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
        event: "PeerEntry",
        nouns: ("peer", "peers"),
        columns: &[
            text("Peer", &["ObjectName"]),
            text("Technology", &["Channeltype"]),
            text("Status", &["Status"]),
            col("Address", Address(&["IPaddress", "IPAddress"], &["IPport"])),
            text("Dynamic", &["Dynamic"]),
            text("Description", &["Description"]),
        ],
    },
    Kind {
        event: "EndpointList",
        nouns: ("endpoint", "endpoints"),
        columns: &[
            text("Endpoint", &["ObjectName"]),
            text("State", &["DeviceState"]),
            text("Channels", &["ActiveChannels"]),
            text("AOR", &["Aor"]),
            text("Contacts", &["Contacts"]),
            text("Transport", &["Transport"]),
        ],
    },
    Kind {
        event: "ContactList",
        nouns: ("contact", "contacts"),
        columns: &[
            text("Endpoint", &["Endpoint", "EndpointName"]),
            text("Status", &["Status"]),
            text("URI", &["Uri"]),
            text("Roundtrip µs", &["RoundtripUsec"]),
            text("User agent", &["UserAgent"]),
        ],
    },
    Kind {
        event: "AorList",
        nouns: ("AOR", "AORs"),
        columns: &[
            text("AOR", &["ObjectName"]),
            number("Max", &["MaxContacts"]),
            number("Now", &["TotalContacts", "ContactsRegistered"]),
            text("Contacts", &["Contacts"]),
        ],
    },
    // The item has the password as well: never by default.
    Kind {
        event: "AuthList",
        nouns: ("auth", "auths"),
        columns: &[
            text("Auth", &["ObjectName"]),
            text("Type", &["AuthType"]),
            text("User", &["Username"]),
            text("Realm", &["Realm"]),
        ],
    },
    Kind {
        event: "OutboundRegistrationDetail",
        nouns: ("registration", "registrations"),
        columns: &[
            text("Registration", &["ObjectName"]),
            text("Status", &["Status"]),
            text("Server", &["ServerUri"]),
            text("Client", &["ClientUri"]),
            seconds("Next", &["NextReg"]),
        ],
    },
    Kind {
        event: "RegistryEntry",
        nouns: ("registration", "registrations"),
        columns: &[
            col("Host", Address(&["Host"], &["Port"])),
            text("User", &["Username"]),
            text("State", &["State"]),
            text("Domain", &["Domain"]),
        ],
    },
    Kind {
        event: "DBGetResponse",
        nouns: ("entry", "entries"),
        columns: &[
            text("Family", &["Family"]),
            text("Key", &["Key"]),
            text("Value", &["Val"]),
        ],
    },
    Kind {
        event: "DBGetTreeResponse",
        nouns: ("entry", "entries"),
        columns: &[text("Key", &["Key"]), text("Value", &["Val"])],
    },
    Kind {
        event: "ParkedCall",
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
        event: "Parkinglot",
        nouns: ("parking lot", "parking lots"),
        columns: &[
            text("Lot", &["Name"]),
            number("First", &["StartSpace", "StartExten"]),
            number("Last", &["StopSpace", "StopExten"]),
            seconds("Timeout", &["Timeout"]),
        ],
    },
    Kind {
        event: "Agents",
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
        event: "BridgeListItem",
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
        event: "ConfbridgeList",
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
        event: "ExtensionStatus",
        nouns: ("hint", "hints"),
        columns: &[
            col("Extension", Place(&["Exten"], &["Context"], &[])),
            text("Status", &["StatusText", "Status"]),
            text("Hint", &["Hint"]),
        ],
    },
    Kind {
        event: "ListDialplan",
        nouns: ("line", "lines"),
        columns: &[
            text("Context", &["Context", "IncludeContext"]),
            text("Extension", &["Extension", "Switch", "IncludeContext"]),
            text("Priority", &["Priority"]),
            col("Application", APP),
            text("Label", &["ExtensionLabel"]),
            text("Registrar", &["Registrar"]),
        ],
    },
    Kind {
        event: "VoicemailUserEntry",
        nouns: ("mailbox", "mailboxes"),
        columns: &[
            col("Mailbox", Place(&["VoiceMailbox"], &["VMContext"], &[])),
            text("Name", &["Fullname"]),
            number("New", &["NewMessageCount"]),
            number("Old", &["OldMessageCount"]),
            text("Email", &["Email"]),
        ],
    },
    Kind {
        event: "OriginateResponse",
        nouns: ("call", "calls"),
        columns: &[
            text("Channel", &["Channel"]),
            text("Response", &["Response"]),
            col("Reason", Reason(&["Reason"])),
            text("Uniqueid", &["Uniqueid"]),
        ],
    },
    Kind {
        event: "ChannelHungup",
        nouns: ("channel", "channels"),
        columns: &[
            text("Channel", &["Channel"]),
            col("Cause", Cause(&["Cause"])),
        ],
    },
];

/// What is said of a list without items.
const EMPTY: &[(&str, &str)] = &[
    ("CoreShowChannelsComplete", "channels"),
    ("StatusComplete", "channels"),
    ("QueueStatusComplete", "queues"),
    ("QueueSummaryComplete", "queues"),
    ("PeerlistComplete", "peers"),
    ("EndpointListComplete", "endpoints"),
    ("AorListComplete", "AORs"),
    ("AuthListComplete", "auths"),
    ("ContactListComplete", "contacts"),
    ("RegistrationsComplete", "registrations"),
    ("OutboundRegistrationDetailComplete", "registrations"),
    ("InboundRegistrationDetailComplete", "registrations"),
    ("OutboundSubscriptionDetailComplete", "subscriptions"),
    ("InboundSubscriptionDetailComplete", "subscriptions"),
    ("ParkedCallsComplete", "parked calls"),
    ("ParkinglotsComplete", "parking lots"),
    ("AgentsComplete", "agents"),
    ("BridgeListComplete", "bridges"),
    ("ConfbridgeListComplete", "participants"),
    ("DeviceStateListComplete", "device states"),
    ("ExtensionStateListComplete", "hints"),
    ("PresenceStateListComplete", "presence states"),
    ("VoicemailUserEntryComplete", "mailboxes"),
    ("DBGetTreeComplete", "entries"),
    ("FAXSessionsComplete", "fax sessions"),
    ("ChannelsHungupListComplete", "channels to hang up"),
    ("WaitEventComplete", "events"),
];
