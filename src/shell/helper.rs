//! Rustyline's traits: opens and closes the gate, draws arrivals, and provides
//! completion, hints and colours.

use super::cli;
use super::complete::{Completion, Known, Offer, complete, entries};
use super::controls::{hold, picture};
use super::display::Display;
use super::feed::LeftOut;
use super::gate::Gate;
use super::highlight::highlight;
use super::hint::{Hint, hint};
use super::keybindings::Keys;
use super::line_ends::LineEnds;
use super::listed::{Screenful, listed};
use super::many::{Roster, aim_of, names_at};
use super::member::Member;
use crate::output::Role;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::SearchDirection;
use rustyline::line_buffer::LineBuffer;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Changeset, CompletionType, Context, Helper, Result};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long Tab waits for the server. Together with drawing it stays below the
/// 150 ms a person notices.
const PATIENCE: Duration = Duration::from_millis(140);

pub(super) struct Typing {
    gate: Arc<Gate>,
    display: Arc<Display>,
    pub keys: Arc<Keys>,
    /// Profiles, for `/connect`.
    profiles: Vec<Offer>,
    /// The names for `@NAME`, of several PBXs.
    roster: Option<Arc<Roster>>,
    /// The prompt without colours.
    prompt: RefCell<String>,
    /// The next drawing is the editor's own, not the bell's.
    announced: Cell<bool>,
    /// The line and the cursor at the last change, to be offered again if the
    /// editor fails.
    last: RefCell<(String, usize)>,
    pub line_ends: LineEnds,
    /// The next change of the line is made by Tab.
    completing: Cell<bool>,
}

impl Typing {
    pub fn new(
        gate: Arc<Gate>,
        display: Arc<Display>,
        profiles: Vec<Offer>,
        roster: Option<Arc<Roster>>,
    ) -> Typing {
        Typing {
            gate,
            display,
            keys: Arc::default(),
            profiles,
            roster,
            prompt: RefCell::default(),
            announced: Cell::new(false),
            last: RefCell::default(),
            line_ends: LineEnds::default(),
            completing: Cell::new(false),
        }
    }

    pub fn display(&self) -> Arc<Display> {
        self.display.clone()
    }

    /// The typed text left and right of the cursor.
    pub fn last(&self) -> (String, String) {
        let (line, position) = &*self.last.borrow();
        match line.split_at_checked(*position) {
            Some((left, right)) => (left.to_owned(), right.to_owned()),
            None => (line.clone(), String::new()),
        }
    }

    /// What to do when a byte was left out of what is typed.
    pub fn left_out(&self) -> LeftOut {
        let (display, gate) = (self.display.clone(), self.gate.clone());
        Box::new(move || {
            display.leave_out();
            gate.lead().session.backlog().nudge();
        })
    }

    /// Starts a new line with `prompt`, below those of a raw packet.
    pub fn begin(&self, prompt: &str, above: &str) {
        prompt.clone_into(&mut self.prompt.borrow_mut());
        self.keys.begin(above);
        self.announced.set(false);
        self.last.take();
        self.line_ends.begin();
        self.completing.set(false);
    }
}

impl Typing {
    /// Completes at `position`, asking the server for as long as a person does
    /// not notice.
    fn completion(&self, lead: &Member, buffer: &str, position: usize) -> Completion {
        let catalog = lead.worker.catalog();
        let known = Known {
            catalog: &catalog,
            profiles: &self.profiles,
            values: &|kind| lead.worker.found(kind),
            files: &entries,
        };
        let found = complete(buffer, position, &known);
        if found.unknown.is_empty() {
            return found;
        }
        let until = Instant::now() + PATIENCE;
        lead.worker.ask(&found.unknown, &lead.session, until);
        complete(buffer, position, &known)
    }

    /// How much of `line` says whom it is for, and who of them knows what may be
    /// typed.
    fn aim(&self, line: &str) -> (usize, Arc<Member>) {
        let length = match self.roster {
            Some(_) => aim_of(line),
            None => 0,
        };
        let names = line.get(..length).unwrap_or_default().trim();
        let mut names = names.split(['@', ',']);
        let member = names.find_map(|name| self.gate.member(name));
        let member = member.filter(|_| length > 0);
        (length, member.unwrap_or_else(|| self.gate.lead()))
    }

    /// The text that belongs before `line`.
    fn above(&self, line: &str) -> String {
        let above = self.keys.above();
        match above == cli::BEFORE && cli::is_own(line) {
            true => String::new(),
            false => above,
        }
    }
}

