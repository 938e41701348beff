//! Ctrl-Z: stops the job until its parent shell continues it.

use super::lock;
use super::terminal::Terminal;
use crate::session::Session;
use crate::settings::starter::can_go_on;
use nix::sys::signal::{Signal, kill, raise};
use nix::unistd::Pid;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// How long the key waits for the stop to take effect. Time spent stopped does
/// not count.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts how often the job was stopped and continued.
#[derive(Default)]
pub(super) struct Job {
    turns: Mutex<u64>,
    changed: Condvar,
}

impl Job {
    /// Stops the process with the terminal as it was found. The server has been
    /// asked to send no events by now.
    pub fn stop(&self, terminal: &Terminal) {
        terminal.lend();
        // SIGSTOP cannot be handled and is raised in this thread: when this
        // returns, the process was stopped and continued.
        let _ = raise(Signal::SIGSTOP);
    }

    /// The job was continued in the foreground.
    pub fn go_on(&self, terminal: &Terminal, sessions: Vec<Arc<Session>>) {
        terminal.take_back();
        *lock(&self.turns) += 1;
        self.changed.notify_all();
        for session in sessions {
            // It takes seconds to notice a dead server, and signals must be
            // handled meanwhile.
            let ask = std::thread::Builder::new().name("resume".into());
            let _ = ask.spawn(move || session.resume());
        }
    }

    /// How often the job was continued.
    pub fn turns(&self) -> u64 {
        *lock(&self.turns)
    }

    /// Stops the whole job, as the terminal itself would, and waits until it is
    /// continued.
    pub fn ask_to_stop(&self) {
        let turns = lock(&self.turns);
        let before = *turns;
        if can_go_on() && kill(Pid::from_raw(0), Signal::SIGTSTP).is_ok() {
            let same = |turns: &mut u64| *turns == before;
            let waited = self.changed.wait_timeout_while(turns, PATIENCE, same);
            drop(waited);
        }
    }
}

/// Ctrl-\, where the terminal is in a mode that raises no signal for it: the
/// signal thread ends amish, or whoever else handles it.
pub(super) fn quit() {
    let _ = raise(Signal::SIGQUIT);
}
