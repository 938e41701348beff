//! The thread that keeps the link: it asks a silent server whether it is still
//! there, and after the end of a link it connects again, logs in and restores
//! what was asked for, before anybody else may send.

use super::arrival::{Arrival, Arrived, Ended, Gap};
use super::error::Error;
use super::link::{Link, Load};
use super::{Answer, Interest, Session, lock};
use crate::ami::{Action, Status};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// When a server that says nothing is asked whether it is there.
#[derive(Debug, Clone, Copy)]
pub struct Pulse {
    /// Silence before a Ping.
    pub idle: Duration,
    /// Silence after it that ends the link.
    pub dead: Duration,
}

impl Default for Pulse {
    fn default() -> Pulse {
        Pulse {
            idle: Duration::from_secs(30),
            dead: Duration::from_secs(10),
        }
    }
}

/// So many times [`Pulse::idle`] a server may be silent over an Action that was
/// given up: it may be busy with it, and could not answer a Ping.
const BUSY: u32 = 10;

/// How often it is looked whether an Action is still unanswered.
const LOOK: Duration = Duration::from_secs(1);

/// A link that ended earlier than this was none: the next try waits longer.
const STABLE: Duration = Duration::from_secs(30);

/// The pauses between tries to connect: 0.5 s, doubled up to 30 s, each up to a
/// quarter longer or shorter, so that not every client of a server that was
/// restarted comes at once.
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
        // A hasher with random keys is all the chance that is needed.
        let chance = RandomState::new().build_hasher().finish() % 1024;
        pause.mul_f64(0.75 + chance as f64 / 2048.0)
    }
}

/// What the supervisor waits for.
#[derive(Default)]
pub(super) struct Watch {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Since when there is no link, or nothing came over it.
    ended: Option<Instant>,
    /// Connect again when the link ends.
    again: bool,
    /// Somebody asked to connect now.
    wish: bool,
    leaving: bool,
}

/// What there is to do.
enum Turn {
    Leave,
    /// There has been no link since then.
    Connect(Instant),
    Look,
}

impl Watch {
    /// Does the session connect again when its link ends?
    pub fn is_returning(&self) -> bool {
        let state = self.lock();
        !state.leaving && (state.again || state.wish)
    }

    /// From now on it does, or does not.
    pub fn set_again(&self, again: bool) {
        self.lock().again = again;
    }

    /// The link of now has ended; nothing was missed before `since`.
    pub fn end(&self, since: Instant) {
        self.lock().ended = Some(since);
        self.changed.notify_all();
    }

    /// Somebody wants to be connected, at once.
    pub fn wish(&self) {
        self.lock().wish = true;
        self.changed.notify_all();
    }

    /// No link is wanted any more.
    pub fn leave(&self) {
        self.lock().leaving = true;
        self.changed.notify_all();
    }

    pub fn is_leaving(&self) -> bool {
        self.lock().leaving
    }

    fn is_back(&self) {
        let mut state = self.lock();
        state.ended = None;
        state.wish = false;
    }

    /// A try has failed, for good or not, which was `wished` for or not. True:
    /// there will be another.
    fn failed(&self, for_good: bool, wished: bool) -> bool {
        let mut state = self.lock();
        // Who came with a wish during the try waits for a try of their own.
        state.wish &= !(wished || for_good);
        state.again &= !for_good;
        state.again || state.wish
    }

