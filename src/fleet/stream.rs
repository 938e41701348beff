//! The events of every PBX as one stream.

use super::each::{Worker, each};
use super::member::Member;
use super::{Run, Streams};
use crate::engine::{Runner, Shared};
use crate::error::Error;
use crate::exit_code::Code;
use crate::run::Ends;
use crate::run::stream::{self as one, Choice};
use crate::session::{Classes, Session};
use std::sync::Arc;

/// Shows the events of all PBXs, each of its own `classes`, in the order of their
/// arrival, until the first end that the settings name. What a PBX misses is a gap of
/// that PBX.
///
/// # Errors
/// The output failed, or signals cannot be handled.
pub fn stream(run: &Run<'_>, streams: Streams, classes: &[Classes]) -> Result<Code, Error> {
    let (settings, rules) = (run.settings, run.rules);
    let ends = Ends::of(settings);
    let work = |worker: &Worker<'_>, session: &Arc<Session>| {
        let mut transcript = worker.transcript(session);
        // A stream has no commands that look back.
        transcript.observed = None;
        let name = &worker.pbx.name;
        let filter = settings.filter.as_ref().or(worker.pbx.filter.as_ref());
        let [filter, until] =
            [filter, settings.until.as_ref()].map(|expr| expr.map(|expr| expr.at_pbx(name)));
        let classes = classes.get(worker.number).copied().unwrap_or(Classes::NONE);
        transcript.filter.clone_from(&filter);
        let transcript = Shared::new(transcript);
        let mut face = Member::of(worker);
        let mut runner = Runner::at_prompt(session, transcript.clone(), &mut face, rules, false);
        let choice = Choice {
            filter: filter.as_ref(),
            until: until.as_ref(),
            ends: &ends,
        };
        if worker.number == 0 {
            // What is doubtful is so on all.
            choice.doubt(classes, &mut runner)?;
        }
        let code = one::run(session, classes, &choice, &mut runner)?;
        if ends.is_over() {
            worker.members.nudge();
        }
        Ok(transcript.lock().settle_code(code))
    };
    each(run, streams, true, &work, &|| ends.unmet())
}
