//! The question before an Action that takes much away at once.

use super::Shell;
use super::line::{Input, Prompt};
use crate::ami::Action;
use crate::catalog::Catalog;
use crate::language::Command;
use crate::output::{Role, sanitize};
use crate::perform::{Rules, dangerous, intended};
use crate::settings::Settings;
use std::io::{self, IsTerminal, Write};

const QUESTION: &str = "send it? [y/N] ";

/// What the answer is typed behind for whoever completes and colours lines: to
/// them it is nobody's business.
const ASIDE: &str = "# ";

/// Asks before a single `command` where that is due, and somebody is there who
/// can answer. May it be sent?
///
/// # Errors
/// The terminal's.
pub fn consent(settings: &Settings, rules: Rules, command: &Command) -> io::Result<bool> {
    let is_there = io::stdin().is_terminal() && io::stderr().is_terminal();
    let asks = is_there && settings.destination.confirm && !settings.dry_run;
    let Some(Ok((action, _))) = intended(command, &Catalog::default()).filter(|_| asks) else {
        return Ok(true);
    };
    match warning(&action, rules) {
        Some(warning) => ask(&warning),
        None => Ok(true),
    }
}

fn ask(warning: &str) -> io::Result<bool> {
    let warning = sanitize::text(warning.as_bytes());
    let mut out = io::stderr();
    write!(out, "{warning}\n{QUESTION}")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(is_yes(&answer))
}

/// What to say before `action`; nothing where it is refused anyway.
fn warning(action: &Action, rules: Rules) -> Option<String> {
    rules.admit(action).ok()?;
    Some(format!("this {}", dangerous::warning(action)?))
}

impl Shell<'_> {
    /// Asks before `action` where that is due.
    ///
    /// # Errors
    /// The answer was no.
    pub(super) fn consent(&mut self, action: &Action) -> Result<(), String> {
        let warning = warning(action, self.rules);
        let Some(warning) = warning.filter(|_| self.asks && !self.in_script) else {
            return Ok(());
        };
        self.say(&warning);
        let Prompt(text, painted) = self.painted(QUESTION, Role::Warning);
        match self.line.read(&Prompt(text, painted), ASIDE) {
            Input::Text(answer) if is_yes(&answer) => Ok(()),
            _ => Err("nothing was sent".to_owned()),
        }
    }
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str())
}
