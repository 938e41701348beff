//! The shell: a line is read, performed and shown, while events pass by above.
//!
//! Main reads lines, performs them and shows everything. The pump rings when
//! something arrives while the prompt is up, the librarian asks what the server can do, the signal thread
//! hears Ctrl-C, TERM and HUP. The gate says who may take arrivals.

mod act;
mod asker;
mod behind;
mod builtin;
mod cli;
mod complete;
mod confirm;
mod edit;
mod gate;
mod helper;
pub mod highlight;
pub mod hint;
mod history;
mod job;
mod librarian;
mod line;
mod local;
mod pager;
mod pump;
mod screen;
mod serve;
mod signals;
mod source;
mod terminal;
mod wish;

pub use confirm::consent;

use crate::output::Printer;
use crate::perform::{Code, Rules};
use crate::session::{Classes, Session};
use crate::settings::{Destination, Settings};
use asker::Asker;
use builtin::set::{self, Values};
use gate::Gate;
use helper::Typing;
use job::Job;
use librarian::Librarian;
use line::Line;
use pump::Pump;
use screen::Screen;
use signals::Signalled;
use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use terminal::{Borrowed, Terminal};

/// The signal of a terminal that has gone.
const HANGUP: u8 = 1;

/// Makes a session with another server; it may ask on the terminal. The error
/// is words for the user.
pub type Connect<'a> = &'a dyn Fn(&Destination) -> Result<Arc<Session>, String>;

/// What the shell needs to know.
pub struct Context<'a> {
    /// As meant.
    pub settings: &'a Settings,
    /// What may be sent, and how an answer counts.
    pub rules: Rules,
    /// The form and the colours to begin with.
    pub printer: Printer,
    /// For `/connect`.
    pub connect: Connect<'a>,
    /// What went wrong beside it all, to be said at the next prompt.
    pub notes: &'a Receiver<String>,
    /// To be shown from the start on.
    pub events: Classes,
}

/// Runs the shell over `session`, on standard input and output, which are a
/// terminal.
///
/// # Errors
/// The terminal's: it cannot be used.
pub fn run(session: Arc<Session>, context: Context<'_>) -> std::io::Result<Code> {
    let terminal = Arc::new(Terminal::save());
    let _borrowed = Borrowed(terminal.clone());
    hear_panics(terminal.clone());
    let (mut shell, pump) = Shell::start(session, context, terminal)?;
    shell.greet();
    if shell.begin() == Flow::On {
        shell.serve();
    }
    Ok(shell.leave(pump))
}

/// A thread that panics has the terminal given back before its last words are
/// written. Main may yet catch its own panic, and else unwinds.
fn hear_panics(terminal: Arc<Terminal>) {
    let main = std::thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() != main {
            terminal.restore_from_line();
        }
        report(panic);
    }));
}

/// Whether there is another line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    /// Not the rest of what was typed at once.
    Stop,
    Leave,
}

struct Shell<'a> {
    context: Context<'a>,
    session: Arc<Session>,
    /// Of the session of now.
    rules: Rules,
    /// Dangerous Actions are asked about.
    asks: bool,
    /// Each line is a command of the Asterisk CLI.
    in_cli: bool,
    /// What was asked for, where a command reads it.
    held: RefCell<Option<Vec<u8>>>,
    /// What is run is not typed: nothing is asked.
    in_script: bool,
    values: Values,
    screen: Arc<Screen>,
    gate: Arc<Gate>,
    librarian: Arc<Librarian>,
    asker: Arc<Asker>,
    signalled: Arc<Signalled>,
    terminal: Arc<Terminal>,
    line: Line,
    /// The last Action that a class was missing for.
    refused: Option<String>,
    /// Of the link that the librarian asked last.
    generation: u64,
}

