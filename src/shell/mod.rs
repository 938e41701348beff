//! The shell: reads a line, runs it and shows the result, with events shown
//! above the line.
//!
//! Main reads lines, runs them and shows everything. The pump rings when
//! something arrives while the prompt is up, the background thread asks what
//! the server can do, the signal thread handles Ctrl-C, TERM and HUP. The gate
//! decides who may take arrivals.

mod background;
mod block;
mod cli;
mod complete;
mod confirm;
mod connecting;
mod controls;
mod display;
mod edit;
mod editor;
mod face;
mod feed;
mod gate;
mod helper;
pub mod highlight;
pub mod hint;
mod history;
mod job;
mod keybindings;
mod keyboard;
mod keystrokes;
mod last_words;
mod line_ends;
mod listed;
mod local;
mod many;
mod member;
mod pager;
mod plain;
mod pump;
mod repl;
mod reserved;
mod signals;
mod terminal;

pub use confirm::{consent, doubt};
pub use many::{Several, run_several};
pub use reserved::Reserved;

use crate::ami::banner::ASTERISK;
use crate::engine::{Flow, Rules, Transcript};
use crate::error::Error;
use crate::exit_code::Code;
use crate::language::Color;
use crate::output::Printer;
use crate::peer_text::visible;
use crate::session::{Classes, Session};
use crate::settings::{Destination, Settings, When};
use block::Block;
use display::Display;
use editor::LineEditor;
use gate::Gate;
use helper::Typing;
use job::Job;
use many::Many;
use member::Member;
use pump::Pumps;
use signals::Signalled;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use terminal::{Borrowed, Terminal};

/// How long the greeting waits for the version of the server.
const PRODUCT: Duration = Duration::from_millis(250);

/// What to begin with on the built-in PBX, where there is nothing to do.
const FIRST_STEPS: [&str; 3] = [
    "try  QueueStatus support   who waits there, and who takes the calls",
    "     /events call          calls as they come and go; /events off ends it",
    "     /calls                who talks to whom; /follow and Tab shows one of them",
];

/// SIGHUP, sent when the terminal is gone.
const HANGUP: u8 = 1;

/// Opens a session with another server, on any thread; may prompt on the
/// terminal.
pub type Connect = Arc<dyn Fn(&Destination) -> Result<Arc<Session>, Error> + Send + Sync>;

/// Everything the shell starts with.
pub struct Context<'a> {
    /// The settings of this run.
    pub settings: &'a Settings,
    /// What may be sent, and how answers count.
    pub rules: Rules,
    /// The initial form and colours.
    pub printer: Printer,
    /// For `/connect`.
    pub connect: Connect,
    /// Problems elsewhere, such as in the trace, to be reported at the next
    /// prompt.
    pub notes: &'a Receiver<String>,
    /// Event classes shown from the start.
    pub events: Classes,
}

/// Runs the shell over `session`, on standard input, which must be a terminal,
/// and standard output. Returns the exit code.
///
/// # Errors
/// The terminal cannot be used.
pub fn run(session: Arc<Session>, context: Context<'_>) -> std::io::Result<Code> {
    let cache = context.settings.cache.clone();
    let transcript = transcript(context.settings, &context.printer);
    let lead = Member::alone(session, transcript, cache)?;
    carry_on(vec![lead.clone()], lead, None, None, context)
}

fn carry_on(
    members: Vec<Arc<Member>>,
    lead: Arc<Member>,
    many: Option<Many>,
    reserved: Option<Reserved>,
    context: Context<'_>,
) -> std::io::Result<Code> {
    let terminal = Arc::new(Terminal::save());
    let _borrowed = Borrowed(terminal.clone());
    hear_panics(terminal.clone());
    let gate = Arc::new(Gate::new(members, lead));
    let mut shell = Shell::start(gate, many, context, terminal, reserved)?;
    shell.greet();
    if shell.begin() == Flow::Go {
        shell.repl();
    }
    Ok(shell.leave())
}

/// Restores the terminal before the message of a panicking thread is written.
/// Not for main, which may catch its own panic, or else unwinds.
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

struct Shell<'a> {
    context: Context<'a>,
    /// The PBX that lines are about.
    lead: Arc<Member>,
    /// The rules of the current session.
    rules: Rules,
    /// Confirm dangerous Actions.
    asks: bool,
    /// Each line is a command of the Asterisk CLI.
    in_cli: bool,
    /// Running a script, so nothing is confirmed.
    in_script: bool,
    /// The lines that `/watch` redraws.
    block: Option<Block>,
    display: Arc<Display>,
    gate: Arc<Gate>,
    /// Several PBXs.
    many: Option<Many>,
    pumps: Arc<Pumps>,
    signalled: Arc<Signalled>,
    terminal: Arc<Terminal>,
    job: Arc<Job>,
    line: LineEditor,
}

