//! What clients can ask: the table of actions, who may run them, and one file per family.

mod channels;
mod command;
pub(super) mod database;
mod list;
mod originate;
mod pattern;
mod queues;
mod session;
pub(super) mod system;

use super::Version;
use super::class::Classes;
use super::peer::Peer;
use super::wire::{Packet, Request};

/// What an action gives back.
#[derive(Debug)]
pub(super) enum Answer {
    /// These bytes, as one piece that no event interrupts.
    Packets(Vec<u8>),
    /// These bytes, and the connection is closed behind them.
    Last(Vec<u8>),
}

impl Answer {
    pub(super) fn packet(packet: Packet) -> Answer {
        Answer::Packets(packet.into_bytes())
    }

    pub(super) fn success(request: &Request, message: &str) -> Answer {
        Answer::packet(Packet::response("Success", request).header("Message", message))
    }

    pub(super) fn error(request: &Request, message: &str) -> Answer {
        Answer::packet(Packet::response("Error", request).header("Message", message))
    }
}

/// An action as ListCommands shows it.
pub(super) struct Action {
    pub(super) name: &'static str,
    /// With the blank at its end that documentation made from XML has, and ListCommands therefore too.
    pub(super) synopsis: &'static str,
    /// Classes of which the user needs any; none means open to all.
    pub(super) classes: &'static str,
    run: fn(&mut Peer, &Request) -> Answer,
}

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

/// In the order of Asterisk 22: sorted without regard to case.
pub(super) static ACTIONS: &[Action] = &[
    action(
        "Challenge",
        "Generate Challenge for MD5 Auth. ",
        "",
        session::challenge,
    ),
    action(
        "Command",
        "Execute Asterisk CLI Command. ",
        "command",
        command::command,
    ),
    action(
        "CoreSettings",
        "Show PBX core settings (version etc). ",
        "system,reporting",
        system::core_settings,
    ),
    action(
        "CoreShowChannels",
        "List currently active channels. ",
        "system,reporting",
        channels::core_show_channels,
    ),
    action(
        "CoreStatus",
        "Show PBX core status variables. ",
        "system,reporting",
        system::core_status,
    ),
    action("DBDel", "Delete DB entry. ", "system", database::delete),
    action(
        "DBDelTree",
        "Delete DB Tree. ",
        "system",
        database::delete_tree,
    ),
    action("DBGet", "Get DB Entry. ", "system,reporting", database::get),
    action(
        "DBGetTree",
        "Get DB entries, optionally at a particular family/key ",
        "system,reporting",
        database::get_tree,
    ),
    action("DBPut", "Put DB entry. ", "system", database::put),
    action("Events", "Control Event Flow. ", "", session::events),
    action(
        "Getvar",
        "Gets a channel variable or function value. ",
        "call,reporting",
        channels::getvar,
    ),
    action(
        "Hangup",
        "Hangup channel. ",
        "system,call",
        channels::hangup,
    ),
    action(
        "ListCommands",
        "List available manager commands. ",
        "",
        session::list_commands,
    ),
    action("Login", "Login Manager. ", "", session::login),
    action("Logoff", "Logoff Manager. ", "", session::logoff),
    action(
        "Originate",
        "Originate a call. ",
        "originate",
        originate::originate,
    ),
    action("Ping", "Keepalive command. ", "", session::ping),
    action(
        "QueueAdd",
        "Add interface to queue. ",
        "agent",
        queues::queue_add,
    ),
    action(
        "QueuePause",
        "Makes a queue member temporarily unavailable. ",
        "agent",
        queues::queue_pause,
    ),
    action(
        "QueueRemove",
        "Remove interface from queue. ",
        "agent",
        queues::queue_remove,
    ),
    action(
        "QueueReset",
        "Reset queue statistics. ",
        "",
        queues::queue_reset,
    ),
    action(
        "QueueStatus",
        "Show queue status. ",
        "",
        queues::queue_status,
    ),
    action(
        "QueueSummary",
        "Show queue summary. ",
        "",
        queues::queue_summary,
    ),
    action(
        "Setvar",
        "Sets a channel variable or function value. ",
        "call",
        channels::setvar,
    ),
    action(
        "Status",
        "List channel status. ",
        "system,call,reporting",
        channels::status,
    ),
    action(
        "UserEvent",
        "Send an arbitrary event. ",
        "user",
        system::user_event,
    ),
    action(
        "WaitEvent",
        "Wait for an event to occur. ",
        "",
        session::wait_event,
    ),
];

/// Asterisk 1.8 lists actions in the reverse order of their registration.
const ORDER_OF_1_8: [&str; 27] = [
    "WaitEvent",
    "QueueReset",
    "QueuePause",
    "QueueRemove",
    "QueueAdd",
    "QueueSummary",
    "QueueStatus",
    "DBDelTree",
    "DBDel",
    "DBPut",
    "DBGet",
    "CoreShowChannels",
    "CoreStatus",
    "CoreSettings",
    "UserEvent",
    "ListCommands",
    "Command",
    "Originate",
    "Status",
    "Getvar",
    "Setvar",
    "Ping",
    "Hangup",
    "Challenge",
    "Login",
    "Logoff",
    "Events",
];

const fn action(
    name: &'static str,
    synopsis: &'static str,
    classes: &'static str,
    run: fn(&mut Peer, &Request) -> Answer,
) -> Action {
    Action {
        name,
        synopsis,
        classes,
        run,
    }
}

/// The actions of this version in the order in which it lists them.
pub(super) fn of(version: Version) -> Vec<&'static Action> {
    match version {
        Version::V22 => ACTIONS.iter().collect(),
        Version::V18 => ORDER_OF_1_8
            .iter()
            .filter_map(|name| ACTIONS.iter().find(|action| action.name == *name))
            .collect(),
    }
}

/// Checks and runs a request as Asterisk does: rights before existence for who is not logged in, after it for others.
pub(super) fn run(peer: &mut Peer, request: &Request) -> Answer {
    let name = request.action();
    if name.is_empty() {
        return Answer::error(request, "Missing action in request");
    }
    let opens = ["Login", "Challenge", "Logoff"]
        .iter()
        .any(|open| open.eq_ignore_ascii_case(&name));
    if peer.user.is_none() && !opens {
        return Answer::error(request, "Permission denied");
    }
    match of(peer.version())
        .into_iter()
        .find(|action| action.name.eq_ignore_ascii_case(&name))
    {
        Some(action) if peer.may(Classes::of(action.classes)) => (action.run)(peer, request),
        Some(_) => Answer::error(request, "Permission denied"),
        None => {
            let unknown = format!(
                "Invalid/unknown command: {name}. Use Action: ListCommands to show available commands."
            );
            Answer::error(request, &unknown)
        }
    }
}
