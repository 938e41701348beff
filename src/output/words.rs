//! Numbers of the protocol in words.

pub use crate::catalog::device;

/// A hangup cause: Q.850, and Asterisk's own.
pub fn cause(code: &str) -> Option<&'static str> {
    Some(match code {
        "0" => "Unknown",
        "1" => "Unallocated number",
        "2" => "No route to transit network",
        "3" => "No route to destination",
        "6" => "Channel unacceptable",
        "16" => "Normal clearing",
        "17" => "User busy",
        "18" => "No user responding",
        "19" => "No answer",
        "20" => "Subscriber absent",
        "21" => "Call rejected",
        "22" => "Number changed",
        "26" => "Answered elsewhere",
        "27" => "Destination out of order",
        "28" => "Invalid number format",
        "29" => "Facility rejected",
        "31" => "Normal, unspecified",
        "34" => "No circuit available",
        "38" => "Network out of order",
        "41" => "Temporary failure",
        "42" => "Switch congestion",
        "44" => "Requested channel not available",
        "47" => "Resource unavailable",
        "50" => "Facility not subscribed",
        "57" => "Bearer capability not authorised",
        "58" => "Bearer capability not available",
        "65" => "Bearer capability not implemented",
        "66" => "Channel not implemented",
        "69" => "Facility not implemented",
        "79" => "Service not implemented",
        "88" => "Incompatible destination",
        "95" => "Invalid message",
        "96" => "Mandatory element missing",
        "102" => "Timer expired",
        "111" => "Protocol error",
        "127" => "Interworking, unspecified",
        _ => return None,
    })
}

/// Why an Originate ended so: the last control frame of the call. 4 and 0 were
/// seen from Asterisk 16 and 22, the others are in the source of 22.
pub fn reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "0" => "could not be placed",
        "1" => "not answered, or hung up",
        "3" => "rang, not answered",
        "4" => "answered",
        "5" => "busy",
        "8" => "congestion",
        _ => return None,
    })
}

/// Seconds, or hours, minutes and seconds (`00:00:07`), as `0:07`, `12:34`,
/// `1:02:03`.
pub fn duration(text: &str) -> Option<String> {
    let mut all: u64 = 0;
    for part in text.split(':') {
        all = all.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    Some(match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // CoreShowChannels sends 00:00:07, Status and queues send 7; a server's
    // number may also be nonsense.
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
        let shown = said.map(|text| duration(text).unwrap_or_default());
        assert_eq!(shown, ["0:07", "0:07", "12:34", "1:02:03", "", "", ""]);
    }
}
