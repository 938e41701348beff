//! Full disks, and files that are not regular: work continues where possible,
//! and otherwise ends with a message and exit code 1.

use crate::program::{AMISH, Done};
use crate::pty::Pty;
use crate::scripted::{Conversation, Scripted};
use crate::shell::{COLS, pbx, ping_answered};
use std::fs::File;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

/// amish with `args`, writing its output to a full disk.
#[cfg(target_os = "linux")]
fn to_full(args: &str) -> Done {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let began = std::time::Instant::now();
    let mut command = Command::new(AMISH);
    command.args(args.split(' ')).env("AMISH_SECRET", "secret");
    let done = command.stdin(Stdio::null()).stdout(full).output().unwrap();
    Done {
        out: String::new(),
        err: String::from_utf8(done.stderr).unwrap(),
        code: done.status.code().expect("no signal"),
        took: began.elapsed(),
    }
}

// A failed write of any output must be reported, as neither success nor a
// panic.
#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_a_failure() {
    for args in [
        "--demo Ping",
        "--demo -o json Ping",
        "--demo help",
        "--demo --dry-run Ping",
        "--completions bash",
        "--help",
    ] {
        let done = to_full(args);
        assert_eq!(done.code, 1, "{args}: {done:?}");
        let said = "cannot write the output: No space left on device";
        assert!(done.err.contains(said), "{args}: {done:?}");
    }
}

/// The client's requests after its login, until its goodbye.
fn heard_by(
    mut before: impl FnMut(&mut Conversation) + Send + 'static,
) -> (Scripted, Receiver<Vec<String>>) {
    let (hears, heard) = channel();
    let server = Scripted::logged_in(move |conversation| {
        before(conversation);
        let mut names = Vec::new();
        while let Some(request) = conversation.hear() {
            names.push(request.get("Action").unwrap_or_default().to_owned());
            conversation.answer("Success", "");
        }
        hears.send(names).expect("the test waits");
    });
    (server, heard)
}

// The Action whose answer could not be written was carried out: it is not sent
// again, nothing more is sent, and the session ends in an orderly way.
#[test]
#[cfg(target_os = "linux")]
fn a_script_stops_at_output_that_cannot_be_written() {
    let (server, heard) = heard_by(|_| ());
    let args = format!("-u me {} -c First -c Second", server.target());
    let done = to_full(&args);
    assert_eq!(done.code, 1, "{done:?}");
    assert_eq!(heard.recv().unwrap(), ["First", "Logoff"]);
}

fn flood(conversation: &mut Conversation) {
    conversation.expect("Events");
    conversation.answer("Success", "Events: On");
    let event = |i| format!("Event: Newchannel\r\nPrivilege: call,all\r\nChannel: c{i}\r\n\r\n");
    conversation.send((0..20_000).map(event).collect::<String>());
}

// In the middle of a stream: everything up to the limit is written, and then
// the stream ends at once. The signal of the limit (SIGXFSZ) would have killed
// it without a message.
#[test]
fn a_stream_ends_where_its_file_may_not_grow() {
    let (server, heard) = heard_by(flood);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let mut command = Command::new("sh");
    command
        .args(["-c", r#"ulimit -f 64; exec "$@" >"$0""#])
        .arg(&file)
        .args([AMISH, "-u", "me", &server.target(), "-e", "-o", "packet"])
        .env("AMISH_SECRET", "secret")
        .stdin(Stdio::null());
    let done = command.output().unwrap();
    let err = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{err}");
    assert_eq!(
        err.trim_end(),
        "amish: cannot write the output: File too large (os error 27)"
    );
    let event = |i| format!("Event: Newchannel\nPrivilege: call,all\nChannel: c{i}\n\n");
    let all: String = (0..20_000).map(event).collect();
    let written = std::fs::read_to_string(file).unwrap();
    assert!(
        written.len() > 1000 && all.starts_with(&written),
        "{}",
        written.len()
    );
    assert_eq!(heard.recv().unwrap(), ["Logoff"]);
}

// The same if the disk is full from the beginning.
#[test]
#[cfg(target_os = "linux")]
fn a_stream_to_a_full_disk_ends() {
    let (server, heard) = heard_by(flood);
    let done = to_full(&format!("-u me {} -e -o json", server.target()));
    assert_eq!(done.code, 1, "{done:?}");
    assert_eq!(heard.recv().unwrap(), ["Logoff"]);
}

/// A shell whose history is at `path`.
fn shell_with_history(target: &str, path: &str) -> Pty {
    let env = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_USER", "demo"),
        ("AMISH_HISTFILE", path),
    ];
    Pty::spawn(&["-q", "-o", "packet", target], &env, COLS, 24)
}

// A device has no end, and a pipe may have nobody at the other end: the shell
// must neither read the one nor wait for the other, and must work as usual.
#[test]
#[cfg(target_os = "linux")]
fn a_history_that_is_no_file_stops_no_shell() {
    let pbx = pbx();
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let pipe = pipe.to_str().unwrap();
    let long = format!("{}/x", folder.path().display());
    std::fs::write(&long, "").unwrap();
    let below_a_file = format!("{long}/history");
    for (path, said) in [
        ("/dev/full", true),
        ("/dev/zero", true),
        (pipe, true),
        ("/", true),
        (&below_a_file, true),
        ("/dev/null", false),
    ] {
        let mut pty = shell_with_history(&pbx.addr().to_string(), path);
        pty.wait_line("> ");
        pty.type_line("Ping ActionID=here");
        ping_answered(&pty, "here");
        pty.type_line("/history");
        pty.wait_line("    1  Ping ActionID=here");
        let words = String::from_utf8_lossy(&pty.bytes()).into_owned();
        assert_eq!(
            words.contains("history is not saved"),
            said,
            "{path}: {words}"
        );
        pty.type_line("quit");
        assert_eq!(pty.exit_code(), 0, "{path}");
    }
}

// A disk that fills up while the shell runs: this is reported once, the work
// continues, and no partial entry remains, because it would merge with the
// next.
#[test]
fn a_history_that_may_not_grow_is_said_once() {
    let pbx = pbx();
    let target = pbx.addr().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history");
    // One block is 512 or 1024 bytes, depending on the shell.
    let script = r#"ulimit -f 1; exec "$0" "$@""#;
    let args = ["-c", script, AMISH, "-q", "-o", "packet", &target];
    let env = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_USER", "demo"),
        ("AMISH_HISTFILE", file.to_str().unwrap()),
    ];
    let mut pty = Pty::program("/bin/sh", &args, &env, COLS, 24);
    pty.wait_line("> ");
    let long = "x".repeat(400);
    for id in ["one", "two", "three", "four"] {
        pty.type_line(&format!("Ping ActionID={id} Long={long}"));
        ping_answered(&pty, id);
    }
    pty.type_line("Ping ActionID=five");
    ping_answered(&pty, "five");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
    let words = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert_eq!(words.matches("history is not saved").count(), 1, "{words}");
    assert!(words.contains("File too large"), "{words}");
    let kept = std::fs::read_to_string(&file).unwrap();
    let whole =
        |line: &str| line.ends_with(&long) || line == "Ping ActionID=five" || line == "quit";
    assert!(kept.ends_with('\n') && kept.lines().all(whole), "{kept}");
    assert!(kept.contains("five\n"), "{kept}");
}
