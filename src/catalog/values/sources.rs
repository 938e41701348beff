//! How to ask for values: first with AMI's own lists, which tell most, then
//! with the CLI, for servers and users without them.

use super::kind::{Kind, Value};
use super::read;
use crate::ami::{Action, Reply};

/// Takes values from an answer.
type Read = dyn Fn(&Reply) -> Vec<Value> + Send;

/// One way to get the values of a kind.
pub struct Source {
    /// The Action to send.
    pub question: Action,
    read: Box<Read>,
}

impl Source {
    /// The values in `reply`. None: the server does not have this query;
    /// another source may work.
    pub fn values(&self, reply: &Reply) -> Option<Vec<Value>> {
        let output = reply.output();
        let first = output.iter().flatten().next().copied().unwrap_or_default();
        // Before 14 a server says so with Success.
        let unknown = first.starts_with(b"No such command");
        (!unknown).then(|| (self.read)(reply))
    }
}

/// Of CoreShowChannels, and of Status on older servers.
const CHANNELS: &str = "Channel: ChannelStateDesc|State, CallerIDNum, Application(ApplicationData)";
/// Of ConfBridge and MeetMe.
const CONFERENCES: &str = "Conference: Parties#participant, Locked?locked";
/// Of chan_sip and chan_iax2.
const PEERS: &str = "ObjectName: Status~, IPaddress|IPAddress";

impl Kind {
    /// The sources of its values, the best first.
    pub fn sources(&self) -> Vec<Source> {
        let sources = match self {
            Kind::Agents => vec![told("Agents", "Agent: Name, Status~")],
            Kind::Aors => vec![
                told("PJSIPShowAors", "ObjectName: TotalContacts#contact"),
                words("pjsip show aor "),
            ],
            Kind::Applications => vec![
                cli("core show applications", read::cli::applications),
                words("core show application "),
            ],
            Kind::Bridges => vec![told(
                "BridgeList",
                "BridgeUniqueid: BridgeType, BridgeNumChannels#channel",
            )],
            Kind::BridgeTechnologies => {
                vec![told(
                    "BridgeTechnologyList",
                    "BridgeTechnology: BridgeType, BridgeSuspended?suspended",
                )]
            }
            Kind::Caches => vec![words("sorcery memory cache show ")],
            Kind::Callers(queue) => vec![list("QueueStatus", &[("Queue", queue)], read::callers)],
            Kind::Categories(file) => vec![
                list("ListCategories", &[("Filename", file)], read::categories),
                list("GetConfig", &[("Filename", file)], read::categories),
            ],
            Kind::Channels => vec![
                told("CoreShowChannels", CHANNELS),
                told("Status", CHANNELS),
                words("core show channel "),
            ],
            Kind::Cli(line) => vec![words(line)],
            Kind::Conferences => vec![told("ConfbridgeListRooms", CONFERENCES)],
            Kind::ConfigFiles => vec![matches("config reload ", read::cli::file_names)],
            Kind::Contexts => vec![words("dialplan show "), told("ShowDialPlan", "Context: ")],
            Kind::DahdiChannels => vec![told(
                "DAHDIShowChannels",
                "DAHDIChannel: SignallingCode, Signalling",
            )],
            Kind::Devices => vec![told("DeviceStateList", "Device: State~")],
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
            Kind::FaxSessions => vec![told("FAXSessions", "SessionNumber: Channel, State")],
            Kind::Functions => vec![
                cli("core show functions", read::cli::functions),
                words("core show function "),
            ],
            Kind::Hints => vec![
                told("ExtensionStateList", "Exten: Context, Hint, StatusText~"),
                words("core show hint "),
            ],
            Kind::IaxPeers => vec![told("IAXpeerlist", PEERS), words("iax2 show peer ")],
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
            Kind::MeetmeRooms => vec![told("MeetmeListRooms", CONFERENCES)],
            Kind::Members(queue) if queue.is_empty() => {
                vec![list("QueueStatus", &[], read::members)]
            }
            Kind::Members(queue) => vec![list("QueueStatus", &[("Queue", queue)], read::members)],
            Kind::Modules => vec![
                cli("module show", read::cli::modules),
                words("module unload "),
            ],
            Kind::ParkedCalls => vec![told(
                "ParkedCalls",
                "ParkingSpace|Exten: ParkeeChannel|Channel, Parkinglot|ParkingLot",
            )],
            Kind::ParkingLots => vec![list("Parkinglots", &[], read::parking_lots)],
            Kind::Participants(conference) => vec![list(
                "ConfbridgeList",
                &[("Conference", conference)],
                read::told("Channel: CallerIDNum, Muted?muted"),
            )],
            Kind::PresenceStates => vec![told("PresenceStateList", "Presentity: Status, Message")],
            Kind::Priorities(context, exten) => vec![list(
                "ShowDialPlan",
                &[("Context", context), ("Extension", exten)],
                read::priorities,
            )],
            Kind::Queues => vec![list("QueueStatus", &[], read::queues), words("queue show ")],
            Kind::Registrations => vec![told(
                "PJSIPShowRegistrationsOutbound",
                "ObjectName: Status~",
            )],
            Kind::Rules => vec![words("queue show rules ")],
            Kind::SipPeers => vec![told("SIPpeers", PEERS), words("sip show peer ")],
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

/// An Action that lists them. None if a value cannot be sent.
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

/// An Action that lists them, and how [`read::told`] reads its items.
fn told(name: &str, written: &'static str) -> Option<Source> {
    list(name, &[], read::told(written))
}

/// A CLI command whose output names them.
fn cli(text: &str, read: impl Fn(&Reply) -> Vec<Value> + Send + 'static) -> Option<Source> {
    source(Action::cli(text.as_bytes()).ok(), read)
}

/// What the server's own completion offers after `line`.
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
