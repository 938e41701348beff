//! Everything that runs without a prompt: scripts, streams of events, captured
//! bytes.

pub mod decode;
mod ends;
mod narrow;
mod output;
mod progress;
pub mod signals;
pub mod stream;

pub use ends::Ends;
pub use narrow::actions as narrowing;
pub use output::{Ask, Output};
pub use progress::Progress;
