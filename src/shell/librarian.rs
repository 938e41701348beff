//! The thread that asks in the background what this server can do.
//!
//! It never asks while an Action of the user's is unanswered: a blocking one
//! would stall the question, and any byte ends a WaitEvent early.

use crate::ami::{Action, Status};
use crate::catalog::{Catalog, Listing};
use crate::session::{Answer, Error, Session};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often it looks whether the session is quiet.
const PAUSE: Duration = Duration::from_millis(25);

/// How long somebody who pressed Enter waits for a list.
const PROMPT: Duration = Duration::from_secs(2);

/// The catalog in force, and the wish to have a better one.
#[derive(Default)]
pub(super) struct Librarian {
    desk: Mutex<Desk>,
    changed: Condvar,
}

#[derive(Default)]
struct Desk {
    catalog: Arc<Catalog>,
    wanted: Option<Arc<Session>>,
    over: bool,
}

impl Librarian {
    /// Starts the thread.
    pub fn start() -> std::io::Result<Arc<Librarian>> {
        let librarian = Arc::new(Librarian::default());
        let own = librarian.clone();
        std::thread::Builder::new()
            .name("librarian".into())
            .spawn(move || own.run())?;
        Ok(librarian)
    }

    /// What is known at this moment.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.lock().catalog.clone()
    }

    /// Another session: what was known of the last one is no longer true.
    pub fn forget(&self) {
        let mut desk = self.lock();
        desk.catalog = Arc::default();
        desk.wanted = None;
    }

    /// Asks `session` as soon as it is quiet.
    pub fn ask(&self, session: Arc<Session>) {
        self.lock().wanted = Some(session);
        self.changed.notify_all();
    }

    /// What `session` can do now: it is asked, and the answer waited for as long
    /// as a person does not mind.
    pub fn renewed(&self, session: &Session) -> Arc<Catalog> {
        let listing = listing(|question| session.call_within(question, PROMPT));
        if let Some(listing) = listing {
            self.lock().catalog = Arc::new(Catalog::with(listing));
        }
        self.catalog()
    }

    /// Ends the thread, at the latest with the session.
    pub fn end(&self) {
        self.lock().over = true;
        self.changed.notify_all();
    }

    fn run(&self) {
        let mut desk = self.lock();
        while !desk.over {
            let Some(session) = desk.wanted.clone() else {
                let waited = self.changed.wait(desk);
                desk = waited.unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if !session.is_open() {
                desk.wanted = None;
            } else if session.is_quiet() {
                desk.wanted = None;
                drop(desk);
                let listing = listing(|question| session.call(question));
                desk = self.lock();
                // A session that was replaced meanwhile says nothing any more.
                if let (Some(listing), None) = (listing, &desk.wanted) {
                    desk.catalog = Arc::new(Catalog::with(listing));
                }
            } else {
                let waited = self.changed.wait_timeout(desk, PAUSE);
                desk = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server's own list; None where it will not tell.
fn listing(ask: impl FnOnce(Action) -> Result<Answer, Error>) -> Option<Listing> {
    let question = Action::new("ListCommands").ok()?;
    match ask(question).ok()? {
        Answer::Reply(reply) if reply.status() != Status::Error => Some(Listing::of(&reply)),
        _ => None,
    }
}
