//! What happens to a call on its way, from the events of its channel. They name
//! no ActionID: the channel is the first of what was asked for.

use super::super::Meanwhile;
use crate::ami::{Action, Packet};
use crate::output::words::cause;
use crate::session::arrival::in_words;
use crate::session::{Arrival, Arrived};
use std::time::{Duration, Instant};

/// The call that an Originate has placed.
pub(super) struct Call {
    /// Where to: `PJSIP/100`.
    asked: String,
    /// The Uniqueid that the user has given it.
    given: Option<Vec<u8>>,
    placed: Instant,
    /// The Uniqueid of its channel, once there is one.
    id: Option<Vec<u8>>,
    answered: Option<Duration>,
    /// Why its channel was hung up.
    cause: Option<String>,
    /// Has an event of class call come at all?
    is_seen: bool,
}

impl Call {
    /// The call of `action`, which is about to be sent.
    pub fn of(action: &Action) -> Call {
        let asked = action.get("Channel").unwrap_or_default();
        Call {
            asked: String::from_utf8_lossy(asked.trim_ascii()).into_owned(),
            given: action.get("ChannelId").map(<[u8]>::to_vec),
            placed: Instant::now(),
            id: None,
            answered: None,
            cause: None,
            is_seen: false,
        }
    }

    /// Hands on what arrived, and before it what it means for the call.
    pub fn passes(&mut self, arrived: Arrived, aside: &mut dyn FnMut(Meanwhile)) {
        if let Arrival::Event(event) = &arrived.what
            && let Some(words) = self.heard(event, self.placed.elapsed())
        {
            aside(Meanwhile::Told(words));
        }
        aside(Meanwhile::Arrived(arrived));
    }

    /// What `event` says of the call, so long after it was placed.
    fn heard(&mut self, event: &Packet, after: Duration) -> Option<String> {
        self.is_seen |= event
            .get("Privilege")
            .is_some_and(|p| p.starts_with(b"call"));
        let id = event.get("Uniqueid")?;
        let name = event.text("Channel")?;
        if self.id.is_none() && event.is_event("Newchannel") {
            let is_ours = match &self.given {
                Some(given) => given == id,
                None => is_channel_of(&self.asked, &name),
            };
            self.id = is_ours.then(|| id.to_vec());
            return is_ours.then(|| format!("{name}: dialing"));
        }
        if self.id.as_deref() != Some(id) {
            return None;
        }
        if event.is_event("Newstate") {
            // 1.4 has State alone.
            let state = event.get("ChannelStateDesc").or(event.get("State"))?;
            if state == b"Up" {
                self.answered = Some(after);
            }
            let rings = state == b"Ringing";
            return rings.then(|| format!("{name}: ringing after {}", in_words(after)));
        }
        if event.is_event("Hangup") {
            self.cause = event.text("Cause").map(std::borrow::Cow::into_owned);
        }
        None
    }

    /// Nothing was heard of the call. Says so, unless others were.
    pub fn doubted(&self, until: Instant, aside: &mut dyn FnMut(Meanwhile)) {
        if !self.is_seen {
            let left = in_words(until.saturating_duration_since(Instant::now()));
            aside(Meanwhile::Told(format!(
                "no event of class call comes: without it in read= the outcome cannot be known; waiting {left} more"
            )));
        }
    }

    /// How long it took to be answered, at the time of `response`: this may
    /// overtake the events (seen from 16).
    pub fn answered(&self, response: &Packet) -> String {
        let is_it = response.get("Uniqueid") == self.id.as_deref();
        let after = self.answered.filter(|_| is_it);
        in_words(after.unwrap_or_else(|| self.placed.elapsed()))
    }

    /// `, cause 17 User busy`, where it was hung up before.
    pub fn cause(&self) -> String {
        let Some(number) = &self.cause else {
            return String::new();
        };
        match cause(number) {
            Some(words) => format!(", cause {number} {words}"),
            None => format!(", cause {number}"),
        }
    }
}

