//! `--read-only`: what may be sent because it is known to change nothing.
//!
//! It is a list of what is allowed, so that an Action of a later version is
//! refused until somebody has looked at it. Everything is checked that the
//! server might read: of a header that is repeated every one.

use crate::ami::Action;
use thiserror::Error;

/// Why an Action was not sent.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ReadOnly {
    /// It is not on the list.
    #[error("read-only: {0} may change something, so it was not sent")]
    Action(String),
    /// An Asterisk CLI command that is none of the listed ones.
    #[error(
        "read-only: of the CLI only commands such as `core show …` and `help` are sent, so this was not"
    )]
    Cli,
    /// A dialplan function that may do something when it is read, as SHELL does.
    #[error(
        "read-only: reading {0} may do more than read: plain variables and functions such as CHANNEL(state) are sent, this was not"
    )]
    Function(String),
}

/// What a header may hold.
type Harmless = fn(&[u8]) -> Result<(), ReadOnly>;

/// Actions that change nothing, in 1.4 to 23, whatever their headers say. The
/// session's own mask and filters are nobody else's.
const HARMLESS: &[&str] = &[
    "Agents",
    "BridgeInfo",
    "BridgeList",
    "BridgeTechnologyList",
    "Challenge",
    "ConfbridgeList",
    "ConfbridgeListRooms",
    "CoreSettings",
    "CoreShowChannelMap",
    "CoreShowChannels",
    "CoreStatus",
    "DAHDIShowChannels",
    "DAHDIShowStatus",
    "DataGet",
    "DBGet",
    "DBGetTree",
    "DeviceStateList",
    "Events",
    "ExtensionState",
    "ExtensionStateList",
    "FAXSession",
    "FAXSessions",
    "FAXStats",
    "Filter",
    "GetConfig",
    "GetConfigJSON",
    "IAXnetstats",
    "IAXpeerlist",
    "IAXpeers",
    "IAXregistry",
    "ListCategories",
    "ListCommands",
    "Login",
    "Logoff",
    "MailboxCount",
    "MailboxStatus",
    "MeetmeList",
    "MeetmeListRooms",
    "ModuleCheck",
    "MWIGet",
    "ParkedCalls",
    "Parkinglots",
    "Ping",
    "PJSIPShowAors",
    "PJSIPShowAuths",
    "PJSIPShowContacts",
    "PJSIPShowEndpoint",
    "PJSIPShowEndpoints",
    "PJSIPShowMaintenance",
    "PJSIPShowRegistrationInboundContactStatuses",
    "PJSIPShowRegistrationsInbound",
    "PJSIPShowRegistrationsOutbound",
    "PJSIPShowResourceLists",
    "PJSIPShowSubscriptionsInbound",
    "PJSIPShowSubscriptionsOutbound",
    "PresenceState",
    "PresenceStateList",
    "PRIShowSpans",
    "QueueRule",
    "Queues",
    "QueueStatus",
    "QueueSummary",
    "ShowDialPlan",
    "SIPpeers",
    "SIPpeerstatus",
    "SIPshowpeer",
    "SIPshowregistry",
    "SKINNYdevices",
    "SKINNYlines",
    "SKINNYshowdevice",
    "SKINNYshowline",
    "VoicemailBoxSummary",
    "VoicemailUsersList",
    "VoicemailUserStatus",
    "WaitEvent",
    "ZapShowChannels",
];

/// Actions that change nothing as long as this header does not make them.
const GUARDED: &[(&str, &str, Harmless)] = &[
    ("Command", "Command", cli),
    ("Getvar", "Variable", variables),
    ("Status", "Variables", variables),
];

/// First words of the CLI after which `show` only shows, in 1.6 to 23. In 1.4
/// `show` came first.
const TOPICS: &[&str] = &[
    "acl",
    "aeap",
    "agent",
    "agi",
    "ari",
    "bridge",
    "calendar",
    "cdr",
    "cel",
    "cli",
    "confbridge",
    "config",
    "core",
    "dahdi",
    "database",
    "dialplan",
    "dundi",
    "fax",
    "features",
    "geoloc",
    "group",
    "h323",
    "http",
    "iax2",
    "indication",
    "jabber",
    "jingle",
    "keys",
    "local",
    "logger",
    "manager",
    "memory",
    "mfcr2",
    "mgcp",
    "minivm",
    "misdn",
    "module",
    "moh",
    "odbc",
    "opus",
    "parking",
    "phoneprov",
    "pjproject",
    "pjsip",
    "pri",
    "queue",
    "realtime",
    "rtp",
    "sip",
    "skinny",
    "sla",
    "ss7",
    "stasis",
    "stir_shaken",
    "test",
    "udptl",
    "unistim",
    "voicemail",
    "xmpp",
    "zap",
];

