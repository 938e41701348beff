//! Logging in, as a machine that is fed replies and says what to send next.
//!
//! The challenge comes first, always: a secret in clear is only sent where the
//! server refuses the challenge and the caller allows it.

use super::action::{Action, Refused};
use super::message::Status;
use super::reply::Reply;
use md5::{Digest, Md5};
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// A secret. Its Debug is blank, it is not Clone, and only login reads it.
pub struct Secret(String);

impl Secret {
    /// Wraps what the user gave.
    pub fn new(secret: String) -> Secret {
        Secret(secret)
    }

    /// Is the value of the header `key` a secret? `Key` is one in Login only:
    /// in DBPut it is the name of an entry. Blanks around a key, which a server
    /// would not forgive, make nothing less secret.
    pub fn hides(key: &str, in_login: bool) -> bool {
        let key = key.trim();
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

/// Why the login ended. Only after those that [`LoginError::is_passing`] another
/// try with the same secret is worth it; Asterisk closes the connection after most.
#[derive(Debug, Error)]
pub enum LoginError {
    /// The server's own words. They are the same for a wrong user, a wrong
    /// secret and an address that the user's rules refuse.
    #[error("the server refused the login: {0}")]
    Refused(String),
    /// The user has a session already, and may have one only
    /// (`allowmultiplelogin=no`). Until that one is gone: the server may not
    /// have noticed yet that a link of ours has ended.
    #[error("the server refused the login: {0}")]
    InUse(String),
    /// It stops, or restarts as soon as its calls are over, and answers every
    /// Action so (13 and later). It has not looked at user and secret.
    #[error("the server is about to stop or to restart, and lets nobody in: {0}")]
    Stopping(String),
    /// No challenge is to be had, and a plain login was not allowed.
    #[error(
        "the server refused the MD5 challenge ({0}), and a secret is not sent in clear over this link: use --plaintext to allow it"
    )]
    NoChallenge(String),
    /// The secret or the user cannot be put into a header.
    #[error(transparent)]
    Unsendable(#[from] Refused),
}

impl LoginError {
    /// Has it nothing to do with user and secret, so that a later try may succeed?
    pub fn is_passing(&self) -> bool {
        matches!(self, LoginError::InUse(_) | LoginError::Stopping(_))
    }
}

/// A login under way.
#[derive(Debug)]
pub struct Login {
    user: String,
    secret: Arc<Secret>,
    plain_allowed: bool,
    challenged: bool,
}

impl Login {
    /// A login as `user`. `plain_allowed`: may the secret go in clear where
    /// the server refuses the challenge?
    pub fn new(user: String, secret: Arc<Secret>, plain_allowed: bool) -> Login {
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
            (_, Status::Error) if words().contains("Already In Use") => {
                Err(LoginError::InUse(words()))
            }
            // Not to be answered with a secret in clear.
            (_, Status::Error) if words().contains("shutting down") => {
                Err(LoginError::Stopping(words()))
            }
            (true, Status::Error) => Err(LoginError::Refused(words())),
            (true, _) => Ok(Step::Done),
            (false, status) => {
                self.challenged = true;
                let challenge = reply.get("Challenge").filter(|_| status != Status::Error);
                match challenge {
                    Some(challenge) => Ok(Step::Send(self.with_key(challenge)?)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::Packet;

    fn reply(text: &str) -> Reply {
        let bytes = format!("{text}\n\n").replace('\n', "\r\n");
        Reply::single(Packet::new(bytes.into_bytes().into()))
    }

    fn login(plain_allowed: bool) -> Login {
        Login::new(
            "admin".into(),
            Secret::new("secret".into()).into(),
            plain_allowed,
        )
    }

    fn sent(step: Result<Step, LoginError>) -> String {
        match step {
            Ok(Step::Send(action)) => {
                String::from_utf8(action.packet().expect("it has an Action")).expect("UTF-8")
            }
            other => panic!("{other:?}"),
        }
    }

    // The digest is that of the recorded conversation `login-md5` of 22.
    #[test]
    fn the_challenge_is_answered_in_lower_case() {
        let mut login = Login::new("admin".into(), Secret::new("s3cret".into()).into(), false);
        let first = login.first().packet().expect("it has an Action");
        assert_eq!(first, b"Action: Challenge\r\nAuthType: MD5\r\n\r\n");
        let step = login.feed(&reply("Response: Success\nChallenge: 580655842"));
        let expected = "Action: Login\r\nUsername: admin\r\nEvents: off\r\nAuthType: MD5\r\nKey: eda0f8859671b6d5b3a03cf0272fda2f\r\n\r\n";
        assert_eq!(sent(step), expected);
        let done = login.feed(&reply(
            "Response: Success\nMessage: Authentication accepted",
        ));
        assert!(matches!(done, Ok(Step::Done)));
    }

    #[test]
    fn a_refused_login_tells_the_servers_words() {
        let mut login = login(true);
        sent(login.feed(&reply("Response: Success\nChallenge: 1")));
        let refused = login.feed(&reply("Response: Error\nMessage: Authentication failed"));
        assert!(matches!(refused, Err(LoginError::Refused(why)) if why == "Authentication failed"));
    }

    // The secret in clear is the caller's decision, never ours.
    #[test]
    fn the_secret_goes_in_clear_only_where_that_is_allowed() {
        let refusals = [
            "Response: Error\nMessage: Must specify AuthType",
            "Response: Success",
            "Response: Error\nChallenge: 1\nMessage: no",
        ];
        for refusal in refusals {
            let step = login(false).feed(&reply(refusal));
            assert!(matches!(step, Err(LoginError::NoChallenge(_))), "{refusal}");
            let packet = sent(login(true).feed(&reply(refusal)));
            assert!(packet.contains("\r\nSecret: secret\r\n"), "{packet}");
        }
        let in_use = reply("Response: Error\nMessage: Login Already In Use");
        assert!(matches!(
            login(true).feed(&in_use),
            Err(LoginError::InUse(_))
        ));
    }

    #[test]
    fn no_line_break_leaves_in_a_login() {
        let mut login = Login::new(
            "a\r\nAction: X".into(),
            Secret::new(String::new()).into(),
            true,
        );
        let step = login.feed(&reply("Response: Success\nChallenge: 1"));
        assert!(matches!(step, Err(LoginError::Unsendable(_))), "{step:?}");
    }

    #[test]
    fn nothing_prints_a_secret() {
        let shown = format!("{:?}", login(true));
        assert!(!shown.contains("secret\""), "{shown}");
        let mut action = Action::own("login", &[("Key", "abc"), ("Username", "me")]);
        action.push("SECRET ", b"hidden").expect("in bounds");
        let shown = format!("{action:?}");
        assert_eq!(
            shown,
            r#"[Action: login, Key: ***, Username: me, SECRET : ***]"#
        );
        let put = Action::own("DBPut", &[("Key", "abc")]);
        assert_eq!(format!("{put:?}"), "[Action: DBPut, Key: abc]");
    }
}
