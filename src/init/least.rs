//! The classes that somebody needs, and no more.

use crate::ami::Classes;
use crate::ami::banner::{Age, is_1_4};
use crate::catalog::{absent, needed};
use crate::settings::Rights;

/// What somebody who watches asks a server for.
const WATCHING: &str = "Status CoreShowChannels CoreStatus CoreSettings Getvar ExtensionState \
    DeviceStateList MailboxCount QueueStatus ConfbridgeList SIPpeers";

/// What somebody who acts sends besides.
const ACTING: &str = "Originate Hangup Redirect Atxfer Park ParkedCalls Bridge Setvar Monitor \
    ConfbridgeMute QueueAdd QueuePause QueueRemove UserEvent";

/// With these a session runs programs on the PBX. Who did not ask for all does
/// without the Actions that need them.
const SHELLS: [&str; 2] = ["system", "command"];

/// Of several classes that allow the same, the first: those behind it allow more
/// besides.
const GENTLEST: [&str; 8] = [
    "reporting",
    "user",
    "agent",
    "call",
    "originate",
    "config",
    "system",
    "command",
];

/// The classes of events that a person looks at. `dialplan` and `dtmf` are left
/// out: they are most of the traffic, and tell what callers type.
const SEEN: &str = "system,call,agent,user";
const STREAMED: &str = "system,call,agent,user,cdr";

/// Those of [`SEEN`] and [`STREAMED`] that 1.4 has.
const OF_1_4: [&str; 4] = ["system", "call", "agent", "user"];

/// The least that `read=` and `write=` need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Least {
    /// Of events.
    pub read: Classes,
    /// Of Actions.
    pub write: Classes,
}

impl Least {
    /// For `rights` on the server with this banner; an empty one is a present one.
    pub fn of(rights: Rights, banner: &[u8]) -> Least {
        let here = |classes: &str| {
            let known = |class: &&str| Age::of(banner) != Age::Oldest || OF_1_4.contains(class);
            let classes: Vec<&str> = classes.split(',').filter(known).collect();
            Classes::of_mask(&classes.join(","))
        };
        match rights {
            Rights::Watch => Least {
                read: here(SEEN),
                write: sending(WATCHING.split_whitespace(), banner),
            },
            Rights::Act => Least {
                read: here(SEEN),
                write: sending(
                    WATCHING.split_whitespace().chain(ACTING.split_whitespace()),
                    banner,
                ),
            },
            Rights::Stream => Least {
                read: here(STREAMED),
                write: Classes::NONE,
            },
            Rights::All => Least {
                read: Classes::ALL,
                write: Classes::ALL,
            },
        }
    }
}

/// The classes that allow all of `actions`.
fn sending<'a>(actions: impl Iterator<Item = &'a str>, banner: &[u8]) -> Classes {
    let is_here = |name: &&str| absent(name, banner, None).is_none();
    let needs = actions.filter(is_here);
    let mut needs: Vec<_> = needs
        .filter_map(|one| needed(one, is_1_4(banner)))
        .collect();
    // What leaves no choice first: it may allow the others.
    needs.sort_by_key(Vec::len);
    let mut chosen: Vec<&str> = Vec::new();
    for classes in needs.iter().filter(|classes| !classes.is_empty()) {
        if classes.iter().any(|class| chosen.contains(class)) {
            continue;
        }
        let gentlest = GENTLEST.iter().find(|class| classes.contains(class));
        chosen.extend(gentlest.filter(|class| !SHELLS.contains(class)));
    }
    Classes::of_mask(&chosen.join(","))
}

/// What `rights` are, in a few words.
pub fn purpose(rights: Rights) -> (&'static str, &'static str) {
    match rights {
        Rights::Watch => ("watch", "see calls, queues and devices, change nothing"),
        Rights::Act => ("act", "also place, move and end calls, change queues"),
        Rights::Stream => ("stream", "receive events, send nothing"),
        Rights::All => ("all", "everything, which is a shell on the PBX"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &[u8] = b"Asterisk Call Manager/11.0.0";

    // Every class too many is a door: system, command, config and originate run
    // programs on the PBX, so nobody may get them who did not ask.
    #[test]
    fn nobody_gets_more_than_he_wants() {
        let write = |rights, banner: &[u8]| Least::of(rights, banner).write.to_string();
        assert_eq!(write(Rights::Watch, NEW), "reporting");
        assert_eq!(
            write(Rights::Act, NEW),
            "call,agent,user,reporting,originate"
        );
        assert_eq!(write(Rights::Stream, NEW), "off");
        assert_eq!(Least::of(Rights::All, NEW).write, Classes::ALL);
    }

    // In 1.4 a class that came later means nothing, and call is what allows
    // Status.
    #[test]
    fn an_old_server_gets_classes_that_it_knows() {
        let old = b"Asterisk Call Manager/1.0";
        let least = |rights| Least::of(rights, old);
        assert_eq!(least(Rights::Watch).write.to_string(), "call");
        assert_eq!(least(Rights::Act).write.to_string(), "call,agent,user");
        let stream = least(Rights::Stream).read.to_string();
        assert_eq!(stream, "system,call,agent,user");
    }
}
