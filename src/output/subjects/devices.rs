//! Peers, registrations, states of devices, mailboxes, lines.

use super::super::cell::Cell::{Address, Of, Place, Unit, Word};
use super::{Line, NO_NAMES, line};

pub(super) const LINES: &[Line] = &[
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
        &["MessageWaiting"],
        Of(&["Mailbox"]),
        &[Word("new", &Of(&["New"])), Word("old", &Of(&["Old"]))],
    ),
    line(
        &["PeerEntry"],
        Of(&["ObjectName"]),
        &[
            Of(&["Status"]),
            Address(&["IPaddress", "IPAddress"], &["IPport", "IPPort", "Port"]),
        ],
    ),
    line(
        &["SIPQualifyPeerDone", "PeerlistComplete"],
        Of(&["Peer"]),
        &[],
    ),
    line(
        &["AorDetail", "AorList"],
        Of(&["ObjectName"]),
        &[
            Word("contacts", &Of(&["Contacts"])),
            Word("at most", &Of(&["MaxContacts"])),
        ],
    ),
    line(
        &["AuthDetail", "AuthList"],
        Of(&["ObjectName"]),
        &[Of(&["AuthType"]), Of(&["Username"])],
    ),
    line(
        &["EndpointDetail", "EndpointList"],
        Of(&["ObjectName"]),
        &[
            Of(&["DeviceState"]),
            Word("channels", &Of(&["ActiveChannels"])),
            Word("aors", &Of(&["Aors", "Aor"])),
        ],
    ),
    line(
        &["ContactList"],
        Of(&["ObjectName"]),
        &[
            Of(&["Status"]),
            Of(&["Uri"]),
            Unit(&["RoundtripUsec"], "µs"),
        ],
    ),
    line(
        &["ContactStatusDetail"],
        Of(&["AOR"]),
        &[
            Of(&["Status"]),
            Of(&["URI"]),
            Unit(&["RoundtripUsec"], "µs"),
        ],
    ),
    line(
        &["IdentifyDetail"],
        Of(&["ObjectName"]),
        &[
            Word("endpoint", &Of(&["Endpoint"])),
            Word("match", &Of(&["Match"])),
        ],
    ),
    line(
        &["TransportDetail"],
        Of(&["ObjectName"]),
        &[Of(&["Protocol"]), Of(&["Bind"])],
    ),
    line(
        &["ResourceListDetail"],
        Of(&["ObjectName"]),
        &[Of(&["ListItem"])],
    ),
    line(
        &["InboundRegistrationDetail"],
        Of(&["ObjectName"]),
        &[Word("contacts", &Of(&["Contacts"]))],
    ),
    line(
        &["OutboundRegistrationDetail"],
        Of(&["ObjectName"]),
        &[Of(&["Status"]), Of(&["ServerUri"]), Of(&["ClientUri"])],
    ),
    line(
        &["InboundSubscriptionDetail", "OutboundSubscriptionDetail"],
        Of(&["Endpoint"]),
        &[
            Of(&["SubscriptionType"]),
            Of(&["State"]),
            Of(&["Extension", "Mailboxes"]),
        ],
    ),
    line(
        &["PJSIPMaintenanceStatus"],
        Of(&["Endpoint"]),
        &[Of(&["Status"])],
    ),
    line(
        &["MWIGet"],
        Of(&["Mailbox"]),
        &[
            Word("new", &Of(&["NewMessages"])),
            Word("old", &Of(&["OldMessages"])),
        ],
    ),
    line(
        &["MiniVoiceMail"],
        Of(&["Mailbox"]),
        &[Of(&["Action"]), Word("messages", &Of(&["Counter"]))],
    ),
    // Of the password the line keeps silent.
    line(&["VoicemailPasswordChange"], Of(&["Mailbox"]), &[]),
    line(
        &["DNDState"],
        Of(&["DAHDIChannel", "Channel"]),
        &[Of(&["Status"])],
    ),
    line(
        &["Alarm"],
        Of(&["DAHDIChannel", "Channel"]),
        &[Of(&["Alarm"])],
    ),
    line(&["AlarmClear"], Of(&["DAHDIChannel", "Channel"]), &[]),
    line(
        &["SpanAlarm"],
        Word("span", &Of(&["Span"])),
        &[Of(&["Alarm"])],
    ),
    line(&["SpanAlarmClear"], Word("span", &Of(&["Span"])), &[]),
    line(
        &["JabberEvent", "JabberStatus"],
        Of(&["Account", "JID"]),
        &[Of(&["Packet", "Status"])],
    ),
];
