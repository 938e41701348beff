//! What is known of every PBX, shared by those who ask the PBXs and those who are
//! asked for the metrics.

use super::question::Figures;
use crate::ami::Classes;
use crate::exit_code::Code;
use crate::session::{Gap, Session};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A PBX is asked this often at most, however many scrapes there are.
const EVERY: Duration = Duration::from_secs(5);

/// The reasons of gaps.
pub(super) const GAPS: [&str; 3] = ["buffer", "oversize", "reconnect"];

/// The number of event classes, and one for those that are none of them.
const CLASSES: usize = 20;

/// See the module.
pub struct Board {
    /// In the order of the fleet.
    pub(super) stations: Vec<Station>,
    state: Mutex<Vec<State>>,
    /// A PBX has answered, or there is no hope of it.
    changed: Condvar,
}

/// What does not need the lock.
pub(super) struct Station {
    /// Its name in the configuration.
    pub name: String,
    /// Somebody waits for newer figures.
    wanted: AtomicBool,
    pub counts: Counts,
}

/// What only grows.
#[derive(Default)]
pub(super) struct Counts {
    events: [AtomicU64; CLASSES],
    gaps: [AtomicU64; GAPS.len()],
    lost: AtomicU64,
    reconnects: AtomicU64,
}

/// Whether there is a link.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Link {
    /// It was not tried yet.
    #[default]
    Opening,
    Open,
    Down,
}

/// How far the latest round of questions is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Round {
    #[default]
    None,
    Begun,
    /// Its Ping was answered.
    Answered,
    Done,
}

#[derive(Default)]
struct State {
    link: Link,
    /// Of this link, or of the one that is to come back.
    session: Option<Arc<Session>>,
    round: Round,
    begun: Option<Instant>,
    ping: Option<Duration>,
    answered: Option<Instant>,
    /// By sessions that are over.
    received: u64,
    figures: Arc<Figures>,
    ami: Option<String>,
    code: Option<Code>,
}

/// What is known of a PBX at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// It is logged in to, and answers.
    pub up: bool,
    /// Its version of AMI.
    pub ami: Option<String>,
    /// Since its last answer.
    pub age: Option<Duration>,
    /// The time of a Ping.
    pub ping: Option<Duration>,
    /// Its answers.
    pub figures: Arc<Figures>,
    /// None where events are not asked for.
    pub counts: Option<Counted>,
}

/// What was counted so far.
#[derive(Debug, Clone)]
pub struct Counted {
    /// By class; those of no known class last.
    pub events: Vec<u64>,
    /// By reason.
    pub gaps: Vec<u64>,
    /// Events that are missing, as far as their number is known.
    pub lost: u64,
    /// How often there was a new link.
    pub reconnects: u64,
    /// Bytes.
    pub received: u64,
}

