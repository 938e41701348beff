//! One logged-in conversation with a server: the only sockets of the client.
//!
//! A [`Session`] is shared by all threads. [`Session::call`] waits on a channel
//! of its own (login, background questions); [`Session::send`] lets the answer
//! join the [`Backlog`], in order with the events, for the thread that shows.

pub mod arrival;
pub mod backlog;
pub mod classes;
pub mod error;
pub mod interest;
mod link;
mod login;
mod pause;
pub mod probe;
mod reader;
mod supervisor;
mod tls;
pub mod trace;
mod transport;

pub use arrival::{Answer, Arrival, Arrived, Ended, Gap};
pub use backlog::{Backlog, Wake};
pub use classes::{Classes, UnknownClass};
pub use error::Error;
pub use interest::{Interest, Wanted};
pub use supervisor::{Backoff, Pulse, supervise};
pub use tls::{Tls, Untrusted};
pub use trace::Trace;

use crate::ami::{Action, ActionIds, Reply, Ticket};
use link::Link;
use login::Credentials;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use supervisor::Watch;

/// Where to, and how long to wait.
#[derive(Debug, Clone)]
pub struct Config {
    /// A name or an address.
    pub host: String,
    /// 1 to 65535.
    pub port: u16,
    /// With TLS, and this way.
    pub tls: Option<Tls>,
    /// For resolving, every address, the TLS handshake and the banner together.
    pub connect_timeout: Duration,
    /// For a reply, from sending, and anew from each packet of it.
    pub patience: Duration,
    /// Received bytes that may wait to be shown.
    pub buffer: usize,
    /// Connect again when the link ends: once this session has logged in, with
    /// the same user and secret.
    pub reconnect: bool,
    /// When a silent server counts as dead.
    pub pulse: Pulse,
    /// Where every packet is written to.
    pub trace: Trace,
}

/// How long leaving may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// A conversation, over one link after the other. All its methods may be
/// called from any thread.
pub struct Session {
    config: Config,
    /// The link of now; it may have ended.
    link: Mutex<Arc<Link>>,
    backlog: Arc<Backlog>,
    watch: Arc<Watch>,
    interest: Mutex<Interest>,
    ids: Mutex<ActionIds>,
    patience: Mutex<Duration>,
    credentials: Mutex<Option<Credentials>>,
    user: Mutex<Option<String>>,
}

impl Session {
    /// Connects, reads the banner and starts reading.
    ///
    /// # Errors
    /// No address answers, or what answers is not AMI, within
    /// `config.connect_timeout`.
    pub fn connect(config: Config) -> Result<Session, Error> {
        let backlog = Arc::new(Backlog::new(config.buffer));
        let watch = Arc::new(Watch::default());
        let link = Link::open(&config, 1, &backlog, &watch)?;
        // One that has ended already is noticed by the first who asks.
        link.adopt();
        Ok(Session {
            patience: Mutex::new(config.patience),
            config,
            link: Mutex::new(link),
            backlog,
            watch,
            interest: Mutex::default(),
            ids: Mutex::default(),
            credentials: Mutex::default(),
            user: Mutex::default(),
        })
    }

    /// Sends `action` and waits for its answer, off the backlog.
    ///
    /// # Errors
    /// Nothing was sent: not connected, or the Action is refused.
    pub fn call(&self, action: Action) -> Result<Answer, Error> {
        self.call_on(&self.link(), action, self.patience())
    }

