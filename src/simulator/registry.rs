//! The registered actions and their documentation. Their handlers are in `actions`.

use super::config::Version;

/// An action, its synopsis, and who may run it.
pub(super) struct Action {
    pub(super) name: &'static str,
    /// With the trailing blank that Asterisk's XML documentation leaves there.
    pub(super) synopsis: &'static str,
    /// The user needs one of these classes; empty means open to all.
    pub(super) classes: &'static str,
    /// The version of Asterisk that introduced it.
    pub(super) since: &'static str,
    pub(super) description: &'static str,
    pub(super) arguments: &'static [Argument],
}

/// A key of an action: its name, whether it is required, and its description.
pub(super) type Argument = (&'static str, bool, &'static str);

impl Action {
    /// The privilege as Asterisk prints it.
    pub(super) fn privilege(&self) -> String {
        if self.classes.is_empty() {
            "<none>".into()
        } else {
            format!("{},all", self.classes)
        }
    }
}

const FAMILY: Argument = ("Family", true, "The family of the entry.");
const KEY: Argument = ("Key", true, "The key within the family.");
const QUEUE: Argument = ("Queue", true, "The name of the queue.");
const INTERFACE: Argument = (
    "Interface",
    true,
    "The member's interface, technology and address.",
);
const LEG: Argument = ("Channel", true, "The name of the channel.");
const CONFERENCE: Argument = ("Conference", true, "The name of the conference.");
const MAILBOX: Argument = ("Mailbox", true, "The mailbox, as in 101@default.");
const ANY_CHANNEL: Argument = (
    "Channel",
    false,
    "The channel. Without it the variable is a global one.",
);

