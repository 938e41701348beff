//! One JSON object a packet, one line each.
//!
//! The hot path of a stream of events: it copies what needs no escaping and
//! allocates only for packets with repeated headers.

use super::repeats::{Place, repeats};
use super::{Arrival, body_lines};
use crate::ami::{Header, Kind, Packet};
use std::time::SystemTime;

/// Appends `packet`: `_kind`, then `_time` and `_target` unless it comes from
/// a file, `_late` where the answer came after its time limit, then the
/// headers in the server's order and spelling.
///
/// A header that occurs again, in any case, makes an array at the place of the
/// first. `Output` is always an array. Lines that belong to no header are in
/// `_lines` at the end; an unframed packet has nothing else.
pub fn packet(out: &mut Vec<u8>, packet: &Packet, arrival: Option<&Arrival<'_>>, late: bool) {
    // Every header grows by five bytes (quotes, comma) less its CRLF and blank.
    out.reserve(packet.bytes().len() * 3 / 2 + 160);
    let kind = match packet.kind() {
        Kind::Response => "response",
        Kind::Event => "event",
        Kind::Unframed => "unframed",
    };
    open(out, kind, arrival);
    if late {
        out.extend_from_slice(b",\"_late\":true");
    }
    if packet.kind() == Kind::Unframed {
        array(out, "_lines", packet.lines());
    } else {
        members(out, packet);
    }
    out.extend_from_slice(b"}\n");
}

/// Appends that events are missing here: why (`reconnect`, `buffer`,
/// `oversize`), for how long and how many, where that is known.
pub fn gap(
    out: &mut Vec<u8>,
    arrival: Option<&Arrival<'_>>,
    reason: &str,
    seconds: Option<f64>,
    events: Option<u64>,
) {
    open(out, "gap", arrival);
    out.extend_from_slice(b",\"reason\":");
    string(out, reason.as_bytes());
    if let Some(seconds) = seconds.filter(|seconds| seconds.is_finite()) {
        out.extend_from_slice(format!(",\"seconds\":{seconds:.1}").as_bytes());
    }
    if let Some(events) = events {
        out.extend_from_slice(format!(",\"events\":{events}").as_bytes());
    }
    out.extend_from_slice(b"}\n");
}

/// Appends what a script's `echo` says.
pub fn echo(out: &mut Vec<u8>, text: &[u8]) {
    open(out, "echo", None);
    out.extend_from_slice(b",\"text\":");
    string(out, text);
    out.extend_from_slice(b"}\n");
}

fn open(out: &mut Vec<u8>, kind: &str, arrival: Option<&Arrival<'_>>) {
    out.extend_from_slice(b"{\"_kind\":\"");
    out.extend_from_slice(kind.as_bytes());
    out.push(b'"');
    if let Some(arrival) = arrival {
        out.extend_from_slice(b",\"_time\":\"");
        time(out, arrival.time);
        out.extend_from_slice(b"\",\"_target\":");
        string(out, arrival.target.as_bytes());
    }
}

