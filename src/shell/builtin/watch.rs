//! `/watch`: a line again and again, with what changed marked.

use crate::ami::Action;
use crate::language::{Place, Then, duration, parse};
use crate::output::changes::marked;
use crate::output::{Asked, Look, Palette, Role};
use crate::perform::{Manner, Meanwhile, Outcome, perform};
use crate::session::{Arrived, Wake};
use crate::shell::{Flow, Shell};
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// More often would be a flood of questions.
const LEAST: Duration = Duration::from_millis(100);

/// The lines that stand at the bottom of the screen.
#[derive(Default)]
struct Block {
    /// How many of them are drawn.
    drawn: usize,
    lines: Vec<String>,
}

impl Block {
    /// What makes the terminal forget it.
    fn erased(&mut self) -> String {
        match std::mem::take(&mut self.drawn) {
            0 => String::new(),
            rows => format!("\x1b[{rows}A\r\x1b[J"),
        }
    }

    fn drawn(&mut self) -> String {
        self.drawn = self.lines.len();
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

impl Shell<'_> {
    /// Runs `line` every `seconds` until Ctrl-C. Events are shown above.
    pub(in crate::shell) fn repeat(&mut self, seconds: &str, line: &str) -> Result<Flow, String> {
        let pause = duration(seconds).filter(|pause| *pause >= LEAST);
        let pause = pause.ok_or_else(|| {
            format!("'{seconds}' is no time to wait: write /watch 2 {line}, 0.1 at least")
        })?;
        let mut statements = parse(line.as_bytes(), Place::Shell).map_err(|e| e.to_string())?;
        let one = match (statements.pop(), statements.pop()) {
            (Some(one), None) if one.then == Then::Show => one.command,
            _ => return Err("/watch runs one line, without | and &".to_owned()),
        };
        // A person is asked here, once.
        let Some((action, manner, asked)) = self.intended(&one)? else {
            return Err("/watch runs an Action or a cli line".to_owned());
        };
        let title = format!("every {}s: {line}", pause.as_secs_f64());
        let block = RefCell::default();
        let mut before = None;
        loop {
            // Nothing is sent behind an Action that is not answered yet.
            if self.session.is_quiet() {
                let outcome = self.turn(&action, manner, &block)?;
                let Some(text) = self.text_of(&outcome, asked) else {
                    return Err(outcome.note.unwrap_or_default());
                };
                self.draw(&title, &text, before.as_deref(), &block);
                before = Some(text);
            }
            if self.pause(pause, &block) == Flow::Stop || !self.session.is_open() {
                return Ok(Flow::On);
            }
        }
    }

    fn turn(
        &self,
        action: &Action,
        manner: Manner,
        block: &RefCell<Block>,
    ) -> Result<Outcome, String> {
        let mut aside = |what| match what {
            Meanwhile::Arrived(arrived) => self.above(block, arrived),
            // The reply tells how it ended.
            Meanwhile::Told(_) => {}
        };
        let done = perform(
            &self.session,
            self.rules,
            action.clone(),
            manner,
            &mut aside,
        );
        done.map_err(|error| self.not_sent(&error))
    }

    /// The text of an answer, in no colours of its own.
    fn text_of(&self, outcome: &Outcome, asked: Asked) -> Option<String> {
        let mut printer = self.screen.printer();
        printer.look = plain(&printer.look);
        let mut out = Vec::new();
        printer.reply(
            &mut out,
            outcome.time,
            outcome.ending.reply()?,
            asked,
            false,
        );
        Some(String::from_utf8_lossy(&out).into_owned())
    }

    fn draw(&self, title: &str, text: &str, before: Option<&str>, block: &RefCell<Block>) {
        let look = self.screen.printer().look;
        let height = terminal_size::terminal_size().map_or(24, |(_, height)| height.0);
        // The title, and the row of the cursor.
        let rows = usize::from(height).saturating_sub(2).max(1);
        let mut block = block.borrow_mut();
        let title = title.chars().take(look.width).collect::<String>();
        let title = look.palette.paint(Role::Dim, &title).into_owned();
        let lines = marked(text, before, rows, &look);
        let erased = block.erased();
        block.lines = [title].into_iter().chain(lines).collect();
        let drawn = block.drawn();
        self.screen.show((erased + &drawn).as_bytes());
    }

    /// Shows what arrives above the block.
    fn above(&self, block: &RefCell<Block>, arrived: Arrived) {
        let text = self.screen.text(&self.session, arrived);
        if text.is_empty() {
            return;
        }
        let mut block = block.borrow_mut();
        let text = block.erased() + &text;
        let text = text + &block.drawn();
        self.screen.show(text.as_bytes());
    }

    fn pause(&self, pause: Duration, block: &RefCell<Block>) -> Flow {
        let until = Instant::now() + pause;
        loop {
            match self.session.next(Some(until)) {
                Wake::Arrived(arrived) => self.above(block, arrived),
                Wake::Nudged => {}
                Wake::Timeout => return Flow::On,
                Wake::Interrupted => return Flow::Stop,
            }
        }
    }
}

fn plain(look: &Look) -> Look {
    Look {
        palette: Palette::OFF,
        ..*look
    }
}
