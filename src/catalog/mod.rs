//! What a server can do, learned from its replies. Sends nothing, and does no
//! I/O except in [`cache`].
//!
//! Until a server has been asked, or if it does not tell, a built-in table is
//! used. What a server says is untrusted: a name is a [`Name`] or is dropped,
//! everything else is a [`PeerText`](crate::peer_text::PeerText), and
//! everything is limited in size.

mod actions;
pub mod cache;
mod events;
mod listing;
mod name;
mod near;
mod page;
pub mod pages;
mod positions;
mod required;
mod server;
mod values;
mod versions;

pub use actions::{Danger, Effect, Known, action, needed, one_of, positions};
pub use events::{event, event_names, events_like, headers_like};
pub use listing::{Listed, Listing};
pub use name::Name;
pub use page::{Choice, Origin, Page, Parameter};
pub use required::Taken;
pub use server::{Catalog, Entry};
pub use values::{Kind, Source, Value, Wanted, device, wanted};
pub use versions::{absent, is_certain};
