//! Any bytes, cut anywhere, are read as they are uncut, and no packet can be
//! looked at in a way that panics.

#![no_main]

use amish::ami::{Frame, Framer, Kind, Packet, Reply};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, PartialEq)]
enum Seen {
    Banner(Vec<u8>),
    Packet(Vec<u8>, Option<Vec<u8>>, Kind),
    Oversize(u64),
}

fn frames<'a>(mut framer: Framer, pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Seen>, Vec<u8>) {
    let mut seen = Vec::new();
    for piece in pieces {
        framer.feed(piece);
        while let Some(frame) = framer.next_frame() {
            seen.push(match frame {
                Frame::Banner(line) => Seen::Banner(line),
                Frame::Oversize(bytes) => Seen::Oversize(bytes),
                Frame::Packet(packet) => {
                    let body = packet.body().map(<[u8]>::to_vec);
                    let one = Seen::Packet(packet.bytes().to_vec(), body, packet.kind());
                    walk(packet);
                    one
                }
            });
        }
    }
    (seen, framer.rest().to_vec())
}

/// Asks a packet everything. What is shown of it must be in it.
fn walk(packet: Packet) {
    let mut shown = 0;
    for header in packet.headers() {
        shown += header.key.len() + header.value.len() + 1;
        assert!(header.first_line().len() <= header.value.len());
    }
    shown += packet.stray_lines().map(<[u8]>::len).sum::<usize>();
    shown += packet.body().map_or(0, <[u8]>::len);
    assert!(shown <= packet.bytes().len());
    assert!(packet.lines().count() <= packet.bytes().len());
    if packet.kind() == Kind::Response {
        assert_eq!(packet.headers().next().map(|h| h.is("Response")), Some(true));
    }
    let _ = (packet.get("ActionID"), packet.text("Message"), packet.is_event("X"));
    let reply = Reply::single(packet);
    let _ = (reply.message(), reply.output(), reply.status());
}

// The first bytes say where to cut: their values are the lengths of the pieces,
// taken in turn.
fuzz_target!(|data: &[u8]| {
    let Some((count, data)) = data.split_first() else {
        return;
    };
    let capture = count & 0x80 != 0;
    let framer = || match capture {
        true => Framer::for_capture(),
        false => Framer::new(),
    };
    let (lengths, bytes) = data.split_at(usize::from(count & 0x0f).min(data.len()));
    let whole = frames(framer(), std::iter::once(bytes));
    let mut rest = bytes;
    let mut turns = lengths.iter().cycle();
    let pieces = std::iter::from_fn(|| {
        if rest.is_empty() {
            return None;
        }
        let length = turns.next().map_or(1, |length| usize::from(*length) + 1);
        let (piece, left) = rest.split_at(length.min(rest.len()));
        rest = left;
        Some(piece)
    });
    assert_eq!(frames(framer(), pieces), whole);
});
