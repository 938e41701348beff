//! Message brokers as the place where a stream goes, in place of standard
//! output.
//!
//! A [`Broker`] is a writer of lines of json, for one PBX or for several, whose
//! records name theirs (`_pbx`). What it has taken has
//! left amish only when the broker has acknowledged it: until then `flush` does
//! not return, and the session's backlog holds what comes meanwhile, as it does
//! for a slow standard output. What is in doubt is sent again; the `_id` of a
//! record tells those who read it twice.

mod delivery;
mod error;
mod nats;
mod record;
mod redis;
mod url;
mod wire;

pub use delivery::{Broker, Delivery, Place};
pub use error::Error;
pub use url::{Kind, Url, UrlError};
