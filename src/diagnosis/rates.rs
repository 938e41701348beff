//! Counts events by name and by source.

use crate::ami::Packet;
use std::collections::HashMap;

/// How many different names and sources are counted separately. Real servers
/// have some 170 names, and rarely more than a few thousand phones and queues.
const DIFFERENT: usize = 10_000;

/// The longest name that is kept, in bytes; longer ones with the same beginning
/// are counted together. No Asterisk event name exceeds 40, no channel name 80.
const LONGEST: usize = 256;

/// What was counted during a sample.
#[derive(Debug, Default)]
pub struct Rates {
    /// All events.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Events with further names or sources, which were not counted separately.
    pub others: u64,
    names: Counts,
    causes: Counts,
}

/// How many events have a name, and the class of the first.
type Counts = HashMap<Vec<u8>, (u64, Vec<u8>)>;

/// One line of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The event, or its source.
    pub name: Vec<u8>,
    /// How many.
    pub events: u64,
    /// The event's classes, as in its Privilege without `all`.
    pub class: Vec<u8>,
}

/// The headers that identify the source of an event; the first present one
/// counts.
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
    pub fn count(&mut self, event: &Packet) {
        self.events += 1;
        self.bytes += event.bytes().len() as u64;
        let mut fits = add(&mut self.names, event.name(), class(event));
        let cause = CAUSES.iter().find_map(|key| event.get(key)).map(peer);
        if let Some(cause) = cause.filter(|cause| !cause.is_empty()) {
            fits &= add(&mut self.causes, cause, b"");
        }
        self.others += u64::from(!fits);
    }

    /// The events by name, the most frequent first.
    pub fn by_name(&self) -> Vec<Rate> {
        sorted(&self.names)
    }

    /// The events by source, the most frequent first.
    pub fn by_cause(&self) -> Vec<Rate> {
        sorted(&self.causes)
    }
}

fn sorted(counts: &Counts) -> Vec<Rate> {
    let rate = |(name, (events, class)): (&Vec<u8>, &(u64, Vec<u8>))| Rate {
        name: name.clone(),
        events: *events,
        class: class.clone(),
    };
    let mut rates: Vec<Rate> = counts.iter().map(rate).collect();
    rates.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.name.cmp(&b.name)));
    rates
}

fn cut(name: &[u8]) -> &[u8] {
    name.get(..LONGEST).unwrap_or(name)
}

/// Counts one more. False: there are too many names for another.
fn add(counts: &mut Counts, name: &[u8], class: &[u8]) -> bool {
    let name = cut(name);
    if let Some((events, _)) = counts.get_mut(name) {
        *events += 1;
        return true;
    }
    let fits = counts.len() < DIFFERENT;
    if fits {
        counts.insert(name.to_vec(), (1, cut(class).to_vec()));
    }
    fits
}

/// `call` from `call,all`: every event names `all` as well.
fn class(event: &Packet) -> &[u8] {
    let classes = event.get("Privilege").unwrap_or_default();
    classes.strip_suffix(b",all").unwrap_or(classes)
}

/// The device of a channel: `PJSIP/alice` from `PJSIP/alice-0000001f`,
/// `Local/200@default` from `Local/200@default-00000009;1`. Other names are
/// unchanged.
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

    // The source of a flood is a phone or a trunk, not each of its calls.
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

    // `/top` is used when something is wrong: a server that makes up names must
    // not fill the memory meanwhile.
    #[test]
    fn what_is_counted_takes_a_bounded_memory() {
        let mut rates = Rates::default();
        let long = "x".repeat(4096);
        for number in 0..DIFFERENT + 500 {
            let text = format!(
                "Event: {number}{long}\r\nPrivilege: {long}\r\nChannel: {number}{long}\r\n\r\n"
            );
            rates.count(&Packet::new(text.into_bytes().into()));
        }
        let held = |rates: Vec<Rate>| -> usize {
            let texts = rates.iter().map(|one| one.name.len() + one.class.len());
            texts.sum()
        };
        assert!(held(rates.by_name()) <= 2 * DIFFERENT * LONGEST);
        assert!(held(rates.by_cause()) <= DIFFERENT * LONGEST);
        // What did not fit is counted.
        assert_eq!(rates.others, 500);
        assert_eq!(rates.events as usize, DIFFERENT + 500);
    }
}
