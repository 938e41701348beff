//! One line read at the prompt, whatever happens to it.

use super::gate::Gate;
use super::helper::Typing;
use super::history::{ENTRIES, History, is_kept};
use super::job::{Job, StopKey};
use super::pump::Bell;
use super::terminal::Terminal;
use super::wish::{EndOfLine, Key, QuestionMark, Wish, Wishes};
use crate::settings::Habits;
use rustyline::config::{BellStyle, ColorMode};
use rustyline::error::ReadlineError;
use rustyline::history::{History as _, MemHistory};
use rustyline::{
    Cmd, CompletionType, ConditionalEventHandler, Config, EditMode, Editor, Event, EventContext,
    EventHandler, ExternalPrinter, KeyCode, KeyEvent, Modifiers, RepeatCount,
};
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What came of reading a line.
pub(super) enum Input {
    /// A line, or several.
    Text(String),
    /// Ctrl-C took a line back.
    Cleared,
    /// Ctrl-C, and there was no line.
    Nothing,
    /// The text could not be read to its end; it is offered again. Says why.
    Again(&'static str),
    /// A key asked for something; what was typed is offered again.
    Wish(Wish),
    /// Ctrl-D, or there is no terminal any more.
    End,
}

/// A prompt, and the same in colour where there are colours.
pub(super) struct Prompt(pub String, pub Option<String>);

/// The editor with its history.
pub(super) struct Line {
    editor: Editor<Typing, MemHistory>,
    history: Option<History>,
    /// Those of the other mode.
    other: (MemHistory, Option<History>),
    gate: Arc<Gate>,
    terminal: Arc<Terminal>,
    /// To the left and the right of the cursor, when a line begins.
    again: (String, String),
    /// The line was ended by Ctrl-C.
    cleared: Arc<AtomicBool>,
    wishes: Arc<Wishes>,
    /// A terminal that can do nothing: there is no line to print above.
    plain: bool,
    /// The last entry could not be kept, and that was told.
    unwritten: bool,
}

/// Ctrl-C ends the line as Enter does, and leaves a mark. Rustyline's own
/// interrupt would lose what was typed behind it.
struct Clear(Arc<AtomicBool>);

impl ConditionalEventHandler for Clear {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.0.store(true, Ordering::Relaxed);
        Some(Cmd::AcceptLine)
    }
}

/// Gives the keys of the user's their meaning.
fn bind(editor: &mut Editor<Typing, MemHistory>, habits: &Habits, wishes: &Arc<Wishes>) {
    let key = |wish: Wish| {
        let wishes = wishes.clone();
        EventHandler::Conditional(Box::new(Key { wishes, wish }))
    };
    for (number, line) in &habits.keys {
        let event = KeyEvent(KeyCode::F(*number), Modifiers::NONE);
        editor.bind_sequence(event, key(Wish::Run(line.clone())));
    }
    match habits.vi {
        true => {
            let end = EventHandler::Conditional(Box::new(EndOfLine));
            editor.bind_sequence(KeyEvent::ctrl('D'), end);
        }
        // As bash has it.
        false => {
            let keys = [KeyEvent::ctrl('X'), KeyEvent::ctrl('E')];
            editor.bind_sequence(Event::KeySeq(keys.to_vec()), key(Wish::Edit));
        }
    }
}

