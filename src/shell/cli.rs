//! CLI mode: each line is a command of the Asterisk CLI.

use super::Shell;
use crate::ami::banner::is_1_4;
use crate::engine::Flow;
use crate::peer_text::visible;
use std::path::{Path, PathBuf};

/// What a line of CLI mode is prefixed with before it is parsed.
pub(super) const BEFORE: &str = "cli ";

/// Is `line` in CLI mode taken as it is, being a command of amish or a local
/// one?
pub(super) fn is_own(line: &str) -> bool {
    line.trim_start().starts_with(['/', '!', '#'])
}

/// Does a word of a command begin at the end of `line`, so that `?` asks what
/// it may be?
pub(super) fn begins_a_word(line: &str) -> bool {
    let is_quoted = line.matches('"').count() % 2 == 1;
    !is_quoted && (line.is_empty() || line.ends_with([' ', '\t']))
}

impl Shell<'_> {
    /// Turns CLI mode on, or off.
    pub(super) fn turn_cli(&mut self) {
        self.in_cli = !self.in_cli;
        self.line.change_history();
        if self.in_cli {
            self.say("each line is now an Asterisk CLI command, ? shows its help; /cli or exit goes back");
        }
    }

    /// `host*CLI> `, as on the server's console.
    pub(super) fn cli_prompt(&self) -> String {
        let target = self.lead.session.target();
        let host = target.strip_suffix(":5038").unwrap_or(&target);
        visible::text(format!("{host}*CLI> ").as_bytes()).into_owned()
    }

    /// Runs input in CLI mode, each line as a command.
    pub(super) fn run_cli(&mut self, text: &str) -> Flow {
        let help = self.cli_help();
        let lines = text.lines().map(|line| {
            let bare = self.bare(line);
            let before = line.strip_suffix(bare).unwrap_or_default();
            format!("{before}{}", meant(bare, help))
        });
        let meant = lines.collect::<Vec<_>>().join("\n");
        self.run_as(text, &meant)
    }

    /// Shows what may follow `line`, which is still being typed.
    pub(super) fn help_in_cli(&mut self, line: &str) -> Flow {
        let line = line.lines().last().unwrap_or_default();
        let bare = self.bare(line);
        let aim = line.strip_suffix(bare).unwrap_or_default();
        let text = meant(&format!("{} ?", bare.trim()), self.cli_help());
        // Of several PBXs one explains it.
        self.run_now(&match (&self.lead.name, aim) {
            (Some(name), "") => format!("@{name} {text}"),
            (_, aim) => format!("{aim}{text}"),
        })
    }

    /// The server's command for help.
    fn cli_help(&self) -> &'static str {
        let old = is_1_4(&self.lead.session.banner());
        if old { "help" } else { "core show help" }
    }
}

/// `line` in the shell's own language; `help` is the server's help command.
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

/// The history file of CLI mode, next to the shell's.
pub(super) fn history_beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("_cli");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Patterns of the dialplan contain it.
    #[test]
    fn a_question_mark_is_help_where_a_word_begins() {
        for (line, is_help) in [
            ("", true),
            ("core show ", true),
            ("dialplan show _X", false),
            ("database put a b \"is it ", false),
            ("database put a b \"it is\" ", true),
        ] {
            assert_eq!(begins_a_word(line), is_help, "{line:?}");
        }
    }

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
