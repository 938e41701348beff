//! The front end of the engine: the shell, or standard output for scripts and
//! streams.

use super::batch::Batch;
use super::flow::Flow;
use super::tally::Tally;
use crate::catalog::Catalog;
use crate::language::Interactive;
use std::io;
use std::sync::Arc;

/// Shows what statements do, and asks the person at the prompt, if any. An error
/// in words is for the user.
pub trait Face {
    /// Shows replies, events, gaps and notices, in order.
    fn show(&mut self, batch: &Batch) -> io::Result<()>;

    /// Shows a reply, a list of calls or a page of help, possibly through a
    /// pager.
    fn page(&mut self, text: &[u8]) -> io::Result<()>;

    /// Shows a message of amish's own, separate from the output.
    fn say(&mut self, words: &str);

    /// Asks for confirmation of a dangerous Action. Without a person to ask,
    /// the answer is yes.
    ///
    /// # Errors
    /// The answer was no.
    fn consent(&mut self, _warning: &str) -> Result<(), String> {
        Ok(())
    }

    /// Reports the progress of a script; `total` is None if unknown.
    fn progress(&mut self, _tally: Tally, _total: Option<usize>) {}

    /// The server's documentation, for help and for checking a line; `wanted`
    /// is fetched first if possible. None if this face keeps none and the
    /// engine must ask the server.
    fn catalog(&mut self, _wanted: Lookup<'_>) -> Result<Option<Arc<Catalog>>, String> {
        Ok(None)
    }

    /// The user has logged in over this session by hand.
    fn logged_in(&mut self) {}

    /// Runs a command that works at the prompt only.
    fn interactive(&mut self, _command: &Interactive) -> Result<Flow, String> {
        Err("this works at the prompt only".to_owned())
    }

    /// The history as text; None without a prompt.
    fn history(&self) -> Option<String> {
        None
    }

    /// May local commands be run?
    fn admits_local(&self) -> Result<(), String> {
        Err("local commands run at the prompt only".to_owned())
    }

    /// Runs `!cmd`, or the command after `|`, which reads `input`.
    fn local(&mut self, _command: &str, _input: Option<&[u8]>) -> Result<Flow, String> {
        self.admits_local().map(|()| Flow::Stop)
    }

    /// Shows `text` under `title` in place of the last one, marking what
    /// changed since `before`.
    fn redraw(&mut self, _title: &str, text: &str, _before: Option<&str>) -> io::Result<()> {
        self.page(text.as_bytes())
    }

    /// Ends what [`Face::redraw`] began.
    fn redrawn(&mut self) {}
}

/// What [`Face::catalog`] is to fetch first.
#[derive(Debug, Clone, Copy)]
pub enum Lookup<'a> {
    /// Nothing: what is known will do.
    Known,
    /// The list of Actions, again: a module may have been loaded since.
    Listing,
    /// The documentation of this Action.
    Action(&'a str),
    /// The documentation of this event.
    Event(&'a str),
}