/// Erases what is below: a terminal that becomes narrower moves the end of a
/// hint into the next row, of which the editor does not know.
const BELOW: &str = "\x1b[J";

impl Helper for Typing {}

impl Typing {
    /// The hint after `line`. None without colours: it would look like typed
    /// text; and none in a search, whose prompt takes the room.
    fn hinted(&self, line: &str, context: &Context<'_>) -> Option<Hint> {
        let look = self.display.printer().look;
        if !look.palette.is_on() || self.keys.is_searching() {
            return None;
        }
        let (aim, lead) = self.aim(line);
        let meant = line.get(aim..).unwrap_or_default();
        let above = self.above(meant);
        let buffer = format!("{above}{meant}");
        let entry = match above == cli::BEFORE || aim > 0 {
            true => earlier(line, context)
                .and_then(|entry| Some(format!("{above}{}", entry.get(aim..)?))),
            false => earlier(&buffer, context),
        };
        let hint = hint(&buffer, &lead.worker.catalog(), entry.as_deref())?;
        let drawn = format!("{}{line}", self.prompt.borrow());
        hint.cut(&drawn, look.width)
    }
}

/// The newest history entry that continues `buffer`.
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
    /// Draws arrivals, then the prompt. Rustyline calls
    /// [`Highlighter::highlight_char`] before every drawing but two: the one
    /// after a text was printed above the line, and the one below a list of
    /// candidates.
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(
        &'s self,
        prompt: &'p str,
        is_usual: bool,
    ) -> Cow<'b, str> {
        self.keys.set_searching(!is_usual);
        // A search shows in it what is looked for.
        let prompt = picture(Cow::Borrowed(prompt));
        let rung = !self.announced.take();
        if rung {
            self.gate.answer();
        }
        let news = self.display.news(&self.gate.members());
        // The bell is an empty text, to which rustyline adds a line end.
        let up = if rung { "\x1b[A" } else { "" };
        Cow::Owned(format!("{up}{BELOW}{news}{prompt}"))
    }

    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        let palette = self.display.printer().look.palette;
        if !palette.is_on() {
            return picture(Cow::Borrowed(line));
        }
        let (aim, lead) = self.aim(line);
        let (before, line) = line.split_at(aim);
        let before = palette.paint(Role::Key, before);
        let above = self.above(line);
        let buffer = format!("{above}{line}");
        let catalog = lead.worker.catalog();
        let line = highlight(&buffer, above.len(), &catalog, palette);
        picture(Cow::Owned(format!("{before}{line}")))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        let palette = self.display.printer().look.palette;
        picture(palette.paint(Role::Dim, hint))
    }

    fn highlight_candidate<'c>(&self, candidate: &'c str, _: CompletionType) -> Cow<'c, str> {
        self.announced.set(true);
        self.keys.forget();
        // Blanks up to the edge would wrap in a window that becomes narrower.
        Cow::Borrowed(candidate.trim_end())
    }

    /// Always true, so that every change redraws the whole line and no
    /// announcement is left over for the bell.
    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.announced.set(true);
        true
    }
}

impl Hinter for Typing {
    type Hint = Hint;

    /// Called after the prompt was drawn and after every change.
    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<Hint> {
        *self.last.borrow_mut() = (line.to_owned(), position);
        self.line_ends.changed(line, self.completing.take());
        // The editor continues, so the last key did not end the line.
        self.keys.forget();
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
        if let Some((start, word)) = self.keys.take_word() {
            let display = word.clone();
            let replacement = word;
            return Ok((
                start,
                vec![Pair {
                    display,
                    replacement,
                }],
            ));
        }
        let is_first = ["", cli::BEFORE].contains(&self.keys.above().as_str());
        let names = self.roster.as_ref().filter(|_| is_first);
        if let Some(found) = names.and_then(|roster| names_at(line, position, roster)) {
            return Ok(found);
        }
        let (aim, lead) = self.aim(line);
        let meant = line.get(aim..).unwrap_or_default();
        let above = self.above(meant);
        let buffer = format!("{above}{meant}");
        let at = above.len() + position.saturating_sub(aim);
        if aim > 0 && lead.session.is_logged_in() {
            lead.worker.study_once(&lead.session);
        }
        let found = self.completion(&lead, &buffer, at);
        let start = found.start.saturating_sub(above.len()) + aim;
        let behind = line.get(position..).unwrap_or_default();
        Ok((start, listed(found.candidates, behind, Screenful::now())))
    }

    fn update(&self, line: &mut LineBuffer, start: usize, text: &str, changes: &mut Changeset) {
        self.completing.set(true);
        line.replace(start..line.pos(), &hold(text), changes);
    }
}
