//! Numbers of the protocol in words.

pub use crate::catalog::device;

use crate::ami::{Header, Kind, Packet, Reply, Shortfall};
use crate::peer_text::{PeerText, visible};

/// Whether a server means by `value` that there is none: 1.4 writes
/// `<Unknown>`, later versions `<unknown>`.
pub fn is_nothing(value: &[u8]) -> bool {
    let ways: [&[u8]; 4] = [b"<unknown>", b"(null)", b"<null>", b"<none>"];
    let value = value.trim_ascii();
    value.is_empty() || ways.iter().any(|way| value.eq_ignore_ascii_case(way))
}

/// A hangup cause: Q.850, and Asterisk's own (causes.h of 22).
pub fn cause(code: &str) -> Option<&'static str> {
    Some(match code {
        "0" => "Unknown",
        "1" => "Unallocated number",
        "2" => "No route to transit network",
        "3" => "No route to destination",
        "5" => "Misdialled trunk prefix",
        "6" => "Channel unacceptable",
        "7" => "Call awarded and delivered",
        "8" => "Pre-empted",
        "14" => "Number ported, not here",
        "16" => "Normal clearing",
        "17" => "User busy",
        "18" => "No user responding",
        "19" => "No answer",
        "20" => "Subscriber absent",
        "21" => "Call rejected",
        "22" => "Number changed",
        "23" => "Redirected to new destination",
        "26" => "Answered elsewhere",
        "27" => "Destination out of order",
        "28" => "Invalid number format",
        "29" => "Facility rejected",
        "30" => "Response to status enquiry",
        "31" => "Normal, unspecified",
        "34" => "No circuit available",
        "38" => "Network out of order",
        "41" => "Temporary failure",
        "42" => "Switch congestion",
        "43" => "Access information discarded",
        "44" => "Requested channel not available",
        "45" => "Pre-empted",
        "47" => "Resource unavailable",
        "50" => "Facility not subscribed",
        "52" => "Outgoing call barred",
        "54" => "Incoming call barred",
        "57" => "Bearer capability not authorised",
        "58" => "Bearer capability not available",
        "65" => "Bearer capability not implemented",
        "66" => "Channel not implemented",
        "69" => "Facility not implemented",
        "79" => "Service not implemented",
        "81" => "Invalid call reference",
        "88" => "Incompatible destination",
        "95" => "Invalid message",
        "96" => "Mandatory element missing",
        "97" => "Message type not existing",
        "98" => "Wrong message",
        "99" => "Element not existing",
        "100" => "Invalid element contents",
        "101" => "Wrong call state",
        "102" => "Timer expired",
        "103" => "Mandatory element of wrong length",
        "111" => "Protocol error",
        "127" => "Interworking, unspecified",
        _ => return None,
    })
}

/// The state of a channel, for which newer servers also send words
/// (`ChannelStateDesc`).
pub fn channel(code: &str) -> Option<&'static str> {
    Some(match code {
        "0" => "Down",
        "1" => "Reserved",
        "2" => "Off hook",
        "3" => "Dialing",
        "4" => "Ring",
        "5" => "Ringing",
        "6" => "Up",
        "7" => "Busy",
        "8" => "Dialing off hook",
        "9" => "Pre-ring",
        _ => return None,
    })
}

/// The state of an extension, a set of bits.
pub fn extension(code: &str) -> Option<&'static str> {
    Some(match code {
        "-2" => "removed",
        "-1" => "no hint",
        "0" => "idle",
        "1" => "in use",
        "2" => "busy",
        "4" => "unavailable",
        "8" => "ringing",
        "9" => "in use, ringing",
        "16" => "on hold",
        "17" => "in use, on hold",
        _ => return None,
    })
}

/// The reason of an OriginateResponse: the last control frame of the call. 4
/// and 0 were seen from Asterisk 16 and 22, the others are in the source of 22.
pub fn reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "0" => "not placed, or refused",
        "1" => "not answered, or hung up",
        "3" => "not answered in time",
        "4" => "answered",
        "5" => "busy",
        "8" => "congestion",
        _ => return None,
    })
}

/// Whether an Error says no more than that a list is empty: `No endpoints
/// found` (PJSIPShow… of 16 and 22), `No active conferences.` (ConfbridgeList,
/// MeetmeList).
pub fn is_empty_list(message: &PeerText<'_>) -> bool {
    message.starts_with("no ") && (message.ends_with(" found") || message.ends_with("conferences."))
}

/// What to say about an incomplete list.
pub(super) fn incomplete(reply: &Reply) -> Option<String> {
    let words = match reply.shortfall()? {
        Shortfall::Counted(counted) => {
            let came = reply.count();
            return Some(format!(
                "The server counts {counted} items, and {came} came: the list is not whole."
            ));
        }
        Shortfall::Cancelled => "The server broke the list off here.",
        Shortfall::Cut => "The rest of the list did not arrive.",
        Shortfall::Full => {
            "The list is too long to keep: this is its beginning, and the rest follows as late replies."
        }
        Shortfall::Overtaken => "The server began another answer here; the list may be incomplete.",
    };
    Some(words.to_owned())
}

