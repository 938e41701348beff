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
const ANY_CHANNEL: Argument = (
    "Channel",
    false,
    "The channel. Without it the variable is a global one.",
);

/// In the order of Asterisk 22: sorted without regard to case.
#[rustfmt::skip]
pub(super) static ACTIONS: &[Action] = &[
    action("Challenge", "Generate Challenge for MD5 Auth. ", "", "0.4.0", "Gives a challenge for a login by MD5.", &[("AuthType", true, "The digest to use. Only MD5 is known.")]),
    action("Command", "Execute Asterisk CLI Command. ", "command", "0.3.0", "Runs a command of the command line.", &[("Command", true, "The command line.")]),
    action("CoreSettings", "Show PBX core settings (version etc). ", "system,reporting", "1.6.0", "Asks for the settings of the core.", &[]),
    action("CoreShowChannels", "List currently active channels. ", "system,reporting", "1.6.0", "Lists the channels that are there, and what they do.", &[]),
    action("CoreStatus", "Show PBX core status variables. ", "system,reporting", "1.6.0", "Asks for the state of the core.", &[]),
    action("DBDel", "Delete DB entry. ", "system", "1.6.0", "Deletes an entry of the database.", &[FAMILY, KEY]),
    action("DBDelTree", "Delete DB Tree. ", "system", "1.6.0", "Deletes a family of the database, or a part of it.", &[FAMILY, ("Key", false, "Where within the family to begin.")]),
    action("DBGet", "Get DB Entry. ", "system,reporting", "1.2.0", "Reads an entry of the database.", &[FAMILY, KEY]),
    action("DBGetTree", "Get DB entries, optionally at a particular family/key ", "system,reporting", "16.28.0", "Reads a family of the database, or a part of it.", &[("Family", false, "The family. Without it everything."), ("Key", false, "Where within the family to begin.")]),
    action("DBPut", "Put DB entry. ", "system", "1.2.0", "Writes an entry of the database.", &[FAMILY, KEY, ("Val", false, "The value.")]),
    action("Events", "Control Event Flow. ", "", "0.9.0", "Chooses which events are sent to this session.", &[("EventMask", true, "on, off, or classes of events with commas between them, such as system,call,log.")]),
    action("Getvar", "Gets a channel variable or function value. ", "call,reporting", "1.0.0", "Reads a variable of a channel, a global variable or a function.", &[ANY_CHANNEL, ("Variable", true, "The name of the variable or function.")]),
    action("Hangup", "Hangup channel. ", "system,call", "0.2.0", "Ends a channel, or all whose names match.", &[("Channel", true, "The name of the channel, or a regular expression between slashes."), ("Cause", false, "The number of the cause of the hangup.")]),
    action("ListCommands", "List available manager commands. ", "", "1.0.0", "Lists the actions that this user may use, each with its synopsis.", &[]),
    action("Login", "Login Manager. ", "", "0.2.0", "Logs in.", &[("Username", true, "The user."), ("AuthType", false, "MD5, if the key of a challenge is given."), ("Secret", false, "The user's secret."), ("Key", false, "The digest of challenge and secret."), ("Events", false, "on, off, or classes of events, as for the action Events.")]),
    action("Logoff", "Logoff Manager. ", "", "0.2.0", "Ends this session.", &[]),
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
    action("Ping", "Keepalive command. ", "", "0.2.0", "Asks for a Pong, to keep the connection open.", &[]),
    action("QueueAdd", "Add interface to queue. ", "agent", "1.0.0", "Adds a member to a queue.", &[QUEUE, INTERFACE, ("Penalty", false, "The penalty of the member."), ("Paused", false, "Whether the member begins paused (true or false)."), ("MemberName", false, "The name of the member."), ("StateInterface", false, "The device whose state is the member's.")]),
    action("QueuePause", "Makes a queue member temporarily unavailable. ", "agent", "1.2.0", "Pauses a member of a queue, or ends the pause.", &[INTERFACE, ("Paused", true, "Whether to pause the member (true or false)."), ("Queue", false, "The queue. Without it all queues."), ("Reason", false, "Why.")]),
    action("QueueRemove", "Remove interface from queue. ", "agent", "1.0.0", "Removes a member from a queue.", &[QUEUE, INTERFACE]),
    action("QueueReset", "Reset queue statistics. ", "", "1.6.2.0", "Sets the figures of queues to nothing.", &[("Queue", false, "Only this queue.")]),
    action("QueueStatus", "Show queue status. ", "", "0.5.0", "Asks for the state of queues, of their members and their callers.", &[("Queue", false, "Only this queue."), ("Member", false, "Only this member.")]),
    action("QueueSummary", "Show queue summary. ", "", "1.6.0", "Asks for the figures of queues.", &[("Queue", false, "Only this queue.")]),
    action("Setvar", "Sets a channel variable or function value. ", "call", "1.0.0", "Sets a variable of a channel, a global variable or a function.", &[ANY_CHANNEL, ("Variable", true, "The name of the variable or function."), ("Value", true, "The value.")]),
    action("Status", "List channel status. ", "system,call,reporting", "0.2.0", "Lists the channels and their state, and their variables if so asked.", &[("Channel", false, "Only this channel."), ("Variables", false, "Variables to show, with commas between them."), ("AllVariables", false, "'true' for all variables.")]),
    action("UserEvent", "Send an arbitrary event. ", "user", "1.4.0", "Sends an event to all sessions.", &[("UserEvent", true, "The name of the event."), ("Header1", false, "Content of the event."), ("HeaderN", false, "Content of the event.")]),
    action("WaitEvent", "Wait for an event to occur. ", "", "1.4.0", "Waits until there is an event for this session.", &[("Timeout", true, "How many seconds to wait at most; -1 for ever.")]),
];

/// Asterisk 1.8 lists actions in the reverse order of their registration.
const ORDER_OF_1_8: &str = "WaitEvent QueueReset QueuePause QueueRemove QueueAdd QueueSummary QueueStatus DBDelTree \
                            DBDel DBPut DBGet CoreShowChannels CoreStatus CoreSettings UserEvent ListCommands \
                            Command Originate Status Getvar Setvar Ping Hangup Challenge Login Logoff Events";

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
        Version::V22 => ACTIONS.iter().collect(),
        Version::V18 => ORDER_OF_1_8
            .split_whitespace()
            .filter_map(|name| ACTIONS.iter().find(|action| action.name == name))
            .collect(),
    }
}
