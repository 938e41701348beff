//! `/source`: the lines of a file, as if they were typed.

use super::{Flow, Shell};
use crate::language::{Place, Statement, parse};

impl Shell<'_> {
    /// Runs the lines of `file`, up to the first that fails. Nothing is run of
    /// a file in which a line cannot be read.
    pub(super) fn source(&mut self, file: &str) -> Result<Flow, String> {
        let text = std::fs::read(file).map_err(|why| format!("{file}: {why}"))?;
        let statements = parse(&text, Place::Script);
        let statements = statements
            .map_err(|error| format!("{file}:{}: {error}; nothing was sent", error.line))?;
        let outer = std::mem::replace(&mut self.in_script, true);
        let flow = self.sourced(file, statements);
        self.in_script = outer;
        flow
    }

    fn sourced(&mut self, file: &str, statements: Vec<Statement>) -> Result<Flow, String> {
        for statement in statements {
            let (line, forgiven) = (statement.line, statement.forgiven);
            if self.signalled.is_interrupted() {
                return Err(format!("{file}:{line}: stopped before this line"));
            }
            match self.statement(statement) {
                Flow::On => {}
                Flow::Stop if forgiven && self.session.is_open() => {}
                Flow::Stop => return Err(format!("{file}:{line}: stopped here")),
                Flow::Leave => return Ok(Flow::Leave),
            }
        }
        Ok(Flow::On)
    }
}
