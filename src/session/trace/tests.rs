use super::*;
use std::io::{BufReader, Read};
use std::sync::mpsc::channel;

fn written(path: &Path) -> String {
    String::from_utf8(std::fs::read(path).unwrap()).unwrap()
}

// Who reads it needs order and direction; who gets it must not find a secret;
// and no text of a packet may pass for a line of ours.
#[test]
fn what_went_over_the_wire_can_be_read_and_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let trace = Trace::create(&path, |error| panic!("{error}")).unwrap();
    let forged = "Event: A\r\nX: 1\r\n--- 2026 received 9 bytes\r\n\r\n";
    let reply = "Response: Success\r\nLine-000000-000001: secret=hidden\r\n\r\n";
    trace.note(|| "connected\nto".to_owned());
    trace.sent(b"Action: Login\r\nSecret: hidden\r\n\r\n");
    trace.received(SystemTime::UNIX_EPOCH, forged.as_bytes());
    trace.received(SystemTime::UNIX_EPOCH, reply.as_bytes());
    assert!(trace.settle());
    let text = written(&path);
    assert!(text.as_bytes().starts_with(MAGIC), "{text}");
    assert!(!text.contains("hidden"), "{text}");
    assert!(text.contains("Z connected\\nto\n--- "), "{text}");
    assert!(text.contains("Z sent 30 bytes\nAction: Login\r\nSecret: ***\r\n\r\n--- "));
    let at = format!(
        "--- 1970-01-01T00:00:00.000000Z received {} bytes\nEvent: A",
        forged.len()
    );
    assert!(text.contains(&at), "{text}");
    let mut decoded = String::new();
    let mut received = Received::of(BufReader::new(text.as_bytes()));
    received.read_to_string(&mut decoded).unwrap();
    assert_eq!(
        decoded,
        format!("{forged}{}", reply.replace("hidden", "***"))
    );
}

// The reader must not wait for a disk, and must not fill the memory for it.
#[test]
fn what_is_too_much_is_counted_where_it_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    // A disk that is busy: nobody opens the other end yet.
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::from_bits_truncate(0o600)).unwrap();
    let (opened, fifo) = channel();
    let reading = path.clone();
    std::thread::spawn(move || opened.send(File::open(reading).unwrap()));
    let trace = Trace::create(&path, |error| panic!("{error}")).unwrap();
    let packet = format!("Event: Big\r\nX: {}\r\n\r\n", "x".repeat(LIMIT / 8));
    for _ in 0..40 {
        trace.received(SystemTime::UNIX_EPOCH, packet.as_bytes());
    }
    assert!(!trace.settle(), "nobody reads it");
    let reading = std::thread::spawn(move || {
        let mut fifo = BufReader::new(fifo.recv().unwrap());
        let (mut packets, mut missing) = (0, 0);
        while packets + missing < 40 {
            let mut line = String::new();
            std::io::BufRead::read_line(&mut fifo, &mut line).unwrap();
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["---", _, "received", count, "bytes"] => {
                    let mut skipped = vec![0; count.parse().unwrap()];
                    fifo.read_exact(&mut skipped).unwrap();
                    packets += 1;
                }
                ["---", _, count, "packets", "are", ..] => missing += count.parse::<u64>().unwrap(),
                _ => assert!(line.as_bytes().starts_with(MAGIC), "{line}"),
            }
        }
        (packets, missing)
    });
    let (packets, missing) = reading.join().unwrap();
    assert_eq!(packets + missing, 40);
    assert!((7..=15).contains(&packets), "{packets} were kept");
}

// A trace tells what an organisation does: nobody else may read it, whatever
// lay there before, and no link leads it elsewhere.
#[test]
fn only_its_owner_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    let create = |path: &Path| Trace::create(path, |error| panic!("{error}"));
    assert!(create(&path).unwrap().settle());
    assert_eq!(mode(), 0o600);
    std::fs::write(&path, "of before").unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(create(&path).unwrap().settle());
    assert_eq!(mode(), 0o600);
    assert!(!written(&path).contains("before"));
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(create(&link).is_err());
}
