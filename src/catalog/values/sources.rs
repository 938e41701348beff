//! What to ask for values: AMI's own lists first, which tell the most, then
//! the CLI, for servers and users without them.

use super::{Kind, Value, read};
use crate::ami::{Action, Reply};

/// Takes values from an answer.
type Read = dyn Fn(&Reply) -> Vec<Value> + Send;

/// One way to learn the values of a kind.
pub struct Source {
    /// To be sent.
    pub question: Action,
    read: Box<Read>,
}

impl Source {
    /// What `reply` says. None: the server has no such thing to ask, and
    /// another source may do.
    pub fn values(&self, reply: &Reply) -> Option<Vec<Value>> {
        let output = reply.output();
        let first = output.iter().flatten().next().copied().unwrap_or_default();
        // Before 14 a server says so with Success.
        let unknown = first.starts_with(b"No such command");
        (!unknown).then(|| (self.read)(reply))
    }
}

impl Kind {
    /// Where its values come from, the best first.
    pub fn sources(&self) -> Vec<Source> {
        let sources = match self {
            Kind::Agents => vec![list("Agents", &[], read::agents)],
            Kind::Aors => vec![
                list("PJSIPShowAors", &[], read::aors),
                words("pjsip show aor "),
            ],
            Kind::Applications => vec![
                cli("core show applications", read::cli::applications),
                words("core show application "),
            ],
            Kind::Bridges => vec![list("BridgeList", &[], read::bridges)],
            Kind::BridgeTechnologies => {
                vec![list("BridgeTechnologyList", &[], read::bridge_technologies)]
            }
            Kind::Caches => vec![words("sorcery memory cache show ")],
            Kind::Callers(queue) => vec![list("QueueStatus", &[("Queue", queue)], read::callers)],
            Kind::Categories(file) => vec![
                list("ListCategories", &[("Filename", file)], read::categories),
                list("GetConfig", &[("Filename", file)], read::categories),
            ],
            Kind::Channels => vec![
                list("CoreShowChannels", &[], read::channels),
                list("Status", &[], read::channels),
                words("core show channel "),
            ],
            Kind::Cli(line) => vec![words(line)],
            Kind::Conferences => vec![list("ConfbridgeListRooms", &[], read::conferences)],
            Kind::ConfigFiles => vec![matches("config reload ", read::cli::file_names)],
            Kind::Contexts => vec![
                words("dialplan show "),
                list("ShowDialPlan", &[], read::contexts),
            ],
            Kind::DahdiChannels => vec![list("DAHDIShowChannels", &[], read::dahdi_channels)],
            Kind::Devices => vec![list("DeviceStateList", &[], read::devices)],
            Kind::Endpoints => vec![
                list("PJSIPShowEndpoints", &[], read::endpoints),
                words("pjsip show endpoint "),
            ],
            Kind::Extensions(context) => {
                let own = context.clone();
                vec![
                    list("ShowDialPlan", &[("Context", context)], read::extensions),
                    matches("dialplan remove extension ", move |reply| {
                        read::cli::extensions_at(reply, &own)
                    }),
                ]
            }
            Kind::Families => vec![
                list("DBGetTree", &[], read::families),
                cli("database show", read::families),
            ],
            Kind::FaxSessions => vec![list("FAXSessions", &[], read::fax_sessions)],
            Kind::Functions => vec![
                cli("core show functions", read::cli::functions),
                words("core show function "),
            ],
            Kind::Hints => vec![
                list("ExtensionStateList", &[], read::hints),
                words("core show hint "),
            ],
            Kind::IaxPeers => vec![
                list("IAXpeerlist", &[], read::peers),
                words("iax2 show peer "),
            ],
            Kind::Keys(family) => {
                let (own, same) = (family.clone(), family.clone());
                let lines = format!("database show {family}");
                vec![
                    list("DBGetTree", &[("Family", family)], move |reply| {
                        read::keys(reply, &own)
                    }),
                    cli(&lines, move |reply| read::keys(reply, &same)),
                ]
            }
            Kind::LoadableModules => vec![words("module load ")],
            Kind::Mailboxes => vec![list("VoicemailUsersList", &[], read::mailboxes)],
            Kind::MeetmeRooms => vec![list("MeetmeListRooms", &[], read::conferences)],
            Kind::Members(queue) if queue.is_empty() => {
                vec![list("QueueStatus", &[], read::members)]
            }
            Kind::Members(queue) => vec![list("QueueStatus", &[("Queue", queue)], read::members)],
            Kind::Modules => vec![
                cli("module show", read::cli::modules),
                words("module unload "),
            ],
            Kind::ParkedCalls => vec![list("ParkedCalls", &[], read::parked_calls)],
            Kind::ParkingLots => vec![list("Parkinglots", &[], read::parking_lots)],
            Kind::Participants(conference) => vec![list(
                "ConfbridgeList",
                &[("Conference", conference)],
                read::participants,
            )],
            Kind::PresenceStates => vec![list("PresenceStateList", &[], read::presence_states)],
            Kind::Priorities(context, exten) => vec![list(
                "ShowDialPlan",
                &[("Context", context), ("Extension", exten)],
                read::priorities,
            )],
            Kind::Queues => vec![list("QueueStatus", &[], read::queues), words("queue show ")],
            Kind::Registrations => vec![list(
                "PJSIPShowRegistrationsOutbound",
                &[],
                read::registrations,
            )],
            Kind::Rules => vec![words("queue show rules ")],
            Kind::SipPeers => vec![list("SIPpeers", &[], read::peers), words("sip show peer ")],
            Kind::Users => vec![words("manager show user ")],
        };
        sources.into_iter().flatten().collect()
    }
}

fn source(
    question: Option<Action>,
    read: impl Fn(&Reply) -> Vec<Value> + Send + 'static,
) -> Option<Source> {
    Some(Source {
        question: question?,
        read: Box::new(read),
    })
}

/// An Action that lists them. None where a value cannot be sent.
fn list(
    name: &str,
    headers: &[(&str, &str)],
    read: impl Fn(&Reply) -> Vec<Value> + Send + 'static,
) -> Option<Source> {
    let mut action = Action::new(name).ok();
    for (key, value) in headers {
        action = action.and_then(|mut action| {
            action.push(key, value.as_bytes()).ok()?;
            Some(action)
        });
    }
    source(action, read)
}

/// A CLI command whose output names them.
fn cli(text: &str, read: impl Fn(&Reply) -> Vec<Value> + Send + 'static) -> Option<Source> {
    source(Action::cli(text.as_bytes()).ok(), read)
}

/// What the server's own completion offers behind `line`.
fn words(line: &str) -> Option<Source> {
    matches(line, read::cli::words)
}

fn matches(line: &str, read: impl Fn(&Reply) -> Vec<Value> + Send + 'static) -> Option<Source> {
    let word = line.rsplit(' ').next().unwrap_or_default();
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    let question = format!(
        "_command matchesarray \"{}\" \"{}\"",
        quoted(line),
        quoted(word)
    );
    cli(&question, read)
}
