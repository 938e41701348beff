//! Logging in: once, and again on each later link.

use super::error::Error;
use super::link::Link;
use super::{Answer, Session, lock};
use crate::ami::{Login, Reply, Secret, Step};
use std::sync::Arc;
use std::time::Duration;

/// A refusal takes Asterisk a second; who did not wait for it would take it
/// for silence, and come again with the same secret.
const REFUSAL: Duration = Duration::from_secs(5);

/// As what to log in again.
#[derive(Clone)]
pub(super) struct Credentials {
    user: String,
    secret: Arc<Secret>,
    /// The secret may go in clear where the server refuses the challenge.
    plain_allowed: bool,
}

impl Session {
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
        let credentials = Credentials {
            user: user.to_owned(),
            secret: Arc::new(secret),
            plain_allowed,
        };
        // Before it is answered: the link may end right behind the answer.
        self.watch.set_again(self.config.reconnect);
        let done = self.log_in(&self.link(), &credentials, seen);
        match done {
            Ok(()) => {
                self.note_login(user);
                *lock(&self.credentials) = Some(credentials);
            }
            Err(_) => self.watch.set_again(false),
        }
        done
    }

    /// The conversation of a login, on `link`.
    pub(super) fn log_in(
        &self,
        link: &Link,
        credentials: &Credentials,
        seen: &mut dyn FnMut(&Reply),
    ) -> Result<(), Error> {
        let Credentials { user, secret, .. } = credentials;
        let plain_allowed = credentials.plain_allowed;
        let patience = self.patience().max(REFUSAL);
        let mut login = Login::new(user.clone(), secret.clone(), plain_allowed);
        let mut action = login.first();
        loop {
            let answer = match self.call_on(link, action, patience) {
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
                Step::Done => return Ok(()),
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
}
