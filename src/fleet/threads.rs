//! A thread for every PBX that is to be connected to, and what they share.

use super::admission::{Admission, NotTried, Place};
use super::merge::Merge;
use super::open_sessions::OpenSessions;
use super::summary::{Outcome, tell};
use super::{Run, Streams};
use crate::engine::{Part, Transcript};
use crate::error::Error;
use crate::exit_code::Code;
use crate::output::{Gathering, PbxLabel, Printer};
use crate::peer_text::visible::width;
use crate::run::signals::{Parting, PartingOf};
use crate::session::{Backoff, Readiness, ReadyMark, Session};
use crate::settings::Pbx;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::Duration;

/// The most memory, in bytes, of answers that are shown together.
pub(super) const GATHERED: usize = 256 * 1024 * 1024;

/// The most columns for the name of a PBX before its events.
const NAME: usize = 20;

/// The stack of a thread, in bytes: a thousand of the usual size would be more
/// address space than some systems grant.
pub const STACK: usize = 1024 * 1024;

/// How often those who wait for all look whether the run ends.
const GLANCE: Duration = Duration::from_millis(50);

/// What is done with a session that is open.
pub(super) type Work = dyn Fn(&PbxThreads, usize, Arc<Session>) -> Outcome + Send + Sync;

/// What the threads share.
pub(super) struct PbxThreads {
    pub run: Run,
    pub merge: Merge,
    pub sessions: Arc<OpenSessions>,
    pub readiness: Arc<Readiness>,
    admission: Arc<Admission>,
    gathering: Arc<Gathering>,
    columns: usize,
    progress: Mutex<Progress>,
    changed: Condvar,
}

/// How far the threads are.
struct Progress {
    /// Of those that are done.
    outcomes: Vec<Option<Outcome>>,
    /// How many have a session to work with.
    working: usize,
}

impl PbxThreads {
    pub fn new(run: Run, streams: Streams) -> Arc<PbxThreads> {
        let pbxs = &run.fleet.pbxs;
        let names: Vec<String> = pbxs.iter().map(|pbx| pbx.name.clone()).collect();
        let widest = names.iter().map(|name| width(name)).max();
        let admission = Admission::new(run.fleet.parallel, run.settings.keep_going);
        let progress = Progress {
            outcomes: pbxs.iter().map(|_| None).collect(),
            working: 0,
        };
        Arc::new(PbxThreads {
            merge: Merge::new(run.order(), names, streams),
            sessions: Arc::default(),
            readiness: Arc::default(),
            admission: Arc::new(admission),
            gathering: Arc::new(Gathering::new(GATHERED)),
            columns: widest.unwrap_or(0).min(NAME),
            progress: Mutex::new(progress),
            changed: Condvar::new(),
            run,
        })
    }

    /// Opens a session with every PBX and has `work` done with it, in a thread of its
    /// own, which nobody waits for here.
    pub fn begin(self: &Arc<Self>, work: &Arc<Work>) {
        for (number, pbx) in self.run.fleet.pbxs.iter().enumerate() {
            // Here, not in its thread: who waits for a place needs none.
            let place = match self.admission.enter(pbx, &self.sessions) {
                Ok(place) => place,
                Err(refused) => {
                    self.done(number, Outcome::Untried(refused));
                    continue;
                }
            };
            let (own, work) = (self.clone(), work.clone());
            let thread = move || own.one(number, place, &*work);
            let builder = Builder::new().name("pbx".into()).stack_size(STACK);
            if let Err(why) = builder.spawn(thread) {
                self.done(number, Outcome::Failed(Error::Thread(why)));
            }
        }
    }

