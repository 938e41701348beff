//! Many PBXs as one: a session each, one output, one exit code.
//!
//! A script runs on each in a thread of its own, by the engine that runs it on one.
//! Streams are shown by one thread for all: [`stream`] looks at those that are ready.
//! `threads` opens the sessions, `admission` says who may connect and log in,
//! `merge` is the one output, `open_sessions` has them all for signals, and
//! `summary` tells what became of each.
//! A line of the shell goes to those it is for ([`line()`]).

mod admission;
mod face;
mod line;
mod merge;
mod open;
mod open_sessions;
mod script;
mod stream;
mod summary;
mod threads;

pub use admission::{Admission, NotTried, Place};
pub use line::{Chosen, Line, Told, line};
pub use open::{Unopened, open};
pub use open_sessions::OpenSessions;
pub use script::{Anew, script};
pub use stream::stream;
pub use threads::STACK;

use merge::How;

use crate::engine::Rules;
use crate::error::Error;
use crate::output::Printer;
use crate::run::signals::PartingOf;
use crate::session::{ReadyMark, Session};
use crate::settings::{Fleet, Mode, Pbx, Settings};
use std::io::Write;
use std::sync::Arc;

/// So many PBXs are named in a question.
const NAMED: usize = 10;

/// How many there are, and the names of the first.
pub fn named(names: &[&str]) -> String {
    let some: Vec<&str> = names.iter().take(NAMED).copied().collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{} PBXs: {}{more}", names.len(), some.join(", "))
}

/// What is asked before something is changed on the PBXs with these names.
pub fn changing(names: &[&str]) -> String {
    format!("this may change {}", named(names))
}

/// Connects to one PBX and logs in. The mark is set when something has come.
pub type Open = dyn Fn(&Pbx, ReadyMark) -> Result<Arc<Session>, Error> + Send + Sync;

/// What all PBXs of one run share.
pub struct Run {
    /// How amish is to behave.
    pub settings: Settings,
    /// The PBXs.
    pub fleet: Fleet,
    /// The rules for each; a PBX may be read-only while others are not.
    pub rules: Rules,
    /// A printer for what is shown of all together.
    pub printer: Printer,
    /// Connects and logs in.
    pub open: Box<Open>,
    /// Done last by a process that a signal ends, given how to count what waits to
    /// be shown.
    pub parting: PartingOf,
}

impl Run {
    fn order(&self) -> How {
        How {
            by_target: self.fleet.by_target,
            form: self.printer.form,
            is_one_by_one: matches!(self.settings.mode, Mode::Stream(_)),
            limit: self.settings.buffer.saturating_mul(self.fleet.pbxs.len()),
        }
    }
}

/// Where it is shown.
pub struct Streams {
    /// Standard output, or a broker.
    pub out: Box<dyn Write + Send>,
    /// Standard error.
    pub err: Box<dyn Write + Send>,
    /// The columns of standard error.
    pub columns: usize,
    /// What stands before words of amish's own.
    pub prefix: &'static str,
}
