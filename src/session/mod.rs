//! One logged-in conversation with a server. The client has no other sockets.
//!
//! A [`Session`] is shared by all threads. [`Session::call`] waits on a channel
//! of its own (login, background queries); with [`Session::send`] the answer
//! joins the [`Backlog`], in order with the events, for the thread that shows
//! them.

pub mod arrival;
mod backlog;
mod clear;
mod config;
mod error;
mod event_mask;
mod events;
mod lifecycle;
mod link;
mod login;
mod outbound;
mod pause;
#[cfg_attr(not(target_os = "linux"), path = "no_poller.rs")]
mod poller;
mod reader;
mod readiness;
mod reconnect;
mod server;
mod sniff;
mod tls;
pub mod trace;
mod transport;
mod waiters;

pub use crate::ami::{Classes, UnknownClass};
pub use arrival::{Answer, Arrival, ArrivalId, Arrived, Ended, Gap};
pub use backlog::{Backlog, Wake};
pub use clear::Challenged;
pub use config::{Config, Keepalive};
pub use error::{Error, words};
pub use events::{Wanted, Wish};
pub use poller::Poller;
pub use readiness::{Readiness, ReadyMark};
pub use reconnect::{Backoff, supervise};
pub use sniff::{Stranger, greets_as_ami};
pub use tls::{Presented, Tls, Untrusted, random};
pub use trace::Trace;

use crate::ami::{Action, ActionIds, Reply, Ticket};
use clear::Credentials;
use event_mask::EventMask;
use lifecycle::Lifecycle;
use link::{Link, Shared};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How long closing waits for the server's goodbye.
const GOODBYE: Duration = Duration::from_millis(400);

/// How long closing takes in all; what the goodbye leaves of it is for the disk
/// to take the trace. It must fit into the second within which a signal ends
/// amish.
const CLOSING: Duration = Duration::from_millis(600);

/// A conversation over successive links. Its methods may be called from any
/// thread. Dropping it ends the connection.
pub struct Session {
    config: Config,
    /// The current link; it may have ended.
    link: Mutex<Arc<Link>>,
    backlog: Arc<Backlog>,
    lifecycle: Arc<Lifecycle>,
    mask: Arc<EventMask>,
    received: Arc<AtomicU64>,
    ids: Mutex<ActionIds>,
    patience: Mutex<Duration>,
    credentials: Mutex<Option<Credentials>>,
    user: Mutex<Option<String>>,
}

impl Session {
    /// Connects, reads the banner and starts reading.
    ///
    /// # Errors
    /// No address answers, or what answers does not speak AMI, within
    /// `config.connect_timeout`.
    pub fn connect(config: Config) -> Result<Session, Error> {
        let shared = Shared {
            backlog: Arc::new(Backlog::new(config.buffer, config.ready_mark.clone())),
            lifecycle: Arc::default(),
            mask: Arc::default(),
            received: Arc::default(),
            trace: config.trace.clone(),
        };
        let link = reader::connect(&config, 1, &shared)?;
        // If it has ended already, the first send reports that.
        link.adopt();
        Ok(Session {
            patience: Mutex::new(config.patience),
            config,
            link: Mutex::new(link),
            backlog: shared.backlog,
            lifecycle: shared.lifecycle,
            mask: shared.mask,
            received: shared.received,
            ids: Mutex::default(),
            credentials: Mutex::default(),
            user: Mutex::default(),
        })
    }

    fn shared(&self) -> Shared {
        Shared {
            backlog: self.backlog.clone(),
            lifecycle: self.lifecycle.clone(),
            mask: self.mask.clone(),
            received: self.received.clone(),
            trace: self.config.trace.clone(),
        }
    }

    /// Sends `action` and waits for its answer, which does not enter the
    /// backlog.
    ///
    /// # Errors
    /// Nothing was sent: not connected, or the Action is refused.
    pub fn call(&self, action: Action) -> Result<Answer, Error> {
        self.call_on(&self.link(), action, self.patience())
    }

