//! What a PBX is asked, and what its answers say.

use super::label::{DEVICE, PEER, REGISTRATION, States, label, number};
use super::queues::Queues;
use crate::ami::{Action, Kind, Packet, Reply};

/// The channel drivers whose endpoints and registrations are counted.
pub const TECHNOLOGIES: [&str; 3] = ["pjsip", "sip", "iax2"];

/// A question, in the order of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Ping,
    /// What this user may ask; once a link.
    Listing,
    /// The version; once a link.
    Settings,
    Status,
    Channels,
    /// The channels of Asterisk 1.4.
    OldChannels,
    /// What the CLI counts, for who may use it: channels do not tell which of them
    /// Asterisk counts as calls.
    Count,
    Queues,
    /// Of the technology with this number.
    Endpoints(usize),
    Registrations(usize),
}

/// All of them, with the Action of each.
pub(super) const ALL: [(Question, &str); 14] = [
    (Question::Ping, "Ping"),
    (Question::Listing, "ListCommands"),
    (Question::Settings, "CoreSettings"),
    (Question::Status, "CoreStatus"),
    (Question::Channels, "CoreShowChannels"),
    (Question::OldChannels, "Status"),
    (Question::Count, "Command"),
    (Question::Queues, "QueueStatus"),
    (Question::Endpoints(0), "PJSIPShowEndpoints"),
    (Question::Endpoints(1), "SIPpeers"),
    (Question::Endpoints(2), "IAXpeerlist"),
    (Question::Registrations(0), "PJSIPShowRegistrationsOutbound"),
    (Question::Registrations(1), "SIPshowregistry"),
    (Question::Registrations(2), "IAXregistry"),
];

/// What is missing if none of its Actions may be sent.
pub(super) const FAMILIES: [(&str, &[&str]); 3] = [
    ("channels", &["CoreShowChannels", "Status"]),
    ("queues", &["QueueStatus"]),
    (
        "endpoints",
        &["PJSIPShowEndpoints", "SIPpeers", "IAXpeerlist"],
    ),
];

/// The figures of a PBX. None: not told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// The version of Asterisk.
    pub version: Option<String>,
    /// Active calls, as the CLI counts them.
    pub counted: Option<u64>,
    /// Channels that run the dialplan, which is nearly the same.
    pub running: Option<u64>,
    /// All channels.
    pub channels: Option<u64>,
    /// Calls since the server began.
    pub processed: Option<u64>,
    /// The queues.
    pub queues: Option<Queues>,
    /// By technology.
    pub endpoints: [Option<States>; 3],
    /// By technology: those with other servers.
    pub registrations: [Option<States>; 3],
}

impl Figures {
    /// Active calls.
    pub fn calls(&self) -> Option<u64> {
        self.counted.or(self.running)
    }
}

/// An answer as it comes: of a list only what counts is kept.
#[derive(Debug)]
pub(super) struct Reading {
    question: Question,
    channels: u64,
    calls: u64,
    queues: Queues,
    states: States,
}

impl Reading {
    pub fn of(question: Question) -> Reading {
        let states = match question {
            Question::Endpoints(0) => DEVICE,
            Question::Endpoints(_) => PEER,
            _ => REGISTRATION,
        };
        Reading {
            question,
            channels: 0,
            calls: 0,
            queues: Queues::default(),
            states: States::new(states),
        }
    }

    /// Takes an item of a list.
    pub fn item(&mut self, item: &Packet) {
        match self.question {
            Question::Channels | Question::OldChannels => self.channel(item),
            Question::Queues => self.queues.item(item),
            Question::Endpoints(technology) => {
                let (event, key) = match technology {
                    0 => ("EndpointList", "DeviceState"),
                    _ => ("PeerEntry", "Status"),
                };
                self.state(item, event, key);
            }
            Question::Registrations(technology) => {
                let (event, key) = match technology {
                    0 => ("OutboundRegistrationDetail", "Status"),
                    _ => ("RegistryEntry", "State"),
                };
                self.state(item, event, key);
            }
            Question::Ping
            | Question::Listing
            | Question::Settings
            | Question::Status
            | Question::Count => {}
        }
    }

