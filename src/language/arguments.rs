//! One Action as the arguments of a command line, and what else they may have
//! been meant as.

use super::line::{CLI_ALONE, command};
use super::{ActionLine, Builtin, Command, Fault, Place, script, usage_of, without_secret};
use crate::catalog::Catalog;
use crate::peer_text::visible;

/// Parses command-line arguments, each one word: the ACTION and what follows
/// it. Quotes and `$` are plain text; for `cli` and `help` the rest is joined
/// by blanks.
///
/// # Errors
/// As for the same line in a script.
pub fn words(arguments: &[String]) -> Result<Command, Fault> {
    let (first, rest) = match arguments.split_first() {
        Some((first, rest)) => (first.as_str(), rest),
        None => ("", arguments),
    };
    let text = rest.join(" ");
    if first.eq_ignore_ascii_case("cli") {
        return match text.trim() {
            "" => Err(CLI_ALONE),
            text => Ok(Command::Cli(text.as_bytes().to_vec().into())),
        };
    }
    if first.eq_ignore_ascii_case("help") {
        let topic = text.split_ascii_whitespace();
        let topic = topic.map(str::to_owned).collect();
        return Ok(Command::Builtin(Builtin::Help(topic)));
    }
    if let Some(line) = meant_as_line(first, arguments) {
        // What is wrong with the line is said at once, not by the next try.
        let shown = without_secret(&line);
        let parsed = command(line.as_bytes(), 0, Place::Script);
        let parsed = parsed.map_err(|(_, fault)| match (fault, shown.split_once(' ')) {
            (Fault::NoPause(_), Some((_, rest))) => Fault::NoPause(rest.to_owned()),
            (fault, _) => fault,
        })?;
        refuse_cli(&parsed)?;
        let line = quoted_for_shell(&shown);
        let first = first.trim().split(' ').next().unwrap_or_default();
        return Err(Fault::LinesOnly(first.escape_debug().to_string(), line));
    }
    // No Action is a number.
    if first.parse::<u16>().is_ok() {
        return Err(Fault::IsPort(first.to_owned()));
    }
    let parsed = ActionLine::of_words(first, rest).map(Command::Action)?;
    refuse_cli(&parsed)?;
    Ok(parsed)
}

/// The line that the arguments would be at the prompt, if they cannot be an
/// Action: a command of amish, a statement of scripts, or a line in one word.
fn meant_as_line(first: &str, arguments: &[String]) -> Option<String> {
    let line = arguments.join(" ");
    let is = |word: &&str| first.eq_ignore_ascii_case(word);
    let ours = || usage_of(first).is_some() && Catalog::default().find(first).is_none();
    if first.starts_with('/') || script::WORDS.iter().any(is) || first.trim().contains(' ') {
        Some(line)
    } else {
        ours().then(|| format!("/{line}"))
    }
}

fn refuse_cli(command: &Command) -> Result<(), Fault> {
    match command {
        Command::Action(line) if !line.arguments.is_empty() => {
            match line.as_cli(&Catalog::default()) {
                Some(text) => Err(Fault::IsExecute(quoted_for_shell(&text))),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// `text` as one word for `sh`.
pub(super) fn quoted_for_shell(text: &str) -> String {
    let text = visible::text(text.as_bytes()).replace('\'', r"'\''");
    format!("'{text}'")
}
