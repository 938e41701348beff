//! Statements one after the other, each waiting for its whole reply.

mod act;
mod builtin;
mod expect;
mod set;
mod wait;
mod window;

use super::Sink;
use super::progress::{Progress, Tally};
use super::source::{Next, Source};
use super::step::{Step, sent};
use crate::catalog::Catalog;
use crate::language::{Command, Statement, Variables};
use crate::output::Asked;
use crate::perform::{Code, Rules, stands_alone};
use crate::session::{Session, Wake, Wanted};
use expect::Seen;
use set::Last;
use std::collections::VecDeque;
use std::io;
use std::time::Instant;
use wait::Wait;
use window::Flight;

/// A script being run.
pub struct Script<'a> {
    session: &'a Session,
    /// Its file's name, before the line in messages; empty for one action.
    name: &'a str,
    pace: Pace,
    rules: Rules,
    catalog: Catalog,
    code: Code,
    variables: Variables,
    /// What `set` reads.
    last: Option<Last>,
    /// What `expect` may look back at.
    seen: Seen,
    /// The events that `expect` needs, from the first that does on.
    wanted: Option<Wanted<'a>>,
    /// Under way, in the order of the script.
    flights: VecDeque<Flight>,
    /// Of those, what is to be written.
    text: Vec<u8>,
    tally: Tally,
    /// How many Actions there are, where that is known.
    total: Option<usize>,
    /// Is the time of each reply to be told?
    timing: bool,
    /// The script has said Logoff: that the server closes is no surprise.
    goodbye: bool,
}

/// How fast a script goes, and how far.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// It goes on after an Error.
    pub keep_going: bool,
    /// So many Actions may be under way.
    pub window: usize,
}

/// A line of the script, as far as it matters to an answer.
#[derive(Debug, Clone, Copy)]
struct Line {
    number: usize,
    forgiven: bool,
    asked: Asked,
}

impl Line {
    fn of(statement: &Statement) -> Line {
        Line {
            number: statement.line,
            forgiven: statement.forgiven,
            asked: match &statement.command {
                Command::Cli(_) => Asked::Cli,
                _ => Asked::Action,
            },
        }
    }
}

/// Whether the next statement is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Go,
    Stop,
}

/// Shows what came after the last statement. Call it when the session is closed.
///
/// # Errors
/// The output cannot be written.
pub fn remainder(session: &Session, sink: &mut Sink<'_>) -> io::Result<Code> {
    let mut out = Vec::new();
    let at_once = Some(Instant::now());
    loop {
        match session.backlog().next(at_once) {
            Wake::Arrived(arrived) => sink.aside(&mut out, session, arrived),
            Wake::Interrupted | Wake::Nudged => {}
            Wake::Timeout => break,
        }
    }
    sink.show(&out)?;
    Ok(match session.backlog().lost() {
        0 => Code::Ok,
        _ => Code::Lost,
    })
}

