//! Statements one after the other, each waiting for its whole reply.

mod act;
mod builtin;

use super::Sink;
use super::source::{Next, Source};
use crate::catalog::Catalog;
use crate::error::session_code;
use crate::language::{Command, Statement};
use crate::perform::{Code, Rules, intended};
use crate::session::{Arrival, Arrived, Session, Wake};
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
    /// The script has said Logoff: that the server closes is no surprise.
    goodbye: bool,
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
    pub fn new(session: &'a Session, name: &'a str, keep_going: bool, rules: Rules) -> Script<'a> {
        Script {
            session,
            name,
            keep_going,
            rules,
            catalog: Catalog::default(),
            code: Code::Ok,
            goodbye: false,
        }
    }

    /// Runs what `source` gives.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn run(mut self, mut source: Source, sink: &mut Sink<'_>) -> io::Result<Code> {
        loop {
            let flow = match source.poll() {
                Next::Statement(statement) => self.statement(&statement, sink)?,
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

    fn statement(&mut self, statement: &Statement, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let at = statement.line;
        if let Some(intended) = intended(&statement.command, &self.catalog) {
            return match intended {
                Ok((action, manner)) => self.act(action, manner, statement, sink),
                Err(error) => Ok(self.fail_at(at, Code::Usage, &error.to_string(), sink)),
            };
        }
        match &statement.command {
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
            Command::Help(topic) => self.help(at, topic, sink),
            Command::Quit => Ok(Flow::Stop),
            Command::Builtin { name, arguments } => self.builtin(statement, name, arguments, sink),
        }
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
            match self.session.next(until) {
                Wake::Arrived(arrived) => {
                    if let Some(flow) = self.arrived(arrived, sink)? {
                        return Ok(Some(flow));
                    }
                }
                Wake::Interrupted => {
                    self.code = self.code.with(Code::Signal(2));
                    return Ok(Some(Flow::Stop));
                }
                Wake::Nudged if until.is_none() => return Ok(None),
                Wake::Nudged => {}
                Wake::Timeout => return Ok(None),
            }
        }
    }

    fn arrived(&mut self, arrived: Arrived, sink: &mut Sink<'_>) -> io::Result<Option<Flow>> {
        let over = match &arrived.what {
            Arrival::Ended(..) if self.goodbye || self.session.is_leaving() => {
                return Ok(Some(Flow::Stop));
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
            return Ok(Some(self.fail(code, &words, sink)));
        }
        let mut out = Vec::new();
        sink.aside(&mut out, self.session, arrived);
        sink.show(&out)?;
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
