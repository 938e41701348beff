//! One logged-in conversation with a server: the only sockets of the client.
//!
//! A [`Session`] is shared by all threads. [`Session::call`] waits on a channel
//! of its own (login, background questions); [`Session::send`] lets the answer
//! join the [`Backlog`], in order with the events, for the thread that shows.

pub mod arrival;
pub mod backlog;
pub mod error;
pub mod interest;
mod link;
pub mod probe;
mod reader;
mod tls;
mod transport;

pub use arrival::{Answer, Arrival, Arrived, Ended, Gap};
pub use backlog::{Backlog, Wake};
pub use error::Error;
pub use interest::{Classes, Interest, UnknownClass};
pub use tls::{Tls, Untrusted};

use crate::ami::{Action, ActionIds, Login, Packet, Reply, Secret, Step, Ticket};
use link::Link;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

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
}

/// How long leaving may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// A conversation. All its methods may be called from any thread.
pub struct Session {
    config: Config,
    banner: Vec<u8>,
    link: Arc<Link>,
    backlog: Arc<Backlog>,
    interest: Mutex<Interest>,
    ids: Mutex<ActionIds>,
    patience: Mutex<Duration>,
    user: Mutex<Option<String>>,
    reader: Mutex<Option<JoinHandle<()>>>,
    leaving: AtomicBool,
}

impl Session {
    /// Connects, reads the banner and starts reading.
    ///
    /// # Errors
    /// No address answers, or what answers is not AMI, within
    /// `config.connect_timeout`.
    pub fn connect(config: Config) -> Result<Session, Error> {
        let opened = transport::open(&config)?;
        let backlog = Arc::new(Backlog::new(config.buffer));
        let (outgoing, closer) = (opened.outgoing, opened.closer);
        let link = Link::new(outgoing, closer, &opened.banner, 1, backlog.clone());
        let link = Arc::new(link);
        let patience = config.patience;
        let (incoming, framer) = (opened.incoming, opened.framer);
        let reader = reader::start(incoming, framer, link.clone(), backlog.clone());
        Ok(Session {
            config,
            banner: opened.banner,
            link,
            backlog,
            interest: Mutex::default(),
            ids: Mutex::default(),
            patience: Mutex::new(patience),
            user: Mutex::default(),
            reader: Mutex::new(Some(reader.map_err(Error::Thread)?)),
            leaving: AtomicBool::new(false),
        })
    }

    /// Logs in, once. Each reply on the way is handed to `seen`.
    ///
    /// # Errors
    /// [`Error::Login`] when it was refused: nothing else was tried.
    pub fn login(
        &self,
        user: &str,
        secret: Secret,
        plain_allowed: bool,
        seen: &mut dyn FnMut(&Reply),
    ) -> Result<(), Error> {
        let mut login = Login::new(user.to_owned(), secret, plain_allowed);
        let mut action = login.first();
        loop {
            let answer = match self.call(action) {
                // The reader was faster than the first question.
                Err(Error::NotConnected) => Answer::Lost(None),
                answer => answer?,
            };
            let reply = match answer {
                Answer::Reply(reply) => reply,
                Answer::TimedOut(_) => return Err(Error::LoginUnanswered("does not answer")),
                Answer::Lost(_) => return Err(Error::LoginUnanswered("closed the connection")),
            };
            seen(&reply);
            match login.feed(&reply)? {
                Step::Send(next) => action = next,
                Step::Done => {
                    self.note_login(user);
                    return Ok(());
                }
            }
        }
    }

    /// The session is logged in as `user`, by whatever way.
    pub fn note_login(&self, user: &str) {
        *lock(&self.user) = Some(user.to_owned());
    }

    /// Who a login succeeded for.
    pub fn user(&self) -> Option<String> {
        lock(&self.user).clone()
    }

    /// Did a login succeed?
    pub fn is_logged_in(&self) -> bool {
        lock(&self.user).is_some()
    }

    /// Sends `action` and waits for its answer, off the backlog.
    ///
    /// # Errors
    /// Nothing was sent: not connected, or the Action is refused.
    pub fn call(&self, action: Action) -> Result<Answer, Error> {
        let (ticket, answer) = self.ask(action)?;
        Ok(self.wait(ticket, &answer, None))
    }

    /// As [`Session::call`], but for `limit` at most; then the question is
    /// abandoned.
    ///
    /// # Errors
    /// As [`Session::call`].
    fn call_within(&self, action: Action, limit: Duration) -> Result<Answer, Error> {
        let (ticket, answer) = self.ask(action)?;
        Ok(self.wait(ticket, &answer, Some(Instant::now() + limit)))
    }

    /// Sends `action`; its answer comes on the channel, if anybody listens.
    fn ask(&self, action: Action) -> Result<(Ticket, Receiver<Answer>), Error> {
        self.link.ask(&self.with_id(action)?, self.patience())
    }