impl Line {
    /// An editor, and how to make it draw its prompt again.
    ///
    /// # Errors
    /// The terminal's.
    pub fn new(
        typing: Typing,
        gate: Arc<Gate>,
        terminal: Arc<Terminal>,
        job: Arc<Job>,
        habits: &Habits,
    ) -> rustyline::Result<(Line, Option<Bell>)> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .bell_style(BellStyle::None)
            .edit_mode(match habits.vi {
                true => EditMode::Vi,
                false => EditMode::Emacs,
            })
            // Not for colours: what has arrived is drawn with the prompt.
            .color_mode(ColorMode::Forced)
            .max_history_size(ENTRIES)?
            .build();
        let history = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config.clone(), history)?;
        let wishes = Arc::<Wishes>::default();
        let question = QuestionMark {
            wishes: wishes.clone(),
            librarian: typing.librarian(),
        };
        let question = EventHandler::Conditional(Box::new(question));
        editor.bind_sequence(KeyEvent::from('?'), question);
        bind(&mut editor, habits, &wishes);
        editor.set_helper(Some(typing));
        let cleared = Arc::new(AtomicBool::new(false));
        let clear = EventHandler::Conditional(Box::new(Clear(cleared.clone())));
        editor.bind_sequence(KeyEvent::ctrl('C'), clear);
        if let Some(key) = terminal.stop_key() {
            let stop = EventHandler::Conditional(Box::new(StopKey(job)));
            editor.bind_sequence(KeyEvent::new(key, Modifiers::NONE), stop);
        }
        let above = editor.create_external_printer();
        let bell = above
            .ok()
            .map(|mut above| -> Bell { Box::new(move || above.print(String::new()).is_ok()) });
        let line = Line {
            editor,
            history: None,
            other: (MemHistory::with_config(&config), None),
            gate,
            terminal,
            again: Default::default(),
            cleared,
            wishes,
            plain: bell.is_none(),
            unwritten: false,
        };
        Ok((line, bell))
    }

    /// Keeps the history at `path` from now on.
    ///
    /// # Errors
    /// The system's; there is a history of this shell only then.
    pub fn keep_history(&mut self, path: PathBuf) -> std::io::Result<()> {
        let (history, entries) = History::open(path)?;
        for entry in entries {
            // It refuses only repetitions.
            let _ = self.editor.history_mut().add_owned(entry);
        }
        self.history = Some(history);
        Ok(())
    }

    /// The other history from now on.
    pub fn change_history(&mut self) {
        std::mem::swap(self.editor.history_mut(), &mut self.other.0);
        std::mem::swap(&mut self.history, &mut self.other.1);
    }

    /// The next line begins with `text`.
    pub fn offer(&mut self, text: String) {
        self.again = (text, String::new());
    }

    /// What the next line would begin with.
    pub fn take_offered(&mut self) -> String {
        let (left, right) = std::mem::take(&mut self.again);
        left + &right
    }

    /// Is there no editor, on a terminal that can do nothing?
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    /// Reads a line, or the several of a paste. `above` are the lines of a raw
    /// packet that it continues, each with its line end.
    pub fn read(&mut self, prompt: &Prompt, above: &str) -> Input {
        if let Some(typing) = self.editor.helper() {
            typing.begin(&prompt.0, above);
        }
        self.wishes.begin(above);
        match self.plain {
            true => {
                self.terminal.restore();
                self.gate.open();
            }
            false => self.terminal.set_editing(),
        }
        let (left, right) = std::mem::take(&mut self.again);
        let initial = (left.as_str(), right.as_str());
        let prompt = (&prompt.0, prompt.1.as_ref().unwrap_or(&prompt.0));
        let editor = &mut self.editor;
        // A paste of tens of thousands of lines panics in debug builds.
        let read = catch_unwind(AssertUnwindSafe(|| {
            editor.readline_with_initial(&prompt, initial)
        }));
        self.terminal.set_quiet();
        self.gate.close();
        let cleared = self.cleared.swap(false, Ordering::Relaxed);
        if let Some((wish, typed)) = self.wishes.take() {
            self.again = typed;
            return Input::Wish(wish);
        }
        match read {
            Ok(Ok(text)) if !cleared => Input::Text(text),
            Ok(Ok(_) | Err(ReadlineError::Interrupted)) => match self.typed() {
                (left, right) if left.is_empty() && right.is_empty() => Input::Nothing,
                _ => Input::Cleared,
            },
            Ok(Err(ReadlineError::Io(error))) if error.kind() == ErrorKind::InvalidData => {
                self.again = self.typed();
                Input::Again("a byte that is not UTF-8 was left out")
            }
            Ok(Err(ReadlineError::Signal(_))) => {
                self.again = self.typed();
                Input::Again("")
            }
            Ok(Err(_)) => Input::End,
            Err(_) => {
                Input::Again("the line is too long to be edited; put it in a file and /source it")
            }
        }
    }

    /// Remembers `text` as one entry.
    ///
    /// # Errors
    /// The system's, once: only this shell remembers the entry then. A full
    /// disk must not stop the work.
    pub fn remember(&mut self, text: &str) -> std::io::Result<()> {
        let text = text.trim_end();
        if !is_kept(text) {
            return Ok(());
        }
        let added = self.editor.add_history_entry(text);
        let (Ok(true), Some(history)) = (added, &self.history) else {
            return Ok(());
        };
        let kept = history.add(text);
        let told = std::mem::replace(&mut self.unwritten, kept.is_err());
        if told { Ok(()) } else { kept }
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &String> {
        self.editor.history().into_iter()
    }

    fn typed(&self) -> (String, String) {
        let typing = self.editor.helper();
        typing.map(Typing::last).unwrap_or_default()
    }
}
