//! One JSON object per packet, one per line.
//!
//! Nearly all packets are regular ones, which have a path of their own.

mod regular;
mod repeated;
mod stamp;

pub(super) use stamp::Stamp;

use super::body_lines;
use crate::ami::{Kind, Packet};
use crate::peer_text::PeerText;
use repeated::{Place, repeats};

/// Appends `packet`: `_kind`, then the members of `stamp` ([`Stamp::at`]) unless
/// it comes from a file, `_late` where the answer came after its time limit, then the
/// headers in the server's order and spelling.
///
/// A header that occurs again, in any case, makes an array at the place of the
/// first. `Output` is always an array. Lines that belong to no header are in
/// `_lines` at the end; text without a frame has nothing else.
pub(super) fn packet(out: &mut Vec<u8>, packet: &Packet, stamp: Option<&[u8]>, late: bool) {
    // Every header grows by five bytes (quotes, comma) less its CRLF and blank.
    out.reserve(packet.bytes().len() * 3 / 2 + 160);
    let kind = match packet.kind() {
        Kind::Response => "response",
        Kind::Event => "event",
        Kind::Unframed => "unframed",
    };
    open(out, kind, stamp);
    if late {
        out.extend_from_slice(b",\"_late\":true");
    }
    if packet.is_text() {
        array(out, "_lines", packet.lines());
    } else {
        members(out, packet);
    }
    out.extend_from_slice(b"}\n");
}

/// Appends a gap: why events are missing (`reconnect`, `buffer`, `oversize`), for
/// how many seconds and how many there were, if known.
pub(super) fn gap(
    out: &mut Vec<u8>,
    stamp: Option<&[u8]>,
    reason: &str,
    seconds: Option<f64>,
    events: Option<u64>,
) {
    open(out, "gap", stamp);
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

/// Appends an object of amish's own: `kind`, and its values by name.
pub(super) fn object<'a>(
    out: &mut Vec<u8>,
    kind: &str,
    pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) {
    open(out, kind, None);
    for (name, value) in pairs {
        out.push(b',');
        string(out, name.as_bytes());
        out.push(b':');
        string(out, value);
    }
    out.extend_from_slice(b"}\n");
}

/// Appends lines of amish's own.
pub(super) fn lines<'a>(out: &mut Vec<u8>, kind: &str, lines: impl Iterator<Item = &'a [u8]>) {
    open(out, kind, None);
    array(out, "_lines", lines);
    out.extend_from_slice(b"}\n");
}

fn open(out: &mut Vec<u8>, kind: &str, stamp: Option<&[u8]>) {
    out.extend_from_slice(b"{\"_kind\":\"");
    out.extend_from_slice(kind.as_bytes());
    out.push(b'"');
    out.extend_from_slice(stamp.unwrap_or_default());
}

fn members(out: &mut Vec<u8>, packet: &Packet) {
    if !regular::members(out, packet) {
        any_members(out, packet);
    }
}

/// The members of any packet.
fn any_members(out: &mut Vec<u8>, packet: &Packet) {
    repeating(out, packet);
    if let Some(body) = packet.body() {
        array(out, "Output", body_lines(body));
    }
    if packet.stray_lines().len() > 0 {
        array(out, "_lines", packet.stray_lines());
    }
}

/// Appends headers some of which are repeated.
fn repeating(out: &mut Vec<u8>, packet: &Packet) {
    let places = repeats(packet);
    for (i, (header, place)) in packet.headers().zip(&places).enumerate() {
        let Place::First(_) = place else {
            continue;
        };
        let mut again = place.next();
        key(out, header.key);
        let array = again != i || is_output(header.key);
        if array {
            out.push(b'[');
        }
        string(out, header.value);
        // The last one points at itself.
        let mut at = i;
        while again != at {
            at = again;
            if let (Some(header), Some(place)) = (packet.header(at), places.get(at)) {
                out.push(b',');
                string(out, header.value);
                again = place.next();
            }
        }
        if array {
            out.push(b']');
        }
    }
}

fn is_output(key: &[u8]) -> bool {
    key.eq_ignore_ascii_case(b"Output")
}

