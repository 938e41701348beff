//! An Action done: the one way for the shell and for scripts.
//!
//! It is registered before it is sent, waited for as long as it may take, and
//! told apart afterwards: answered, unknown, or given up. While it waits,
//! what else arrives goes to the caller in order, so that nothing is stale.

pub mod behind;
mod channels;
pub mod cli;
pub mod dangerous;
mod denied;
pub mod doctor;
mod exit;
mod originate;
mod read_only;
mod rules;
mod saved;
mod sent;
pub mod standing;
pub mod watch;
pub mod whoami;

pub use channels::Channels;
pub use exit::Code;
pub use read_only::ReadOnly;
pub use rules::Rules;
pub use saved::Saved;
pub use sent::{Sent, stands_alone};
pub use watch::Watch;

use crate::ami::{self, Action, Refused, Reply, Status};
use crate::catalog::Catalog;
use crate::language::{Command, Fault};
use crate::session::{self, Answer, Arrival, Arrived, Classes, Session, Wake};
use std::time::{Duration, SystemTime};
use thiserror::Error;

/// How an Action came to be, which decides what amish may add to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// From a line: an Originate is sent asynchronously, so that the session
    /// stays usable and the outcome can be told.
    Line,
    /// A raw packet: it goes out as it was typed.
    Raw,
}

/// How it ended.
#[derive(Debug)]
pub enum Ending {
    /// Answered. To an Originate belongs its OriginateResponse, as an item.
    Reply(Box<Reply>),
    /// Sent, and not answered in time, or not beyond this part.
    TimedOut(Option<Box<Reply>>),
    /// Sent, and the link ended before the answer, or after this part of it.
    Lost(Option<Box<Reply>>),
    /// The user stopped waiting. The answer will be late.
    Interrupted,
}

impl Ending {
    /// What there is to show: the answer, or as much of it as came.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Ending::Reply(reply) => Some(reply),
            Ending::TimedOut(part) | Ending::Lost(part) => part.as_deref(),
            Ending::Interrupted => None,
        }
    }
}

impl From<Answer> for Ending {
    fn from(answer: Answer) -> Ending {
        match answer {
            Answer::Reply(reply) => Ending::Reply(reply),
            Answer::TimedOut(part) => Ending::TimedOut(part),
            Answer::Lost(part) => Ending::Lost(part),
        }
    }
}

/// What there is to show while an Action is waited for.
#[derive(Debug)]
pub enum Meanwhile {
    /// Something else arrived.
    Arrived(Arrived),
    /// What happens to the call, in a line.
    Told(String),
}

/// What became of an Action that was sent.
#[derive(Debug)]
pub struct Outcome {
    /// When it ended.
    pub time: SystemTime,
    /// How it ended.
    pub ending: Ending,
    /// What that means for the exit code.
    pub code: Code,
    /// What happened, in a line, where the packets alone do not tell.
    pub note: Option<String>,
}

impl Outcome {
    /// Did the server refuse it because the user lacks a class?
    pub fn is_denied(&self) -> bool {
        self.ending.reply().is_some_and(denied::is_denied)
    }
}

