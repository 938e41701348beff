//! Many PBXs as one: a session each, one output, one exit code.
//!
//! Every PBX has a thread that does what amish does with one PBX, with the same
//! engine. What they share is small: `admission` says who may connect and log in,
//! `merge` is the one output, `members` are the open sessions, for signals and
//! for the end that one of them has met, and `summary` tells what became of each.

mod admission;
mod each;
mod line;
mod member;
mod members;
mod merge;
mod open;
mod script;
mod stream;
mod summary;

pub use line::{Chosen, Line, Told, line};
pub use open::{Unopened, open};
pub use script::{Anew, script};
pub use stream::stream;

use merge::How;

use crate::engine::Rules;
use crate::error::Error;
use crate::output::Printer;
use crate::session::Session;
use crate::settings::{Fleet, Pbx, Settings};
use std::io::Write;
use std::sync::Arc;

/// So many PBXs are named in a question.
const NAMED: usize = 10;

/// What is asked before something is changed on the PBXs with these names.
pub fn changing(names: &[&str]) -> String {
    let mut named = names
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > NAMED {
        named = format!("{named} and {} more", names.len() - NAMED);
    }
    format!("this may change {} PBXs: {named}", names.len())
}

/// Connects to one PBX and logs in.
pub type Open<'a> = dyn Fn(&Pbx) -> Result<Arc<Session>, Error> + Sync + 'a;

/// What all PBXs of one run share.
pub struct Run<'a> {
    /// How amish is to behave.
    pub settings: &'a Settings,
    /// The PBXs.
    pub fleet: &'a Fleet,
    /// The rules for each; a PBX may be read-only while others are not.
    pub rules: Rules,
    /// A printer for what is shown of all together.
    pub printer: Printer,
    /// Connects and logs in.
    pub open: &'a Open<'a>,
}

impl Run<'_> {
    fn order(&self) -> How {
        How {
            by_target: self.fleet.by_target,
            form: self.printer.form,
            limit: self.settings.buffer,
        }
    }
}

/// Where it is shown.
pub struct Streams {
    /// Standard output.
    pub out: Box<dyn Write + Send>,
    /// Standard error.
    pub err: Box<dyn Write + Send>,
    /// The columns of standard error.
    pub columns: usize,
    /// What stands before words of amish's own.
    pub prefix: &'static str,
}