/// In the order of Asterisk 22: sorted without regard to case.
#[rustfmt::skip]
pub(super) static ACTIONS: &[Action] = &[
    action("AGI", "Add an AGI command to execute by Async AGI. ", "agi", "1.6.0", "Gives a command to a channel that waits in Async AGI.", &[LEG, ("Command", true, "The AGI command."), ("CommandID", false, "What the events about the command carry.")]),
    action("Atxfer", "Attended transfer. ", "call", "1.6.1.0", "Has a channel of a call consult an extension, which takes the call once the channel hangs up.", &[LEG, ("Exten", true, "The extension to consult."), ("Context", false, "The context of the extension.")]),
    action("BlindTransfer", "Blind transfer channel(s) to the given destination ", "call", "12.0.0", "Sends whoever a channel talks to elsewhere, and ends the channel.", &[LEG, ("Context", false, "The context of the extension."), ("Exten", false, "The extension to go to.")]),
    action("CancelAtxfer", "Cancel an attended transfer. ", "call", "13.18.0", "Ends the consultation of a channel, which returns to its call.", &[LEG]),
    action("Challenge", "Generate Challenge for MD5 Auth. ", "", "0.4.0", "Gives a challenge for a login by MD5.", &[("AuthType", true, "The digest to use. Only MD5 is known.")]),
    action("Command", "Execute Asterisk CLI Command. ", "command", "0.3.0", "Runs a command of the command line.", &[("Command", true, "The command line.")]),
    action("ConfbridgeKick", "Kick a Confbridge user. ", "call", "10.0.0", "Takes somebody out of a conference.", &[CONFERENCE, ("Channel", true, "The channel, or 'all'.")]),
    action("ConfbridgeList", "List participants in a conference. ", "reporting", "10.0.0", "Lists who is in a conference.", &[CONFERENCE]),
    action("ConfbridgeListRooms", "List active conferences. ", "reporting", "10.0.0", "Lists the conferences that take place.", &[]),
    action("ConfbridgeMute", "Mute a Confbridge user. ", "call", "10.0.0", "Mutes somebody in a conference.", &[CONFERENCE, ("Channel", true, "The channel, the beginning of its name, or 'all'.")]),
    action("ConfbridgeUnmute", "Unmute a Confbridge user. ", "call", "10.0.0", "Ends the muting of somebody in a conference.", &[CONFERENCE, ("Channel", true, "The channel, the beginning of its name, or 'all'.")]),
    action("CoreSettings", "Show PBX core settings (version etc). ", "system,reporting", "1.6.0", "Asks for the settings of the core.", &[]),
    action("CoreShowChannels", "List currently active channels. ", "system,reporting", "1.6.0", "Lists the channels that are there, and what they do.", &[]),
    action("CoreStatus", "Show PBX core status variables. ", "system,reporting", "1.6.0", "Asks for the state of the core.", &[]),
    action("DBDel", "Delete DB entry. ", "system", "1.6.0", "Deletes an entry of the database.", &[FAMILY, KEY]),
    action("DBDelTree", "Delete DB Tree. ", "system", "1.6.0", "Deletes a family of the database, or a part of it.", &[FAMILY, ("Key", false, "Where within the family to begin.")]),
    action("DBGet", "Get DB Entry. ", "system,reporting", "1.2.0", "Reads an entry of the database.", &[FAMILY, KEY]),
    action("DBGetTree", "Get DB entries, optionally at a particular family/key ", "system,reporting", "16.28.0", "Reads a family of the database, or a part of it.", &[("Family", false, "The family. Without it everything."), ("Key", false, "Where within the family to begin.")]),
    action("DBPut", "Put DB entry. ", "system", "1.2.0", "Writes an entry of the database.", &[FAMILY, KEY, ("Val", false, "The value.")]),
    action("DeviceStateList", "List the current known device states. ", "call,reporting", "13.0.0", "Lists the states of devices.", &[]),
    action("Events", "Control Event Flow. ", "", "0.9.0", "Chooses which events are sent to this session.", &[("EventMask", true, "on, off, or classes of events with commas between them, such as system,call,log.")]),
    action("ExtensionState", "Check Extension Status. ", "call,reporting", "0.4.0", "Asks for the state of an extension by its hint.", &[("Exten", true, "The extension."), ("Context", true, "The context of the extension.")]),
    action("ExtensionStateList", "List the current known extension states. ", "call,reporting", "13.0.0", "Lists the extensions that have a hint, and their states.", &[]),
    action("Getvar", "Gets a channel variable or function value. ", "call,reporting", "1.0.0", "Reads a variable of a channel, a global variable or a function.", &[ANY_CHANNEL, ("Variable", true, "The name of the variable or function.")]),
    action("Hangup", "Hangup channel. ", "system,call", "0.2.0", "Ends a channel, or all whose names match.", &[("Channel", true, "The name of the channel, or a regular expression between slashes."), ("Cause", false, "The number of the cause of the hangup.")]),
    action("ListCommands", "List available manager commands. ", "", "1.0.0", "Lists the actions that this user may use, each with its synopsis.", &[]),
    action("Login", "Login Manager. ", "", "0.2.0", "Logs in.", &[("Username", true, "The user."), ("AuthType", false, "MD5, if the key of a challenge is given."), ("Secret", false, "The user's secret."), ("Key", false, "The digest of challenge and secret."), ("Events", false, "on, off, or classes of events, as for the action Events.")]),
    action("Logoff", "Logoff Manager. ", "", "0.2.0", "Ends this session.", &[]),
    action("MailboxCount", "Check Mailbox Message Count. ", "call,reporting", "0.5.0", "Counts the messages in a mailbox.", &[MAILBOX]),
    action("MailboxStatus", "Check mailbox. ", "call,reporting", "0.4.0", "Tells whether new messages are in a mailbox.", &[MAILBOX]),
    action("MixMonitor", "Record a call and mix the audio during the recording.  Use of StopMixMonitor is required to guarantee the audio file is available for processing during dialplan execution. ", "system", "11.0.0", "Records a channel. The built-in PBX has no sound, and writes no file.", &[LEG, ("File", false, "The file to write."), ("Options", false, "Options, as those of the application MixMonitor."), ("Command", false, "What to run at the end.")]),
    action("MuteAudio", "Mute an audio stream. ", "system", "1.8.0", "Mutes a channel, or ends the muting.", &[LEG, ("Direction", true, "in, out or all."), ("State", true, "on or off.")]),
    action("Originate", "Originate a call. ", "originate", "0.2.0", "Calls a channel and connects it, once it answers, to an extension or an application.", &[
        ("Channel", true, "The channel to call."),
        ("Exten", false, "The extension to run; needs 'Context' and 'Priority'."),
        ("Context", false, "The context of the extension; needs 'Exten' and 'Priority'."),
        ("Priority", false, "The priority to begin with; needs 'Exten' and 'Context'."),
        ("Application", false, "The application to run."),
        ("Data", false, "What to give the application; needs 'Application'."),
        ("Timeout", false, "How long to wait for an answer, in milliseconds."),
        ("CallerID", false, "The caller ID of the call."),
        ("Variable", false, "A variable of the channel. There may be more than one."),
        ("Account", false, "The account code."),
        ("Async", false, "'true' for an answer at once, and an event about the outcome."),
    ]),
    action("Park", "Park a channel. ", "call", "1.4.0", "Puts a channel into a parking lot, from where it comes back after a while.", &[LEG, ("TimeoutChannel", false, "Whom to call when nobody has fetched it in time."), ("AnnounceChannel", false, "Who is told the space."), ("Timeout", false, "The time in milliseconds; 0 for ever."), ("Parkinglot", false, "The parking lot."), ("ParkingSpace", false, "The space in the parking lot.")]),
    action("ParkedCalls", "List parked calls. ", "call", "0.7.2", "Lists the calls that are parked.", &[("ParkingLot", false, "Only this parking lot.")]),
    action("Parkinglots", "Get a list of parking lots ", "call", "11.0.0", "Lists the parking lots.", &[]),
    action("Ping", "Keepalive command. ", "", "0.2.0", "Asks for a Pong, to keep the connection open.", &[]),
    action("PJSIPShowAors", "Lists PJSIP AORs. ", "system", "16.0.0", "Lists addresses of record.", &[]),
    action("PJSIPShowContacts", "Lists PJSIP Contacts. ", "system", "16.0.0", "Lists where phones have registered.", &[]),
    action("PJSIPShowEndpoint", "Detail listing of an endpoint and its objects. ", "system", "12.0.0", "Shows an endpoint and what belongs to it.", &[("Endpoint", true, "The endpoint.")]),
    action("PJSIPShowEndpoints", "Lists PJSIP endpoints. ", "system", "12.0.0", "Lists endpoints.", &[]),
    action("PJSIPShowRegistrationsOutbound", "Lists PJSIP outbound registrations. ", "system,reporting", "12.0.0", "Lists where this PBX has registered.", &[]),
    action("PlayDTMF", "Play DTMF signal on a specific channel. ", "call", "1.4.0", "Plays a digit on a channel.", &[LEG, ("Digit", true, "The digit."), ("Duration", false, "Its length in milliseconds."), ("Receive", false, "'true' as if the digit came from the channel.")]),
    action("PresenceState", "Check Presence State ", "call,reporting", "11.0.0", "Asks for the presence that a provider knows, such as CustomPresence:101.", &[("Provider", true, "The provider.")]),
    action("PresenceStateList", "List the current known presence states. ", "call,reporting", "13.0.0", "Lists the presences that are known.", &[]),
    action("QueueAdd", "Add interface to queue. ", "agent", "1.0.0", "Adds a member to a queue.", &[QUEUE, INTERFACE, ("Penalty", false, "The penalty of the member."), ("Paused", false, "Whether the member begins paused (true or false)."), ("MemberName", false, "The name of the member."), ("StateInterface", false, "The device whose state is the member's.")]),
    action("QueuePause", "Makes a queue member temporarily unavailable. ", "agent", "1.2.0", "Pauses a member of a queue, or ends the pause.", &[INTERFACE, ("Paused", true, "Whether to pause the member (true or false)."), ("Queue", false, "The queue. Without it all queues."), ("Reason", false, "Why.")]),
    action("QueueRemove", "Remove interface from queue. ", "agent", "1.0.0", "Removes a member from a queue.", &[QUEUE, INTERFACE]),
    action("QueueReset", "Reset queue statistics. ", "", "1.6.2.0", "Sets the figures of queues to nothing.", &[("Queue", false, "Only this queue.")]),
    action("QueueStatus", "Show queue status. ", "", "0.5.0", "Asks for the state of queues, of their members and their callers.", &[("Queue", false, "Only this queue."), ("Member", false, "Only this member.")]),
    action("QueueSummary", "Show queue summary. ", "", "1.6.0", "Asks for the figures of queues.", &[("Queue", false, "Only this queue.")]),
    action("Redirect", "Redirect (transfer) a call. ", "call", "0.2.0", "Sends a channel to an extension.", &[
        ("Channel", true, "The channel."),
        ("ExtraChannel", false, "Another one, which is sent as well."),
        ("Exten", true, "The extension to go to."),
        ("ExtraExten", false, "That of the other channel."),
        ("Context", true, "The context of the extension."),
        ("ExtraContext", false, "That of the other channel's."),
        ("Priority", true, "The priority to begin with."),
        ("ExtraPriority", false, "That of the other channel."),
    ]),
    action("Setvar", "Sets a channel variable or function value. ", "call", "1.0.0", "Sets a variable of a channel, a global variable or a function.", &[ANY_CHANNEL, ("Variable", true, "The name of the variable or function."), ("Value", true, "The value.")]),
    action("ShowDialPlan", "Show dialplan contexts and extensions ", "config,reporting", "1.6.0", "Lists the dialplan.", &[("Extension", false, "Only this extension."), ("Context", false, "Only this context.")]),
    action("SIPpeers", "List SIP peers (text format). ", "system,reporting", "0.2.0", "Lists SIP peers.", &[]),
    action("SIPshowpeer", "show SIP peer (text format). ", "system,reporting", "1.2.0", "Shows a SIP peer.", &[("Peer", true, "The peer.")]),
    action("Status", "List channel status. ", "system,call,reporting", "0.2.0", "Lists the channels and their state, and their variables if so asked.", &[("Channel", false, "Only this channel."), ("Variables", false, "Variables to show, with commas between them."), ("AllVariables", false, "'true' for all variables.")]),
    action("StopMixMonitor", "Stop recording a call through MixMonitor, and free the recording's file handle. ", "system,call", "11.0.0", "Ends the recording of a channel.", &[LEG, ("MixMonitorID", false, "Only this recording.")]),
    action("UserEvent", "Send an arbitrary event. ", "user", "1.4.0", "Sends an event to all sessions.", &[("UserEvent", true, "The name of the event."), ("Header1", false, "Content of the event."), ("HeaderN", false, "Content of the event.")]),
    action("VoicemailUsersList", "List All Voicemail User Information. ", "call,reporting", "1.6.1.0", "Lists mailboxes and their settings.", &[]),
    action("WaitEvent", "Wait for an event to occur. ", "", "1.4.0", "Waits until there is an event for this session.", &[("Timeout", true, "How many seconds to wait at most; -1 for ever.")]),
];

