//! The Asterisk Manager Interface, without I/O: bytes and time in, values out.
//!
//! There is no socket, no thread and no clock in here, so every rule of the
//! protocol can be tried on recorded bytes. A [`Framer`] cuts the stream into
//! packets, a [`Router`] tells which [`Reply`] or event each belongs to, an
//! [`Action`] refuses what a server would misread, [`Login`] says what to send
//! until the session stands.

pub mod action;
pub mod frame;
pub mod login;
pub mod mask;
pub mod message;
pub mod packet;
mod pending;
pub mod reply;
pub mod router;

pub use action::{Action, ActionIds, Refused};
pub use frame::{Frame, Framer};
pub use login::{Login, LoginError, Secret, Step};
pub use message::{Kind, Status};
pub use packet::{Header, Packet};
pub use reply::{Ending, Reply};
pub use router::{Routed, Router, Ticket};
