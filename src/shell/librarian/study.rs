//! Everything that a server tells of itself, asked in order: its list, the pages
//! of the Actions in it, those of its events.

use super::question::{self, Silence};
use super::{Librarian, PAUSE};
use crate::catalog::cache::{Cache, Told};
use crate::catalog::{Catalog, Page};
use crate::session::Session;
use std::time::{Duration, Instant};

/// Pages asked for at once. More would keep the server from others for longer.
const AT_ONCE: usize = 10;

/// A server that lists more is none of Asterisk's.
const MOST: usize = 1_000;

/// One course of questions to one session.
pub(super) struct Study<'a> {
    librarian: &'a Librarian,
    session: &'a Session,
}

impl<'a> Study<'a> {
    /// With `session`.
    pub fn of(librarian: &'a Librarian, session: &'a Session) -> Study<'a> {
        Study { librarian, session }
    }

    /// Asks everything that is not known yet.
    ///
    /// # Errors
    /// Why it ended early.
    pub fn run(&self) -> Result<(), Silence> {
        let listing = self.when_quiet(|patience| question::listing(self.session, patience))?;
        self.learn(|catalog| catalog.relisted(listing))?;
        let catalog = self.librarian.catalog();
        if !self.librarian.may_ask(&catalog) {
            return Ok(());
        }
        let version = self.when_quiet(|patience| question::version(self.session, patience))?;
        let directory = self.librarian.cache.as_deref();
        let mut cache = directory.map(|at| Cache::open(at, &self.session.banner(), &version));
        let asked = self.actions(&mut cache);
        save(&mut cache);
        asked?;
        let asked = self.events(&mut cache);
        save(&mut cache);
        asked
    }

    fn actions(&self, cache: &mut Option<Cache>) -> Result<(), Silence> {
        let known = cache.as_ref().map(Cache::actions).unwrap_or_default();
        self.learn(|catalog| {
            let is_listed = |page: &Page| catalog.entry(&page.name).is_some();
            catalog.and(known.into_iter().filter(is_listed))
        })?;
        let catalog = self.librarian.catalog();
        let listed = catalog.listing().into_iter().flat_map(|all| all.iter());
        let names = listed.map(|one| one.name.as_str());
        let names = names.filter(|name| is_name(name) && !catalog.has_page(name));
        let names: Vec<&str> = names.take(MOST).collect();
        for names in names.chunks(AT_ONCE) {
            let ask = |patience| question::pages(self.session, names, patience);
            let (pages, reply) = self.when_quiet(ask)?;
            if let Some(cache) = cache {
                cache.add(Told::Actions, &reply.output().unwrap_or_default());
            }
            self.learn(|catalog| catalog.and(pages))?;
        }
        Ok(())
    }

    /// One after the other, for a server shows no more at once. Half of the time
    /// is left to questions that a person waits for.
    fn events(&self, cache: &mut Option<Cache>) -> Result<(), Silence> {
        let known = cache.as_ref().map(Cache::events).unwrap_or_default();
        self.learn(|catalog| catalog.and_events(known))?;
        let names = |patience| question::event_names(self.session, "", patience);
        let names = self.when_quiet(names)?;
        let catalog = self.librarian.catalog();
        let names = names
            .iter()
            .filter(|name| is_name(name) && catalog.event(name).is_none());
        for name in names.take(MOST) {
            let begun = Instant::now();
            let ask = |patience| question::event(self.session, name, patience);
            let (page, reply) = self.when_quiet(ask)?;
            if let Some(cache) = cache {
                cache.add(Told::Event, &reply.output().unwrap_or_default());
            }
            self.learn(|catalog| catalog.and_events(page))?;
            if !self.librarian.pause(begun.elapsed()) {
                return Err(Silence::Gone);
            }
        }
        Ok(())
    }

    /// Puts a question as soon as no Action is unanswered.
    fn when_quiet<T>(&self, ask: impl Fn(Duration) -> Result<T, Silence>) -> Result<T, Silence> {
        loop {
            if !self.session.is_open() {
                return Err(Silence::Gone);
            }
            match ask(self.session.patience()) {
                Err(Silence::Busy) if self.librarian.pause(PAUSE) => {}
                Err(Silence::Busy) => return Err(Silence::Gone),
                answer => return answer,
            }
        }
    }

    fn learn(&self, more: impl FnOnce(&Catalog) -> Catalog) -> Result<(), Silence> {
        match self.librarian.learn(more) {
            true => Ok(()),
            false => Err(Silence::Gone),
        }
    }
}

/// A cache that cannot be written is no loss for this session, and the next one
/// asks again.
fn save(cache: &mut Option<Cache>) {
    if let Some(cache) = cache {
        let _ = cache.save();
    }
}

/// Can the name be asked for among others?
fn is_name(name: &str) -> bool {
    let fits = (1..=80).contains(&name.len());
    fits && name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}
