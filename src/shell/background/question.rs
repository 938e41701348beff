//! Single questions about what a server can do, with their answers parsed.

use crate::ami::{Action, Reply, Status};
use crate::catalog::pages::{self, Read};
use crate::catalog::{Listing, Name, Page};
use crate::peer_text::visible;
use crate::session::{Answer, Session};
use std::time::Duration;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) enum Unanswered {
    /// Another Action is unanswered, so nothing was asked.
    Busy,
    /// The server does not answer this user.
    Refused,
    /// The server did not answer in time, or the link is gone.
    Gone,
    /// Ctrl-C was pressed before it answered.
    Stopped,
}

/// How to ask: as soon as no Action is unanswered, or not at all.
pub(super) type Ask<'a> = &'a dyn Fn(&Action) -> Result<Box<Reply>, Unanswered>;

/// Pages, and the answer they were parsed from.
pub(super) struct Told {
    pub pages: Vec<Page>,
    /// The answer held more pages than are parsed.
    pub is_cut: bool,
    /// The server only said how to ask: 1.4 and 1.6.0 take one name.
    pub is_usage: bool,
    pub reply: Box<Reply>,
}

/// The server's own list of Actions.
pub(super) fn listing(ask: Ask<'_>) -> Result<Listing, Unanswered> {
    let reply = ask(&Action::own("ListCommands", &[]))?;
    match reply.status() {
        Status::Error => Err(Unanswered::Refused),
        _ => Ok(Listing::of(&reply)),
    }
}

/// The server's version and build line. It needs the same class as the pages;
/// CoreSettings needs another.
pub(super) fn version(ask: Ask<'_>) -> Result<Vec<u8>, Unanswered> {
    let reply = cli(ask, "core show version")?;
    let output = reply.output().unwrap_or_default();
    let first = output.first().copied().unwrap_or_default();
    Ok(first.trim_ascii().to_vec())
}

/// The longest product that is shown, in characters.
const PRODUCT: usize = 40;

/// `Asterisk 22.10.1` of a build line; empty if it is none.
pub(super) fn product_of(version: &[u8]) -> String {
    let version = visible::text(version);
    let (product, _) = version.split_once(" built by ").unwrap_or_default();
    let is_one = product.starts_with("Asterisk ") && product.chars().count() <= PRODUCT;
    if is_one { product } else { "" }.to_owned()
}

/// The product for a user who may not use the CLI, from CoreSettings; empty if
/// it does not say.
pub(super) fn product(ask: Ask<'_>) -> Result<String, Unanswered> {
    let reply = ask(&Action::own("CoreSettings", &[]))?;
    let version = reply.get("AsteriskVersion").unwrap_or_default();
    Ok(product_of(
        &[b"Asterisk ", version.trim_ascii(), b" built by "].concat(),
    ))
}

/// The pages of the Actions `names`.
pub(super) fn pages(ask: Ask<'_>, names: &[&str]) -> Result<Told, Unanswered> {
    let reply = cli(ask, &format!("manager show command {}", names.join(" ")))?;
    let read = pages::actions(&reply.output().unwrap_or_default());
    let is_asked = |page: &Page| {
        let mut names = names.iter();
        names.any(|name| page.name.eq_ignore_ascii_case(name))
    };
    Ok(told(read, is_asked, reply))
}

/// The names of events that begin with `begin`, in any case; all if it is
/// empty.
pub(super) fn event_names(ask: Ask<'_>, begin: &str) -> Result<Vec<Name>, Unanswered> {
    let begin = Name::of_event(begin.as_bytes());
    let begin = begin.as_ref().map(Name::as_str).unwrap_or_default();
    let text = format!("_command matchesarray \"manager show event {begin}\" \"{begin}\"");
    let reply = cli(ask, &text)?;
    Ok(pages::event_names(&reply.output().unwrap_or_default()))
}

/// The page of the event `name`; None if the server has none.
pub(super) fn event(ask: Ask<'_>, name: &Name) -> Result<Told, Unanswered> {
    let reply = cli(ask, &format!("manager show event {name}"))?;
    let read = pages::event(&reply.output().unwrap_or_default());
    Ok(told(read, |page| page.name == *name, reply))
}

/// Keeps only what was asked for: the text is untrusted.
fn told(mut read: Read, is_asked: impl Fn(&Page) -> bool, reply: Box<Reply>) -> Told {
    read.pages.retain(is_asked);
    Told {
        pages: read.pages,
        is_cut: read.too_large > 0,
        is_usage: is_usage(&reply),
        reply,
    }
}

fn is_usage(reply: &Reply) -> bool {
    let output = reply.output().unwrap_or_default();
    output
        .first()
        .is_some_and(|line| line.starts_with(b"Usage:"))
}

/// The answer to a CLI command. An unknown command is answered with text as
/// well.
fn cli(ask: Ask<'_>, text: &str) -> Result<Box<Reply>, Unanswered> {
    let question = Action::cli(text.as_bytes()).map_err(|_| Unanswered::Gone)?;
    let reply = ask(&question)?;
    match reply.output() {
        None => Err(Unanswered::Refused),
        Some(_) => Ok(reply),
    }
}

/// Asks `question`, unless an Action is unanswered.
pub(super) fn ask(
    session: &Session,
    question: &Action,
    patience: Duration,
) -> Result<Box<Reply>, Unanswered> {
    match session.call_if_quiet(question.clone(), patience) {
        Ok(None) => Err(Unanswered::Busy),
        Ok(Some(Answer::Reply(reply))) => Ok(reply),
        Ok(Some(Answer::TimedOut(_) | Answer::Lost(_))) | Err(_) => Err(Unanswered::Gone),
    }
}
