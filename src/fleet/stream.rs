//! The events of every PBX as one stream, shown by one thread.

use super::face::PbxFace;
use super::summary::Outcome;
use super::threads::{PbxThreads, Work};
use super::{Run, Streams};
use crate::engine::{Runner, Shared};
use crate::error::Error;
use crate::exit_code::Code;
use crate::language::Expr;
use crate::run::Ends;
use crate::run::signals::{self, Interruptible};
use crate::run::stream::{Choice, Stop, Stream};
use crate::session::{Classes, Session};
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How often everybody is looked at, for answers that are overdue.
const ROUND: Duration = Duration::from_secs(1);

/// Shows the events of all PBXs, each of its own `classes`, in the order of their
/// arrival, until the first end that the settings name. What a PBX misses is a gap of
/// that PBX.
///
/// # Errors
/// The output failed, or signals cannot be handled.
pub fn stream(run: Run, streams: Streams, classes: &[Classes]) -> Result<Code, Error> {
    let parting = run.parting.clone();
    let mut printer = run.printer.clone();
    let threads = PbxThreads::new(run, streams);
    let parting = threads.parting(parting);
    let mut head = Vec::new();
    printer.begin_merged(&mut head);
    threads.merge.write(&head).map_err(Error::Output)?;
    let watch = signals::watch(threads.sessions.clone(), parting).map_err(Error::Signals)?;
    let ends = Ends::of(&threads.run.settings);
    let wanted = wanted(&threads.run, classes);
    let opened = Opened::begin(&threads)?;
    let mut faces: Vec<PbxFace<'_>> = (0..wanted.len())
        .map(|number| PbxFace::new(&threads.merge, number))
        .collect();
    let rounds = Rounds {
        threads: &threads,
        ends: &ends,
        wanted: &wanted,
        opened: &opened,
        faces: faces.iter_mut().map(Some).collect(),
        shown: wanted.iter().map(|_| None).collect(),
        codes: vec![None; wanted.len()],
        again: Vec::new(),
        is_doubted: false,
    };
    let shown = rounds.run();
    threads.sessions.leave();
    let codes = shown.map_err(Error::Output)?;
    let outcomes = threads.wait().into_iter().zip(codes);
    let outcomes = outcomes.map(|(outcome, code)| code.map_or(outcome, Outcome::Done));
    let code = threads.tell(printer, outcomes.collect())?;
    // Until all is written a signal must end it.
    drop(watch);
    match ends.unmet() {
        Some(words) if !matches!(code, Code::Signal(_)) => {
            threads.merge.say(&words);
            Ok(code.with(Code::Unmet))
        }
        _ => Ok(code),
    }
}

/// What is wanted of one PBX.
struct Wanted {
    classes: Classes,
    filter: Option<Expr>,
    until: Option<Expr>,
}

fn wanted(run: &Run, classes: &[Classes]) -> Vec<Wanted> {
    let pbxs = run.fleet.pbxs.iter().zip(classes);
    let wanted = pbxs.map(|(pbx, classes)| {
        let filter = run.settings.filter.as_ref().or(pbx.filter.as_ref());
        Wanted {
            classes: *classes,
            filter: filter.map(|filter| filter.at_pbx(&pbx.name)),
            until: run
                .settings
                .until
                .as_ref()
                .map(|last| last.at_pbx(&pbx.name)),
        }
    });
    wanted.collect()
}

/// The sessions, handed over by the threads that have opened them.
struct Opened {
    sessions: Vec<OnceLock<Arc<Session>>>,
}

impl Opened {
    /// Begins to open them, in threads that nobody waits for: connecting to a PBX that
    /// is dead takes seconds, and the end on one PBX is the end on all.
    fn begin(threads: &Arc<PbxThreads>) -> Result<Arc<Opened>, Error> {
        let pbxs = threads.run.fleet.pbxs.iter();
        let opened = Arc::new(Opened {
            sessions: pbxs.map(|_| OnceLock::new()).collect(),
        });
        let own = opened.clone();
        let work = move |threads: &PbxThreads, number: usize, session: Arc<Session>| {
            if let Some(place) = own.sessions.get(number) {
                // Only this thread has this number.
                let _ = place.set(session);
            }
            threads.look_at(number);
            Outcome::Done(Code::Ok)
        };
        let (work, threads): (Arc<Work>, _) = (Arc::new(work), threads.clone());
        let thread = std::thread::Builder::new().name("opening".into());
        thread
            .spawn(move || threads.begin(&work))
            .map_err(Error::Thread)?;
        Ok(opened)
    }
}

/// The stream of one PBX.
struct Shown<'a> {
    transcript: Shared,
    runner: Runner<'a>,
    stream: Stream<'a>,
}

