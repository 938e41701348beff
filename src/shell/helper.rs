//! Rustyline's traits: where the gate opens and closes, where arrivals are drawn,
//! and where what Tab offers, hints and colours come from.

use super::asker::{Asker, Asking};
use super::cli;
use super::complete::{Candidate, Found, Known, complete, entries};
use super::gate::Gate;
use super::highlight::highlight;
use super::hint::{Hint, hint};
use super::librarian::Librarian;
use super::screen::Screen;
use crate::output::{Role, sanitize};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::SearchDirection;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Context, Helper, Result};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Candidates shown; beyond some ten thousand rustyline panics.
const SHOWN: usize = 1_000;

/// How long who pressed Tab waits for the server: with what is drawn then less
/// than 150 ms.
const PATIENCE: Duration = Duration::from_millis(140);

/// What the editor asks while a line is typed.
pub(super) struct Typing {
    gate: Arc<Gate>,
    librarian: Arc<Librarian>,
    asker: Arc<Asker>,
    screen: Arc<Screen>,
    /// Names for `/connect`.
    profiles: Vec<Candidate>,
    /// As it is shown, without colours.
    prompt: RefCell<String>,
    /// The lines of a raw packet above this one, each with its line end.
    above: RefCell<String>,
    /// The next drawing is not the bell's.
    announced: Cell<bool>,
    /// The line and the cursor as of the last change, to be offered again
    /// when the editor gives up on it.
    last: RefCell<(String, usize)>,
}

impl Typing {
    pub fn new(
        gate: Arc<Gate>,
        librarian: Arc<Librarian>,
        asker: Arc<Asker>,
        screen: Arc<Screen>,
        profiles: Vec<Candidate>,
    ) -> Typing {
        Typing {
            gate,
            librarian,
            asker,
            screen,
            profiles,
            prompt: RefCell::default(),
            above: RefCell::default(),
            announced: Cell::new(false),
            last: RefCell::default(),
        }
    }

    /// Whom the editor asks what is known.
    pub fn librarian(&self) -> Arc<Librarian> {
        self.librarian.clone()
    }

    /// What was typed left and right of the cursor.
    pub fn last(&self) -> (String, String) {
        let (line, position) = &*self.last.borrow();
        match line.split_at_checked(*position) {
            Some((left, right)) => (left.to_owned(), right.to_owned()),
            None => (line.clone(), String::new()),
        }
    }

    /// A new line begins behind `prompt`, below those of a raw packet.
    pub fn begin(&self, prompt: &str, above: &str) {
        prompt.clone_into(&mut self.prompt.borrow_mut());
        *self.above.borrow_mut() = above.to_owned();
        self.announced.set(false);
        self.last.take();
    }
}

impl Typing {
    /// What may stand at `position`; the server is asked for what only it can
    /// tell, as long as a person does not notice.
    fn candidates(&self, buffer: &str, position: usize) -> (usize, Found) {
        let catalog = self.librarian.catalog();
        let known = Known {
            catalog: &catalog,
            profiles: &self.profiles,
            values: &|kind| self.asker.found(kind),
            files: &entries,
        };
        let found = complete(buffer, position, &known);
        let Some(session) = self.gate.session().filter(|_| !found.1.wishes.is_empty()) else {
            return found;
        };
        let asking = Asking {
            session: &session,
            catalog: &catalog,
            until: Instant::now() + PATIENCE,
        };
        self.asker.ask(found.1.wishes, &asking);
        complete(buffer, position, &known)
    }

    /// What `line` stands below or behind.
    fn above(&self, line: &str) -> String {
        let above = self.above.borrow();
        match *above == cli::BEFORE && cli::is_own(line) {
            true => String::new(),
            false => above.clone(),
        }
    }
}

impl Helper for Typing {}

impl Typing {
    /// The hint behind `line`. Without colours there is none: it would look
    /// like something that was typed.
    fn hinted(&self, line: &str, context: &Context<'_>) -> Option<Hint> {
        let look = self.screen.printer().look;
        if !look.palette.is_on() {
            return None;
        }
        let above = self.above(line);
        let buffer = format!("{above}{line}");
        let entry = match above == cli::BEFORE {
            true => earlier(line, context).map(|entry| above + &entry),
            false => earlier(&buffer, context),
        };
        let hint = hint(&buffer, &self.librarian.catalog(), entry.as_deref())?;
        let drawn = format!("{}{line}", self.prompt.borrow());
        hint.cut(&drawn, look.width)
    }
}

