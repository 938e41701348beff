//! CLI mode: each line is a command of the Asterisk CLI.

use super::{Flow, Shell};
use crate::output::sanitize;
use std::path::{Path, PathBuf};

/// What a line of CLI mode stands behind, for whoever reads it.
pub(super) const BEFORE: &str = "cli ";

/// Said after a command that is about the console.
pub(super) const CONSOLE: &str =
    "what the live console prints is not to be had over AMI; /events shows what happens";

/// Does `line` of CLI mode stand for itself? A command of amish, a local one.
pub(super) fn is_own(line: &str) -> bool {
    line.trim_start().starts_with(['/', '!', '#'])
}

impl Shell<'_> {
    /// Turns CLI mode on, or off.
    pub(super) fn turn_cli(&mut self) {
        self.in_cli = !self.in_cli;
        self.line.change_history();
        if self.in_cli {
            self.say("each line is a command of the Asterisk CLI, ? is its help; /cli or exit comes back");
        }
    }

    /// `host*CLI> `, as the console of the server has it.
    pub(super) fn cli_prompt(&self) -> String {
        let target = self.session.target();
        let host = target.strip_suffix(":5038").unwrap_or(&target);
        sanitize::text(format!("{host}*CLI> ").as_bytes()).into_owned()
    }

    /// Runs what was typed in CLI mode, each line a command.
    pub(super) fn run_cli(&mut self, text: &str) -> Flow {
        let old = self.session.banner().trim_ascii().ends_with(b"/1.0");
        let help = if old { "help" } else { "core show help" };
        let lines = text.lines().map(|line| meant(line, help));
        let meant = lines.collect::<Vec<_>>().join("\n");
        self.run_as(text, &meant)
    }
}

/// `line` in the language of the shell; `help` is the server's own command.
fn meant(line: &str, help: &str) -> String {
    let line = line.trim();
    let word = line.split_whitespace().next().unwrap_or_default();
    let rest = line.get(word.len()..).unwrap_or_default();
    let asked = line.strip_suffix('?');
    let asked = asked.filter(|before| before.is_empty() || before.ends_with([' ', '\t']));
    match asked {
        _ if line.is_empty() || is_own(line) => line.to_owned(),
        _ if ["exit", "quit"].contains(&line.to_ascii_lowercase().as_str()) => "/cli".to_owned(),
        Some(before) => format!("{BEFORE}{help} {before}"),
        None if word.eq_ignore_ascii_case("help") => format!("{BEFORE}{help}{rest}"),
        None => format!("{BEFORE}{line}"),
    }
}

/// Where the history of CLI mode is, beside that of the shell.
pub(super) fn history_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("_cli");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_cli_mode_is_one_of_the_shell() {
        for (line, wanted) in [
            ("core show channels", "cli core show channels"),
            ("  queue show | grep x ", "cli queue show | grep x"),
            ("/events on", "/events on"),
            ("!date", "!date"),
            ("", ""),
            ("Exit", "/cli"),
            ("quit", "/cli"),
            ("?", "cli core show help "),
            ("core show ?", "cli core show help core show "),
            ("help core show", "cli core show help core show"),
            ("dialplan show _X?", "cli dialplan show _X?"),
        ] {
            assert_eq!(meant(line, "core show help"), wanted, "{line:?}");
        }
    }
}
