//! Follows a call being placed by the events of its channel. They carry no
//! ActionID, so the channel is the first that fits what was asked for.

use crate::ami::{Action, Packet};
use crate::calls;
use crate::output::words::cause;
use crate::session::arrival::in_words;
use std::time::{Duration, Instant};

/// The call that an Originate has placed.
pub(in crate::engine) struct Call {
    /// The channel asked for: `PJSIP/100`.
    asked: String,
    /// The Uniqueid set by the user (ChannelId).
    given: Option<Vec<u8>>,
    placed: Instant,
    /// The Uniqueid of its channel, once there is one.
    id: Option<Vec<u8>>,
    answered: Option<Duration>,
    /// The last cause given for its end.
    cause: Option<String>,
    ringing: Ringing,
    /// Has its channel ended?
    is_gone: bool,
    /// Has any event of class call come?
    is_seen: bool,
    /// Prefix of its messages: where its statement is.
    at: String,
    /// Report nothing while it is being placed.
    quiet: bool,
}

/// What is known of the phone at the far end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ringing {
    No,
    /// So says the channel, which IAX2 does before anything has answered
    /// there.
    Said,
    Yes,
}

impl Call {
    pub fn of(action: &Action, at: String, quiet: bool) -> Call {
        let asked = action.get("Channel").unwrap_or_default();
        Call {
            asked: String::from_utf8_lossy(asked.trim_ascii()).into_owned(),
            given: action.get("ChannelId").map(<[u8]>::to_vec),
            placed: Instant::now(),
            id: None,
            answered: None,
            cause: None,
            ringing: Ringing::No,
            is_gone: false,
            is_seen: false,
            at,
            quiet,
        }
    }

    /// What `event`, which has just come, says about it.
    pub fn notice(&mut self, event: &Packet) -> Option<String> {
        let words = self.heard(event, self.placed.elapsed())?;
        (!self.quiet).then(|| format!("{}{words}", self.at))
    }

    /// What `event`, `after` the call was placed, says about it.
    fn heard(&mut self, event: &Packet, after: Duration) -> Option<String> {
        self.is_seen |= event
            .get("Privilege")
            .is_some_and(|p| p.starts_with(b"call"));
        if event.is_event("DialState") && event.get("DialStatus") == Some(b"RINGING") {
            let is_ours = self.id.is_some() && event.get("DestUniqueid") == self.id.as_deref();
            return is_ours.then(|| self.rings("Dest", event, after)).flatten();
        }
        let id = event.get("Uniqueid")?;
        let name = event.text("Channel")?.terminal().into_owned();
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
            // 1.4 only has State.
            let state = event.get("ChannelStateDesc").or(event.get("State"))?;
            return match state {
                b"Up" => {
                    self.answered = Some(after);
                    None
                }
                b"Ringing" if name.starts_with("IAX2/") => {
                    self.ringing = Ringing::Said;
                    None
                }
                b"Ringing" => self.rings("", event, after),
                _ => None,
            };
        }
        self.is_gone |= event.is_event("Hangup");
        // A request may carry the only cause that comes in time.
        if self.is_gone || event.is_event("HangupRequest") {
            let cause = event
                .text("Cause")
                .map(|cause| cause.terminal().into_owned());
            self.cause = cause.filter(|cause| cause != "0").or(self.cause.take());
        }
        None
    }

    /// The words for the first sign that it rings.
    fn rings(&mut self, prefix: &str, event: &Packet, after: Duration) -> Option<String> {
        let name = event
            .text(&format!("{prefix}Channel"))?
            .terminal()
            .into_owned();
        let is_new = std::mem::replace(&mut self.ringing, Ringing::Yes) != Ringing::Yes;
        is_new.then(|| format!("{name}: ringing after {}", in_words(after)))
    }

    /// Whether the reason for its end may still come: its Hangup may follow
    /// the OriginateResponse (seen from 16).
    pub fn may_say_more(&self) -> bool {
        self.id.is_some() && !self.is_gone
    }

    /// Why it failed. Reason is one of Asterisk's control frames, the last one
    /// heard, and says little alone: an address where nothing listens gives 3
    /// as a phone does that rings, and a phone that declines gives 0 or 5.
    pub fn failure(&self, reason: &[u8]) -> &'static str {
        let rang = self.ringing == Ringing::Yes;
        let is_silent = self.id.is_some() && self.ringing == Ringing::No;
        let cause = self.cause.as_deref();
        match (reason, cause, cause.and_then(calls::outcome_of)) {
            (_, _, Some(calls::BUSY)) => "is busy",
            (_, _, Some(calls::REJECTED)) if rang => "rang and declined the call",
            (_, _, Some(calls::REJECTED)) => "rejected the call",
            (b"5", None, _) => "is busy",
            (b"0" | b"1" | b"5", Some(_), _) if rang => "rang and did not take the call",
            (b"5", Some(_), _) => "refused the call",
            (b"0" | b"1", None, _) if rang => "rang, and ended without an answer",
            (b"0", None, _) => {
                "could not be placed: no such extension, device or technology, or it is not reachable"
            }
            (b"0", Some(_), _) => "could not be placed",
            (b"1", ..) => "was not answered, or hung up",
            (b"3", ..) if rang => "rang and was not answered in time",
            (b"3", ..) if is_silent => "did not ring: nothing answered at its address in time",
            (b"3", ..) => "was not answered in time",
            (b"8", ..) => "met congestion",
            _ => "failed",
        }
    }

    /// Why there may be no OriginateResponse.
    pub fn unheard(&self) -> String {
        let why = match self.is_seen {
            true => {
                "events of class call come, so an eventfilter of this user, or a Filter, may keep this one away"
            }
            false => {
                "does this user have class call in read=, and does no eventfilter keep the event away?"
            }
        };
        let seen = match (self.answered, self.is_gone) {
            (Some(after), _) => format!("; its channel was answered after {}", in_words(after)),
            (None, true) => format!("; its channel was hung up unanswered{}", self.cause()),
            _ => String::new(),
        };
        format!("no OriginateResponse came, so the outcome cannot be known: {why}{seen}")
    }

    /// The warning that nothing has been heard of the call. None if other
    /// events of class call came, or if it is quiet.
    pub fn doubt(&self, until: Instant) -> Option<String> {
        if self.is_seen || self.quiet {
            return None;
        }
        let left = in_words(until.saturating_duration_since(Instant::now()));
        Some(format!(
            "{}no events of class call arrive: without call in read= the outcome cannot be known, nor behind an eventfilter; waiting {left} more",
            self.at
        ))
    }

    /// The time until it was answered. `response` may overtake the channel's
    /// own events (seen from 16).
    pub fn answered(&self, response: &Packet) -> String {
        let is_it = response.get("Uniqueid") == self.id.as_deref();
        let after = self.answered.filter(|_| is_it);
        in_words(after.unwrap_or_else(|| self.placed.elapsed()))
    }

    /// `, cause 17 User busy`, if it was hung up before.
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

