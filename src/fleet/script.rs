//! A script or a single Action on every PBX.

use super::each::{Worker, each};
use super::member::Member;
use super::{Run, Streams};
use crate::engine::{Rules, Runner, Shared, Source};
use crate::error::Error;
use crate::exit_code::Code;
use crate::language::SyntaxError;
use crate::session::Session;
use std::sync::Arc;

/// Gives the script anew, checked by the rules of a PBX.
pub type Anew<'a> = dyn Fn(Rules) -> Result<Source, SyntaxError> + Sync + 'a;

/// Runs the script on every PBX, each with variables and events of its own. `name`
/// is the name of the script; empty for a single Action.
///
/// # Errors
/// The output failed, or signals cannot be handled.
pub fn script(run: &Run<'_>, streams: Streams, anew: &Anew<'_>, name: &str) -> Result<Code, Error> {
    let rules = run.rules;
    let work = |worker: &Worker<'_>, session: &Arc<Session>| {
        let rules = Rules {
            read_only: rules.read_only || worker.pbx.destination.read_only,
            ..rules
        };
        let source = match anew(rules) {
            Ok(source) => source,
            // This PBX is read-only, and others are not.
            Err(error) => {
                worker.say(&error.to_string())?;
                return Ok(Code::Usage);
            }
        };
        let transcript = Shared::new(worker.transcript(session));
        let mut face = Member::of(worker);
        let mut runner = Runner::for_script(session, transcript.clone(), &mut face, rules, name);
        let code = runner.run(source)?;
        session.close();
        let code = match code {
            Code::Signal(_) => code,
            // A late answer may have come before the logoff.
            code => code.with(runner.remainder()?),
        };
        Ok(transcript.lock().settle_code(code))
    };
    each(run, streams, false, &work, &|| None)
}
