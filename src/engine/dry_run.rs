//! `--dry-run`: prints what would be sent and connects to nothing.

use super::batch::Batch;
use super::face::Face;
use super::policy::Rules;
use super::sending::{Manner, completed};
use super::source::{Next, Source};
use super::step::{Step, sent};
use super::transcript::Shared;
use crate::ami::{Action, ActionIds, Classes, Refused, masking};
use crate::catalog::Catalog;
use crate::exit_code::Code;
use crate::language::{Assigned, Builtin, Command, Variables};
use crate::peer_text::visible;
use std::io;

/// Shows what would be sent on a [`Face`], building packets as a session does.
pub struct DryRun<'a> {
    transcript: Shared,
    face: &'a mut dyn Face,
    ids: ActionIds,
    catalog: Catalog,
    variables: Variables,
    /// The event mask last asked for, which is not asked for twice.
    told: Classes,
}

impl<'a> DryRun<'a> {
    /// Shows packets with `face`.
    pub fn new(transcript: Shared, face: &'a mut dyn Face) -> DryRun<'a> {
        DryRun {
            transcript,
            face,
            ids: ActionIds::default(),
            catalog: Catalog::default(),
            variables: Variables::default(),
            told: Classes::default(),
        }
    }

    /// Shows the packets of the statements of `source`, secrets masked.
    /// Statements that send nothing (`echo`, `sleep`, `help`) are skipped.
    pub fn script(&mut self, mut source: Source, rules: Rules, name: &str) -> io::Result<Code> {
        loop {
            let step = match source.wait() {
                Next::Step(step) => *step,
                Next::Wrong(error) => {
                    self.face.say(&format!("{name}:{}: {error}", error.line));
                    return Ok(Code::Usage);
                }
                Next::Broken(error) => {
                    self.face.say(&format!("{name}: {error}"));
                    return Ok(Code::Failed);
                }
                Next::End | Next::NotYet => return Ok(Code::Ok),
            };
            let line = step.statement.line;
            if step.statement.command == Command::Builtin(Builtin::Quit) {
                return Ok(Code::Ok);
            }
            match self.packet_of(step, rules) {
                Ok(packet) => self.show(&packet)?,
                Err(words) => {
                    self.face.say(&match name {
                        // A single Action has no line number.
                        "" => words,
                        name => format!("{name}:{line}: {words}"),
                    });
                    return Ok(Code::Usage);
                }
            }
        }
    }

    /// Shows the packets of a stream of events of `classes`, preceded by the
    /// Filter Actions of `narrow`.
    pub fn stream(&mut self, narrow: Vec<Action>, classes: Classes) -> io::Result<Code> {
        let narrow = narrow.into_iter();
        let narrow = narrow.map(|action| self.packet(action, Manner::Raw, Rules::default()));
        let made: Result<Vec<_>, _> = narrow.collect();
        let made = made.and_then(|made| Ok([made.concat(), self.events(classes)?].concat()));
        match made {
            Ok(made) => self.show(&made).map(|()| Code::Ok),
            Err(refused) => {
                self.face.say(&refused.to_string());
                Ok(Code::Usage)
            }
        }
    }

    fn show(&mut self, packet: &[u8]) -> io::Result<()> {
        let masked = masking::request(packet);
        let mut batch = Batch::default();
        match self.transcript.lock().printer.look.terminal {
            true => visible::lines(batch.text(), &masked),
            false => batch.text().extend_from_slice(&masked),
        }
        self.face.show(&batch)
    }

    /// The packet of `step`; empty if it sends none.
    fn packet_of(&mut self, step: Step, rules: Rules) -> Result<Vec<u8>, String> {
        let command = step.statement.command.with(&self.variables);
        let command = command.map_err(|fault| fault.to_string())?;
        if let Some(sent) = sent(step.made, &command, &self.catalog) {
            let (action, manner) = sent.map_err(|fault| fault.to_string())?;
            rules.admit(&action)?;
            // The version is not known: of all but 1.4 it is true.
            let unchecked = (manner == Manner::Line).then_some(&self.catalog);
            let admitted = rules.admit_keys(&action, unchecked);
            admitted.map_err(|fault| fault.to_string())?;
            let strays = rules.strays(&command, &self.catalog).into_iter();
            for words in strays.chain(rules.notes(&action, unchecked, false)) {
                self.face.say(&words);
            }
            let packet = self.packet(action, manner, rules);
            return packet.map_err(|e| e.to_string());
        }
        match &*command {
            Command::Set { name, value } => {
                let value = match value {
                    Assigned::Text(text) => text.to_vec(),
                    // There is no answer to take it from, so the variable stays
                    // as typed.
                    Assigned::Header(_) => format!("${name}").into_bytes(),
                };
                let set = self.variables.set(name, value);
                set.map(|()| Vec::new()).map_err(|fault| fault.to_string())
            }
            Command::Builtin(Builtin::Events(Some(choice))) => {
                let (classes, _) = choice.clone().split();
                self.events(classes).map_err(|error| error.to_string())
            }
            _ => Ok(Vec::new()),
        }
    }

    fn events(&mut self, classes: Classes) -> Result<Vec<u8>, Refused> {
        if classes == self.told {
            return Ok(Vec::new());
        }
        self.told = classes;
        let mask = classes.to_string();
        let own = Action::own("Events", &[("EventMask", &mask)]);
        self.packet(own, Manner::Raw, Rules::default())
    }

    fn packet(&mut self, action: Action, manner: Manner, rules: Rules) -> Result<Vec<u8>, Refused> {
        let mut action = completed(action, manner, rules)?;
        self.ids.mark(&mut action)?;
        action.packet()
    }
}
