//! `metrics`: opens every PBX, keeps it, and prints what is known once or serves it.

use crate::connect::{self, Entry};
use crate::error::Error;
use crate::exit_code::Code;
use crate::fleet::{Admission, NotTried, OpenSessions, STACK};
use crate::metrics::http::{self, Listening};
use crate::metrics::{Board, Exposition, Keeping, exposition, keep};
use crate::run::signals::{self, Interruptible};
use crate::session::{Backoff, Challenged, Poller, Readiness, ReadyMark, Session};
use crate::settings::{Fleet, Pbx, Settings};
use crate::simulator::Simulator;
use crate::streams::{note, print};
use std::sync::Arc;
use std::thread::Builder;
use std::time::{Duration, Instant};

/// How long a scrape waits for PBXs. Prometheus gives up after 10 s by default.
const BOUND: Duration = Duration::from_secs(2);

/// What the threads share.
struct Export {
    settings: Settings,
    fleet: Fleet,
    board: Board,
    sessions: Arc<OpenSessions>,
    admission: Arc<Admission>,
    challenged: Challenged,
    /// Without it each connection has a thread of its own.
    poller: Option<Arc<Poller>>,
    /// Nobody hears it: each thread waits for its own session.
    readiness: Arc<Readiness>,
    /// It is served, and so the links are kept.
    stays: bool,
    /// What is lost is made anew.
    again: bool,
}

/// Why a PBX is not opened.
enum Failed {
    Untried(NotTried),
    Error(Error),
}

impl Failed {
    fn code(&self) -> Code {
        match self {
            Failed::Untried(_) => Code::Login,
            Failed::Error(error) => error.code(),
        }
    }

    fn is_temporary(&self) -> bool {
        match self {
            Failed::Untried(_) => false,
            Failed::Error(error) => error.is_temporary(),
        }
    }

    fn words(&self) -> String {
        match self {
            Failed::Untried(why) => why.words().to_owned(),
            Failed::Error(error) => error.to_string(),
        }
    }
}

/// Ends the process at any signal: there is nothing to interrupt.
struct Ending(Arc<OpenSessions>);

impl Interruptible for Ending {
    fn interrupt(&self) {}

    fn is_interrupted(&self) -> bool {
        true
    }

    fn leave(&self) {
        self.0.leave();
    }
}

/// Prints the metrics of the PBXs of `fleet`, or serves them at `address`.
///
/// # Errors
/// The address cannot be listened on, or it could not be started.
pub fn run(settings: &Settings, fleet: &Fleet, address: Option<&str>) -> Result<Code, Error> {
    for (is, option) in [
        (settings.dry_run, "--dry-run"),
        (settings.trace.is_some(), "--trace"),
        (settings.no_login, "--no-login"),
    ] {
        if is {
            return Err(Error::Syntax(format!("{option} is not for metrics")));
        }
    }
    // Before anybody is logged in to.
    let listening = address.map(listen).transpose()?;
    let mut fleet = fleet.clone();
    // One alone may find its secret in manager.conf, and asks by itself.
    if fleet.pbxs.len() > 1 {
        fleet.ask()?;
    }
    let sessions: Arc<OpenSessions> = Arc::default();
    let nothing: signals::Parting = Arc::new(|| ());
    let ending = Arc::new(Ending(sessions.clone()));
    let _watch = signals::watch(ending, nothing).map_err(Error::Signals)?;
    let mut shared = settings.clone();
    // It is the exporter that tries again, so that others have a turn.
    shared.reconnect = settings.reconnect.filter(|again| !again);
    shared.buffer = share(settings, &fleet);
    let export = Arc::new(Export {
        settings: shared,
        board: Board::new(fleet.pbxs.iter().map(|pbx| pbx.name.clone())),
        admission: Arc::new(Admission::new(fleet.parallel, settings.keep_going)),
        sessions,
        challenged: Challenged::default(),
        poller: Poller::start().ok(),
        readiness: Arc::default(),
        stays: listening.is_some(),
        again: settings.reconnect.unwrap_or(listening.is_some()),
        fleet,
    });
    for number in 0..export.fleet.pbxs.len() {
        let own = export.clone();
        let builder = Builder::new().name("pbx".into()).stack_size(STACK);
        let thread = builder.spawn(move || own.pbx(number));
        thread.map_err(Error::Thread)?;
    }
    match listening {
        Some((listening, words)) => {
            if !settings.quiet {
                note(&words);
            }
            let source = move |format| export.scraped(format);
            let source: Arc<http::Source> = Arc::new(source);
            listening.serve(&source, &unaccepted)
        }
        None => {
            let all = export.board.fresh(None, false);
            export.sessions.leave();
            let text = exposition(all, Exposition::Prometheus);
            print(text.as_bytes()).map(|code| code.with(export.board.code()))
        }
    }
}