/// A comma and a key. One that begins with `_` gets one more, so that no server
/// can pass for our metadata.
fn key(out: &mut Vec<u8>, key: &[u8]) {
    out.push(b',');
    let quote = out.len();
    string(out, key);
    if key.first() == Some(&b'_') {
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

fn string(out: &mut Vec<u8>, text: &[u8]) {
    let text = PeerText::new(text);
    // Neither a Vec nor a str can fail.
    let _ = serde_json::to_writer(out, &*text.json());
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

    fn stamp() -> Vec<u8> {
        let time = UNIX_EPOCH + Duration::from_micros(1_795_385_794_004_745);
        Stamp::default().at(time, "127.0.0.1:5038").to_vec()
    }

    // Scripts may cut by the order of the first members.
    #[test]
    fn metadata_comes_first() {
        let mut out = Vec::new();
        let pong = b"Response: Success\r\nActionID: 1\r\nPing: Pong\r\n\r\n";
        packet(&mut out, &frames(pong)[0], Some(&stamp()[..]), true);
        gap(&mut out, Some(&stamp()[..]), "reconnect", Some(12.4), None);
        gap(&mut out, None, "oversize", None, Some(7));
        object(&mut out, "echo", [("text", &b"say \"hi\" \xff"[..])]);
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        {"_kind":"response","_time":"2026-11-22T22:16:34.004745Z","_target":"127.0.0.1:5038","_late":true,"Response":"Success","ActionID":"1","Ping":"Pong"}
        {"_kind":"gap","_time":"2026-11-22T22:16:34.004745Z","_target":"127.0.0.1:5038","reason":"reconnect","seconds":12.4}
        {"_kind":"gap","reason":"oversize","events":7}
        {"_kind":"echo","text":"say \"hi\" �"}
        "#);
    }

    // Repeats keep the position and spelling of the first; a server's `_kind`
    // is not ours; a continued value is one value.
    #[test]
    fn odd_headers_have_their_place() {
        let odd = b"Event: UserEvent\r\nvariable: a\r\n_kind: forged\r\nVARIABLE:  b \r\nText: one\r\n two\ntab\t\r\nVariable: c\r\n\r\n";
        insta::assert_snapshot!(line(odd), @r#"{"_kind":"event","Event":"UserEvent","variable":["a"," b ","c"],"__kind":"forged","Text":"one\r\n two\ntab\t"}"#);
        let stray = b"Event: UserEvent\r\nno colon\r\nName: M\xfcller \"x\" \xc3\xa9\r\n\r\n";
        insta::assert_snapshot!(line(stray), @r#"{"_kind":"event","Event":"UserEvent","Name":"M�ller \"x\" é","_lines":["no colon"]}"#);
        insta::assert_snapshot!(line(b"\r\nLocal/1@x  12  3\r\nsecond: row\r\n\r\n"), @r#"{"_kind":"unframed","_lines":["Local/1@x  12  3","second: row"]}"#);
    }

    // A Command's output must read the same whatever the server's version.
    #[test]
    fn output_is_always_an_array() {
        let one = b"Response: Success\r\nMessage: Command output follows\r\nOutput: \r\n\r\n";
        insta::assert_snapshot!(line(one), @r#"{"_kind":"response","Response":"Success","Message":"Command output follows","Output":[""]}"#);
        let old = b"Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\na: \"1\"\n\nb\n--END COMMAND--\r\n\r\n";
        insta::assert_snapshot!(line(old), @r#"{"_kind":"response","Response":"Follows","Privilege":"Command","ActionID":"7","Output":["a: \"1\"","","b"]}"#);
        let none = b"Response: Follows\r\nPrivilege: Command\r\n--END COMMAND--\r\n\r\n";
        insta::assert_snapshot!(line(none), @r#"{"_kind":"response","Response":"Follows","Privilege":"Command","Output":[""]}"#);
    }

    // What real servers sent must be valid JSON with the same contents.
    #[test]
    fn recorded_packets_come_back_from_json() {
        let recorded: [&[u8]; 3] = [
            include_bytes!("../../tests/transcripts/asterisk-22/odd-shapes.txt"),
            include_bytes!("../../tests/transcripts/asterisk-16/originate-async-events.txt"),
            include_bytes!("../../tests/transcripts/asterisk-1.8/command_usage.txt"),
        ];
        for frame in recorded.into_iter().flat_map(frames) {
            let mut out = Vec::new();
            packet(&mut out, &frame, Some(&stamp()[..]), false);
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

    // A packet must read the same whichever path it takes.
    #[test]
    fn regular_packets_are_written_as_all_others() {
        let folders = ["asterisk-22", "asterisk-16", "asterisk-1.8"];
        let (mut regular, mut all) = (0, 0);
        for folder in folders {
            let folder = format!("{}/tests/transcripts/{folder}", env!("CARGO_MANIFEST_DIR"));
            for file in std::fs::read_dir(folder).unwrap() {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                for frame in frames(&bytes) {
                    let (mut one, mut other) = (Vec::new(), Vec::new());
                    all += 1;
                    if regular::members(&mut one, &frame) {
                        regular += 1;
                        any_members(&mut other, &frame);
                        assert_eq!(
                            one.escape_ascii().to_string(),
                            other.escape_ascii().to_string()
                        );
                    }
                }
            }
        }
        assert!(regular > all / 2, "{regular} of {all}");
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

    // The fast path for plain packets must notice every byte that needs
    // escaping, wherever it is.
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
