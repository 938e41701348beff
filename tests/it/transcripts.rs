//! Recorded conversations with Asterisk 22, 16 and 1.8, read whole, in pieces
//! and damaged.

use crate::reference::{self, Plain, plain};
use amish::ami::{Frame, Framer, Packet};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// All bytes that a server sent in one connection.
pub struct Transcript {
    pub name: String,
    pub bytes: Vec<u8>,
}

pub fn transcripts() -> &'static [Transcript] {
    static ALL: OnceLock<Vec<Transcript>> = OnceLock::new();
    ALL.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
        let mut paths: Vec<PathBuf> = Vec::new();
        for server in root.read_dir().expect("tests/transcripts") {
            let server = server.expect("a directory").path();
            let files = server.read_dir().expect("its files");
            paths.extend(files.map(|file| file.expect("a file").path()));
        }
        paths.retain(|path| path.extension().is_some_and(|e| e == "txt"));
        paths.sort();
        assert!(paths.len() >= 130, "only {} transcripts", paths.len());
        let read = |path: PathBuf| Transcript {
            name: path
                .strip_prefix(&root)
                .unwrap_or(&path)
                .display()
                .to_string(),
            bytes: std::fs::read(&path).expect("a transcript"),
        };
        paths.into_iter().map(read).collect()
    })
}

/// Banner, packets and the rest of bytes that come in these pieces.
fn decode<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Option<Vec<u8>>, Vec<Packet>, Vec<u8>) {
    let mut framer = Framer::new();
    let (mut banner, mut packets) = (None, Vec::new());
    for piece in pieces {
        framer.feed(piece);
        while let Some(frame) = framer.next_frame() {
            match frame {
                Frame::Banner(line) => assert!(banner.replace(line).is_none()),
                Frame::Packet(packet) => packets.push(packet),
                Frame::Oversize(bytes) => panic!("{bytes} bytes are not too many"),
            }
        }
    }
    (banner, packets, framer.rest().to_vec())
}

fn same(a: &[Packet], b: &[Packet]) -> bool {
    let one = |(a, b): (&Packet, &Packet)| a.bytes() == b.bytes() && a.body() == b.body();
    a.len() == b.len() && a.iter().zip(b).all(one)
}

// The network splits data anywhere, even inside a CRLF or an end marker.
#[test]
fn framer_agrees_at_every_split() {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for first in 0..workers {
            let share = transcripts().iter().skip(first).step_by(workers);
            scope.spawn(|| share.for_each(agrees_at_every_split));
        }
    });
}

fn agrees_at_every_split(transcript: &Transcript) {
    let Transcript { name, bytes } = transcript;
    let (banner, packets, rest) = decode([&bytes[..]]);
    for at in 0..=bytes.len() {
        let (a, b) = bytes.split_at(at);
        let (cut_banner, cut_packets, cut_rest) = decode([a, b]);
        let agrees = cut_banner == banner && same(&cut_packets, &packets) && cut_rest == rest;
        assert!(agrees, "{name} cut at byte {at}");
    }
    let (_, single, _) = decode(bytes.chunks(1));
    assert!(same(&single, &packets), "{name} byte by byte");
}

// Two independent readers must agree on the recordings.
#[test]
fn framer_agrees_with_a_naive_reader() {
    for Transcript { name, bytes } in transcripts() {
        let (banner, packets, _) = decode([&bytes[..]]);
        let expected = reference::read(bytes);
        assert_eq!(banner, expected.banner, "{name}");
        let found: Vec<Plain> = packets.iter().map(plain).collect();
        assert_eq!(found, expected.packets, "{name}");
        assert!(
            !packets.is_empty() || bytes.len() < 40,
            "{name} holds nothing"
        );
    }
}

/// What a server's bugs may do to the bytes.
#[derive(Debug, Clone)]
enum Damage {
    Remove(usize),
    Put(usize, u8),
    Insert(usize, &'static [u8]),
    Repeat(usize, usize),
    CutOff(usize),
}

const PIECES: [&[u8]; 14] = [
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b":",
    b" ",
    b"\0",
    b"\r\nloose",
    b"\r\n\r\nResponse: Follows\r\n",
    b"Response: Follows\r\nPrivilege: Command\r\n",
    b"--END COMMAND--",
    b"--END COMMAND--\r\n\r\n",
    b"\r\nActionID: forged\r\n",
    b"\r\n\r\nEvent: Forged\r\nEventList: Complete\r\n\r\n",
];

fn damage() -> impl Strategy<Value = Damage> {
    let at = || any::<usize>();
    prop_oneof![
        3 => at().prop_map(Damage::Remove),
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Put(at, byte)),
        4 => (at(), 0..PIECES.len()).prop_map(|(at, i)| Damage::Insert(at, PIECES[i])),
        1 => (at(), 1..300_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
        1 => at().prop_map(Damage::CutOff),
    ]
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: &usize| at % (bytes.len() + 1);
        match self {
            Damage::Insert(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, piece.iter().copied());
            }
            Damage::Remove(at) => {
                let at = place(at);
                bytes.drain(at..(at + 1).min(bytes.len()));
            }
            Damage::Put(at, byte) => {
                let at = place(at);
                bytes.splice(at..(at + 1).min(bytes.len()), [*byte]);
            }
            Damage::Repeat(at, length) => {
                let at = place(at);
                let again = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
            Damage::CutOff(at) => bytes.truncate(place(at)),
        }
    }
}

const WELL_FORMED: &[u8] = b"Event: WellFormed\r\nPrivilege: user,all\r\nA: 1\r\nA: 2\r\n\r\n";
const END_COMMAND: &[u8] = b"--END COMMAND--\r\n\r\n";

/// `bytes` split at `cuts` places, in order.
fn pieces<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| &bytes[pair[0]..pair[1]])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    // Whatever the server sends, the next well-formed packet is read correctly.
    // After the damage comes an empty line, and the end marker if the damage
    // opened a `Response: Follows`: inside one an empty line is text, so
    // nothing else could end it.
    #[test]
    fn damaged_conversations_do_no_harm(
        which in any::<usize>(),
        damages in prop::collection::vec(damage(), 1..8),
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        let all = transcripts();
        let mut bytes = all[which % all.len()].bytes.clone();
        for damage in &damages {
            damage.apply(&mut bytes);
        }
        bytes.extend_from_slice(b"\r\n\r\n");
        let inside_follows = reference::read(&bytes).inside_follows;
        if inside_follows {
            bytes.extend_from_slice(END_COMMAND);
        }
        bytes.extend_from_slice(WELL_FORMED);

        let (banner, packets, rest) = decode(pieces(&bytes, &cuts));
        let last = packets.last().expect("the well-formed packet");
        prop_assert_eq!(last.bytes(), WELL_FORMED);
        prop_assert!(rest.is_empty());
        let expected = reference::read(&bytes);
        prop_assert_eq!(banner, expected.banner);
        let found: Vec<Plain> = packets.iter().map(plain).collect();
        prop_assert_eq!(found, expected.packets);
    }
}
