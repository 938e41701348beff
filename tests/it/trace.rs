//! `--trace`: what went over the wire, in a file for others.

use crate::program::{amish, amish_at, finish, packet_of, type_in};
use crate::pty::Pty;
use crate::scripted::Scripted;
use crate::servers::{servers, with};
use crate::shell::{COLS, pbx};

// One file tells what happened, in order; --decode reads it back; and it can be
// passed on, because it contains no secret.
#[test]
fn a_trace_holds_every_packet_and_no_secret() {
    for server in with(&["channels", "answered-userevents"], servers()) {
        let (secret, name) = (server.secret, &server.name);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace").display().to_string();
        let args = format!("-o json --trace {path} -c Ping -c CoreShowChannels");
        let run = amish_at(server.address, server.user, secret, &args);
        let line = "UserEvent UserEvent=Traced Secret=hunter2";
        let done = run.arg("-c").arg(line).run();
        assert_eq!(done.code, 0, "{name}: {done:?}");
        let text = std::fs::read_to_string(&path).unwrap();
        for line in ["connected to ", " sent ", " received "] {
            assert!(text.contains(line), "{name}: {text}");
        }
        assert!(!text.contains("hunter2"), "{name}: {text}");
        assert!(text.contains("\r\nSecret: ***\r\n"), "{name}");
        assert!(text.contains("Action: Logoff"), "{name}: {text}");
        // Our own login is in the trace, but not in the output.
        let decoded = amish("-o json --decode").arg(&path).run();
        assert_eq!((decoded.code, &*decoded.err), (0, ""), "{name}");
        let came = objects(&decoded.out);
        let mut shown = objects(&done.out);
        for one in &mut shown {
            let one = one.as_object_mut().unwrap();
            one.remove("_time");
            one.remove("_target");
        }
        for one in &shown {
            assert!(came.contains(one), "{name}: {one} of {came:#?}");
        }
        assert_eq!(came[0]["Response"], "Success", "{name}");
        let last = came.last().expect("the goodbye");
        assert_eq!(last["Response"], "Goodbye", "{name}");
    }
}

fn objects(lines: &str) -> Vec<serde_json::Value> {
    let lines = lines.lines();
    lines
        .map(|one| serde_json::from_str(one).unwrap())
        .collect()
}

// A stream must not end after a week because a disk is full; but an incomplete
// trace must not look complete.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_under_a_trace_is_said_once_and_the_work_goes_on() {
    let server = Scripted::logged_in(|conversation| conversation.carry_on());
    let args = "--trace /dev/full -c Ping -c Ping -c Ping";
    let run = amish(&format!("-u me {} {args}", server.target()));
    let done = run.env("AMISH_SECRET", "secret").run();
    assert_eq!(done.code, 1, "{done:?}");
    assert_eq!(done.out.matches("Ping: Pong").count(), 3, "{done:?}");
    assert_eq!(done.err.matches("/dev/full").count(), 1, "{done:?}");
    assert!(done.err.contains("tracing stopped"), "{done:?}");
}

// The same while a line is being typed, which no message may disturb.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_under_the_trace_of_a_shell_is_said_between_two_prompts() {
    let pbx = pbx();
    let place = format!("demo@{}", pbx.addr());
    let args = ["--trace", "/dev/full", &place];
    let mut pty = Pty::spawn(&args, &[("AMISH_SECRET", "demo")], COLS, 20);
    pty.wait_typed(&format!("{place}> "));
    pty.type_line("Ping");
    pty.wait_line("Pong");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 1);
    let text = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert_eq!(text.matches("tracing stopped").count(), 1, "{text}");
}

// If tracing cannot start, this must be reported before anything is sent.
#[test]
fn a_trace_that_cannot_be_opened_ends_amish_before_it_connects() {
    let done = amish("--trace nowhere/trace 127.0.0.1:1 Ping").run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("nowhere/trace"), "{done:?}");
}

// A trace that was cut or changed must not pass for a complete one.
#[test]
fn a_damaged_trace_is_not_read_as_if_it_were_whole() {
    let whole = "--- amish trace of version 1, times in UTC, secrets as ***\n\
        --- 2026-01-01T00:00:00.000000Z sent 18 bytes\nAction: Logoff\r\n\r\n\
        --- 2026-01-01T00:00:00.000000Z received 12 bytes\nEvent: A\r\n\r\n";
    let decode = |text: &str| amish("-o json --decode -").input(text).run();
    let done = decode(whole);
    assert_eq!((done.code, &*done.err), (0, ""), "{done:?}");
    assert_eq!(done.out, "{\"_kind\":\"event\",\"Event\":\"A\"}\n");
    let longer = format!("{whole}--- 2026-01-01T00:00:00.000000Z received 99 bytes\nEvent: B");
    let cut = decode(&longer);
    assert_eq!(cut.code, 1, "{cut:?}");
    assert!(cut.err.contains("91 bytes of it are missing"), "{cut:?}");
    assert_eq!(cut.out, done.out, "what is before it is shown");
    let changed = decode(&whole.replace("sent 18", "sent 17"));
    assert_eq!(changed.code, 1, "{changed:?}");
    assert!(changed.err.contains("damaged"), "{changed:?}");
}

// Two processes writing to one file would leave it unreadable.
#[test]
fn a_trace_that_another_process_writes_is_refused() {
    let server = Scripted::logged_in(|conversation| conversation.carry_on());
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace").display().to_string();
    let start = |args: &str| {
        let args = format!("-u me {} --trace {trace} {args}", server.target());
        amish(&args).env("AMISH_SECRET", "secret")
    };
    let (mut first, _home) = start("").spawn();
    type_in(&mut first, "Ping\n");
    assert!(packet_of(&mut first).contains("Pong"));
    let second = start("Ping").run();
    assert_eq!(second.code, 1, "{second:?}");
    assert!(
        second.err.contains("another process writes to it"),
        "{second:?}"
    );
    let first = finish(first, b"Ping\n");
    assert_eq!((first.code, &*first.err), (0, ""), "{first:?}");
    let decoded = amish("-o json --decode").arg(&trace).run();
    assert_eq!(decoded.out.matches("Pong").count(), 2, "{decoded:?}");
}

// A trace must not be written to what blocks when opened, or belongs to another
// user.
#[test]
fn a_trace_goes_to_a_file_and_to_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::from_bits_truncate(0o600)).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path().join("elsewhere"), &link).unwrap();
    for path in [&fifo, &link, &folder.path().to_owned()] {
        let args = format!("--trace {} 127.0.0.1:1 Ping", path.display());
        let done = amish(&args).run();
        assert_eq!(done.code, 1, "{}: {done:?}", path.display());
        assert!(done.err.contains(&path.display().to_string()), "{done:?}");
    }
    assert!(!folder.path().join("elsewhere").exists());
}