fn unaccepted(why: &std::io::Error) {
    note(&format!(
        "cannot accept connections: {why}; retrying (does ulimit -n allow enough descriptors?)"
    ));
}

/// What waits to be counted is bounded for all of them together.
fn share(settings: &Settings, fleet: &Fleet) -> usize {
    const LEAST: usize = 64 * 1024;
    (settings.buffer / fleet.pbxs.len().max(1)).max(LEAST)
}

/// Listens at `address`; also returns what to say of it.
fn listen(address: &str) -> Result<(Listening, String), Error> {
    let wrong = |why| Error::Listen(address.to_owned(), why);
    let listening = Listening::at(address).map_err(wrong)?;
    let address = listening.address().map_err(wrong)?;
    if !address.ip().to_canonical().is_loopback() {
        note(&format!(
            "warning: anyone who can reach {address} can read the metrics, with the names of PBXs and queues; listen on 127.0.0.1, or let a firewall or a proxy choose who may"
        ));
    }
    let path = http::PATH;
    let words = format!("the metrics are at http://{address}{path}; Ctrl-C ends it");
    Ok((listening, words))
}

impl Export {
    fn scraped(&self, format: Exposition) -> String {
        let until = Instant::now() + BOUND;
        exposition(self.board.fresh(Some(until), true), format)
    }

    /// Keeps one PBX, and connects to it again while that may help.
    fn pbx(&self, number: usize) {
        let Some(pbx) = self.fleet.pbxs.get(number) else {
            return;
        };
        let say = |words: &str| self.say(pbx, words);
        let mut backoff = Backoff::default();
        let mut is_told = false;
        loop {
            match self.open(number, pbx) {
                Ok((_demo, session)) => {
                    self.sessions.add(&session);
                    keep(
                        &Keeping {
                            board: &self.board,
                            number,
                            stays: self.stays,
                            renews: self.again,
                            quiet: self.settings.quiet,
                            say: &say,
                        },
                        &session,
                    );
                    session.close();
                    return;
                }
                Err(failed) => {
                    let is_last = !self.again || !failed.is_temporary();
                    if !is_told || is_last {
                        is_told = true;
                        let more = if is_last { "" } else { "; trying again" };
                        say(&format!("{}{more}", failed.words()));
                    }
                    // Who prints once waits for it.
                    if self.stays || is_last {
                        self.board.down(number, Some(failed.code()));
                    }
                    if is_last {
                        return;
                    }
                    std::thread::sleep(backoff.pause());
                }
            }
        }
    }

    fn open(&self, number: usize, pbx: &Pbx) -> Result<(Option<Simulator>, Arc<Session>), Failed> {
        let place = self.admission.enter(pbx, &self.sessions);
        let place = place.map_err(Failed::Untried)?;
        let entry = Entry {
            other: Some(&pbx.destination),
            kept: self.stays,
            brief: !self.stays,
            challenged: self.challenged.clone(),
            of_many: Some((self.poller.clone(), ReadyMark::new(&self.readiness, number))),
            ..Entry::default()
        };
        let opened = connect::session(&self.settings, &entry);
        place.settle(opened.as_ref().err());
        opened.map_err(Failed::Error)
    }

    fn say(&self, pbx: &Pbx, words: &str) {
        // Not while it ends: its own logoff would be told as a loss.
        if !self.sessions.is_stopping() {
            note(&format!("{}: {words}", pbx.name));
        }
    }
}