    /// The next turn, at the latest at `until`.
    fn turn(&self, until: Instant) -> Turn {
        let mut state = self.lock();
        loop {
            match state.ended {
                _ if state.leaving => return Turn::Leave,
                Some(at) if state.again || state.wish => return Turn::Connect(at),
                // Without a link there is nothing to look after.
                Some(_) => {
                    let waited = self.changed.wait(state);
                    state = waited.unwrap_or_else(PoisonError::into_inner);
                }
                None => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Turn::Look;
                    }
                    let waited = self.changed.wait_timeout(state, left);
                    state = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }

    /// Waits for `time`, or until somebody leaves or wishes to connect. True:
    /// it is wished.
    fn pause(&self, time: Duration) -> bool {
        let idle = |state: &mut State| !state.wish && !state.leaving;
        let waited = self.changed.wait_timeout_while(self.lock(), time, idle);
        waited.unwrap_or_else(PoisonError::into_inner).0.wish
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts to look after `session`, until it is closed.
///
/// # Errors
/// The system would not start a thread.
pub fn supervise(session: &Arc<Session>) -> Result<(), Error> {
    let session = session.clone();
    let thread = std::thread::Builder::new().name("supervisor".into());
    thread
        .spawn(move || run(&session))
        .map(drop)
        .map_err(Error::Thread)
}

fn run(session: &Session) {
    let mut backoff = Backoff::default();
    let mut began = Instant::now();
    loop {
        let link = session.link();
        let due = link.heard() + session.config.pulse.idle;
        match session.watch.turn(due.max(Instant::now() + LOOK)) {
            Turn::Leave => return,
            Turn::Look if session.is_logged_in() => feel_pulse(session, &link),
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

/// Asks a silent server for a sign of life. Not while an Action is unanswered:
/// any byte would end a WaitEvent, and a blocking Action would stall the answer.
fn feel_pulse(session: &Session, link: &Link) {
    let idle = session.config.pulse.idle;
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

/// Tries until there is a link, or no try makes sense any more.
fn reconnect(session: &Session, ended: Instant, backoff: &mut Backoff) {
    loop {
        let wished = session.watch.pause(backoff.pause());
        if session.watch.is_leaving() {
            return;
        }
        let Err(error) = session.restore(ended) else {
            return;
        };
        // A refusal would be repeated; so would be what a certificate says.
        let again = session.watch.failed(error.is_refusal(), wished);
        if wished {
            // Somebody attends to it.
            *backoff = Backoff::default();
        }
        if wished || !again {
            session.tell(Arrival::StillDown(Box::new(error), again));
        }
        if !again {
            return;
        }
    }
}

impl Session {
    /// One try to be connected as before `ended`, when the link ended.
    fn restore(&self, ended: Instant) -> Result<(), Error> {
        let generation = self.link().generation + 1;
        let link = Link::open(&self.config, generation, &self.backlog, &self.watch)?;
        let restored = self.restore_on(&link, ended);
        if restored.is_err() || !self.set_link(&link) {
            link.close();
            return restored;
        }
        // Somebody may have begun to want events while nothing could be sent.
        let _ = self.tell_mask();
        Ok(())
    }

    fn restore_on(&self, link: &Link, ended: Instant) -> Result<(), Error> {
        let credentials = lock(&self.credentials).clone();
        if let Some(credentials) = &credentials {
            self.log_in(link, credentials, &mut |_| {})?;
            // It was given up where the login was refused before.
            self.watch.set_again(self.config.reconnect);
        }
        // Before the link is announced: its end must not be forgotten.
        self.watch.is_back();
        if !link.adopt() {
            self.watch.end(ended);
            return Err(Error::LoginUnanswered("closed the connection"));
        }
        let (filters, mask) = lock(&self.interest).renewed();
        // What comes from here on stands behind the gap.
        let down = ended.elapsed();
        self.tell(match mask {
            Some(_) => Arrival::Gap(Gap::Reconnect { down }),
            None => Arrival::Back(down),
        });
        if self.config.tls.as_ref().is_some_and(|tls| tls.insecure) {
            self.tell(Arrival::Unchecked);
        }
        if credentials.is_none() {
            // Whoever logged in by hand does so again, and asks for events.
            *lock(&self.user) = None;
            *lock(&self.interest) = Interest::default();
            return Ok(());
        }
        self.tell_narrow(link);
        for action in filters.into_iter().chain(mask) {
            self.renew(link, action);
        }
        Ok(())
    }

    /// Asks again for what was asked for on the last link. Where this one has
    /// ended meanwhile, its end is news enough.
    fn renew(&self, link: &Link, action: Action) {
        let name = action.name();
        if let Ok(Answer::Reply(reply)) = self.call_on(link, action, self.patience())
            && reply.status() == Status::Error
        {
            let why = reply.message().unwrap_or_default().into_owned();
            self.tell(Arrival::NotRenewed(name, why));
        }
    }

    /// Sends `question`. A server that says nothing at all then counts as dead.
    pub(super) fn ask_for_life(&self, link: &Link, question: Action) {
        let dead = self.config.pulse.dead;
        let asked = Instant::now();
        let answer = self.call_on(link, question, dead);
        if matches!(answer, Ok(Answer::TimedOut(_))) && link.heard() < asked {
            link.condemn(Ended::Silent(dead));
        }
    }

    pub(super) fn tell(&self, what: Arrival) {
        let time = SystemTime::now();
        self.backlog.append(vec![Arrived { time, what }]);
    }
}
