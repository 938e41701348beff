//! Options that take one of a few words.

use clap::ValueEnum;

/// How replies and events are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A list as a table, an event as a line
    Table,
    /// `Key: Value` lines
    Packet,
    /// The server's exact bytes
    Raw,
    /// One JSON object per packet, one per line
    Json,
    /// Items as rows below a header row (RFC 4180)
    Csv,
    /// The same, separated by tabs; \t, \n, \r and \\ in values
    Tsv,
}

/// In which order the output of many targets is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GroupBy {
    /// One target after the other
    Target,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal that supports it; honours NO_COLOR, CLICOLOR_FORCE and
    /// TERM=dumb
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