/// RFC 3339 in UTC with microseconds.
fn time(out: &mut Vec<u8>, time: SystemTime) {
    // Only a clock set beyond the year 9999 fails.
    let time = jiff::Timestamp::try_from(time).unwrap_or_default();
    let date = jiff::tz::Offset::UTC.to_datetime(time);
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    let mut put = |at: usize, digits: usize, number: i32| {
        let mut rest = number.unsigned_abs();
        for place in text.iter_mut().skip(at).take(digits).rev() {
            *place = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    };
    put(0, 4, date.year().into());
    put(5, 2, date.month().into());
    put(8, 2, date.day().into());
    put(11, 2, date.hour().into());
    put(14, 2, date.minute().into());
    put(17, 2, date.second().into());
    put(20, 6, date.subsec_nanosecond() / 1000);
    out.extend_from_slice(&text);
}

fn members(out: &mut Vec<u8>, packet: &Packet) {
    let plain = is_plain(packet);
    if may_repeat(packet) {
        repeating(out, packet, plain);
    } else {
        for header in packet.headers() {
            key(out, &header, plain);
            if is_output(&header) {
                out.push(b'[');
                value(out, header.value, plain);
                out.push(b']');
            } else {
                value(out, header.value, plain);
            }
        }
    }
    if let Some(body) = packet.body() {
        array(out, "Output", body_lines(body));
    }
    if packet.stray_lines().len() > 0 {
        array(out, "_lines", packet.stray_lines());
    }
}

/// Whether no byte of a packet needs escaping. One pass over all of it costs a
/// third of looking at each value.
///
/// The only control bytes of such a packet are the CRLFs of its headers and
/// its end; one more is inside a value.
fn is_plain(packet: &Packet) -> bool {
    let bytes = packet.bytes();
    let mut controls = 0;
    for chunk in bytes.chunks(128) {
        // Counts of a byte each, which is what the compiler makes vectors of.
        let (mut low, mut other) = (0_u8, 0_u8);
        for &byte in chunk {
            low += u8::from(byte < 0x20);
            other |= u8::from(byte == b'"') | u8::from(byte == b'\\') | (byte & 0x80);
        }
        if other != 0 {
            return false;
        }
        controls += usize::from(low);
    }
    controls == 2 * packet.headers().len() + 2 && bytes.ends_with(b"\r\n\r\n")
}

/// Whether a key might occur twice. False is certain, true is not: this is a
/// Bloom filter with one hash, and costs a nanosecond a header.
fn may_repeat(packet: &Packet) -> bool {
    let mut seen = [0_u64; 16];
    packet.headers().any(|header| {
        // The upper bits of the hash are the well mixed ones.
        let at = header.key_hash() >> 22;
        let Some(word) = seen.get_mut(at as usize / 64) else {
            return true;
        };
        let bit = 1 << (at % 64);
        let met = *word & bit != 0;
        *word |= bit;
        met
    })
}

/// Headers of which some occur again.
fn repeating(out: &mut Vec<u8>, packet: &Packet, plain: bool) {
    let places = repeats(packet);
    for (i, (header, place)) in packet.headers().zip(&places).enumerate() {
        let Place::First(_) = place else {
            continue;
        };
        let mut again = place.next();
        key(out, &header, plain);
        let array = again != i || is_output(&header);
        if array {
            out.push(b'[');
        }
        value(out, header.value, plain);
        // A last one points at itself.
        let mut at = i;
        while again != at {
            at = again;
            if let (Some(header), Some(place)) = (packet.header(at), places.get(at)) {
                out.push(b',');
                value(out, header.value, plain);
                again = place.next();
            }
        }
        if array {
            out.push(b']');
        }
    }
}

fn is_output(header: &Header<'_>) -> bool {
    header.key.len() == 6 && header.is("Output")
}

/// A comma and a header's key. One that begins with `_` gets one more, so that
/// no server can pass for our metadata.
fn key(out: &mut Vec<u8>, header: &Header<'_>, plain: bool) {
    out.push(b',');
    let quote = out.len();
    value(out, header.key, plain);
    if header.key.first() == Some(&b'_') {
        out.insert(quote + 1, b'_');
    }
    out.push(b':');
}

fn array<'a>(out: &mut Vec<u8>, name: &str, lines: impl Iterator<Item = &'a [u8]>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":[");
    for (i, line) in lines.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        string(out, line);
    }
    out.push(b']');
}

fn value(out: &mut Vec<u8>, text: &[u8], plain: bool) {
    if plain {
        out.push(b'"');
        out.extend_from_slice(text);
        out.push(b'"');
    } else {
        string(out, text);
    }
}

fn string(out: &mut Vec<u8>, text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    // Neither a Vec nor a str can fail.
    let _ = serde_json::to_writer(out, &*text);
}

#[cfg(test)]
mod tests {
    use super::super::tests::frames;
    use super::*;
    use serde_json::Value;
    use std::time::{Duration, UNIX_EPOCH};

    fn line(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        packet(&mut out, &frames(bytes)[0], None, false);
        String::from_utf8(out).unwrap()
    }

