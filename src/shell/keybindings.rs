//! amish's own keys while a line is typed.
//!
//! The editor cannot run code for a key. So a key is noted, with the typed
//! text, and ends the line as Enter does; the reader of lines then runs the
//! key's function and offers the text again. The editor uses the same bindings
//! wherever it reads a key. A key that does not end the line right then must do
//! nothing, least of all at the next Enter, so its note is dropped as soon as
//! the editor continues.

use super::cli;
use super::complete::{What, spot};
use super::gate::Gate;
use super::job::{self, Job};
use super::last_words::LastWords;
use super::lock;
use super::many::aim_of;
use super::terminal::Terminal;
use crate::catalog::Catalog;
use crate::engine::About;
use crate::settings::Habits;
use rustyline::history::MemHistory;
use rustyline::{
    Cmd, ConditionalEventHandler, Editor, Event, EventContext, EventHandler, KeyCode, KeyEvent,
    Modifiers, RepeatCount,
};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyAction {
    /// Shows help about what may be typed at the cursor.
    Help(About),
    /// Shows the server's help about what may follow this, in CLI mode.
    CliHelp(String),
    Run(String),
    Edit,
}

/// A key that ended the line.
#[derive(Debug)]
pub(super) struct Pressed {
    /// None for Ctrl-C, which discards the line.
    pub action: Option<KeyAction>,
    /// The typed text left and right of the cursor.
    pub typed: (String, String),
}

/// Passes keys from the editor to the reader of lines.
#[derive(Default)]
pub(super) struct Keys {
    pressed: Mutex<Option<Pressed>>,
    /// The lines of a raw packet above this one, each with its line end.
    above: Mutex<String>,
    /// Something else than the usual prompt is shown, such as that of Ctrl-R.
    searching: AtomicBool,
    pub words: Mutex<LastWords>,
    /// Where the next completion begins, and its only candidate.
    word: Mutex<Option<(usize, String)>>,
}

impl Keys {
    /// Starts a line, below those of a raw packet.
    pub fn begin(&self, above: &str) {
        self.forget();
        self.set_searching(false);
        above.clone_into(&mut lock(&self.above));
    }

    pub fn is_searching(&self) -> bool {
        self.searching.load(Ordering::Relaxed)
    }

    pub fn set_searching(&self, searching: bool) {
        self.searching.store(searching, Ordering::Relaxed);
    }

    pub fn above(&self) -> String {
        lock(&self.above).clone()
    }

    /// Takes the key that ended the line, if it was one of these.
    pub fn take(&self) -> Option<Pressed> {
        lock(&self.pressed).take()
    }

    /// The editor goes on: the last key did not end the line.
    pub fn forget(&self) {
        *lock(&self.pressed) = None;
        self.take_word();
    }

    /// Alt-. as a completion, the one way to replace a part of the line.
    fn last_word(&self, context: &EventContext<'_>) -> Option<Cmd> {
        if self.is_searching() {
            return None;
        }
        let left = context.line().get(..context.pos())?;
        let word = lock(&self.words).next(left)?;
        *lock(&self.word) = Some(word);
        Some(Cmd::Complete)
    }

    /// The word that the next completion inserts, and where.
    pub fn take_word(&self) -> Option<(usize, String)> {
        lock(&self.word).take()
    }

    fn press(&self, action: Option<KeyAction>, context: &EventContext<'_>) -> Cmd {
        let line = context.line();
        let (left, right) = line.split_at_checked(context.pos()).unwrap_or((line, ""));
        let typed = (left.to_owned(), right.to_owned());
        *lock(&self.pressed) = Some(Pressed { action, typed });
        Cmd::AcceptLine
    }
}

/// What a key does; None leaves it to the editor.
struct Handler<F> {
    keys: Arc<Keys>,
    does: F,
}

impl<F> ConditionalEventHandler for Handler<F>
where
    F: Fn(&Keys, &EventContext<'_>) -> Option<Cmd> + Send + Sync,
{
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        (self.does)(&self.keys, context)
    }
}

/// The keys that act whatever was begun: they abandon the line, stop amish and
/// end it.
pub(super) fn acting(terminal: &Terminal) -> Vec<char> {
    let own = [Some('\x03'), terminal.stop_key(), terminal.quit_key()];
    own.into_iter().flatten().collect()
}

