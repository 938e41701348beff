//! The Actions of Asterisk 1.4 to 23, for as long as the server has not listed
//! its own, and for those that refuse to.

mod keys;

pub(super) use keys::{complete, page};

use super::listing::order;

/// Name and what it does, sorted without regard to case.
pub(super) const ACTIONS: &[(&str, &str)] = &[
    ("AbsoluteTimeout", "Hang up a channel after so many seconds"),
    (
        "AgentCallbackLogin",
        "Log an agent in with a number to call back",
    ),
    ("AgentLogoff", "Log an agent off"),
    ("Agents", "List the agents and what they do"),
    ("AGI", "Run an AGI command on a channel in Async AGI"),
    ("AOCMessage", "Send an advice of charge to a channel"),
    ("Atxfer", "Transfer a call, speaking to its new party first"),
    ("BlindTransfer", "Transfer a call without asking"),
    ("Bridge", "Connect two channels with each other"),
    ("BridgeDestroy", "End a bridge; its channels leave it"),
    ("BridgeInfo", "Show a bridge and the channels in it"),
    ("BridgeKick", "Take a channel out of its bridge"),
    ("BridgeList", "List the bridges"),
    (
        "BridgeTechnologyList",
        "List the kinds of bridges and whether they may be used",
    ),
    (
        "BridgeTechnologySuspend",
        "Use a kind of bridge no longer for new bridges",
    ),
    ("BridgeTechnologyUnsuspend", "Use a kind of bridge again"),
    ("CancelAtxfer", "Call off an attended transfer"),
    ("Challenge", "Ask for the challenge of an MD5 login"),
    ("ChangeMonitor", "Change the file a channel is recorded to"),
    ("Command", "Run a command of the Asterisk CLI"),
    ("ConfbridgeKick", "Throw somebody out of a conference"),
    ("ConfbridgeList", "List who is in a conference"),
    ("ConfbridgeListRooms", "List the conferences going on"),
    ("ConfbridgeLock", "Let nobody more into a conference"),
    ("ConfbridgeMute", "Mute somebody in a conference"),
    (
        "ConfbridgeSetSingleVideoSrc",
        "Show one participant's video to all others",
    ),
    ("ConfbridgeStartRecord", "Begin to record a conference"),
    ("ConfbridgeStopRecord", "Stop recording a conference"),
    ("ConfbridgeUnlock", "Let people into a conference again"),
    ("ConfbridgeUnmute", "Let a muted participant be heard again"),
    (
        "ControlPlayback",
        "Stop, pause or wind what is being played to a channel",
    ),
    ("CoreSettings", "Show versions and limits of the server"),
    (
        "CoreShowChannelMap",
        "List the channels connected to a channel",
    ),
    ("CoreShowChannels", "List the channels in use"),
    (
        "CoreStatus",
        "Show start and reload times and the number of calls",
    ),
    ("CreateConfig", "Make an empty configuration file"),
    ("DAHDIDialOffhook", "Dial a number on an open DAHDI channel"),
    ("DAHDIDNDoff", "Take a DAHDI channel out of do-not-disturb"),
    ("DAHDIDNDon", "Put a DAHDI channel into do-not-disturb"),
    ("DAHDIHangup", "Hang up a DAHDI channel"),
    (
        "DAHDIRestart",
        "Restart all DAHDI channels, ending their calls",
    ),
    ("DAHDIShowChannels", "List the DAHDI channels"),
    ("DAHDIShowStatus", "List the DAHDI spans and their alarms"),
    ("DAHDITransfer", "Flash a DAHDI channel, as for a transfer"),
    ("DataGet", "Read the tree of the data API"),
    ("DBDel", "Delete a key of the server's database"),
    (
        "DBDelTree",
        "Delete a family of the server's database, or part of it",
    ),
    ("DBGet", "Read a key of the server's database"),
    ("DBGetTree", "List keys of the server's database"),
    ("DBPut", "Write a key of the server's database"),
    ("DeviceStateList", "List the device states"),
    ("DialplanExtensionAdd", "Add an extension to the dialplan"),
    (
        "DialplanExtensionRemove",
        "Take an extension out of the dialplan",
    ),
    ("Events", "Choose the classes of events that come"),
    ("ExtensionState", "Show the state of an extension's hint"),
    ("ExtensionStateList", "List the states of all hints"),
    ("FAXSession", "Show a fax session"),
    ("FAXSessions", "List the fax sessions"),
    ("FAXStats", "Show how many faxes came and went"),
    ("Filter", "Add a filter to the events of this session"),
    ("GetConfig", "Show a configuration file"),
    ("GetConfigJSON", "Show a configuration file as JSON"),
    (
        "Getvar",
        "Read a variable or function, of a channel or global",
    ),
    ("Hangup", "Hang up a channel"),
    ("IAXnetstats", "Show the network quality of IAX calls"),
    ("IAXpeerlist", "List the IAX peers"),
    ("IAXpeers", "List the IAX peers"),
    ("IAXregistry", "List the IAX registrations with others"),
    ("JabberSend", "Send a message by Jabber"),
    (
        "ListCategories",
        "List the categories of a configuration file",
    ),
    ("ListCommands", "List the Actions you may send"),
    (
        "LocalOptimizeAway",
        "Let a Local channel drop out of its call",
    ),
    ("LoggerRotate", "Begin new log files"),
    ("Login", "Log in to the manager"),
    ("Logoff", "Log off and end the connection"),
    ("MailboxCount", "Count the messages of a mailbox"),
    ("MailboxStatus", "Tell whether a mailbox has new messages"),
    ("MeetmeList", "List who is in a MeetMe conference"),
    ("MeetmeListRooms", "List the MeetMe conferences going on"),
    ("MeetmeMute", "Mute somebody in a MeetMe conference"),
    (
        "MeetmeUnmute",
        "Let a muted MeetMe participant be heard again",
    ),
    ("MessageSend", "Send a text message outside of a call"),
    ("MixMonitor", "Record a call, both sides mixed"),
    ("MixMonitorMute", "Mute a recording, or let it hear again"),
    ("ModuleCheck", "Tell whether a module is loaded"),
    ("ModuleLoad", "Load, unload or reload a module"),
    ("Monitor", "Record a channel"),
    (
        "MuteAudio",
        "Mute one direction of a channel, or let it be heard again",
    ),
    (
        "MWIDelete",
        "Delete the message count of an external mailbox",
    ),
    ("MWIGet", "Show the message counts of external mailboxes"),
    ("MWIUpdate", "Set the message count of an external mailbox"),
    ("Originate", "Place a call"),
    ("Park", "Park a call"),
    ("ParkedCalls", "List the parked calls"),
    ("Parkinglots", "List the parking lots"),
    ("PauseMonitor", "Pause the recording of a channel"),
    ("Ping", "Ask whether the server is there"),
    (
        "PJSIPHangup",
        "Hang up an incoming PJSIP channel with a SIP code",
    ),
    ("PJSIPNotify", "Send a SIP NOTIFY"),
    (
        "PJSIPQualify",
        "Ask the contacts of a PJSIP endpoint whether they are there",
    ),
    ("PJSIPRegister", "Send an outbound PJSIP registration now"),
    (
        "PJSIPSetMaintenance",
        "Take a PJSIP endpoint into or out of maintenance",
    ),
    ("PJSIPShowAors", "List the PJSIP addresses of record"),
    ("PJSIPShowAuths", "List the PJSIP credentials"),
    ("PJSIPShowContacts", "List the PJSIP contacts"),
    (
        "PJSIPShowEndpoint",
        "Show a PJSIP endpoint with all that belongs to it",
    ),
    ("PJSIPShowEndpoints", "List the PJSIP endpoints"),
    (
        "PJSIPShowMaintenance",
        "Tell which PJSIP endpoints are in maintenance",
    ),
    (
        "PJSIPShowRegistrationInboundContactStatuses",
        "List the states of registered PJSIP contacts",
    ),
    (
        "PJSIPShowRegistrationsInbound",
        "List the PJSIP registrations with this server",
    ),
    (
        "PJSIPShowRegistrationsOutbound",
        "List the PJSIP registrations with others",
    ),
    ("PJSIPShowResourceLists", "List the PJSIP resource lists"),
    (
        "PJSIPShowSubscriptionsInbound",
        "List the PJSIP subscriptions of others",
    ),
    (
        "PJSIPShowSubscriptionsOutbound",
        "List the PJSIP subscriptions with others",
    ),
    ("PJSIPUnregister", "End an outbound PJSIP registration"),
    ("PlayDTMF", "Send a DTMF digit on a channel"),
    ("PlayMF", "Send an MF digit on a channel"),
    ("PresenceState", "Show a presence state"),
    ("PresenceStateList", "List the presence states"),
    ("PRIDebugFileSet", "Write the PRI debug output to a file"),
    (
        "PRIDebugFileUnset",
        "Write the PRI debug output to no file any more",
    ),
    ("PRIDebugSet", "Set the debug level of a PRI span"),
    ("PRIShowSpans", "List the PRI spans"),
    ("QueueAdd", "Add a member to a queue"),
    (
        "QueueChangePriorityCaller",
        "Change the priority of a waiting caller",
    ),
    ("QueueLog", "Write a line to the queue log"),
    (
        "QueueMemberRingInUse",
        "Let a queue member ring while in use, or not",
    ),
    ("QueuePause", "Pause a queue member, or end the pause"),
    ("QueuePenalty", "Set the penalty of a queue member"),
    ("QueueReload", "Read the queue configuration again"),
    ("QueueRemove", "Take a member out of a queue"),
    ("QueueReset", "Set the statistics of a queue to zero"),
    ("QueueRule", "Show the penalty rules of queues"),
    ("Queues", "Show the queues as text"),
    ("QueueStatus", "List queues with their members and callers"),
    ("QueueSummary", "Count the members and callers of queues"),
    (
        "QueueWithdrawCaller",
        "Send a waiting caller back to the dialplan",
    ),
    (
        "Redirect",
        "Send a channel to another place in the dialplan",
    ),
    (
        "Reload",
        "Read the configuration again, all or one module's",
    ),
    ("SendFlash", "Send a hook flash on a channel"),
    ("SendText", "Send a text message to a channel"),
    (
        "SetCDRUserField",
        "Set the user field of a call's detail record",
    ),
    (
        "Setvar",
        "Set a variable or function, of a channel or global",
    ),
    (
        "ShowDialPlan",
        "List contexts and extensions of the dialplan",
    ),
    ("SIPnotify", "Send a NOTIFY to a SIP peer"),
    ("SIPpeers", "List the SIP peers"),
    ("SIPpeerstatus", "Show the state of SIP peers"),
    ("SIPqualifypeer", "Ask a SIP peer whether it is there"),
    ("SIPshowpeer", "Show a SIP peer"),
    ("SIPshowregistry", "List the SIP registrations with others"),
    ("SKINNYdevices", "List the Skinny devices"),
    ("SKINNYlines", "List the Skinny lines"),
    ("SKINNYshowdevice", "Show a Skinny device"),
    ("SKINNYshowline", "Show a Skinny line"),
    (
        "SorceryMemoryCacheExpire",
        "Empty a cache of configuration objects",
    ),
    (
        "SorceryMemoryCacheExpireObject",
        "Drop one object from a cache",
    ),
    (
        "SorceryMemoryCachePopulate",
        "Fill a cache from its source anew",
    ),
    (
        "SorceryMemoryCacheStale",
        "Mark all objects of a cache as out of date",
    ),
    (
        "SorceryMemoryCacheStaleObject",
        "Mark one object of a cache as out of date",
    ),
    ("Status", "Show channels with their callers and times"),
    ("StopMixMonitor", "Stop recording a call"),
    ("StopMonitor", "Stop recording a channel"),
    ("UnpauseMonitor", "Go on recording a channel"),
    ("UpdateConfig", "Change a configuration file"),
    ("UserEvent", "Send an event of your own to all who listen"),
    ("VoicemailBoxSummary", "List the messages of a mailbox"),
    (
        "VoicemailForward",
        "Copy a voicemail message to another mailbox",
    ),
    (
        "VoicemailMove",
        "Move a voicemail message to another folder",
    ),
    ("VoicemailRefresh", "Look for changes in mailboxes now"),
    ("VoicemailRemove", "Delete a voicemail message"),
    ("VoicemailUsersList", "List the voicemail users"),
    ("VoicemailUserStatus", "Show a voicemail user"),
    ("WaitEvent", "Wait until an event comes"),
    ("ZapDialOffhook", "Dial a number on an open Zaptel channel"),
    ("ZapDNDoff", "Take a Zaptel channel out of do-not-disturb"),
    ("ZapDNDon", "Put a Zaptel channel into do-not-disturb"),
    ("ZapHangup", "Hang up a Zaptel channel"),
    (
        "ZapRestart",
        "Restart all Zaptel channels, ending their calls",
    ),
    ("ZapShowChannels", "List the Zaptel channels"),
    ("ZapTransfer", "Flash a Zaptel channel, as for a transfer"),
];

/// The row of `name`, in any case.
pub(super) fn get(name: &str) -> Option<&'static (&'static str, &'static str)> {
    ACTIONS.get(at(name)?)
}

fn at(name: &str) -> Option<usize> {
    let found = ACTIONS.binary_search_by(|(row, _)| order(row, name));
    found.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // The table is searched by halves: a row out of order is never found.
    #[test]
    fn every_row_is_found() {
        for (name, synopsis) in ACTIONS {
            assert_eq!(get(&name.to_lowercase()), Some(&(*name, *synopsis)));
        }
        assert_eq!(get("NoSuch"), None);
    }
}