    /// Waits until all are done, and when the run ends only for those who have a
    /// session: connecting to one that is dead takes seconds, and nobody can stop it.
    /// Returns what became of each.
    pub fn wait(&self) -> Vec<Outcome> {
        let mut progress = self.lock();
        loop {
            let is_done = progress.outcomes.iter().all(Option::is_some);
            if is_done || self.sessions.is_stopping() && progress.working == 0 {
                let untried = || Outcome::Untried(NotTried::Ending);
                let outcomes = progress.outcomes.iter_mut();
                return outcomes
                    .map(|one| one.take().unwrap_or_else(untried))
                    .collect();
            }
            let waited = self.changed.wait_timeout(progress, GLANCE);
            progress = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether all threads are done.
    pub fn is_done(&self) -> bool {
        self.lock().outcomes.iter().all(Option::is_some)
    }

    fn done(&self, number: usize, outcome: Outcome) {
        self.merge.finish(number);
        let mut progress = self.lock();
        if let Some(place) = progress.outcomes.get_mut(number) {
            *place = Some(outcome);
        }
        drop(progress);
        self.changed.notify_all();
        self.look_at(number);
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        // Nothing panics half way through a change.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Done last by a process that a signal ends.
    pub fn parting(&self, told: PartingOf) -> Parting {
        let sessions = self.sessions.clone();
        Arc::new(move || told(&|| sessions.waiting()))
    }

    /// Connects and logs in, as often as it takes if that is wanted.
    fn open(&self, number: usize, pbx: &Pbx, mut place: Place) -> Result<Arc<Session>, Outcome> {
        let mut backoff = Backoff::default();
        let mut is_told = false;
        loop {
            let opened = (self.run.open)(pbx, ReadyMark::new(&self.readiness, number));
            place.settle(opened.as_ref().err());
            let error = match opened {
                Err(error) if self.run.fleet.insists && error.is_temporary() => error,
                opened => return opened.map_err(Outcome::Failed),
            };
            if !std::mem::replace(&mut is_told, true) {
                // Standard output may be broken; whoever writes there is told.
                let _ = self.say(number, &format!("retrying: {error}"));
            }
            // Without its place: others are waiting.
            if self.sessions.pause(backoff.pause()) {
                return Err(Outcome::Failed(error));
            }
            let entered = self.admission.enter(pbx, &self.sessions);
            place = entered.map_err(Outcome::Untried)?;
        }
    }

    fn one(&self, number: usize, place: Place, work: &Work) {
        let Some(pbx) = self.run.fleet.pbxs.get(number) else {
            return;
        };
        let outcome = match self.open(number, pbx, place) {
            Ok(session) => {
                self.lock().working += 1;
                self.sessions.add(&session);
                let outcome = work(self, number, session);
                self.lock().working -= 1;
                outcome
            }
            Err(outcome) => outcome,
        };
        self.done(number, outcome);
    }

    /// Has whoever waits look at the PBX with this number.
    pub fn look_at(&self, number: usize) {
        let ready_mark = ReadyMark::new(&self.readiness, number);
        ready_mark.set();
        ready_mark.wake();
    }

    /// A transcript of the PBX with this number.
    pub fn transcript(&self, number: usize, session: &Session) -> Transcript {
        let label = PbxLabel {
            number,
            name: self.merge.name(number).to_owned(),
            columns: self.columns,
            gathering: Some(self.gathering.clone()),
        };
        let mut printer = self.run.printer.clone().of_pbx(label);
        printer.target = session.target();
        let mut transcript = Transcript::new(printer);
        transcript.quiet = self.run.settings.quiet;
        transcript.filter.clone_from(&self.run.settings.filter);
        transcript
    }

    /// Says what is wrong with the PBX of this number.
    pub fn say(&self, number: usize, words: &str) -> io::Result<()> {
        self.merge.show(number, [Part::Notice(words)])
    }

    /// Shows what is shown of all together, and tells what became of each. Returns
    /// the exit code.
    pub fn tell(&self, mut printer: Printer, outcomes: Vec<Outcome>) -> Result<Code, Error> {
        let quiet = self.run.settings.quiet;
        let code = tell(&self.merge, &mut printer, &self.gathering, outcomes, quiet)?;
        Ok(match self.sessions.is_interrupted_by_person() {
            true => code.with(Code::Signal(2)),
            false => code,
        })
    }
}
