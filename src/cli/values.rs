//! What options take: one of a few words, a name, a line, a size.

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

/// What a user of AMI is to be able to do, for `init`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rights {
    /// See calls, queues and devices, and change nothing
    Watch,
    /// Also place, move and end calls, and change queues
    Act,
    /// Receive events, and send nothing
    Stream,
    /// Everything that AMI has, which is a shell on the PBX
    All,
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

/// A server trims what it reads, so a name of blanks is none.
pub(super) fn a_name(text: &str) -> Result<String, String> {
    match text.trim().is_empty() {
        true => Err("write the name of a user, or leave -u out to be asked for it".to_owned()),
        false => Ok(text.to_owned()),
    }
}

pub(super) fn one_line(text: &str) -> Result<String, String> {
    match text.contains(['\r', '\n']) {
        true => Err("a CLI command is one line: write -x once for each".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// Parses `1048576`, `512KiB`, `1MiB`, `2GB`: with `i` in powers of 1024,
/// without in powers of 1000.
pub(super) fn size(text: &str) -> Result<usize, String> {
    let wrong = || format!("'{text}' is not a size: write 1048576, 64KiB or 1MiB");
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" | "k" => 1 << 10,
        "mib" | "m" => 1 << 20,
        "gib" | "g" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err(wrong()),
    };
    let number: usize = number.parse().map_err(|_| wrong())?;
    let bytes = number.checked_mul(factor).ok_or_else(wrong)?;
    match bytes < 64 * 1024 {
        true => Err(format!(
            "{text} is too small: one event may need more; use at least 64KiB"
        )),
        false => Ok(bytes),
    }
}

fn at_most(text: &str, most: u16) -> Result<u16, String> {
    let number = text.parse().ok().filter(|n| (1..=most).contains(n));
    number.ok_or_else(|| format!("'{text}' is no number from 1 to {most}"))
}

pub(super) fn count(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|n| *n >= 1);
    number.ok_or_else(|| format!("'{text}' is no number: write 1 or more"))
}

pub(super) fn at_once(text: &str) -> Result<u16, String> {
    at_most(text, u16::MAX)
}

pub(super) fn pbxs(text: &str) -> Result<u16, String> {
    at_most(text, 10_000)
}
