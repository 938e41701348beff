//! Logging in, the first time and again on each later link.

use super::clear::Credentials;
use super::error::Error;
use super::link::Link;
use super::{Answer, Session, lock};
use crate::ami::{Reply, Secret, Step};
use std::time::Duration;

/// Asterisk takes a second to refuse a login. Giving up earlier would look like
/// silence, and the same secret would be tried again.
const REFUSAL: Duration = Duration::from_secs(5);

impl Session {
    /// Logs in once. Each reply on the way is passed to `seen`. `plaintext`:
    /// the user permits the secret in clear over any link. Otherwise it goes
    /// out in clear only over a local link or TLS with a checked server, and
    /// never to a server that has accepted the challenge before.
    ///
    /// # Errors
    /// [`Error::Login`] if it was refused; nothing else was tried.
    pub fn login(
        &self,
        user: &str,
        secret: Secret,
        plaintext: bool,
        seen: &mut dyn FnMut(&Reply),
    ) -> Result<(), Error> {
        let credentials = Credentials::new(user, secret, plaintext);
        // Set before the answer, because the link may end right after it.
        self.lifecycle.set_reconnect(self.config.reconnect);
        let done = self.log_in(&self.link(), &credentials, seen);
        match done {
            Ok(()) => {
                self.note_login(user);
                *lock(&self.credentials) = Some(credentials);
            }
            Err(_) => self.lifecycle.set_reconnect(false),
        }
        done
    }

    /// Runs the dialogue of a login on `link`.
    pub(super) fn log_in(
        &self,
        link: &Link,
        credentials: &Credentials,
        seen: &mut dyn FnMut(&Reply),
    ) -> Result<(), Error> {
        let (target, challenged) = (self.config.target(), &self.config.challenged);
        let patience = self.patience().max(REFUSAL);
        let mut login = credentials.login(&target, link, challenged);
        let mut action = login.first();
        loop {
            let answer = match self.call_on(link, action, patience) {
                // The reader saw the end before the first Action was sent.
                Err(Error::NotConnected) => Answer::Lost(None),
                answer => answer?,
            };
            let reply = match answer {
                Answer::Reply(reply) => reply,
                Answer::TimedOut(_) => return Err(Error::LoginSilent),
                Answer::Lost(_) => return Err(Error::LoginCut),
            };
            seen(&reply);
            let step = login.feed(&reply);
            if login.is_challenged() {
                challenged.insert(&target, link);
            }
            match step? {
                Step::Send(next) => action = next,
                Step::Done => return Ok(()),
            }
        }
    }

    /// Records that the session is logged in as `user`, however that came
    /// about.
    pub fn note_login(&self, user: &str) {
        *lock(&self.user) = Some(user.to_owned());
    }

    /// The user of the last successful login.
    pub fn user(&self) -> Option<String> {
        lock(&self.user).clone()
    }

    /// Whether a login has succeeded.
    pub fn is_logged_in(&self) -> bool {
        lock(&self.user).is_some()
    }
}
