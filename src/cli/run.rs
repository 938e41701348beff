//! What is run; with none of them a shell, or the script on standard input.

use super::values::one_line;
use clap::{ArgAction, Args, ValueHint};
use std::path::PathBuf;

/// Lines, commands of the CLI, scripts, metrics.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "What to run")]
pub struct Run {
    /// Run a command of the Asterisk CLI, as -c 'cli TEXT'
    // A line break in it, perhaps from a variable, would begin another line.
    #[arg(short = 'x', value_name = "TEXT", action = ArgAction::Append, value_parser = one_line)]
    pub execute: Vec<String>,

    /// Run LINE of the typed language; may be repeated
    // A LINE may begin with a minus, which forgives its Error.
    #[arg(short, value_name = "LINE", action = ArgAction::Append, allow_hyphen_values = true)]
    pub command: Vec<String>,

    /// Script to run; for doctor security, a manager.conf
    // Of two scripts none may be dropped in silence: `settings` refuses two.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, action = ArgAction::Append)]
    pub file: Vec<PathBuf>,

    /// With metrics: serve them to Prometheus on ADDR (127.0.0.1:9140)
    #[arg(hide_short_help = true, long, value_name = "ADDR")]
    pub listen: Option<String>,
}
