//! The sessions that are open, for what concerns all of them: signals, and the end
//! that one of them has met.

use crate::run::signals::Interruptible;
use crate::session::Session;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Threads that log off together.
const LEAVING: usize = 64;

/// See the module.
#[derive(Default)]
pub struct Members {
    open: Mutex<Vec<Weak<Session>>>,
    stopping: AtomicBool,
    /// By Ctrl-C.
    is_interrupted: AtomicBool,
}

impl Members {
    /// One more is open.
    pub fn add(&self, session: &Arc<Session>) {
        let mut open = self.lock();
        open.retain(|one| one.strong_count() > 0);
        open.push(Arc::downgrade(session));
        drop(open);
        if self.is_stopping() {
            session.backlog().interrupt();
        }
    }

    /// Whether the run ends: nobody is to be connected to any more.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Ends what all of them do.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        for session in self.sessions() {
            session.backlog().interrupt();
        }
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

impl Interruptible for Members {
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
        let sessions = self.sessions();
        let share = sessions.len().div_ceil(LEAVING).max(1);
        std::thread::scope(|scope| {
            for some in sessions.chunks(share) {
                let close = move || some.iter().for_each(|session| drop(session.close()));
                // Without a thread the system closes these.
                let _ = std::thread::Builder::new().spawn_scoped(scope, close);
            }
        });
    }
}
