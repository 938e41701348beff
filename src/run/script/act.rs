//! One Action of a script: sent, shown, and judged.

use super::expect::Event;
use super::set::Last;
use super::{Flow, Line, Script};
use crate::ami::{Action, Packet, Reply, Status};
use crate::language::Statement;
use crate::output::words;
use crate::perform::{self, Code, Ending, Manner, Meanwhile, Outcome, perform};
use crate::run::Sink;
use crate::session;
use std::io;
use std::time::{Duration, Instant, SystemTime};

impl Script<'_> {
    /// Sends one Action and shows what became of it.
    pub(super) fn act(
        &mut self,
        action: Action,
        manner: Manner,
        statement: &Statement,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let name = action.name();
        // What came before is not what an `expect` after this one waits for.
        if let Some(flow) = self.drained(sink)? {
            return Ok(flow);
        }
        self.last = None;
        let mut out = Vec::new();
        let began = Instant::now();
        let done = loop {
            let at = self.located(statement.line, "");
            let (session, seen) = (self.session, &mut self.seen);
            let mut aside = |what| match what {
                Meanwhile::Arrived(arrived) => seen.aside(&mut out, session, arrived, sink),
                Meanwhile::Told(_) if sink.quiet => {}
                Meanwhile::Told(words) => sink.say(&format!("{at}{words}")),
            };
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
        let took = began.elapsed();
        self.text = out;
        let interrupted = matches!(outcome.ending, Ending::Interrupted);
        let flow = self.outcome(&name, outcome, Line::of(statement), sink)?;
        self.flush(sink)?;
        if self.timing {
            sink.say(&words::took(took));
        }
        if interrupted {
            // The server answers in order; a second is the reply's last chance.
            let limit = Instant::now() + Duration::from_secs(1);
            self.rest(Some(limit), sink)?;
        }
        Ok(flow)
    }

    /// Shows what became of an Action, and judges it.
    pub(super) fn outcome(
        &mut self,
        name: &str,
        outcome: Outcome,
        line: Line,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        if let Some(reply) = outcome.ending.reply() {
            let printer = &mut sink.printer;
            printer.reply(&mut self.text, outcome.time, reply, line.asked, false);
            self.goodbye |= reply.status() == Status::Goodbye;
        }
        if let Some(words) = sink.printer.unmet() {
            self.flush(sink)?;
            sink.say(&words);
        }
        let flow = self.judge(name, &outcome, line, sink)?;
        if let Ending::Reply(reply) = outcome.ending {
            self.keep(outcome.time, reply);
        }
        Ok(flow)
    }

    /// Shows what has come already, and forgets what events were in it.
    pub(super) fn drained(&mut self, sink: &mut Sink<'_>) -> io::Result<Option<Flow>> {
        let flow = match self.seen.is_kept {
            true => self.rest(Some(Instant::now()), sink)?,
            false => None,
        };
        self.seen.clear();
        Ok(flow)
    }

    /// Keeps `reply` for `set`. The outcome of a call, which amish itself has
    /// waited for, is an event that may be expected as well.
    fn keep(&mut self, time: SystemTime, reply: Box<Reply>) {
        let outcome = |event: &&Packet| event.is_event("OriginateResponse");
        if let Some(event) = reply.items.last().filter(outcome)
            && self.seen.is_kept
        {
            let (event, shown) = (event.clone(), true);
            self.seen.push(Event { time, event, shown });
        }
        self.last = Some(Last::Reply(reply));
    }

    fn judge(
        &mut self,
        name: &str,
        outcome: &Outcome,
        line: Line,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let refused = outcome.ending.reply().map(Reply::status) == Some(Status::Error);
        let forgiven = line.forgiven && outcome.code == Code::Error;
        match outcome.code {
            Code::Ok => self.tally.ok += 1,
            Code::Error if forgiven => self.tally.ok += 1,
            Code::Unknown => self.tally.unknown += 1,
            _ => self.tally.errors += 1,
        }
        if outcome.code == Code::Ok && outcome.note.is_none() {
            return Ok(Flow::Go);
        }
        self.flush(sink)?;
        if let Some(note) = &outcome.note
            && (outcome.code != Code::Ok || !sink.quiet)
            && !(refused && line.forgiven)
        {
            sink.say(&self.located(line.number, note));
        }
        Ok(match (&outcome.ending, outcome.code) {
            (_, Code::Ok) => Flow::Go,
            _ if forgiven => Flow::Go,
            (Ending::Reply(reply), Code::Error) if outcome.note.is_none() => {
                self.code = self.code.with(Code::Error);
                self.explain(name, reply, line.number, sink);
                self.after_error(reply)
            }
            (Ending::Interrupted, _) => {
                self.code = self.code.with(Code::Signal(2));
                Flow::Stop
            }
            (ending, code) => {
                if let (Ending::Reply(reply), Code::Login) = (ending, code) {
                    self.explain(name, reply, line.number, sink);
                }
                self.code = self.code.with(code);
                self.after(code)
            }
        })
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
    pub(super) fn after(&self, code: Code) -> Flow {
        match code == Code::Error && self.pace.keep_going {
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
}
