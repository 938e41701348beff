//! Where the statements of a script come from: a text read whole, or a pipe
//! read line by line, so that `tail -f todo | amish pbx` works.

use super::policy::Rules;
use super::step::{Check, Step};
use crate::language::{Command, Expr, Place, Reader, Statement, SyntaxError, Then, statements};
use crate::session::Session;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, OnceLock};

/// How many lines are read ahead from a pipe.
const AHEAD: usize = 256;

/// Statements, in order.
pub enum Source {
    /// Read whole, and its syntax checked.
    Whole {
        /// The statements.
        steps: VecDeque<Step>,
        /// Every EXPR of its `expect` statements.
        expected: Vec<Expr>,
    },
    /// Read line by line.
    Pipe(Box<Pipe>),
}

/// What [`Source::poll`] found.
pub enum Next {
    /// The next statement.
    Step(Box<Step>),
    /// A line with a syntax error.
    Wrong(SyntaxError),
    /// The input cannot be read.
    Broken(io::Error),
    /// Nothing yet; the session is nudged when there is more.
    NotYet,
    /// The end of the input.
    End,
}

/// A pipe read by a thread of its own, since waiting for lines and for the
/// server must not block each other.
pub struct Pipe {
    lines: Receiver<io::Result<Vec<u8>>>,
    reader: Reader,
    /// The session that the thread nudges for every line. Empty before there is
    /// one.
    session: Arc<OnceLock<Arc<Session>>>,
    ended: bool,
    /// Read before there was a session.
    first: VecDeque<Next>,
}

impl Source {
    /// The statements of `text`, checked to the end before anything is sent.
    ///
    /// # Errors
    /// The first line that is wrong; nothing was sent.
    pub fn whole(text: &[u8], rules: Rules) -> Result<Source, SyntaxError> {
        Source::checked(statements(text, Place::Script), rules)
    }

    /// A single Command, from the command line.
    ///
    /// # Errors
    /// It cannot be sent.
    pub fn one(command: Command, rules: Rules) -> Result<Source, SyntaxError> {
        let statement = Statement {
            command,
            then: Then::Show,
            forgiven: false,
            line: 1,
            span: 0..0,
        };
        Source::checked(std::iter::once(Ok(statement)), rules)
    }

    fn checked(
        statements: impl Iterator<Item = Result<Statement, SyntaxError>>,
        rules: Rules,
    ) -> Result<Source, SyntaxError> {
        let mut check = Check::new(rules);
        let steps = statements.map(|statement| check.step(statement?));
        let steps = steps.collect::<Result<_, _>>()?;
        let expected = check.expected;
        Ok(Source::Whole { steps, expected })
    }

