//! A script: statements one after the other, each waiting for its whole reply.

use super::flow::{Done, Failure, Flow, Halt};
use super::runner::Runner;
use super::source::{Next, Source};
use super::step::{Line, Step};
use crate::exit_code::Code;
use crate::files;
use crate::language::{Command, SyntaxError};
use std::io;
use std::path::Path;

/// How deep scripts may `/source` one another: a script that sources itself
/// would never end.
const DEEPEST: usize = 16;

impl Runner<'_> {
    /// Runs the statements of `source` and returns the exit code.
    pub fn run(&mut self, mut source: Source) -> io::Result<Code> {
        let expected = source.foreseen();
        self.seen.is_kept = expected.is_none_or(|expected| !expected.is_empty());
        self.total = source.actions();
        loop {
            // Statements that wait for nothing would run on past it.
            if self.session.backlog().take_interrupt() {
                self.interrupted();
                break;
            }
            let flow = match source.poll() {
                Next::Step(step) => {
                    let line = Line::of(&step.statement);
                    let done = self.step(*step, line, &source);
                    self.settled(done, line)?
                }
                Next::NotYet => {
                    let rested = self.rest(None).map(|()| Flow::Go);
                    self.settled(rested, Line::ONLY)?
                }
                Next::End => Flow::Stop,
                Next::Wrong(error) => {
                    let words = self.located(error.line, &error.to_string());
                    self.fail(Code::Usage, &words)?
                }
                Next::Broken(error) => {
                    let words = format!("{}: {error}", self.name);
                    self.fail(Code::Failed, &words)?
                }
            };
            // A Ctrl-C that ended a question of amish's own ends the script.
            if flow != Flow::Go || matches!(self.code, Code::Signal(_)) {
                break;
            }
        }
        self.land_the_last()?;
        self.forget_rights();
        Ok(self.code)
    }

    fn step(&mut self, step: Step, line: Line, source: &Source) -> Done {
        match self.prepare(&step.statement.command, source) {
            // Not even `-LINE` goes on without the Action.
            Err(Halt::Failed(Failure(code, words))) => {
                let words = self.located(line.number, &words);
                return Ok(self.fail(code, &words)?);
            }
            prepared => prepared?,
        }
        self.carry_out(step, line)
    }

    /// Before an Action followed by an `expect`: turns on its events and
    /// forgets earlier ones.
    fn prepare(&mut self, command: &Command, source: &Source) -> Done<()> {
        // While the user logs in by hand nothing may be asked before the login,
        // and after it all events come anyway.
        if self.session.user().is_none() {
            return Ok(());
        }
        let is_expect = matches!(command, Command::Expect(_));
        let expected = match source.foreseen() {
            Some(expected) if is_expect || (command.sends() && source.expect_follows()) => expected,
            None if is_expect && self.session.events().is_empty() => {
                let cure = "expect needs events: write /events on before the Action, or pass the script as a file instead of a pipe";
                return Err(cure.to_owned().into());
            }
            _ => return Ok(()),
        };
        self.connected()?;
        self.ask_for(expected)
    }

    /// `/source`: runs a script file, read and checked whole before anything is
    /// sent.
    pub(super) fn source(&mut self, file: &str, line: Line) -> Done {
        let failed = |words| Failure(Code::Failed, words);
        if self.depth >= DEEPEST {
            let words = format!("/source {file}: scripts may be nested {DEEPEST} deep at most");
            return Err(failed(words).into());
        }
        let text = files::read(Path::new(file), files::SCRIPT);
        let text = text.map_err(|why| failed(format!("{file}: {why}")))?;
        let source = Source::whole(&text, self.rules);
        let wrong =
            |error: SyntaxError| format!("{file}:{}: {error}; nothing was sent", error.line);
        let source = source.map_err(wrong)?;
        self.flush()?;
        let mut script = Runner {
            depth: self.depth + 1,
            capture: self.capture.take(),
            ..Runner::for_script(
                self.session,
                self.transcript.clone(),
                &mut *self.face,
                self.rules,
                file,
            )
        };
        let code = script.run(source);
        let goodbye = script.goodbye;
        let capture = script.capture.take();
        drop(script);
        self.capture = capture;
        self.goodbye |= goodbye;
        let code = code?;
        self.code = self.code.with(code);
        match code {
            Code::Ok => Ok(Flow::Go),
            Code::Error | Code::Unmet if line.forgiven => Ok(Flow::Go),
            code => Ok(self.after(code)),
        }
    }
}
