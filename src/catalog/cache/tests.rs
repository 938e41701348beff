use super::*;
use std::fs::OpenOptions;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

const SERVER: Server<'static> = Server {
    identity: b"pbx:5039\n-certificate-",
    banner: b"Asterisk Call Manager/11.0.0",
    version: b"Asterisk 22.10.1 built by x @ ../../y on 2026-01-01",
};

const PING: &[u8] = b"[Syntax]\nAction: Ping\n[ActionID:] <value>\n";

fn ping() -> Vec<&'static [u8]> {
    lines(PING)
}

fn filled(directory: &Path) -> PathBuf {
    let mut cache = Cache::open(Some(directory), SERVER);
    cache.add(Told::Actions, &ping());
    cache.add(Told::Event, &[b"Event: Hangup", b"[Synopsis]", b"x", b""]);
    cache.save().unwrap();
    cache.path.unwrap()
}

// The second shell must know what the first was told, and nobody else may read
// it.
#[test]
fn what_is_saved_is_there_the_next_time() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("deep/amish");
    let path = filled(&directory);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&directory), mode(&path)), (0o700, 0o600));
    assert_eq!(path.parent(), Some(directory.as_path()));
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
    let again = Cache::open(Some(&directory), SERVER);
    let pages = again.actions();
    assert_eq!((pages.len(), pages[0].name.as_str()), (1, "Ping"));
    assert_eq!(again.events()[0].name, "Hangup");
}

// A hostile server claims an honest one's version: what it prints must never be
// shown as the honest one's.
#[test]
fn what_one_server_says_is_not_shown_for_another() {
    let others = [
        Server {
            identity: b"pbx:5039\n-another-",
            ..SERVER
        },
        Server {
            identity: b"pbx:5038\n-certificate-",
            ..SERVER
        },
        Server {
            identity: b"pbx:5039\n",
            ..SERVER
        },
        Server {
            version: b"Asterisk 22.10.1 built by x @ ../../y on 2026-01-02",
            ..SERVER
        },
        Server {
            banner: b"Asterisk Call Manager/11.0.1",
            ..SERVER
        },
    ];
    for other in others {
        let home = tempfile::tempdir().unwrap();
        filled(home.path());
        let cache = Cache::open(Some(home.path()), other);
        assert!(cache.texts.is_empty(), "{other:?}");
    }
}

// A server that claims to be another at every login must not fill the disk.
#[test]
fn a_server_has_one_file() {
    let home = tempfile::tempdir().unwrap();
    for version in 0..50 {
        let version = format!("Asterisk {version}").into_bytes();
        let server = Server {
            version: &version,
            ..SERVER
        };
        let mut cache = Cache::open(Some(home.path()), server);
        cache.add(Told::Actions, &ping());
        cache.save().unwrap();
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1);
}

// Neither must one that prints without end.
#[test]
fn a_server_has_so_much_room() {
    let home = tempfile::tempdir().unwrap();
    let mut cache = Cache::open(Some(home.path()), SERVER);
    let line = vec![b'x'; 1024 * 1024 - 1];
    for _ in 0..20 {
        cache.add(Told::Event, &[&line]);
    }
    assert!(cache.is_full());
    cache.save().unwrap();
    let path = cache.path.unwrap();
    let length = std::fs::metadata(&path).unwrap().len();
    assert!(length > 3 * 1024 * 1024 && length <= FILE, "{length}");
    let again = Cache::open(Some(home.path()), SERVER);
    assert_eq!(again.texts.len(), 4);
    // A file that somebody enlarged is not read into memory.
    let file = OpenOptions::new().append(true).open(&path).unwrap();
    file.set_len(1 << 40).unwrap();
    let again = Cache::open(Some(home.path()), SERVER);
    assert!(again.texts.is_empty());
}

// A full disk, an editor or another version of amish must cause neither a wrong
// page nor a crash.
#[test]
fn what_is_damaged_is_thrown_away() {
    let home = tempfile::tempdir().unwrap();
    let path = filled(home.path());
    let whole = std::fs::read(&path).unwrap();
    let open = || Cache::open(Some(home.path()), SERVER);
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 4;
        for damaged in [&whole[..at], &flipped] {
            std::fs::write(&path, damaged).unwrap();
            assert!(open().texts.is_empty(), "{at}");
            assert!(!path.exists(), "{at}");
        }
    }
    // A correct checksum does not make a correct text.
    for body in [
        "actions 9\nx\n",
        "other 1\nx\n",
        "event 1\nxy\n",
        "event -1\n\n",
    ] {
        let (sum, server) = (digest(&[body.as_bytes()]), open().server);
        let text = format!("{FORM} {sum} {server}\n{body}");
        std::fs::write(&path, text).unwrap();
        assert!(open().texts.is_empty() && !path.exists(), "{body}");
    }
}

// A FIFO in its place has blocked the shell's start; a link would have another
// file read or overwritten.
#[test]
fn only_a_regular_file_is_read_and_written() {
    let home = tempfile::tempdir().unwrap();
    let path = filled(home.path());
    let elsewhere = home.path().join("elsewhere");
    std::fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    assert!(Cache::open(Some(home.path()), SERVER).texts.is_empty());
    let before = std::fs::read(&elsewhere).unwrap();
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    symlink(&elsewhere, &beside).unwrap();
    filled(home.path());
    assert_eq!(std::fs::read(&elsewhere).unwrap(), before);
    assert!(std::fs::symlink_metadata(&path).unwrap().is_file());
    std::fs::remove_file(&path).unwrap();
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(Cache::open(Some(home.path()), SERVER).texts.is_empty());
    let kind = std::fs::symlink_metadata(&path).unwrap().file_type();
    assert!(kind.is_fifo());
}

// Each shell that dies while writing leaves up to 4 MiB.
#[test]
fn what_was_left_unfinished_is_removed() {
    let home = tempfile::tempdir().unwrap();
    let (left, begun) = (home.path().join("a.1.new"), home.path().join("b.2.new"));
    for path in [&left, &begun] {
        std::fs::write(path, "x").unwrap();
    }
    let old = SystemTime::now() - 2 * UNFINISHED;
    let file = OpenOptions::new().append(true).open(&left).unwrap();
    file.set_modified(old).unwrap();
    Cache::open(Some(home.path()), SERVER);
    // Another shell may be writing the other one now.
    assert!(!left.exists() && begun.exists());
}
