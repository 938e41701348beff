//! The Asterisk Manager Interface, without I/O: bytes and time in, values out.
//!
//! There are no sockets, threads or clocks in here, so every rule of the
//! protocol can be tested on recorded bytes. A [`Framer`] cuts the stream into
//! packets, a [`Router`] assigns them to Actions as [`Reply`]s or passes them
//! on as events, an [`Action`] refuses what a server would misread, and
//! [`Login`] says what to send until the session is up.

pub mod action;
mod answer;
pub mod banner;
pub mod classes;
mod escaped;
pub mod frame;
pub mod login;
pub mod masking;
pub mod packet;
mod pending;
pub mod reply;
pub mod router;
mod secret;
mod status;

pub use action::{Action, ActionIds, Refused};
pub use classes::{Classes, UnknownClass};
pub use frame::{Frame, Framer};
pub use login::{Cleartext, Login, LoginError, Step};
pub use packet::{Header, Kind, Packet};
pub use pending::{Routed, Ticket};
pub use reply::{Ending, Reply, Shortfall};
pub use router::Router;
pub use secret::Secret;
pub use status::Status;
