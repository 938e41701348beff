//! A stream of events: which, until when, and where to.

use super::values::count;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Events, until when, and where they go.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Events")]
pub struct Stream {
    /// Stream events: all, or of CLASSES (call,agent)
    #[arg(short, long, value_name = "CLASSES", num_args = 0..=1, require_equals = true)]
    pub events: Option<Option<String>>,

    /// Show only events that match EXPR: names, Key=value, Key!=value, Key~regex; blank and, comma or, ! not
    #[arg(hide_short_help = true, long, value_name = "EXPR")]
    pub filter: Option<String>,

    /// End a stream or a capture at the first event that matches EXPR; exit 7 if none came
    #[arg(hide_short_help = true, long, value_name = "EXPR", requires = "flow")]
    pub until: Option<String>,

    /// End a stream after N events, a capture after N packets
    #[arg(hide_short_help = true, long, value_name = "N", requires = "flow", allow_negative_numbers = true, value_parser = count)]
    pub count: Option<u64>,

    /// End a stream after DURATION (30s, 5m)
    #[arg(
        hide_short_help = true,
        long = "for",
        value_name = "DURATION",
        requires = "events",
        allow_hyphen_values = true
    )]
    pub for_duration: Option<String>,

    /// Write the stream to the broker at URL instead of standard output, each event acknowledged: redis://user@host:6379/0?maxlen=N or nats://user@host:4222
    #[arg(hide_short_help = true, long, value_name = "URL", requires = "events", value_hint = ValueHint::Url)]
    pub to: Option<String>,

    /// File whose first line is the broker's secret; default AMISH_TO_SECRET
    #[arg(hide_short_help = true, long, value_name = "FILE", requires = "to", value_hint = ValueHint::FilePath)]
    pub to_secret_file: Option<PathBuf>,
}
