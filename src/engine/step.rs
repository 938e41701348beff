//! A statement of a script, checked before anything is sent.

use super::policy::Rules;
use super::sending::{Manner, intended};
use crate::ami::Action;
use crate::catalog::Catalog;
use crate::language::{Command, Expr, Fault, Statement, SyntaxError, Variables};
use crate::output::Asked;
use std::borrow::Cow;

/// A statement and, if already known, the Action it sends.
pub struct Step {
    /// The Command and its place.
    pub statement: Statement,
    /// The Action, if it depends on no variable; it is built once. A long
    /// script keeps this instead of the words of the line, unless there is
    /// something to tell of them.
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

/// The parts of a script line that matter when its answer comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub number: usize,
    pub forgiven: bool,
    pub asked: Asked,
}

impl Line {
    /// The only line there is, as with a key.
    pub const ONLY: Line = Line {
        number: 1,
        forgiven: false,
        asked: Asked::Action,
    };

    pub fn of(statement: &Statement) -> Line {
        Line {
            number: statement.line,
            forgiven: statement.forgiven,
            asked: match &statement.command {
                Command::Cli(_) => Asked::Cli,
                _ => Asked::Action,
            },
        }
    }
}

/// The Action of a step: `made` if it was built already, else from `command`,
/// whose variables have been replaced.
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
#[derive(Default)]
pub(super) struct Check {
    rules: Rules,
    catalog: Catalog,
    /// The variables set so far; their values are not known yet.
    known: Variables,
    /// Every EXPR of its `expect` statements.
    pub expected: Vec<Expr>,
}

impl Check {
    pub fn new(rules: Rules) -> Check {
        Check {
            rules,
            ..Check::default()
        }
    }

    /// Checks the next statement.
    ///
    /// # Errors
    /// It cannot be sent, or is not a known command.
    pub fn step(&mut self, mut statement: Statement) -> Result<Step, SyntaxError> {
        let made = self.made(&statement.command);
        let made = made.map_err(|fault| statement.wrong(fault))?;
        if let (Command::Action(line), Some(_)) = (&mut statement.command, &made)
            && line.strays(&self.catalog).is_empty()
        {
            line.arguments = Vec::new();
        }
        Ok(Step { statement, made })
    }

    fn made(&mut self, command: &Command) -> Result<Option<(Action, Manner)>, Fault> {
        let command = command.with(&self.known)?;
        // With variables in it, it can only be checked when it runs.
        let is_final = matches!(command, Cow::Borrowed(_));
        match (&*command, intended(&command, &self.catalog)) {
            (_, Some(intended)) => {
                let (action, manner) = intended?;
                let unchecked = (manner == Manner::Line).then_some(&self.catalog);
                self.rules.admit_keys(&action, unchecked)?;
                let made = Some((action, manner)).filter(|_| is_final);
                if let Some((action, _)) = &made {
                    self.rules.admit(action).map_err(Fault::Words)?;
                }
                return Ok(made);
            }
            (Command::Set { name, .. }, None) => self.known.set(name, Vec::new())?,
            (Command::Expect(one), None) => self.expected.push(one.expr.clone()),
            _ => {}
        }
        Ok(None)
    }
}
