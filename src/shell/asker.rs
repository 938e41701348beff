//! The thread that asks for values while somebody waits at the prompt, and
//! remembers them for a few seconds.
//!
//! Only one question is on its way at a time, and none while an Action of the
//! user's is unanswered. Who waits for an answer gives up at a deadline; the
//! thread does not, so that a late answer is there the next time.

use crate::ami::{Action, Reply, Status};
use crate::catalog::{Catalog, Kind, Value};
use crate::session::{Answer, Session};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long values are taken for true. They are shown beyond, where the server
/// does not answer.
const FRESH: Duration = Duration::from_secs(3);

/// Kinds remembered: every CLI line that was completed is one.
const KEPT: usize = 256;

/// How long another background question is given before one looks again.
const PAUSE: Duration = Duration::from_millis(1);

/// Values, and whether there are newer ones to be had.
pub(super) struct Found {
    pub values: Arc<[Value]>,
    pub fresh: bool,
}

/// Whoever wants to know: what can be asked, and until when it is of use.
pub(super) struct Asking<'a> {
    pub session: &'a Arc<Session>,
    pub catalog: &'a Arc<Catalog>,
    pub until: Instant,
}

/// The questions and what became of them.
#[derive(Default)]
pub(super) struct Asker {
    desk: Mutex<Desk>,
    changed: Condvar,
}

#[derive(Default)]
struct Desk {
    known: HashMap<Kind, (Instant, Arc<[Value]>)>,
    /// Actions that this server does not know or this user may not send.
    refused: BTreeSet<String>,
    wanted: VecDeque<Order>,
    /// What is being asked, and since when.
    asked: Option<(Kind, Instant)>,
    /// Goes up when what was known is no longer true.
    era: u64,
    over: bool,
}

struct Order {
    kind: Kind,
    session: Arc<Session>,
    catalog: Arc<Catalog>,
    until: Instant,
    era: u64,
}

impl Asker {
    /// Starts the thread.
    pub fn start() -> std::io::Result<Arc<Asker>> {
        let asker = Arc::new(Asker::default());
        let own = asker.clone();
        std::thread::Builder::new()
            .name("asker".into())
            .spawn(move || own.run())?;
        Ok(asker)
    }

    /// What is known of `kind`.
    pub fn found(&self, kind: &Kind) -> Found {
        match self.lock().known.get(kind) {
            Some((since, values)) => Found {
                values: values.clone(),
                fresh: since.elapsed() < FRESH,
            },
            None => Found {
                values: Arc::default(),
                fresh: false,
            },
        }
    }

    /// Asks for `kinds` and waits, at most as long as that is of use. True:
    /// there is an answer to each. While the server is busy with something
    /// that may last, nothing is asked, and nobody waits.
    pub fn ask(&self, kinds: Vec<Kind>, asking: &Asking<'_>) -> bool {
        let session = asking.session;
        let mut desk = self.lock();
        let stuck = |desk: &Desk| {
            desk.asked
                .as_ref()
                .is_some_and(|(_, at)| at.elapsed() > FRESH)
        };
        if !session.is_open() || session.is_occupied() || stuck(&desk) {
            return false;
        }
        let era = desk.era;
        for kind in &kinds {
            if !desk.is_open(kind) {
                desk.wanted.push_back(Order {
                    kind: kind.clone(),
                    session: session.clone(),
                    catalog: asking.catalog.clone(),
                    until: asking.until,
                    era,
                });
            }
        }
        self.changed.notify_all();
        while kinds.iter().any(|kind| desk.is_open(kind)) {
            let left = asking.until.saturating_duration_since(Instant::now());
            if left.is_zero() || desk.over {
                return false;
            }
            let waited = self.changed.wait_timeout(desk, left);
            desk = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Another server, or another user of it.
    pub fn forget(&self) {
        let mut desk = self.lock();
        desk.known.clear();
        desk.refused.clear();
        desk.wanted.clear();
        desk.era += 1;
    }

    /// Ends the thread, at the latest with the session.
    pub fn end(&self) {
        self.lock().over = true;
        self.changed.notify_all();
    }

    fn run(&self) {
        let mut desk = self.lock();
        while !desk.over {
            let Some(order) = desk.wanted.pop_front() else {
                let waited = self.changed.wait(desk);
                desk = waited.unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            desk.asked = Some((order.kind.clone(), Instant::now()));
            drop(desk);
            let values = self.learned(&order);
            desk = self.lock();
            desk.asked = None;
            if let Some(values) = values.filter(|_| desk.era == order.era) {
                desk.keep(order.kind, values);
            }
            self.changed.notify_all();
        }
    }

    /// What the first source that answers says. None: nothing could be asked.
    fn learned(&self, order: &Order) -> Option<Vec<Value>> {
        for source in order.kind.sources() {
            let name = source.question.name();
            let listing = order.catalog.listing();
            let unlisted = listing.is_some_and(|listing| listing.get(&name).is_none());
            if unlisted || self.lock().refused.contains(&name) {
                continue;
            }
            let reply = put(order, &source.question)?;
            let is_error = reply.status() == Status::Error;
            if is_error && is_refusal(&reply) {
                self.lock().refused.insert(name);
            } else if let Some(values) = source.values(&reply) {
                return Some(values);
            }
        }
        Some(Vec::new())
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Is it wanted, or being asked?
    fn is_open(&self, kind: &Kind) -> bool {
        let asked = self.asked.as_ref().is_some_and(|(asked, _)| asked == kind);
        asked || self.wanted.iter().any(|order| order.kind == *kind)
    }

    fn keep(&mut self, kind: Kind, values: Vec<Value>) {
        if self.known.len() >= KEPT {
            self.known.retain(|_, (since, _)| since.elapsed() < FRESH);
        }
        self.known.insert(kind, (Instant::now(), values.into()));
    }
}

/// Sends `question` as soon as no other is on its way. None: it was not sent,
/// because nobody waits any longer, or there was no answer.
fn put(order: &Order, question: &Action) -> Option<Box<Reply>> {
    loop {
        match order
            .session
            .call_if_quiet(question.clone(), order.session.patience())
        {
            Ok(Some(Answer::Reply(reply))) => return Some(reply),
            Ok(Some(_)) | Err(_) => return None,
            Ok(None) => {}
        }
        if order.session.is_occupied() || Instant::now() >= order.until {
            return None;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Will it be the same the next time? (`No endpoints found` will not.)
fn is_refusal(reply: &Reply) -> bool {
    let message = reply.message().unwrap_or_default().to_ascii_lowercase();
    message.contains("permission denied") || message.contains("unknown command")
}
