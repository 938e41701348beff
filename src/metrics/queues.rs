//! Queues, from QueueStatus, which all versions have.

use super::label::{DEVICE, States, label, number};
use crate::ami::Packet;
use std::collections::BTreeMap;

/// The most queues of a PBX; each has some fifteen figures.
const MOST: usize = 1_000;

/// The queues of a PBX.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queues {
    /// By name.
    pub all: BTreeMap<String, Queue>,
    /// How many there are beyond the most that are kept.
    pub left_out: u64,
}

/// What is known of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Callers that wait.
    pub waiting: u64,
    /// How many seconds the first of them has waited.
    pub longest: u64,
    /// Members by state.
    pub members: States,
    /// Members that are paused, in whatever state.
    pub paused: u64,
    /// Calls that were answered, since the server began or the queue was reset.
    pub completed: u64,
    /// Callers that hung up before.
    pub abandoned: u64,
}

impl Default for Queue {
    fn default() -> Queue {
        Queue {
            waiting: 0,
            longest: 0,
            members: States::new(DEVICE),
            paused: 0,
            completed: 0,
            abandoned: 0,
        }
    }
}

impl Queues {
    /// Takes an item of QueueStatus.
    pub(super) fn item(&mut self, item: &Packet) {
        let value = |key| number(item.get(key));
        if item.is_event("QueueParams") {
            let (waiting, completed) = (value("Calls"), value("Completed"));
            let abandoned = value("Abandoned");
            // Two names that are cut to one label are one queue.
            match self.of(item) {
                Some(queue) => {
                    queue.waiting = queue.waiting.saturating_add(waiting);
                    queue.completed = queue.completed.saturating_add(completed);
                    queue.abandoned = queue.abandoned.saturating_add(abandoned);
                }
                None => self.left_out += 1,
            }
        } else if item.is_event("QueueMember") {
            // What is no number is no state that has a name.
            let state = item
                .get("Status")
                .and_then(|text| std::str::from_utf8(text).ok());
            let state = state.and_then(|text| text.trim().parse().ok());
            let state = state.unwrap_or(usize::MAX);
            let is_paused = value("Paused") == 1;
            if let Some(queue) = self.of(item) {
                queue.members.count(state);
                queue.paused += u64::from(is_paused);
            }
        } else if item.is_event("QueueEntry") {
            let wait = value("Wait");
            if let Some(queue) = self.of(item) {
                queue.longest = queue.longest.max(wait);
            }
        }
    }

    /// The queue of `item`; None if there are too many.
    fn of(&mut self, item: &Packet) -> Option<&mut Queue> {
        let name = label(item.get("Queue")?);
        let has_room = self.all.len() < MOST || self.all.contains_key(&name);
        has_room.then(|| self.all.entry(name).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queues(items: impl IntoIterator<Item = String>) -> Queues {
        let mut queues = Queues::default();
        for text in items {
            let bytes = format!("Event: {}\r\n\r\n", text.replace('|', "\r\n"));
            queues.item(&Packet::new(bytes.into_bytes().into()));
        }
        queues
    }

    #[test]
    fn a_queue_is_what_its_three_kinds_of_items_say() {
        let queues = queues(
            [
                "QueueParams|Queue: sales|Calls: 2|Completed: 7|Abandoned: 1",
                "QueueMember|Queue: sales|Status: 1|Paused: 0",
                "QueueMember|Queue: sales|Status: 5|Paused: 1",
                "QueueEntry|Queue: sales|Wait: 12",
                "QueueEntry|Queue: sales|Wait: 40",
                "QueueParams|Queue: empty|Calls: 0",
            ]
            .map(str::to_owned),
        );
        let sales = &queues.all["sales"];
        let figures = [
            sales.waiting,
            sales.longest,
            sales.paused,
            sales.completed,
            sales.abandoned,
        ];
        assert_eq!(figures, [2, 40, 1, 7, 1]);
        let members: Vec<_> = sales
            .members
            .each()
            .filter(|(_, count)| *count > 0)
            .collect();
        assert_eq!(members, [("not_in_use", 1), ("unavailable", 1)]);
        assert_eq!(queues.all["empty"], Queue::default());
    }

    // A series that is there twice makes a whole scrape unreadable, and each queue is
    // fifteen lines of every scrape.
    #[test]
    fn queues_are_bounded_and_none_is_there_twice() {
        let many = (0..10_000).map(|n| format!("QueueParams|Queue: q{n}|Calls: 1"));
        let queues_of_many = queues(many);
        assert_eq!(queues_of_many.all.len(), MOST);
        assert_eq!(queues_of_many.left_out, 9_000);
        let long = "x".repeat(100);
        let cut = queues([1, 2].map(|n| format!("QueueParams|Queue: {long}{n}|Calls: {n}")));
        assert_eq!(
            cut.all.values().map(|one| one.waiting).collect::<Vec<_>>(),
            [3]
        );
    }
}