/// Asterisk 1.8 lists actions in the reverse order of their registration.
const ORDER_OF_1_8: &str = "WaitEvent QueueReset QueuePause QueueRemove QueueAdd QueueSummary QueueStatus PlayDTMF \
                            SIPshowpeer SIPpeers DBDelTree DBDel DBPut DBGet Park ParkedCalls CoreShowChannels \
                            CoreStatus CoreSettings UserEvent ListCommands MailboxCount MailboxStatus \
                            ExtensionState Command Originate Redirect Status Getvar Setvar Ping Hangup Challenge \
                            Login Logoff Events";

/// Those of chan_sip, which Asterisk 21 and later do not have.
const UNTIL_20: [&str; 2] = ["SIPpeers", "SIPshowpeer"];

const fn action(
    name: &'static str,
    synopsis: &'static str,
    classes: &'static str,
    since: &'static str,
    description: &'static str,
    arguments: &'static [Argument],
) -> Action {
    Action {
        name,
        synopsis,
        classes,
        since,
        description,
        arguments,
    }
}

/// An action of this version, whatever the case of its name.
pub(super) fn find(version: Version, name: &str) -> Option<&'static Action> {
    let mut actions = of(version).into_iter();
    actions.find(|action| action.name.eq_ignore_ascii_case(name))
}

/// The actions of this version in the order in which it lists them.
pub(super) fn of(version: Version) -> Vec<&'static Action> {
    match version {
        Version::V22 => ACTIONS
            .iter()
            .filter(|action| !UNTIL_20.contains(&action.name))
            .collect(),
        Version::V18 => ORDER_OF_1_8
            .split_whitespace()
            .filter_map(|name| ACTIONS.iter().find(|action| action.name == name))
            .collect(),
    }
}