/// May a channel of this `name` be what came of dialing `asked`? Names end in a
/// number of their own, and tell the endpoint or the trunk, not the number
/// behind it: `PJSIP/trunk-00000001` for `PJSIP/123@trunk` and `PJSIP/trunk/123`.
fn is_channel_of(asked: &str, name: &str) -> bool {
    let (Some((tech, place)), Some((of, rest))) = (asked.split_once('/'), name.split_once('/'))
    else {
        return false;
    };
    let device = place.split('/').next().unwrap_or_default();
    let trunk = device.rsplit('@').next().unwrap_or_default();
    let begins = |with: &str| {
        let begin = rest.get(..with.len());
        let follows = rest.as_bytes().get(with.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(with)) && follows == Some(&b'-')
    };
    // The second half of a Local channel is in the dialplan.
    let far = name.ends_with(";2") || name.ends_with(",2");
    tech.eq_ignore_ascii_case(of) && !far && [place, device, trunk].into_iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Another's call to somewhere else must not be told as ours.
    #[test]
    fn a_channel_is_known_by_its_name() {
        for (asked, name, is_it) in [
            ("PJSIP/100", "PJSIP/100-00000001", true),
            ("pjsip/100", "PJSIP/100-00000001", true),
            ("PJSIP/100", "PJSIP/1001-00000001", false),
            ("PJSIP/100", "SIP/100-00000001", false),
            ("PJSIP/0151@trunk", "PJSIP/trunk-0000000a", true),
            ("SIP/trunk/0151", "SIP/trunk-0000000a", true),
            ("Local/100@default/n", "Local/100@default-00000006;1", true),
            ("Local/100@default", "Local/100@default-00000006;2", false),
            ("Local/100@default", "Local/100@default-3e2f,1", true),
            ("100", "Local/100@default-00000006;1", false),
        ] {
            assert_eq!(is_channel_of(asked, name), is_it, "{asked} {name}");
        }
    }

    fn packet(lines: &str) -> Packet {
        Packet::new(
            (lines.replace('|', "\r\n") + "\r\n\r\n")
                .into_bytes()
                .into(),
        )
    }

    // The words of both generations of events, and of no channel but ours.
    #[test]
    fn what_happens_is_told_as_it_happens() {
        let mut action = Action::own("Originate", &[("Channel", "SIP/100")]);
        let mut call = Call::of(&action);
        for (event, after, told) in [
            ("Event: Newchannel|Channel: SIP/7-1|Uniqueid: 1.1", 0, None),
            (
                "Event: Newchannel|Channel: SIP/100-2|Uniqueid: 1.2",
                0,
                Some("SIP/100-2: dialing"),
            ),
            (
                "Event: Newchannel|Channel: SIP/100-3|Uniqueid: 1.3",
                0,
                None,
            ),
            (
                "Event: Newstate|Channel: SIP/100-3|State: Ringing|Uniqueid: 1.3",
                1,
                None,
            ),
            (
                "Event: Newstate|Channel: SIP/100-2|ChannelStateDesc: Ringing|Uniqueid: 1.2",
                2,
                Some("SIP/100-2: ringing after 2.0 s"),
            ),
            (
                "Event: Newstate|Channel: SIP/100-2|State: Up|Uniqueid: 1.2",
                7,
                None,
            ),
            (
                "Event: Hangup|Channel: SIP/100-2|Cause: 17|Uniqueid: 1.2",
                8,
                None,
            ),
        ] {
            let words = call.heard(&packet(event), Duration::from_secs(after));
            assert_eq!(words.as_deref(), told, "{event}");
        }
        let response = |id: &str| packet(&format!("Event: OriginateResponse|Uniqueid: {id}"));
        assert_eq!(call.answered(&response("1.2")), "7.0 s");
        assert_eq!(call.answered(&response("1.3")), "0.0 s", "another call");
        assert!(call.cause().starts_with(", cause 17 "), "{}", call.cause());
        action.push("ChannelId", b"mine").unwrap();
        let mut call = Call::of(&action);
        let theirs = packet("Event: Newchannel|Channel: SIP/100-4|Uniqueid: 1.4");
        assert_eq!(call.heard(&theirs, Duration::ZERO), None);
        let ours = packet("Event: Newchannel|Channel: SIP/100-5|Uniqueid: mine");
        assert!(call.heard(&ours, Duration::ZERO).is_some());
    }
}
