//! The sessions that are open, for what concerns all of them: signals, and the end
//! that one of them has met.

use crate::run::signals::Interruptible;
use crate::session::Session;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// How long logging off may take before the last ones are begun with.
const LIMIT: Duration = Duration::from_millis(300);

/// Threads that log off together.
const LEAVING: usize = 64;

/// See the module.
#[derive(Default)]
pub struct OpenSessions {
    open: Mutex<Vec<Weak<Session>>>,
    stopping: AtomicBool,
    stopped: Condvar,
    /// By Ctrl-C.
    is_interrupted: AtomicBool,
}

impl OpenSessions {
    /// One more is open.
    pub fn add(&self, session: &Arc<Session>) {
        let mut open = self.lock();
        open.retain(|one| one.strong_count() > 0);
        open.push(Arc::downgrade(session));
        drop(open);
        if self.is_stopping() {
            // Whoever logs all of them off may have passed already.
            session.backlog().interrupt();
            session.close();
        }
    }

    /// What was done with `session` is over; it is logged off by and by.
    pub fn leave_alone(&self, session: &Arc<Session>) {
        let is_it = |one: &Weak<Session>| std::ptr::eq(one.as_ptr(), Arc::as_ptr(session));
        self.lock().retain(|one| !is_it(one));
        let session = session.clone();
        // It may take almost half a second. Without a thread the system does it.
        let _ = std::thread::Builder::new().spawn(move || session.close());
    }

    /// How much waits to be shown, in events.
    pub fn waiting(&self) -> usize {
        let sessions = self.sessions();
        sessions.iter().map(|one| one.backlog().waiting()).sum()
    }

    /// Whether the run ends: nobody is to be connected to any more.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Ends what all of them do.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.stopped.notify_all();
        for session in self.sessions() {
            session.backlog().interrupt();
        }
    }

    /// Waits for `time`, or until the run ends, and returns whether it does.
    pub fn pause(&self, time: Duration) -> bool {
        let goes_on = |_: &mut Vec<Weak<Session>>| !self.is_stopping();
        let waited = self.stopped.wait_timeout_while(self.lock(), time, goes_on);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        self.is_stopping()
    }

    /// Whether Ctrl-C ends the run.
    pub fn is_interrupted_by_person(&self) -> bool {
        self.is_interrupted.load(Ordering::Acquire)
    }

    fn sessions(&self) -> Vec<Arc<Session>> {
        self.lock().iter().filter_map(Weak::upgrade).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<Session>>> {
        // Nothing panics half way through a change.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Interruptible for OpenSessions {
    fn interrupt(&self) {
        self.is_interrupted.store(true, Ordering::Release);
        self.stop();
    }

    fn is_interrupted(&self) -> bool {
        let sessions = self.sessions();
        let mut sessions = sessions.iter();
        sessions.any(|session| session.backlog().is_interrupted())
    }

    fn leave(&self) {
        self.stopping.store(true, Ordering::Release);
        self.stopped.notify_all();
        let sessions = self.sessions();
        let share = sessions.len().div_ceil(LEAVING).max(1);
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for some in sessions.chunks(share) {
                // Where servers hang the system closes the rest.
                let close = move || {
                    let mut some = some.iter().take_while(|_| begun.elapsed() < LIMIT);
                    some.by_ref().for_each(|session| drop(session.close()));
                };
                // Without a thread the system closes these.
                let _ = std::thread::Builder::new().spawn_scoped(scope, close);
            }
        });
    }
}
