//! Where a script's statements come from: read whole beforehand, or line by
//! line from a pipe, so that `tail -f todo | amish pbx` works.

use crate::catalog::Catalog;
use crate::language::{
    Command, Expr, Fault, Place, Reader, Statement, SyntaxError, Then, Variables, parse,
};
use crate::output::{Fields, Form};
use crate::perform::watch::Wanted;
use crate::perform::{Rules, intended};
use crate::session::{Classes, Session};
use std::borrow::Cow;
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
        statements: VecDeque<Statement>,
        /// What the script waits for anywhere in it.
        expected: Vec<Expr>,
    },
    /// More may come.
    Pipe(Box<Pipe>),
}

/// What [`Source::poll`] found.
pub enum Next {
    /// The next statement.
    Statement(Box<Statement>),
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
        Source::checked(parse(text, Place::Script)?, rules)
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
            words: Vec::new(),
        };
        Source::checked(vec![statement], rules)
    }

    fn checked(statements: Vec<Statement>, rules: Rules) -> Result<Source, SyntaxError> {
        let catalog = Catalog::default();
        let mut known = Variables::default();
        let mut expected = Vec::new();
        for statement in &statements {
            let wrong = |fault| statement.wrong(fault);
            let command = statement.command.with(&known).map_err(wrong)?;
            // What the values make of it shows when they are there.
            let is_final = matches!(command, Cow::Borrowed(_));
            match (&*command, intended(&command, &catalog)) {
                (_, Some(intended)) => {
                    let (action, _) = intended.map_err(wrong)?;
                    let admitted = rules.admit(&action).or_else(|error| match is_final {
                        true => Err(Fault::Words(error.to_string())),
                        false => Ok(()),
                    });
                    admitted.map_err(wrong)?;
                }
                (Command::Builtin { name, arguments }, None) => {
                    let setting = Setting::of(name, arguments);
                    setting.map_err(|words| wrong(Fault::Words(words)))?;
                }
                (Command::Set { name, .. }, None) => known.set(name, Vec::new()),
                (Command::Expect(one), None) => expected.push(one.expr.clone()),
                _ => {}
            }
        }
        Ok(Source::Whole {
            statements: statements.into(),
            expected,
        })
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
            Source::Whole { statements, .. } => {
                let mut commands = statements.iter().map(|statement| &statement.command);
                commands.find(|command| !local(command))
            }
            Source::Pipe(pipe) => loop {
                let next = pipe.wait();
                let go_on = matches!(&next, Next::Statement(one) if local(&one.command));
                pipe.first.push_back(next);
                if !go_on {
                    break match pipe.first.back() {
                        Some(Next::Statement(statement)) => Some(&statement.command),
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
            Source::Whole { statements, .. } => {
                let sent = statements.iter().filter(|one| one.command.sends());
                Some(sent.count())
            }
            Source::Pipe(_) => None,
        }
    }

    /// Does an `expect` come before the next Action?
    pub fn expect_follows(&self) -> bool {
        let Source::Whole { statements, .. } = self else {
            return false;
        };
        let next = statements.iter().find(|one| {
            let command = &one.command;
            matches!(command, Command::Expect(_)) || command.sends()
        });
        next.is_some_and(|next| !next.command.sends())
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
            Source::Whole { statements, .. } => match statements.pop_front() {
                Some(statement) => Next::Statement(Box::new(statement)),
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
            Ok(statement) => Next::Statement(Box::new(statement)),
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