impl Counts {
    /// Counts an event by its Privilege.
    pub fn event(&self, privilege: Option<&[u8]>) {
        let class = privilege.and_then(Classes::first_of);
        let class = class.unwrap_or(CLASSES).min(CLASSES - 1);
        if let Some(count) = self.events.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a gap.
    pub fn gap(&self, gap: Gap) {
        let reason = GAPS.iter().position(|reason| *reason == gap.reason());
        if let Some(count) = reason.and_then(|reason| self.gaps.get(reason)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let lost = gap.events().unwrap_or(0);
        self.lost.fetch_add(lost, Ordering::Relaxed);
        if matches!(gap, Gap::Reconnect { .. }) {
            self.reconnect();
        }
    }

    /// Counts a new link.
    pub fn reconnect(&self) {
        self.reconnects.fetch_add(1, Ordering::Relaxed);
    }

    fn now(&self, received: u64) -> Counted {
        let all = |counts: &[AtomicU64]| {
            let counts = counts.iter().map(|count| count.load(Ordering::Relaxed));
            counts.collect()
        };
        Counted {
            events: all(&self.events),
            gaps: all(&self.gaps),
            lost: self.lost.load(Ordering::Relaxed),
            reconnects: self.reconnects.load(Ordering::Relaxed),
            received,
        }
    }
}

/// What one who waits has seen of a PBX. Nobody is waited for twice: with many,
/// the first has old figures again before the last has answered.
#[derive(Clone, Copy, Default)]
struct Wait {
    asked: bool,
    over: bool,
}

impl Wait {
    /// Has it asked if that is due. True: nothing more is to be waited for.
    fn is_over(&mut self, station: &Station, state: &State) -> bool {
        if let Some(session) = &state.session
            && state.link == Link::Open
            && !(self.asked || self.over)
            && state.is_due()
        {
            self.asked = true;
            station.wanted.store(true, Ordering::Release);
            session.backlog().nudge();
        }
        self.over |= !state.is_pending(station.is_wanted());
        self.over
    }
}

impl State {
    /// Whether an answer may come for which somebody should wait.
    fn is_pending(&self, wanted: bool) -> bool {
        match self.link {
            Link::Opening => true,
            Link::Open => wanted || matches!(self.round, Round::Begun | Round::Answered),
            Link::Down => false,
        }
    }

    fn is_due(&self) -> bool {
        let is_old = self.begun.is_none_or(|begun| begun.elapsed() >= EVERY);
        is_old && matches!(self.round, Round::None | Round::Done)
    }
}

impl Board {
    /// For the PBXs of these names.
    pub fn new(names: impl IntoIterator<Item = String>) -> Board {
        let station = |name| Station {
            name,
            wanted: AtomicBool::new(false),
            counts: Counts::default(),
        };
        let stations: Vec<Station> = names.into_iter().map(station).collect();
        Board {
            state: Mutex::new(stations.iter().map(|_| State::default()).collect()),
            changed: Condvar::new(),
            stations,
        }
    }

    /// Has every PBX asked whose figures are old, waits until `until` at most, and
    /// returns what is known then, with what was counted if `counts`.
    pub fn fresh(&self, until: Option<Instant>, counts: bool) -> Vec<Snapshot> {
        let mut states = self.lock();
        let mut waits = vec![Wait::default(); self.stations.len()];
        loop {
            let mut is_pending = false;
            let both = self.stations.iter().zip(states.iter());
            for ((station, state), wait) in both.zip(&mut waits) {
                is_pending |= !wait.is_over(station, state);
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if !is_pending || left.is_some_and(|left| left.is_zero()) {
                let both = self.stations.iter().zip(states.iter());
                return both
                    .map(|(station, state)| station.snapshot(state, counts))
                    .collect();
            }
            states = match left {
                Some(left) => {
                    let waited = self.changed.wait_timeout(states, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = self.changed.wait(states);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// The exit code that counts, of what became of all PBXs.
    pub fn code(&self) -> Code {
        let states = self.lock();
        let codes = states.iter().filter_map(|state| state.code);
        codes.min().unwrap_or(Code::Ok)
    }

    /// The PBX with this number is logged in to.
    pub(super) fn opened(&self, number: usize, session: &Arc<Session>, ami: Option<String>) {
        self.change(number, |state| {
            state.link = Link::Open;
            state.session = Some(session.clone());
            state.round = Round::None;
            state.ami = ami;
            state.code = None;
        });
    }

    /// There is no link to it; `code` says why, if it is an end.
    pub fn down(&self, number: usize, code: Option<Code>) {
        if let Some(station) = self.stations.get(number) {
            station.wanted.store(false, Ordering::Release);
        }
        self.change(number, |state| {
            state.link = Link::Down;
            state.round = Round::None;
            state.code = code.or(state.code);
        });
    }

    /// Its session is over: there is no link, and this one makes no other.
    pub(super) fn over(&self, number: usize) {
        self.down(number, None);
        self.change(number, |state| {
            let session = state.session.take();
            state.received += session.map_or(0, |session| session.received());
        });
    }

    /// A round of questions begins.
    pub(super) fn begin(&self, number: usize) {
        self.change(number, |state| {
            state.round = Round::Begun;
            state.begun = Some(Instant::now());
        });
        if let Some(station) = self.stations.get(number) {
            station.wanted.store(false, Ordering::Release);
        }
    }

    /// Its Ping was answered after this time.
    pub(super) fn ponged(&self, number: usize, ping: Duration) {
        self.change(number, |state| {
            state.round = Round::Answered;
            state.ping = Some(ping);
        });
    }

    /// A question was answered; these are its figures now.
    pub(super) fn answered(&self, number: usize, figures: &Figures) {
        self.change(number, |state| {
            state.answered = Some(Instant::now());
            if *state.figures != *figures {
                state.figures = Arc::new(figures.clone());
            }
        });
    }

    /// The round is over. False: it was not answered to its end.
    pub(super) fn done(&self, number: usize, whole: bool) {
        self.change(number, |state| {
            state.round = match whole {
                true => Round::Done,
                false => Round::None,
            };
            state.code = (!whole).then_some(Code::Unknown);
        });
    }

    fn change(&self, number: usize, how: impl FnOnce(&mut State)) {
        if let Some(state) = self.lock().get_mut(number) {
            how(state);
        }
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<State>> {
        // Nothing panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Station {
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Acquire)
    }

    fn snapshot(&self, state: &State, counts: bool) -> Snapshot {
        let is_open = state.link == Link::Open;
        let session = state.session.as_ref();
        let received = session.map_or(0, |session| session.received());
        let answers = matches!(state.round, Round::Answered | Round::Done);
        Snapshot {
            name: self.name.clone(),
            up: is_open && answers && !self.is_wanted(),
            ami: state.ami.clone(),
            age: state.answered.map(|at| at.elapsed()),
            ping: state.ping,
            figures: state.figures.clone(),
            counts: counts.then(|| self.counts.now(state.received + received)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A class of a later version is no series of its own, and no event is lost.
    #[test]
    fn every_event_is_counted_once() {
        let counts = Counts::default();
        for privilege in [
            "call,all",
            "agent,call",
            "new,all",
            "",
            "CALL",
            "message,all",
        ] {
            counts.event(Some(privilege.as_bytes()));
        }
        counts.event(None);
        let now = counts.now(0);
        let names: Vec<&str> = Classes::names().collect();
        assert_eq!(now.events.len(), names.len() + 1);
        let of = |class| {
            let class = names.iter().position(|name| *name == class);
            now.events[class.unwrap_or(names.len())]
        };
        let counted = ["call", "agent", "message", "other"].map(of);
        assert_eq!(counted, [1, 1, 1, 4]);
    }
}
