//! The event mask: the union of what everybody wants to see.
//!
//! Only this sends `Action: Events` for amish itself. The mask goes out as
//! class words, never as `on` or `all`: a server with `brokeneventsaction=yes`
//! sends no answer to those.

use super::arrival::Answer;
use super::classes::Classes;
use super::error::Error;
use super::link::Link;
use super::{Session, lock};
use crate::ami::{Action, Packet, Ticket};
use std::time::Instant;

/// Who wants what. The session tells the server.
#[derive(Debug, Default)]
pub struct Interest {
    /// What the user asked for.
    base: Classes,
    /// What parts of amish want for themselves at this moment.
    own: Vec<(u64, Classes)>,
    next: u64,
    /// What the server was told last. A session begins with `Events: off`.
    told: Classes,
    /// Since when nobody is there to see anything.
    paused: Option<Instant>,
    /// The user's own Filter actions: they last as long as the link.
    filters: Vec<Action>,
    /// Filter actions that spare a stream what it drops.
    narrow: Vec<Action>,
}

impl Interest {
    /// What the user asked to see.
    pub fn base(&self) -> Classes {
        self.base
    }

    /// The user asks for `classes`.
    pub fn set_base(&mut self, classes: Classes) {
        self.base = classes;
    }

    /// The user sent an Events action of their own, and it was answered well.
    pub fn observe(&mut self, classes: Classes) {
        self.base = classes;
        self.told = classes;
    }

    /// The user's own Filter action was answered well.
    pub fn observe_filter(&mut self, filter: &Action) {
        self.filters.push(filter.clone());
    }

    /// What spares the stream of each new link what it drops.
    pub(super) fn narrow(&self) -> Vec<Action> {
        self.narrow.clone()
    }

    /// A new link, on which the server was told nothing yet: what to send.
    pub(super) fn renewed(&mut self) -> (Vec<Action>, Option<Action>) {
        self.told = Classes::NONE;
        (self.filters.clone(), self.due())
    }

    pub(super) fn add(&mut self, classes: Classes) -> u64 {
        self.next += 1;
        self.own.push((self.next, classes));
        self.next
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.own.retain(|(own, _)| *own != id);
    }

    /// From now on nothing is wanted, whatever was asked for.
    pub(super) fn pause(&mut self) {
        self.paused = Some(Instant::now());
    }

    /// What was asked for is wanted again. Since when it was not, if there was
    /// something to miss.
    pub(super) fn resume(&mut self) -> Option<Instant> {
        let since = self.paused.take();
        since.filter(|_| !self.base.is_empty())
    }

    /// The Events action that makes the server's mask what is wanted; None
    /// where it is so already. It counts as told from now on.
    pub(super) fn due(&mut self) -> Option<Action> {
        let wanted = match self.paused {
            Some(_) => Classes::NONE,
            None => (self.own.iter()).fold(self.base, |all, (_, own)| all.and(*own)),
        };
        if wanted == self.told {
            return None;
        }
        self.told = wanted;
        Some(Action::own("Events", &[("EventMask", &wanted.to_string())]))
    }
}

