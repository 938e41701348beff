//! The outcome of an Action that was sent (answered, unknown, or given up) and
//! its exit code.

use super::policy::Rules;
use crate::ami::reply::MAX_ANSWER;
use crate::ami::{self, Action, LoginError, Reply, Shortfall, Status};
use crate::catalog;
use crate::diagnosis::{is_denied, permission_hint};
use crate::exit_code::Code;
use crate::output::words;
use crate::peer_text::visible;
use crate::session::{self, Answer, Session};
use std::time::SystemTime;

/// How it ended.
#[derive(Debug)]
pub enum Ending {
    /// With this. For an Originate the OriginateResponse is among the items of
    /// the reply.
    Answer(Answer),
    /// The user stopped waiting. The answer, if it comes, is late.
    Interrupted,
}

impl Ending {
    /// The answer, or as much of it as came.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Ending::Answer(answer) => answer.reply(),
            Ending::Interrupted => None,
        }
    }
}

/// The outcome of an Action that was sent.
#[derive(Debug)]
pub struct Outcome {
    /// When it ended.
    pub time: SystemTime,
    /// How it ended.
    pub ending: Ending,
    /// Its exit code.
    pub code: Code,
    /// What happened, in one line, if the packets alone do not show it.
    pub note: Option<String>,
}

impl Outcome {
    /// The outcome of `action`, which ended at `time`.
    pub fn of(
        session: &Session,
        rules: Rules,
        action: &Action,
        time: SystemTime,
        ending: Ending,
    ) -> Outcome {
        let (code, note) = match &ending {
            Ending::Answer(Answer::Reply(reply)) if reply.ending == ami::Ending::Unanswered => {
                (Code::Ok, Some(unanswered(action)))
            }
            Ending::Answer(Answer::Reply(reply)) if reply.status() != Status::Error => {
                match not_whole(reply) {
                    Some(why) => (Code::Unknown, Some(format!("{}: {why}", action.name()))),
                    None => (Code::Ok, None),
                }
            }
            Ending::Answer(Answer::Reply(reply))
                if !rules.strict && is_empty_list(action, reply) =>
            {
                (Code::Ok, None)
            }
            Ending::Answer(Answer::Reply(_)) if action.is("Login") => (Code::Login, None),
            Ending::Answer(Answer::Reply(reply)) => {
                let user = session.user();
                let hint = permission_hint(action, reply, user.as_deref(), &session.banner());
                (Code::Error, hint)
            }
            Ending::Answer(Answer::TimedOut(part)) => {
                let why = part.as_deref().and_then(not_whole);
                let why = why.unwrap_or_else(|| "no answer in time".to_owned());
                (Code::Unknown, Some(unknown(action, &why)))
            }
            Ending::Answer(Answer::Lost(part)) => {
                let why = match part {
                    Some(_) => "the connection ended in the middle of the answer",
                    None => "the connection ended before the answer",
                };
                (Code::Unknown, Some(unknown(action, why)))
            }
            Ending::Interrupted => (Code::Unknown, Some(unknown(action, "stopped waiting"))),
        };
        Outcome {
            time,
            ending,
            code,
            note,
        }
    }

    /// Did the server refuse it because the user lacks a class?
    pub fn is_denied(&self) -> bool {
        self.ending.reply().is_some_and(is_denied)
    }
}

/// Why `reply` is not whole, if it is not.
fn not_whole(reply: &Reply) -> Option<String> {
    let came = reply.count();
    Some(match reply.shortfall()? {
        Shortfall::Counted(counted) => {
            format!("the list is not whole: the server counts {counted} items, and {came} came")
        }
        Shortfall::Cancelled => {
            format!("the list is not whole: {came} items came, then the server broke it off")
        }
        Shortfall::Overtaken => {
            format!("the list has no end: {came} items came, then the next answer began")
        }
        Shortfall::Cut => "the answer stopped half way".to_owned(),
        Shortfall::Full => format!("the answer is larger than {} MiB", MAX_ANSWER >> 20),
    })
}

fn unknown(action: &Action, why: &str) -> String {
    let id = visible::text(action.get("ActionID").unwrap_or_default());
    let name = action.name();
    format!(
        "{why}: the outcome of {name} (ActionID {id}) is unknown; it was sent and is not sent again"
    )
}

/// It was carried out as far as anybody can know: servers work in order, and
/// would have answered a refusal.
fn unanswered(action: &Action) -> String {
    let name = action.name();
    format!("{name} was sent and not refused; this version of Asterisk does not answer it")
}

/// Servers answer some empty lists with an Error.
fn is_empty_list(action: &Action, reply: &Reply) -> bool {
    let known = catalog::action(&action.name());
    let message = reply.message().unwrap_or_default();
    known.is_some_and(|known| known.error_may_be_empty) && words::is_empty_list(&message)
}

/// The exit code of a session error.
pub fn session_code(error: &session::Error) -> Code {
    match error {
        session::Error::Login(why) => login_code(why),
        session::Error::Certificate { .. } => Code::Login,
        session::Error::Refused(_) | session::Error::TlsName(_) => Code::Usage,
        session::Error::Local { .. } | session::Error::CaFile { .. } | session::Error::Trust(_) => {
            Code::Failed
        }
        session::Error::Resolve { .. }
        | session::Error::Connect { .. }
        | session::Error::NotAmi { .. }
        | session::Error::NoTls { .. }
        | session::Error::LoginSilent
        | session::Error::LoginCut
        | session::Error::LinkEnded
        | session::Error::NotConnected => Code::NoConnection,
    }
}

/// The exit code of a login that failed.
pub fn login_code(why: &LoginError) -> Code {
    match why {
        LoginError::Stopping(_) => Code::NoConnection,
        // Nothing was sent.
        LoginError::Unsendable(_) => Code::Usage,
        _ => Code::Login,
    }
}
