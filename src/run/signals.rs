//! Signals while there is a session: Ctrl-C stops what is waited for, TERM,
//! HUP and QUIT say goodbye and leave.

use crate::session::Session;
use crate::settings::starter::heeded;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SIGNALS: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// Watches until it is dropped.
pub struct Watch {
    handle: Handle,
    /// The signal thread is about to end the process.
    ending: Arc<AtomicBool>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Main saw the link end because of the signal: the exit code is not
        // main's to say.
        while self.ending.load(Ordering::Acquire) {
            std::thread::park();
        }
        self.handle.close();
    }
}

/// Handles INT, TERM, HUP and QUIT for `session`.
///
/// # Errors
/// The system gives no handler or no thread.
pub fn watch(session: Arc<Session>) -> std::io::Result<Watch> {
    let mut signals = Signals::new(heeded(&SIGNALS))?;
    let handle = signals.handle();
    let ending = Arc::new(AtomicBool::new(false));
    let told = ending.clone();
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for signal in signals.forever() {
                if signal == SIGINT && is_noticed(&session) {
                    continue;
                }
                told.store(true, Ordering::Release);
                // Main may be stuck in a write that nobody reads.
                session.close();
                std::process::exit(128 + signal);
            }
        })?;
    Ok(Watch { handle, ending })
}

/// How long main may take to notice a Ctrl-C: it may be stuck in a write to a
/// paused pager, or wait for an answer to a question of amish's own.
const NOTICE: Duration = Duration::from_secs(1);

fn is_noticed(session: &Session) -> bool {
    session.backlog().interrupt();
    let until = Instant::now() + NOTICE;
    while Instant::now() < until {
        if !session.backlog().is_interrupted() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

/// Waits for INT, TERM, HUP or QUIT; which one it was.
///
/// # Errors
/// The system gives no handler.
pub fn wait() -> std::io::Result<u8> {
    let mut signals = Signals::new(heeded(&SIGNALS))?;
    let signal = signals.forever().next();
    Ok(signal
        .and_then(|signal| u8::try_from(signal).ok())
        .unwrap_or(0))
}
