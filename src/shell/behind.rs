//! `LINE &`: the prompt is back at once, and the reply comes above it.

use super::screen::note;
use super::{Flow, Shell};
use crate::language::Command;
use crate::output::{Asked, Printer};
use crate::perform::behind::{self, Sent};
use crate::session::{Answer, Session};
use std::time::SystemTime;

/// A line whose reply nobody waits for.
pub(super) struct Behind {
    pub sent: Sent,
    /// As typed, to mark the reply with.
    pub line: String,
    pub asked: Asked,
}

impl Behind {
    /// Appends what came of it, under its line.
    pub fn answered(
        self,
        out: &mut Vec<u8>,
        printer: &mut Printer,
        session: &Session,
        time: SystemTime,
        answer: Answer,
    ) {
        let outcome = self.sent.outcome(session, time, answer);
        note(out, printer.look.palette, &format!("{}:", self.line));
        if let Some(reply) = outcome.ending.reply() {
            printer.reply(out, outcome.time, reply, self.asked, false);
        }
        if let Some(words) = &outcome.note {
            note(out, printer.look.palette, words);
        }
    }
}

impl Shell<'_> {
    pub(super) fn behind(&mut self, command: &Command, line: String) -> Result<Flow, String> {
        let Some((action, manner, asked)) = self.intended(command)? else {
            let words = "& is for what the server answers, an Action or `cli TEXT`";
            return Err(words.to_owned());
        };
        let sent = behind::send(&self.session, self.rules, action, manner);
        let sent = sent.map_err(|error| self.not_sent(&error))?;
        // The prompt is down: nobody takes the answer before this.
        self.screen.expect(Behind { sent, line, asked });
        // Whoever waits behind the prompt has to know of one more deadline.
        self.session.backlog().nudge();
        Ok(Flow::On)
    }

    /// Says of which lines nobody will see the reply.
    pub(super) fn forget_behind(&self) {
        for one in self.screen.forget() {
            self.say(&format!(
                "{}: not answered, its outcome is unknown",
                one.line
            ));
        }
    }
}
