//! What `init` knows: which classes a user of AMI needs for what a person wants,
//! the lines of manager.conf that give them, and the text of the profile.
//!
//! Nothing here asks, connects or writes.

mod config_text;
mod least;
mod lines;
mod name;
mod profile;
mod verdict;

pub use config_text::{put, said_of};
pub use least::{Least, purpose};
pub use lines::{Section, certificate, place, reload, tls};
pub use name::{ProfileName, UserName};
pub use profile::New;
pub use verdict::Verdict;
