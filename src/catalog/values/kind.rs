//! The kinds of things on a server whose names are values of keys.

use crate::peer_text::PeerText;

/// A kind of things on a server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Agents of app_agent_pool and chan_agent.
    Agents,
    /// PJSIP addresses of record.
    Aors,
    /// Applications of the dialplan.
    Applications,
    /// Active bridges.
    Bridges,
    /// Bridge technologies.
    BridgeTechnologies,
    /// Caches of sorcery objects.
    Caches,
    /// Callers waiting in this queue.
    Callers(String),
    /// Sections of this configuration file.
    Categories(String),
    /// Active channels.
    Channels,
    /// What the server's own completion offers at the end of this CLI line.
    Cli(String),
    /// Conferences of ConfBridge.
    Conferences,
    /// Configuration files that were loaded.
    ConfigFiles,
    /// Contexts of the dialplan.
    Contexts,
    /// DAHDI channels.
    DahdiChannels,
    /// Devices that have a state.
    Devices,
    /// PJSIP endpoints.
    Endpoints,
    /// Extensions of this context.
    Extensions(String),
    /// Families of the server's database.
    Families,
    /// Faxes being sent or received.
    FaxSessions,
    /// Functions of the dialplan.
    Functions,
    /// Extensions with a hint.
    Hints,
    /// IAX peers.
    IaxPeers,
    /// Keys of this family of the server's database.
    Keys(String),
    /// Modules that could be loaded.
    LoadableModules,
    /// Mailboxes of app_voicemail.
    Mailboxes,
    /// Conferences of MeetMe.
    MeetmeRooms,
    /// Members of this queue; of every queue where it is empty.
    Members(String),
    /// Modules that are loaded.
    Modules,
    /// Calls that are parked.
    ParkedCalls,
    /// Parking lots.
    ParkingLots,
    /// Participants of this ConfBridge conference.
    Participants(String),
    /// Presence providers.
    PresenceStates,
    /// Priorities of this extension, in this context.
    Priorities(String, String),
    /// Queues.
    Queues,
    /// Outbound PJSIP registrations.
    Registrations,
    /// Queue rules.
    Rules,
    /// chan_sip peers.
    SipPeers,
    /// AMI users.
    Users,
}

/// A value and its description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// As written in an Action, to be quoted when inserted into a line.
    pub text: PeerText<'static>,
    /// What it is, or what state it is in.
    pub about: PeerText<'static>,
}

impl Value {
    /// Approximate memory in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Value>() + self.text.bytes().len() + self.about.bytes().len()
    }
}
