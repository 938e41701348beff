//! Shows a transcript on the terminal: above the line being typed, by the
//! editor's thread, and by main while it works.

use super::lock;
use super::terminal::prompted;
use crate::engine::{Batch, Part, Shared};
use crate::output::{Palette, Printer, Role, signs, wrap_message};
use crate::peer_text::visible;
use crate::session::Session;
use crate::settings::above_question;
use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Arrivals shown at once. Every batch redraws the line, so a flood needs large
/// ones; but keys wait meanwhile.
const BATCH: usize = 128;

/// Arrivals taken at once; most may need no output.
const TAKEN: usize = 1024;

/// Bytes of text shown at once; likewise.
const TEXT: usize = 64 * 1024;

/// Said of a byte that the editor did not get.
pub(super) const LEFT_OUT: &str = "a byte that is not UTF-8 was left out";

/// Stands behind output that has not ended its last line, as in zsh.
const UNENDED: &str = "%";

pub(super) struct Display {
    pub transcript: Shared,
    left_out: AtomicBool,
    /// Makes room on the row of a question, for lines above it.
    pub erase: &'static str,
    /// The prompt on the screen of a dumb terminal, where no editor draws it.
    pub prompt: Mutex<Option<String>>,
}

impl Display {
    pub fn new(transcript: Shared, erase: &'static str) -> Display {
        Display {
            transcript,
            left_out: AtomicBool::new(false),
            erase,
            prompt: Mutex::default(),
        }
    }

    /// A byte was left out of what is typed; this is to be said.
    pub fn leave_out(&self) {
        self.left_out.store(true, Ordering::Release);
    }

    pub fn is_left_out(&self) -> bool {
        self.left_out.load(Ordering::Acquire)
    }

    /// Says so, if it was not said above the line: before the line is run.
    pub fn tell(&self) {
        if self.left_out.swap(false, Ordering::AcqRel) {
            self.say(LEFT_OUT);
        }
    }

    pub fn printer(&self) -> Printer {
        self.measure();
        self.transcript.lock().printer.clone()
    }

    /// Adapts output to the current width of the terminal.
    pub fn measure(&self) {
        if let Some((width, _)) = size() {
            self.transcript.lock().printer.look.width = width;
        }
    }

    /// The text of the waiting arrivals, or of the first of them.
    pub fn news(&self, session: &Session) -> String {
        self.measure();
        let mut batch = Batch::default();
        if self.left_out.swap(false, Ordering::AcqRel) {
            batch.notice(LEFT_OUT);
        }
        let mut transcript = self.transcript.lock();
        let mut shown = 0;
        for _ in 0..TAKEN {
            let Some(arrived) = session.backlog().take() else {
                break;
            };
            shown += usize::from(!transcript.is_hidden(session, &arrived));
            transcript.arrival(&mut batch, session, arrived);
            if shown == BATCH || batch.len() >= TEXT {
                break;
            }
        }
        transcript.overdue(&mut batch, session);
        transcript.settle(&mut batch);
        let palette = transcript.printer.look.palette;
        if transcript.due().is_some() {
            // The pump must learn when.
            session.backlog().nudge();
        }
        drop(transcript);
        text(&batch, palette)
    }

    /// When [`Display::news`] will have something to say by itself.
    pub fn due(&self) -> Option<Instant> {
        self.transcript.lock().due()
    }

    /// Takes waiting arrivals that need no output. True if the next one is to
    /// be shown; it is left in place.
    pub fn sift(&self, session: &Session) -> bool {
        if self.is_left_out() || self.due().is_some_and(|due| due <= Instant::now()) {
            return true;
        }
        let mut transcript = self.transcript.lock();
        for _ in 0..TAKEN {
            let Some(arrived) = session.backlog().take() else {
                return false;
            };
            if !transcript.is_hidden(session, &arrived) {
                session.backlog().put_back(arrived);
                return true;
            }
            transcript.arrival(&mut Batch::default(), session, arrived);
        }
        false
    }

    /// The text of `batch` for this terminal.
    pub fn text(&self, batch: &Batch) -> String {
        let palette = self.transcript.lock().printer.look.palette;
        text(batch, palette)
    }

    /// Writes `text` to the terminal. The next read will notice a terminal that
    /// is gone.
    pub fn show(&self, text: &[u8]) {
        if text.is_empty() {
            return;
        }
        above_question(self.erase, || {
            let mut out = io::stdout().lock();
            let _ = out.write_all(text).and_then(|()| out.flush());
        });
    }

    /// Prompts on a dumb terminal.
    pub fn prompt(&self, text: &str) {
        let mut prompt = lock(&self.prompt);
        ask(text);
        *prompt = Some(text.to_owned());
    }

    /// The prompt is answered.
    pub fn prompted(&self) {
        lock(&self.prompt).take();
    }

    /// Shows `text` below a prompt on a dumb terminal, and the prompt again
    /// below it. What is typed of a line stays the system's.
    pub fn show_at_prompt(&self, text: &str) {
        let prompt = lock(&self.prompt);
        match prompt.as_deref() {
            Some(prompt) => {
                ask("\n");
                self.show(text.as_bytes());
                ask(prompt);
            }
            None => self.show(text.as_bytes()),
        }
    }

    /// Moves to the first column of a row, after output of others: the prompt
    /// would erase a line that has not ended. Where the cursor is, nobody knows
    /// without asking the terminal, which would have to answer before the next
    /// key. So a mark and blanks fill a row: they wrap if something stands in
    /// it, and are erased if not.
    pub fn to_first_column(&self) {
        let Some((width, _)) = size() else { return };
        let palette = self.transcript.lock().printer.look.palette;
        let mark = palette.paint(Role::Changed, UNENDED);
        let blanks = " ".repeat(width.saturating_sub(UNENDED.len()));
        self.show(format!("\x1b[0m{mark}{blanks}\r\x1b[K").as_bytes());
    }

    /// Shows a message of amish's own, of one or more lines.
    pub fn say(&self, text: &str) {
        let lines = text.lines().flat_map(message);
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        above_question(self.erase, || {
            // As in [`Display::show`].
            let _ = io::stderr().lock().write_all(text.as_bytes());
        });
    }
}

/// Shows a prompt, or what belongs to one. The read that follows will notice a
/// terminal that is gone.
pub(super) fn ask(text: &str) {
    let mut out = prompted();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Columns and rows of the terminal; None without a terminal, or if it does not
/// report them.
pub(super) fn size() -> Option<(usize, usize)> {
    let size = terminal_size::terminal_size();
    size.map(|(width, height)| (width.0.into(), height.0.into()))
}

/// A message of amish's own, broken between words: the terminal itself would
/// break it within a word.
fn message(line: &str) -> Vec<String> {
    let line = visible::text(line.as_bytes());
    wrap_message(&signs(&line), size().map_or(usize::MAX, |(width, _)| width))
}

/// Raw packets may contain any bytes; a terminal needs text.
fn text(batch: &Batch, palette: Palette) -> String {
    let mut text = String::new();
    for part in batch.parts() {
        match part {
            Part::Text(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
            Part::Notice(words) => {
                for line in message(words) {
                    text.push_str(&palette.paint(Role::Warning, &line));
                    text.push('\n');
                }
            }
        }
    }
    text
}