/// Binds the keys of `habits` and amish's own.
pub(super) fn bind<H: rustyline::Helper>(
    editor: &mut Editor<H, MemHistory>,
    keys: &Arc<Keys>,
    habits: &Habits,
    gate: Arc<Gate>,
    terminal: &Terminal,
    job: Arc<Job>,
) {
    let mut bind = Binder { editor, keys };
    // Fingers press it after Ctrl-S. The editor would quote the next key;
    // Ctrl-V does that. The keys that act rely on it (`keystrokes.rs`).
    bind.editor.bind_sequence(KeyEvent::ctrl('Q'), Cmd::Noop);
    // The editor's own interrupt would lose the text after the cursor.
    bind.one(KeyEvent::ctrl('C').into(), |keys, context| {
        Some(keys.press(None, context))
    });
    for (number, line) in &habits.keys {
        let action = KeyAction::Run(line.clone());
        bind.one(
            KeyEvent(KeyCode::F(*number), Modifiers::NONE).into(),
            move |keys, context| Some(keys.press(Some(action.clone()), context)),
        );
    }
    match habits.vi {
        // The editor would treat it as Enter.
        true => bind.one(KeyEvent::ctrl('D').into(), |_, context| {
            (!context.line().is_empty()).then_some(Cmd::Noop)
        }),
        false => bind_emacs(&mut bind),
    }
    bind_help(&mut bind, gate);
    bind.one(KeyEvent::ctrl('R').into(), |keys, _| {
        keys.set_searching(true);
        None
    });
    bind_signals(&mut bind, terminal, job);
}

/// Help at the start of a word at the end of the line, else a character.
fn bind_help<H: rustyline::Helper>(bind: &mut Binder<'_, H>, gate: Arc<Gate>) {
    bind.one(KeyEvent::from('?').into(), move |keys, context| {
        if keys.is_searching() || context.pos() != context.line().len() {
            return None;
        }
        let (above, line) = (keys.above(), context.line());
        let help = match above == cli::BEFORE && !cli::is_own(line) {
            true => cli::begins_a_word(line).then(|| KeyAction::CliHelp(line.to_owned())),
            false => {
                let above = if above == cli::BEFORE { "" } else { &above };
                let lead = gate.lead();
                let aim = lead.name.as_ref().map_or(0, |_| aim_of(line));
                let line = line.get(aim..).unwrap_or_default();
                about(&format!("{above}{line}"), &lead.worker.catalog()).map(KeyAction::Help)
            }
        };
        Some(keys.press(Some(help?), context))
    });
}

/// The keys for which the terminal would send a signal.
fn bind_signals<H: rustyline::Helper>(
    bind: &mut Binder<'_, H>,
    terminal: &Terminal,
    job: Arc<Job>,
) {
    if let Some(key) = terminal.stop_key() {
        // The editor's own handling assumes that nothing handles the signal.
        bind.one(KeyEvent::new(key, Modifiers::NONE).into(), move |_, _| {
            job.ask_to_stop();
            Some(Cmd::Repaint)
        });
    }
    if let Some(key) = terminal.quit_key() {
        // The editor would discard the line, as by Ctrl-C.
        bind.one(KeyEvent::new(key, Modifiers::NONE).into(), |_, _| {
            job::quit();
            Some(Cmd::Noop)
        });
    }
}

/// What GNU readline has, and the editor lacks or does otherwise.
fn bind_emacs<H: rustyline::Helper>(bind: &mut Binder<'_, H>) {
    // As in bash.
    let sequence = [KeyEvent::ctrl('X'), KeyEvent::ctrl('E')];
    bind.one(Event::KeySeq(sequence.to_vec()), |keys, context| {
        Some(keys.press(Some(KeyAction::Edit), context))
    });
    for key in ['.', '_'] {
        bind.one(KeyEvent::alt(key).into(), Keys::last_word);
    }
}

struct Binder<'a, H: rustyline::Helper> {
    editor: &'a mut Editor<H, MemHistory>,
    keys: &'a Arc<Keys>,
}

impl<H: rustyline::Helper> Binder<'_, H> {
    fn one<F>(&mut self, event: Event, does: F)
    where
        F: Fn(&Keys, &EventContext<'_>) -> Option<Cmd> + Send + Sync + 'static,
    {
        let keys = self.keys.clone();
        let handler = EventHandler::Conditional(Box::new(Handler { keys, does }));
        self.editor.bind_sequence(event, handler);
    }
}

/// The subject of help at the end of `buffer`. None inside a word, and if
/// nothing is known.
pub(super) fn about(buffer: &str, catalog: &Catalog) -> Option<About> {
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

#[cfg(test)]
mod tests {
    use super::*;

    // `?` must be help where a word begins, and itself everywhere else: regular
    // expressions, for one, contain it.
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
