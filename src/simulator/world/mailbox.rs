//! How many messages are in each mailbox.

use super::dialplan::PHONES;

/// The mailboxes of the phones, in their order.
pub(super) type All = [Mailbox; PHONES.len()];

/// How many messages are in a mailbox.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::simulator) struct Mailbox {
    pub(in crate::simulator) new: u32,
    pub(in crate::simulator) old: u32,
}

impl Mailbox {
    /// What is there at the start.
    pub(super) fn all() -> All {
        [(2, 5), (0, 1), (1, 0), (0, 0), (3, 2)].map(|(new, old)| Mailbox { new, old })
    }
}