impl<'a> Shell<'a> {
    fn start(
        session: Arc<Session>,
        context: Context<'a>,
        terminal: Arc<Terminal>,
    ) -> std::io::Result<(Shell<'a>, Pump)> {
        let signalled = Arc::new(Signalled::default());
        let gate = Arc::new(Gate::default());
        let job = Arc::new(Job::default());
        signals::start(
            signalled.clone(),
            gate.clone(),
            terminal.clone(),
            job.clone(),
        )?;
        let librarian = Librarian::start(context.settings.cache.clone())?;
        let asker = Asker::start()?;
        let screen = Arc::new(Screen::new(context.printer.clone()));
        let profiles = complete::profiles(&context.settings.config);
        let typing = Typing::new(
            gate.clone(),
            librarian.clone(),
            asker.clone(),
            screen.clone(),
            profiles,
        );
        let habits = &context.settings.config.habits;
        let made = Line::new(typing, gate.clone(), terminal.clone(), job, habits);
        let (line, bell) = made.map_err(std::io::Error::other)?;
        let pump = Pump::start(gate.clone(), screen.clone(), bell)?;
        let settings = context.settings;
        let values = Values {
            printer: context.printer.clone(),
            pager: settings.pager && !settings.environment.dumb,
            timeout: settings.timeout,
            timing: false,
            auto: settings.environment.colors(true),
            color: set::color_word(settings.color),
        };
        let mut shell = Shell {
            session,
            rules: context.rules,
            context,
            asks: settings.destination.confirm,
            in_cli: false,
            held: RefCell::default(),
            in_script: false,
            values,
            screen,
            gate,
            librarian,
            asker,
            signalled,
            terminal,
            line,
            refused: None,
            generation: 0,
        };
        let filter = settings.filter.clone();
        shell.screen.watch().set_filter(filter);
        shell.attend();
        if let Some(path) = settings.history.clone() {
            let beside = cli::history_beside(&path);
            let kept = shell.line.keep_history(path);
            shell.line.change_history();
            let kept = kept.and(shell.line.keep_history(beside));
            shell.line.change_history();
            if let Err(why) = kept {
                shell.no_history(&why);
            }
        }
        Ok((shell, pump))
    }

    /// Everybody turns to the session of now.
    fn attend(&mut self) {
        self.forget_behind();
        self.gate.set_session(self.session.clone());
        self.signalled.set_session(Some(self.session.clone()));
        let target = self.session.target();
        self.values.printer.target = target;
        self.show_as_set();
        self.librarian.forget();
        self.asker.forget();
        self.screen.watch().forget();
        self.refused = None;
        self.generation = 0;
        self.ask_again();
    }

    /// Another link may lead to a server that can do other things.
    fn ask_again(&mut self) {
        let generation = self.session.generation();
        if generation != self.generation && self.session.is_logged_in() {
            self.generation = generation;
            self.asker.forget();
            self.librarian.ask(self.session.clone());
        }
    }

    fn show_as_set(&self) {
        let set = &self.values.printer;
        self.screen.change(|printer| printer.show_as(set));
    }

    fn greet(&self) {
        if self.context.settings.quiet {
            return;
        }
        let banner = String::from_utf8_lossy(&self.session.banner()).into_owned();
        let place = self.place();
        let who = match self.session.user() {
            Some(_) => format!("{place}; type help"),
            None => format!("{place}; not logged in: type Action: Login, as on telnet"),
        };
        self.say(&format!("{}, {who}", banner.trim_end()));
    }

    /// What the profile wants at the start. A line that fails keeps nobody
    /// from working.
    fn begin(&mut self) -> Flow {
        let events = self.context.events;
        if events != Classes::NONE
            && self.session.is_logged_in()
            && let Err(why) = self.show_events(events)
        {
            self.say(&why);
        }
        let settings = self.context.settings;
        for line in &settings.init {
            self.signalled.begin();
            self.in_script = true;
            let flow = self.typed(line);
            self.in_script = false;
            self.signalled.end();
            if flow == Flow::Leave {
                return Flow::Leave;
            }
        }
        Flow::On
    }

    /// What is typed is remembered until the end of this shell, and no longer.
    fn no_history(&self, why: &std::io::Error) {
        let path = self.context.settings.history.as_deref();
        let path = path.unwrap_or_else(|| Path::new("")).display();
        self.say(&format!("no history beyond this shell: {path}: {why}"));
    }

    /// A line that is not from the server.
    fn say(&self, text: &str) {
        self.screen.say(text);
    }

    /// Logs off and leaves no thread in the way.
    fn leave(self, pump: Pump) -> Code {
        self.terminal.restore();
        self.librarian.end();
        self.asker.end();
        self.session.close();
        self.forget_behind();
        // A print above the line returns only now.
        drop(self.line);
        pump.end();
        // Nobody chose to leave; the signal that says so may be on its way yet,
        // or be ignored.
        let code = match self.terminal.is_there() {
            true => Code::Ok,
            false => Code::Signal(HANGUP),
        };
        self.screen.settle(code)
    }
}
