//! The commands of amish itself, `/word`; a file for each that is more than a
//! few lines.

mod calls;
pub(super) mod doctor;
mod events;
pub(super) mod help;
mod search;
pub(super) mod set;
mod shown;
mod top;
mod watch;

/// A command of amish.
pub(super) struct Builtin {
    /// Without the slash.
    pub name: &'static str,
    /// What may follow it.
    pub takes: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// All of them, sorted.
pub(super) const ALL: &[Builtin] = &[
    Builtin {
        name: "calls",
        takes: "",
        about: "which calls there are: who speaks with whom, or waits where, and since when",
    },
    Builtin {
        name: "cli",
        takes: "",
        about: "each line is a command of the Asterisk CLI, until /cli, exit or quit; Ctrl-D leaves amish",
    },
    Builtin {
        name: "connect",
        takes: "TARGET",
        about: "end this session and begin one with host, host:port, user@host or a profile",
    },
    Builtin {
        name: "doctor",
        takes: "[ACTION|event NAME]",
        about: "why something fails here, an Action or an event, and what would cure it",
    },
    Builtin {
        name: "edit",
        takes: "",
        about: "the last line in $VISUAL or $EDITOR, then at the prompt; Ctrl-X Ctrl-E: the line being typed",
    },
    Builtin {
        name: "events",
        takes: "[CLASSES|on|off|EXPR]",
        about: "show events of these classes, or just these, as they come; alone: which are shown",
    },
    Builtin {
        name: "filter",
        takes: "[EXPR|off]",
        about: "of the events show only these: Hangup Cause!=16, Queue=sales, !VarSet; alone: which",
    },
    Builtin {
        name: "follow",
        takes: "CHANNEL",
        about: "every event of one call until its end, and then its story; Ctrl-C ends it before",
    },
    Builtin {
        name: "help",
        takes: "[ACTION|event NAME|/text]",
        about: "what can be typed here; an Action, an event, or where a text occurs",
    },
    Builtin {
        name: "history",
        takes: "",
        about: "what was typed before",
    },
    Builtin {
        name: "last",
        takes: "[N] [EXPR]",
        about: "the last events that passed by, shown or not",
    },
    Builtin {
        name: "quit",
        takes: "",
        about: "log off and leave",
    },
    Builtin {
        name: "reconnect",
        takes: "",
        about: "end the connection, if there is one, and connect again at once",
    },
    Builtin {
        name: "save",
        takes: "FILE|off",
        about: "keep replies and events in a file as well, in the form in force",
    },
    Builtin {
        name: "set",
        takes: "[NAME VALUE]",
        about: "how replies and events are shown; alone: what is set",
    },
    Builtin {
        name: "source",
        takes: "FILE",
        about: "run the lines of a file, up to the first that fails",
    },
    Builtin {
        name: "timing",
        takes: "[on|off]",
        about: "tell how long each reply took",
    },
    Builtin {
        name: "top",
        takes: "",
        about: "which events come most, who causes them, and what would quiet them",
    },
    Builtin {
        name: "watch",
        takes: "SECONDS LINE",
        about: "run a line again and again, with what changed marked, until Ctrl-C",
    },
    Builtin {
        name: "whoami",
        takes: "",
        about: "who we are to this server: user, address, rights, events",
    },
    Builtin {
        name: "x",
        takes: "",
        about: "the last reply or event whole: every header, one a line",
    },
];

pub(super) use set::{OPTIONS, values};
