//! Values the server sent, remembered for a few seconds.

use crate::ami::Reply;
use crate::catalog::{Kind, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long values count as current. Older ones are still shown if the server
/// does not answer.
pub(super) const FRESH: Duration = Duration::from_secs(3);

/// Memory for all values, in bytes. One kind takes up to 13 MB, and every CLI
/// line that was completed is a kind.
const MOST: usize = 16 * 1024 * 1024;

/// How many refused Actions are remembered. About 30 are used to ask for
/// values.
const REFUSED: usize = 100;

/// Values, and whether they are out of date.
#[derive(Default)]
pub(in crate::shell) struct Found {
    pub values: Arc<[Value]>,
    pub fresh: bool,
}

#[derive(Default)]
pub(super) struct Values {
    known: HashMap<Kind, Told>,
    bytes: usize,
    /// Actions that this server does not know or this user may not send.
    refused: BTreeSet<String>,
}

struct Told {
    since: Instant,
    values: Arc<[Value]>,
    bytes: usize,
}

impl Values {
    pub fn found(&self, kind: &Kind) -> Found {
        let told = self.known.get(kind);
        told.map_or_else(Found::default, |told| Found {
            values: told.values.clone(),
            fresh: told.since.elapsed() < FRESH,
        })
    }

    /// Remembers the values of `kind`, dropping the oldest to make room.
    pub fn keep(&mut self, kind: Kind, values: Vec<Value>) {
        self.remove(&kind);
        let bytes = size_of::<Told>() + values.iter().map(Value::bytes).sum::<usize>();
        while self.bytes + bytes > MOST
            && let Some(oldest) = self.oldest()
        {
            self.remove(&oldest);
        }
        self.bytes += bytes;
        let told = Told {
            since: Instant::now(),
            values: values.into(),
            bytes,
        };
        self.known.insert(kind, told);
    }

    fn oldest(&self) -> Option<Kind> {
        let oldest = self.known.iter().min_by_key(|(_, told)| told.since);
        oldest.map(|(kind, _)| kind.clone())
    }

    fn remove(&mut self, kind: &Kind) {
        let removed = self.known.remove(kind);
        self.bytes -= removed.map_or(0, |told| told.bytes);
    }

    pub fn is_refused(&self, name: &str) -> bool {
        self.refused.contains(name)
    }

    /// Remembers `name` if `reply` refuses the Action, and returns whether it
    /// does. Other Errors may go away (`No endpoints found`).
    pub fn note_refusal(&mut self, name: &str, reply: &Reply) -> bool {
        let message = reply.message().unwrap_or_default();
        let is_refusal =
            message.mentions("permission denied") || message.mentions("unknown command");
        if is_refusal && self.refused.len() < REFUSED {
            self.refused.insert(name.to_owned());
        }
        is_refusal
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer_text::PeerText;

    // Every CLI line that Tab completes is a kind, and a hostile server answers
    // each with as much as it likes.
    #[test]
    fn the_oldest_make_room() {
        let value = |n: u32| Value {
            text: PeerText::new(format!("{n:0>900}").into_bytes()),
            about: PeerText::default(),
        };
        let kind = |n: u32| Kind::Cli(n.to_string());
        let mut values = Values::default();
        for n in 0..50 {
            values.keep(kind(n), (0..1_000).map(value).collect());
        }
        let kept: usize = values.known.values().map(|told| told.bytes).sum();
        assert_eq!(values.bytes, kept);
        assert!(kept <= MOST, "{kept}");
        assert!(values.found(&kind(0)).values.is_empty());
        assert_eq!(values.found(&kind(49)).values.len(), 1_000);
        // Newer values replace older ones.
        values.keep(kind(49), vec![value(1)]);
        assert!(values.bytes < kept && values.found(&kind(49)).fresh);
    }
}
