//! The thread that asks the server on its own: first whatever someone at the
//! prompt waits for, then, in order, everything the server documents.
//!
//! With a single thread there is one question in flight at most. It never asks
//! while an Action of the user's is unanswered: a blocking Action would stall
//! the question, and any byte ends a WaitEvent early.

mod desk;
mod order;
mod question;
mod study;
mod values;

use super::lock;
use crate::catalog::{Catalog, Kind};
use crate::engine::Lookup;
use crate::session::Session;
use desk::{Desk, Order, Topic, Turn, What};
pub(in crate::shell) use question::Unanswered;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use study::Study;
pub(in crate::shell) use values::Found;

/// How long an answer is waited for after Enter.
const PROMPT: Duration = Duration::from_secs(2);

/// How often the wait checks for Ctrl-C.
const GLANCE: Duration = Duration::from_millis(20);

/// What is known of a server, and the thread that asks for more.
pub(super) struct Worker {
    desk: Arc<Desk>,
    /// The link over which the server was asked last what it can do.
    generation: AtomicU64,
    /// Where documentation is cached, until the thread is started.
    cache: Mutex<Option<Option<PathBuf>>>,
}

impl Worker {
    /// Starts the thread. Documentation is cached in `cache` between shells.
    pub fn start(cache: Option<PathBuf>) -> std::io::Result<Arc<Worker>> {
        let worker = Worker::idle(cache);
        worker.begin()?;
        Ok(Arc::new(worker))
    }

    /// The same, started with the first question: of a thousand PBXs a person asks
    /// few.
    pub fn idle(cache: Option<PathBuf>) -> Worker {
        Worker {
            desk: Arc::default(),
            generation: AtomicU64::new(0),
            cache: Mutex::new(Some(cache)),
        }
    }

    fn begin(&self) -> std::io::Result<()> {
        if let Some(cache) = lock(&self.cache).take() {
            let own = self.desk.clone();
            let thread = std::thread::Builder::new().name("background".into());
            thread.spawn(move || run(&own, cache))?;
        }
        Ok(())
    }

    /// Starts the thread if it was not; without one nothing is learned.
    fn awake(&self) {
        if self.begin().is_err() {
            self.end();
        }
    }

    pub fn catalog(&self) -> Arc<Catalog> {
        self.desk.catalog()
    }

    pub fn found(&self, kind: &Kind) -> Found {
        self.desk.lock().values.found(kind)
    }

    /// The product and its version, such as `Asterisk 22.10.1`, waiting for it
    /// until `until`. None if the server does not tell them.
    pub fn product(&self, until: Instant) -> Option<String> {
        let is_told = |state: &desk::State| state.product.is_some() || state.refused;
        self.desk.wait_until(until, is_told);
        let product = self.desk.lock().product.clone();
        product.filter(|product| !product.is_empty())
    }

    /// A notice for the user, if there is a new one.
    pub fn notice(&self) -> Option<String> {
        self.desk.lock().notice.take()
    }

    /// Forgets everything: the session was replaced.
    pub fn forget(&self) {
        self.generation.store(0, Ordering::Relaxed);
        self.desk.change(|state| {
            state.catalog = Arc::default();
            state.wanted = None;
            state.product = None;
            state.is_noticed = false;
            state.forget_values();
        });
    }

    /// As [`Worker::study`], once for each link of `session`: a new one may lead to
    /// a server that can do other things.
    pub fn study_once(&self, session: &Arc<Session>) {
        let generation = session.generation();
        if self.generation.swap(generation, Ordering::Relaxed) != generation {
            self.study(session.clone());
        }
    }

    /// After a new link or login: asks everything again as soon as `session` is
    /// quiet. The known Actions stay until then.
    pub fn study(&self, session: Arc<Session>) {
        self.awake();
        self.desk.change(|state| {
            state.wanted = Some(session);
            state.refused = false;
            state.forget_values();
        });
    }

    /// Asks `session` for the values of `kinds` and waits until `until`, after
    /// which they are of no use. True if
    /// all were answered. While the server is busy with something that may take
    /// long, it returns at once.
    pub fn ask(&self, kinds: &[Kind], session: &Arc<Session>, until: Instant) -> bool {
        self.awake();
        let mut state = self.desk.lock();
        let since = state.asked.as_ref().map(|(_, since)| since.elapsed());
        let is_stuck = since.is_some_and(|since| since > values::FRESH);
        if !session.is_open() || session.is_occupied() || is_stuck {
            return false;
        }
        let era = state.era;
        for kind in kinds {
            if !state.is_open(kind) {
                state.orders.push_back(Order {
                    session: session.clone(),
                    what: What::Values(kind.clone()),
                    until,
                    era,
                });
            }
        }
        drop(state);
        self.desk.change(|_| {});
        let is_done = |state: &desk::State| !kinds.iter().any(|kind| state.is_open(kind));
        self.desk.wait_until(until, is_done)
    }

    /// The catalog with `wanted` in it, fetched if it is not here yet. Waits
    /// until the answer, a time limit, or `stop`. Without an answer the old
    /// catalog will do, except for an event.
    pub fn catalog_with(
        &self,
        wanted: Lookup<'_>,
        session: &Arc<Session>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Arc<Catalog>, Unanswered> {
        let catalog = self.catalog();
        let topic = match wanted {
            Lookup::Known => return Ok(catalog),
            Lookup::Action(name) if catalog.has_page(name) => return Ok(catalog),
            Lookup::Event(name) if catalog.event(name).is_some() => return Ok(catalog),
            Lookup::Listing => Topic::Listing,
            Lookup::Action(name) => Topic::Action(name.to_owned()),
            Lookup::Event(name) => Topic::Event(name.to_owned()),
        };
        let may_ask = topic == Topic::Listing || self.desk.lock().may_ask();
        let learned = match may_ask {
            true => self.learned(session, topic, stop),
            false => Err(Unanswered::Refused),
        };
        match (wanted, learned) {
            (Lookup::Event(_), Err(why)) => Err(why),
            _ => Ok(self.catalog()),
        }
    }

    /// Asks a question that the user waits for after Enter.
    fn learned(
        &self,
        session: &Arc<Session>,
        topic: Topic,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), Unanswered> {
        self.awake();
        let until = Instant::now() + PROMPT;
        let (waiting, answer) = channel();
        self.desk.change(|state| {
            let era = state.era;
            state.orders.push_front(Order {
                session: session.clone(),
                what: What::Topic(topic, waiting),
                until,
                era,
            });
        });
        loop {
            match answer.recv_timeout(GLANCE) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Disconnected) => return Err(Unanswered::Gone),
                Err(RecvTimeoutError::Timeout) if stop() => return Err(Unanswered::Stopped),
                Err(RecvTimeoutError::Timeout) if Instant::now() >= until => {
                    return Err(match session.is_occupied() {
                        true => Unanswered::Busy,
                        false => Unanswered::Gone,
                    });
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Ends the thread, or lets it end with the session.
    pub fn end(&self) {
        self.desk.change(|state| state.over = true);
    }
}

fn run(desk: &Desk, cache: Option<PathBuf>) {
    loop {
        match desk.next(None) {
            Turn::Order(order) => order::answer(desk, order),
            Turn::Rest => {}
            Turn::News => {
                let mut state = desk.lock();
                let (wanted, era) = (state.wanted.take(), state.era);
                drop(state);
                let Some(session) = wanted else {
                    return;
                };
                let study = Study::of(desk, &session, era);
                if study.run(cache.as_deref()) == Err(Unanswered::Refused) {
                    desk.change(|state| state.refused = true);
                }
            }
        }
    }
}
