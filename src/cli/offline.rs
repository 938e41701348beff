//! The built-in PBX, and captures: no server is needed.

use super::values::pbxs;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// The built-in PBX, and captures.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Demo and captures")]
pub struct Offline {
    /// Use the built-in PBX instead of a TARGET
    #[arg(long)]
    pub demo: bool,

    /// Serve the built-in PBX on ADDR (127.0.0.1:5038) to other clients
    #[arg(hide_short_help = true, long, value_name = "ADDR")]
    pub demo_listen: Option<String>,

    /// Run against N built-in PBXs; with --demo-listen serve them on as many ports, and print the address of each
    #[arg(hide_short_help = true, long, value_name = "N", conflicts_with_all = ["demo", "targets", "decode"], allow_negative_numbers = true, value_parser = pbxs)]
    pub demo_fleet: Option<u16>,

    /// File whose first line is the secret of all users of --demo-listen, replacing the well-known ones
    #[arg(hide_short_help = true, long, value_name = "FILE", requires = "demo_listen", value_hint = ValueHint::FilePath)]
    pub demo_secret_file: Option<PathBuf>,

    /// Print captured AMI bytes from FILE, or - for stdin; no connection
    // Refuses what only a connection can obey.
    #[arg(hide_short_help = true, long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", value_hint = ValueHint::FilePath,
        conflicts_with_all = ["user", "secret_file", "secret_command", "no_login", "plaintext", "tls", "cacert", "tls_name",
            "insecure", "timeout", "connect_timeout", "for_duration", "reconnect", "no_reconnect", "buffer", "keep_going",
            "window", "strict", "dry_run", "no_check", "trace", "verbose", "demo", "to"])]
    pub decode: Option<PathBuf>,
}