    /// As [`Session::call`], with its own patience.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub fn call_within(&self, action: Action, patience: Duration) -> Result<Answer, Error> {
        self.call_on(&self.link(), action, patience)
    }

    /// As [`Session::call_within`], but only if every Action is answered: a
    /// background query must not wait behind one that blocks, or end a
    /// WaitEvent. None: an Action is unanswered, and nothing was sent.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub fn call_if_quiet(
        &self,
        action: Action,
        patience: Duration,
    ) -> Result<Option<Answer>, Error> {
        let link = self.link();
        let answer = link.ask_if_quiet(&self.with_id(action)?, patience)?;
        Ok(answer.map(|answer| link.wait(&answer)))
    }

    fn call_on(&self, link: &Link, action: Action, patience: Duration) -> Result<Answer, Error> {
        let answer = link.ask(&self.with_id(action)?, patience)?;
        Ok(link.wait(&answer))
    }

    /// Sends `action`, with an ActionID if it has none. The answer comes out of
    /// the backlog as [`Arrival::Answer`] with this ticket.
    ///
    /// # Errors
    /// Nothing was sent: not connected, or the Action is refused.
    pub fn send(&self, action: Action, patience: Duration) -> Result<(Ticket, Action), Error> {
        let posted = self.post(action, patience)?;
        self.flush();
        Ok(posted)
    }

    /// As [`Session::send`], but if the answer is a list, its Response and items
    /// come as [`Arrival::Part`], each when it is there, and its end as the answer.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub fn send_flowing(
        &self,
        action: Action,
        patience: Duration,
    ) -> Result<(Ticket, Action), Error> {
        let action = self.with_id(action)?;
        let ticket = self.link().post_flowing(&action, patience)?;
        self.flush();
        Ok((ticket, action))
    }

    /// As [`Session::send`], for a question of amish's own: its answer is for
    /// whoever waits, and for nobody when it is late.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub fn send_own(&self, action: Action, patience: Duration) -> Result<(Ticket, Action), Error> {
        let action = self.with_id(action)?;
        let ticket = self.link().post_own(&action, patience, None)?;
        self.flush();
        Ok((ticket, action))
    }

    /// As [`Session::send`], but with the next [`Session::flush`] or send: each
    /// small packet on its own would cost the server a wake-up.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub fn post(&self, action: Action, patience: Duration) -> Result<(Ticket, Action), Error> {
        let action = self.with_id(action)?;
        if action.is("Logoff") {
            // Before the server can close the connection.
            self.lifecycle.set_reconnect(false);
        }
        Ok((self.link().post(&action, patience)?, action))
    }

    /// Sends what was posted. Must be called before waiting for an answer.
    pub fn flush(&self) {
        self.link().flush();
    }

    fn with_id(&self, mut action: Action) -> Result<Action, Error> {
        lock(&self.ids).mark(&mut action)?;
        Ok(action)
    }

    /// Stops waiting for `ticket`; its answer will be late.
    pub fn abandon(&self, ticket: Ticket) {
        self.link().abandon(ticket);
    }

    /// The queue of arrivals that wait to be shown.
    pub fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// The next arrival until `until`. Times out overdue Actions meanwhile.
    pub fn next(&self, until: Option<Instant>) -> Wake {
        loop {
            let next = self.link().deadline().into_iter().chain(until).min();
            match self.backlog.next(next) {
                Wake::Timeout if until.is_some_and(|at| at <= Instant::now()) => {
                    return Wake::Timeout;
                }
                Wake::Timeout => self.link().expire(),
                wake => return wake,
            }
        }
    }

    /// Waits until there is something to take, without taking it, or until
    /// `until`, and times out overdue Actions meanwhile. False: it was nudged
    /// first.
    pub fn wait(&self, until: Option<Instant>) -> bool {
        loop {
            let next = self.link().deadline().into_iter().chain(until).min();
            match self.backlog.wait(next) {
                Some(is_news) => return is_news,
                None if until.is_some_and(|at| at <= Instant::now()) => return true,
                None => self.link().expire(),
            }
        }
    }

    /// Whether every Action is answered. Otherwise background queries wait: a
    /// blocking Action would stall them, and any byte ends a WaitEvent.
    pub fn is_quiet(&self) -> bool {
        self.link().is_quiet()
    }

    /// Whether an Action other than amish's own queries is unanswered. It may
    /// take as long as it likes.
    pub fn is_occupied(&self) -> bool {
        self.link().is_occupied()
    }

    /// Whether Actions can be sent.
    pub fn is_open(&self) -> bool {
        self.link().is_open()
    }

    /// The number of the link, from 1: the next may lead to a server with other
    /// abilities.
    pub fn generation(&self) -> u64 {
        self.link().generation
    }

    /// Without a link: whether the session will reconnect by itself.
    pub fn is_returning(&self) -> bool {
        self.lifecycle.is_returning()
    }

    /// Ends the link if there is one, and reconnects at once.
    pub fn reconnect(&self) {
        self.lifecycle.request();
        self.link().end_for(Ended::Renewed);
    }

    fn link(&self) -> Arc<Link> {
        lock(&self.link).clone()
    }

    /// Makes `link` the current one. False: no link is wanted any more.
    fn set_link(&self, link: &Arc<Link>) -> bool {
        let mut own = lock(&self.link);
        *own = link.clone();
        drop(own);
        // Threads that wait for a link must look again.
        self.backlog.nudge();
        !self.lifecycle.is_closing()
    }

    /// Our address on the link.
    pub fn local(&self) -> Option<SocketAddr> {
        self.link().local()
    }

    /// When the link was made.
    pub fn since(&self) -> SystemTime {
        self.link().since
    }

    /// How many bytes were received over all links, the banners left out, and
    /// what TLS adds.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// How long to wait for a reply.
    pub fn patience(&self) -> Duration {
        *lock(&self.patience)
    }

    /// Sets it, for Actions sent from now on.
    pub fn set_patience(&self, patience: Duration) {
        *lock(&self.patience) = patience;
    }

    /// Whether we are ending the link ourselves.
    pub fn is_leaving(&self) -> bool {
        self.lifecycle.is_closing()
    }

    /// Logs off and ends the connection, in less than a second whatever the
    /// server does. Returns the server's goodbye if it came in time.
    pub fn close(&self) -> Option<Reply> {
        let begun = Instant::now();
        self.lifecycle.close();
        let link = self.link();
        let goodbye = self.log_off(&link, begun + GOODBYE);
        link.close();
        let left = CLOSING.saturating_sub(begun.elapsed());
        self.config.trace.settle_within(left);
        goodbye
    }

    /// Has a time limit of its own: that of a reply does not run while the
    /// server is busy with an earlier Action.
    fn log_off(&self, link: &Link, until: Instant) -> Option<Reply> {
        let logoff = self.with_id(Action::own("Logoff", &[])).ok()?;
        let answer = link.ask(&logoff, GOODBYE).ok()?;
        let left = until.saturating_duration_since(Instant::now());
        match answer.recv_timeout(left).ok()? {
            Answer::Reply(reply) => Some(*reply),
            Answer::TimedOut(_) | Answer::Lost(_) => None,
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.lifecycle.close();
        self.link().close();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
