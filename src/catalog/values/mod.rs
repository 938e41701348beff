//! The current values for keys of Actions: which things of the server a key
//! names, how to ask for them, and how to read the answer.

mod bounds;
mod keys;
mod kind;
mod read;
mod sources;
#[cfg(test)]
mod tests;

pub use keys::{Wanted, wanted};
pub use kind::{Kind, Value};
pub use read::device;
pub use sources::Source;