impl<'a> Shell<'a> {
    fn start(
        gate: Arc<Gate>,
        many: Option<Many>,
        context: Context<'a>,
        terminal: Arc<Terminal>,
        reserved: Option<Reserved>,
    ) -> std::io::Result<Shell<'a>> {
        let settings = context.settings;
        let signalled = Arc::new(Signalled::new(gate.clone()));
        let job = Arc::new(Job::default());
        signals::start(signalled.clone(), terminal.clone(), job.clone())?;
        let erase = match settings.environment.dumb {
            true => "\n",
            false => "\r\x1b[K",
        };
        let display = Arc::new(Display::new(gate.clone(), erase));
        let profiles = complete::profiles(&settings.config);
        let roster = many.as_ref().map(|many| many.roster().clone());
        let typing = Typing::new(gate.clone(), display.clone(), profiles, roster);
        drop(reserved);
        let made = LineEditor::new(
            typing,
            gate.clone(),
            terminal.clone(),
            job.clone(),
            &settings.config.habits,
            settings.environment.dumb,
        );
        let (line, bell) = made.map_err(std::io::Error::other)?;
        let pumps = Arc::new(Pumps::new(gate.clone(), display.clone(), bell));
        for member in gate.members() {
            pumps.start(&member)?;
        }
        let mut shell = Shell {
            lead: gate.lead(),
            rules: context.rules,
            context,
            asks: settings.destination.confirm,
            in_cli: false,
            in_script: false,
            block: None,
            display,
            gate,
            many,
            pumps,
            signalled,
            terminal,
            job,
            line,
        };
        match shell.many {
            None => shell.attend(),
            Some(_) => shell.attend_to_many(),
        }
        if let Some(path) = settings.history.clone() {
            shell.keep_history(path);
        }
        Ok(shell)
    }

    /// Keeps the history of amish in the file `path`, and that of the Asterisk
    /// CLI beside it.
    fn keep_history(&mut self, path: PathBuf) {
        let beside = cli::history_beside(&path);
        let kept = self.line.keep_history(path);
        self.line.change_history();
        let kept = kept.and(self.line.keep_history(beside));
        self.line.change_history();
        if let Err(why) = kept {
            self.no_history(&why);
        }
    }

    /// Points all parts of the shell to the current session.
    fn attend(&self) {
        self.gate.replace(self.lead.clone());
        let target = self.lead.session.target();
        let ended = self.lead.transcript.lock().begin(target);
        ended.iter().for_each(|words| self.say(words));
        self.lead.worker.forget();
        self.ask_again();
    }

    /// A new link may lead to a server that can do other things.
    fn ask_again(&self) {
        let Member {
            session, worker, ..
        } = &*self.lead;
        if session.is_logged_in() {
            worker.study_once(session);
        }
        if let Some(words) = worker.notice() {
            self.say(&words);
        }
    }

    fn greet(&self) {
        if let Some(many) = &self.many {
            return self.greet_many(many);
        }
        if self.context.settings.quiet {
            return;
        }
        let known = self.lead.worker.product(Instant::now() + PRODUCT);
        let product = known.unwrap_or_else(|| unknown_product(&self.lead.session.banner()));
        let place = self.place();
        let who = match self.lead.session.user() {
            Some(_) => format!("{place}; type help"),
            None => format!("{place}; not logged in: type Action: Login, as on telnet"),
        };
        self.say(&format!("{product}, {who}"));
        if self.lead.session.built_in().is_some() {
            FIRST_STEPS.iter().for_each(|line| self.say(line));
        }
    }

    /// Runs the profile's `init` lines. A failing line must not keep the user
    /// from working.
    fn begin(&mut self) -> Flow {
        let events = self.context.events;
        if events != Classes::NONE
            && self.lead.session.is_logged_in()
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
        Flow::Go
    }

    /// Reports that the history is not kept beyond this shell.
    fn no_history(&self, why: &std::io::Error) {
        let path = self.context.settings.history.as_deref();
        let path = path.unwrap_or_else(|| Path::new("")).display();
        self.say(&format!("history is not saved: {path}: {why}"));
    }

    /// Was Ctrl-C pressed since the line was entered?
    fn stop(&self) -> impl Fn() -> bool {
        let signalled = self.signalled.clone();
        move || signalled.is_interrupted()
    }

    /// Shows a message of amish's own.
    fn say(&self, text: &str) {
        self.display.say(text);
    }

    fn leave(self) -> Code {
        self.terminal.restore();
        let members = self.gate.members();
        members.iter().for_each(|member| member.worker.end());
        match &members[..] {
            [only] => drop(only.session.close()),
            _ => signals::close(self.gate.sessions()),
        }
        for member in &members {
            let ended = member.transcript.lock().end_background();
            let words = ended.iter().map(|words| member.about(words));
            words.for_each(|words| self.say(&words));
        }
        // Only now a pending print above the line returns.
        drop(self.line);
        self.pumps.end();
        // The user did not choose to leave. The signal saying so may still be
        // on its way, or be ignored.
        let code = match self.terminal.is_there() {
            true => Code::Ok,
            false => Code::Signal(HANGUP),
        };
        members
            .iter()
            .fold(code, |code, one| one.transcript.lock().settle_code(code))
    }
}

/// What stands for the product while its version is unknown: the banner has the
/// version of the protocol, which reads like one of Asterisk.
fn unknown_product(banner: &[u8]) -> String {
    let banner = visible::text(banner.trim_ascii_end());
    match banner.strip_prefix(ASTERISK) {
        Some(version) => format!("Asterisk (AMI {})", version.trim_end()),
        None => banner.trim_end().to_owned(),
    }
}

/// No code under a lock of the shell leaves what it guards half changed, so
/// poisoning is harmless.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn transcript(settings: &Settings, printer: &Printer) -> Transcript {
    let mut transcript = Transcript::new(printer.clone());
    transcript.is_read_along = true;
    transcript.filter = settings.filter.clone();
    let is_shown = printer.look.terminal;
    transcript.pager = settings.pager && is_shown && !settings.environment.dumb;
    transcript.takes_color = settings.environment.colors(is_shown);
    transcript.color = match settings.color {
        When::Auto => Color::Auto,
        When::Always => Color::Always,
        When::Never => Color::Never,
    };
    transcript
}