    /// As [`Session::call`], with a patience of its own.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub fn call_within(&self, action: Action, patience: Duration) -> Result<Answer, Error> {
        self.call_on(&self.link(), action, patience)
    }

    /// As [`Session::call_within`], if every Action is answered: a background
    /// question must not wait behind one that blocks, nor end a WaitEvent.
    /// None: one is not, and nothing was sent.
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

    /// Sends `action`, with an ActionID if it has none; the answer will come
    /// out of the backlog as [`Arrival::Answer`] with this ticket.
    ///
    /// # Errors
    /// Nothing was sent: not connected, or the Action is refused.
    pub fn send(&self, action: Action, patience: Duration) -> Result<(Ticket, Action), Error> {
        let posted = self.post(action, patience)?;
        self.flush();
        Ok(posted)
    }

    /// As [`Session::send`], but at the next [`Session::flush`], or with what
    /// is sent next: many small packets cost the server a wake-up each.
    ///
    /// # Errors
    /// As [`Session::send`].
    pub fn post(&self, action: Action, patience: Duration) -> Result<(Ticket, Action), Error> {
        let action = self.with_id(action)?;
        if action.is("Logoff") {
            // Before the server can close.
            self.watch.set_again(false);
        }
        Ok((self.link().post(&action, patience)?, action))
    }

    /// Sends what was posted. Nobody may wait for an answer before that.
    pub fn flush(&self) {
        self.link().flush();
    }

    /// Sends `action`; nobody waits for the answer.
    fn tell_server(&self, action: Action) -> Result<(), Error> {
        let asked = self.link().ask(&self.with_id(action)?, self.patience());
        asked.map(drop)
    }

    fn with_id(&self, mut action: Action) -> Result<Action, Error> {
        lock(&self.ids).mark(&mut action)?;
        Ok(action)
    }

    /// Nobody waits for `ticket` any longer; its answer will be late.
    pub fn abandon(&self, ticket: Ticket) {
        self.link().abandon(ticket);
    }

    /// Where arrivals wait to be shown.
    pub fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// The next arrival until `until`, giving up meanwhile on Actions whose
    /// time is over.
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

    /// Waits until there is something to take, and takes nothing, giving up
    /// meanwhile on Actions whose time is over. False: it was nudged before.
    pub fn wait(&self) -> bool {
        loop {
            match self.backlog.wait(self.link().deadline()) {
                Some(is_news) => return is_news,
                None => self.link().expire(),
            }
        }
    }

    /// Is every Action answered? While one is not, background questions wait:
    /// a blocking Action would stall them, and any byte ends a WaitEvent.
    pub fn is_quiet(&self) -> bool {
        self.link().is_quiet()
    }

    /// Is an Action unanswered that is no question of our own? It may take
    /// as long as it likes.
    pub fn is_occupied(&self) -> bool {
        self.link().is_occupied()
    }

    /// Can something be sent?
    pub fn is_open(&self) -> bool {
        self.link().is_open()
    }

    /// Is the server on this machine, so that no network sees what is sent?
    pub fn is_loopback(&self) -> bool {
        self.link().is_loopback()
    }

    /// Has the server shown who it is, so that nobody in between can read along?
    pub fn is_verified(&self) -> bool {
        self.config.tls.as_ref().is_some_and(|tls| !tls.insecure)
    }

    /// The server's first line.
    pub fn banner(&self) -> Vec<u8> {
        self.link().banner.clone()
    }

    /// Which link this is, from 1: another may lead to a server that can do
    /// other things.
    pub fn generation(&self) -> u64 {
        self.link().generation
    }

    /// Without a link: will there be one again, by itself?
    pub fn is_returning(&self) -> bool {
        self.watch.is_returning()
    }

    /// Ends the link if there is one, and connects again at once.
    pub fn reconnect(&self) {
        self.watch.wish();
        self.link().condemn(Ended::Renewed);
    }

    fn link(&self) -> Arc<Link> {
        lock(&self.link).clone()
    }

    /// `link` is the link of now. False: nobody wants one any more.
    fn set_link(&self, link: &Arc<Link>) -> bool {
        let mut own = lock(&self.link);
        *own = link.clone();
        drop(own);
        // Whoever waits for a link looks again.
        self.backlog.nudge();
        !self.watch.is_leaving()
    }

    /// `host:port` as connected.
    pub fn target(&self) -> String {
        transport::label(&self.config.host, self.config.port)
    }

    /// Is the link encrypted?
    pub fn is_encrypted(&self) -> bool {
        self.config.tls.is_some()
    }

    /// The address of our end of the link.
    pub fn local(&self) -> Option<SocketAddr> {
        self.link().local()
    }

    /// Since when there is this link.
    pub fn since(&self) -> SystemTime {
        self.link().since
    }

    /// How long a reply may take.
    pub fn patience(&self) -> Duration {
        *lock(&self.patience)
    }

    /// Changes it, for what is sent from now on.
    pub fn set_patience(&self, patience: Duration) {
        *lock(&self.patience) = patience;
    }

    /// Is the end of the link our own wish?
    pub fn is_leaving(&self) -> bool {
        self.watch.is_leaving()
    }

    /// Says goodbye, waits for it at most a second, and ends the connection.
    pub fn close(&self) -> Option<Reply> {
        self.watch.leave();
        let link = self.link();
        let goodbye = match link.is_open() {
            true => self
                .call_on(&link, Action::own("Logoff", &[]), GOODBYE)
                .ok(),
            false => None,
        };
        link.close();
        self.config.trace.settle();
        match goodbye {
            Some(Answer::Reply(reply)) => Some(*reply),
            _ => None,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
