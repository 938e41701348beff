use super::*;
use crate::ami::Kind;

const BANNER: &[u8] = b"Asterisk Call Manager/1.1\r\n";
const PONG: &[u8] = b"Response: Success\r\nPing: Pong\r\n\r\n";

/// Feeds `chunks` one after the other, asking for frames in between.
fn frames_of(mut framer: Framer, chunks: &[&[u8]]) -> Vec<Frame> {
    let mut frames = Vec::new();
    for chunk in chunks {
        framer.feed(chunk);
        frames.extend(std::iter::from_fn(|| framer.next_frame()));
    }
    frames
}

/// One line a frame, for comparing.
fn shapes(framer: fn() -> Framer, chunks: &[&[u8]]) -> Vec<String> {
    let shape = |frame: &Frame| match frame {
        Frame::Banner(line) => format!("banner {}", line.escape_ascii()),
        Frame::Packet(packet) => match packet.body() {
            Some(body) => format!("follows {}", body.escape_ascii()),
            None => format!("packet {}", packet.bytes().escape_ascii()),
        },
        Frame::Oversize(bytes) => format!("oversize {bytes}"),
    };
    frames_of(framer(), chunks).iter().map(shape).collect()
}

fn small() -> Framer {
    Framer {
        limit: 64,
        ..Framer::in_state(State::Packet)
    }
}

