//! What a new profile is to be.

use super::values::Rights;
use clap::Args;

/// Answers to the questions of `amish init`.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Setting up a profile (init)")]
pub struct Init {
    /// The name of the profile; default: the name of the host
    #[arg(hide_short_help = true, long, value_name = "NAME")]
    pub name: Option<String>,

    /// What its user is to be able to do; asked for on a terminal
    #[arg(hide_short_help = true, long, value_name = "WHAT")]
    pub rights: Option<Rights>,
}
