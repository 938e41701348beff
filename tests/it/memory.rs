//! `--buffer` limits real memory, whatever packets a server sends while nobody
//! reads: also packets that cost many times their own bytes, and unsolicited
//! ones.
#![cfg(target_os = "linux")]

use crate::process::Sample;
use crate::program::amish;
use crate::scripted::Scripted;
use crate::support::BOUND;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::channel;

/// What a server floods amish with.
struct Kind {
    name: &'static str,
    packet: Vec<u8>,
    count: usize,
    /// In KiB.
    buffer: u64,
}

fn kinds() -> [Kind; 4] {
    let mut follows = b"Response: Follows\r\nPrivilege: Command\r\n".to_vec();
    follows.resize(8 << 20, b'x');
    follows.extend_from_slice(b"--END COMMAND--\r\n\r\n");
    [
        Kind {
            name: "tiny events",
            packet: b"Event: X\r\n\r\n".to_vec(),
            count: 1_000_000,
            buffer: 8 << 10,
        },
        Kind {
            name: "text without frame",
            packet: b"X\r\n\r\n".to_vec(),
            // More than the sockets hold, if the reader has not begun yet.
            count: 2_400_000,
            buffer: 8 << 10,
        },
        Kind {
            name: "responses to nobody",
            packet: b"Response: Success\r\nActionID: 1\r\n\r\n".to_vec(),
            count: 400_000,
            buffer: 8 << 10,
        },
        Kind {
            name: "output of no command",
            packet: follows,
            count: 24,
            // What is being received and what is being shown are copies: some
            // five packets besides the buffer.
            buffer: 128 << 10,
        },
    ]
}

#[test]
fn a_full_buffer_costs_at_most_half_as_much_again_for_every_kind_of_packet() {
    for kind in kinds() {
        let Kind {
            name,
            packet,
            count,
            buffer,
        } = kind;
        let (go, goes) = channel();
        let (over, sent) = channel();
        let server = Scripted::start(move |conversation| {
            // Old enough to answer with Follows.
            conversation.greet("2.10.6");
            conversation.expect("Events");
            conversation.answer("Success", "Events: On");
            conversation.packets("Event: First");
            goes.recv().expect("the test goes on");
            let at_once = (64 * 1024 / packet.len()).max(1);
            let batch = packet.repeat(at_once);
            for _ in 0..count / at_once {
                conversation.send(&batch);
            }
            conversation.send(packet.repeat(count % at_once));
            conversation.packets("Event: Last");
            over.send(()).expect("the test waits");
            conversation.carry_on();
        });
        let args = format!("-u me {} -e -o json --buffer {buffer}KiB", server.target());
        let (mut child, _home) = amish(&args).env("AMISH_SECRET", "secret").spawn();
        // A message about each unsolicited packet.
        let mut err = child.stderr.take().expect("a pipe");
        let words = std::thread::spawn(move || std::io::copy(&mut err, &mut std::io::sink()));
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).split(b'\n');
        let first = lines.next().expect("a line").expect("it is read");
        assert!(first.ends_with(b"\"Event\":\"First\"}"), "{name}");
        let before = Sample::of(child.id()).rss;
        go.send(()).expect("the server waits");
        sent.recv_timeout(BOUND).expect("the flood is over");
        let (mut seen, mut lost) = (0, 0);
        for line in lines {
            let line = line.expect("it is read");
            if line.starts_with(b"{\"_kind\":\"gap\"") {
                let gap: serde_json::Value = serde_json::from_slice(&line).expect("JSON");
                lost += gap["events"].as_u64().expect("a number");
            } else {
                seen += 1;
            }
            // The last event may be lost as well.
            if seen + lost == count as u64 + 1 {
                break;
            }
        }
        assert!(lost > 0, "{name}: it is not full");
        let most = Sample::of(child.id()).peak - before;
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        words.join().expect("no panic").expect("it is read");
        assert!(most <= buffer * 3 / 2, "{name}: {most} KiB of {buffer}");
    }
}
