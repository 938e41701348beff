//! The shell's check of what was typed, before anything is sent.

use super::{ActionLine, Fault};
use crate::catalog::{Catalog, Taken, needed};
use std::fmt;

/// First words of Asterisk CLI commands that are no Actions, from 1.4 to 23.
const CLI: &[&str] = &[
    "ael",
    "agent",
    "agi",
    "aoc",
    "ari",
    "bridge",
    "calendar",
    "cc",
    "cdr",
    "cel",
    "channel",
    "confbridge",
    "config",
    "console",
    "core",
    "dahdi",
    "database",
    "devstate",
    "dialplan",
    "dnsmgr",
    "dundi",
    "enum",
    "fax",
    "features",
    "file",
    "geoloc",
    "group",
    "hint",
    "http",
    "iax2",
    "indication",
    "jabber",
    "jingle",
    "keys",
    "local",
    "logger",
    "malloc",
    "manager",
    "media",
    "meetme",
    "memory",
    "mfcr2",
    "mgcp",
    "minivm",
    "mixmonitor",
    "module",
    "moh",
    "odbc",
    "parking",
    "phoneprov",
    "pjproject",
    "pjsip",
    "presencestate",
    "pri",
    "queue",
    "realtime",
    "res_config",
    "rtcp",
    "rtp",
    "say",
    "show",
    "sip",
    "skinny",
    "sla",
    "sorcery",
    "ss7",
    "stasis",
    "stir_shaken",
    "stop",
    "restart",
    "stun",
    "taskprocessor",
    "timing",
    "translate",
    "udptl",
    "ulimit",
    "unistim",
    "voicemail",
    "xmldoc",
    "xmpp",
];

/// Second words that make any first word a command of the CLI.
const CLI_VERBS: [&str; 7] = ["show", "set", "reload", "list", "load", "unload", "debug"];

/// Actions of a session's begin and end. Asterisk 1.4 does not list them.
const ALWAYS: [&str; 3] = ["Challenge", "Login", "Logoff"];

/// Keys that nobody has heard of. The server has the last word.
#[derive(Debug, PartialEq, Eq)]
pub struct Doubt {
    action: String,
    keys: Vec<String>,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.keys.join(", ");
        write!(
            f,
            "the documentation of {} does not name {keys}; sent as typed",
            self.action
        )
    }
}

/// Is what `line` asks for known, and all there? Without a server's list any
/// Action may be; without documentation any key.
///
/// # Errors
/// [`Fault::IsCli`], [`Fault::NotListed`], [`Fault::Unknown`] and
/// [`Fault::UnknownKey`] with the nearest names, [`Fault::Missing`], and those
/// of [`ActionLine::keys`].
pub fn check(line: &ActionLine, catalog: &Catalog) -> Result<Option<Doubt>, Fault> {
    action(line, catalog)?;
    let keys = line.keys(catalog)?;
    let name = || catalog.find(&line.name).unwrap_or(&line.name).to_owned();
    let mut unheard = Vec::new();
    for key in &keys {
        match catalog.takes(&line.name, key) {
            Taken::Yes => {}
            Taken::Unheard => unheard.push((*key).to_owned()),
            Taken::Meant(nearest) => {
                return Err(Fault::UnknownKey {
                    action: name(),
                    key: (*key).to_owned(),
                    nearest: nearest.into_iter().map(str::to_owned).collect(),
                });
            }
        }
    }
    let lacking = catalog.lacking(&line.name, &keys);
    if !lacking.is_empty() {
        return Err(Fault::Missing {
            action: name(),
            keys: lacking.into_iter().map(str::to_owned).collect(),
        });
    }
    let doubt = Doubt {
        action: name(),
        keys: unheard,
    };
    Ok((!doubt.keys.is_empty()).then_some(doubt))
}

/// Is the Action known? What is plainly a command of the Asterisk CLI is
/// refused without a list as well; so is `bridge show all`, though there is an
/// Action Bridge.
fn action(line: &ActionLine, catalog: &Catalog) -> Result<(), Fault> {
    let name = &line.name;
    let known = catalog.find(name);
    if let Some(text) = cli(line, known.is_some()) {
        return Err(Fault::IsCli(text));
    }
    let always = ALWAYS.iter().any(|one| one.eq_ignore_ascii_case(name));
    let refuses = catalog
        .listing()
        .is_some_and(|listing| listing.get(name).is_none());
    match known {
        _ if always || !refuses => Ok(()),
        Some(known) => Err(Fault::NotListed {
            name: known.to_owned(),
            needs: needed(known, false).unwrap_or_default(),
        }),
        None => {
            let nearest = catalog.nearest(name).into_iter();
            Err(Fault::Unknown {
                name: name.clone(),
                nearest: nearest.map(str::to_owned).collect(),
            })
        }
    }
}

/// The line as a command of the CLI, if it looks like one: bare words only,
/// the first or the second a word of the CLI; both, where the first is the
/// name of an Action too.
fn cli(line: &ActionLine, is_action: bool) -> Option<String> {
    let is_in = |words: &[&str], word: &[u8]| {
        let mut words = words.iter();
        words.any(|one| one.as_bytes().eq_ignore_ascii_case(word))
    };
    let topic = is_in(CLI, line.name.as_bytes());
    let second = line.arguments.first();
    let verb = second.is_some_and(|second| is_in(&CLI_VERBS, &second.value));
    let looks = if is_action {
        topic && verb
    } else {
        topic || verb
    };
    let bare = line.arguments.iter().all(|one| one.key.is_none());
    let mut text = line.name.clone();
    for argument in &line.arguments {
        text.push(' ');
        text.push_str(std::str::from_utf8(&argument.value).ok()?);
    }
    (looks && bare).then_some(text)
}