    fn channel(&mut self, item: &Packet) {
        // CoreShowChannels of 1.6.0 has headers only.
        let is_channel = item.is_event("CoreShowChannel")
            || item.is_event("Status")
            || item.kind() == Kind::Unframed && item.get("Channel").is_some();
        if !is_channel {
            return;
        }
        self.channels += 1;
        // A leg that was dialled runs nothing of its own.
        let data = ["ApplicationData", "Data"]
            .iter()
            .find_map(|key| item.get(key));
        let runs = match item.get("Application") {
            Some(application) => !application.is_empty() && data != Some(&b"(Outgoing Line)"[..]),
            // Status before 12 names the extension of who runs one.
            None => item.get("Extension").is_some_and(|one| !one.is_empty()),
        };
        self.calls += u64::from(runs);
    }

    fn state(&mut self, item: &Packet, event: &str, key: &str) {
        if item.is_event(event) {
            self.states.count_word(item.get(key).unwrap_or_default());
        }
    }

    /// Puts what was read into `figures`; `reply` ended it.
    pub fn finish(self, reply: &Reply, figures: &mut Figures) {
        match self.question {
            Question::Ping | Question::Listing => {}
            Question::Settings => {
                figures.version = reply.get("AsteriskVersion").map(label);
            }
            Question::Status => {
                let processed = reply.get("CoreProcessedCalls");
                let processed = processed.map(|count| number(Some(count)));
                figures.processed = processed.or(figures.processed);
            }
            Question::Channels | Question::OldChannels => {
                figures.running = Some(self.calls);
                figures.channels = Some(self.channels);
            }
            Question::Count => {
                let lines = reply.output().unwrap_or_default();
                let counted = |what: &[u8]| lines.iter().find_map(|line| count(line, what));
                figures.counted = counted(b"active call");
                // CoreStatus of 18 and later has it, too.
                figures.processed = counted(b"call").or(figures.processed);
            }
            Question::Queues => figures.queues = Some(self.queues),
            Question::Endpoints(technology) => {
                place(&mut figures.endpoints, technology, Some(self.states));
            }
            Question::Registrations(technology) => {
                place(&mut figures.registrations, technology, Some(self.states));
            }
        }
    }
}

/// The number in `5 active calls`, `1 call processed`.
fn count(line: &[u8], what: &[u8]) -> Option<u64> {
    let line = line.trim_ascii();
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = line.split_at_checked(digits)?;
    let is_it = rest.strip_prefix(b" ")?.starts_with(what);
    let number = std::str::from_utf8(number).ok()?;
    number.parse().ok().filter(|_| is_it)
}

fn place(states: &mut [Option<States>; 3], technology: usize, told: Option<States>) {
    if let Some(place) = states.get_mut(technology) {
        *place = told;
    }
}

impl Question {
    pub fn action(self) -> Action {
        let found = ALL.iter().find(|(question, _)| *question == self);
        let headers: &[(&str, &str)] = match self {
            Question::Count => &[("Command", "core show channels count")],
            _ => &[],
        };
        Action::own(found.map_or("Ping", |(_, name)| name), headers)
    }

    /// Its figures are not known any more.
    pub fn forget(self, figures: &mut Figures) {
        match self {
            Question::Ping | Question::Listing | Question::Settings => {}
            Question::Count => figures.counted = None,
            Question::Status => figures.processed = None,
            Question::Channels | Question::OldChannels => {
                (figures.running, figures.channels) = (None, None);
            }
            Question::Queues => figures.queues = None,
            Question::Endpoints(technology) => place(&mut figures.endpoints, technology, None),
            Question::Registrations(technology) => {
                place(&mut figures.registrations, technology, None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Effect, action};

    // `core show channels count` of 1.4 to 22; the first number of a name is none.
    #[test]
    fn the_cli_counts_calls() {
        for (line, active, processed) in [
            ("5 active calls", Some(5), None),
            ("1 active call", Some(1), None),
            ("12 calls processed", None, Some(12)),
            ("8 active channels", None, None),
            ("5active calls", None, None),
            ("", None, None),
        ] {
            assert_eq!(count(line.as_bytes(), b"active call"), active, "{line}");
            assert_eq!(count(line.as_bytes(), b"call"), processed, "{line}");
        }
    }

    // It runs for months beside people's calls, with --read-only or without.
    #[test]
    fn whatever_is_asked_changes_nothing() {
        for (_, name) in ALL {
            let known = action(name).unwrap();
            assert!(
                matches!(known.effect, Effect::Reads | Effect::ReadsUnless(_)),
                "{name}"
            );
        }
        for name in FAMILIES.iter().flat_map(|(_, names)| *names) {
            assert!(ALL.iter().any(|(_, one)| one == name), "{name}");
        }
    }
}
