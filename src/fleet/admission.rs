//! Who may connect and log in: a number at a time, and nobody any more with a
//! secret that has been refused three times. A fleet must not lock itself out of
//! every PBX.

use super::open_sessions::OpenSessions;
use crate::ami::LoginError;
use crate::error::Error;
use crate::settings::{Pbx, SecretSource};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many logins with one user and secret may be refused, or be under way, before
/// one was accepted.
const TRIES: usize = 3;

/// A login that takes longer than this will not be counted as under way: a server
/// that hangs must not hold up the others for long. Connecting takes up to five
/// seconds, and Asterisk refuses after one.
const OUTCOME: Duration = Duration::from_secs(8);

/// How often a stop is looked for.
const GLANCE: Duration = Duration::from_millis(50);

/// See the module.
pub struct Admission {
    state: Mutex<State>,
    changed: Condvar,
    parallel: usize,
    /// Refusals stop nobody else.
    keep_going: bool,
}

#[derive(Default)]
struct State {
    opening: usize,
    accounts: HashMap<Account, Tried>,
}

/// The user, in lower case, and the secret.
type Account = (Option<String>, Option<SecretSource>);

#[derive(Default)]
struct Tried {
    accepted: bool,
    refused: usize,
    /// When each login that is under way began.
    begun: Vec<Instant>,
}

/// Why a PBX is not tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTried {
    /// Its user and secret were refused elsewhere.
    SecretRefused,
    /// The run ends.
    Ending,
}

impl NotTried {
    /// For the user.
    pub fn words(self) -> &'static str {
        match self {
            NotTried::SecretRefused => "not tried, as the same secret was refused three times",
            NotTried::Ending => "not tried",
        }
    }
}

/// The right to connect and log in. It is given back when dropped.
pub struct Place {
    admission: Arc<Admission>,
    account: Account,
    begun: Instant,
}

impl Admission {
    /// Admits `parallel` at a time.
    pub fn new(parallel: usize, keep_going: bool) -> Admission {
        Admission {
            state: Mutex::default(),
            changed: Condvar::new(),
            parallel,
            keep_going,
        }
    }

    /// Waits until `pbx` may be connected to.
    ///
    /// # Errors
    /// It is not to be tried at all.
    pub fn enter(self: &Arc<Self>, pbx: &Pbx, sessions: &OpenSessions) -> Result<Place, NotTried> {
        let user = pbx.destination.user.as_ref();
        let account = (
            user.map(|user| user.to_ascii_lowercase()),
            pbx.destination.secret.clone(),
        );
        let mut state = self.lock();
        loop {
            if sessions.is_stopping() {
                return Err(NotTried::Ending);
            }
            let is_full = state.opening >= self.parallel;
            let tried = state.accounts.entry(account.clone()).or_default();
            tried.begun.retain(|begun| begun.elapsed() < OUTCOME);
            let is_known = tried.accepted || self.keep_going;
            if !is_known && tried.refused >= TRIES {
                return Err(NotTried::SecretRefused);
            }
            if !is_full && (is_known || tried.refused + tried.begun.len() < TRIES) {
                let begun = Instant::now();
                tried.begun.push(begun);
                state.opening += 1;
                return Ok(Place {
                    admission: self.clone(),
                    account,
                    begun,
                });
            }
            let waited = self.changed.wait_timeout(state, GLANCE);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The login has succeeded, or failed with `error`.
    pub fn settle(self, error: Option<&Error>) {
        let mut state = self.admission.lock();
        let tried = state.accounts.entry(self.account.clone()).or_default();
        match error {
            None => tried.accepted = true,
            Some(error) if is_wrong(error) => tried.refused += 1,
            Some(_) => {}
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.admission.lock();
        state.opening -= 1;
        let tried = state.accounts.entry(self.account.clone()).or_default();
        if let Some(at) = tried.begun.iter().position(|begun| *begun == self.begun) {
            tried.begun.swap_remove(at);
        }
        drop(state);
        self.admission.changed.notify_all();
    }
}

/// Whether the server has refused the user or the secret.
fn is_wrong(error: &Error) -> bool {
    matches!(
        error,
        Error::Login {
            why: LoginError::Refused(_),
            ..
        }
    )
}
