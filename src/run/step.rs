//! A statement of a script, and what is checked of it before anything is sent.

use super::source::Setting;
use crate::ami::Action;
use crate::catalog::Catalog;
use crate::language::{Command, Expr, Fault, Statement, SyntaxError, Variables};
use crate::perform::{Manner, Rules, intended};
use std::borrow::Cow;

/// A statement, as far as it is clear what it does.
pub struct Step {
    /// Its place, and its Command.
    pub statement: Statement,
    /// What is sent, where no variable decides that: it is not made twice. A long
    /// script keeps this instead of the arguments of an Action line.
    pub made: Option<(Action, Manner)>,
}

impl From<Statement> for Step {
    fn from(statement: Statement) -> Step {
        Step {
            statement,
            made: None,
        }
    }
}

/// What a step sends: what was `made` of it, or what `command` says, which has
/// the values of its variables by now.
pub fn sent(
    made: Option<(Action, Manner)>,
    command: &Command,
    catalog: &Catalog,
) -> Option<Result<(Action, Manner), Fault>> {
    match made {
        Some(made) => Some(Ok(made)),
        None => intended(command, catalog),
    }
}

/// Checks a whole script, statement after statement.
pub(super) struct Check {
    rules: Rules,
    catalog: Catalog,
    /// What was set so far; the values are not there yet.
    known: Variables,
    /// What the script waits for.
    pub expected: Vec<Expr>,
}

impl Check {
    pub fn new(rules: Rules) -> Check {
        Check {
            rules,
            catalog: Catalog::default(),
            known: Variables::default(),
            expected: Vec::new(),
        }
    }

    /// The next one.
    ///
    /// # Errors
    /// It cannot be sent, or says nothing that is known.
    pub fn step(&mut self, mut statement: Statement) -> Result<Step, SyntaxError> {
        let made = self.made(&statement.command);
        let made = made.map_err(|fault| statement.wrong(fault))?;
        if let (Command::Action(line), Some(_)) = (&mut statement.command, &made) {
            line.arguments = Vec::new();
        }
        Ok(Step { statement, made })
    }

    fn made(&mut self, command: &Command) -> Result<Option<(Action, Manner)>, Fault> {
        let command = command.with(&self.known)?;
        // What the values make of it shows when they are there.
        let is_final = matches!(command, Cow::Borrowed(_));
        match (&*command, intended(&command, &self.catalog)) {
            (_, Some(intended)) => {
                let made = Some(intended?).filter(|_| is_final);
                if let Some((action, _)) = &made {
                    let admitted = self.rules.admit(action);
                    admitted.map_err(|error| Fault::Words(error.to_string()))?;
                }
                return Ok(made);
            }
            (Command::Builtin { name, arguments }, None) => {
                Setting::of(name, arguments).map_err(Fault::Words)?;
            }
            (Command::Set { name, .. }, None) => self.known.set(name, Vec::new()),
            (Command::Expect(one), None) => self.expected.push(one.expr.clone()),
            _ => {}
        }
        Ok(None)
    }
}
