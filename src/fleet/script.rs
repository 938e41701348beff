//! A script or a single Action on every PBX.

use super::crew::{Crew, Work};
use super::member::Member;
use super::summary::Outcome;
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
    let crew = Crew::new(run, streams);
    let parting = crew.parting(parting);
    let watch = signals::watch(crew.members.clone(), parting).map_err(Error::Signals)?;
    let name = name.to_owned();
    let work = move |crew: &Crew, number, session: Arc<Session>| {
        let done = on_one(crew, number, &session, &*anew, &name);
        session.close();
        if done.is_err() {
            // Nobody reads any more, and those who have nothing to show would not
            // notice.
            crew.members.stop();
        }
        done.map_or_else(Outcome::Output, Outcome::Done)
    };
    let work: Arc<Work> = Arc::new(work);
    crew.begin(&work);
    let outcomes = crew.wait();
    let code = crew.tell(printer, outcomes);
    // Until all is written a signal must end it.
    drop(watch);
    code
}

fn on_one(
    crew: &Crew,
    number: usize,
    session: &Arc<Session>,
    anew: &Anew,
    name: &str,
) -> io::Result<Code> {
    let rules = crew.run.rules;
    let pbx = crew.run.fleet.pbxs.get(number);
    let rules = Rules {
        read_only: rules.read_only || pbx.is_some_and(|pbx| pbx.destination.read_only),
        ..rules
    };
    let source = match anew(rules) {
        Ok(source) => source,
        // This PBX is read-only, and others are not.
        Err(error) => {
            crew.say(number, &error.to_string())?;
            return Ok(Code::Usage);
        }
    };
    let transcript = Shared::new(crew.transcript(number, session));
    let mut face = Member::new(&crew.merge, number);
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
