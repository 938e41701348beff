//! Where a script's statements come from: read whole beforehand, or line by
//! line from a pipe, so that `tail -f todo | amish pbx` works.

use super::step::{Check, Step};
use crate::language::{Command, Expr, Place, Reader, Statement, SyntaxError, Then, statements};
use crate::output::{Fields, Form};
use crate::perform::Rules;
use crate::perform::watch::Wanted;
use crate::session::{Classes, Session};
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, OnceLock};

/// Lines read ahead of a pipe, at most.
const AHEAD: usize = 256;

/// What a `/word` of a script says.
pub enum Setting {
    /// `/events`: what is sent now.
    Events,
    /// `/events CLASSES`.
    Classes(Classes),
    /// `/events EXPR`.
    Only(Expr),
    /// `/set output FORM`.
    Output(Form),
    /// `/set fields A,B`.
    Fields(Fields),
    /// `/save FILE`, or none.
    Save(Option<String>),
    /// `/timing`: None turns it.
    Timing(Option<bool>),
}

impl Setting {
    /// The `/name` with these words; in its place what is wrong, in words.
    ///
    /// # Errors
    /// It is none, or says nothing that is known.
    pub fn of(name: &str, words: &[String]) -> Result<Setting, String> {
        match (name, words) {
            ("events", []) => Ok(Setting::Events),
            ("events", words) => Ok(match Wanted::of(&words.join(" "))? {
                Wanted::Classes(classes) => Setting::Classes(classes),
                Wanted::Only(expr) => Setting::Only(expr),
            }),
            ("set", [option, form]) if option == "output" => Form::named(form).map(Setting::Output),
            ("set", [option, names]) if option == "fields" => {
                Fields::set(names).map(Setting::Fields)
            }
            ("set", _) => Err("in a script /set takes: output FORM, or fields A,B".to_owned()),
            ("save", [file]) => Ok(Setting::Save((file != "off").then(|| file.clone()))),
            ("save", _) => Err("write /save FILE, or /save off".to_owned()),
            ("timing", []) => Ok(Setting::Timing(None)),
            ("timing", [word]) if word == "on" || word == "off" => {
                Ok(Setting::Timing(Some(word == "on")))
            }
            ("timing", _) => Err("write /timing, /timing on or /timing off".to_owned()),
            _ => Err(format!(
                "/{name} is not for scripts: /events, /filter, /set, /save and /timing are"
            )),
        }
    }
}

/// Statements, in order.
pub enum Source {
    /// Everything is known, and syntax was checked.
    Whole {
        /// In order.
        steps: VecDeque<Step>,
        /// What the script waits for anywhere in it.
        expected: Vec<Expr>,
    },
    /// More may come.
    Pipe(Box<Pipe>),
}

/// What [`Source::poll`] found.
pub enum Next {
    /// The next statement.
    Step(Box<Step>),
    /// A line that is none, or input that cannot be read.
    Wrong(SyntaxError),
    /// The system's words.
    Broken(io::Error),
    /// Nothing yet; the session is nudged when there is.
    NotYet,
    /// No more.
    End,
}

/// A pipe, read by a thread of its own: its lines and the server's arrivals
/// must not wait for each other.
pub struct Pipe {
    lines: Receiver<io::Result<Vec<u8>>>,
    reader: Reader,
    /// What the thread wakes when a line has come. Empty before the session is.
    session: Arc<OnceLock<Arc<Session>>>,
    ended: bool,
    /// Looked at before the session was there.
    first: VecDeque<Next>,
}

impl Source {
    /// Statements of `text`, all of it checked: what cannot be sent at the end
    /// is found before anything of the beginning is.
    ///
    /// # Errors
    /// The first line that is wrong; nothing was sent.
    pub fn whole(text: &[u8], rules: Rules) -> Result<Source, SyntaxError> {
        Source::checked(statements(text, Place::Script), rules)
    }

    /// One Command, from the command line.
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

    /// Statements of a pipe.
    ///
    /// # Errors
    /// The system would not start a thread.
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

    /// The next statement, however long that takes: for whom there is no
    /// session that would be nudged.
    pub fn wait(&mut self) -> Next {
        match (self.poll(), self) {
            (Next::NotYet, Source::Pipe(pipe)) => pipe.wait(),
            (next, _) => next,
        }
    }

    /// Is the first Action a Login or a Challenge, so that the user logs in by
    /// hand? Of a pipe this waits for the first statement.
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

    /// The first Command that sends something: `echo` and `sleep` may stand
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

    /// What the script waits for anywhere in it; None where that is not known.
    pub fn foreseen(&self) -> Option<&[Expr]> {
        match self {
            Source::Whole { expected, .. } => Some(expected),
            Source::Pipe(_) => None,
        }
    }

    /// How many Actions there are; None where that is not known.
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

    /// The session to wake when a line has come.
    pub fn wake(&self, session: &Arc<Session>) {
        if let Source::Pipe(pipe) = self {
            // Set once: one source serves one session.
            let _ = pipe.session.set(session.clone());
        }
    }

    /// The next statement if it is there.
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

    /// One more line, or the end of the input.
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
        // The script ended early: nobody wants the rest.
        if sender.send(read).is_err() || last {
            break;
        }
        if let Some(session) = session.get() {
            session.backlog().nudge();
        }
    }
    // The end is news as well, and it shows only when the sender is gone.
    drop(sender);
    if let Some(session) = session.get() {
        session.backlog().nudge();
    }
}
