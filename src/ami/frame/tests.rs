use super::*;
use crate::ami::Kind;

const BANNER: &[u8] = b"Asterisk Call Manager/1.1\r\n";
const PONG: &[u8] = b"Response: Success\r\nPing: Pong\r\n\r\n";

/// Feeds `chunks` one by one, taking frames in between.
fn frames_of(mut framer: Framer, chunks: &[&[u8]]) -> Vec<Frame> {
    let mut frames = Vec::new();
    for chunk in chunks {
        framer.feed(chunk);
        frames.extend(std::iter::from_fn(|| framer.next_frame()));
    }
    frames
}

/// One line per frame, for comparison.
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

/// However the bytes are split in two, the frames are the same.
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

// QueueRule sends one extra empty line, Queues two or three. The next packet
// must not begin with one.
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

// Getvar, DBGet and UserEvent pass LF through. Taken for a line end, it would
// forge a Response.
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

// Up to Asterisk 13 the output of a Command is unframed, and the end marker
// follows the output directly, even in the middle of a line.
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

// A refused Command is an ordinary packet.
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

// Whether a first line is `Follows` must not depend on how it was split:
// trailing blanks once counted only when they came in one piece.
#[test]
fn a_long_first_line_reads_alike_at_every_cut() {
    for blanks in [1000, 1005, 1006, 1007, 1008, 1030] {
        let blanks = " ".repeat(blanks);
        let text = format!("Response: Follows{blanks}\r\n\r\n--END COMMAND--\r\n\r\n");
        same_at_every_cut(|| Framer::in_state(State::Packet), text.as_bytes());
    }
}

// Most likely not AMI, but what follows the line must be read correctly.
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

// A file of another kind may have no line ends: looking for the first must not
// read all of it into memory.
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

// A quiet session would keep the memory of its largest reply for hours.
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
    let chunks = framer.spare.iter().chain([&framer.chunk]);
    let held: usize = chunks.map(|chunk| chunk.capacity()).sum();
    assert!(held <= 4 * READ, "{held} bytes held");
}

// In a flood memory is read into again once its packets are gone; a packet that
// somebody still has must not change.
#[test]
fn a_chunk_is_read_into_again_when_nobody_has_it() {
    let mut framer = Framer::in_state(State::Packet);
    let event = |number: usize| format!("Event: E\r\nNumber: {number:06}\r\n\r\n").into_bytes();
    let mut kept = Vec::new();
    for number in 0..4 * READ {
        framer.feed(&event(number));
        while let Some(Frame::Packet(packet)) = framer.next_frame() {
            if number % READ == 0 {
                kept.push((number, packet));
            }
        }
    }
    assert_eq!(kept.len(), 4);
    for (number, packet) in &kept {
        assert_eq!(packet.bytes(), event(*number));
    }
    assert!(framer.spare.len() <= kept.len());
}

// A packet that was cut off must not look like a clean end.
#[test]
fn the_rest_is_the_packet_that_was_cut_off() {
    let mut framer = Framer::new();
    framer.feed(BANNER);
    framer.feed(PONG);
    framer.feed(b"\r\nEvent: Ha");
    while framer.next_frame().is_some() {}
    assert_eq!(framer.rest(), b"Event: Ha");
}

// Some proxies end the banner with LF; a client that waits for CRLF would hang.
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

// CoreShowChannelMap of 18.19 to 18.23, 20.4 to 20.8 and 21.0 to 21.3.
#[test]
fn a_packet_may_end_in_a_bare_line_feed() {
    let text = b"Event: A\r\nX: 1\r\n\nEvent: B\r\n\n\r\n\n\nEvent: C\r\n\r\nEvent: D\r\n\n";
    let found = same_at_every_cut(|| Framer::in_state(State::Packet), text);
    assert_eq!(
        found,
        [
            "packet Event: A\\r\\nX: 1\\r\\n\\n",
            "packet Event: B\\r\\n\\n",
            "packet Event: C\\r\\n\\r\\n",
            "packet Event: D\\r\\n\\n",
        ]
    );
    // Also far behind in what was received.
    let long = [&b"x".repeat(10_000)[..], b"\r\n\n", PONG].concat();
    let found = shapes(|| Framer::in_state(State::Packet), &[&long]);
    assert_eq!(found.len(), 2);
}

/// One Command and one other Action are unanswered.
struct Two;

impl Waiting for Two {
    fn awaits(&self, id: &[u8]) -> bool {
        id == b"cmd" || id == b"get"
    }

    fn awaits_text(&self, id: Option<&[u8]>) -> bool {
        id == Some(b"cmd")
    }
}

/// The first lines of the packets, however the bytes are cut.
fn first_lines(banner: &str, text: &str) -> Vec<String> {
    let bytes = format!("{banner}\r\n{text}").into_bytes();
    let read = |pieces: &[&[u8]]| {
        let mut framer = Framer::new();
        let mut lines = Vec::new();
        for piece in pieces {
            framer.feed(piece);
            while let Some(frame) = framer.next_frame_for(&Two) {
                if let Frame::Packet(packet) = frame {
                    let body = packet.body().map_or(0, <[u8]>::len);
                    let first = packet.lines().next().unwrap_or_default();
                    lines.push(format!("{} {body}", first.escape_ascii()));
                }
            }
        }
        lines
    };
    let whole = read(&[&bytes]);
    for at in 0..bytes.len() {
        let (a, b) = bytes.split_at(at);
        assert_eq!(read(&[a, b]), whole, "cut at {at}");
    }
    whole
}

// A value with an empty line in it can forge any packet. A forged Follows used to
// hide everything up to the next end marker.
#[test]
fn a_forged_follows_hides_nothing_of_ours() {
    let after = "Event: E\r\n\r\nResponse: Success\r\nActionID: get\r\n\r\n";
    for head in [
        "",
        "Privilege: Command\r\n",
        "Privilege: Command\r\nActionID: forged\r\n",
        // 1.4 puts the ActionID of Getvar behind the value.
        "ActionID: get\r\n",
    ] {
        let text = format!("Response: Follows\r\n{head}\r\n{after}");
        let found = first_lines("Asterisk Call Manager/1.3", &text);
        assert_eq!(
            found,
            ["Response: Follows 0", "Event: E 0", "Response: Success 0"],
            "{head}"
        );
        // Another product may send it without any ActionID.
        let found = first_lines("Other/1.0", &text);
        assert_eq!(found.len(), 3, "{head}: {found:?}");
    }
    let real = "Response: Follows\r\nPrivilege: Command\r\nActionID: cmd\r\na\r\n\r\nEvent: E\r\n\r\n--END COMMAND--\r\n\r\n";
    let found = first_lines("Asterisk Call Manager/1.3", real);
    assert_eq!(found, ["Response: Follows 17"]);
}
