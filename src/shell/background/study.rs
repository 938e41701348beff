//! Fetches everything a server documents, in order: its list, the pages of
//! those Actions, and those of its events.

use super::desk::{Desk, TOO_MUCH, Turn};
use super::order;
use super::question::{self, Ask, Told, Unanswered};
use crate::ami::{Action, Reply};
use crate::catalog::cache::{self, Cache, Server};
use crate::catalog::{Catalog, Page};
use crate::session::Session;
use std::path::Path;
use std::time::{Duration, Instant};

/// Pages per question. More would keep the server from its other clients for
/// longer.
const AT_ONCE: usize = 10;

/// How often it checks whether the session is quiet.
const PAUSE: Duration = Duration::from_millis(25);

/// One round of questions to one session.
pub(super) struct Study<'a> {
    desk: &'a Desk,
    session: &'a Session,
    era: u64,
    /// The link it began with: another may lead to another server.
    generation: u64,
}

impl<'a> Study<'a> {
    /// A round with `session`, valid while the desk's era is `era`.
    pub fn of(desk: &'a Desk, session: &'a Session, era: u64) -> Study<'a> {
        Study {
            desk,
            session,
            era,
            generation: session.generation(),
        }
    }

    /// Asks for everything that is not known yet. Documentation is cached in
    /// `directory`.
    pub fn run(&self, directory: Option<&Path>) -> Result<(), Unanswered> {
        let (identity, banner) = (self.session.peer_identity(), self.session.banner());
        let known_by = |version: &[u8]| [&identity[..], &banner, version].join(&b'\n');
        self.desk.change(|state| state.turn_to(&known_by(b"")));
        let ask: Ask<'_> = &|question| self.when_quiet(question);
        let listing = question::listing(ask)?;
        if listing.is_cut() {
            self.desk.change(|state| state.notice(TOO_MUCH));
        }
        self.learn(|catalog| catalog.relisted(listing))?;
        if !self.desk.lock().may_ask() {
            let has_settings = self.desk.catalog().entry("CoreSettings").is_some();
            let product = has_settings.then(|| question::product(ask)).transpose()?;
            self.desk
                .change(|state| state.product = Some(product.unwrap_or_default()));
            return Ok(());
        }
        let version = question::version(ask)?;
        self.desk.change(|state| {
            state.turn_to(&known_by(&version));
            state.product = Some(question::product_of(&version));
        });
        let server = Server {
            identity: &identity,
            banner: &banner,
            version: &version,
        };
        let mut cache = Cache::open(directory, server);
        let asked = self.actions(ask, &mut cache);
        save(&mut cache);
        asked?;
        let asked = self.events(ask, &mut cache);
        save(&mut cache);
        asked
    }

    fn actions(&self, ask: Ask<'_>, cache: &mut Cache) -> Result<(), Unanswered> {
        let known = cache.actions();
        self.learn(|catalog| {
            let is_listed = |page: &Page| catalog.entry(&page.name).is_some();
            catalog.and(known.into_iter().filter(is_listed))
        })?;
        let catalog = self.desk.catalog();
        let listed = catalog.listing().into_iter().flat_map(|all| all.iter());
        let names = listed.map(|one| one.name.as_str());
        let names: Vec<&str> = names.filter(|name| !catalog.has_page(name)).collect();
        let mut rest = &names[..];
        let mut at_once = AT_ONCE;
        while !rest.is_empty() && !self.is_enough(cache) {
            let begun = Instant::now();
            let (names, more) = rest.split_at(at_once.min(rest.len()));
            let told = question::pages(ask, names)?;
            if told.is_usage && names.len() > 1 {
                at_once = 1;
                continue;
            }
            let pages = self.noted(told, cache::Told::Actions, cache);
            self.learn(|catalog| catalog.and(pages))?;
            rest = more;
            if at_once == 1 {
                self.pause(begun.elapsed())?;
            }
        }
        Ok(())
    }

    /// One at a time, since a server shows no more at once. Half of the time is
    /// left to questions that someone waits for.
    fn events(&self, ask: Ask<'_>, cache: &mut Cache) -> Result<(), Unanswered> {
        let known = cache.events();
        self.learn(|catalog| catalog.and_events(known))?;
        let names = question::event_names(ask, "")?;
        let catalog = self.desk.catalog();
        for name in names.iter().filter(|name| catalog.event(name).is_none()) {
            if self.is_enough(cache) {
                break;
            }
            let begun = Instant::now();
            let told = question::event(ask, name)?;
            let pages = self.noted(told, cache::Told::Event, cache);
            self.learn(|catalog| catalog.and_events(pages))?;
            self.pause(begun.elapsed())?;
        }
        Ok(())
    }

    /// Stores what was `told`, with a notice if it is not complete.
    fn noted(&self, told: Told, of: cache::Told, cache: &mut Cache) -> Vec<Page> {
        if !told.is_usage {
            cache.add(of, &told.reply.output().unwrap_or_default());
        }
        if told.is_cut || cache.is_full() {
            self.desk.change(|state| state.notice(TOO_MUCH));
        }
        told.pages
    }

    /// Has the limit per server been reached?
    fn is_enough(&self, cache: &Cache) -> bool {
        cache.is_full() || self.desk.catalog().is_full()
    }

    /// Asks as soon as no Action is unanswered.
    fn when_quiet(&self, question: &Action) -> Result<Box<Reply>, Unanswered> {
        self.pause(Duration::ZERO)?;
        loop {
            let is_same = || self.session.generation() == self.generation;
            if !self.session.is_open() || !is_same() {
                return Err(Unanswered::Gone);
            }
            if self.desk.lock().refused {
                return Err(Unanswered::Refused);
            }
            match question::ask(self.session, question, self.session.patience()) {
                Err(Unanswered::Busy) => self.pause(PAUSE)?,
                answer if is_same() => return answer,
                _ => return Err(Unanswered::Gone),
            }
        }
    }

    /// Leaves `time` to questions that someone waits for.
    ///
    /// # Errors
    /// The session was replaced, or is over.
    fn pause(&self, time: Duration) -> Result<(), Unanswered> {
        let until = Instant::now() + time;
        loop {
            match self.desk.next(Some(until)) {
                Turn::Order(order) => order::answer(self.desk, order),
                Turn::News => return Err(Unanswered::Gone),
                Turn::Rest => return Ok(()),
            }
        }
    }

    fn learn(&self, more: impl FnOnce(&Catalog) -> Catalog) -> Result<(), Unanswered> {
        self.desk.learn(self.era, more)
    }
}

/// Failing to write the cache costs nothing now; the next session asks again.
fn save(cache: &mut Cache) {
    let _ = cache.save();
}
