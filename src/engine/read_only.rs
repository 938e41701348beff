//! `--read-only`: allows only what is known to change nothing.
//!
//! Only Actions marked as reading in the table are allowed, so an Action of a
//! later version is refused until somebody has looked at it. Everything the
//! server might read is checked: every occurrence of a repeated header.

use crate::ami::Action;
use crate::catalog::{Effect, action};
use crate::language::asterisk_cli::topics_of_show;

/// Why the Asterisk CLI command of an Action is not sent.
const NO_COMMAND: &str =
    "read-only: the command was not sent; of the CLI only `… show …` and `help` are allowed";

/// Checks the value of a header.
type Harmless = fn(&[u8]) -> Result<(), String>;

/// Headers whose value decides whether something is changed.
const GUARDED: &[(&str, Harmless)] = &[
    ("Command", cli),
    ("Variable", variables),
    ("Variables", variables),
];

/// Other CLI commands that only show, by their beginning.
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

/// Dialplan functions that change nothing when read. DB is not among them: it
/// stores what it read in a variable.
const FUNCTIONS: &str = "\
    AGENT CALLERID CDR CHANNEL CHANNELS CONFBRIDGE_INFO CONNECTEDLINE DEVICE_STATE DEVSTATE \
    EXTENSION_STATE GLOBAL GROUP GROUP_COUNT GROUP_LIST HINT IAXPEER MEETME_INFO PJSIP_AOR \
    PJSIP_CONTACT PJSIP_ENDPOINT PRESENCE_STATE QUEUE_EXISTS QUEUE_MEMBER QUEUE_MEMBER_COUNT \
    QUEUE_MEMBER_LIST QUEUE_MEMBER_PENALTY QUEUE_WAITING_COUNT REDIRECTING SIPCHANINFO SIPPEER \
    SYSINFO VERSION VMCOUNT VM_INFO";

/// Checks that `action` is known to change nothing. A server runs the first
/// Action header with a value; here every one of them must be harmless.
///
/// # Errors
/// It may change something.
pub(super) fn check(action: &Action) -> Result<(), String> {
    for (key, value) in action.headers() {
        let key = key.trim();
        let is_name = key.eq_ignore_ascii_case("Action") && !value.trim_ascii().is_empty();
        if is_name && !is_listed(value) {
            let name = String::from_utf8_lossy(value.trim_ascii()).into_owned();
            return Err(format!(
                "read-only: {name} was not sent because it may change something"
            ));
        }
        let guards = GUARDED.iter();
        for (_, harmless) in guards.filter(|(guarded, _)| guarded.eq_ignore_ascii_case(key)) {
            harmless(value)?;
        }
    }
    Ok(())
}

fn is_listed(name: &[u8]) -> bool {
    let name = std::str::from_utf8(name.trim_ascii()).ok();
    match name.and_then(action).map(|known| known.effect) {
        Some(Effect::Reads) => true,
        Some(Effect::ReadsUnless(header)) => GUARDED.iter().any(|(guarded, _)| *guarded == header),
        Some(Effect::Changes) | None => false,
    }
}

/// A server splits a command at blanks and tabs. A word in quotes equals none
/// of the listed words and so is refused.
fn cli(text: &[u8]) -> Result<(), String> {
    let words = text.split(|byte| matches!(byte, b' ' | b'\t'));
    let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
    let is = |at: usize, wanted: &str| {
        let word = words.get(at);
        word.is_some_and(|word| wanted.as_bytes().eq_ignore_ascii_case(word))
    };
    let shows = is(1, "show") && topics_of_show().any(|topic| is(0, topic));
    let mut others = SHOWING.iter();
    let other = others.any(|words| words.iter().enumerate().all(|(at, word)| is(at, word)));
    // `sip show peer NAME load` fetches the peer into memory.
    let loads = is(0, "sip") && words.iter().any(|word| word.eq_ignore_ascii_case(b"load"));
    match (shows || other) && !loads {
        true => Ok(()),
        false => Err(NO_COMMAND.to_owned()),
    }
}

/// Names of variables and functions, separated by commas.
fn variables(text: &[u8]) -> Result<(), String> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b',' | b'('));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        // It may do something when read, as SHELL does.
        let function = || {
            let name = String::from_utf8_lossy(name.trim_ascii());
            format!(
                "read-only: {name} was not sent because reading it may change something; plain variables and functions such as CHANNEL(state) are allowed"
            )
        };
        if !name.iter().all(|&byte| is_plain(byte)) {
            return Err(function());
        }
        rest = match after.split_first() {
            Some((b'(', arguments)) => {
                let mut functions = FUNCTIONS.split(' ');
                let known = functions.any(|one| one.as_bytes() == name.trim_ascii());
                let end = arguments.iter().position(|&byte| byte == b')');
                let (inner, after) = arguments.split_at(end.ok_or_else(&function)?);
                // A nested expression may be evaluated by the function in turn.
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
