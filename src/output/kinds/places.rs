//! Where calls come from and go to: peers, devices, mailboxes, the dialplan, the
//! database.

use super::super::cell::Cell;
use super::{APP, Kind, col, number, seconds, text};
use Cell::{Address, Place};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        events: &["PeerEntry"],
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
        events: &["EndpointList"],
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
        events: &["ContactList", "ContactStatusDetail"],
        nouns: ("contact", "contacts"),
        columns: &[
            text("Endpoint", &["Endpoint", "EndpointName"]),
            text("Status", &["Status"]),
            text("URI", &["Uri", "URI"]),
            text("Roundtrip µs", &["RoundtripUsec"]),
            text("User agent", &["UserAgent"]),
        ],
    },
    Kind {
        events: &["AorList"],
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
        events: &["AuthList"],
        nouns: ("auth", "auths"),
        columns: &[
            text("Auth", &["ObjectName"]),
            text("Type", &["AuthType"]),
            text("User", &["Username"]),
            text("Realm", &["Realm"]),
        ],
    },
    Kind {
        events: &["OutboundRegistrationDetail"],
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
        events: &["RegistryEntry"],
        nouns: ("registration", "registrations"),
        columns: &[
            col("Host", Address(&["Host"], &["Port"])),
            text("User", &["Username"]),
            text("State", &["State"]),
            text("Domain", &["Domain"]),
        ],
    },
    Kind {
        events: &["DBGetResponse"],
        nouns: ("entry", "entries"),
        columns: &[
            text("Family", &["Family"]),
            text("Key", &["Key"]),
            text("Value", &["Val"]),
        ],
    },
    Kind {
        events: &["DBGetTreeResponse"],
        nouns: ("entry", "entries"),
        columns: &[text("Key", &["Key"]), text("Value", &["Val"])],
    },
    Kind {
        events: &["ExtensionStatus"],
        nouns: ("hint", "hints"),
        columns: &[
            col("Extension", Place(&["Exten"], &["Context"], &[])),
            text("Status", &["StatusText", "Status"]),
            text("Hint", &["Hint"]),
        ],
    },
    Kind {
        events: &["ListDialplan"],
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
        events: &["VoicemailUserEntry", "VoicemailUserDetail"],
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
        events: &["DeviceStateChange"],
        nouns: ("device", "devices"),
        columns: &[text("Device", &["Device"]), text("State", &["State"])],
    },
    Kind {
        events: &["PresenceStateChange"],
        nouns: ("presence state", "presence states"),
        columns: &[
            text("Presentity", &["Presentity"]),
            text("Status", &["Status"]),
            text("Subtype", &["Subtype"]),
            text("Message", &["Message"]),
        ],
    },
    Kind {
        events: &["PeerStatus"],
        nouns: ("peer", "peers"),
        columns: &[
            text("Peer", &["Peer"]),
            text("Status", &["PeerStatus"]),
            text("Cause", &["Cause"]),
            text("Address", &["Address"]),
            number("ms", &["Time"]),
        ],
    },
    Kind {
        events: &["MWIGet"],
        nouns: ("mailbox", "mailboxes"),
        columns: &[
            text("Mailbox", &["Mailbox"]),
            number("New", &["NewMessages"]),
            number("Old", &["OldMessages"]),
        ],
    },
    // 1.4 calls them Zap.
    Kind {
        events: &["DAHDIShowChannels", "ZapShowChannels"],
        nouns: ("line", "lines"),
        columns: &[
            text("Line", &["DAHDIChannel", "Channel"]),
            text("Signalling", &["Signalling"]),
            text("Context", &["Context"]),
            text("Alarm", &["Alarm"]),
            text("DND", &["DND"]),
            text("Account", &["AccountCode"]),
        ],
    },
    Kind {
        events: &["DAHDIShowStatus"],
        nouns: ("span", "spans"),
        columns: &[
            text("Span", &["Description"]),
            text("Alarms", &["Alarms"]),
            number("IRQ", &["IRQ"]),
            number("Violations", &["bpviol"]),
            text("Framing", &["Framing"]),
            text("Coding", &["Coding"]),
        ],
    },
    Kind {
        events: &["PRIShowSpans"],
        nouns: ("D-channel", "D-channels"),
        columns: &[
            number("Span", &["Span"]),
            text("D-channel", &["DChannel"]),
            text("Order", &["Order"]),
            text("Active", &["Active"]),
            text("Alarm", &["Alarm"]),
            text("Up", &["Up"]),
        ],
    },
    Kind {
        events: &["InboundSubscriptionDetail", "OutboundSubscriptionDetail"],
        nouns: ("subscription", "subscriptions"),
        columns: &[
            text("Endpoint", &["Endpoint"]),
            text("State", &["State", "SubState"]),
            text("Caller", &["Callerid"]),
            text("Call-ID", &["Callid"]),
        ],
    },
];
