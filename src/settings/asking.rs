//! While a person or a program is asked for the secret, before there is a
//! session: a signal then gives the terminal back with its echo, and ends the
//! program.

use super::starter::heeded;
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const SIGNALS: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// Lasts until it is dropped.
pub struct Asking {
    handle: Handle,
    marks: Vec<SigId>,
    /// A signal has come; set before whoever raised it goes on.
    ending: Arc<AtomicBool>,
}

impl Asking {
    /// From here on INT, TERM, HUP and QUIT restore the terminal as it is now and
    /// end the process.
    ///
    /// # Errors
    /// The system gives no handler or no thread.
    pub fn begin() -> std::io::Result<Asking> {
        let ends = heeded(&SIGNALS);
        let mut signals = Signals::new(&ends)?;
        let handle = signals.handle();
        let terminal = terminal();
        std::thread::Builder::new()
            .name("asking".into())
            .spawn(move || {
                if let Some(signal) = signals.forever().next() {
                    super::command::end();
                    restore(terminal);
                    std::process::exit(128 + signal);
                }
            })?;
        let ending = Arc::new(AtomicBool::new(false));
        let mut marks = Vec::new();
        for signal in ends {
            marks.push(signal_hook::flag::register(signal, ending.clone())?);
        }
        Ok(Asking {
            handle,
            marks,
            ending,
        })
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        // The question has failed because of the signal: what to say and how
        // to end is not the asker's to decide.
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
    let mut options = File::options();
    let terminal = options.read(true).write(true).open("/dev/tty").ok()?;
    let found = tcgetattr(&terminal).ok()?;
    Some((terminal, found))
}

fn restore(terminal: Option<(File, Termios)>) {
    if let Some((mut terminal, found)) = terminal {
        // After a hangup there is nothing to restore.
        let _ = tcsetattr(&terminal, SetArg::TCSANOW, &found);
        let _ = terminal.write_all(b"\n");
    }
}
