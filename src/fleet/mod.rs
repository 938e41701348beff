//! Many PBXs as one: a session each, one output, one exit code.
//!
//! A script runs on each in a thread of its own, by the engine that runs it on one.
//! Streams are shown by one thread for all: [`stream`] hears by a bell who has news.
//! `crew` opens the sessions, `admission` says who may connect and log in,
//! `merge` is the one output, `members` are the open sessions, for signals, and
//! `summary` tells what became of each.

mod admission;
mod crew;
mod member;
mod members;
mod merge;
mod script;
mod stream;
mod summary;

pub use admission::{Admission, Place, Refused};
pub use members::Members;
pub use script::{Anew, script};
pub use stream::stream;

use crate::engine::Rules;
use crate::error::Error;
use crate::output::Printer;
use crate::run::signals::PartingOf;
use crate::session::{Rope, Session};
use crate::settings::{Fleet, Pbx, Settings};
use std::io::Write;
use std::sync::Arc;

/// Connects to one PBX and logs in. The rope is rung when something has come.
pub type Open = dyn Fn(&Pbx, Rope) -> Result<Arc<Session>, Error> + Send + Sync;

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
}

/// Where it is shown.
pub struct Streams {
    /// Standard output, or a broker.
    pub out: Box<dyn Write + Send>,
    /// Standard error.
    pub err: Box<dyn Write + Send>,
    /// The columns of standard error.
    pub columns: usize,
    /// Done last by a process that a signal ends, given how to count what waits to
    /// be shown.
    pub parting: PartingOf,
}
