//! A thread for every PBX that is to be connected to, and what they share.

use super::admission::{Admission, Place};
use super::members::Members;
use super::merge::Merge;
use super::summary::{Outcome, tell};
use super::{Run, Streams};
use crate::engine::{Part, Transcript};
use crate::error::Error;
use crate::exit_code::Code;
use crate::output::{Gathering, Printer, Whose};
use crate::peer_text::visible::width;
use crate::run::signals::{Parting, PartingOf};
use crate::session::{Backoff, Bell, Rope, Session};
use crate::settings::Pbx;
use std::io;
use std::sync::Arc;
use std::thread::Builder;

/// The most memory, in bytes, of answers that are shown together.
const GATHERED: usize = 256 * 1024 * 1024;

/// The most columns for the name of a PBX before its events.
const NAME: usize = 20;

/// The stack of a thread, in bytes: a thousand of the usual size would be more
/// address space than some systems grant.
const STACK: usize = 1024 * 1024;

/// What is done with a session that is open.
pub(super) type Work<'a> = dyn Fn(usize, Arc<Session>) -> Outcome + Sync + 'a;

/// What the threads share.
pub(super) struct Crew<'a> {
    pub run: &'a Run<'a>,
    pub merge: Merge,
    pub members: Arc<Members>,
    pub bell: Arc<Bell>,
    admission: Admission,
    gathering: Arc<Gathering>,
    columns: usize,
}

impl<'a> Crew<'a> {
    pub fn new(run: &'a Run<'a>, streams: Streams) -> Crew<'a> {
        let names: Vec<String> = run.fleet.pbxs.iter().map(|pbx| pbx.name.clone()).collect();
        let widest = names.iter().map(|name| width(name)).max();
        Crew {
            merge: Merge::new(run, names, streams),
            members: Arc::default(),
            bell: Arc::default(),
            admission: Admission::new(run.fleet.parallel, run.settings.keep_going),
            gathering: Arc::new(Gathering::new(GATHERED)),
            columns: widest.unwrap_or(0).min(NAME),
            run,
        }
    }

    /// Opens a session with every PBX, has `work` done with it, and returns what
    /// became of each.
    pub fn each(&self, work: &Work<'_>) -> Vec<Outcome> {
        std::thread::scope(|scope| {
            let mut threads = Vec::new();
            for (number, pbx) in self.run.fleet.pbxs.iter().enumerate() {
                // Here, not in its thread: who waits for a place needs none.
                let place = self.admission.enter(pbx, &self.members);
                let thread = place.map_err(Outcome::Untried).and_then(|place| {
                    let thread = move || self.one(number, pbx, place, work);
                    let builder = Builder::new().name("pbx".into()).stack_size(STACK);
                    let started = builder.spawn_scoped(scope, thread);
                    started.map_err(|why| Outcome::Failed(Error::Thread(why)))
                });
                if thread.is_err() {
                    self.merge.finish(number);
                }
                threads.push(thread);
            }
            let ended = threads.into_iter().map(|thread| match thread {
                // A panic has ended the process before.
                Ok(thread) => thread.join().unwrap_or(Outcome::Done(Code::Failed)),
                Err(outcome) => outcome,
            });
            ended.collect()
        })
    }

    /// Done last by a process that a signal ends.
    pub fn parting(&self, told: PartingOf) -> Parting {
        let members = self.members.clone();
        Arc::new(move || told(&|| members.waiting()))
    }

    /// Connects and logs in, as often as it takes if that is wanted.
    fn open<'c>(
        &'c self,
        number: usize,
        pbx: &Pbx,
        mut place: Place<'c>,
    ) -> Result<Arc<Session>, Outcome> {
        let mut backoff = Backoff::default();
        let mut is_told = false;
        loop {
            let opened = (self.run.open)(pbx, Rope::new(&self.bell, number));
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
            if self.members.pause(backoff.pause()) {
                return Err(Outcome::Failed(error));
            }
            place = self
                .admission
                .enter(pbx, &self.members)
                .map_err(Outcome::Untried)?;
        }
    }

    fn one<'c>(&'c self, number: usize, pbx: &Pbx, place: Place<'c>, work: &Work<'_>) -> Outcome {
        let outcome = match self.open(number, pbx, place) {
            Ok(session) => {
                self.members.add(&session);
                work(number, session)
            }
            Err(outcome) => outcome,
        };
        self.merge.finish(number);
        outcome
    }

    /// Has whoever hears the bell look at the PBX with this number.
    pub fn ring(&self, number: usize) {
        let rope = Rope::new(&self.bell, number);
        rope.ring();
        rope.wake();
    }

    /// A transcript of the PBX with this number.
    pub fn transcript(&self, number: usize, session: &Session) -> Transcript {
        let whose = Whose {
            number,
            name: self.merge.name(number).to_owned(),
            columns: self.columns,
            gathering: self.gathering.clone(),
        };
        let mut printer = self.run.printer.clone().of_pbx(whose);
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
        Ok(match self.members.is_interrupted_by_person() {
            true => code.with(Code::Signal(2)),
            false => code,
        })
    }
}
