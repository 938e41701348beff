//! What is known before a packet is complete: who waits for it, and what came of
//! it.

use super::Router;
use crate::ami::frame::Waiting;
use crate::ami::packet::Packet;
use crate::ami::pending::Pending;
use crate::ami::reply::{Ending, Reply};

/// The most of an incomplete packet that is kept, to be shown if the rest never
/// comes: more than any output of a command that people read.
const MAX_BEGUN: usize = 1024 * 1024;

impl Router {
    /// Keeps what was received of the packet that is not complete yet. With
    /// `goes_on`, it is the packet of the last time.
    pub fn begin(&mut self, rest: &[u8], goes_on: bool) {
        if !goes_on {
            self.begun.clear();
        }
        let is_answer = rest.first().is_some_and(|first| b"Rr ".contains(first));
        if self.pending.is_empty() || !is_answer {
            self.begun = Vec::new();
            return;
        }
        let new = rest.get(self.begun.len()..rest.len().min(MAX_BEGUN));
        self.begun.extend_from_slice(new.unwrap_or_default());
    }

    /// What came of the answer to the Action at `at`, which is not complete.
    pub(super) fn part(&mut self, at: usize) -> Option<Reply> {
        let pending = self.pending.get_mut(at)?;
        pending.part(Ending::Cut).or_else(|| {
            let packet = Packet::begun(&self.begun)?;
            let is_its = pending.open.is_none() && pending.id.as_deref() == packet.get("ActionID");
            is_its.then(|| Reply::cut(packet))
        })
    }
}

impl Waiting for Router {
    fn awaits(&self, id: &[u8]) -> bool {
        self.oldest(|p| p.id.as_deref() == Some(id)).is_some()
    }

    fn awaits_text(&self, id: Option<&[u8]>) -> bool {
        let id = id.filter(|id| !id.is_empty());
        let is_its =
            |p: &Pending| p.action.eq_ignore_ascii_case("Command") && p.id.as_deref() == id;
        self.oldest(is_its).is_some()
    }
}
