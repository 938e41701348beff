//! Many PBXs at a time.

use super::values::{GroupBy, at_once};
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Several targets in one run.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Many PBXs")]
pub struct Many {
    /// Run on each target of FILE, one a line, instead of TARGET (- for stdin)
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["demo", "demo_listen", "decode"])]
    pub targets: Option<PathBuf>,

    /// Of many targets, connect and log in to N at a time
    #[arg(hide_short_help = true, long, value_name = "N", default_value = "64", allow_negative_numbers = true, value_parser = at_once)]
    pub parallel: u16,

    /// Of many targets, take only the K-th of N shares, always the same: 2/5
    #[arg(hide_short_help = true, long, value_name = "K/N")]
    pub shard: Option<String>,

    /// Of many targets, show one after the other, in their order
    #[arg(hide_short_help = true, long, value_name = "target")]
    pub group_by: Option<GroupBy>,
}
