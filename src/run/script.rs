//! Statements one after the other, each waiting for its whole reply.

mod act;
mod builtin;
mod expect;
mod set;

use super::Sink;
use super::source::{Next, Source};
use crate::catalog::Catalog;
use crate::error::session_code;
use crate::language::{Command, Statement, Variables};
use crate::perform::{Code, Rules, intended};
use crate::session::{Arrival, Arrived, Session, Wake, Wanted};
use expect::Seen;
use set::Last;
use std::io;
use std::time::Instant;

/// A script being run.
pub struct Script<'a> {
    session: &'a Session,
    /// Its file's name, before the line in messages; empty for one action.
    name: &'a str,
    keep_going: bool,
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
    /// The script has said Logoff: that the server closes is no surprise.
    goodbye: bool,
}

/// Whether the next statement is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Go,
    Stop,
}

/// What came of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// Something arrived, and was shown.
    Arrived,
    /// Something else is to be looked at.
    Nudged,
    /// The time is over.
    Over,
    /// The script ends here.
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
    pub fn new(session: &'a Session, name: &'a str, keep_going: bool, rules: Rules) -> Script<'a> {
        Script {
            session,
            name,
            keep_going,
            rules,
            catalog: Catalog::default(),
            code: Code::Ok,
            variables: Variables::default(),
            last: None,
            seen: Seen::default(),
            wanted: None,
            goodbye: false,
        }
    }

    /// Runs what `source` gives.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn run(mut self, mut source: Source, sink: &mut Sink<'_>) -> io::Result<Code> {
        self.seen.is_kept = source
            .foreseen()
            .is_none_or(|expected| !expected.is_empty());
        loop {
            let flow = match source.poll() {
                Next::Statement(statement) => self.statement(&statement, &source, sink)?,
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
                return Ok(self.code);
            }
        }
    }

    fn statement(
        &mut self,
        statement: &Statement,
        source: &Source,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let at = statement.line;
        let command = match statement.command.with(&self.variables) {
            Ok(command) => command,
            Err(fault) => return Ok(self.fail_at(at, Code::Usage, &fault.to_string(), sink)),
        };
        if let Some(flow) = self.foreseen(statement, source, sink)? {
            return Ok(flow);
        }
        if let Some(intended) = intended(&command, &self.catalog) {
            return match intended {
                Ok((action, manner)) => self.act(action, manner, statement, sink),
                Err(error) => Ok(self.fail_at(at, Code::Usage, &error.to_string(), sink)),
            };
        }
        match &*command {
            // Sent above.
            Command::Action(_) | Command::Raw(_) | Command::Cli(_) => Ok(Flow::Go),
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
            Command::Help(topic) => self.help(at, topic, sink),
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

    /// Waits for a link where there will be one again.
    fn connected(&mut self, sink: &mut Sink<'_>) -> io::Result<Option<Flow>> {
        while !self.session.is_open() && self.session.is_returning() {
            if let Some(flow) = self.rest(None, sink)? {
                return Ok(Some(flow));
            }
        }
        Ok(None)
    }

    /// Waits, showing what arrives. None: the time is over, or nothing more is
    /// to be waited for here.
    fn rest(&mut self, until: Option<Instant>, sink: &mut Sink<'_>) -> io::Result<Option<Flow>> {
        loop {
            match self.wait(until, sink)? {
                Wait::Stop => return Ok(Some(Flow::Stop)),
                Wait::Over => return Ok(None),
                Wait::Nudged if until.is_none() => return Ok(None),
                Wait::Nudged | Wait::Arrived => {}
            }
        }
    }

    /// Waits for the next arrival and shows it.
    fn wait(&mut self, until: Option<Instant>, sink: &mut Sink<'_>) -> io::Result<Wait> {
        match self.session.next(until) {
            Wake::Arrived(arrived) => self.arrived(arrived, sink),
            Wake::Interrupted => {
                self.code = self.code.with(Code::Signal(2));
                Ok(Wait::Stop)
            }
            Wake::Nudged => Ok(Wait::Nudged),
            Wake::Timeout => Ok(Wait::Over),
        }
    }

    fn arrived(&mut self, arrived: Arrived, sink: &mut Sink<'_>) -> io::Result<Wait> {
        let over = match &arrived.what {
            Arrival::Ended(..) if self.goodbye || self.session.is_leaving() => {
                return Ok(Wait::Stop);
            }
            Arrival::Ended(ended, false) => {
                Some((Code::Unknown, format!("{ended} before the script was done")))
            }
            Arrival::StillDown(error, false) => {
                Some((session_code(error), format!("not connected again: {error}")))
            }
            _ => None,
        };
        if let Some((code, words)) = over {
            self.fail(code, &words, sink);
            return Ok(Wait::Stop);
        }
        let mut out = Vec::new();
        self.seen.aside(&mut out, self.session, arrived, sink);
        sink.show(&out)?;
        Ok(Wait::Arrived)
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
