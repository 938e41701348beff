//! What is wrong with a choice of several PBXs.

use thiserror::Error;

/// What is wrong with a fleet.
#[derive(Debug, Error)]
pub enum FleetError {
    /// `@name` names nothing.
    #[error("there is no group {0}: {1}")]
    NoGroup(String, String),
    /// A group that has itself as a member.
    #[error(
        "group {0} is a member of itself, or groups stand in groups too deep: take it out of one of them"
    )]
    Circle(String),
    /// Nothing to connect to.
    #[error("{0} names no PBX")]
    Empty(String),
    /// The file of `--targets`.
    #[error("cannot read {0}: {1}; it needs a target a line, or - for standard input")]
    File(String, String),
    /// An option for many PBXs, and one target.
    #[error("{0} is for many PBXs: name a group, several targets behind commas, or --targets")]
    One(&'static str),
    /// Targets and the script from the same place.
    #[error(
        "--targets - and a script both come from standard input: give the script with -f, or the targets as a file"
    )]
    Input,
    /// Not a share of the whole.
    #[error("'{0}' is no share: write --shard 2/5 for the second of five")]
    Shard(String),
}
