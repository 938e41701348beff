//! Logging in, as a machine that is fed replies and says what to send next.
//!
//! The challenge comes first, always: a secret in clear is only sent where the
//! server refuses the challenge and the caller allows it.

use super::action::{Action, Refused};
use super::message::Status;
use super::reply::Reply;
use md5::{Digest, Md5};
use std::fmt;
use thiserror::Error;

/// A secret. Its Debug is blank, it is not Clone, and only login reads it.
pub struct Secret(String);

impl Secret {
    /// Wraps what the user gave.
    pub fn new(secret: String) -> Secret {
        Secret(secret)
    }

    /// Is the value of the header `key` a secret? `Key` is one in Login only:
    /// in DBPut it is the name of an entry.
    pub fn hides(key: &str, in_login: bool) -> bool {
        let always = ["Secret", "Password", "Md5Cred"];
        always.iter().any(|name| key.eq_ignore_ascii_case(name))
            || (in_login && key.eq_ignore_ascii_case("Key"))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Send this and feed its reply.
    Send(Action),
    /// The session is logged in.
    Done,
}

/// Why the login ended. None of these is worth a second try with the same
/// secret: Asterisk closes the connection after each.
#[derive(Debug, Error)]
pub enum LoginError {
    /// The server's own words. They are the same for a wrong user, a wrong
    /// secret and an address that the user's rules refuse.
    #[error("the server refused the login: {0}")]
    Refused(String),
    /// No challenge is to be had, and a plain login was not allowed.
    #[error(
        "the server refused the MD5 challenge ({0}), and a secret is not sent in clear over this link: use --plaintext to allow it"
    )]
    NoChallenge(String),
    /// The secret or the user cannot be put into a header.
    #[error(transparent)]
    Unsendable(#[from] Refused),
}

/// A login under way.
#[derive(Debug)]
pub struct Login {
    user: String,
    secret: Secret,
    plain_allowed: bool,
    challenged: bool,
}

impl Login {
    /// A login as `user`. `plain_allowed`: may the secret go in clear where
    /// the server refuses the challenge?
    pub fn new(user: String, secret: Secret, plain_allowed: bool) -> Login {
        Login {
            user,
            secret,
            plain_allowed,
            challenged: false,
        }
    }

    /// What to send first.
    pub fn first(&self) -> Action {
        Action::own("Challenge", &[("AuthType", "MD5")])
    }

    /// Takes the reply to what was sent last.
    ///
    /// # Errors
    /// The login has failed; see [`LoginError`].
    pub fn feed(&mut self, reply: &Reply) -> Result<Step, LoginError> {
        let words = || {
            reply
                .message()
                .map_or("no reason given".to_owned(), |m| m.into_owned())
        };
        match (self.challenged, reply.status()) {
            (true, Status::Error) => Err(LoginError::Refused(words())),
            (true, _) => Ok(Step::Done),
            (false, status) => {
                self.challenged = true;
                let challenge = reply.get("Challenge").filter(|_| status != Status::Error);
                match challenge {
                    Some(challenge) => Ok(Step::Send(self.with_key(challenge)?)),
                    // The same words as for a login: another try changes nothing.
                    None if words().contains("Already In Use") => Err(LoginError::Refused(words())),
                    None if self.plain_allowed => Ok(Step::Send(self.in_clear()?)),
                    None => Err(LoginError::NoChallenge(words())),
                }
            }
        }
    }

    fn with_key(&self, challenge: &[u8]) -> Result<Action, Refused> {
        let mut digest = Md5::new();
        digest.update(challenge);
        digest.update(self.secret.0.as_bytes());
        // Lower case: Asterisk compares the text, not the number.
        let key: String = digest
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let mut action = self.login()?;
        action.push("AuthType", b"MD5")?;
        action.push("Key", key.as_bytes())?;
        Ok(action)
    }

    fn in_clear(&self) -> Result<Action, Refused> {
        let mut action = self.login()?;
        action.push("Secret", self.secret.0.as_bytes())?;
        Ok(action)
    }

    /// With events off: who wants some asks for them once the session stands.
    fn login(&self) -> Result<Action, Refused> {
        let mut action = Action::new("Login")?;
        action.push("Username", self.user.as_bytes())?;
        action.push("Events", b"off")?;
        Ok(action)
    }
}
