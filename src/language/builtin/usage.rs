//! The usage of each command of amish.

/// The word that asks for metrics, in the place of an Action on the command line.
/// In other letters it would be an Action, though no Asterisk has one of this name.
pub const METRICS: &str = "metrics";

/// Why it is no line.
pub const NO_METRICS: &str = "metrics are asked for on the command line: amish TARGET metrics prints them once, with --listen they are served";

/// The usage of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Its name, without the slash.
    pub name: &'static str,
    /// Its arguments.
    pub takes: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Works at the prompt only, because it needs a person.
    pub interactive: bool,
}

const fn usage(name: &'static str, takes: &'static str, about: &'static str) -> Usage {
    Usage {
        name,
        takes,
        about,
        interactive: false,
    }
}

const fn interactive(name: &'static str, takes: &'static str, about: &'static str) -> Usage {
    Usage {
        interactive: true,
        ..usage(name, takes, about)
    }
}

/// All commands, sorted by name.
#[rustfmt::skip]
pub const TABLE: &[Usage] = &[
    usage("calls", "", "list the calls: who is talking to whom or waiting where, and since when"),
    interactive("cli", "", "treat each line as an Asterisk CLI command, until /cli, exit or quit"),
    interactive("connect", "TARGET", "end this session and start one with host, host:port, user@host or a profile; among several PBXs add it"),
    interactive("disconnect", "@NAME", "of several PBXs take this one away"),
    usage("doctor", "[ACTION|event NAME|security]", "find out why an Action or an event does not work here, and how to fix it; security: who can get in, and what they can do then"),
    interactive("edit", "", "edit the last line in $VISUAL or $EDITOR; Ctrl-X Ctrl-E edits the line being typed"),
    usage("events", "[CLASSES|on|off|EXPR]", "show events of these classes, or matching ones, as they come; alone: which are shown"),
    usage("filter", "[EXPR|off]", "show only matching events: Hangup Cause!=16, Queue=sales, !VarSet; alone: the filter"),
    usage("follow", "CHANNEL", "show every event of one call until it ends, then a summary; Ctrl-C stops"),
    usage("help", "[ACTION|event NAME|/text]", "explain what can be typed, an Action or an event, or search for a text"),
    interactive("history", "", "list the history"),
    usage("last", "[N] [EXPR]", "list the latest events, shown or not"),
    interactive("pbxs", "", "list the PBXs of this shell: state, version, user, Ping time, events per second, calls, since when"),
    interactive("quit", "", "log off and leave"),
    interactive("reconnect", "", "close the connection, if any, and connect again at once"),
    usage("save", "FILE|off", "also write replies and events to a file, behind what it holds, in the current form"),
    usage("set", "[NAME VALUE]", "change how replies and events are shown; alone: list the settings"),
    usage("source", "FILE", "run a script: read and checked whole before anything is sent"),
    usage("timing", "[on|off]", "show how long each reply took"),
    usage("top", "", "count events for five seconds: the most frequent, what causes them, how to get fewer"),
    interactive("use", "@NAMES", "of several PBXs send lines to these from now on; @all is all, @NAMES LINE is for one line"),
    usage("watch", "SECONDS LINE", "run a line repeatedly, marking what changed, until Ctrl-C"),
    usage("whoami", "", "show this session as the server sees it: user, address, rights, events"),
    usage("x", "", "show the last reply or event in full, one header per line"),
];

/// The usage of `/name`, ignoring case. `/exit` is another word for `/quit`.
pub fn usage_of(name: &str) -> Option<&'static Usage> {
    let name = match name.eq_ignore_ascii_case("exit") {
        true => "quit",
        false => name,
    };
    TABLE.iter().find(|one| one.name.eq_ignore_ascii_case(name))
}

/// The message for an unknown `/name`.
pub fn nearest_builtin(name: &str) -> String {
    if name.eq_ignore_ascii_case(METRICS) {
        return NO_METRICS.to_owned();
    }
    let near = TABLE
        .iter()
        .map(|one| (strsim::osa_distance(one.name, name), one.name));
    let near = near.min().filter(|(distance, _)| *distance <= 2);
    let meant = match near {
        Some((_, near)) => format!("did you mean /{near}?"),
        None => {
            let all: Vec<String> = TABLE.iter().map(|one| format!("/{}", one.name)).collect();
            format!("there are {}", all.join(", "))
        }
    };
    format!("there is no /{}; {meant}", name.escape_debug())
}
