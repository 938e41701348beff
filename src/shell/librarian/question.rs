//! One question about what a server can do, and its answer read.

use crate::ami::{Action, Reply, Status};
use crate::catalog::{Listing, Page, pages};
use crate::session::{Answer, Session};
use std::time::Duration;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) enum Silence {
    /// An Action of somebody's is unanswered: nothing was asked.
    Busy,
    /// The server does not tell this user.
    Refused,
    /// It did not answer in time, or is gone.
    Gone,
}

/// The server's own list.
pub(super) fn listing(session: &Session, patience: Duration) -> Result<Listing, Silence> {
    let reply = ask(session, Action::new("ListCommands").ok(), patience)?;
    match reply.status() {
        Status::Error => Err(Silence::Refused),
        _ => Ok(Listing::of(&reply)),
    }
}

/// The server's name and version in its own words, with who has built it when.
/// Who may see pages may ask this, which CoreSettings takes another class for.
pub(super) fn version(session: &Session, patience: Duration) -> Result<String, Silence> {
    let reply = cli(session, "core show version", patience)?;
    let first = reply.output().unwrap_or_default();
    let first = first.first().copied().unwrap_or_default();
    Ok(String::from_utf8_lossy(first).trim().to_owned())
}

/// The pages of the Actions `names`, and the answer that they are from.
pub(super) fn pages(
    session: &Session,
    names: &[&str],
    patience: Duration,
) -> Result<(Vec<Page>, Box<Reply>), Silence> {
    let text = format!("manager show command {}", names.join(" "));
    let reply = cli(session, &text, patience)?;
    let mut found = pages::actions(&reply.output().unwrap_or_default());
    // Only what was asked for: the text is a stranger's.
    found.retain(|page| {
        names
            .iter()
            .any(|name| page.name.eq_ignore_ascii_case(name))
    });
    Ok((found, reply))
}

/// The names of events that begin with `begin`, in any case.
pub(super) fn event_names(
    session: &Session,
    begin: &str,
    patience: Duration,
) -> Result<Vec<String>, Silence> {
    let is_name = |name: &&str| {
        name.bytes()
            .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
    };
    let begin = Some(begin).filter(is_name).unwrap_or_default();
    let text = format!("_command matchesarray \"manager show event {begin}\" \"{begin}\"");
    let reply = cli(session, &text, patience)?;
    let mut names = pages::event_names(&reply.output().unwrap_or_default());
    names.retain(|name| is_name(&name.as_str()));
    Ok(names)
}

/// The page of the event `name`, and the answer that it is from.
pub(super) fn event(
    session: &Session,
    name: &str,
    patience: Duration,
) -> Result<(Option<Page>, Box<Reply>), Silence> {
    let reply = cli(session, &format!("manager show event {name}"), patience)?;
    let page = pages::event(&reply.output().unwrap_or_default());
    Ok((page.filter(|page| page.name == name), reply))
}

/// The answer to a command of the CLI. A command that the server does not know
/// is answered as well, with text.
fn cli(session: &Session, text: &str, patience: Duration) -> Result<Box<Reply>, Silence> {
    let reply = ask(session, Action::cli(text.as_bytes()).ok(), patience)?;
    match reply.output() {
        None => Err(Silence::Refused),
        Some(_) => Ok(reply),
    }
}

fn ask(
    session: &Session,
    question: Option<Action>,
    patience: Duration,
) -> Result<Box<Reply>, Silence> {
    let question = question.ok_or(Silence::Gone)?;
    match session.call_if_quiet(question, patience) {
        Ok(None) => Err(Silence::Busy),
        Ok(Some(Answer::Reply(reply))) => Ok(reply),
        Ok(Some(Answer::TimedOut(_) | Answer::Lost(_))) | Err(_) => Err(Silence::Gone),
    }
}