/// How long an answer took, as shown by `/timing`.
pub fn took(time: std::time::Duration) -> String {
    match time.as_secs() {
        0 => format!("time: {:.3} ms", time.as_secs_f64() * 1000.0),
        _ => format!("time: {:.3} s", time.as_secs_f64()),
    }
}

/// What `header` of an AsyncAGI event holds in the URI encoding, one line a line:
/// the variables of the AGI session, and the answer to a command.
pub fn decoded(packet: &Packet, header: &Header<'_>) -> Option<Vec<u8>> {
    let is_agi = || {
        let name = packet.name().get(..b"AsyncAGI".len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(b"AsyncAGI"))
    };
    let is_encoded = header.is("Env") || header.is("Result");
    (is_encoded && packet.kind() == Kind::Event && is_agi()).then(|| uri(header.value))
}

/// `text` with `%0A` and the like as the bytes that they stand for, without
/// blanks and line ends behind it. What is no such code stays.
pub fn uri(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let code = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(meant) => {
                out.push(meant);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out.truncate(out.trim_ascii_end().len());
    out
}

/// The meaning of the number in `header` of `packet`, if it has one.
pub fn beside(packet: &Packet, header: &Header<'_>) -> Option<&'static str> {
    let code = &*visible::text(header.value.trim_ascii());
    let ends = |key: &str| {
        let at = header.key.len().checked_sub(key.len());
        at.and_then(|at| header.key.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(key.as_bytes()))
    };
    if header.is("Cause") {
        return cause(code);
    }
    if header.is("Reason") && packet.is_event("OriginateResponse") {
        return reason(code);
    }
    // Any channel of an event: DestChannelState and the like.
    if ends("ChannelState") {
        return channel(code);
    }
    if !header.is("Status") {
        return None;
    }
    let is_member = || PeerText::new(packet.name()).starts_with("QueueMember");
    if packet.get("Hint").is_some() {
        extension(code)
    } else if packet.kind() == Kind::Event && is_member() {
        device(code)
    } else {
        None
    }
}

/// The seconds in `62` and `00:01:02`.
pub fn seconds(text: &str) -> Option<u64> {
    let mut parts = text.split(':').map(|part| part.parse::<u64>().ok());
    parts.try_fold(0_u64, |all, part| all.checked_mul(60)?.checked_add(part?))
}

/// So many seconds as `0:07`, `12:34`, `1:02:03`.
pub fn duration(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::frames;
    use super::*;

    // The same key means something else in another packet.
    #[test]
    fn a_number_is_told_by_where_it_stands() {
        let told = |text: &str, key: &str| {
            let packet = frames(text.as_bytes()).remove(0);
            let header = packet.all(key).next().unwrap();
            beside(&packet, &header)
        };
        for (text, key, words) in [
            (
                "Event: Hangup\r\nCause: 17\r\n\r\n",
                "Cause",
                Some("User busy"),
            ),
            ("Event: Registry\r\nCause: timeout\r\n\r\n", "Cause", None),
            (
                "Event: QueueMember\r\nStatus: 2\r\n\r\n",
                "Status",
                Some("in use"),
            ),
            (
                "Event: QueueMemberStatus\r\nStatus: 6\r\n\r\n",
                "Status",
                Some("ringing"),
            ),
            (
                "Event: ExtensionStatus\r\nHint: a\r\nStatus: 8\r\n\r\n",
                "Status",
                Some("ringing"),
            ),
            (
                "Response: Success\r\nHint: a\r\nStatus: -1\r\n\r\n",
                "status",
                Some("no hint"),
            ),
            ("Event: Reload\r\nStatus: 0\r\n\r\n", "Status", None),
            (
                "Event: DialBegin\r\nDestChannelState: 5\r\n\r\n",
                "DestChannelState",
                Some("Ringing"),
            ),
            (
                "Event: OriginateResponse\r\nReason: 5\r\n\r\n",
                "Reason",
                Some("busy"),
            ),
            ("Event: AgentComplete\r\nReason: 5\r\n\r\n", "Reason", None),
        ] {
            assert_eq!(told(text, key), words, "{text}");
        }
    }

    // CoreShowChannels sends 00:00:07, Status and queues send 7; the number may
    // also be nonsense.
    #[test]
    fn durations_read_alike() {
        let said = [
            "7",
            "00:00:07",
            "754",
            "3723",
            "-1",
            "",
            "99999999999999999999:1",
        ];
        let shown = said.map(|text| seconds(text).map(duration).unwrap_or_default());
        assert_eq!(shown, ["0:07", "0:07", "12:34", "1:02:03", "", "", ""]);
    }
}