    fn arrival() -> Arrival<'static> {
        Arrival {
            time: UNIX_EPOCH + Duration::from_micros(1_795_385_794_004_745),
            target: "127.0.0.1:5038",
        }
    }

    // The order of the first members is what scripts may cut by.
    #[test]
    fn metadata_comes_first() {
        let mut out = Vec::new();
        let pong = b"Response: Success\r\nActionID: 1\r\nPing: Pong\r\n\r\n";
        packet(&mut out, &frames(pong)[0], Some(&arrival()), true);
        gap(&mut out, Some(&arrival()), "reconnect", Some(12.4), None);
        gap(&mut out, None, "oversize", None, Some(7));
        echo(&mut out, b"say \"hi\" \xff");
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        {"_kind":"response","_time":"2026-11-22T22:16:34.004745Z","_target":"127.0.0.1:5038","_late":true,"Response":"Success","ActionID":"1","Ping":"Pong"}
        {"_kind":"gap","_time":"2026-11-22T22:16:34.004745Z","_target":"127.0.0.1:5038","reason":"reconnect","seconds":12.4}
        {"_kind":"gap","reason":"oversize","events":7}
        {"_kind":"echo","text":"say \"hi\" �"}
        "#);
    }

    // Repeats keep the place and the spelling of the first; `_kind` of a
    // stranger is not ours; a continued value is one value.
    #[test]
    fn odd_headers_have_their_place() {
        let odd = b"Event: UserEvent\r\nvariable: a\r\n_kind: forged\r\nVARIABLE:  b \r\nText: one\r\n two\ntab\t\r\nVariable: c\r\n\r\n";
        insta::assert_snapshot!(line(odd), @r#"{"_kind":"event","Event":"UserEvent","variable":["a"," b ","c"],"__kind":"forged","Text":"one\r\n two\ntab\t"}"#);
        let stray = b"Event: UserEvent\r\nno colon\r\nName: M\xfcller \"x\" \xc3\xa9\r\n\r\n";
        insta::assert_snapshot!(line(stray), @r#"{"_kind":"event","Event":"UserEvent","Name":"M�ller \"x\" é","_lines":["no colon"]}"#);
        insta::assert_snapshot!(line(b"\r\nLocal/1@x  12  3\r\nsecond: row\r\n\r\n"), @r#"{"_kind":"unframed","_lines":["Local/1@x  12  3","second: row"]}"#);
    }

    // One way to read a Command's text, whatever the version of the server.
    #[test]
    fn output_is_always_an_array() {
        let one = b"Response: Success\r\nMessage: Command output follows\r\nOutput: \r\n\r\n";
        insta::assert_snapshot!(line(one), @r#"{"_kind":"response","Response":"Success","Message":"Command output follows","Output":[""]}"#);
        let old = b"Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\na: \"1\"\n\nb\n--END COMMAND--\r\n\r\n";
        insta::assert_snapshot!(line(old), @r#"{"_kind":"response","Response":"Follows","Privilege":"Command","ActionID":"7","Output":["a: \"1\"","","b"]}"#);
        let none = b"Response: Follows\r\nPrivilege: Command\r\n--END COMMAND--\r\n\r\n";
        insta::assert_snapshot!(line(none), @r#"{"_kind":"response","Response":"Follows","Privilege":"Command","Output":[""]}"#);
    }

    // Whatever real servers sent is JSON, and what it says is what they sent.
    #[test]
    fn recorded_packets_come_back_from_json() {
        let recorded: [&[u8]; 3] = [
            include_bytes!("../../tests/transcripts/asterisk-22/odd-shapes.txt"),
            include_bytes!("../../tests/transcripts/asterisk-16/originate-async-events.txt"),
            include_bytes!("../../tests/transcripts/asterisk-1.8/command_usage.txt"),
        ];
        for frame in recorded.into_iter().flat_map(frames) {
            let mut out = Vec::new();
            packet(&mut out, &frame, Some(&arrival()), false);
            assert_eq!(out.iter().filter(|&&b| b == b'\n').count(), 1);
            let value: Value = serde_json::from_slice(&out).unwrap();
            for header in frame.headers() {
                let text = String::from_utf8_lossy(header.value);
                let key = String::from_utf8_lossy(header.key);
                match &value[&*key] {
                    Value::Array(values) => assert!(values.iter().any(|v| *v == *text)),
                    single => assert_eq!(*single, *text, "{key}"),
                }
            }
        }
    }

    // A stranger can make the server send a UserEvent with very many headers;
    // printing it must not take minutes.
    #[test]
    fn many_repeats_are_all_there() {
        let mut bytes = b"Event: UserEvent\r\n".to_vec();
        for i in 0..100_000 {
            bytes.extend_from_slice(format!("K{}: {i}\r\n", i % 50_000).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        let value: Value = serde_json::from_str(&line(&bytes)).unwrap();
        assert_eq!(value["K49999"], serde_json::json!(["49999", "99999"]));
        assert_eq!(value.as_object().unwrap().len(), 50_002);
    }

    // The short cut for plain packets must see every byte that needs escaping,
    // wherever it stands.
    #[test]
    fn every_byte_is_escaped_where_it_must() {
        for byte in 0..=255_u8 {
            for at in [1, 200] {
                let mut text = [b'x'; 201];
                text[at] = byte;
                let bytes = [
                    b"Event: E\r\nA: b\r\nText: ",
                    &text[..],
                    b"\r\nC: d\r\n\r\n",
                ]
                .concat();
                let value: Value = serde_json::from_str(&line(&bytes)).unwrap();
                assert_eq!(value["Text"], *String::from_utf8_lossy(&text));
            }
        }
    }
}
