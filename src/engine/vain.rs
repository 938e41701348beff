//! Events that are waited for in vain, because this user may not read them.
//!
//! The server does not say so by itself: it takes every event mask, and is then
//! silent. So it is asked, once a run: at the prompt when events are turned on,
//! elsewhere only of somebody who has waited for [`LONG`], and nobody waits for
//! the answer.

use super::face::Lookup;
use super::flow::{Done, Flow, Halt};
use super::rights::{Awaited, Stage, named};
use super::runner::Runner;
use super::wait::Waited;
use crate::ami::Classes;
use crate::catalog::Listing;
use crate::diagnosis::{Grant, Next, PATIENCE, Reading};
use crate::language::Expr;
use crate::session::{Answer, Arrival, Arrived};
use std::io;
use std::time::{Duration, Instant};

/// Most waits are over by then, and cost the server nothing.
const LONG: Duration = Duration::from_secs(5);

impl Runner<'_> {
    /// Tells of names in `expr` that no event has, and of events that are in
    /// none of the classes `asked` for: they would be waited for in vain.
    pub fn doubt(&mut self, expr: &Expr, asked: Classes) -> io::Result<()> {
        let words = expr.doubts().or_else(|| {
            let named = named(expr, self.session)?;
            let (name, class) = *named.first()?;
            let comes = |(_, class): &(_, &str)| asked.admit(class.as_bytes());
            (!named.iter().any(comes)).then(|| {
                format!(
                    "no {name} will come: it is of class {class}, and only {asked} is asked for"
                )
            })
        });
        words.map_or(Ok(()), |words| self.say(&words))
    }

    /// Has it told if events of some of `classes`, or those of `expr`, cannot
    /// come, once they were waited for.
    pub fn wait_in_vain(&mut self, classes: Classes, expr: Option<&Expr>) -> io::Result<()> {
        let events = expr.and_then(|expr| Awaited::of_events(expr, self.session));
        let classes = Some(classes).filter(|classes| !classes.is_empty());
        let classes = classes.into_iter().flat_map(Awaited::of_classes);
        self.vain.awaited.extend(classes.chain(events));
        match (&self.vain.stage, self.session.user()) {
            (Stage::Known(read), _) => {
                let read = *read;
                self.tell_in_vain(read)
            }
            (Stage::Unasked, Some(_)) if !self.vain.awaited.is_empty() => {
                self.vain.stage = Stage::Due(Instant::now() + LONG);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// When the server is to be asked, if nothing else happens.
    pub(super) fn rights_due(&self) -> Option<Instant> {
        match self.vain.stage {
            Stage::Due(at) => Some(at),
            _ => None,
        }
    }

    /// Asks the server, if it is to be asked.
    pub(super) fn ask_rights(&mut self) -> io::Result<()> {
        self.ask_rights_with(None)
    }

    fn ask_rights_with(&mut self, listing: Option<&Listing>) -> io::Result<()> {
        let user = self.session.user();
        let Some(user) = user.filter(|_| matches!(self.vain.stage, Stage::Due(_))) else {
            return Ok(());
        };
        let (reading, next) = Reading::of(&user, listing);
        self.read_on(reading, next)
    }

    fn read_on(&mut self, reading: Reading, next: Next) -> io::Result<()> {
        self.vain.stage = Stage::Unasked;
        match next {
            Next::Ask(question) => {
                let patience = PATIENCE.min(self.session.patience());
                if let Ok((ticket, _)) = self.session.send_own(question, patience) {
                    self.vain.stage = Stage::Asked(ticket, reading);
                }
                Ok(())
            }
            Next::Known(read) => {
                self.vain.stage = Stage::Known(read);
                self.tell_in_vain(read)
            }
        }
    }

    /// As [`Runner::wait_in_vain`]; at the prompt it is told at once, if it is
    /// to be told.
    pub(super) fn say_in_vain(&mut self, classes: Classes, expr: Option<&Expr>) -> Done<()> {
        self.wait_in_vain(classes, expr)?;
        if self.is_script() {
            return Ok(());
        }
        // Whoever types has what the server lists, or waits for it already.
        let known = self.known(Lookup::Known).unwrap_or_default();
        if known.listing().is_none() {
            return Ok(());
        }
        self.ask_rights_with(known.listing())?;
        let until = Instant::now() + PATIENCE;
        loop {
            let is_asked = |runner: &mut Self| matches!(runner.vain.stage, Stage::Asked(..));
            match self.wait_while(Some(until), is_asked)? {
                Waited::Nudged => {}
                Waited::Interrupted => return Err(self.interrupted()),
                Waited::Ended => return Err(Halt::Flow(Flow::Stop)),
                Waited::Over | Waited::Done(()) => return Ok(()),
            }
        }
    }

    /// Takes `arrived` if it answers the question about the user's rights.
    pub(super) fn of_rights(&mut self, arrived: Arrived) -> io::Result<Option<Arrived>> {
        let is_ours = matches!((&self.vain.stage, &arrived.what),
            (Stage::Asked(ours, _), Arrival::Answer(ticket, _)) if ours == ticket);
        if !is_ours {
            return Ok(Some(arrived));
        }
        let (Stage::Asked(_, mut reading), Arrival::Answer(_, answer)) =
            (std::mem::take(&mut self.vain.stage), arrived.what)
        else {
            return Ok(None);
        };
        let next = match answer {
            Answer::Reply(reply) => reading.feed(&reply),
            Answer::TimedOut(_) => Next::Known(Grant::UNKNOWN),
            // The next link may be asked again.
            Answer::Lost(_) => return Ok(None),
        };
        self.read_on(reading, next)?;
        Ok(None)
    }

    fn tell_in_vain(&mut self, read: Grant) -> io::Result<()> {
        let user = self.session.user().unwrap_or_default();
        let awaited = std::mem::take(&mut self.vain.awaited);
        for words in awaited.iter().filter_map(|one| one.lacks(read, &user)) {
            if !self.vain.told.contains(&words) {
                self.say(&words)?;
                self.vain.told.push(words);
            }
        }
        Ok(())
    }

    /// Nobody is left to hear what the server says of rights.
    pub(super) fn forget_rights(&mut self) {
        if let Stage::Asked(ticket, _) = std::mem::take(&mut self.vain.stage) {
            self.session.abandon(ticket);
        }
    }
}
