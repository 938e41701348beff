//! Statements one after the other, each waiting for its whole reply.

use super::Sink;
use super::source::{Next, Setting, Source};
use crate::ami::{Action, Reply, Status};
use crate::catalog::{Catalog, Listing};
use crate::error::session_code;
use crate::language::{Command, Statement};
use crate::output::{Asked, table};
use crate::perform::{self, Code, Ending, Manner, Outcome, Rules, intended, perform};
use crate::session;
use crate::session::{Answer, Arrival, Arrived, Classes, Session, Wake};
use std::io;
use std::time::{Duration, Instant};

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

const NO_EVENTS: &str = "the server did not answer Events: whether it sends any is unknown";
const CLOSED: &str = "the connection ended before the answer to Events";

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

    /// Sends one Action and shows what became of it.
    fn act(
        &mut self,
        action: Action,
        manner: Manner,
        statement: &Statement,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let name = action.name();
        let mut out = Vec::new();
        let done = loop {
            let mut aside = |arrived| sink.aside(&mut out, self.session, arrived);
            match perform(self.session, self.rules, action.clone(), manner, &mut aside) {
                // Nothing was sent, and there will be a link again.
                Err(perform::Error::Session(session::Error::NotConnected))
                    if self.session.is_returning() =>
                {
                    if let Some(flow) = self.connected(sink)? {
                        return Ok(flow);
                    }
                }
                done => break done,
            }
        };
        let outcome = match done {
            Ok(outcome) => outcome,
            Err(error) => {
                sink.show(&out)?;
                let (code, words) = match &error {
                    perform::Error::ReadOnly(_) => (Code::Usage, error.to_string()),
                    perform::Error::Session(session::Error::Refused(_)) => {
                        (Code::Usage, format!("{name}: {error}"))
                    }
                    // The link was there when the script began.
                    perform::Error::Session(_) => (Code::Unknown, format!("{name}: {error}")),
                };
                return Ok(self.fail_at(statement.line, code, &words, sink));
            }
        };
        let asked = match &statement.command {
            Command::Cli(_) => Asked::Cli,
            _ => Asked::Action,
        };
        if let Some(reply) = outcome.ending.reply() {
            sink.printer
                .reply(&mut out, outcome.time, reply, asked, false);
            self.goodbye |= reply.status() == Status::Goodbye;
        }
        sink.show(&out)?;
        self.judge(&name, &outcome, statement, sink)
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

    fn judge(
        &mut self,
        name: &str,
        outcome: &Outcome,
        statement: &Statement,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let refused = outcome.ending.reply().map(Reply::status) == Some(Status::Error);
        if let Some(note) = &outcome.note
            && (outcome.code != Code::Ok || !sink.quiet)
            && !(refused && statement.forgiven)
        {
            sink.say(&self.located(statement.line, note));
        }
        match (&outcome.ending, outcome.code) {
            (_, Code::Ok) => Ok(Flow::Go),
            (_, Code::Error) if statement.forgiven => Ok(Flow::Go),
            (Ending::Reply(reply), Code::Error) if outcome.note.is_none() => {
                self.code = self.code.with(Code::Error);
                self.explain(name, reply, statement.line, sink);
                Ok(self.after_error(reply))
            }
            (Ending::Interrupted, _) => {
                self.code = self.code.with(Code::Signal(2));
                // The server answers in order; a second is the reply's last chance.
                let limit = Instant::now() + Duration::from_secs(1);
                self.rest(Some(limit), sink)?;
                Ok(Flow::Stop)
            }
            (ending, code) => {
                if let (Ending::Reply(reply), Code::Login) = (ending, code) {
                    self.explain(name, reply, statement.line, sink);
                }
                self.code = self.code.with(code);
                Ok(self.after(code))
            }
        }
    }

    fn after_error(&mut self, reply: &Reply) -> Flow {
        // From 13 a server that stops answers so for a last moment.
        if reply.message().is_some_and(|m| m.contains("shutting down")) {
            self.code = self.code.with(Code::Unknown);
            return Flow::Stop;
        }
        self.after(Code::Error)
    }

    /// Does a script that met `code` go on? After an Error it may be told to.
    fn after(&self, code: Code) -> Flow {
        match code == Code::Error && self.keep_going {
            true => Flow::Go,
            false => Flow::Stop,
        }
    }

    /// Says on stderr what the server refused, and what may be behind it.
    fn explain(&self, name: &str, reply: &Reply, at: usize, sink: &mut Sink<'_>) {
        let message = reply.message().unwrap_or_default();
        let mut words = format!("{name}: the server answered Error: {message}");
        if message.starts_with("Invalid/unknown command") {
            words = format!("{name}: {}", self.unknown(name));
        } else if reply.output().is_some() {
            words = "the CLI command failed; its output says why".to_owned();
        }
        sink.say(&self.located(at, &words));
    }

    fn unknown(&self, name: &str) -> String {
        let near = self.catalog.nearest(name);
        if self.catalog.find(name).is_some() {
            "this server has no such action: its module is not loaded, or it is of another version"
                .to_owned()
        } else if near.is_empty() {
            "the server knows no such action; ListCommands shows what it has".to_owned()
        } else {
            format!(
                "the server knows no such action; did you mean {}?",
                near.join(", ")
            )
        }
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

    fn builtin(
        &mut self,
        at: &Statement,
        name: &str,
        args: &[String],
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        match Setting::of(name, args) {
            Ok(Setting::Classes(classes)) => {
                let waited = self.connected(sink)?;
                return Ok(waited.unwrap_or_else(|| self.events(at, classes, sink)));
            }
            Ok(Setting::Events) if sink.quiet => {}
            Ok(Setting::Events) => sink.say(&format!("events: {}", self.session.events())),
            Ok(Setting::Output(form)) => sink.printer.form = form,
            Err(words) => return Ok(self.fail_at(at.line, Code::Usage, &words, sink)),
        }
        Ok(Flow::Go)
    }

    /// `/events CLASSES`. An answer is waited for, and one that is no success
    /// counts as that of an Action does.
    fn events(&mut self, at: &Statement, classes: Classes, sink: &mut Sink<'_>) -> Flow {
        let (code, words) = match self.session.set_events(classes) {
            Ok(None) => return Flow::Go,
            Ok(Some(Answer::Reply(reply))) if reply.status() != Status::Error => return Flow::Go,
            Ok(Some(Answer::Reply(reply))) => {
                let why = reply.message().unwrap_or_default().into_owned();
                (
                    Code::Error,
                    format!("the server refuses to send events: {why}"),
                )
            }
            Ok(Some(Answer::TimedOut(_))) => (Code::Unknown, NO_EVENTS.to_owned()),
            Ok(Some(Answer::Lost(_))) => (Code::Unknown, CLOSED.to_owned()),
            Err(error) => (Code::Unknown, error.to_string()),
        };
        if code == Code::Error && at.forgiven {
            return Flow::Go;
        }
        self.fail_at(at.line, code, &words, sink);
        self.after(code)
    }

    /// `help` in a script asks this server what it can do.
    fn help(&mut self, at: usize, topic: &[String], sink: &mut Sink<'_>) -> io::Result<Flow> {
        let action = Action::own("ListCommands", &[]);
        let answer = self.session.call(action);
        if let Ok(Answer::Reply(reply)) = answer
            && reply.status() != Status::Error
        {
            self.catalog = Catalog::with(Listing::of(&reply));
        }
        let wanted = |name: &str| {
            topic.is_empty() || topic.iter().any(|word| word.eq_ignore_ascii_case(name))
        };
        if !self.catalog.actions().any(|entry| wanted(entry.name)) {
            let topic = topic.join(" ");
            let words = format!("there is no Action {topic}; help lists what there is");
            return Ok(self.fail_at(at, Code::Usage, &words, sink));
        }
        let mut out = Vec::new();
        let shown = self.catalog.actions().filter(|entry| wanted(entry.name));
        table::actions(&mut out, shown, &sink.printer.look);
        sink.show(&out)?;
        Ok(Flow::Go)
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