    /// The statements of a pipe.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn pipe(input: impl Read + Send + 'static) -> io::Result<Source> {
        let (sender, lines) = sync_channel(AHEAD);
        let session = Arc::new(OnceLock::new());
        let wakes = session.clone();
        std::thread::Builder::new()
            .name("input".into())
            .spawn(move || read_lines(input, sender, &wakes))?;
        Ok(Source::Pipe(Box::new(Pipe {
            lines,
            reader: Reader::new(Place::Script),
            session,
            ended: false,
            first: VecDeque::new(),
        })))
    }

    /// Waits for the next statement, however long it takes. Used where there is
    /// no session to be nudged.
    pub fn wait(&mut self) -> Next {
        match (self.poll(), self) {
            (Next::NotYet, Source::Pipe(pipe)) => pipe.wait(),
            (next, _) => next,
        }
    }

    /// Is the first Action a Login or a Challenge, so that the user logs in by
    /// hand? With a pipe this waits for the first statement that sends
    /// something.
    pub fn logs_in(&mut self) -> bool {
        let by_hand = ["Login", "Challenge"];
        match self.first_sent() {
            Some(Command::Action(line)) => by_hand
                .iter()
                .any(|name| line.name.eq_ignore_ascii_case(name)),
            Some(Command::Raw(action)) => by_hand.iter().any(|name| action.is(name)),
            _ => false,
        }
    }

    /// Is it one Action and nothing else? Not an Originate, whose outcome comes
    /// after its answer.
    pub fn is_brief(&self) -> bool {
        let Source::Whole { steps, .. } = self else {
            return false;
        };
        let mut made = steps.iter().map(|step| &step.made);
        let one = made.next().and_then(Option::as_ref);
        one.is_some_and(|(action, _)| !action.is("Originate")) && made.next().is_none()
    }

    /// The first Command that sends something; `echo` and `sleep` may stand
    /// before a login.
    fn first_sent(&mut self) -> Option<&Command> {
        let local = |command: &Command| {
            let is_text = matches!(command, Command::Echo(_) | Command::Set { .. });
            is_text || matches!(command, Command::Sleep(_))
        };
        match self {
            Source::Whole { steps, .. } => {
                let mut commands = steps.iter().map(|step| &step.statement.command);
                commands.find(|command| !local(command))
            }
            Source::Pipe(pipe) => loop {
                let next = pipe.wait();
                let go_on = matches!(&next, Next::Step(one) if local(&one.statement.command));
                pipe.first.push_back(next);
                if !go_on {
                    break match pipe.first.back() {
                        Some(Next::Step(step)) => Some(&step.statement.command),
                        _ => None,
                    };
                }
            },
        }
    }

    /// Every EXPR of its `expect` statements; None for a pipe.
    pub fn foreseen(&self) -> Option<&[Expr]> {
        match self {
            Source::Whole { expected, .. } => Some(expected),
            Source::Pipe(_) => None,
        }
    }

    /// The number of Actions; None for a pipe.
    pub fn actions(&self) -> Option<usize> {
        match self {
            Source::Whole { steps, .. } => {
                let sent = steps.iter().filter(|one| one.statement.command.sends());
                Some(sent.count())
            }
            Source::Pipe(_) => None,
        }
    }

    /// Does an `expect` come before the next Action?
    pub fn expect_follows(&self) -> bool {
        let Source::Whole { steps, .. } = self else {
            return false;
        };
        let mut commands = steps.iter().map(|step| &step.statement.command);
        let next = commands.find(|one| matches!(one, Command::Expect(_)) || one.sends());
        next.is_some_and(|next| !next.sends())
    }

    /// Sets the session to nudge for every line.
    pub fn wake(&self, session: &Arc<Session>) {
        if let Source::Pipe(pipe) = self {
            // Already set: one source serves one session.
            let _ = pipe.session.set(session.clone());
        }
    }

    /// The next statement, without waiting.
    pub fn poll(&mut self) -> Next {
        match self {
            Source::Whole { steps, .. } => match steps.pop_front() {
                Some(step) => Next::Step(Box::new(step)),
                None => Next::End,
            },
            Source::Pipe(pipe) => pipe.first.pop_front().unwrap_or_else(|| pipe.poll()),
        }
    }
}

impl Pipe {
    fn poll(&mut self) -> Next {
        loop {
            if self.ended {
                return Next::End;
            }
            let line = match self.lines.try_recv() {
                Ok(line) => Some(line),
                Err(TryRecvError::Empty) => return Next::NotYet,
                Err(TryRecvError::Disconnected) => None,
            };
            if let Some(next) = self.take(line) {
                return next;
            }
        }
    }

    fn wait(&mut self) -> Next {
        while !self.ended {
            let line = self.lines.recv().ok();
            if let Some(next) = self.take(line) {
                return next;
            }
        }
        Next::End
    }

    /// Parses a line, or the end of the input.
    fn take(&mut self, line: Option<io::Result<Vec<u8>>>) -> Option<Next> {
        let parsed = match line {
            Some(Ok(line)) => self.reader.line(&line),
            Some(Err(error)) => return Some(Next::Broken(error)),
            None => {
                self.ended = true;
                self.reader.finish()
            }
        };
        parsed.map(|parsed| match parsed {
            Ok(statement) => Next::Step(Box::new(statement.into())),
            Err(error) => Next::Wrong(error),
        })
    }
}

fn read_lines(
    input: impl Read,
    sender: SyncSender<io::Result<Vec<u8>>>,
    session: &OnceLock<Arc<Session>>,
) {
    let mut input = BufReader::new(input);
    loop {
        let mut line = Vec::new();
        let read = match input.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => {
                let whole = line.strip_suffix(b"\n").unwrap_or(&line);
                Ok(whole.strip_suffix(b"\r").unwrap_or(whole).to_vec())
            }
            Err(error) => Err(error),
        };
        let last = read.is_err();
        // The script ended early and dropped its end of the channel.
        if sender.send(read).is_err() || last {
            break;
        }
        if let Some(session) = session.get() {
            session.backlog().nudge();
        }
    }
    // The receiver sees the end only after the sender is dropped, so drop it
    // before the last nudge.
    drop(sender);
    if let Some(session) = session.get() {
        session.backlog().nudge();
    }
}
