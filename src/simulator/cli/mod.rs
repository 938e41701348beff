//! The part of the Asterisk CLI that a demonstration needs: running and
//! completing commands.

mod calls;
mod commands;
mod complete;
mod core;
mod database;
mod event_pages;
mod manager;
mod office;
mod output;
mod pages;
mod queue;

use super::peer::Peer;
use commands::of;
use output::Failed;

/// Runs a line: the command with the most words that the line begins with. Its output, an error if it failed.
pub(super) fn run(peer: &Peer, line: &str) -> Result<String, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if let ["_command", "matchesarray", ..] = words.as_slice() {
        return Ok(complete::matches_array(peer, line));
    }
    let found = of(peer.version()).filter_map(|command| Some((command, command.leads(&words)?)));
    match found.min_by_key(|(_, arguments)| arguments.len()) {
        Some((command, arguments)) => command.run(peer, arguments).map_err(|why| match why {
            Failed::Usage => command.usage(),
            Failed::Told(text) => text,
        }),
        None => {
            let near = words.get(..2).unwrap_or(&words).join(" ");
            Err(format!(
                "No such command '{line}' (type 'core show help {near}' for other possible commands)\n"
            ))
        }
    }
}
