//! Guards the terminal while something is asked without the shell: the secret,
//! or a confirmation. The prompt turns echo off; a signal that ends amish must turn it on
//! again, and kill a running secret command.

use super::starter::heeded;
use crate::files;
use nix::sys::signal::{Signal, raise};
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::{Handle, Signals};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const SIGNALS: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// Handles signals until it is dropped.
pub struct EchoGuard {
    handle: Handle,
    marks: Vec<SigId>,
    /// Set when a signal has come, before the prompt fails because of it.
    ending: Arc<AtomicBool>,
}

impl EchoGuard {
    /// From now on INT, TERM, HUP and QUIT restore the terminal to its present
    /// state, do what is due before `leaving`, and end the process with 128+n,
    /// and TSTP restores it for as long as the process is stopped.
    ///
    /// # Errors
    /// The system cannot install a handler or start a thread.
    pub fn begin(leaving: impl Fn() + Send + 'static) -> std::io::Result<EchoGuard> {
        let ends = heeded(&SIGNALS);
        let mut signals = Signals::new(ends.iter().chain(&heeded(&[SIGTSTP])))?;
        let handle = signals.handle();
        let terminal = terminal();
        std::thread::Builder::new()
            .name("echo guard".into())
            .spawn(move || {
                for signal in signals.forever() {
                    if signal == SIGTSTP {
                        stop(terminal.as_ref());
                        continue;
                    }
                    super::command::end();
                    restore(terminal);
                    leaving();
                    std::process::exit(128 + signal);
                }
            })?;
        let ending = Arc::new(AtomicBool::new(false));
        let mut marks = Vec::new();
        for signal in ends {
            marks.push(signal_hook::flag::register(signal, ending.clone())?);
        }
        Ok(EchoGuard {
            handle,
            marks,
            ending,
        })
    }
}

impl Drop for EchoGuard {
    fn drop(&mut self) {
        // The prompt failed because of the signal, and the thread is about to
        // end the process: nothing may be reported before that.
        while self.ending.load(Ordering::Acquire) {
            std::thread::park();
        }
        for mark in self.marks.drain(..) {
            signal_hook::low_level::unregister(mark);
        }
        self.handle.close();
    }
}

fn terminal() -> Option<(File, Termios)> {
    let terminal = files::terminal().ok()?;
    let found = tcgetattr(&terminal).ok()?;
    Some((terminal, found))
}

/// Stops the process until it is continued.
fn stop(terminal: Option<&(File, Termios)>) {
    let set = |modes: &Termios| {
        if let Some((terminal, _)) = terminal {
            // As in [`restore`].
            let _ = tcsetattr(terminal, SetArg::TCSANOW, modes);
        }
    };
    let asking = terminal.and_then(|(terminal, _)| tcgetattr(terminal).ok());
    if let Some((_, found)) = terminal {
        set(found);
    }
    // When this returns, the process was stopped and continued.
    let _ = raise(Signal::SIGSTOP);
    if let Some(asking) = asking {
        set(&asking);
    }
}

fn restore(terminal: Option<(File, Termios)>) {
    if let Some((mut terminal, found)) = terminal {
        // After a hangup there is nothing to restore.
        let _ = tcsetattr(&terminal, SetArg::TCSANOW, &found);
        let _ = terminal.write_all(b"\n");
    }
}
