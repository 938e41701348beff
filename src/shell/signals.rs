//! Ctrl-C while no line is read, Ctrl-Z, and the end by TERM, HUP or QUIT.

use super::gate::Gate;
use super::job::Job;
use super::terminal::Terminal;
use crate::session::Session;
use crate::settings::starter::heeded;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the server has for its goodbye.
const GOODBYE: Duration = Duration::from_millis(800);

/// How long the server has to stop its events before we are stopped.
const PAUSING: Duration = Duration::from_millis(200);

const SIGNALS: [i32; 6] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT];

/// What the signal thread must know.
#[derive(Default)]
pub(super) struct Signalled {
    session: Mutex<Option<Arc<Session>>>,
    /// Main works on what was typed.
    busy: AtomicBool,
    interrupted: AtomicBool,
}

impl Signalled {
    /// The session to end.
    pub fn set_session(&self, session: Option<Arc<Session>>) {
        *self.session() = session;
    }

    /// From here on Ctrl-C is for what main does.
    pub fn begin(&self) {
        self.interrupted.store(false, Ordering::Release);
        if let Some(session) = self.session().as_ref() {
            // One that found nobody waiting must not break off the next call.
            session.backlog().forget_interrupt();
        }
        self.busy.store(true, Ordering::Release);
    }

    /// From here on Ctrl-C is for the line.
    pub fn end(&self) {
        self.busy.store(false, Ordering::Release);
    }

    /// From here on it is for what main does again.
    pub fn go_on(&self) {
        self.busy.store(true, Ordering::Release);
    }

    /// Was Ctrl-C pressed since [`Signalled::begin`]?
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Acquire)
    }

    fn interrupt(&self) {
        // Between two lines nobody waits; the next call would be broken off.
        if self.busy.load(Ordering::Acquire) {
            self.interrupted.store(true, Ordering::Release);
            if let Some(session) = self.session().as_ref() {
                session.backlog().interrupt();
            }
        }
    }

    fn session(&self) -> MutexGuard<'_, Option<Arc<Session>>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts to listen.
pub(super) fn start(
    signalled: Arc<Signalled>,
    gate: Arc<Gate>,
    terminal: Arc<Terminal>,
    job: Arc<Job>,
) -> std::io::Result<()> {
    let mut signals = Signals::new(heeded(&SIGNALS))?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for signal in signals.forever() {
                match signal {
                    SIGINT => signalled.interrupt(),
                    SIGTSTP => {
                        if let Some(session) = signalled.session().clone() {
                            within(PAUSING, move || session.pause(PAUSING));
                        }
                        job.stop(&terminal);
                    }
                    SIGCONT => job.go_on(&terminal, signalled.session().clone()),
                    _ => {
                        // That the server closes now is no news.
                        gate.end();
                        leave(signal, &signalled, &terminal)
                    }
                }
            }
        })?;
    Ok(())
}

/// Logs off and ends the process. History is on disk already, and main may be
/// stuck in a read that nothing wakes.
fn leave(signal: i32, signalled: &Signalled, terminal: &Terminal) -> ! {
    if let Some(session) = signalled.session().take() {
        within(GOODBYE, move || drop(session.close()));
    }
    terminal.restore_from_line();
    std::process::exit(128 + signal)
}

/// Does `work`, or gives up on it: a socket that takes nothing more must not
/// keep the process alive.
fn within(limit: Duration, work: impl FnOnce() + Send + 'static) {
    let (done, said) = channel();
    let work = move || {
        work();
        // Nobody listens when it took too long.
        let _ = done.send(());
    };
    if std::thread::Builder::new().spawn(work).is_ok() {
        let _ = said.recv_timeout(limit);
    }
}