/// Other beginnings of CLI commands that only show.
const SHOWING: &[&[&str]] = &[
    &["show"],
    &["help"],
    &["_command", "matchesarray"],
    &["bridge", "technology", "show"],
    &["dialplan", "locks", "show"],
    &["logger", "filter", "show"],
    &["media", "cache", "show"],
    &["sorcery", "memory", "cache", "show"],
    &["stasis", "statistics", "show"],
];

/// Dialplan functions that do nothing but tell when they are read. DB is not
/// among them: it leaves what it read in a variable.
const FUNCTIONS: &[&str] = &[
    "AGENT",
    "CALLERID",
    "CDR",
    "CHANNEL",
    "CHANNELS",
    "CONFBRIDGE_INFO",
    "CONNECTEDLINE",
    "DEVICE_STATE",
    "DEVSTATE",
    "EXTENSION_STATE",
    "GLOBAL",
    "GROUP",
    "GROUP_COUNT",
    "GROUP_LIST",
    "HINT",
    "IAXPEER",
    "MEETME_INFO",
    "PJSIP_AOR",
    "PJSIP_CONTACT",
    "PJSIP_ENDPOINT",
    "PRESENCE_STATE",
    "QUEUE_EXISTS",
    "QUEUE_MEMBER",
    "QUEUE_MEMBER_COUNT",
    "QUEUE_MEMBER_LIST",
    "QUEUE_MEMBER_PENALTY",
    "QUEUE_WAITING_COUNT",
    "REDIRECTING",
    "SIPCHANINFO",
    "SIPPEER",
    "SYSINFO",
    "VERSION",
    "VMCOUNT",
    "VM_INFO",
];

/// Is `action` known to change nothing? A server runs the first Action header
/// that says anything; here every one of them has to be harmless.
///
/// # Errors
/// It may change something.
pub(super) fn check(action: &Action) -> Result<(), ReadOnly> {
    for (key, value) in action.headers() {
        let key = key.trim();
        let is_name = key.eq_ignore_ascii_case("Action") && !value.trim_ascii().is_empty();
        if is_name && !is_listed(value) {
            let name = String::from_utf8_lossy(value.trim_ascii()).into_owned();
            return Err(ReadOnly::Action(name));
        }
        let guards = GUARDED.iter();
        for (_, _, harmless) in guards.filter(|(_, guarded, _)| guarded.eq_ignore_ascii_case(key)) {
            harmless(value)?;
        }
    }
    Ok(())
}

fn is_listed(name: &[u8]) -> bool {
    let name = name.trim_ascii();
    let guarded = GUARDED.iter().map(|(name, ..)| name);
    let mut listed = HARMLESS.iter().chain(guarded);
    listed.any(|one| one.as_bytes().eq_ignore_ascii_case(name))
}

/// A server splits a command at blanks and tabs; a word in quotes is equal to
/// none of ours, and so refused.
fn cli(text: &[u8]) -> Result<(), ReadOnly> {
    let words = text.split(|byte| matches!(byte, b' ' | b'\t'));
    let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
    let is = |at: usize, wanted: &str| {
        let word = words.get(at);
        word.is_some_and(|word| wanted.as_bytes().eq_ignore_ascii_case(word))
    };
    let shows = is(1, "show") && TOPICS.iter().any(|topic| is(0, topic));
    let mut others = SHOWING.iter();
    let other = others.any(|words| words.iter().enumerate().all(|(at, word)| is(at, word)));
    // `sip show peer NAME load` fetches the peer into memory.
    let loads = is(0, "sip") && words.iter().any(|word| word.eq_ignore_ascii_case(b"load"));
    match (shows || other) && !loads {
        true => Ok(()),
        false => Err(ReadOnly::Cli),
    }
}

/// Names of variables and functions, separated by commas.
fn variables(text: &[u8]) -> Result<(), ReadOnly> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b',' | b'('));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        let function = || ReadOnly::Function(String::from_utf8_lossy(name.trim_ascii()).into());
        if !name.iter().all(|&byte| is_plain(byte)) {
            return Err(function());
        }
        rest = match after.split_first() {
            Some((b'(', arguments)) => {
                let known = FUNCTIONS
                    .iter()
                    .any(|one| one.as_bytes() == name.trim_ascii());
                let end = arguments.iter().position(|&byte| byte == b')');
                let (inner, after) = arguments.split_at(end.ok_or_else(&function)?);
                // What is nested may be read by the function in its turn.
                let nested = inner.iter().any(|byte| b"({$\"\\".contains(byte));
                if nested || !known {
                    return Err(function());
                }
                after.get(1..).unwrap_or_default()
            }
            Some((_, after)) => after,
            None => after,
        };
    }
    Ok(())
}

fn is_plain(byte: u8) -> bool {
    !b"(){}[]$\"'\\".contains(&byte) && !byte.is_ascii_control()
}

#[cfg(test)]
mod tests;
