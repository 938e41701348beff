//! Connects to another server on a thread of its own: an unresponsive name
//! server or port takes seconds, during which Ctrl-C must work and events must
//! be shown.

use super::Shell;
use crate::error::Error;
use crate::session::Session;
use crate::settings::Destination;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{SendError, TryRecvError, channel};
use std::thread::Builder;

/// Nudges this session when dropped, so that its waiter looks again.
struct Wakes(Arc<Session>);

impl Drop for Wakes {
    fn drop(&mut self) {
        self.0.backlog().nudge();
    }
}

fn advised(error: &Error) -> String {
    let advice = error.advice().into_iter();
    let advice = advice.map(|line| format!("\n       {line}"));
    format!("{error}{}", advice.collect::<String>())
}

impl Shell<'_> {
    /// Opens a session with `destination`.
    ///
    /// # Errors
    /// It failed, or Ctrl-C was pressed; the words are for the user.
    pub(super) fn session_with(
        &mut self,
        destination: Destination,
    ) -> Result<Arc<Session>, String> {
        let (done, made) = channel();
        let connect = self.context.connect.clone();
        let wake = Wakes(self.lead.session.clone());
        let thread = Builder::new().name("connect".into()).spawn(move || {
            // Dropped last, even by a panic: the waiter must look after the
            // channel is closed.
            let _wake = wake;
            let done = done;
            let connected = connect(&destination);
            // The waiter has given up, so close the session again.
            if let Err(SendError(Ok(late))) = done.send(connected) {
                late.close();
            }
        });
        let thread = thread.map_err(|why| format!("cannot start a thread to connect: {why}"))?;
        loop {
            match made.try_recv() {
                Ok(connected) => return connected.map_err(|error| advised(&error)),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => break,
            }
            let waited = self.with_runner(|runner| runner.wait_for_nudge());
            if !waited.map_err(|why| why.to_string())? {
                return Err("stopped: not connected".to_owned());
            }
        }
        // The thread ended without a result: a bug. Pass its panic on.
        match thread.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => Err("the attempt to connect was given up".to_owned()),
        }
    }
}
