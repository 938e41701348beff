//! A thread for every PBX, from its connection to its logoff.

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
use crate::run::signals::{self, Interruptible};
use crate::session::Session;
use crate::settings::Pbx;
use std::io;
use std::sync::Arc;
use std::thread::Builder;

/// The most memory, in bytes, of answers that are shown together.
pub(super) const GATHERED: usize = 256 * 1024 * 1024;

/// The most columns for the name of a PBX before its events.
pub(super) const NAME: usize = 20;

/// The stack of a thread, in bytes: a thousand of the usual size would be more
/// address space than some systems grant.
pub(super) const STACK: usize = 1024 * 1024;

/// What is done with one PBX.
pub(super) type Work<'a> = dyn Fn(&Worker<'_>, &Arc<Session>) -> io::Result<Code> + Sync + 'a;

/// What the threads share.
struct Crew<'a> {
    run: &'a Run<'a>,
    merge: Merge,
    members: Arc<Members>,
    admission: Admission,
    gathering: Arc<Gathering>,
    columns: usize,
}

/// The thread of one PBX.
pub(super) struct Worker<'a> {
    /// Its number, from 0.
    pub number: usize,
    pub pbx: &'a Pbx,
    pub merge: &'a Merge,
    pub members: &'a Members,
    run: &'a Run<'a>,
    printer: Printer,
}

/// Does `work` with every PBX and tells what became of each. `is_stream`: rows
/// are below one header row. `unmet`: what to say if what all waited for has not
/// come.
pub(super) fn each(
    run: &Run<'_>,
    streams: Streams,
    is_stream: bool,
    work: &Work<'_>,
    unmet: &dyn Fn() -> Option<String>,
) -> Result<Code, Error> {
    let names: Vec<String> = run.fleet.pbxs.iter().map(|pbx| pbx.name.clone()).collect();
    let widest = names.iter().map(|name| width(name)).max();
    let mut printer = run.printer.clone();
    let merge = Merge::new(run.order(), names.clone(), streams);
    if is_stream {
        let mut head = Vec::new();
        printer.begin_merged(&mut head);
        merge.write(&head).map_err(Error::Output)?;
    }
    let crew = Crew {
        merge,
        members: Arc::default(),
        admission: Admission::new(run.fleet.parallel, run.settings.keep_going),
        gathering: Arc::new(Gathering::new(GATHERED)),
        columns: widest.unwrap_or(0).min(NAME),
        run,
    };
    let watch = signals::watch(crew.members.clone()).map_err(Error::Signals)?;
    let outcomes = crew.each(work);
    drop(watch);
    let code = tell(
        &crew.merge,
        &mut printer,
        &crew.gathering,
        &names,
        outcomes,
        run.settings.quiet,
    )?;
    match unmet() {
        Some(words) if !matches!(code, Code::Signal(_)) => {
            crew.merge.say(&words);
            Ok(code.with(Code::Unmet))
        }
        _ => Ok(code),
    }
}

impl Crew<'_> {
    fn each(&self, work: &Work<'_>) -> Vec<Outcome> {
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

    fn one(&self, number: usize, pbx: &Pbx, place: Place<'_>, work: &Work<'_>) -> Outcome {
        let opened = (self.run.open)(pbx);
        place.settle(opened.as_ref().err());
        let outcome = match opened {
            Ok(session) => self.with(number, pbx, &session, work),
            Err(error) => Outcome::Failed(error),
        };
        self.merge.finish(number);
        outcome
    }

    fn with(&self, number: usize, pbx: &Pbx, session: &Arc<Session>, work: &Work<'_>) -> Outcome {
        self.members.add(session);
        let whose = Whose {
            number,
            name: pbx.name.clone(),
            columns: self.columns,
            gathering: Some(self.gathering.clone()),
        };
        let worker = Worker {
            number,
            pbx,
            merge: &self.merge,
            members: &self.members,
            run: self.run,
            printer: self.run.printer.clone().of_pbx(whose),
        };
        let done = work(&worker, session);
        session.close();
        match done {
            Ok(code) => Outcome::Done(code),
            Err(why) => {
                // Nobody reads any more, and those who have nothing to show would
                // not notice.
                self.members.interrupt();
                Outcome::Output(why)
            }
        }
    }
}

impl Worker<'_> {
    /// A transcript of this PBX.
    pub fn transcript(&self, session: &Session) -> Transcript {
        let mut printer = self.printer.clone();
        printer.target = session.target();
        let mut transcript = Transcript::new(printer);
        transcript.quiet = self.run.settings.quiet;
        transcript.filter.clone_from(&self.run.settings.filter);
        transcript
    }

    /// Shows a message of amish's own about this PBX.
    pub fn say(&self, words: &str) -> io::Result<()> {
        self.merge.show(self.number, [Part::Notice(words)])
    }
}
