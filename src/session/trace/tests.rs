use super::*;
use std::fs::OpenOptions;
use std::io::{BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn written(path: &Path) -> String {
    String::from_utf8(std::fs::read(path).unwrap()).unwrap()
}

// A reader needs order and direction, must not find a secret, and must not take
// the text of a packet for a line of the format.
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

// The session's reader must neither wait for a disk nor fill the memory because
// of it.
#[test]
fn what_is_too_much_is_counted_where_it_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    // A busy disk: nobody reads the other end yet.
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::from_bits_truncate(0o600)).unwrap();
    let mut both = OpenOptions::new();
    let fifo = both.read(true).write(true).open(&path).unwrap();
    let trace = Trace::to(File::create(&path).unwrap(), |error| panic!("{error}")).unwrap();
    let packet = format!("Event: Big\r\nX: {}\r\n\r\n", "x".repeat(LIMIT / 8));
    for _ in 0..40 {
        trace.received(SystemTime::UNIX_EPOCH, packet.as_bytes());
    }
    assert!(!trace.settle(), "nobody reads it");
    let reading = std::thread::spawn(move || {
        let mut fifo = BufReader::new(fifo);
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

// A trace is confidential: nobody else may read it, whatever was there before,
// and a link must not redirect it.
#[test]
fn only_its_owner_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let (new, old) = (folder.path().join("new"), folder.path().join("old"));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let create = |path: &Path| Trace::create(path, |error| panic!("{error}"));
    assert!(create(&new).unwrap().settle());
    assert_eq!(mode(&new), 0o600);
    std::fs::write(&old, "of before").unwrap();
    std::fs::set_permissions(&old, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(create(&old).unwrap().settle());
    assert_eq!(mode(&old), 0o600);
    assert!(!written(&old).contains("before"));
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&old, &link).unwrap();
    assert!(create(&link).is_err());
}

// Opening a FIFO hangs, and a device may do anything with what it gets.
#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::from_bits_truncate(0o600)).unwrap();
    let create = |path: &Path| Trace::create(path, |error| panic!("{error}"));
    assert!(create(&fifo).is_err(), "nobody reads it");
    let mut both = OpenOptions::new();
    let _reader = both.read(true).write(true).open(&fifo).unwrap();
    for path in [&fifo, folder.path(), Path::new("/dev/zero")] {
        assert!(create(path).is_err(), "{}", path.display());
    }
    assert!(create(Path::new("/dev/null")).is_ok());
}

// Two processes writing to one file would leave it unreadable.
#[test]
fn a_file_takes_one_trace_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let create = || Trace::create(&path, |error| panic!("{error}"));
    let first = create().unwrap();
    first.note(|| "first".to_owned());
    assert!(first.settle());
    let refused = create().map(drop).unwrap_err().to_string();
    assert!(refused.starts_with("another process writes"), "{refused}");
    assert!(written(&path).contains("first"), "it is as it was");
}

// A trace that was cut must not pass for a complete one.
#[test]
fn a_record_that_claims_more_than_follows_is_reported() {
    for direction in ["sent", "received"] {
        let text = format!(
            "{} of x\n--- 2026 {direction} 100 bytes\nEvent: A\r\n\r\n",
            String::from_utf8_lossy(MAGIC)
        );
        let mut decoded = Vec::new();
        let mut received = Received::of(BufReader::new(text.as_bytes()));
        let error = received.read_to_end(&mut decoded).unwrap_err().to_string();
        assert!(error.contains("88 bytes of it are missing"), "{error}");
    }
}
