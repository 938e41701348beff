//! The PBX behind the sockets, without sockets, threads or a clock: time comes
//! in, events go out, and the same seed gives the same calls.

mod bridging;
mod channel;
mod clock;
mod conference;
mod conferring;
mod consulting;
mod device;
mod dialing;
pub(super) mod dialplan;
mod events;
mod events_1_8;
mod flood;
mod life;
mod lot;
mod mailbox;
mod media;
mod moving;
mod order;
mod originate;
mod parking;
mod queue;
mod queueing;
mod random;
mod running;
mod state;
mod telling;
#[cfg(test)]
mod tests;
mod voicemail;

pub(super) use channel::{Channel, Id, Party};
pub(super) use clock::hms;
pub(super) use conference::{Conference, Seat};
pub(super) use device::presence_facts;
pub(super) use events::{escaped, known, snapshot};
pub(super) use lot::{SPACES, STAY, Stay};
pub(super) use mailbox::Mailbox;
pub(super) use moving::{NotMoved, Place};
pub(super) use order::{Order, Target};
pub(super) use queue::{Caller, Member, Queue};
pub(super) use queueing::Refused;
pub(super) use state::World;
