//! Replies for people.
use super::{Look, packet};
use crate::ami::Reply;
use crate::catalog::Entry;

/// A reply.
pub fn reply(out: &mut Vec<u8>, reply: &Reply, look: &Look) {
    reply
        .packets()
        .for_each(|one| packet::packet(out, one, look));
}

/// Actions.
pub fn actions<'a>(out: &mut Vec<u8>, actions: impl Iterator<Item = Entry<'a>>, _: &Look) {
    for entry in actions {
        out.extend_from_slice(format!("{}  {}\n", entry.name, entry.synopsis).as_bytes());
    }
}
