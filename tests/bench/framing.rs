//! Framing and indexing beside the least that could do: the same bytes looked
//! through for CRLF CRLF, and the same headers split without keeping them.
//!
//! Wanted, of medians: `framed` within 2 times `scanned`, `indexed` within 1.5
//! times `split`.

use amish::ami::{Frame, Framer, Kind};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use memchr::{memchr, memmem};

mod event;

const EVENTS: usize = 20_000;
/// As much as one read of a busy socket brings.
const READ: usize = 128 * 1024;

fn main() {
    divan::main();
}

fn stream() -> Vec<u8> {
    let event = event::event();
    assert_eq!(event.len(), 462);
    event.repeat(EVENTS)
}

fn bench(bencher: Bencher<'_, '_>, work: impl Fn(&[u8]) -> usize + Sync) {
    let bytes = stream();
    let counted = bencher
        .counter(ItemsCount::new(EVENTS))
        .counter(BytesCount::new(bytes.len()));
    counted.bench(|| work(divan::black_box(&bytes)));
}

/// What a client that reads from a socket cannot do without: bytes come in
/// reads, and an event is cut by the end of most.
fn in_reads(bytes: &[u8], mut packet: impl FnMut(&[u8])) {
    let end = memmem::Finder::new(b"\r\n\r\n");
    let mut buffer = vec![0; 2 * READ];
    let (mut start, mut filled) = (0, 0);
    for read in bytes.chunks(READ) {
        buffer.copy_within(start..filled, 0);
        filled -= start;
        start = 0;
        buffer[filled..filled + read.len()].copy_from_slice(read);
        filled += read.len();
        while let Some(found) = end.find(&buffer[start..filled]) {
            packet(&buffer[start..start + found + 4]);
            start += found + 4;
        }
    }
}

fn each_packet(bytes: &[u8], mut packet: impl FnMut(amish::ami::Packet)) {
    let mut framer = Framer::for_capture();
    for read in bytes.chunks(READ) {
        framer.feed(read);
        while let Some(frame) = framer.next_frame() {
            if let Frame::Packet(one) = frame {
                packet(one);
            }
        }
    }
}

/// Looks for CRLF CRLF.
#[divan::bench]
fn scanned(bencher: Bencher<'_, '_>) {
    bench(bencher, |bytes| {
        let mut count = 0;
        in_reads(bytes, |_| count += 1);
        assert_eq!(count, EVENTS);
        count
    });
}

/// Ours: packets of their own, and what they are.
#[divan::bench]
fn framed(bencher: Bencher<'_, '_>) {
    bench(bencher, |bytes| {
        let mut count = 0;
        each_packet(bytes, |packet| {
            count += usize::from(packet.kind() == Kind::Event);
        });
        assert_eq!(count, EVENTS);
        count
    });
}

/// Splits every header, keeps nothing.
#[divan::bench]
fn split(bencher: Bencher<'_, '_>) {
    bench(bencher, |bytes| {
        let mut count = 0;
        in_reads(bytes, |mut packet| {
            while let Some(end) = memchr(b'\r', packet) {
                if let Some(colon) = memchr(b':', &packet[..end]) {
                    let (key, value) = (&packet[..colon], &packet[colon + 1..end]);
                    let value = value.strip_prefix(b" ").unwrap_or(value);
                    divan::black_box((key, value));
                    count += 1;
                }
                packet = &packet[end + 2..];
            }
        });
        assert_eq!(count, EVENTS * 20);
        count
    });
}

/// Ours: every header of every packet found.
#[divan::bench]
fn indexed(bencher: Bencher<'_, '_>) {
    bench(bencher, |bytes| {
        let mut count = 0;
        each_packet(bytes, |packet| count += packet.headers().len());
        assert_eq!(count, EVENTS * 20);
        count
    });
}

/// Ours: found, and then each looked at.
#[divan::bench]
fn walked(bencher: Bencher<'_, '_>) {
    bench(bencher, |bytes| {
        let mut count = 0;
        each_packet(bytes, |packet| {
            for header in packet.headers() {
                divan::black_box((header.key, header.value));
                count += 1;
            }
        });
        assert_eq!(count, EVENTS * 20);
        count
    });
}
