//! Figures of PBXs for Prometheus.
//!
//! A thread for each PBX, the `keeper`, counts its events, and asks it when
//! figures are wanted and the last ones are old. What is known of all is on the
//! [`Board`]: whoever scrapes waits there, for a bounded time and never for a PBX
//! that hangs. `question` has what is asked and what the answers say, `text`
//! writes it down, and [`http`] serves it.

mod board;
mod families;
pub mod http;
mod keeper;
mod label;
mod question;
mod queues;
mod text;

pub use board::{Board, Counted, Snapshot};
pub use keeper::{Keeping, keep};
pub use label::States;
pub use question::Figures;
pub use queues::{Queue, Queues};
pub use text::{Exposition, exposition};
