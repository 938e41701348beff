//! `manager show command NAME`: the documentation of the simulator's actions, in the layout of each version.

use super::super::Version;
use super::super::actions::Action;

/// A key of an action: its name, whether it must be given, and what it is.
type Argument = (&'static str, bool, &'static str);

/// What is said of an action beside its synopsis and privilege: since when it is there, and what it does.
type Page = (
    &'static str,
    &'static str,
    &'static str,
    &'static [Argument],
);

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

#[rustfmt::skip]
const PAGES: &[Page] = &[
    ("Challenge", "0.4.0", "Gives a challenge for a login by MD5.", &[("AuthType", true, "The digest to use. Only MD5 is known.")]),
    ("Command", "0.3.0", "Runs a command of the command line.", &[("Command", true, "The command line.")]),
    ("CoreSettings", "1.6.0", "Asks for the settings of the core.", &[]),
    ("CoreShowChannels", "1.6.0", "Lists the channels that are there, and what they do.", &[]),
    ("CoreStatus", "1.6.0", "Asks for the state of the core.", &[]),
    ("DBDel", "1.6.0", "Deletes an entry of the database.", &[FAMILY, KEY]),
    ("DBDelTree", "1.6.0", "Deletes a family of the database, or a part of it.", &[FAMILY, ("Key", false, "Where within the family to begin.")]),
    ("DBGet", "1.2.0", "Reads an entry of the database.", &[FAMILY, KEY]),
    ("DBGetTree", "16.28.0", "Reads a family of the database, or a part of it.", &[("Family", false, "The family. Without it everything."), ("Key", false, "Where within the family to begin.")]),
    ("DBPut", "1.2.0", "Writes an entry of the database.", &[FAMILY, KEY, ("Val", false, "The value.")]),
    ("Events", "0.9.0", "Chooses which events are sent to this session.", &[("EventMask", true, "on, off, or classes of events with commas between them, such as system,call,log.")]),
    ("Getvar", "1.0.0", "Reads a variable of a channel, a global variable or a function.", &[ANY_CHANNEL, ("Variable", true, "The name of the variable or function.")]),
    ("Hangup", "0.2.0", "Ends a channel, or all whose names match.", &[("Channel", true, "The name of the channel, or a regular expression between slashes."), ("Cause", false, "The number of the cause of the hangup.")]),
    ("ListCommands", "1.0.0", "Lists the actions that this user may use, each with its synopsis.", &[]),
    ("Login", "0.2.0", "Logs in.", &[("Username", true, "The user."), ("AuthType", false, "MD5, if the key of a challenge is given."), ("Secret", false, "The user's secret."), ("Key", false, "The digest of challenge and secret."), ("Events", false, "on, off, or classes of events, as for the action Events.")]),
    ("Logoff", "0.2.0", "Ends this session.", &[]),
    ("Originate", "0.2.0", "Calls a channel and connects it, once it answers, to an extension or an application.", &[
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
    ("Ping", "0.2.0", "Asks for a Pong, to keep the connection open.", &[]),
    ("QueueAdd", "1.0.0", "Adds a member to a queue.", &[QUEUE, INTERFACE, ("Penalty", false, "The penalty of the member."), ("Paused", false, "Whether the member begins paused (true or false)."), ("MemberName", false, "The name of the member."), ("StateInterface", false, "The device whose state is the member's.")]),
    ("QueuePause", "1.2.0", "Pauses a member of a queue, or ends the pause.", &[INTERFACE, ("Paused", true, "Whether to pause the member (true or false)."), ("Queue", false, "The queue. Without it all queues."), ("Reason", false, "Why.")]),
    ("QueueRemove", "1.0.0", "Removes a member from a queue.", &[QUEUE, INTERFACE]),
    ("QueueReset", "1.6.2.0", "Sets the figures of queues to nothing.", &[("Queue", false, "Only this queue.")]),
    ("QueueStatus", "0.5.0", "Asks for the state of queues, of their members and their callers.", &[("Queue", false, "Only this queue."), ("Member", false, "Only this member.")]),
    ("QueueSummary", "1.6.0", "Asks for the figures of queues.", &[("Queue", false, "Only this queue.")]),
    ("Setvar", "1.0.0", "Sets a variable of a channel, a global variable or a function.", &[ANY_CHANNEL, ("Variable", true, "The name of the variable or function."), ("Value", true, "The value.")]),
    ("Status", "0.2.0", "Lists the channels and their state, and their variables if so asked.", &[("Channel", false, "Only this channel."), ("Variables", false, "Variables to show, with commas between them."), ("AllVariables", false, "'true' for all variables.")]),
    ("UserEvent", "1.4.0", "Sends an event to all sessions.", &[("UserEvent", true, "The name of the event."), ("Header1", false, "Content of the event."), ("HeaderN", false, "Content of the event.")]),
    ("WaitEvent", "1.4.0", "Waits until there is an event for this session.", &[("Timeout", true, "How many seconds to wait at most; -1 for ever.")]),
];

/// A page as it is printed. Asterisk 22 has more sections, in another order, and blank lines between arguments.
pub(super) fn page(action: &Action, version: Version) -> String {
    let Some((name, since, what, arguments)) = PAGES.iter().find(|(name, ..)| *name == action.name)
    else {
        return String::new();
    };
    let synopsis = format!("[Synopsis]\n{}\n\n", action.synopsis);
    let description = format!("[Description]\n{what}\n\n");
    let syntax = syntax(name, arguments);
    let arguments = |blank: &str| {
        let own = [(
            "ActionID",
            false,
            "An identifier that every answer to this action carries.",
        )];
        let all = own.iter().chain(arguments.iter());
        let text: String = all
            .map(|(key, _, what)| format!("{key}\n    {what}\n{blank}"))
            .collect();
        format!("[Arguments]\n{blank}{text}")
    };
    match version {
        Version::V22 => {
            let module = if name.starts_with("Queue") {
                "app_queue"
            } else {
                "builtin"
            };
            let head = format!("\n  -= Info about Manager Command '{name}' =- \n\n{synopsis}");
            let origin = format!("[Provided By]\n{module}\n\n[Since]\n{since}\n\n");
            let privilege = format!(
                "[Privilege]\n{}\n\n[See Also]\nNot available\n\n",
                action.privilege()
            );
            let ends = "[List Responses]\nNone\n\n[End List Responses]\n\n[Final Response]\nNone\n\n[End Final Response]\n";
            format!(
                "{head}{origin}{description}{syntax}{}{privilege}{ends}",
                arguments("\n")
            )
        }
        Version::V18 => format!(
            "{syntax}{synopsis}{description}{}\n[See Also]\nNot available\n\n",
            arguments("")
        ),
    }
}

fn syntax(name: &str, arguments: &[Argument]) -> String {
    let line = |(key, required, _): &Argument| match required {
        true => format!("{key}: <value>\n"),
        false => format!("[{key}:] <value>\n"),
    };
    let lines: String = arguments.iter().map(line).collect();
    format!("[Syntax]\nAction: {name}\n[ActionID:] <value>\n{lines}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::actions::ACTIONS;

    // An action without a page would have no completion of its keys.
    #[test]
    fn every_action_has_its_page() {
        for action in ACTIONS {
            assert!(
                page(action, Version::V22).contains(&format!("\nAction: {}\n", action.name)),
                "{}",
                action.name
            );
        }
    }
}
