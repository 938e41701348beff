//! The supervisor thread. It pings a silent server; when the link ends it
//! reconnects, logs in, and restores filters and event mask before anybody else
//! may send.

use super::arrival::{Answer, Arrival, ArrivalId, Arrived, Ended, Gap};
use super::error::Error;
use super::lifecycle::Turn;
use super::link::{Link, Load};
use super::{Session, lock, reader};
use crate::ami::Action;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant, SystemTime};

/// How many times [`super::Keepalive::idle`] a server may be silent over an
/// Action that was given up: while it is busy with it, it cannot answer a Ping.
const BUSY: u32 = 10;

/// How often to check whether an Action is still unanswered.
const LOOK: Duration = Duration::from_secs(1);

/// After a link that lasted less than this, the pauses keep growing.
const STABLE: Duration = Duration::from_secs(30);

/// The pauses between tries to connect: 0.5 s, doubling up to 30 s, each up to
/// a quarter longer or shorter so that the clients of a restarted server do not
/// all come at once.
#[derive(Debug)]
pub struct Backoff {
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff {
            next: Duration::from_millis(500),
        }
    }
}

impl Backoff {
    const LONGEST: Duration = Duration::from_secs(30);

    /// The pause before the next try.
    pub fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(Self::LONGEST);
        // A hasher with random keys is random enough.
        let chance = RandomState::new().build_hasher().finish() % 1024;
        pause.mul_f64(0.75 + chance as f64 / 2048.0)
    }
}

/// Starts a thread that looks after `session` until it is closed.
///
/// # Errors
/// The system cannot start a thread.
pub fn supervise(session: &Arc<Session>) -> Result<(), Error> {
    let session = session.clone();
    let thread = std::thread::Builder::new().name("supervisor".into());
    thread
        .spawn(move || run(&session))
        .map(drop)
        .map_err(|why| Error::local("start a thread", why))
}

fn run(session: &Session) {
    let mut backoff = Backoff::default();
    let mut began = Instant::now();
    loop {
        let link = session.link();
        let due = link.heard() + session.config.keepalive.idle;
        match session.lifecycle.turn(due.max(Instant::now() + LOOK)) {
            Turn::Leave => return,
            Turn::Look if session.is_logged_in() => ping_if_silent(session, &link),
            Turn::Look => {}
            Turn::Connect(ended) => {
                if ended.saturating_duration_since(began) > STABLE {
                    backoff = Backoff::default();
                }
                reconnect(session, ended, &mut backoff);
                began = Instant::now();
            }
        }
    }
}

/// Pings a silent server, unless an Action is unanswered: any byte would end a
/// WaitEvent, and a blocking Action would delay the answer.
fn ping_if_silent(session: &Session, link: &Link) {
    let idle = session.config.keepalive.idle;
    let limit = match link.load() {
        Load::Nothing => idle,
        Load::GivenUp => idle * BUSY,
        Load::Waiting => return,
    };
    if Instant::now().saturating_duration_since(link.heard()) < limit {
        return;
    }
    session.ask_for_life(link, Action::own("Ping", &[]));
}

/// Tries until there is a link, or another try would be pointless.
fn reconnect(session: &Session, ended: Instant, backoff: &mut Backoff) {
    loop {
        let requested = session.lifecycle.pause(backoff.pause());
        if session.lifecycle.is_closing() {
            return;
        }
        let Err(error) = session.restore(ended) else {
            return;
        };
        // Another try would meet the same refusal or the same certificate.
        let again = session.lifecycle.try_failed(error.is_refusal(), requested);
        if requested {
            // The user is present and may have fixed the cause.
            *backoff = Backoff::default();
        }
        // An absent server need not be reported at each try, but a refused
        // login must be: the server may count them.
        if requested || !again || matches!(error, Error::Login(_)) {
            session.tell(Arrival::StillDown(Box::new(error), again));
        }
        if !again {
            return;
        }
    }
}

impl Session {
    /// How long there has been no link; None while there is one.
    pub fn down_for(&self) -> Option<Duration> {
        let since = self.lifecycle.down_since();
        since.map(|since| since.elapsed())
    }

    /// Tries once to restore the connection that ended at `ended`.
    fn restore(&self, ended: Instant) -> Result<(), Error> {
        let generation = self.link().generation + 1;
        let link = reader::connect(&self.config, generation, &self.shared())?;
        let restored = self.restore_on(&link, ended);
        if restored.is_err() || !self.set_link(&link) {
            link.close();
            return restored;
        }
        // New wishes may have come up while nothing could be sent.
        self.sync_mask();
        Ok(())
    }

    fn restore_on(&self, link: &Link, ended: Instant) -> Result<(), Error> {
        let credentials = lock(&self.credentials).clone();
        if let Some(credentials) = &credentials {
            self.log_in(link, credentials, &mut |_| {})?;
            // It was turned off if the login was refused before.
            self.lifecycle.set_reconnect(self.config.reconnect);
        }
        // Before the link is announced, so that its end is not overlooked.
        self.lifecycle.link_made();
        if !link.adopt() {
            self.lifecycle.link_ended(ended);
            return Err(Error::LinkEnded);
        }
        // Everything from here on comes after the gap.
        let down = ended.elapsed();
        let news = match self.mask.wants_any() {
            true => Arrival::Gap(Gap::Reconnect { down }),
            false => Arrival::Back(down),
        };
        let news = link.numbered(SystemTime::now(), news);
        self.backlog.append(vec![news]);
        if self.config.tls.as_ref().is_some_and(|tls| tls.insecure) {
            self.tell(Arrival::Unchecked);
        }
        if credentials.is_none() {
            self.forget_events();
            return Ok(());
        }
        self.send_narrow(link);
        self.renew_events(link, &mut |action, why| {
            self.tell(Arrival::NotRenewed(action, why));
        });
        Ok(())
    }

    /// Sends `question`; if the server then stays silent it counts as dead.
    pub(super) fn ask_for_life(&self, link: &Link, question: Action) {
        let question = self.with_id(question);
        let asked = question.and_then(|one| link.ask(&one, self.config.keepalive.dead));
        if let Ok(answer) = asked {
            self.await_life(link, &answer);
        }
    }

    /// Waits for the answer to such a question.
    pub(super) fn await_life(&self, link: &Link, answer: &Receiver<Answer>) {
        let asked = Instant::now();
        if matches!(link.wait(answer), Answer::TimedOut(_)) && link.heard() < asked {
            link.end_for(Ended::Silent(self.config.keepalive.dead));
        }
    }

    pub(super) fn tell(&self, what: Arrival) {
        let id = ArrivalId::default();
        let time = SystemTime::now();
        self.backlog.append(vec![Arrived { id, time, what }]);
    }
}
