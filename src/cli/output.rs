//! What is shown, and how.

use super::values::{Form, When};
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Form, colour, pager, and what is told beside the output.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// Form: table, packet, raw, json, csv or tsv
    ///
    /// Default: table on a terminal, else packet.
    #[arg(short = 'o', long = "output", value_name = "FORM")]
    pub form: Option<Form>,

    /// Headers to show in table, csv and tsv, in this order: A,B (* for all)
    #[arg(hide_short_help = true, long, value_name = "A,B")]
    pub fields: Option<String>,

    /// When to use colour; default auto, or as in the profile
    #[arg(hide_short_help = true, long, value_name = "WHEN")]
    pub color: Option<When>,

    /// Show long replies without a pager
    #[arg(hide_short_help = true, long)]
    pub no_pager: bool,

    /// Print only what was asked for: no greeting, no notes
    #[arg(hide_short_help = true, short, long, overrides_with = "verbose")]
    pub quiet: bool,

    /// Also show the packets of amish's own login and logoff, on stderr
    #[arg(hide_short_help = true, short, long, overrides_with = "quiet")]
    pub verbose: bool,

    /// Write every packet in and out to FILE anew, with its time, secrets masked
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub trace: Option<PathBuf>,
}
