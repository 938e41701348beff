//! One statement carried out, and what came of it shown.

use super::builtin::{self, doctor, help};
use super::cli::CONSOLE;
use super::screen::Last;
use super::{Flow, Shell};
use crate::ami::{Action, Status};
use crate::catalog::Catalog;
use crate::language::{ActionLine, Command, Doubt, Fault, Statement, Then, check};
use crate::output::{Asked, words};
use crate::perform::cli::is_of_console;
use crate::perform::standing::Standing;
use crate::perform::{self, Code, Manner, Meanwhile, Outcome, perform};
use crate::session::{self, Arrival, Arrived, Wake};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a server has to close after its goodbye.
const CLOSING: Duration = Duration::from_millis(200);

impl Shell<'_> {
    pub(super) fn statement(&mut self, statement: Statement) -> Flow {
        let done = match statement.then {
            Then::Show => self.command(statement.command),
            Then::Pipe(local) => self.piped(statement.command, &local),
            Then::Behind(line) => self.behind(&statement.command, line),
        };
        done.unwrap_or_else(|words| {
            self.say(&words);
            Flow::Stop
        })
    }

    pub(super) fn command(&mut self, command: Command) -> Result<Flow, String> {
        if let Some((action, manner, asked)) = self.intended(&command)? {
            return self.act(action, manner, asked);
        }
        match command {
            // Intended, above.
            Command::Action(_) | Command::Raw(_) | Command::Cli(_) => Ok(Flow::Stop),
            Command::Help(topic) => {
                let text = self.help(&topic)?;
                self.page(&text);
                Ok(Flow::On)
            }
            Command::Quit => Ok(Flow::Leave),
            Command::Filter(filter) => {
                self.filter(filter);
                Ok(Flow::On)
            }
            Command::Last(last) => {
                self.last(&last);
                Ok(Flow::On)
            }
            Command::Builtin { name, arguments } => self.builtin(&name, &arguments),
            Command::Local(text) => self.local(&text),
            Command::Echo(text) => {
                let mut out = Vec::new();
                self.screen.change(|printer| printer.echo(&mut out, &text));
                self.screen.show(&out);
                Ok(Flow::On)
            }
            Command::Sleep(time) => Ok(self.rest(time, |_| false)),
            Command::Set { .. } | Command::Expect(_) | Command::Fail(_) => {
                Err("set, expect and fail are for scripts: amish TARGET -f FILE".to_owned())
            }
        }
    }

    /// The Action that `command` asks for, where it asks for one and there is
    /// a link. A person who can answer was asked where that is due.
    pub(super) fn intended(
        &mut self,
        command: &Command,
    ) -> Result<Option<(Action, Manner, Asked)>, String> {
        let intended = match command {
            Command::Action(line) => {
                self.connected()?;
                let checked = self.checked(line).inspect_err(|fault| {
                    if let Fault::NotListed { name, .. } = fault {
                        self.refused = Some(name.clone());
                    }
                });
                let (catalog, doubt) = checked.map_err(|fault| explained(&fault))?;
                if let Some(doubt) = doubt {
                    self.say(&doubt.to_string());
                }
                let action = line.action(&catalog).map_err(|fault| fault.to_string())?;
                (action, Manner::Line, Asked::Action)
            }
            Command::Raw(action) => (action.clone(), Manner::Raw, Asked::Action),
            Command::Cli(text) => {
                let action = Action::cli(text).map_err(|e| e.to_string())?;
                (action, Manner::Line, Asked::Cli)
            }
            _ => return Ok(None),
        };
        self.connected()?;
        self.consent(&intended.0)?;
        Ok(Some(intended))
    }

    /// Checks `line` against what this server can do. Before it is refused the
    /// server is asked anew: since it was asked last it may have loaded a
    /// module, or have booted to the end.
    fn checked(&self, line: &ActionLine) -> Result<(Arc<Catalog>, Option<Doubt>), Fault> {
        let catalog = self.librarian.catalog();
        if self.rules.no_check {
            return Ok((catalog, None));
        }
        match check(line, &catalog) {
            Err(Fault::Unknown { .. } | Fault::NotListed { .. }) => {
                let catalog = self.librarian.renewed(&self.session);
                check(line, &catalog).map(|doubt| (catalog, doubt))
            }
            checked => checked.map(|doubt| (catalog, doubt)),
        }
    }

    pub(super) fn connected(&self) -> Result<(), String> {
        match self.session.is_open() {
            true => Ok(()),
            false => Err(self.not_connected()),
        }
    }

    fn not_connected(&self) -> String {
        match self.session.is_returning() {
            true => "not connected, and trying: nothing was sent; /reconnect tries at once",
            false => "not connected: nothing was sent; /reconnect, /connect TARGET or quit",
        }
        .to_owned()
    }

    pub(super) fn not_sent(&self, error: &perform::Error) -> String {
        match error {
            perform::Error::Session(session::Error::NotConnected) => self.not_connected(),
            error => error.to_string(),
        }
    }

    fn act(&mut self, action: Action, manner: Manner, asked: Asked) -> Result<Flow, String> {
        let command = action.get("Command").unwrap_or_default();
        let of_console = asked == Asked::Cli && is_of_console(command) && !self.in_script;
        let login = action.is("Login");
        let name = action.name();
        let mut aside = |what| match what {
            Meanwhile::Arrived(arrived) => self.aside(arrived),
            Meanwhile::Told(words) => self.say(&words),
        };
        let rules = self.rules;
        let began = Instant::now();
        let done = perform(&self.session, rules, action, manner, &mut aside);
        let outcome = done.map_err(|error| self.not_sent(&error))?;
        let took = began.elapsed();
        if outcome.is_denied() {
            self.refused = Some(name);
        }
        if login && outcome.code == Code::Ok {
            self.librarian.ask(self.session.clone());
        }
        let flow = self.show(&outcome, asked);
        if of_console {
            self.say(CONSOLE);
        }
        if self.values.timing {
            self.say(&words::took(took));
        }
        if let perform::Ending::Reply(reply) = outcome.ending {
            *self.screen.last() = Some(Last::Reply(reply));
        }
        Ok(flow)
    }

    /// What came while main waits and is not what it waits for.
    pub(super) fn aside(&self, arrived: Arrived) {
        let text = self.screen.text(&self.session, arrived);
        if !text.is_empty() {
            self.screen.show(text.as_bytes());
        }
    }

    /// Waits for `time`, or until what is `enough` has come.
    pub(super) fn rest(&self, time: Duration, enough: impl Fn(&Arrival) -> bool) -> Flow {
        let until = Instant::now() + time;
        loop {
            match self.session.next(Some(until)) {
                Wake::Arrived(arrived) => {
                    let is_enough = enough(&arrived.what);
                    self.aside(arrived);
                    if is_enough {
                        return Flow::On;
                    }
                }
                Wake::Nudged => {}
                Wake::Timeout => return Flow::On,
                Wake::Interrupted => return Flow::Stop,
            }
        }
    }

    fn show(&self, outcome: &Outcome, asked: Asked) -> Flow {
        let mut flow = match outcome.code {
            Code::Ok => Flow::On,
            _ => Flow::Stop,
        };
        if let Some(reply) = outcome.ending.reply() {
            let (text, notes) = match self.is_held() {
                true => self.held_reply(outcome.time, reply, asked),
                false => self.screen.reply(outcome.time, reply, asked),
            };
            self.page(&text);
            notes.iter().for_each(|note| self.say(note));
            if reply.status() == Status::Goodbye {
                // The server closes now, and the next prompt should say so.
                self.rest(CLOSING, |what| matches!(what, Arrival::Ended(..)));
                flow = Flow::Stop;
            }
        }
        if let Some(note) = &outcome.note {
            self.say(note);
        }
        flow
    }

    fn builtin(&mut self, name: &str, arguments: &[String]) -> Result<Flow, String> {
        match (name, arguments) {
            ("events", words) => self.events(words)?,
            ("history", []) => {
                let entries = self.line.entries().enumerate();
                let text: String = entries
                    .map(|(i, entry)| {
                        format!("{:5}  {}\n", i + 1, entry.replace('\n', "\n       "))
                    })
                    .collect();
                self.page(text.as_bytes());
            }
            ("set", []) => self.page(self.values.list().as_bytes()),
            ("set", [option, value]) => {
                self.values.set(option, value)?;
                self.session.set_patience(self.values.timeout);
                self.show_as_set();
            }
            ("cli", []) => self.turn_cli(),
            ("calls", []) => self.calls()?,
            ("edit", []) => return self.edit_last(),
            ("follow", [channel]) => return self.follow(channel),
            ("connect", [target]) => self.connect(target)?,
            ("top", []) => return self.top(),
            ("doctor", words @ ([] | [_])) => self.doctor(words),
            ("doctor", words @ [event, _]) if event == "event" => self.doctor(words),
            ("whoami", []) => {
                let standing = self.standing();
                let look = self.printer().look;
                self.page(&doctor::whoami(&standing, &look));
            }
            ("reconnect", []) => self.reconnect()?,
            ("x", []) => self.vertical()?,
            ("timing", []) => self.timing(None)?,
            ("timing", [word]) => self.timing(Some(word))?,
            ("watch", [seconds, line]) => return self.repeat(seconds, line),
            ("save", [file]) => self.save(file)?,
            ("source", [file]) => return self.source(file),
            ("quit" | "exit", []) => return Ok(Flow::Leave),
            (name, _) => {
                let known = super::builtin::ALL.iter().find(|one| one.name == name);
                return Err(match known {
                    Some(one) => format!("write /{} {}", one.name, one.takes),
                    None => help::unknown(name),
                });
            }
        }
        Ok(Flow::On)
    }

    fn doctor(&self, words: &[String]) {
        let standing = self.standing();
        let look = self.printer().look;
        let text = doctor::doctor(&standing, words, self.refused.as_deref(), &look);
        self.page(&text);
    }

    fn standing(&self) -> Standing {
        Standing::of(&self.session, &mut |arrived| self.aside(arrived))
    }

    /// Another session; the one of now stays when there is none to be had.
    fn connect(&mut self, word: &str) -> Result<(), String> {
        let destination = self.context.settings.elsewhere(word);
        let destination = destination.map_err(|error| error.to_string())?;
        // Only the question for a user needs the modes that show what is typed.
        // What is typed ahead otherwise waits whole for the next prompt.
        if destination.user.is_none() {
            self.terminal.restore();
        }
        let connected = (self.context.connect)(&destination);
        self.terminal.set_quiet();
        let session = connected?;
        session.set_patience(self.values.timeout);
        let last = self.screen.news(&self.session);
        self.screen.show(last.as_bytes());
        let old = std::mem::replace(&mut self.session, session);
        self.rules.read_only = destination.read_only;
        self.asks = destination.confirm;
        self.attend();
        old.close();
        self.greet();
        Ok(())
    }

    /// Another link for this session; the one of now ends.
    fn reconnect(&mut self) -> Result<(), String> {
        let before = self.session.generation();
        self.session.reconnect();
        while self.session.generation() == before {
            match self.session.next(None) {
                Wake::Arrived(arrived) => {
                    let failed = matches!(arrived.what, Arrival::StillDown(..));
                    self.aside(arrived);
                    if failed {
                        break;
                    }
                }
                Wake::Interrupted => return Err("stopped waiting; it is tried on".to_owned()),
                Wake::Nudged | Wake::Timeout => {}
            }
        }
        Ok(())
    }
}

/// `fault` in words; who forgot the slash is told so.
fn explained(fault: &Fault) -> String {
    let typed = match fault {
        Fault::Unknown { name, .. } => name,
        _ => return fault.to_string(),
    };
    let mut own = builtin::ALL.iter().map(|one| one.name);
    match own.find(|name| name.eq_ignore_ascii_case(typed)) {
        Some(name) => format!("{name} is a command of amish: type /{name}"),
        None => fault.to_string(),
    }
}
