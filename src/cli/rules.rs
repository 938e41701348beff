//! What a script may do, and what becomes of an Error.

use super::values::at_once;
use clap::Args;

/// What may be sent, and what follows an Error.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Scripts and safety")]
pub struct Rules {
    /// Let a script go on after an Error (it still exits 3)
    #[arg(hide_short_help = true, long)]
    pub keep_going: bool,

    /// Keep up to N actions of a script in flight; shown in the script's order
    #[arg(hide_short_help = true, long, value_name = "N", default_value = "1", hide_default_value = true, requires = "keep_going", allow_negative_numbers = true, value_parser = at_once)]
    pub window: u16,

    /// Treat the Error that some servers send for an empty list as an error
    #[arg(hide_short_help = true, long)]
    pub strict: bool,

    /// Do not ask before dangerous actions
    #[arg(hide_short_help = true, long)]
    pub yes: bool,

    /// Send only actions that are known to change nothing
    #[arg(long)]
    pub read_only: bool,

    /// Print what would be sent, secrets masked; connect to nothing
    #[arg(hide_short_help = true, long)]
    pub dry_run: bool,

    /// Send what the check would refuse, and Originate without Async
    #[arg(hide_short_help = true, long)]
    pub no_check: bool,

    /// Start no local programs: no `!cmd`, `| cmd`, /edit; the pager is a restricted less
    #[arg(hide_short_help = true, long)]
    pub no_shell: bool,
}
