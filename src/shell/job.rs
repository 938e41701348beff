//! Ctrl-Z: the job is stopped, and goes on when whoever started it says so.

use super::terminal::Terminal;
use crate::session::Session;
use crate::settings::starter::can_go_on;
use nix::sys::signal::{Signal, kill, raise};
use nix::unistd::Pid;
use rustyline::{Cmd, ConditionalEventHandler, Event, EventContext, RepeatCount};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long the key waits for what it has begun. While the process is stopped
/// no time passes for anybody to notice.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the job was stopped and went on.
#[derive(Default)]
pub(super) struct Job {
    turns: Mutex<u64>,
    changed: Condvar,
}

impl Job {
    /// Stops, with the terminal as it was found. By now the server sends
    /// nothing that was not asked for.
    pub fn stop(&self, terminal: &Terminal) {
        terminal.lend();
        // The signal that cannot be handled, to this very thread: when the call
        // returns, it was stopped and goes on.
        let _ = raise(Signal::SIGSTOP);
    }

    /// It goes on, in front.
    pub fn go_on(&self, terminal: &Terminal, session: Option<Arc<Session>>) {
        terminal.take_back();
        self.turn();
        if let Some(session) = session {
            // A dead server takes seconds to be found out; signals go on.
            let ask = std::thread::Builder::new().name("resume".into());
            let _ = ask.spawn(move || session.resume());
        }
    }

    fn turn(&self) {
        *self.turns.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.changed.notify_all();
    }

    /// Has everybody of this job stopped, as the terminal would by itself, and
    /// waits until it goes on.
    fn ask_to_stop(&self) {
        let turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *turns;
        if can_go_on() && kill(Pid::from_raw(0), Signal::SIGTSTP).is_ok() {
            let same = |turns: &mut u64| *turns == before;
            let waited = self.changed.wait_timeout_while(turns, PATIENCE, same);
            drop(waited);
        }
    }
}

/// The key that stops the job. The editor's own answer to it expects that
/// nobody handles the signal.
pub(super) struct StopKey(pub Arc<Job>);

impl ConditionalEventHandler for StopKey {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.0.ask_to_stop();
        Some(Cmd::Repaint)
    }
}