impl Session {
    /// The user asks for events of `classes`; the server is told, and the
    /// answer waited for.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub fn set_events(&self, classes: Classes) -> Result<Option<Answer>, Error> {
        lock(&self.interest).set_base(classes);
        self.tell_mask()
    }

    /// As [`Session::set_events`], without waiting: the answer will come out of
    /// the backlog, among the events that may already come. None: the server
    /// sends these as it is.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub fn ask_events(&self, classes: Classes) -> Result<Option<Ticket>, Error> {
        lock(&self.interest).set_base(classes);
        let sent = self.due()?.map(|action| self.send(action, self.patience()));
        Ok(sent.transpose()?.map(|(ticket, _)| ticket))
    }

    /// The user's own Events action with this mask was answered well.
    pub fn observe_events(&self, classes: Classes) {
        lock(&self.interest).observe(classes);
    }

    /// The user's own Filter action was answered well: the next link gets it too.
    pub fn observe_filter(&self, filter: &Action) {
        lock(&self.interest).observe_filter(filter);
    }

    /// Has the server leave out what is dropped here as well. Whether it does
    /// is no matter, so nobody waits for its answers; every new link is asked.
    pub fn narrow(&self, filters: Vec<Action>) {
        lock(&self.interest).narrow = filters;
        self.tell_narrow(&self.link());
    }

    /// Asks `link` to leave out what is dropped here as well.
    pub(super) fn tell_narrow(&self, link: &Link) {
        let filters = lock(&self.interest).narrow();
        let marked = filters.into_iter().filter_map(|one| self.with_id(one).ok());
        marked.for_each(|one| drop(link.ask(&one, self.patience())));
    }

    /// What the user asked to see.
    pub fn events(&self) -> Classes {
        lock(&self.interest).base()
    }

    /// Did the user ask for this event? Others come while amish itself is
    /// interested in them.
    pub fn is_wanted(&self, event: &Packet) -> bool {
        let base = self.events();
        match event.get("Privilege") {
            Some(privilege) => base.admit(privilege),
            None => !base.is_empty(),
        }
    }

    /// Asks for `classes` until the guard is dropped.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub fn want(&self, classes: Classes) -> Result<Wanted<'_>, Error> {
        let id = lock(&self.interest).add(classes);
        let wanted = Wanted { session: self, id };
        self.tell_mask()?;
        Ok(wanted)
    }

    /// Tells the server what is wanted, where it has not been told yet.
    pub(super) fn tell_mask(&self) -> Result<Option<Answer>, Error> {
        self.due()?.map(|action| self.call(action)).transpose()
    }

    /// Nothing counts as told that cannot be sent: on another link it will be.
    fn due(&self) -> Result<Option<Action>, Error> {
        match self.is_open() {
            true => Ok(lock(&self.interest).due()),
            false => Err(Error::NotConnected),
        }
    }
}

/// Asks for event classes while it lives.
pub struct Wanted<'a> {
    session: &'a Session,
    id: u64,
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        lock(&self.session.interest).remove(self.id);
        if let Ok(Some(action)) = self.session.due() {
            // Nobody waits for the answer: who stopped an Originate with
            // Ctrl-C wants the prompt. Without a link there is no mask left.
            let _ = self.session.tell_server(action);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(interest: &mut Interest) -> Option<String> {
        let action = interest.due()?;
        Some(String::from_utf8_lossy(action.get("EventMask")?).into_owned())
    }

    // An Originate must be able to see its outcome, and nobody else notice.
    #[test]
    fn the_mask_is_the_union_of_who_wants_what() {
        let mut interest = Interest::default();
        assert_eq!(
            sent(&mut interest),
            None,
            "a session begins with events off"
        );
        let own = interest.add(Classes::CALL);
        assert_eq!(sent(&mut interest).unwrap(), "call");
        interest.set_base("user".parse().unwrap());
        assert_eq!(sent(&mut interest).unwrap(), "call,user");
        assert_eq!(sent(&mut interest), None, "told once");
        interest.remove(own);
        assert_eq!(sent(&mut interest).unwrap(), "user");
        // Nobody is there to read what comes while the process is stopped.
        interest.pause();
        assert_eq!(sent(&mut interest).unwrap(), "off");
        assert!(interest.resume().is_some(), "something was missed");
        assert_eq!(sent(&mut interest).unwrap(), "user");
        assert_eq!(interest.resume(), None, "it was not stopped");
        // The user's own Events action has told the server already.
        interest.observe(Classes::of_mask("on"));
        assert_eq!(sent(&mut interest), None);
        interest.set_base(Classes::NONE);
        assert_eq!(sent(&mut interest).unwrap(), "off");
    }
}
