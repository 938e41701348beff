//! Asks the server for events.
//!
//! Only this file sends `Action: Events` for amish itself. The mask is sent as
//! class words, never as `on` or `all`: a server with `brokeneventsaction=yes`
//! does not answer those.

use super::arrival::Answer;
use super::error::Error;
use super::link::Link;
use super::{Session, lock};
use crate::ami::{Action, Classes, Packet, Status, Ticket};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// An Events action that was sent.
pub(super) struct Asked {
    pub link: Arc<Link>,
    pub answer: Receiver<Answer>,
}

impl Session {
    /// Asks the server for events of `classes`, for the user. The answer comes
    /// out of the backlog, before the events that it allows, and
    /// [`Session::events`] changes only after Success. Until it is refused it
    /// is asked for again on each later link. None: the server sends these
    /// already.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub fn ask_events(&self, classes: Classes) -> Result<Option<Ticket>, Error> {
        self.post_mask(Some(classes))
    }

    /// Stops asking for what [`Session::ask_events`] asked for and the server
    /// has not answered. A late Success still counts.
    pub fn give_up_events(&self) {
        self.mask.give_up();
    }

    fn post_mask(&self, base: Option<Classes>) -> Result<Option<Ticket>, Error> {
        let turn = self.mask.turn();
        let link = self.open_link()?;
        let Some((action, change)) = turn.choose(base) else {
            return Ok(None);
        };
        let posted = link.post_own(&self.with_id(action)?, self.patience(), Some(change));
        link.flush();
        posted.map(Some)
    }

    /// Records that the user's own Events action with this mask was answered
    /// with Success.
    pub fn observe_events(&self, classes: Classes) {
        self.mask.observe(classes);
    }

    /// Records that the user's own Filter action was answered with Success:
    /// later links get it too.
    pub fn observe_filter(&self, filter: &Action) {
        self.mask.add_filter(filter.clone());
    }

    /// Has the server leave out events that would be dropped here anyway, on
    /// this link and later ones. It is only an optimisation, so nobody waits
    /// for the answers.
    pub fn narrow(&self, filters: Vec<Action>) {
        self.mask.set_narrow(filters);
        self.send_narrow(&self.link());
    }

    /// Asks `link` to leave out events that would be dropped here anyway.
    pub(super) fn send_narrow(&self, link: &Link) {
        let filters = self.mask.narrow().into_iter();
        let marked = filters.filter_map(|one| self.with_id(one).ok());
        marked.for_each(|one| drop(link.ask(&one, self.patience())));
    }

    /// The classes that the user asked for and the server agreed to.
    pub fn events(&self) -> Classes {
        self.mask.base()
    }

    /// Whether the user asked for this event. Others come while amish itself
    /// wants them.
    pub fn is_wanted(&self, event: &Packet) -> bool {
        let shown = self.mask.shown();
        match event.get("Privilege") {
            Some(privilege) => shown.admit(privilege),
            None => !shown.is_empty(),
        }
    }

    /// Asks for events of `classes` for amish itself, until the guard is
    /// dropped. With a ticket the answer comes out of the backlog; if it is an
    /// Error, the events will not come.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub fn want(&self, classes: Classes) -> Result<(Wanted<'_>, Option<Ticket>), Error> {
        let wanted = Wanted {
            session: self,
            id: self.mask.add_own(classes),
        };
        let ticket = self.post_mask(None)?;
        Ok((wanted, ticket))
    }

    /// Ends a wish for events.
    #[expect(clippy::needless_pass_by_value, reason = "a wish ends once")]
    pub fn unwish(&self, wish: Wish) {
        self.mask.remove_own(wish.0);
        self.sync_mask();
    }

    /// Asks for what is wanted if the server's mask differs, as after a refused
    /// change that later ones relied on. Does not wait for the answer, so that
    /// Ctrl-C during an Originate gives the prompt back at once. Without a link
    /// there is no mask to change.
    pub fn sync_mask(&self) {
        let _ = self.ask_mask(None, self.patience());
    }

    /// Sends the mask that is wanted, with `base` as the user's new wish. None:
    /// the server has it already.
    pub(super) fn ask_mask(
        &self,
        base: Option<Classes>,
        patience: Duration,
    ) -> Result<Option<Asked>, Error> {
        let turn = self.mask.turn();
        let link = self.open_link()?;
        let Some((action, change)) = turn.choose(base) else {
            return Ok(None);
        };
        let answer = link.ask_mask(&self.with_id(action)?, patience, change)?;
        Ok(Some(Asked { link, answer }))
    }

    /// The link, if it is open: a mask must not be chosen that cannot be sent.
    fn open_link(&self) -> Result<Arc<Link>, Error> {
        let link = self.link();
        match link.is_open() {
            true => Ok(link),
            false => Err(Error::NotConnected),
        }
    }

    /// Restores filters and mask on `link`, a new one. What the server refuses
    /// goes to `refused`. If the link ends meanwhile, nothing is reported here:
    /// its end is reported anyway.
    pub(super) fn renew_events(&self, link: &Link, refused: &mut dyn FnMut(String, String)) {
        let patience = self.patience();
        for filter in self.mask.filters() {
            let name = filter.name();
            if let Ok(Answer::Reply(reply)) = self.call_on(link, filter, patience)
                && reply.status() == Status::Error
            {
                refused(
                    name,
                    reply.message().unwrap_or_default().terminal().into_owned(),
                );
            }
        }
        let asked = {
            let turn = self.mask.turn();
            let Some((action, change)) = turn.choose_anew() else {
                return;
            };
            let action = self.with_id(action);
            action.and_then(|action| link.ask_mask(&action, patience, change))
        };
        if let Ok(answer) = asked
            && let Answer::Reply(reply) = link.wait(&answer)
            && reply.status() == Status::Error
        {
            refused(
                "Events".to_owned(),
                reply.message().unwrap_or_default().terminal().into_owned(),
            );
        }
    }

    /// A user who logged in by hand must do so again, and ask for events again.
    pub(super) fn forget_events(&self) {
        *lock(&self.user) = None;
        self.mask.clear();
    }
}

/// What [`Wanted::keep`] leaves of a wish for events.
#[derive(Debug)]
pub struct Wish(u64);

/// Asks for event classes until it is dropped.
pub struct Wanted<'a> {
    session: &'a Session,
    id: u64,
}

impl Wanted<'_> {
    /// Lets the wish outlive the guard, until [`Session::unwish`].
    pub fn keep(self) -> Wish {
        let wish = Wish(self.id);
        std::mem::forget(self);
        wish
    }
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.session.unwish(Wish(self.id));
    }
}
