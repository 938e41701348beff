//! Shows a transcript on the terminal: above the line being typed, by the
//! editor's thread, and by main while it works.

use super::gate::Gate;
use super::lock;
use super::member::Member;
use super::terminal::prompted;
use crate::engine::{Batch, Part, Shared};
use crate::output::{Palette, Printer, Role, signs, wrap_message};
use crate::peer_text::visible;
use crate::settings::above_question;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
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
    gate: Arc<Gate>,
    left_out: AtomicBool,
    /// What amish has to say above the line.
    words: Mutex<Vec<String>>,
    /// PbxLabel arrivals are shown first.
    turn: AtomicUsize,
    /// Makes room on the row of a question, for lines above it.
    pub erase: &'static str,
    /// The prompt on the screen of a dumb terminal, where no editor draws it.
    pub prompt: Mutex<Option<String>>,
}

impl Display {
    pub fn new(gate: Arc<Gate>, erase: &'static str) -> Display {
        Display {
            gate,
            left_out: AtomicBool::new(false),
            words: Mutex::default(),
            turn: AtomicUsize::new(0),
            erase,
            prompt: Mutex::default(),
        }
    }

    /// The transcript of the member that leads.
    pub fn transcript(&self) -> Shared {
        self.gate.lead().transcript.clone()
    }

    /// A byte was left out of what is typed; this is to be said.
    pub fn leave_out(&self) {
        self.left_out.store(true, Ordering::Release);
    }

    /// Says `words` above the line that is being typed.
    pub fn tell_later(&self, words: String) {
        lock(&self.words).push(words);
        self.gate.lead().session.backlog().nudge();
    }

    /// Has amish something to say by itself?
    pub fn has_words(&self) -> bool {
        self.left_out.load(Ordering::Acquire) || !lock(&self.words).is_empty()
    }

    /// Says so, if it was not said above the line: before the line is run.
    pub fn tell(&self) {
        if self.left_out.swap(false, Ordering::AcqRel) {
            self.say(LEFT_OUT);
        }
    }

    pub fn printer(&self) -> Printer {
        self.measure();
        self.transcript().lock().printer.clone()
    }

    /// Adapts output to the current width of the terminal.
    pub fn measure(&self) {
        measure(&self.gate.members());
    }

    /// The text of the waiting arrivals of `members`, or of the first of them.
    pub fn news(&self, members: &[Arc<Member>]) -> String {
        measure(members);
        let mut own = Batch::default();
        if self.left_out.swap(false, Ordering::AcqRel) {
            own.notice(LEFT_OUT);
        }
        let words = std::mem::take(&mut *lock(&self.words));
        words.into_iter().for_each(|words| own.notice(words));
        let palette = self.transcript().lock().printer.look.palette;
        let mut shown = text(&own, palette, None);
        let mut left = BATCH;
        // A flood from one must not keep the others from being shown.
        let turn = self.turn.load(Ordering::Relaxed) % members.len().max(1);
        let (after, first) = members.split_at_checked(turn).unwrap_or((members, &[]));
        for (at, member) in first.iter().chain(after).enumerate() {
            shown += &member.news(&mut left, TEXT.saturating_sub(shown.len()));
            if left == 0 || shown.len() >= TEXT {
                self.turn.store(turn + at + 1, Ordering::Relaxed);
                break;
            }
        }
        shown
    }

    /// Takes waiting arrivals that need no output. True if the next one is to
    /// be shown; it is left in place.
    pub fn sift(&self, member: &Member) -> bool {
        if self.has_words() || member.due().is_some_and(|due| due <= Instant::now()) {
            return true;
        }
        let (session, mut transcript) = (&member.session, member.transcript.lock());
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
        let lead = self.gate.lead();
        let palette = lead.transcript.lock().printer.look.palette;
        text(batch, palette, Some(&lead))
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
        let palette = self.transcript().lock().printer.look.palette;
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

impl Member {
    /// When there will be something to say by itself.
    pub fn due(&self) -> Option<Instant> {
        self.transcript.lock().due()
    }

    /// The text of the waiting arrivals, or of the first of them: of `left` to be
    /// shown, and not much more than `bytes`.
    fn news(&self, left: &mut usize, bytes: usize) -> String {
        if *left == 0 || bytes == 0 {
            return String::new();
        }
        let session = &self.session;
        let mut batch = Batch::default();
        let mut transcript = self.transcript.lock();
        for _ in 0..TAKEN {
            let Some(arrived) = session.backlog().take() else {
                break;
            };
            *left -= usize::from(!transcript.is_hidden(session, &arrived));
            transcript.arrival(&mut batch, session, arrived);
            if *left == 0 || batch.len() >= bytes {
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
        text(&batch, palette, Some(self))
    }
}

fn measure(members: &[Arc<Member>]) {
    if let Some((width, _)) = size() {
        for member in members {
            member.transcript.lock().printer.look.width = width;
        }
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
fn text(batch: &Batch, palette: Palette, whose: Option<&Member>) -> String {
    let mut text = String::new();
    for part in batch.parts() {
        match part {
            Part::Text(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
            Part::Notice(words) => {
                let words = match whose {
                    Some(member) => member.about(words),
                    None => words.to_owned(),
                };
                for line in message(&words) {
                    text.push_str(&palette.paint(Role::Warning, &line));
                    text.push('\n');
                }
            }
        }
    }
    text
}