/// Why nothing was sent.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no link, or the Action is none.
    #[error(transparent)]
    Session(#[from] session::Error),
    /// The rules of the run forbid it.
    #[error(transparent)]
    ReadOnly(#[from] ReadOnly),
}

/// The Action that `command` asks for; None for one that sends none of the
/// user's own.
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

/// `action` as it goes out, but for its ActionID.
///
/// # Errors
/// What is added is one header too many.
pub fn completed(mut action: Action, manner: Manner, rules: Rules) -> Result<Action, Refused> {
    if originate::is_told(&action, manner, rules) {
        originate::make_async(&mut action)?;
    }
    Ok(action)
}

/// Carries out `action`. What arrives meanwhile and is not its answer goes to
/// `aside`.
///
/// # Errors
/// Nothing was sent.
pub fn perform(
    session: &Session,
    rules: Rules,
    action: Action,
    manner: Manner,
    aside: &mut dyn FnMut(Meanwhile),
) -> Result<Outcome, Error> {
    rules.admit(&action)?;
    if originate::is_told(&action, manner, rules) {
        return Ok(originate::perform(session, rules, action, aside)?);
    }
    let patience = patience(session, &action);
    let mut arrived = |arrived| aside(Meanwhile::Arrived(arrived));
    let (time, ending, sent) = exchange(session, action, patience, &mut arrived)?;
    if let Ending::Reply(reply) = &ending {
        observe(session, &sent, reply);
    }
    Ok(judge(session, rules, &sent, time, ending))
}

/// Sends `action` and waits for its answer.
fn exchange(
    session: &Session,
    action: Action,
    patience: Duration,
    aside: &mut dyn FnMut(Arrived),
) -> Result<(SystemTime, Ending, Action), session::Error> {
    let (ticket, sent) = session.send(action, patience)?;
    loop {
        let arrived = match session.next(None) {
            Wake::Arrived(arrived) => arrived,
            Wake::Interrupted => {
                session.abandon(ticket);
                return Ok((SystemTime::now(), Ending::Interrupted, sent));
            }
            Wake::Nudged | Wake::Timeout => continue,
        };
        match arrived.what {
            Arrival::Answer(whose, answer) if whose == ticket => {
                return Ok((arrived.time, Ending::from(answer), sent));
            }
            _ => aside(arrived),
        }
    }
}

/// How long the answer may take: some Actions answer when something else has
/// happened.
fn patience(session: &Session, action: &Action) -> Duration {
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
        originate::timeout(action)
    } else {
        return usual;
    };
    usual.max(asked + originate::GRACE)
}

/// Notes what an answered Action of the user's changed about the session.
fn observe(session: &Session, action: &Action, reply: &Reply) {
    if reply.status() == Status::Error {
        return;
    }
    let text = |key: &str| action.get(key).map(String::from_utf8_lossy);
    if action.is("Events") {
        session.observe_events(Classes::of_mask(&text("EventMask").unwrap_or_default()));
    } else if action.is("Filter") {
        session.observe_filter(action);
    } else if action.is("Login") {
        session.note_login(&text("Username").unwrap_or_default());
        // Without the header a login gets every class the user may read.
        session.observe_events(text("Events").map_or(Classes::ALL, |m| Classes::of_mask(&m)));
    }
}

fn judge(
    session: &Session,
    rules: Rules,
    action: &Action,
    time: SystemTime,
    ending: Ending,
) -> Outcome {
    let (code, note) = match &ending {
        Ending::Reply(reply) if reply.status() != Status::Error => (Code::Ok, None),
        Ending::Reply(reply) if !rules.strict && is_empty_list(action, reply) => (Code::Ok, None),
        Ending::Reply(_) if action.is("Login") => (Code::Login, None),
        Ending::Reply(reply) => {
            let user = session.user();
            let note = denied::words(action, reply, user.as_deref(), &session.banner());
            (Code::Error, note)
        }
        Ending::TimedOut(part) => {
            let why = match part.as_ref().map(|part| part.ending) {
                Some(ami::Ending::Full) => "the answer does not end, and 256 MiB are kept of one",
                Some(_) => "the answer stopped half way",
                None => "no answer in time",
            };
            (Code::Unknown, Some(unknown(action, why)))
        }
        Ending::Lost(part) => {
            let why = match part {
                Some(_) => "the connection ended in the middle of the answer",
                None => "the connection ended before the answer",
            };
            (Code::Unknown, Some(unknown(action, why)))
        }
        Ending::Interrupted => (Code::Unknown, Some(unknown(action, "stopped waiting"))),
    };
    Outcome {
        time,
        ending,
        code,
        note,
    }
}

fn unknown(action: &Action, why: &str) -> String {
    let id = String::from_utf8_lossy(action.get("ActionID").unwrap_or_default()).into_owned();
    let name = action.name();
    format!(
        "{why}: the outcome of {name} (ActionID {id}) is unknown; it was sent and is not sent again"
    )
}

/// Servers answer some lists with an Error when there is nothing in them:
/// `No endpoints found` (PJSIPShow… of 16 and 22), `No active conferences.`
/// (ConfbridgeList, MeetmeList).
fn is_empty_list(action: &Action, reply: &Reply) -> bool {
    let name = action.name().to_ascii_lowercase();
    let lists = ["pjsipshow", "confbridgelist", "meetmelist"];
    let message = reply.message().unwrap_or_default().to_ascii_lowercase();
    lists.iter().any(|list| name.starts_with(list))
        && message.starts_with("no ")
        && (message.ends_with(" found") || message.ends_with("conferences."))
}
