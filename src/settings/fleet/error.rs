//! What is wrong with a choice of several PBXs.

use thiserror::Error;

/// What is wrong with a fleet.
#[derive(Debug, Error)]
pub enum FleetError {
    /// `@name` names nothing.
    #[error("there is no group {0}: {1}")]
    NoGroup(String, String),
    /// A group that has itself as a member.
    #[error("group {0} is a member of itself, or groups stand in groups too deep")]
    Circle(String),
    /// Nothing to connect to.
    #[error("{0} names no PBX")]
    Empty(String),
    /// The file of `--targets`.
    #[error("cannot read {0}: {1}")]
    File(String, String),
    /// Not a share of the whole.
    #[error("'{0}' is no share: write --shard 2/5 for the second of five")]
    Shard(String),
}
