//! Why something fails: the user's rights, the class that a refused Action
//! needs, which events come and which of them are noise.
//!
//! Nothing here waits for a server: callers pass the answers in.

pub mod doctor;
mod eventfilter;
mod permission_hint;
mod rates;
mod reading;
pub mod security;
mod session_facts;
pub mod whoami;

pub use eventfilter::{Filtering, noisy};
pub use permission_hint::{is_denied, permission_hint};
pub use rates::{Rate, Rates};
pub use reading::{Next, Reading};
pub use session_facts::{Ask, Grant, PATIENCE, Section, SessionFacts};