impl<'a> Script<'a> {
    /// A script over `session`. Scripts are not checked against the server's
    /// documentation: nothing is asked beforehand, so the built-in table serves.
    pub fn new(session: &'a Session, name: &'a str, pace: Pace, rules: Rules) -> Script<'a> {
        Script {
            session,
            name,
            pace,
            rules,
            catalog: Catalog::default(),
            code: Code::Ok,
            variables: Variables::default(),
            last: None,
            seen: Seen::default(),
            wanted: None,
            flights: VecDeque::new(),
            text: Vec::new(),
            tally: Tally::default(),
            total: None,
            timing: false,
            goodbye: false,
        }
    }

    /// Runs what `source` gives.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn run(mut self, mut source: Source, sink: &mut Sink<'_>) -> io::Result<Code> {
        let expected = source.foreseen();
        self.seen.is_kept = expected.is_none_or(|expected| !expected.is_empty());
        self.total = source.actions();
        // Replies that pass on the same terminal are progress enough.
        let is_bulk = self.total.is_none_or(|total| total > 1) && !self.name.is_empty();
        if is_bulk && sink.terminal && !sink.printer.look.terminal && !sink.quiet {
            sink.progress = Some(Progress::begun());
        }
        loop {
            let flow = match source.poll() {
                Next::Step(step) => self.step(*step, &source, sink)?,
                Next::NotYet => self.rest(None, sink)?.unwrap_or(Flow::Go),
                Next::End => Flow::Stop,
                Next::Wrong(error) => {
                    self.fail_at(error.line, Code::Usage, &error.to_string(), sink)
                }
                Next::Broken(error) => {
                    self.fail(Code::Failed, &format!("{}: {error}", self.name), sink)
                }
            };
            if flow == Flow::Stop {
                break;
            }
        }
        self.last_landed(sink)?;
        self.sum_up(sink);
        Ok(self.code)
    }

    /// At the end of more than one Action, for who watches, and for who has
    /// let Errors pass.
    fn sum_up(&self, sink: &mut Sink<'_>) {
        if let Some(progress) = &mut sink.progress {
            progress.clear(sink.err);
        }
        let passed = self.pace.keep_going && self.tally.ok < self.tally.all();
        if self.tally.all() > 1 && (sink.terminal || passed) && !sink.quiet {
            sink.say(&self.tally.words());
        }
    }

    fn step(&mut self, mut step: Step, source: &Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let made = step.made.take();
        let statement = &step.statement;
        let at = statement.line;
        let command = match statement.command.with(&self.variables) {
            Ok(command) => command,
            Err(fault) => return Ok(self.fail_at(at, Code::Usage, &fault.to_string(), sink)),
        };
        if let Some(flow) = self.foreseen(statement, source, sink)? {
            return Ok(flow);
        }
        let sent = match sent(made, &command, &self.catalog) {
            Some(Ok((action, manner)))
                if self.pace.window > 1 && !stands_alone(&action, manner, self.rules) =>
            {
                return self.fly(action, statement, sink);
            }
            sent => sent,
        };
        // Everything else depends on what was answered before.
        if let Some(flow) = self.landed(0, sink)? {
            return Ok(flow);
        }
        self.flush(sink)?;
        match sent {
            Some(Ok((action, manner))) => self.act(action, manner, statement, sink),
            Some(Err(error)) => Ok(self.fail_at(at, Code::Usage, &error.to_string(), sink)),
            None => self.word(&command, statement, sink),
        }
    }

    /// What sends no Action of the user's.
    fn word(
        &mut self,
        command: &Command,
        statement: &Statement,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        match command {
            // Sent above, and of no script.
            Command::Action(_) | Command::Raw(_) | Command::Cli(_) | Command::Local(_) => {
                Ok(Flow::Go)
            }
            Command::Echo(text) => {
                let mut out = Vec::new();
                sink.printer.echo(&mut out, text);
                sink.show(&out)?;
                Ok(Flow::Go)
            }
            Command::Sleep(time) => {
                let until = Instant::now() + *time;
                Ok(self.rest(Some(until), sink)?.unwrap_or(Flow::Go))
            }
            Command::Set { name, value } => self.set(name, value, statement, sink),
            Command::Expect(expected) => self.expect(expected, statement, sink),
            Command::Fail(text) => {
                let words = String::from_utf8_lossy(text);
                let words = if words.is_empty() { "fail" } else { &*words };
                Ok(self.unmet(statement, words, sink))
            }
            Command::Filter(filter) => {
                sink.filter(filter);
                Ok(Flow::Go)
            }
            // At the prompt only.
            Command::Last(_) => Ok(Flow::Go),
            Command::Help(topic) => self.help(statement.line, topic, sink),
            Command::Quit => Ok(Flow::Stop),
            Command::Builtin { name, arguments } => self.builtin(statement, name, arguments, sink),
        }
    }

    /// Before an Action that an `expect` follows, events are turned on for it,
    /// and what came before is put aside.
    fn foreseen(
        &mut self,
        statement: &Statement,
        source: &Source,
        sink: &mut Sink<'_>,
    ) -> io::Result<Option<Flow>> {
        // Before a login of the user's own nothing may be asked, and after it
        // everything comes.
        if self.session.user().is_none() {
            return Ok(None);
        }
        let is_expect = matches!(statement.command, Command::Expect(_));
        let expected = match source.foreseen() {
            Some(expected)
                if is_expect || (statement.command.sends() && source.expect_follows()) =>
            {
                expected
            }
            None if is_expect && self.session.events().is_empty() => {
                let cure = "expect needs events: in a pipe write /events on before the Action, or give the script as a file";
                return Ok(Some(self.fail_at(statement.line, Code::Usage, cure, sink)));
            }
            _ => return Ok(None),
        };
        if let Some(flow) = self.connected(sink)? {
            return Ok(Some(flow));
        }
        if let Err(error) = self.foresee(expected) {
            let words = error.to_string();
            return Ok(Some(self.fail_at(
                statement.line,
                Code::Unknown,
                &words,
                sink,
            )));
        }
        Ok(None)
    }

    fn located(&self, line: usize, words: &str) -> String {
        match self.name {
            "" => words.to_owned(),
            name => format!("{name}:{line}: {words}"),
        }
    }

    fn fail_at(&mut self, line: usize, code: Code, words: &str, sink: &mut Sink<'_>) -> Flow {
        let words = self.located(line, words);
        self.fail(code, &words, sink)
    }

    fn fail(&mut self, code: Code, words: &str, sink: &mut Sink<'_>) -> Flow {
        sink.say(words);
        self.code = self.code.with(code);
        Flow::Stop
    }
}
