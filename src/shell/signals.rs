//! Ctrl-C outside the editor, Ctrl-Z, and leaving by TERM, HUP or QUIT.

use super::gate::Gate;
use super::job::Job;
use super::terminal::Terminal;
use crate::session::Session;
use crate::settings::starter::heeded;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

/// How long the server gets to answer Logoff.
const GOODBYE: Duration = Duration::from_millis(800);

/// How long the server gets to stop its events before this process is stopped.
const PAUSING: Duration = Duration::from_millis(200);

const SIGNALS: [i32; 6] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT];

/// State shared with the signal thread.
pub(super) struct Signalled {
    gate: Arc<Gate>,
    /// Main is running a line.
    busy: AtomicBool,
    interrupted: AtomicBool,
}

impl Signalled {
    /// Ctrl-C is for the sessions behind `gate`.
    pub fn new(gate: Arc<Gate>) -> Signalled {
        Signalled {
            gate,
            busy: AtomicBool::new(false),
            interrupted: AtomicBool::new(false),
        }
    }

    /// From here on Ctrl-C interrupts the line being run.
    pub fn begin(&self) {
        self.interrupted.store(false, Ordering::Release);
        for session in self.gate.sessions() {
            // An earlier Ctrl-C that interrupted nothing must not hit the next
            // wait.
            session.backlog().forget_interrupt();
        }
        self.busy.store(true, Ordering::Release);
    }

    /// From here on Ctrl-C is for the line being typed.
    pub fn end(&self) {
        self.busy.store(false, Ordering::Release);
    }

    /// From here on Ctrl-C interrupts the line being run again.
    pub fn go_on(&self) {
        self.busy.store(true, Ordering::Release);
    }

    /// Was Ctrl-C pressed since [`Signalled::begin`]?
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Acquire)
    }

    /// Ctrl-C: interrupts the line being run.
    pub fn interrupt(&self) {
        self.gate.interrupt();
        // Between lines there is nothing to interrupt; the next wait would be.
        if self.busy.load(Ordering::Acquire) {
            self.interrupted.store(true, Ordering::Release);
            for session in self.gate.sessions() {
                session.backlog().interrupt();
            }
        }
    }
}

pub(super) fn start(
    signalled: Arc<Signalled>,
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
                        for_each(PAUSING, signalled.gate.sessions(), |one| one.pause(PAUSING));
                        job.stop(&terminal);
                    }
                    SIGCONT => job.go_on(&terminal, signalled.gate.sessions()),
                    _ => {
                        // The end of the link is expected now.
                        signalled.gate.end();
                        leave(signal, &signalled.gate, &terminal)
                    }
                }
            }
        })?;
    Ok(())
}

/// Logs off and ends the process. The history is on disk already, and main may
/// be stuck in a read that nothing wakes.
fn leave(signal: i32, gate: &Gate, terminal: &Terminal) -> ! {
    close(gate.sessions());
    terminal.restore_for_good();
    std::process::exit(128 + signal)
}

/// Logs off from `sessions`.
pub(super) fn close(sessions: Vec<Arc<Session>>) {
    for_each(GOODBYE, sessions, |one| drop(one.close()));
}

/// Threads that do something with many sessions at once.
const TOGETHER: usize = 64;

/// Does `work` with each of `sessions`, several at a time, or gives up on it: a
/// blocked socket must not keep the process alive.
fn for_each(limit: Duration, sessions: Vec<Arc<Session>>, work: fn(&Session)) {
    let (done, said) = channel::<()>();
    let share = sessions.len().div_ceil(TOGETHER).max(1);
    for some in sessions.chunks(share).map(<[_]>::to_vec) {
        let done = done.clone();
        let thread = std::thread::Builder::new().spawn(move || {
            some.iter().for_each(|session| work(session));
            drop(done);
        });
        // Without a thread the system closes these.
        drop(thread);
    }
    drop(done);
    // It ends when the last of them is done.
    let _ = said.recv_timeout(limit);
}
