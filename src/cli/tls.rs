//! TLS, and whom to trust.

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Encryption, and which certificate is trusted.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "TLS")]
pub struct Tls {
    /// Connect with TLS; default port 5039. Same as amis://
    #[arg(long)]
    pub tls: bool,

    /// Trust the certificates in FILE instead of the system's
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub cacert: Option<PathBuf>,

    /// Name that the server's certificate must have, if not the host's
    #[arg(hide_short_help = true, long, value_name = "NAME")]
    pub tls_name: Option<String>,

    /// Accept any certificate: anyone in between can read and change everything
    #[arg(hide_short_help = true, long, conflicts_with_all = ["cacert", "tls_name"])]
    pub insecure: bool,
}
