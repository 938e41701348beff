//! Signals during a session: Ctrl-C interrupts the wait; TERM, HUP and QUIT log
//! off and leave.

use crate::session::Session;
use crate::settings::starter::heeded;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SIGNALS: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// Handles signals until dropped.
pub struct Watch {
    handle: Handle,
    /// The signal thread is about to end the process.
    ending: Arc<AtomicBool>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        // If main saw the link end because of the signal, the signal thread
        // sets the exit code.
        while self.ending.load(Ordering::Acquire) {
            std::thread::park();
        }
        self.handle.close();
    }
}

/// What signals concern: a session, or those with many PBXs.
pub trait Interruptible: Send + Sync + 'static {
    /// Ctrl-C: interrupts what is waited for.
    fn interrupt(&self);

    /// Whether the last [`Interruptible::interrupt`] has not been noticed yet.
    fn is_interrupted(&self) -> bool;

    /// Logs off, in less than a second.
    fn leave(&self);
}

impl Interruptible for Session {
    fn interrupt(&self) {
        self.backlog().interrupt();
    }

    fn is_interrupted(&self) -> bool {
        self.backlog().is_interrupted()
    }

    fn leave(&self) {
        self.close();
    }
}

/// What is done last of all by a process that a signal ends. It must not take
/// longer than [`PARTING`].
pub type Parting = Arc<dyn Fn() + Send + Sync>;

/// The same, given how to count what waits to be shown.
pub type PartingOf = Arc<dyn Fn(&dyn Fn() -> usize) + Send + Sync>;

/// What is left of the second within which a signal ends amish when the session
/// is closed.
pub const PARTING: Duration = Duration::from_millis(100);

/// Handles INT, TERM, HUP and QUIT for `session`.
///
/// # Errors
/// The handlers or the thread cannot be set up.
pub fn watch(session: Arc<impl Interruptible>, parting: Parting) -> std::io::Result<Watch> {
    let mut signals = Signals::new(heeded(&SIGNALS))?;
    let handle = signals.handle();
    let ending = Arc::new(AtomicBool::new(false));
    let told = ending.clone();
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for signal in signals.forever() {
                if signal != SIGINT || !is_noticed(&*session) {
                    end(signal, &*session, &told, &parting);
                }
                let (session, told, parting) = (session.clone(), told.clone(), parting.clone());
                let later = move || {
                    std::thread::sleep(ENDING);
                    end(signal, &*session, &told, &parting)
                };
                // Without a thread a second Ctrl-C has to do it.
                let _ = std::thread::Builder::new().spawn(later);
            }
        })?;
    Ok(Watch { handle, ending })
}

/// Logs off and ends the process: main may be stuck in a write to a reader that
/// has stopped.
fn end(signal: i32, session: &dyn Interruptible, ending: &AtomicBool, parting: &Parting) -> ! {
    ending.store(true, Ordering::Release);
    session.leave();
    parting();
    std::process::exit(128 + signal)
}

/// How long main, having noticed a Ctrl-C, gets to end: a second for the answers
/// that are due, and then for closing the session.
const ENDING: Duration = Duration::from_secs(2);

/// How long main gets to notice a Ctrl-C: it may be stuck writing to a paused
/// pager, or waiting for an answer to amish's own question. The rest of a
/// second is for closing the session.
const NOTICE: Duration = Duration::from_millis(300);

fn is_noticed(session: &dyn Interruptible) -> bool {
    session.interrupt();
    let until = Instant::now() + NOTICE;
    while Instant::now() < until {
        if !session.is_interrupted() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

/// INT, TERM, HUP and QUIT, caught from now on.
pub struct Caught(Signals);

impl Caught {
    /// Catches them.
    ///
    /// # Errors
    /// The handlers cannot be set up.
    pub fn new() -> std::io::Result<Caught> {
        Signals::new(heeded(&SIGNALS)).map(Caught)
    }

    /// Waits for one and returns its number.
    pub fn wait(mut self) -> u8 {
        let signal = self.0.forever().next();
        signal
            .and_then(|signal| u8::try_from(signal).ok())
            .unwrap_or(0)
    }
}