/// Every cut into two gives what the whole gives.
fn same_at_every_cut(framer: fn() -> Framer, bytes: &[u8]) -> Vec<String> {
    let whole = shapes(framer, &[bytes]);
    for at in 0..=bytes.len() {
        let (a, b) = bytes.split_at(at);
        assert_eq!(shapes(framer, &[a, b]), whole, "cut at {at}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(shapes(framer, &single), whole, "byte by byte");
    whole
}

// QueueRule sends one empty line more than it should, Queues two or three: cut
// at every CRLF CRLF, the next packet would begin with an empty line.
#[test]
fn empty_lines_between_packets_are_nothing() {
    for extra in 0..5 {
        let mut bytes = [BANNER, PONG].concat();
        bytes.extend(b"\r\n".repeat(extra));
        bytes.extend_from_slice(PONG);
        let found = same_at_every_cut(Framer::new, &bytes);
        let pong = format!("packet {}", PONG.escape_ascii());
        assert_eq!(found, ["banner Asterisk Call Manager/1.1", &pong, &pong]);
    }
}

// Getvar, DBGet and UserEvent pass LF on as it is: taken for a line end it
// forges a Response.
#[test]
fn a_lone_line_feed_or_carriage_return_is_data() {
    let bytes = b"Response: Success\r\nValue: a\n\nResponse: Error\n\rb\r\r\n\r\n";
    let frames = frames_of(small(), &[bytes, b"\rX: y\r\n\r\n"]);
    let [Frame::Packet(packet), Frame::Packet(odd)] = &frames[..] else {
        panic!("{frames:?}")
    };
    assert_eq!(
        packet.get("Value"),
        Some(&b"a\n\nResponse: Error\n\rb\r"[..])
    );
    assert_eq!(odd.kind(), Kind::Unframed);
}

// Up to Asterisk 13 the text of a Command comes unframed, and its end marker
// stands wherever the text happens to end.
#[test]
fn follows_ends_at_its_marker_only() {
    let head = "Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\n";
    for (body, shown) in [
        ("", ""),
        ("one\ntwo\n", "one\\ntwo\\n"),
        ("_EOF_", "_EOF_"),
        (
            "a\r\n\r\nEvent: X\r\n\r\nb\n",
            "a\\r\\n\\r\\nEvent: X\\r\\n\\r\\nb\\n",
        ),
        (
            "say --END COMMAND-- twice\n",
            "say --END COMMAND-- twice\\n",
        ),
        ("--END COMMAND--\r\nno\n", "--END COMMAND--\\r\\nno\\n"),
        ("Privilege: of the text\n", "Privilege: of the text\\n"),
    ] {
        let text = format!("{head}{body}--END COMMAND--\r\n\r\nEvent: E\r\n\r\n");
        let framer = || Framer::in_state(State::Packet);
        let found = same_at_every_cut(framer, text.as_bytes());
        assert_eq!(
            found,
            [
                format!("follows {shown}"),
                "packet Event: E\\r\\n\\r\\n".into()
            ]
        );
    }
}

// Refusals of Command are ordinary packets, also where a text would follow.
#[test]
fn only_response_follows_opens_a_text() {
    for first in ["Response: Error", "Event: Follows", "Response\r: Follows"] {
        let text = format!("{first}\r\nMessage: Command blacklisted\r\n\r\n");
        let found = same_at_every_cut(small, text.as_bytes());
        assert_eq!(found.len(), 1, "{first}");
    }
    for first in [
        "RESPONSE: follows",
        "response:Follows ",
        " Response : Follows",
    ] {
        let text = format!("{first}\r\n\r\n--END COMMAND--\r\n\r\n");
        let found = same_at_every_cut(small, text.as_bytes());
        assert_eq!(found, ["follows \\r\\n"], "{first}");
    }
}

// Whether a first line counts must not depend on how much of it has come:
// blanks behind Follows were once counted when they came in one piece.
#[test]
fn a_long_first_line_reads_alike_at_every_cut() {
    for blanks in [1000, 1005, 1006, 1007, 1008, 1030] {
        let blanks = " ".repeat(blanks);
        let text = format!("Response: Follows{blanks}\r\n\r\n--END COMMAND--\r\n\r\n");
        same_at_every_cut(|| Framer::in_state(State::Packet), text.as_bytes());
    }
}

// Not AMI, most likely; but what comes behind the line is to be read right.
#[test]
fn a_long_banner_is_cut_and_its_rest_skipped() {
    for length in [1023, 1024, 1025, 3000] {
        let text = [&b"x".repeat(length)[..], b"\r\n", PONG].concat();
        let found = same_at_every_cut(Framer::new, &text);
        let shown = "x".repeat(length.min(1024));
        assert_eq!(found[0], format!("banner {shown}"), "{length}");
        assert_eq!(found[1..], [format!("packet {}", PONG.escape_ascii())]);
    }
}

#[test]
fn a_capture_may_begin_without_a_banner() {
    let pong = format!("packet {}", PONG.escape_ascii());
    let with = same_at_every_cut(Framer::for_capture, &[b"Hello\r\n", PONG].concat());
    assert_eq!(with, ["banner Hello", &pong]);
    for lead in [&b""[..], b"\r\n", b"\r\n\r\n"] {
        let without = same_at_every_cut(Framer::for_capture, &[lead, PONG].concat());
        assert_eq!(without, [pong.as_str()]);
    }
}

// A file of another kind has no line ends of ours: it must not be kept whole
// while the first one is looked for.
#[test]
fn a_capture_without_line_ends_does_not_fill_the_memory() {
    let mut framer = Framer {
        limit: 64,
        ..Framer::for_capture()
    };
    for _ in 0..10 {
        framer.feed(&[b'x'; READ]);
        while framer.next_frame().is_some() {}
    }
    assert!(framer.rest().len() <= READ, "{} kept", framer.rest().len());
}

#[test]
fn a_packet_too_large_is_dropped_and_the_next_read() {
    let long = "y".repeat(40);
    for text in [
        format!("Event: Big\r\nA: {long}\r\nB: {long}\r\n\r\n"),
        format!("Response: Follows\r\n{long}{long}\r\n\r\n--END COMMAND--\r\n\r\n"),
    ] {
        let bytes = [text.as_bytes(), PONG].concat();
        let found = same_at_every_cut(small, &bytes);
        let pong = format!("packet {}", PONG.escape_ascii());
        assert_eq!(found, [format!("oversize {}", text.len()), pong]);
    }
}

#[test]
fn a_packet_of_the_limit_is_kept() {
    let fits = format!("Event: E\r\nA: {}\r\n\r\n", "z".repeat(64 - 17));
    assert_eq!(fits.len(), 64);
    assert!(same_at_every_cut(small, fits.as_bytes())[0].starts_with("packet"));
    let over = fits.replacen('z', "zz", 1);
    assert_eq!(same_at_every_cut(small, over.as_bytes()), ["oversize 65"]);
}

// A quiet session would hold on to the memory of its largest reply for hours.
#[test]
fn memory_returns_after_a_large_packet() {
    let mut framer = Framer::in_state(State::Packet);
    let large = [
        b"Response: Success\r\nJSON: ",
        &[b'j'; 40 * READ][..],
        b"\r\n\r\n",
    ]
    .concat();
    framer.feed(&large);
    assert!(matches!(framer.next_frame(), Some(Frame::Packet(p)) if p.bytes() == large));
    framer.feed(PONG);
    assert!(framer.next_frame().is_some());
    let held = framer.buffer.capacity();
    assert!(held <= 4 * READ, "{held} bytes held");
}

// What the end of a connection cut off is told from a clean end.
#[test]
fn the_rest_is_the_packet_that_was_cut_off() {
    let mut framer = Framer::new();
    framer.feed(BANNER);
    framer.feed(PONG);
    framer.feed(b"\r\nEvent: Ha");
    while framer.next_frame().is_some() {}
    assert_eq!(framer.rest(), b"Event: Ha");
}

// A proxy's banner in Unix style: what follows it is AMI all the same, and a
// client that waits for CRLF would wait for ever.
#[test]
fn a_banner_may_end_in_a_line_feed_alone() {
    for bytes in [
        &b"Asterisk Call Manager/1.1\nResponse: Success\r\n\r\n"[..],
        b"Asterisk Call Manager/1.1\r\nResponse: Success\r\n\r\n",
    ] {
        for cut in 0..bytes.len() {
            let mut framer = Framer::new();
            let mut frames = Vec::new();
            for part in [&bytes[..cut], &bytes[cut..]] {
                framer.feed(part);
                frames.extend(std::iter::from_fn(|| framer.next_frame()));
            }
            match &frames[..] {
                [Frame::Banner(banner), Frame::Packet(packet)] => {
                    assert_eq!(banner, b"Asterisk Call Manager/1.1");
                    assert_eq!(packet.bytes(), b"Response: Success\r\n\r\n");
                }
                other => panic!("cut at {cut}: {other:?}"),
            }
        }
    }
}
