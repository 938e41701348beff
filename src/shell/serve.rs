//! Lines read at the prompt, one after the other, and run.

use super::line::{Input, Prompt};
use super::wish::Wish;
use super::{Flow, Shell, cli};
use crate::language::{Place, expand, parse, raw_packet_open};
use crate::output::{Role, sanitize};
use crate::session::Classes;

impl Shell<'_> {
    fn prompt(&self) -> Prompt {
        match self.session.is_open() {
            true if self.in_cli => self.painted(&self.cli_prompt(), Role::Prompt),
            true => self.painted(&self.connected_prompt(), Role::Prompt),
            false => self.painted("not connected> ", Role::Warning),
        }
    }

    pub(super) fn painted(&self, text: &str, role: Role) -> Prompt {
        let palette = self.values.printer.look.palette;
        let painted = palette
            .is_on()
            .then(|| palette.paint(role, text).into_owned());
        Prompt(text.to_owned(), painted)
    }

    fn connected_prompt(&self) -> String {
        let events = match self.session.events() == Classes::NONE {
            true => "",
            false => " (events)",
        };
        let prompt = format!("{}{events}> ", self.place());
        sanitize::text(prompt.as_bytes()).into_owned()
    }

    /// `user@host`, with the port where it is not the usual one.
    pub(super) fn place(&self) -> String {
        let target = self.session.target();
        let host = target.strip_suffix(":5038").unwrap_or(&target);
        match self.session.user() {
            Some(user) => format!("{user}@{host}"),
            None => host.to_owned(),
        }
    }

    pub(super) fn serve(&mut self) {
        // The lines of a raw packet so far. Each has a prompt of its own, which
        // the editor cannot give to the lines of one text.
        let mut packet = String::new();
        loop {
            self.ask_again();
            self.context.notes.try_iter().for_each(|why| self.say(&why));
            let prompt = match packet.is_empty() {
                true => self.prompt(),
                false => self.painted("… ", Role::Dim),
            };
            let above = match self.in_cli {
                true => cli::BEFORE,
                false => &packet,
            };
            match self.line.read(&prompt, above) {
                Input::Text(text) if self.in_cli => {
                    if self.run_cli(&text) == Flow::Leave {
                        return;
                    }
                }
                Input::Text(text) => {
                    let text = std::mem::take(&mut packet) + &text;
                    if raw_packet_open(text.as_bytes()) {
                        packet = text + "\n";
                    } else if self.run(&text) == Flow::Leave {
                        return;
                    }
                }
                Input::Cleared => packet.clear(),
                Input::Nothing if !packet.is_empty() => packet.clear(),
                Input::Again("") => {}
                Input::Nothing => self.say("Ctrl-D or quit leaves"),
                Input::Again(why) => self.say(why),
                Input::Wish(Wish::Help(about)) => self.answer(&about),
                Input::Wish(Wish::Edit) => self.edit_typed(),
                Input::Wish(Wish::Run(line)) => {
                    self.say(&line);
                    if self.run_now(&line) == Flow::Leave {
                        return;
                    }
                }
                // One key must not throw away what was typed of a packet.
                Input::End if !packet.is_empty() => {
                    packet.clear();
                    self.say(
                        "the packet was not sent; an empty line sends one, Ctrl-D again leaves",
                    );
                }
                Input::End => {
                    // There is no editor to end the line of the prompt.
                    if self.line.is_plain() {
                        self.say("\n");
                    }
                    return;
                }
            }
        }
    }

    fn run(&mut self, text: &str) -> Flow {
        self.run_as(text, text)
    }

    /// Remembers `text`, and runs what it means.
    pub(super) fn run_as(&mut self, text: &str, meant: &str) -> Flow {
        if let Err(why) = self.line.remember(text) {
            self.no_history(&why);
        }
        self.run_now(meant)
    }

    /// Runs `meant`; Ctrl-C is for it.
    fn run_now(&mut self, meant: &str) -> Flow {
        self.signalled.begin();
        let flow = self.typed(meant);
        self.signalled.end();
        flow
    }

    /// What was typed at once: a line, a raw packet, or several pasted ones.
    pub(super) fn typed(&mut self, text: &str) -> Flow {
        let text = expand(text, &self.context.settings.config.habits.aliases);
        let statements = match parse(text.as_bytes(), Place::Shell) {
            Ok(statements) => statements,
            Err(error) => {
                self.say(&error.to_string());
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
        Flow::On
    }
}
