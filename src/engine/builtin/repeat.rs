//! `/watch`: runs a line repeatedly and marks what changed.

use crate::engine::flow::{Done, Flow, Halt};
use crate::engine::runner::Runner;
use crate::engine::step::Line;
use crate::language::{Builtin, Command, Repeat, Statement, Then, parse, without_secret};
use crate::output::Palette;
use crate::peer_text::visible;
use std::time::Instant;

impl Runner<'_> {
    /// Runs the line until Ctrl-C. Arrivals are shown above it.
    pub(super) fn repeat(&mut self, repeat: &Repeat) -> Done {
        let statement = self.repeated(repeat)?;
        let seconds = repeat.pause.as_secs_f64();
        let title = format!("every {seconds}s: {}", without_secret(&repeat.line));
        let asks = self.asks;
        let flow = self.repeat_until_stopped(repeat, &statement, &title);
        self.asks = asks;
        self.face.redrawn();
        flow
    }

    fn repeat_until_stopped(
        &mut self,
        repeat: &Repeat,
        statement: &Statement,
        title: &str,
    ) -> Done {
        let line = Line::of(statement);
        let mut before: Option<String> = None;
        loop {
            // Never queue behind an Action that is still unanswered.
            if self.session.is_quiet() {
                let (flow, text) = self.captured(|runner| {
                    if let Some(capture) = &mut runner.capture {
                        capture.printer.look = runner.transcript.lock().printer.look;
                        capture.printer.look.palette = Palette::OFF;
                    }
                    let done = runner.command(statement.command.clone(), None, line);
                    runner.settled(done, line)
                })?;
                if flow != Flow::Go && text.is_empty() {
                    return Ok(flow);
                }
                // Confirm a dangerous Action once, not at every run.
                self.asks = false;
                let text = String::from_utf8(text)
                    .unwrap_or_else(|bytes| visible::text(bytes.as_bytes()).into_owned());
                self.flush()?;
                self.face.redraw(title, &text, before.as_deref())?;
                before = Some(text);
            }
            let until = Instant::now() + repeat.pause;
            match self.rest(Some(until)) {
                // At the prompt Ctrl-C is the normal end.
                Err(Halt::Flow(_)) if !self.is_script() => return Ok(Flow::Go),
                rested => rested?,
            }
            if !self.session.is_open() {
                return Ok(Flow::Go);
            }
        }
    }

    /// The line's single statement, which must be one that shows something.
    fn repeated(&self, repeat: &Repeat) -> Result<Statement, String> {
        let statements = parse(repeat.line.as_bytes(), self.place);
        let mut statements = statements.map_err(|error| error.to_string())?;
        let one = match (statements.pop(), statements.pop()) {
            (Some(one), None) if one.then == Then::Show => one,
            _ => return Err("/watch runs one line, without | and &".to_owned()),
        };
        let is_shown = |builtin: &Builtin| {
            matches!(
                builtin,
                Builtin::Calls | Builtin::Whoami | Builtin::Doctor(_) | Builtin::Last(_)
            )
        };
        match &one.command {
            command if command.sends() => Ok(one),
            Command::Builtin(builtin) if is_shown(builtin) => Ok(one),
            _ => Err(
                "/watch runs an Action, a cli line, /calls, /last, /whoami or /doctor".to_owned(),
            ),
        }
    }
}