/// The newest entry of the history that begins with `buffer` and goes on.
fn earlier(buffer: &str, context: &Context<'_>) -> Option<String> {
    let history = context.history();
    let mut from = history.len().checked_sub(1)?;
    while !buffer.is_empty() {
        let found = history.starts_with(buffer, from, SearchDirection::Reverse);
        let found = found.ok().flatten()?;
        if found.entry.len() > buffer.len() {
            return Some(found.entry.into_owned());
        }
        from = found.idx.checked_sub(1)?;
    }
    None
}

impl Highlighter for Typing {
    /// Draws what has arrived, and below it the prompt. Rustyline announces by
    /// [`Highlighter::highlight_char`] every drawing but two: the one after a
    /// text was printed above the line, and the one below a list of candidates.
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        let rung = !self.announced.take();
        if rung {
            self.gate.answer();
        }
        let session = self.gate.session();
        let news = session.map(|session| self.screen.news(&session));
        match news.unwrap_or_default() {
            news if news.is_empty() && !rung => Cow::Borrowed(prompt),
            // The bell is an empty text, to which rustyline adds a line end.
            news if rung => Cow::Owned(format!("\x1b[A{news}{prompt}")),
            news => Cow::Owned(news + prompt),
        }
    }

    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        let palette = self.screen.printer().look.palette;
        if !palette.is_on() {
            return Cow::Borrowed(line);
        }
        let above = self.above(line);
        let buffer = format!("{above}{line}");
        let catalog = self.librarian.catalog();
        Cow::Owned(highlight(&buffer, above.len(), &catalog, palette))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        self.screen.printer().look.palette.paint(Role::Dim, hint)
    }

    fn highlight_candidate<'c>(&self, candidate: &'c str, _: CompletionType) -> Cow<'c, str> {
        self.announced.set(true);
        Cow::Borrowed(candidate)
    }

    /// True: every change draws the whole line, so that an announcement is
    /// never left over for the bell.
    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.announced.set(true);
        true
    }
}

impl Hinter for Typing {
    type Hint = Hint;

    /// Called when the prompt has been drawn, and after every change.
    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<Hint> {
        *self.last.borrow_mut() = (line.to_owned(), position);
        self.gate.open();
        self.hinted(line, context)
    }
}

impl Validator for Typing {
    fn validate(&self, _: &mut ValidationContext) -> Result<ValidationResult> {
        self.gate.close();
        Ok(ValidationResult::Valid(None))
    }
}

impl Completer for Typing {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> Result<(usize, Vec<Self::Candidate>)> {
        let above = self.above(line);
        let buffer = format!("{above}{line}");
        let (start, found) = self.candidates(&buffer, above.len() + position);
        let start = start.saturating_sub(above.len());
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        let behind = line.get(position..).unwrap_or_default();
        Ok((start, pairs(found.candidates, behind, width)))
    }
}

/// What stands `behind` the cursor decides whether a blank is missing. One
/// candidate a row: rustyline makes as many columns as the widest allows.
fn pairs(found: Vec<Candidate>, behind: &str, width: usize) -> Vec<Pair> {
    if let [one] = found.as_slice() {
        return vec![Pair {
            display: one.name.clone(),
            replacement: match one.goes_on || behind.starts_with(' ') {
                true => one.text.clone(),
                false => format!("{} ", one.text),
            },
        }];
    }
    let rest = found.len().saturating_sub(SHOWN);
    let names = found.iter().map(|one| one.name.chars().count()).max();
    let names = names.unwrap_or(0).min(width / 2);
    let room = width.saturating_sub(1);
    let row = |one: Candidate| {
        let about = sanitize::text(one.about.as_bytes());
        let text = format!("{:names$}  {about}", one.name);
        Pair {
            display: cut(&text, room),
            replacement: one.text,
        }
    };
    let mut pairs: Vec<Pair> = found.into_iter().take(SHOWN).map(row).collect();
    if let (1.., Some(last)) = (rest, pairs.last_mut()) {
        last.display = cut(&format!("… {} more", rest + 1), room);
    }
    pairs
}

/// `text` in exactly `room` columns.
fn cut(text: &str, room: usize) -> String {
    let mut fits: String = text.chars().take(room).collect();
    if text.chars().count() > room && fits.pop().is_some() {
        fits.push('…');
    }
    format!("{fits:room$}")
}
