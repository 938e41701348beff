//! Turns a statement into the Action to send, and notes what its answer changes
//! about the session.

use super::policy::Rules;
use crate::ami::{Action, Classes, Refused, Reply, Status};
use crate::catalog::Catalog;
use crate::language::{Command, Fault};
use crate::session::Session;
use std::time::Duration;

/// Where an Action comes from, which decides what amish may add to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// An Action line: Originate is sent with Async, so that the session stays
    /// usable and the outcome can be reported.
    Line,
    /// A raw packet: sent exactly as typed.
    Raw,
}

/// How long after the call's own timeout the outcome may come.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// The Action that `command` asks for; None if it sends none.
///
/// # Errors
/// It cannot be sent.
pub fn intended(command: &Command, catalog: &Catalog) -> Option<Result<(Action, Manner), Fault>> {
    let line = |action| (action, Manner::Line);
    match command {
        Command::Action(typed) => Some(typed.action(catalog).map(line)),
        Command::Cli(text) => Some(Action::cli(text).map(line).map_err(Fault::from)),
        Command::Raw(action) => Some(Ok((action.clone(), Manner::Raw))),
        _ => None,
    }
}

/// `action` as it will be sent, but without its ActionID.
///
/// # Errors
/// Adding a header exceeds the limit of headers.
pub fn completed(mut action: Action, manner: Manner, rules: Rules) -> Result<Action, Refused> {
    if is_followed(&action, manner, rules) {
        make_async(&mut action)?;
    }
    Ok(action)
}

/// The call's Timeout. Servers read it in milliseconds; the default is 30 s.
pub(super) fn timeout(action: &Action) -> Duration {
    let given = action.get("Timeout").and_then(|value| {
        let text = std::str::from_utf8(value.trim_ascii()).ok()?;
        text.parse::<u64>().ok().filter(|&ms| ms > 0)
    });
    Duration::from_millis(given.unwrap_or(30_000))
}

/// Is `action` an Originate that amish sends with Async and follows? Not if the
/// user chose Async or not.
pub(super) fn is_followed(action: &Action, manner: Manner, rules: Rules) -> bool {
    let ours = manner == Manner::Line && !rules.no_check;
    ours && action.is("Originate") && action.get("Async").is_none()
}

pub(super) fn make_async(action: &mut Action) -> Result<(), Refused> {
    action.push("Async", b"true")
}

/// How long to wait for the answer: some Actions answer only when something
/// else has happened.
pub(super) fn patience(session: &Session, action: &Action) -> Duration {
    let usual = session.patience();
    let number = |key: &str| {
        let text = std::str::from_utf8(action.get(key)?.trim_ascii()).ok()?;
        text.parse::<i64>().ok()
    };
    let asked = if action.is("WaitEvent") {
        match number("Timeout") {
            // Without end.
            Some(seconds) if seconds < 0 => return Duration::from_secs(u64::from(u32::MAX)),
            seconds => Duration::from_secs(seconds.unwrap_or(0).unsigned_abs()),
        }
    } else if action.is("Originate") {
        timeout(action)
    } else {
        return usual;
    };
    usual.max(asked + GRACE)
}

/// Records what an answered Action of the user's changed about the session.
pub(super) fn observe(session: &Session, action: &Action, reply: &Reply) {
    if reply.status() == Status::Error {
        return;
    }
    let text = |key: &str| {
        let value = action.get(key)?;
        std::str::from_utf8(value).ok()
    };
    if action.is("Events") {
        session.observe_events(Classes::of_mask(text("EventMask").unwrap_or_default()));
    } else if action.is("Filter") {
        session.observe_filter(action);
    } else if action.is("Login") {
        session.note_login(text("Username").unwrap_or_default());
        // A login without Events gets every class the user may read.
        session.observe_events(text("Events").map_or(Classes::ALL, Classes::of_mask));
    }
}
