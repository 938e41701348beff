//! Keys that do something while a line is typed. The editor has no such keys of
//! its own: the key stores a wish and ends the line as Enter does, and what was
//! typed is offered again when the wish is fulfilled.

use super::complete::{What, spot};
use super::librarian::Librarian;
use crate::catalog::Catalog;
use rustyline::{Cmd, ConditionalEventHandler, Event, EventContext, RepeatCount};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a key asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Help about what may stand at the cursor.
    Help(About),
    /// This line is run.
    Run(String),
    /// The line goes to the editor of the user's.
    Edit,
}

/// What help is wanted about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum About {
    /// What can be typed at all.
    Anything,
    /// As `help` takes it.
    Topic(String),
    /// A key of an Action.
    Key(String, String),
}

/// A wish, and what was typed left and right of the cursor.
type Wished = (Wish, (String, String));

/// Between the keys and whoever reads the lines.
#[derive(Default)]
pub(super) struct Wishes {
    wish: Mutex<Option<Wished>>,
    /// The lines of a raw packet above this one, each with its line end.
    above: Mutex<String>,
}

impl Wishes {
    /// A line begins, below those of a raw packet.
    pub fn begin(&self, above: &str) {
        *lock(&self.wish) = None;
        above.clone_into(&mut lock(&self.above));
    }

    /// What a key asked for, if one ended the line.
    pub fn take(&self) -> Option<Wished> {
        lock(&self.wish).take()
    }

    fn store(&self, wish: Wish, context: &EventContext<'_>) -> Cmd {
        let line = context.line();
        let (left, right) = line.split_at_checked(context.pos()).unwrap_or((line, ""));
        *lock(&self.wish) = Some((wish, (left.to_owned(), right.to_owned())));
        Cmd::AcceptLine
    }
}

/// `?` at a word's start at the end of the line; elsewhere it is a character.
pub(super) struct QuestionMark {
    pub wishes: Arc<Wishes>,
    pub librarian: Arc<Librarian>,
}

impl ConditionalEventHandler for QuestionMark {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        if context.pos() != context.line().len() {
            return None;
        }
        let buffer = format!("{}{}", lock(&self.wishes.above), context.line());
        let about = about(&buffer, &self.librarian.catalog())?;
        Some(self.wishes.store(Wish::Help(about), context))
    }
}

/// A key that has one wish, whatever is typed.
pub(super) struct Key {
    pub wishes: Arc<Wishes>,
    pub wish: Wish,
}

impl ConditionalEventHandler for Key {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        Some(self.wishes.store(self.wish.clone(), context))
    }
}

/// Ctrl-D in vi mode: the editor would take it for Enter.
pub(super) struct EndOfLine;

impl ConditionalEventHandler for EndOfLine {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        (!context.line().is_empty()).then_some(Cmd::Noop)
    }
}

/// What may stand at the end of `buffer`; None inside a word, and where
/// nothing is known.
fn about(buffer: &str, catalog: &Catalog) -> Option<About> {
    let spot = spot(buffer, buffer.len(), catalog);
    if !spot.typed.is_empty() || spot.quote.is_some() {
        return None;
    }
    let known = |name: String| catalog.find(&name).map(str::to_owned);
    match spot.what {
        What::First => Some(About::Anything),
        What::Argument { given, .. } | What::Header(given) => known(given.action).map(About::Topic),
        What::Value { given, key } | What::HeaderValue { given, key } => {
            known(given.action).map(|action| About::Key(action, key))
        }
        What::Builtin { name, .. } => Some(About::Topic(format!("/{name}"))),
        What::Cli(_) | What::Nothing => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    // A question mark must be help where a word begins, and itself everywhere
    // else: regular expressions and numbers of parking lots have some.
    #[test]
    fn a_question_mark_is_help_only_where_a_word_begins() {
        let topic = |name: &str| Some(About::Topic(name.to_owned()));
        let key = |action: &str, key: &str| Some(About::Key(action.to_owned(), key.to_owned()));
        for (line, wanted) in [
            ("", Some(About::Anything)),
            ("queueadd ", topic("QueueAdd")),
            ("QueueAdd support ", topic("QueueAdd")),
            ("QueueAdd Queue=", key("QueueAdd", "Queue")),
            ("QueueAdd Queue=a", None),
            ("QueueAdd 'a b ", None),
            ("QueueAdd", None),
            ("NoSuch ", None),
            ("/events ", topic("/events")),
            ("help ", topic("/help")),
            ("cli core show ", None),
            ("!ls ", None),
            ("Action: QueueAdd\n", topic("QueueAdd")),
            ("Action: QueueAdd\nQueue: ", key("QueueAdd", "Queue")),
            ("Action: QueueAdd\nQueue: x", None),
        ] {
            assert_eq!(about(line, &Catalog::default()), wanted, "{line:?}");
        }
    }
}
