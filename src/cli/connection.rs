//! How a PBX is connected to, and who logs in.

use super::values::{a_name, size};
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Address, user and secret.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Connection")]
pub struct Connection {
    /// AMI user
    ///
    /// Default: user@ of the target, AMISH_USER, the profile, or a prompt.
    #[arg(short, long, value_name = "NAME", value_parser = a_name)]
    pub user: Option<String>,

    /// File whose first line is the secret
    ///
    /// Default: AMISH_SECRET, AMISH_SECRET_FILE, the profile, or a prompt.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub secret_file: Option<PathBuf>,

    /// Command whose first line of output is the secret, run without a shell
    #[arg(
        hide_short_help = true,
        long,
        value_name = "COMMAND",
        overrides_with = "secret_file"
    )]
    pub secret_command: Option<String>,

    /// Connect only; type Action: Login yourself, as on telnet
    #[arg(hide_short_help = true, long)]
    pub no_login: bool,

    /// Allow the secret in clear on a remote link when the server refuses the MD5 challenge, and to a remote broker
    #[arg(hide_short_help = true, long)]
    pub plaintext: bool,

    /// How long to wait for a reply (30, 1.5, 5m), restarting at each of its packets
    #[arg(
        hide_short_help = true,
        short,
        long,
        value_name = "S",
        default_value = "30",
        allow_hyphen_values = true
    )]
    pub timeout: String,

    /// How long to wait for a connection and its banner
    #[arg(
        hide_short_help = true,
        long,
        value_name = "S",
        default_value = "5",
        allow_hyphen_values = true
    )]
    pub connect_timeout: String,

    /// Connect again when the link ends, and retry the first time; default in the shell and for -e
    #[arg(hide_short_help = true, long, overrides_with = "no_reconnect")]
    pub reconnect: bool,

    /// Do not connect again
    #[arg(hide_short_help = true, long, overrides_with = "reconnect")]
    pub no_reconnect: bool,

    /// Limit for received data waiting to be shown (1MiB, 2GB)
    #[arg(hide_short_help = true, long, value_name = "SIZE", default_value = "256MiB", allow_negative_numbers = true, value_parser = size)]
    pub buffer: usize,
}
