//! Logging in, as a state machine: it takes replies and returns what to send
//! next.
//!
//! The challenge always comes first. A secret goes out in clear only if the
//! server refuses the challenge and the caller permits it.

use super::action::{Action, Refused};
use super::reply::Reply;
use super::secret::Secret;
use super::status::Status;
use std::sync::Arc;
use thiserror::Error;

/// Whether the secret may be sent in clear if the server refuses the challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleartext {
    /// The link cannot be read by others, or the user permits it.
    Permitted,
    /// The link is neither local nor encrypted to a checked server.
    Exposed,
    /// This server has accepted the challenge before. One that refuses it now
    /// may be somebody in between who wants the secret.
    Challenged,
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Send this, and feed its reply.
    Send(Action),
    /// The session is logged in.
    Done,
}

/// Why the login ended. Asterisk closes the connection after most of these.
#[derive(Debug, Error)]
pub enum LoginError {
    /// The server's words. They are the same for a wrong user, a wrong secret
    /// and an address that the user's ACL refuses.
    #[error("the server refused the login: {0}")]
    Refused(String),
    /// The user may have one session only (`allowmultiplelogin=no`) and has
    /// one. Temporary: the server may not have noticed yet that our previous
    /// link has ended.
    #[error("the server refused the login: {0}")]
    InUse(String),
    /// The server is stopping, or will restart when its calls are over. It
    /// answers every Action this way (13 and later), without looking at user
    /// and secret.
    #[error("the server is about to stop or restart and refuses logins: {0}")]
    Stopping(String),
    /// The server refused the challenge, and the secret may not be sent in
    /// clear.
    #[error(
        "the server refused the MD5 challenge ({0}), and the secret is not sent in clear over this link: use --plaintext to allow it"
    )]
    NoChallenge(String),
    /// The challenge was refused by a server that has accepted it before.
    #[error(
        "the server refused the MD5 challenge ({0}), which it has accepted before, so the secret was not sent: check that this is still the same server"
    )]
    ChallengeWithdrawn(String),
    /// Neither success nor a refusal: what came instead.
    #[error(
        "the server answered the login with {0}, which is neither success nor a refusal: check that this is an Asterisk server"
    )]
    Unexpected(String),
    /// The user or the secret does not fit into a header.
    #[error(transparent)]
    Unsendable(#[from] Refused),
}

impl LoginError {
    /// Classifies a refusal by the server's words. This is the only list of the
    /// words that mean a temporary one.
    fn of(words: String) -> LoginError {
        if words.contains("Login Already In Use") {
            LoginError::InUse(words)
        } else if words.contains("shutting down") {
            LoginError::Stopping(words)
        } else {
            LoginError::Refused(words)
        }
    }

    /// Whether the same login may succeed later. Any other must not be
    /// repeated: the server may lock out this address.
    pub fn is_temporary(&self) -> bool {
        matches!(self, LoginError::InUse(_) | LoginError::Stopping(_))
    }
}

/// A login in progress.
#[derive(Debug)]
pub struct Login {
    user: String,
    secret: Arc<Secret>,
    cleartext: Cleartext,
    stage: Stage,
}

/// What was sent last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The request for a challenge.
    Challenge,
    /// The Login with the answer to the challenge.
    Key,
    /// The Login with the secret in clear.
    Clear,
}

impl Login {
    /// Begins a login as `user`.
    pub fn new(user: String, secret: Arc<Secret>, cleartext: Cleartext) -> Login {
        Login {
            user,
            secret,
            cleartext,
            stage: Stage::Challenge,
        }
    }

    /// The first Action to send.
    pub fn first(&self) -> Action {
        Action::own("Challenge", &[("AuthType", "MD5")])
    }

    /// Whether the server has accepted the challenge.
    pub fn is_challenged(&self) -> bool {
        self.stage == Stage::Key
    }

    /// Takes the reply to the last Action.
    ///
    /// # Errors
    /// The login failed; see [`LoginError`].
    pub fn feed(&mut self, reply: &Reply) -> Result<Step, LoginError> {
        let challenge = reply.get("Challenge").unwrap_or_default();
        match (self.stage, reply.status()) {
            (Stage::Challenge, Status::Error) => match LoginError::of(words(reply)) {
                LoginError::Refused(words) => self.unchallenged(words),
                temporary => Err(temporary),
            },
            (_, Status::Error) => Err(LoginError::of(words(reply))),
            (Stage::Challenge, Status::Success) if !challenge.is_empty() => {
                self.stage = Stage::Key;
                Ok(Step::Send(self.with_key(challenge)?))
            }
            (Stage::Key | Stage::Clear, Status::Success) => Ok(Step::Done),
            // Only an Error refuses the challenge. If anything else counted as
            // a refusal, the secret would go out in clear unasked.
            (Stage::Challenge, Status::Success) => {
                Err(LoginError::Unexpected("an empty Challenge".to_owned()))
            }
            (_, Status::Goodbye | Status::Follows) => {
                let name = reply.response.as_ref().map_or(&b""[..], |one| one.name());
                let name = name.trim_ascii().escape_ascii();
                Err(LoginError::Unexpected(format!("Response: {name}")))
            }
        }
    }

