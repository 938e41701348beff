//! The PBX behind the sockets, without sockets, threads or a clock: time comes
//! in, events go out, and the same seed gives the same calls.

mod bridging;
mod channel;
mod clock;
mod dialing;
pub(super) mod dialplan;
mod events;
mod events_1_8;
mod flood;
mod life;
mod order;
mod originate;
mod queue;
mod queueing;
mod random;
mod running;
mod state;
mod telling;

pub(super) use channel::{Channel, Id, Party};
pub(super) use clock::hms;
pub(super) use events::{escaped, known, snapshot};
pub(super) use order::{Order, Target};
pub(super) use queue::{Caller, Member, Queue};
pub(super) use queueing::Refused;
pub(super) use state::World;
