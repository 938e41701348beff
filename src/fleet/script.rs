//! A script or a single Action on every PBX.

use super::face::PbxFace;
use super::summary::Outcome;
use super::threads::{PbxThreads, Work};
use super::{Run, Streams};
use crate::engine::{Rules, Runner, Shared, Source};
use crate::error::Error;
use crate::exit_code::Code;
use crate::language::SyntaxError;
use crate::run::signals;
use crate::session::Session;
use std::io;
use std::sync::Arc;

/// Gives the script anew, checked by the rules of a PBX.
pub type Anew = dyn Fn(Rules) -> Result<Source, SyntaxError> + Send + Sync;

/// Runs the script on every PBX, each with variables and events of its own. `name`
/// is the name of the script; empty for a single Action.
///
/// # Errors
/// The output failed, or signals cannot be handled.
pub fn script(run: Run, streams: Streams, anew: Arc<Anew>, name: &str) -> Result<Code, Error> {
    let parting = run.parting.clone();
    let printer = run.printer.clone();
    let threads = PbxThreads::new(run, streams);
    let parting = threads.parting(parting);
    let watch = signals::watch(threads.sessions.clone(), parting).map_err(Error::Signals)?;
    let name = name.to_owned();
    let work = move |threads: &PbxThreads, number, session: Arc<Session>| {
        let done = on_one(threads, number, &session, &*anew, &name);
        session.close();
        if done.is_err() {
            // Nobody reads any more, and those who have nothing to show would not
            // notice.
            threads.sessions.stop();
        }
        done.map_or_else(Outcome::Output, Outcome::Done)
    };
    let work: Arc<Work> = Arc::new(work);
    threads.begin(&work);
    let outcomes = threads.wait();
    let code = threads.tell(printer, outcomes);
    // Until all is written a signal must end it.
    drop(watch);
    code
}

fn on_one(
    threads: &PbxThreads,
    number: usize,
    session: &Arc<Session>,
    anew: &Anew,
    name: &str,
) -> io::Result<Code> {
    let rules = threads.run.rules;
    let pbx = threads.run.fleet.pbxs.get(number);
    let rules = Rules {
        read_only: rules.read_only || pbx.is_some_and(|pbx| pbx.destination.read_only),
        ..rules
    };
    let source = match anew(rules) {
        Ok(source) => source,
        // This PBX is read-only, and others are not.
        Err(error) => {
            threads.say(number, &error.to_string())?;
            return Ok(Code::Usage);
        }
    };
    let transcript = Shared::new(threads.transcript(number, session));
    let mut face = PbxFace::new(&threads.merge, number);
    let mut runner = Runner::for_script(session, transcript.clone(), &mut face, rules, name);
    let code = runner.run(source)?;
    session.close();
    let code = match code {
        Code::Signal(_) => code,
        // A late answer may have come before the logoff.
        code => code.with(runner.remainder()?),
    };
    let code = transcript.lock().settle_code(code);
    Ok(code)
}
