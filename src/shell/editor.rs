//! The line editor of the prompt, with its history; on a dumb terminal, the
//! plain reader instead.

use super::controls::{MISSING, hold, release};
use super::display::LEFT_OUT;
use super::feed::Feed;
use super::gate::Gate;
use super::helper::Typing;
use super::history::{ENTRIES, Entry, History};
use super::job::Job;
use super::keybindings::{self, KeyAction, Keys, Pressed};
use super::keyboard;
use super::last_words::LastWords;
use super::lock;
use super::plain::{self, Plain};
use super::pump::Bell;
use super::terminal::Terminal;
use crate::settings::Habits;
use rustyline::config::{BellStyle, ColorMode};
use rustyline::error::ReadlineError;
use rustyline::history::{History as _, MemHistory};
use rustyline::{CompletionType, Config, EditMode, Editor, ExternalPrinter};
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

pub(super) enum Input {
    /// One or more lines.
    Text(String),
    /// Ctrl-C discarded a line.
    Cleared,
    /// Ctrl-C on an empty line.
    Nothing,
    /// There is nothing to run, for this reason if the user has to know one;
    /// the typed text is offered again.
    Again(Option<&'static str>),
    /// The line is not run, for this reason, and is gone.
    Lost(&'static str),
    /// A key with a function; the typed text is offered again.
    Key(KeyAction),
    /// Ctrl-D, or the terminal is gone.
    End,
}

impl Input {
    fn plain(read: plain::Read) -> Input {
        match read {
            plain::Read::Line(text) => Input::Text(text),
            plain::Read::NotText => Input::Lost(NOT_TEXT),
            plain::Read::Cleared => Input::Nothing,
            plain::Read::End => Input::End,
        }
    }
}

/// Ctrl-C discarded these texts, if any.
fn cleared((left, right): &(String, String)) -> Input {
    match left.is_empty() && right.is_empty() {
        true => Input::Nothing,
        false => Input::Cleared,
    }
}

/// A prompt, plain and in colour if colours are on.
pub(super) struct Prompt(pub String, pub String);

const NOT_TEXT: &str =
    "the line contains a byte that is not UTF-8: it was not run, nor what was typed ahead";

/// Why a line is not run from which a byte is missing.
const INCOMPLETE: &str = "the line was not run: ?? stands for a byte that is not UTF-8; delete it, or type what is meant";

const TOO_LONG: &str = "the line is too long to be edited; put it in a file and /source it";

/// Why a line with a line end that was not typed is not run.
const FOREIGN: &str = "the line contained a line end that was not typed: nothing was run";

/// What was typed in one mode: for the editor, on disk, and for Alt-Period.
struct Past {
    entries: MemHistory,
    file: Option<History>,
    words: LastWords,
}

pub(super) struct LineEditor {
    editor: Editor<Typing, MemHistory>,
    history: Option<History>,
    /// Of the other mode (shell or CLI).
    other: Past,
    gate: Arc<Gate>,
    terminal: Arc<Terminal>,
    /// Text the next line starts with, left and right of the cursor.
    again: (String, String),
    keys: Arc<Keys>,
    /// What the editor reads; none if it reads the terminal itself.
    feed: Option<Feed>,
    /// The reader for a dumb terminal, where nothing can be printed above the
    /// line.
    plain: Option<Plain>,
    /// The last entry could not be written, and this was reported.
    unwritten: bool,
}

/// What makes the editor redraw its prompt, if the terminal can.
fn bell(editor: &mut Editor<Typing, MemHistory>) -> Option<Bell> {
    let above = Mutex::new(editor.create_external_printer().ok()?);
    Some(Arc::new(move || lock(&above).print(String::new()).is_ok()))
}

impl LineEditor {
    /// An editor, and the bell that makes it redraw its prompt.
    pub fn new(
        typing: Typing,
        gate: Arc<Gate>,
        terminal: Arc<Terminal>,
        job: Arc<Job>,
        habits: &Habits,
        is_dumb: bool,
    ) -> rustyline::Result<(LineEditor, Option<Bell>)> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .bell_style(BellStyle::None)
            .edit_mode(match habits.vi {
                true => EditMode::Vi,
                false => EditMode::Emacs,
            })
            // The editor's question below a long list would take typed keys for
            // its answer. The list always fits on the screen.
            .completion_prompt_limit(usize::MAX)
            // Needed even without colours: arrivals are drawn with the prompt.
            .color_mode(ColorMode::Forced)
            .max_history_size(ENTRIES)?
            .build();
        let history = MemHistory::with_config(&config);
        let left_out = typing.left_out();
        let mut editor = Editor::with_history(config.clone(), history)?;
        let keys = typing.keys.clone();
        keybindings::bind(
            &mut editor,
            &keys,
            habits,
            gate.clone(),
            &terminal,
            job.clone(),
        );
        let acting = keybindings::acting(&terminal);
        let display = typing.display();
        editor.set_helper(Some(typing));
        let bell = (!is_dumb).then(|| bell(&mut editor)).flatten();
        let found = terminal.found().filter(|_| bell.is_some());
        let feed = found.and_then(|modes| Feed::new(&modes, acting, left_out));
        let line = LineEditor {
            feed,
            editor,
            history: None,
            other: Past {
                entries: MemHistory::with_config(&config),
                file: None,
                words: LastWords::default(),
            },
            gate,
            terminal,
            again: Default::default(),
            keys,
            plain: bell.is_none().then(|| Plain::new(display, job)),
            unwritten: false,
        };
        Ok((line, bell))
    }

    /// Keeps the history in the file at `path` from now on.
    ///
    /// # Errors
    /// The file cannot be written; what can be read of it is there, and the
    /// history is not kept beyond this shell.
    pub fn keep_history(&mut self, path: PathBuf) -> std::io::Result<()> {
        let (history, entries) = match History::open(path.clone()) {
            Ok((history, entries)) => (Ok(history), entries),
            Err(why) => {
                let entries = History::read(&path, &why);
                (Err(why), entries)
            }
        };
        for entry in entries {
            lock(&self.keys.words).add(&entry);
            // Only repetitions are refused.
            let _ = self
                .editor
                .history_mut()
                .add_owned(hold(&entry).into_owned());
        }
        self.history = Some(history?);
        Ok(())
    }

    /// Switches to the other mode's history.
    pub fn change_history(&mut self) {
        let Past {
            entries,
            file,
            words,
        } = &mut self.other;
        std::mem::swap(self.editor.history_mut(), entries);
        std::mem::swap(&mut self.history, file);
        std::mem::swap(&mut *lock(&self.keys.words), words);
    }

    /// Makes the next line start with `text`.
    pub fn offer(&mut self, text: &str) {
        self.again = (hold(text).into_owned(), String::new());
    }

    /// Takes the text that the next line would start with.
    pub fn take_offered(&mut self) -> String {
        let (left, right) = std::mem::take(&mut self.again);
        release(left + &right)
    }

    /// Is this the plain reader of a dumb terminal?
    pub fn is_plain(&self) -> bool {
        self.plain.is_some()
    }

    /// Is there typed input that no line was read from yet? Input inside the
    /// editor does not count here; it stays for the next line.
    pub fn is_ahead(&self) -> bool {
        self.plain.as_ref().is_some_and(Plain::is_ahead)
            || self.feed.as_ref().is_some_and(Feed::is_ahead)
            || keyboard::is_ahead()
    }

    /// Reads a line, or several if pasted. `above` are the preceding lines of a
    /// raw packet, each with its line end.
    pub fn read(&mut self, prompt: &Prompt, above: &str) -> Input {
        if let Some(typing) = self.editor.helper() {
            typing.begin(&prompt.0, above);
        }
        let input = match &mut self.plain {
            Some(plain) => {
                self.terminal.set_plain();
                self.gate.open();
                Input::plain(plain.read(&prompt.0, &self.terminal, &self.gate))
            }
            None => self.edit(prompt),
        };
        self.terminal.set_quiet();
        self.gate.close();
        input
    }

    fn edit(&mut self, prompt: &Prompt) -> Input {
        self.terminal.set_editing();
        let (left, right) = std::mem::take(&mut self.again);
        let initial = (left.as_str(), right.as_str());
        let prompt = (&prompt.0, &prompt.1);
        let editor = &mut self.editor;
        let mut edit = || editor.readline_with_initial(&prompt, initial);
        // A paste of tens of thousands of lines panics in debug builds.
        let read = catch_unwind(AssertUnwindSafe(|| match &mut self.feed {
            Some(feed) => feed.during(edit),
            None => edit(),
        }));
        match (read, self.keys.take()) {
            (Ok(Ok(_)), Some(pressed)) => self.pressed(pressed),
            (Ok(Ok(text)), None) => self.entered(text),
            (Ok(Err(ReadlineError::Interrupted)), _) => cleared(&self.typed()),
            (Ok(Err(ReadlineError::Io(error))), _) if error.kind() == ErrorKind::InvalidData => {
                self.again = self.typed();
                Input::Again(Some(LEFT_OUT))
            }
            (Ok(Err(ReadlineError::Signal(_))), _) => {
                self.again = self.typed();
                Input::Again(None)
            }
            (Ok(Err(_)), _) => Input::End,
            (Err(_), _) => Input::Lost(TOO_LONG),
        }
    }

    fn entered(&mut self, text: String) -> Input {
        let typing = self.editor.helper();
        if !typing.is_none_or(|one| one.line_ends.are_own(&text)) {
            return Input::Lost(FOREIGN);
        }
        if text.contains(MISSING) {
            self.again = (text, String::new());
            return Input::Again(Some(INCOMPLETE));
        }
        Input::Text(release(text))
    }

    fn pressed(&mut self, pressed: Pressed) -> Input {
        match pressed.action {
            None => cleared(&pressed.typed),
            Some(action) => {
                self.again = pressed.typed;
                Input::Key(action)
            }
        }
    }

    /// Adds an entry to the history.
    ///
    /// # Errors
    /// The file cannot be written, reported once; only this shell remembers the
    /// entry then. A full disk must not stop the work.
    pub fn remember(&mut self, entry: Entry<'_>) -> std::io::Result<()> {
        lock(&self.keys.words).add(entry.text());
        let added = self.editor.add_history_entry(hold(entry.text()));
        let (Ok(true), Some(history)) = (added, &self.history) else {
            return Ok(());
        };
        let kept = history.add(entry);
        let told = std::mem::replace(&mut self.unwritten, kept.is_err());
        if told { Ok(()) } else { kept }
    }

    pub fn entries(&self) -> impl Iterator<Item = String> {
        self.editor.history().into_iter().cloned().map(release)
    }

    fn typed(&self) -> (String, String) {
        let typing = self.editor.helper();
        typing.map(Typing::last).unwrap_or_default()
    }
}
