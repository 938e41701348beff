//! The thread that asks in the background what this server can do.
//!
//! It never asks while an Action of the user's is unanswered: a blocking one
//! would stall the question, and any byte ends a WaitEvent early.

mod question;
mod study;

use crate::catalog::{Catalog, Page};
use crate::session::Session;
pub(in crate::shell) use question::Silence;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use study::Study;

/// How often it looks whether the session is quiet.
const PAUSE: Duration = Duration::from_millis(25);

/// How long somebody who pressed Enter waits for an answer.
const PROMPT: Duration = Duration::from_secs(2);

/// How soon it is tried again for them.
const GAP: Duration = Duration::from_millis(2);

/// The catalog in force, and the wish to have a better one.
pub(super) struct Librarian {
    desk: Mutex<Desk>,
    changed: Condvar,
    /// Where documentation is kept between shells.
    cache: Option<PathBuf>,
}

#[derive(Default)]
struct Desk {
    catalog: Arc<Catalog>,
    wanted: Option<Arc<Session>>,
    /// The server refused to tell more than its list: it is not asked again.
    refused: bool,
    over: bool,
}

impl Librarian {
    /// Starts the thread.
    pub fn start(cache: Option<PathBuf>) -> std::io::Result<Arc<Librarian>> {
        let librarian = Arc::new(Librarian {
            desk: Mutex::default(),
            changed: Condvar::new(),
            cache,
        });
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
        let mut desk = self.lock();
        desk.wanted = Some(session);
        desk.refused = false;
        drop(desk);
        self.changed.notify_all();
    }

    /// What `session` can do now: it is asked, and the answer waited for as long
    /// as a person does not mind.
    pub fn renewed(&self, session: &Session) -> Arc<Catalog> {
        if let Ok(listing) = self.at_once(|patience| question::listing(session, patience)) {
            self.know(|catalog| catalog.relisted(listing));
        }
        self.catalog()
    }

    /// The page of the Action `name`, at once where it has not come yet. The
    /// built-in one where the server does not tell.
    pub fn page(&self, session: &Session, name: &str) -> Arc<Catalog> {
        let catalog = self.catalog();
        let ask = |patience| question::pages(session, &[name], patience);
        if !catalog.has_page(name)
            && self.may_ask(&catalog)
            && let Ok((pages, _)) = self.at_once(ask)
        {
            self.know(|catalog| catalog.and(pages));
        }
        self.catalog()
    }

    /// The page of the event `name`, likewise. None: the server has none.
    ///
    /// # Errors
    /// Why it does not say.
    pub fn event(&self, session: &Session, name: &str) -> Result<Option<Page>, Silence> {
        let catalog = self.catalog();
        if let Some(page) = catalog.event(name) {
            return Ok(Some(page.clone()));
        }
        if !self.may_ask(&catalog) {
            return Err(Silence::Refused);
        }
        // The server wants its own spelling.
        let names = self.at_once(|patience| question::event_names(session, name, patience))?;
        let Some(name) = names.iter().find(|one| one.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let (page, _) = self.at_once(|patience| question::event(session, name, patience))?;
        self.know(|catalog| catalog.and_events(page.clone()));
        Ok(page)
    }

    /// Puts a question that somebody waits for, who would not understand that
    /// the thread is just asking another.
    fn at_once<T>(&self, ask: impl Fn(Duration) -> Result<T, Silence>) -> Result<T, Silence> {
        let begun = Instant::now();
        loop {
            let left = PROMPT.saturating_sub(begun.elapsed());
            match ask(left) {
                Err(Silence::Busy) if !left.is_zero() => std::thread::sleep(GAP),
                answer => return answer,
            }
        }
    }

    /// Would the server tell more than its list?
    pub fn may_ask(&self, catalog: &Catalog) -> bool {
        let listing = catalog.listing();
        let may = listing.is_none_or(|listing| listing.get("Command").is_some());
        may && !self.lock().refused
    }

    /// Ends the thread, at the latest with the session.
    pub fn end(&self) {
        self.lock().over = true;
        self.changed.notify_all();
    }

    fn run(&self) {
        while let Some(session) = self.wish() {
            let study = Study::of(self, &session);
            if study.run() == Err(Silence::Refused) {
                self.lock().refused = true;
            }
        }
    }

    /// Whom to ask next; None: it is over.
    fn wish(&self) -> Option<Arc<Session>> {
        let mut desk = self.lock();
        while !desk.over {
            if let Some(session) = desk.wanted.take() {
                return Some(session);
            }
            let waited = self.changed.wait(desk);
            desk = waited.unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// Waits for `time`, or until there is another wish or none any more. False:
    /// so it is.
    fn pause(&self, time: Duration) -> bool {
        let desk = self.lock();
        let waited = self
            .changed
            .wait_timeout_while(desk, time, |desk| !desk.has_news());
        !waited.unwrap_or_else(PoisonError::into_inner).0.has_news()
    }

    /// What is known is `more` now.
    fn know(&self, more: impl FnOnce(&Catalog) -> Catalog) {
        let mut desk = self.lock();
        desk.catalog = Arc::new(more(&desk.catalog));
    }

    /// The same, from the thread: a session that was replaced meanwhile says
    /// nothing any more. False: it was.
    fn learn(&self, more: impl FnOnce(&Catalog) -> Catalog) -> bool {
        let mut desk = self.lock();
        let valid = !desk.has_news();
        if valid {
            desk.catalog = Arc::new(more(&desk.catalog));
        }
        valid
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    fn has_news(&self) -> bool {
        self.over || self.wanted.is_some()
    }
}