/// May the channel `name` be the result of dialing `asked`? Names end in a
/// number of their own, and show the endpoint or the trunk, not the number
/// behind it: `PJSIP/trunk-00000001` for `PJSIP/123@trunk` and
/// `PJSIP/trunk/123`.
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
    // The second half of a Local channel runs the dialplan.
    let is_far = calls::is_inner(name);
    tech.eq_ignore_ascii_case(of) && !is_far && [place, device, trunk].into_iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Somebody else's call must not be reported as ours.
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

    // What 16 sent for calls to a phone that declined, was away, did not answer,
    // and to addresses where nothing listens: Reason alone blames the wrong one.
    #[test]
    fn a_failure_is_read_from_all_that_was_seen() {
        let begins = "Event: DialBegin|DestChannel: SIP/100-1|DestUniqueid: 1.1";
        let rings = "Event: DialState|DestChannel: SIP/100-1|DestUniqueid: 1.1|DialStatus: RINGING";
        let state = "Event: Newstate|Channel: SIP/100-1|Uniqueid: 1.1|ChannelStateDesc: Ringing";
        let asked = "Event: HangupRequest|Channel: SIP/100-1|Uniqueid: 1.1|Cause: 1";
        let ends =
            |cause: &str| format!("Event: Hangup|Channel: SIP/100-1|Uniqueid: 1.1|Cause: {cause}");
        for (events, reason, words) in [
            (
                vec![begins, state, rings, &ends("21")],
                "5",
                "rang and declined the call",
            ),
            (
                vec![begins, rings, &ends("21")],
                "0",
                "rang and declined the call",
            ),
            (
                vec![state, &ends("19")],
                "0",
                "rang and did not take the call",
            ),
            (
                vec![begins, rings, &ends("19")],
                "5",
                "rang and did not take the call",
            ),
            (vec![begins, &ends("21")], "5", "rejected the call"),
            (vec![begins, rings, &ends("17")], "5", "is busy"),
            (vec![begins, &ends("0")], "5", "is busy"),
            (
                vec![state, rings, &ends("16")],
                "3",
                "rang and was not answered in time",
            ),
            (
                vec![begins, &ends("0")],
                "3",
                "did not ring: nothing answered at its address in time",
            ),
            (vec![begins, asked, &ends("0")], "0", "could not be placed"),
            (vec![begins, &ends("34")], "8", "met congestion"),
        ] {
            let action = Action::own("Originate", &[("Channel", "SIP/100")]);
            let mut call = Call::of(&action, String::new(), false);
            let new = "Event: Newchannel|Channel: SIP/100-1|Uniqueid: 1.1";
            for event in [&[new], &events[..]].concat() {
                call.heard(&packet(event), Duration::ZERO);
            }
            assert_eq!(call.failure(reason.as_bytes()), words, "{events:?}");
            assert!(!call.may_say_more(), "{events:?}");
        }
        // IAX2 says so before anything is sent, and without events nobody knows.
        for (channel, event) in [
            (
                "IAX2/192.0.2.1",
                "Event: Newstate|Channel: IAX2/192.0.2.1-1|Uniqueid: 1.1|ChannelStateDesc: Ringing",
            ),
            ("SIP/100", begins),
        ] {
            let action = Action::own("Originate", &[("Channel", channel)]);
            let mut call = Call::of(&action, String::new(), false);
            let new = format!("Event: Newchannel|Channel: {channel}-1|Uniqueid: 1.1");
            if channel != "SIP/100" {
                call.heard(&packet(&new), Duration::ZERO);
            }
            assert_eq!(call.heard(&packet(event), Duration::ZERO), None);
            assert_eq!(call.failure(b"3"), "was not answered in time");
        }
    }

    // The words of both generations of events, and of no channel but ours.
    #[test]
    fn what_happens_is_told_as_it_happens() {
        let mut action = Action::own("Originate", &[("Channel", "SIP/100")]);
        let mut call = Call::of(&action, String::new(), false);
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
        let mut call = Call::of(&action, String::new(), false);
        let theirs = packet("Event: Newchannel|Channel: SIP/100-4|Uniqueid: 1.4");
        assert_eq!(call.heard(&theirs, Duration::ZERO), None);
        let ours = packet("Event: Newchannel|Channel: SIP/100-5|Uniqueid: mine");
        assert!(call.heard(&ours, Duration::ZERO).is_some());
    }
}
