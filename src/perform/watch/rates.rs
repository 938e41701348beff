//! How many events there are, of which name, and by whom.

use crate::ami::Packet;
use std::collections::HashMap;

/// Different names or causes that are told apart: a server with more sends
/// something else than AMI.
const DIFFERENT: usize = 10_000;

/// What was counted while a sample was taken.
#[derive(Debug, Default)]
pub struct Rates {
    /// All events.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
    names: HashMap<Vec<u8>, Counted>,
    causes: HashMap<Vec<u8>, u64>,
}

#[derive(Debug, Default)]
struct Counted {
    events: u64,
    class: Vec<u8>,
}

/// One line of what was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The event, or who causes it.
    pub name: Vec<u8>,
    /// How many.
    pub events: u64,
    /// The event's classes, as its Privilege names them but for `all`.
    pub class: Vec<u8>,
}

/// The headers that say what an event comes from, the first that it has.
const CAUSES: [&str; 12] = [
    "Channel",
    "Channel1",
    "DestChannel",
    "LocalOneChannel",
    "Queue",
    "Conference",
    "Peer",
    "AOR",
    "Device",
    "Mailbox",
    "AccountID",
    "Exten",
];

impl Rates {
    /// Counts `event`.
    pub(super) fn count(&mut self, event: &Packet) {
        self.events += 1;
        self.bytes += event.bytes().len() as u64;
        if let Some(counted) = entry(&mut self.names, event.name()) {
            if counted.events == 0 {
                counted.class = class(event).to_vec();
            }
            counted.events += 1;
        }
        let cause = CAUSES.iter().find_map(|key| event.get(key)).map(peer);
        if let Some(cause) = cause.filter(|cause| !cause.is_empty())
            && let Some(counted) = entry(&mut self.causes, cause)
        {
            *counted += 1;
        }
    }

    /// The events by name, the most frequent first.
    pub fn by_name(&self) -> Vec<Rate> {
        let rate = |(name, counted): (&Vec<u8>, &Counted)| Rate {
            name: name.clone(),
            events: counted.events,
            class: counted.class.clone(),
        };
        sorted(self.names.iter().map(rate).collect())
    }

    /// Who or what they come from, the most frequent first.
    pub fn by_cause(&self) -> Vec<Rate> {
        let rate = |(name, events): (&Vec<u8>, &u64)| Rate {
            name: name.clone(),
            events: *events,
            class: Vec::new(),
        };
        sorted(self.causes.iter().map(rate).collect())
    }
}

fn sorted(mut rates: Vec<Rate>) -> Vec<Rate> {
    rates.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.name.cmp(&b.name)));
    rates
}

fn entry<'a, T: Default>(counted: &'a mut HashMap<Vec<u8>, T>, name: &[u8]) -> Option<&'a mut T> {
    if !counted.contains_key(name) && counted.len() < DIFFERENT {
        counted.insert(name.to_vec(), T::default());
    }
    counted.get_mut(name)
}

/// `call` of `call,all`: every event names `all` as well.
fn class(event: &Packet) -> &[u8] {
    let classes = event.get("Privilege").unwrap_or_default();
    classes.strip_suffix(b",all").unwrap_or(classes)
}

/// Who is behind a channel: `PJSIP/alice` of `PJSIP/alice-0000001f`,
/// `Local/200@default` of `Local/200@default-00000009;1`. Other names stay.
fn peer(name: &[u8]) -> &[u8] {
    let whole = match name {
        [whole @ .., b';', b'1' | b'2'] => whole,
        whole => whole,
    };
    let Some(dash) = whole.iter().rposition(|byte| *byte == b'-') else {
        return name;
    };
    let (peer, number) = whole.split_at(dash);
    let number = number.get(1..).unwrap_or_default();
    let is_number = number.len() >= 4 && number.iter().all(u8::is_ascii_hexdigit);
    match is_number && peer.contains(&b'/') {
        true => peer,
        false => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(events: &[&str]) -> Rates {
        let mut rates = Rates::default();
        for event in events {
            let bytes = format!("Event: {}\r\n\r\n", event.replace('|', "\r\n"));
            rates.count(&Packet::new(bytes.into_bytes().into()));
        }
        rates
    }

    fn lines(rates: Vec<Rate>) -> Vec<String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let line = |one: Rate| format!("{} {} {}", text(&one.name), one.events, text(&one.class));
        rates
            .into_iter()
            .map(|one| line(one).trim_end().to_owned())
            .collect()
    }

    // Who is behind a flood is a phone or a trunk, not each of its calls.
    #[test]
    fn events_are_counted_by_name_and_by_whom_they_come_from() {
        let rates = counted(&[
            "VarSet|Privilege: dialplan,all|Channel: PJSIP/alice-0000001f",
            "VarSet|Privilege: dialplan,all|Channel: PJSIP/alice-00000020",
            "Hangup|Privilege: call,all|Channel: Local/200@default-0000001f;2",
            "Dial|Privilege: call,all|Channel: SIP/trunk-b-0000001f",
            "PeerStatus|Privilege: system,all|Peer: PJSIP/bob-desk",
            "QueueMemberStatus|Privilege: agent,all|Queue: sales-0000",
            "Reload|Privilege: system,all",
            "VarSet|Privilege: dialplan,all|Channel: ",
        ]);
        assert_eq!(rates.events, 8);
        assert_eq!(
            lines(rates.by_name()),
            [
                "VarSet 3 dialplan",
                "Dial 1 call",
                "Hangup 1 call",
                "PeerStatus 1 system",
                "QueueMemberStatus 1 agent",
                "Reload 1 system"
            ]
        );
        assert_eq!(
            lines(rates.by_cause()),
            [
                "PJSIP/alice 2",
                "Local/200@default 1",
                "PJSIP/bob-desk 1",
                "SIP/trunk-b 1",
                "sales-0000 1"
            ]
        );
    }
}
