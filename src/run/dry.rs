//! `--dry-run`: what would be sent, and no connection.

use super::source::{Next, Setting, Source};
use super::step::{Step, sent};
use super::stream::Until;
use super::{Sink, narrow};
use crate::ami::{Action, ActionIds, Refused, mask};
use crate::catalog::Catalog;
use crate::language::{Assigned, Command, Variables};
use crate::output::sanitize;
use crate::perform::{Code, Manner, Rules, completed};
use crate::session::Classes;
use std::io;

/// Prints the packets of the statements of `source`, secrets masked. What is
/// no packet of the user's own (`echo`, `sleep`, `help`) is passed over.
///
/// # Errors
/// The output cannot be written.
pub fn script(
    mut source: Source,
    rules: Rules,
    name: &str,
    sink: &mut Sink<'_>,
) -> io::Result<Code> {
    let mut packets = Packets::default();
    loop {
        let step = match source.wait() {
            Next::Step(step) => *step,
            Next::Wrong(error) => {
                sink.say(&format!("{name}:{}: {error}", error.line));
                return Ok(Code::Usage);
            }
            Next::Broken(error) => {
                sink.say(&format!("{name}: {error}"));
                return Ok(Code::Failed);
            }
            Next::End | Next::NotYet => return Ok(Code::Ok),
        };
        let line = step.statement.line;
        if step.statement.command == Command::Quit {
            return Ok(Code::Ok);
        }
        match packets.of(step, rules) {
            Ok(packet) => show(&packet, sink)?,
            Err(words) => {
                sink.say(&match name {
                    // One Action has no line.
                    "" => words,
                    name => format!("{name}:{line}: {words}"),
                });
                return Ok(Code::Usage);
            }
        }
    }
}

/// Prints the packets of a stream of events of `classes`.
///
/// # Errors
/// The output cannot be written.
pub fn stream(classes: Classes, until: &Until, sink: &mut Sink<'_>) -> io::Result<Code> {
    let mut packets = Packets::default();
    let narrow = narrow::actions(sink.filter.as_ref(), until).into_iter();
    let narrow = narrow.map(|action| packets.packet(action, Manner::Raw, Rules::default()));
    let made: Result<Vec<_>, _> = narrow.collect();
    let made = made.and_then(|mut made| {
        made.push(packets.events(classes)?);
        Ok(made.concat())
    });
    match made {
        Ok(made) => show(&made, sink).map(|()| Code::Ok),
        Err(refused) => {
            sink.say(&refused.to_string());
            Ok(Code::Usage)
        }
    }
}

fn show(packet: &[u8], sink: &mut Sink<'_>) -> io::Result<()> {
    let masked = mask::request(packet);
    if !sink.printer.look.terminal {
        return sink.show(&masked);
    }
    let mut text = Vec::new();
    sanitize::lines(&mut text, &masked);
    sink.show(&text)
}

/// Makes packets as a session does.
#[derive(Default)]
struct Packets {
    ids: ActionIds,
    catalog: Catalog,
    variables: Variables,
    /// The mask last asked for: the same is not asked for again.
    told: Classes,
}

impl Packets {
    /// The packet of `step`, nothing for one that sends none.
    fn of(&mut self, step: Step, rules: Rules) -> Result<Vec<u8>, String> {
        let command = step.statement.command.with(&self.variables);
        let command = command.map_err(|fault| fault.to_string())?;
        if let Some(sent) = sent(step.made, &command, &self.catalog) {
            let (action, manner) = sent.map_err(|fault| fault.to_string())?;
            rules.admit(&action).map_err(|error| error.to_string())?;
            let packet = self.packet(action, manner, rules);
            return packet.map_err(|e| e.to_string());
        }
        match &*command {
            Command::Set { name, value } => {
                let value = match value {
                    Assigned::Text(text) => text.to_vec(),
                    // Nobody answers: it stays as it was typed.
                    Assigned::Header(_) => format!("${name}").into_bytes(),
                };
                self.variables.set(name, value);
                Ok(Vec::new())
            }
            Command::Builtin { name, arguments } => match Setting::of(name, arguments)? {
                Setting::Only(_) => self.events(Classes::ALL).map_err(|e| e.to_string()),
                Setting::Classes(classes) => self.events(classes).map_err(|e| e.to_string()),
                _ => Ok(Vec::new()),
            },
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