/// Goes round those who have news.
struct Rounds<'a> {
    threads: &'a PbxThreads,
    ends: &'a Ends,
    wanted: &'a [Wanted],
    opened: &'a Opened,
    /// Of those that are not shown yet.
    faces: Vec<Option<&'a mut PbxFace<'a>>>,
    shown: Vec<Option<Shown<'a>>>,
    /// Of those whose stream has ended.
    codes: Vec<Option<Code>>,
    /// Who had more than a part.
    again: Vec<usize>,
    /// What is doubtful has been told.
    is_doubted: bool,
}

impl<'a> Rounds<'a> {
    fn run(mut self) -> io::Result<Vec<Option<Code>>> {
        let mut round = Instant::now() + ROUND;
        loop {
            let until = match self.again.is_empty() {
                true => self.ends.deadline().map_or(round, |end| end.min(round)),
                false => Instant::now(),
            };
            // Before the wait: what is over by then has been marked.
            let is_over = self.threads.is_done();
            let mut ready = self.threads.readiness.wait(until);
            ready.append(&mut self.again);
            let now = Instant::now();
            let is_round = round <= now;
            if is_round {
                ready = (0..self.wanted.len()).collect();
                round = now + ROUND;
            }
            for number in ready {
                self.turn(number, is_round)?;
            }
            self.threads.merge.flush()?;
            let is_late = self.ends.deadline().is_some_and(|end| end <= now);
            if is_late || self.ends.is_over() {
                self.end_all()?;
                return Ok(self.codes);
            }
            if is_over && self.shown.iter().all(Option::is_none) {
                return Ok(self.codes);
            }
        }
    }

    /// Shows what has come from the PBX with this number.
    fn turn(&mut self, number: usize, is_round: bool) -> io::Result<()> {
        let opened: &'a Opened = self.opened;
        let session = opened.sessions.get(number).and_then(OnceLock::get);
        let Some(session) = session else {
            return Ok(());
        };
        session.backlog().clear_ready();
        self.begin(number, session)?;
        let Some(Some(one)) = self.shown.get_mut(number) else {
            return Ok(());
        };
        match one.stream.take_part(&mut one.runner, is_round)? {
            Some(stop) => self.end(number, stop),
            None => {
                if !session.backlog().is_empty() {
                    self.again.push(number);
                }
                Ok(())
            }
        }
    }

    /// Asks for the events of a session that has just been opened.
    fn begin(&mut self, number: usize, session: &'a Session) -> io::Result<()> {
        let face = self.faces.get_mut(number).and_then(Option::take);
        let (Some(face), Some(wanted)) = (face, self.wanted.get(number)) else {
            return Ok(());
        };
        let mut transcript = self.threads.transcript(number, session);
        // A stream has no commands that look back.
        transcript.observed = None;
        transcript.filter.clone_from(&wanted.filter);
        let transcript = Shared::new(transcript);
        let rules = self.threads.run.rules;
        let mut runner = Runner::at_prompt(session, transcript.clone(), face, rules, false);
        let choice = Choice {
            filter: wanted.filter.as_ref(),
            until: wanted.until.as_ref(),
            ends: self.ends,
        };
        if !std::mem::replace(&mut self.is_doubted, true) {
            // It would mostly be the same of each.
            choice.doubt(wanted.classes, &mut runner)?;
        }
        let stream = Stream::begin(session, wanted.classes, &choice, &mut runner)?;
        match (stream, self.shown.get_mut(number)) {
            (Some(stream), Some(place)) => {
                *place = Some(Shown {
                    transcript,
                    runner,
                    stream,
                });
            }
            _ => self.ended(number, Code::Usage),
        }
        Ok(())
    }

    fn end(&mut self, number: usize, stop: Stop) -> io::Result<()> {
        let shown = self.shown.get_mut(number).and_then(Option::take);
        // Otherwise all of them are logged off together.
        let is_alone = !matches!(stop, Stop::Interrupted | Stop::Met | Stop::Over);
        if let Some(mut one) = shown {
            let code = one.stream.end(stop, &mut one.runner)?;
            self.ended(number, one.transcript.lock().settle_code(code));
            let session = self.opened.sessions.get(number).and_then(OnceLock::get);
            if let Some(session) = session.filter(|_| is_alone) {
                self.threads.sessions.leave_alone(session);
            }
        }
        Ok(())
    }

    fn ended(&mut self, number: usize, code: Code) {
        if let Some(place) = self.codes.get_mut(number) {
            *place = Some(code);
        }
    }

    /// An end on one PBX, or of the time, is the end on all.
    fn end_all(&mut self) -> io::Result<()> {
        for number in 0..self.wanted.len() {
            let is_met = self.ends.is_over();
            self.end(number, if is_met { Stop::Met } else { Stop::Over })?;
        }
        self.threads.merge.flush()
    }
}
