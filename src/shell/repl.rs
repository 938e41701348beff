//! The loop: reads a line at the prompt and runs it.

use super::editor::{Input, Prompt};
use super::history::Entry;
use super::keybindings::{KeyAction, about};
use super::{Shell, cli};
use crate::engine::Flow;
use crate::language::{Fault, Place, expand, parse, raw_packet_open, without_secret};
use crate::output::{Role, signs};
use crate::peer_text::visible;
use crate::session::Classes;

impl Shell<'_> {
    fn prompt(&self) -> Prompt {
        if let Some(many) = &self.many {
            let (text, role) = self.prompt_of_many(many);
            return self.painted(&text, role);
        }
        match self.lead.session.is_open() {
            true if self.in_cli => self.painted(&self.cli_prompt(), Role::Prompt),
            true => self.painted(&self.connected_prompt(), Role::Prompt),
            false => self.painted("not connected> ", Role::Warning),
        }
    }

    pub(super) fn painted(&self, text: &str, role: Role) -> Prompt {
        let palette = self.display.printer().look.palette;
        Prompt(text.to_owned(), palette.paint(role, text).into_owned())
    }

    fn connected_prompt(&self) -> String {
        let events = match self.lead.session.events() == Classes::NONE {
            true => "",
            false => " (events)",
        };
        let prompt = format!("{}{events}> ", self.place());
        visible::text(prompt.as_bytes()).into_owned()
    }

    /// `user@host`, with the port if it is not the default.
    pub(super) fn place(&self) -> String {
        let target = self.lead.session.target();
        let host = target.strip_suffix(":5038").unwrap_or(&target);
        match self.lead.session.user() {
            Some(user) => format!("{user}@{host}"),
            None => host.to_owned(),
        }
    }

    pub(super) fn repl(&mut self) {
        // The lines of a raw packet so far. Each line needs its own prompt,
        // which the editor cannot draw within one text.
        let mut packet = String::new();
        loop {
            self.ask_again();
            self.aim_as_usual();
            self.context.notes.try_iter().for_each(|why| self.say(&why));
            let prompt = match packet.is_empty() {
                true => self.prompt(),
                false => self.painted(&signs("… "), Role::Dim),
            };
            let above = match self.in_cli {
                true => cli::BEFORE,
                false => &packet,
            };
            let input = self.line.read(&prompt, above);
            self.display.tell();
            if self.take(input, &mut packet) == Flow::Leave {
                return;
            }
        }
    }

    /// Does what was typed behind `packet`, the lines of a raw packet so far.
    fn take(&mut self, input: Input, packet: &mut String) -> Flow {
        match input {
            Input::Text(text) if self.in_cli => return self.run_cli(&text),
            Input::Text(text) => {
                let text = std::mem::take(packet) + &text;
                if !raw_packet_open(self.bare(&text).as_bytes()) {
                    return self.run_as(&text, &text);
                }
                *packet = text + "\n";
            }
            Input::Cleared => packet.clear(),
            Input::Nothing if !packet.is_empty() => packet.clear(),
            Input::Nothing => self.say("Ctrl-D or quit leaves"),
            Input::Lost(why) => {
                self.say(why);
                // Without this line it is not the packet that was typed.
                if !std::mem::take(packet).is_empty() {
                    self.say("the packet was given up: nothing of it was sent");
                }
            }
            Input::Again(why) => why.into_iter().for_each(|why| self.say(why)),
            Input::Key(KeyAction::Help(about)) => self.answer(&about),
            Input::Key(KeyAction::CliHelp(line)) => {
                self.help_in_cli(&line);
            }
            Input::Key(KeyAction::Edit) => self.edit_typed(),
            Input::Key(KeyAction::Run(line)) => {
                self.say(&without_secret(&line));
                return self.run_now(&line);
            }
            // A single key must not discard the typed packet.
            Input::End if !packet.is_empty() => {
                packet.clear();
                self.say("the packet was not sent: an empty line sends it; Ctrl-D again leaves");
            }
            Input::End => {
                // There is no editor to move off the prompt's line.
                if self.line.is_plain() {
                    self.say("\n");
                }
                return Flow::Leave;
            }
        }
        Flow::Go
    }

    /// Adds `text` to the history, unless it holds a secret, and runs `meant`.
    pub(super) fn run_as(&mut self, text: &str, meant: &str) -> Flow {
        let aliases = &self.context.settings.config.habits.aliases;
        let entry = Entry::of(
            text,
            &self.all_bare(meant),
            aliases,
            &self.lead.worker.catalog(),
        );
        let kept = entry.map_or(Ok(()), |entry| self.line.remember(entry));
        if let Err(why) = kept {
            self.no_history(&why);
        }
        self.run_now(meant)
    }

    /// Runs `meant`, which Ctrl-C may interrupt.
    pub(super) fn run_now(&mut self, meant: &str) -> Flow {
        self.signalled.begin();
        let flow = self.typed(meant);
        self.signalled.end();
        flow
    }

    /// Runs one input: a line, a raw packet, or several pasted ones.
    pub(super) fn typed(&mut self, text: &str) -> Flow {
        match self.many {
            Some(_) => self.typed_to_many(text),
            None => self.typed_here(text),
        }
    }

    /// Runs what was typed for those whom lines are for.
    pub(super) fn typed_here(&mut self, text: &str) -> Flow {
        let text = expand(text, &self.context.settings.config.habits.aliases);
        let statements = match parse(text.as_bytes(), Place::Shell) {
            Ok(statements) => statements,
            Err(error) => {
                // Without an editor no key asks, and what is pasted is no key.
                let before = text.get(..error.span.start).unwrap_or_default();
                let asked = matches!(error.fault, Fault::Asks);
                match asked
                    .then(|| about(before, &self.lead.worker.catalog()))
                    .flatten()
                {
                    Some(about) => self.answer(&about),
                    None => self.say(&error.to_string()),
                }
                return Flow::Stop;
            }
        };
        let count = statements.len();
        for (done, statement) in statements.into_iter().enumerate() {
            if self.signalled.is_interrupted() {
                self.say(&format!("{} of {count} were not sent", count - done));
                return Flow::Stop;
            }
            if self.statement(statement) == Flow::Leave {
                return Flow::Leave;
            }
        }
        Flow::Go
    }
}
