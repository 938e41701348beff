//! Values that Asterisk writes as C strings: since 13.5 the names in the
//! description of a channel, the value of a VarSet and channel variables, so
//! that `O'Brien` arrives as `O\'Brien`. Other packets carry them as they are.

use super::Packet;
use std::borrow::Cow;

impl Packet {
    /// `value`, of a header `key` of this packet, as it was before the server
    /// escaped it, for people; what is kept exact is the bytes.
    pub fn plain<'a>(&self, key: &[u8], value: &'a [u8]) -> Cow<'a, [u8]> {
        match value.contains(&b'\\') && self.is_escaped(key) {
            true => unescaped(value).map_or(Cow::Borrowed(value), Cow::Owned),
            false => Cow::Borrowed(value),
        }
    }

    /// Whether `key` belongs to a description of a channel, of which the
    /// Linkedid is a sign: lists of queues, OriginateResponse and
    /// EffectiveConnectedLineName have none.
    fn is_escaped(&self, key: &[u8]) -> bool {
        if key.eq_ignore_ascii_case(b"Value") {
            return self.is_event("VarSet") && self.get("Linkedid").is_some();
        }
        let prefix = NAMES.iter().find_map(|name| {
            let (prefix, rest) = key.split_at_checked(key.len().checked_sub(name.len())?)?;
            rest.eq_ignore_ascii_case(name.as_bytes()).then_some(prefix)
        });
        let linked = |prefix: &[u8]| [prefix, &b"Linkedid"[..]].concat();
        prefix.is_some_and(|prefix| {
            let linked = linked(prefix);
            let mut headers = self.headers();
            headers.any(|header| header.key.eq_ignore_ascii_case(&linked))
        })
    }
}

const NAMES: [&str; 3] = ["CallerIDName", "ConnectedLineName", "ChanVariable"];

/// None if it is no C string as Asterisk writes them: 12 to 13.4 did not, and
/// what they send may look like one.
fn unescaped(value: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(value.len());
    let mut bytes = value.iter().copied();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next()? {
                b'a' => 7,
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
                same @ (b'\\' | b'\'' | b'"' | b'?') => same,
                _ => return None,
            },
            b'\'' | b'"' | b'?' => return None,
            byte => byte,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    // A name must read as its owner writes it, and one that was never escaped
    // must not lose a backslash.
    #[test]
    fn names_are_plain_where_they_were_escaped() {
        let packet = |lines: &str| {
            let text = format!("{}\r\n\r\n", lines.replace('|', "\r\n"));
            Packet::new(text.into_bytes().into())
        };
        for (lines, key, plain) in [
            (
                r"Event: Newstate|CallerIDName: O\'Brien \?|Linkedid: 1",
                "CallerIDName",
                "O'Brien ?",
            ),
            (
                r#"Event: CoreShowChannel|ConnectedLineName: \"Tom\" \\o/|Linkedid: 1"#,
                "connectedlinename",
                r#""Tom" \o/"#,
            ),
            (
                r"Event: DialBegin|DestCallerIDName: O\'B|DestLinkedid: 1",
                "DestCallerIDName",
                "O'B",
            ),
            (
                r"Event: DialBegin|DestCallerIDName: O\'B|Linkedid: 1",
                "DestCallerIDName",
                r"O\'B",
            ),
            (r"Event: VarSet|Value: a\tb|Linkedid: 1", "Value", "a\tb"),
            (r"Event: Other|Value: a\tb|Linkedid: 1", "Value", r"a\tb"),
            (
                r"Event: Newstate|ChanVariable: A=\'|Linkedid: 1",
                "ChanVariable",
                "A='",
            ),
            (
                r"Event: QueueEntry|CallerIDName: O\'Brien|Uniqueid: 1",
                "CallerIDName",
                r"O\'Brien",
            ),
            (
                r"Event: Newstate|CallerIDName: it's C:\new|Linkedid: 1",
                "CallerIDName",
                r"it's C:\new",
            ),
            (
                r"Event: Newstate|CallerIDName: C:\x|Linkedid: 1",
                "CallerIDName",
                r"C:\x",
            ),
            (
                r"Event: Status|EffectiveConnectedLineName: a\\b|Linkedid: 1",
                "EffectiveConnectedLineName",
                r"a\\b",
            ),
        ] {
            let packet = packet(lines);
            let value = packet.get(key).unwrap();
            let shown = packet.plain(key.as_bytes(), value);
            assert_eq!(String::from_utf8_lossy(&shown), plain, "{lines}");
        }
    }
}
