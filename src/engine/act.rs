//! Sends one Action, waits for its answer, shows it and judges it.

use super::flow::{Done, Failure, Flow, Halt};
use super::outcome::{Ending, Outcome, session_code};
use super::runner::Runner;
use super::sending::{Manner, is_followed, observe, patience};
use super::step::Line;
use super::wait::{LAST_CHANCE, Taken, Waited, Waiter};
use crate::ami::{Action, Reply, Status, Ticket};
use crate::exit_code::Code;
use crate::language::asterisk_cli::is_of_console;
use crate::output::{Asked, words};
use crate::session::{self, Answer, Arrival, Arrived};
use std::io;
use std::time::{Duration, Instant, SystemTime};

/// How long the server gets to close the connection after Logoff.
const CLOSING: Duration = Duration::from_millis(200);

/// Shown after a CLI command that concerns the live console.
const CONSOLE: &str =
    "the output of the live console is not available over AMI; /events shows what happens";

pub(super) struct Exchanged {
    pub time: SystemTime,
    pub ending: Ending,
    pub sent: Action,
}

impl Runner<'_> {
    /// Sends one Action and shows its outcome.
    pub(super) fn act(&mut self, action: Action, manner: Manner, line: Line) -> Done {
        let name = action.name();
        // An `expect` after this Action must not be met by an earlier event.
        self.drained()?;
        self.answered = None;
        let began = Instant::now();
        let mut outcome = loop {
            match self.outcome(&action, manner, line) {
                // Nothing was sent yet, so it is safe to wait for the new link.
                Err(Halt::Unsent(session::Error::NotConnected))
                    if self.is_script() && self.session.is_returning() =>
                {
                    self.connected()?;
                }
                Err(Halt::Unsent(error)) if self.is_script() => {
                    let Failure(code, words) = self.not_sent(&error);
                    return Err(Failure(code, format!("{name}: {words}")).into());
                }
                done => break done?,
            }
        };
        let took = began.elapsed();
        if outcome.note.is_none() {
            outcome.note = self.meant(&action, &outcome)?;
        }
        if outcome.is_denied() {
            self.transcript.lock().refused = Some(name.clone());
        }
        let is_login = action.is("Login") && outcome.code == Code::Ok;
        let interrupted = matches!(outcome.ending, Ending::Interrupted);
        let flow = self.conclude(&name, outcome, line)?;
        self.flush()?;
        if is_login {
            self.face.logged_in();
        }
        if self.is_about_console(&action, line) {
            self.say(CONSOLE)?;
        }
        if self.transcript.lock().timing {
            self.face.say(&words::took(took));
        }
        if interrupted && self.is_script() {
            let limit = Instant::now() + LAST_CHANCE;
            self.rest(Some(limit))?;
        }
        Ok(flow)
    }

    fn is_about_console(&self, action: &Action, line: Line) -> bool {
        let command = action.get("Command").unwrap_or_default();
        line.asked == Asked::Cli && is_of_console(command) && !self.is_script()
    }

    pub(super) fn not_sent(&self, error: &session::Error) -> Failure {
        match error {
            session::Error::NotConnected if !self.is_script() => self.not_connected(),
            session::Error::Refused(_) => Failure(session_code(error), error.to_string()),
            // The script had a link and lost it, so exit code 5 (nothing was
            // sent) would be wrong.
            _ => Failure(Code::Unknown, error.to_string()),
        }
    }

    /// Sends the Action, following the call if it is an Originate.
    fn outcome(&mut self, action: &Action, manner: Manner, line: Line) -> Done<Outcome> {
        self.rules.admit(action)?;
        match is_followed(action, manner, self.rules) {
            true => self.originate(action.clone(), line),
            false => self.exchange(action.clone()),
        }
    }

    /// Sends the Action unchanged and waits for its answer.
    pub(super) fn exchange(&mut self, action: Action) -> Done<Outcome> {
        let patience = patience(self.session, &action);
        let (ticket, sent) = match self.flows() {
            true => self.session.send_flowing(action, patience)?,
            false => self.session.send(action, patience)?,
        };
        let (time, ending) = self.answer_to(ticket, &mut |_, _, arrived| Taken::Other(arrived))?;
        if let Ending::Answer(Answer::Reply(reply)) = &ending {
            observe(self.session, &sent, reply);
        }
        Ok(Outcome::of(self.session, self.rules, &sent, time, ending))
    }

    /// Whether a list is shown as it comes: not to a person, who gets a table or
    /// a pager, nor to a local command.
    fn flows(&self) -> bool {
        self.is_script() && self.capture.is_none() && self.transcript.lock().printer.takes_parts()
    }

    /// Sends `action` and waits for its answer; `waiter` sees every other
    /// arrival.
    pub(super) fn send(
        &mut self,
        action: Action,
        patience: Duration,
        waiter: Waiter<'_, ()>,
    ) -> Done<Exchanged> {
        let (ticket, sent) = self.session.send(action, patience)?;
        let (time, ending) = self.answer_to(ticket, waiter)?;
        Ok(Exchanged { time, ending, sent })
    }

    pub(super) fn answer_to(
        &mut self,
        ticket: Ticket,
        waiter: Waiter<'_, ()>,
    ) -> io::Result<(SystemTime, Ending)> {
        let outer = std::mem::replace(&mut self.exchanging, true);
        let ended = loop {
            let waited = self.wait(None, &mut |transcript, batch, arrived| match arrived.what {
                Arrival::Answer(whose, answer) if whose == ticket => {
                    Taken::Done((arrived.time, Ending::Answer(answer)))
                }
                Arrival::Part(whose, packet) if whose == ticket => {
                    transcript.printer.part(batch.text(), arrived.time, &packet);
                    Taken::Kept
                }
                what => {
                    let arrived = Arrived { what, ..arrived };
                    match waiter(transcript, batch, arrived) {
                        Taken::Other(arrived) => Taken::Other(arrived),
                        Taken::Kept | Taken::Done(()) => Taken::Kept,
                    }
                }
            })?;
            match waited {
                Waited::Done(ended) => break ended,
                Waited::Interrupted => {
                    self.session.abandon(ticket);
                    let mut transcript = self.transcript.lock();
                    transcript.printer.broken_off(self.batch.text());
                    drop(transcript);
                    self.interrupted();
                    break (SystemTime::now(), Ending::Interrupted);
                }
                // The answer itself says how the link ended.
                Waited::Over | Waited::Nudged | Waited::Ended => {}
            }
        };
        self.exchanging = outer;
        Ok(ended)
    }

    /// Asks a question of amish's own. Returns what was sent as well.
    pub(super) fn ask(
        &mut self,
        question: Action,
        patience: Duration,
    ) -> Done<(SystemTime, Ending, Action)> {
        let (ticket, sent) = self.session.send_own(question, patience)?;
        let (time, ending) = self.answer_to(ticket, &mut |_, _, arrived| Taken::Other(arrived))?;
        Ok((time, ending, sent))
    }

    /// The answer to a question of amish's own. None if it was not sent, there
    /// was no answer within `patience`, or the link ended.
    pub(super) fn told(
        &mut self,
        question: Action,
        patience: Duration,
    ) -> Done<Option<Box<Reply>>> {
        match self.ask(question, patience) {
            Ok((_, Ending::Answer(Answer::Reply(reply)), _)) => Ok(Some(reply)),
            Ok(_) | Err(Halt::Unsent(_)) => Ok(None),
            Err(halt) => Err(halt),
        }
    }

    /// Shows the outcome of an Action and decides whether to go on.
    pub(super) fn conclude(
        &mut self,
        name: &str,
        outcome: Outcome,
        line: Line,
    ) -> io::Result<Flow> {
        let mut goodbye = false;
        if let Some(reply) = outcome.ending.reply() {
            goodbye = reply.status() == Status::Goodbye;
            self.goodbye |= goodbye;
            self.show_reply(outcome.time, reply, line.asked)?;
        }
        let flow = self.judge(name, &outcome, line)?;
        if let Ending::Answer(Answer::Reply(reply)) = outcome.ending {
            self.keep(outcome.time, reply);
        }
        if goodbye && !self.is_script() {
            // The server closes the connection now; the next prompt should
            // already show it.
            let until = Instant::now() + CLOSING;
            self.wait_through(Some(until), |what| matches!(what, Arrival::Ended(..)))?;
            self.flush()?;
            return Ok(Flow::Stop);
        }
        Ok(flow)
    }
}
