//! Judges the answer to an Action: shows, counts and explains it, and decides
//! whether the next statement runs.

use super::flow::Flow;
use super::outcome::{Ending, Outcome};
use super::runner::Runner;
use super::seen::Event;
use super::step::Line;
use super::transcript::Shown;
use crate::ami::{Packet, Reply, Status};
use crate::catalog::{absent, is_certain};
use crate::exit_code::Code;
use crate::output::Asked;
use crate::peer_text::PeerText;
use crate::session::Answer;
use std::io;
use std::sync::Arc;
use std::time::SystemTime;

impl Runner<'_> {
    /// Shows an answer: in a script as part of the batch, at the prompt through
    /// the pager.
    pub(super) fn show_reply(
        &mut self,
        time: SystemTime,
        reply: &Reply,
        asked: Asked,
    ) -> io::Result<()> {
        if let Some(capture) = &mut self.capture {
            let printer = &mut capture.printer;
            printer.reply(&mut capture.text, time, reply, asked, false);
            let notes = printer.notes();
            notes.iter().for_each(|note| self.face.say(note));
            return Ok(());
        }
        if !self.is_script() {
            self.flush()?;
        }
        let mut transcript = self.transcript.lock();
        transcript.reply(&mut self.batch, time, reply, asked);
        if let Some(words) = transcript.printer.unmet() {
            self.batch.notice(words);
        }
        if self.is_script() {
            return Ok(());
        }
        transcript.settle(&mut self.batch);
        drop(transcript);
        let batch = std::mem::take(&mut self.batch);
        for part in batch.parts() {
            match part {
                super::Part::Text(text) => self.face.page(text)?,
                super::Part::Notice(words) => self.face.say(words),
            }
        }
        Ok(())
    }

    /// Keeps `reply` for `set` and `/x`. The OriginateResponse that amish
    /// itself waited for may still be expected by the script.
    pub(super) fn keep(&mut self, time: SystemTime, reply: Box<Reply>) {
        let reply = Arc::<Reply>::from(reply);
        self.transcript.lock().last = Some(Shown::Reply(reply.clone()));
        if !self.is_script() {
            return;
        }
        let outcome = |event: &&Packet| event.is_event("OriginateResponse");
        if let Some(event) = reply.items.last().filter(outcome)
            && self.seen.is_kept
        {
            let (event, shown) = (event.clone(), true);
            self.seen.push(Event { time, event, shown });
        }
        self.answered = Some(Shown::Reply(reply));
    }

    pub(super) fn judge(&mut self, name: &str, outcome: &Outcome, line: Line) -> io::Result<Flow> {
        let refused = outcome.ending.reply().map(Reply::status) == Some(Status::Error);
        let forgiven = line.forgiven && outcome.code == Code::Error;
        self.tally.count(outcome.code, forgiven);
        if outcome.code == Code::Ok && outcome.note.is_none() {
            return Ok(Flow::Go);
        }
        if let Some(note) = &outcome.note
            && (outcome.code != Code::Ok || !self.quiet())
            && !(refused && line.forgiven)
        {
            let words = self.located(line.number, note);
            self.say(&words)?;
        }
        if outcome.code == Code::Ok || forgiven {
            return Ok(Flow::Go);
        }
        self.code = self.code.with(outcome.code);
        if let Ending::Answer(Answer::Reply(reply)) = &outcome.ending {
            let explains = outcome.note.is_none() || outcome.code == Code::Login;
            if explains && self.is_script() {
                let words = self.located(line.number, &self.explained(name, reply));
                self.say(&words)?;
            }
            if outcome.note.is_none() {
                return Ok(self.after_error(name, reply));
            }
        }
        Ok(self.after(outcome.code))
    }

    fn after_error(&mut self, name: &str, reply: &Reply) -> Flow {
        if self.is_stopping(name, reply) {
            self.code = self.code.with(Code::Unknown);
            return Flow::Stop;
        }
        self.after(Code::Error)
    }

    /// Whether the server is shutting down, which it answers for a moment: from
    /// 13 on in words, before that it does not know any more what it had.
    fn is_stopping(&self, name: &str, reply: &Reply) -> bool {
        let message = reply.message().unwrap_or_default();
        message.mentions("shutting down") || is_unknown(&message) && self.had(name)
    }

    fn had(&self, name: &str) -> bool {
        let listing = self.catalog.listing();
        is_certain(name, &self.session.banner(), self.session.built_in())
            || listing.is_some_and(|listing| listing.get(name).is_some())
    }

    /// Does a script go on after `code`?
    pub(super) fn after(&self, code: Code) -> Flow {
        match code == Code::Error && self.rules.keep_going {
            true => Flow::Go,
            false => Flow::Stop,
        }
    }

    /// The server's refusal, and its likely reason.
    fn explained(&self, name: &str, reply: &Reply) -> String {
        let message = reply.message().unwrap_or_default();
        if is_unknown(&message) && self.had(name) {
            format!("{name}: the server does not know it any more, so it is stopping")
        } else if is_unknown(&message) {
            format!("{name}: {}", self.unknown(name))
        } else if let (Some(_), Some(output)) = (self.session.built_in(), reply.output())
            && output
                .first()
                .is_some_and(|line| line.starts_with(b"No such command"))
        {
            "the built-in PBX has no such CLI command; `cli core show help` lists those it has"
                .to_owned()
        } else if reply.output().is_some() {
            "the CLI command failed; its output says why".to_owned()
        } else {
            let message = message.terminal();
            format!("{name}: the server answered Error: {message}")
        }
    }

    fn unknown(&self, name: &str) -> String {
        let near = self.catalog.nearest(name);
        if let Some(words) = absent(name, &self.session.banner(), self.session.built_in()) {
            words
        } else if self.catalog.find(name).is_some() {
            "this server has no such action: its module is not loaded, or the server is of another version"
                .to_owned()
        } else if near.is_empty() {
            "the server knows no such action; ListCommands shows what it has".to_owned()
        } else {
            format!(
                "the server knows no such action; did you mean {}?",
                near.join(", ")
            )
        }
    }
}

/// Whether the server says that it has no such Action.
fn is_unknown(message: &PeerText<'_>) -> bool {
    message.starts_with("Invalid/unknown command")
}