    /// What follows a refused challenge.
    fn unchallenged(&mut self, words: String) -> Result<Step, LoginError> {
        match self.cleartext {
            Cleartext::Permitted => {
                self.stage = Stage::Clear;
                Ok(Step::Send(self.in_clear()?))
            }
            Cleartext::Exposed => Err(LoginError::NoChallenge(words)),
            Cleartext::Challenged => Err(LoginError::ChallengeWithdrawn(words)),
        }
    }

    fn with_key(&self, challenge: &[u8]) -> Result<Action, Refused> {
        let mut action = self.login()?;
        action.push("AuthType", b"MD5")?;
        action.push("Key", self.secret.md5_key(challenge).as_bytes())?;
        Ok(action)
    }

    fn in_clear(&self) -> Result<Action, Refused> {
        let mut action = self.login()?;
        action.push("Secret", self.secret.in_clear())?;
        Ok(action)
    }

    /// With events off: they are turned on once the session is up.
    fn login(&self) -> Result<Action, Refused> {
        let mut action = Action::new("Login")?;
        action.push("Username", self.user.as_bytes())?;
        action.push("Events", b"off")?;
        Ok(action)
    }
}

fn words(reply: &Reply) -> String {
    reply
        .message()
        .map_or("no reason given".to_owned(), |words| {
            words.terminal().into_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::Packet;

    fn reply(text: &str) -> Reply {
        let bytes = format!("{text}\n\n").replace('\n', "\r\n");
        Reply::single(Packet::new(bytes.into_bytes().into()))
    }

    fn login(cleartext: Cleartext) -> Login {
        let secret = Secret::new("secret".into()).into();
        Login::new("admin".into(), secret, cleartext)
    }

    fn sent(step: Result<Step, LoginError>) -> String {
        match step {
            Ok(Step::Send(action)) => {
                String::from_utf8(action.packet().expect("it has an Action")).expect("UTF-8")
            }
            other => panic!("{other:?}"),
        }
    }

    // The digest is from a recording of Asterisk 22.
    #[test]
    fn the_challenge_is_answered_in_lower_case() {
        let mut login = Login::new(
            "admin".into(),
            Secret::new("s3cret".into()).into(),
            Cleartext::Exposed,
        );
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
        let mut login = login(Cleartext::Permitted);
        sent(login.feed(&reply("Response: Success\nChallenge: 1")));
        let refused = login.feed(&reply("Response: Error\nMessage: Authentication failed"));
        assert!(matches!(refused, Err(LoginError::Refused(why)) if why == "Authentication failed"));
    }

    // Sending the secret in clear is the caller's decision.
    #[test]
    fn the_secret_goes_in_clear_only_where_that_is_permitted() {
        let refusals = [
            "Response: Error\nMessage: Must specify AuthType",
            "Response: Error\nChallenge: 1\nMessage: no",
        ];
        for refusal in refusals {
            let step = login(Cleartext::Exposed).feed(&reply(refusal));
            assert!(matches!(step, Err(LoginError::NoChallenge(_))), "{refusal}");
            let step = login(Cleartext::Challenged).feed(&reply(refusal));
            let withdrawn = matches!(step, Err(LoginError::ChallengeWithdrawn(_)));
            assert!(withdrawn, "{refusal}");
            let packet = sent(login(Cleartext::Permitted).feed(&reply(refusal)));
            assert!(packet.contains("\r\nSecret: secret\r\n"), "{packet}");
        }
    }

    // Anything but a plain refusal must not draw out the secret.
    #[test]
    fn only_an_error_refuses_the_challenge_and_only_success_accepts_the_login() {
        for odd in [
            "Response: Goodbye\nMessage: Thanks for all the fish.",
            "Response: Success",
            "Response: Success\nChallenge: ",
            "Response: Follows",
        ] {
            let step = login(Cleartext::Permitted).feed(&reply(odd));
            assert!(matches!(step, Err(LoginError::Unexpected(_))), "{odd}");
        }
        let mut login = login(Cleartext::Permitted);
        sent(login.feed(&reply("Response: Success\nChallenge: 1")));
        let step = login.feed(&reply("Response: Goodbye"));
        assert!(matches!(step, Err(LoginError::Unexpected(_))), "{step:?}");
    }

    // A refusal wrongly taken for temporary would be repeated forever.
    #[test]
    fn only_known_words_mean_that_a_refusal_is_temporary() {
        for (words, temporary) in [
            ("Login Already In Use", true),
            ("Asterisk is shutting down", true),
            ("Authentication failed", false),
            ("Already in use elsewhere, go away", false),
            ("", false),
        ] {
            let mut login = login(Cleartext::Exposed);
            sent(login.feed(&reply("Response: Success\nChallenge: 1")));
            let error = format!("Response: Error\nMessage: {words}");
            let refused = login.feed(&reply(&error)).expect_err("it is refused");
            assert_eq!(refused.is_temporary(), temporary, "{words}");
        }
    }

    #[test]
    fn no_line_break_leaves_in_a_login() {
        let mut login = Login::new(
            "a\r\nAction: X".into(),
            Secret::new(String::new()).into(),
            Cleartext::Permitted,
        );
        let step = login.feed(&reply("Response: Success\nChallenge: 1"));
        assert!(matches!(step, Err(LoginError::Unsendable(_))), "{step:?}");
    }

    #[test]
    fn nothing_prints_a_secret() {
        let shown = format!("{:?}", login(Cleartext::Exposed));
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
