//! What is only printed.

use clap::{ArgAction, Args};
use clap_complete::Shell;

/// Help, version, manual page, completions.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Information")]
pub struct Information {
    /// List the profiles of the configuration file
    #[arg(hide_short_help = true, long, exclusive = true)]
    pub list_profiles: bool,

    /// Print the manual page
    #[arg(hide_short_help = true, long, exclusive = true)]
    pub man: bool,

    /// Print the completion script for SHELL
    #[arg(hide_short_help = true, long, value_name = "SHELL", exclusive = true)]
    pub completions: Option<Shell>,

    /// Print help; -h prints a summary
    #[arg(hide_short_help = true, short, long, action = ArgAction::Help)]
    pub help: Option<bool>,

    /// Print the version; --version also what is in this program
    #[arg(hide_short_help = true, short = 'V', long, action = ArgAction::Version)]
    pub version: Option<bool>,
}