    fn wait(&self, ticket: Ticket, answer: &Receiver<Answer>, limit: Option<Instant>) -> Answer {
        loop {
            let next = self.link.deadline().into_iter().chain(limit).min();
            let left = next.map_or(self.patience(), |at| {
                at.saturating_duration_since(Instant::now())
            });
            match answer.recv_timeout(left) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Disconnected) => return Answer::Lost(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if limit.is_some_and(|at| at <= Instant::now()) {
                self.link.abandon(ticket);
                return Answer::TimedOut(None);
            }
            self.link.expire();
        }
    }

    /// Sends `action`, with an ActionID if it has none; the answer will come
    /// out of the backlog as [`Arrival::Answer`] with this ticket.
    ///
    /// # Errors
    /// Nothing was sent: not connected, or the Action is refused.
    pub fn send(&self, action: Action, patience: Duration) -> Result<(Ticket, Action), Error> {
        let action = self.with_id(action)?;
        Ok((self.link.send(&action, patience)?, action))
    }

    fn with_id(&self, mut action: Action) -> Result<Action, Error> {
        if action.get("ActionID").is_none() {
            let id = lock(&self.ids).draw();
            action.push("ActionID", id.as_bytes())?;
        }
        Ok(action)
    }

    /// Nobody waits for `ticket` any longer; its answer will be late.
    pub fn abandon(&self, ticket: Ticket) {
        self.link.abandon(ticket);
    }

    /// Where arrivals wait to be shown.
    pub fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// The next arrival until `until`, giving up meanwhile on Actions whose
    /// time is over.
    pub fn next(&self, until: Option<Instant>) -> Wake {
        loop {
            let next = self.link.deadline().into_iter().chain(until).min();
            match self.backlog.next(next) {
                Wake::Timeout if until.is_some_and(|at| at <= Instant::now()) => {
                    return Wake::Timeout;
                }
                Wake::Timeout => self.link.expire(),
                wake => return wake,
            }
        }
    }

    /// Is every Action answered? While one is not, background questions wait:
    /// a blocking Action would stall them, and any byte ends a WaitEvent.
    pub fn is_quiet(&self) -> bool {
        self.link.is_quiet()
    }

    /// Can something be sent?
    pub fn is_open(&self) -> bool {
        self.link.is_open()
    }

    /// Is the server on this machine, so that no network sees what is sent?
    pub fn is_loopback(&self) -> bool {
        self.link.is_loopback()
    }

    /// Has the server shown who it is, so that nobody in between can read along?
    pub fn is_verified(&self) -> bool {
        self.config.tls.as_ref().is_some_and(|tls| !tls.insecure)
    }

    /// The server's first line.
    pub fn banner(&self) -> &[u8] {
        &self.banner
    }

    /// `host:port` as connected.
    pub fn target(&self) -> String {
        transport::label(&self.config.host, self.config.port)
    }

    /// How long a reply may take.
    pub fn patience(&self) -> Duration {
        *lock(&self.patience)
    }

    /// Changes it, for what is sent from now on.
    pub fn set_patience(&self, patience: Duration) {
        *lock(&self.patience) = patience;
    }

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
        let due = {
            let mut interest = lock(&self.interest);
            interest.set_base(classes);
            interest.due()
        };
        let sent = due.map(|action| self.send(action, self.patience()));
        Ok(sent.transpose()?.map(|(ticket, _)| ticket))
    }

    /// The user's own Events action with this mask was answered well.
    pub fn observe_events(&self, classes: Classes) {
        lock(&self.interest).observe(classes);
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

    fn tell_mask(&self) -> Result<Option<Answer>, Error> {
        let due = lock(&self.interest).due();
        due.map(|action| self.call(action)).transpose()
    }

    /// Is the end of the link our own wish?
    pub fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Acquire)
    }

    /// Says goodbye, waits for it at most a second, and ends the connection.
    pub fn close(&self) -> Option<Reply> {
        self.leaving.store(true, Ordering::Release);
        let goodbye = match self.is_open() {
            true => self.call_within(Action::own("Logoff", &[]), GOODBYE).ok(),
            false => None,
        };
        self.link.shut();
        if let Some(reader) = lock(&self.reader).take() {
            // It has nothing left to wait for. A panic in it was reported.
            let _ = reader.join();
        }
        match goodbye {
            Some(Answer::Reply(reply)) => Some(*reply),
            _ => None,
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
        let mut interest = lock(&self.session.interest);
        interest.remove(self.id);
        let due = interest.due();
        drop(interest);
        if let Some(action) = due {
            // Nobody waits for the answer: who stopped an Originate with
            // Ctrl-C wants the prompt. Without a link there is no mask left.
            let _ = self.session.ask(action);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
