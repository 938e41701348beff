//! Values for the keys of Actions, as they are on the server at the moment:
//! which of its things a key names, what to ask for them, and what the answer
//! says.

mod keys;
mod read;
mod sources;
#[cfg(test)]
mod tests;

pub use keys::{Wanted, wanted};
pub use read::device;
pub use sources::Source;

/// Things that a server has, of which one is a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Agents of app_agent_pool and chan_agent.
    Agents,
    /// PJSIP addresses of record.
    Aors,
    /// Applications of the dialplan.
    Applications,
    /// Bridges going on.
    Bridges,
    /// Kinds of bridges.
    BridgeTechnologies,
    /// Caches of sorcery objects.
    Caches,
    /// Who waits in this queue.
    Callers(String),
    /// Sections of this configuration file.
    Categories(String),
    /// Calls in progress have one each at least.
    Channels,
    /// Words that the server's own completion offers at the end of this CLI line.
    Cli(String),
    /// Conferences of ConfBridge.
    Conferences,
    /// Configuration files that were read.
    ConfigFiles,
    /// Parts of the dialplan.
    Contexts,
    /// DAHDI channels.
    DahdiChannels,
    /// Devices whose state somebody asked for.
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
    /// Places to park calls.
    ParkingLots,
    /// Who is in this conference of ConfBridge.
    Participants(String),
    /// Providers of presence.
    PresenceStates,
    /// Steps of this extension, in this context.
    Priorities(String, String),
    /// Queues.
    Queues,
    /// Outbound PJSIP registrations.
    Registrations,
    /// Rules of queues.
    Rules,
    /// chan_sip peers.
    SipPeers,
    /// Users of the manager.
    Users,
}

/// One value, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// As it is written in an Action.
    pub text: String,
    /// What it is, or what state it is in.
    pub about: String,
}
