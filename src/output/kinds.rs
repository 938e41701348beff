//! The columns of the lists that people ask for, the most telling first: a
//! narrow terminal leaves out the last ones.

mod calls;
mod places;

use super::cell::{Cell, Names};
use Cell::{Caller, Duration, Of, Place};

/// One of them, several.
pub(super) type Nouns = (&'static str, &'static str);

/// A kind of list item.
pub(super) struct Kind {
    /// The names of its events: an item may be the same in several lists.
    events: &'static [&'static str],
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
    let is = |name: &&str| name.eq_ignore_ascii_case(event);
    let mut kinds = calls::KINDS.iter().chain(places::KINDS);
    kinds.find(|kind| kind.events.iter().any(is))
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
const PLACE: Cell = Place(&["Exten", "Extension"], &["Context"], &["Priority"]);
const APP: Cell = Cell::App(&["Application"], &["ApplicationData", "AppData", "Data"]);

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
    ("ConfbridgeListRoomsComplete", "conferences"),
    ("MeetmeListComplete", "participants"),
    ("MeetmeListRoomsComplete", "conferences"),
    ("BridgeInfoComplete", "channels"),
    ("BridgeTechnologyListComplete", "technologies"),
    ("CoreShowChannelMapComplete", "channels"),
    ("DAHDIShowChannelsComplete", "lines"),
    ("DAHDIShowStatusComplete", "spans"),
    ("ZapShowChannelsComplete", "lines"),
    ("PRIShowSpansComplete", "D-channels"),
    ("EndpointDetailComplete", "endpoints"),
    ("ContactStatusDetailComplete", "contacts"),
    ("ResourceListDetailComplete", "resource lists"),
    ("PJSIPMaintenanceStatusComplete", "endpoints in maintenance"),
    ("MWIGetComplete", "mailboxes"),
    ("VoicemailUserDetailComplete", "mailboxes"),
    ("VoicemailBoxDetailComplete", "messages"),
    ("DBGetComplete", "entries"),
    ("ShowDialPlanComplete", "extensions"),
];
