//! The forms of output as a script sees them.

use crate::program::{Amish, amish, amish_at, finish};
use crate::pty::{Key, Pty};
use crate::scripted::Scripted;
use crate::servers::{servers, simulator};
use std::os::unix::fs::PermissionsExt;

fn with(amish: Amish, args: &[&str]) -> Amish {
    args.iter().fold(amish, |amish, arg| amish.arg(arg))
}

/// The rows of tsv, the header row first.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .map(|line| line.split('\t').collect())
        .collect()
}

// A list of queue members, as people export it, from old and new servers.
#[test]
fn members_are_rows_of_the_fields_named() {
    for server in servers() {
        let done = amish_at(
            server.address,
            server.user,
            server.secret,
            "-o tsv --fields Queue,Location,Name QueueStatus support",
        )
        .run();
        assert_eq!((done.code, &*done.err), (0, ""), "{}", server.name);
        let rows = rows(&done.out);
        assert_eq!(rows[0], ["Queue", "Location", "Name"], "{}", server.name);
        let queues = done.out.split("\n\n").count();
        assert!((1..=3).contains(&queues), "{}: {}", server.name, done.out);
        assert!(
            done.out.contains("\tAlice\n"),
            "{}: {}",
            server.name,
            done.out
        );
    }
}

#[test]
fn a_stream_wants_columns() {
    let done = amish("--demo -e -o csv --count 1").run();
    assert_eq!((done.code, &*done.out), (2, ""));
    assert!(done.err.contains("--fields"), "{}", done.err);
    let done = amish("--demo -o tsv -c").arg("/events on").run();
    assert_eq!(done.code, 2, "{}", done.err);
    let done = amish("--demo -e -o tsv --count 2 --fields Event,Nothing").run();
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(done.err, "amish: nothing here has Nothing\n");
    let rows = rows(&done.out);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0], ["Event", "Nothing"]);
    assert!(
        rows[1..]
            .iter()
            .all(|row| row[0].len() > 3 && row[1].is_empty())
    );
}

// A forged Response between two events put a row of its own, or another table,
// among theirs.
#[test]
fn what_is_no_event_is_no_row_of_a_stream() {
    for args in ["--filter Hangup", "--fields Event,Cause"] {
        let server = Scripted::logged_in(|conversation| {
            conversation.expect("Events");
            conversation.answer("Success", "Events: On");
            conversation.packets("Event: Hangup\nCause: 16");
            conversation.send("text without\r\na frame\r\n\r\n");
            conversation.packets("Response: Error\nMessage: forged");
            conversation.packets("Event: Hangup\nCause: 17");
            conversation.carry_on();
        });
        let line = format!("-o tsv -e --count 2 {args}");
        let done = amish_at(server.address(), "demo", "demo", &line).run();
        assert_eq!(
            done.out, "Event\tCause\nHangup\t16\nHangup\t17\n",
            "{}",
            done.err
        );
        assert_eq!(done.code, 0, "{}", done.err);
        for left in ["text without", "Response: Error"] {
            let note = format!("amish: left out, for it is no event: {left}\n");
            assert!(done.err.contains(&note), "{args}: {}", done.err);
        }
    }
}

// A reader of tables looks for the empty line between them.
#[test]
fn screens_of_amish_are_tables_of_their_own() {
    let run = amish("--demo -o csv -c")
        .arg("Ping")
        .arg("-c")
        .arg("/whoami");
    let done = run.arg("-c").arg("Ping").run();
    let tables: Vec<&str> = done.out.split("\r\n\r\n").collect();
    assert_eq!(tables.len(), 3, "{}", done.out);
    assert!(tables[1].starts_with("user,demo\r\n"), "{}", done.out);
    assert!(!done.out.contains("\"\""), "{}", done.out);
}

#[test]
fn fields_that_are_none_are_told_before_anything_is_sent() {
    for fields in ["A,,B", "A,a", ""] {
        let done = amish("--demo -o csv Ping --fields").arg(fields).run();
        assert_eq!((done.code, &*done.out), (2, ""), "{fields}");
        assert!(done.err.contains("--fields"), "{}", done.err);
    }
}

// A script saves its output while showing it; the file's earlier contents stay.
#[test]
fn what_is_shown_is_saved_as_well() {
    let prepared = amish("--demo -o csv").file("report", "yesterday\n");
    let lines = [
        "/save report",
        "QueueSummary",
        "/set fields Ping",
        "Ping",
        "/save off",
        "Ping",
        "/save new",
        "Ping",
    ];
    let args: Vec<&str> = lines.iter().flat_map(|line| ["-c", line]).collect();
    let (child, home) = with(prepared, &args).spawn();
    let done = finish(child, b"");
    let report = std::fs::read_to_string(home.path().join("report")).unwrap();
    let new = std::fs::metadata(home.path().join("new")).unwrap();
    assert_eq!(done.code, 0, "{}", done.err);
    let saved = report.strip_prefix("yesterday\n\r\n").unwrap();
    assert!(done.out.starts_with(saved), "{report}\n{}", done.out);
    assert!(saved.starts_with("Event,Queue,") && saved.ends_with("\r\n\r\nPing\r\nPong\r\n"));
    assert_eq!(new.permissions().mode() & 0o777, 0o600);
}

// The script continues, and its exit code tells.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_a_saved_file_is_told_once() {
    let lines = ["-c", "/save /dev/full", "-c", "Ping", "-c", "Ping"];
    let done = with(amish("--demo"), &lines).run();
    assert_eq!(done.code, 1);
    assert_eq!(done.err.matches("/dev/full").count(), 1, "{}", done.err);
    assert_eq!(done.out.matches("Ping: Pong").count(), 2);
}

#[test]
fn the_time_of_each_reply_is_told_on_stderr() {
    let lines = [
        "-c",
        "/timing",
        "-c",
        "Ping",
        "-c",
        "/timing off",
        "-c",
        "Ping",
    ];
    let done = with(amish("--demo"), &lines).run();
    assert_eq!(done.err.matches("time: ").count(), 1, "{}", done.err);
    assert!(done.err.ends_with(" ms\n"), "{}", done.err);
    assert!(!done.out.contains("time: "));
}

// Everything that event lines and tables leave out must be available with one
// command.
#[test]
fn x_shows_the_last_thing_whole() {
    let pbx = simulator();
    let address = pbx.addr().to_string();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let mut pty = Pty::spawn(&[&address, "-o", "table"], &env, 80, 40);
    pty.wait_line("> ");
    pty.type_line("/x");
    pty.wait_line("no reply or event was shown yet");
    pty.type_line("QueueStatus sales");
    pty.wait_line("2 members");
    pty.type_line("/x");
    pty.wait_line("QueueMember  4 of 5");
    pty.wait_line("StateInterface");
    pty.wait_line("Status          1 not in use");
    pty.type_line("/events call");
    pty.wait_line("events: call");
    pbx.emit(
        "Hangup",
        "call",
        &[("Channel", "PJSIP/1-1"), ("Cause", "17"), ("Odd", "thing")],
    );
    pty.wait_line("PJSIP/1-1");
    pty.type_line("/x");
    pty.wait_line("Odd        thing");
    pty.wait_line("Cause      17 User busy");
}

// A wallboard: changes are marked, an event does not disturb it, and Ctrl-C
// returns to the prompt.
#[test]
fn watch_marks_what_changed() {
    let pbx = simulator();
    let address = pbx.addr().to_string();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let args = [&*address, "-o", "table", "--color", "always"];
    let mut pty = Pty::spawn(&args, &env, 80, 24);
    pty.wait_line("> ");
    pty.type_line("/events user");
    pty.wait_line("events: user");
    pty.type_line("/watch 0.1 QueueSummary 'sales'");
    pty.wait_line("every 0.1s: QueueSummary 'sales'");
    pty.wait_line("sales          2          2        0");
    let waiting = amish_at(pbx.addr(), "demo", "demo", "Originate")
        .arg("Channel=Local/310@default")
        .arg("Application=Wait")
        .arg("Data=60");
    assert_eq!(waiting.run().code, 0);
    // An agent is called, and has no time for another.
    pty.wait_line("sales          2          1        0");
    pbx.emit("UserEvent", "user", &[("UserEvent", "Ding")]);
    pty.wait_line("Ding");
    pty.wait_for("the event above the table", |screen| {
        let rows = crate::pty::rows(screen);
        let at = |text: &str| rows.iter().rposition(|row| row.contains(text));
        at("Ding") < at("every 0.1s") && at("every 0.1s") < at("1 queue")
    });
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&format!("demo@{address} (events)> "));
    let marked = pty.bytes().windows(6).any(|bytes| bytes == b"\x1b[7m1\x1b");
    assert!(marked, "what changed is marked");
    pty.type_line("/watch 0.001 Ping");
    pty.wait_line("at least 0.1");
    pty.type_line("/watch 2 /x");
    pty.wait_line("/watch runs an Action, a cli line, /calls");
}

// 1443613421 says nothing to a person, and a program wants nothing else. An
// event line that is asked for such a header is for a person too.
#[test]
fn a_moment_is_a_time_for_people_and_exact_for_programs() {
    const MEMBERS: &str = "Response: Success\nActionID: $ID\nEventList: start\n\n\
        Event: QueueMember\nActionID: $ID\nQueue: support\nName: Ann\nLastCall: 1443613421\n\
        LastPause: 0\n\n\
        Event: QueueMember\nActionID: $ID\nQueue: support\nName: Bob\nLastCall: 0\n\
        LastPause: 0\n\n\
        Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete\nListItems: 2";
    let server = Scripted::logged_in(|conversation| {
        while let Some(request) = conversation.hear() {
            match request.get("Action") {
                Some("QueueStatus") => conversation.packets(MEMBERS),
                Some("Logoff") => return conversation.answer("Goodbye", ""),
                Some("Events") => {
                    conversation.answer("Success", "Events: On");
                    conversation.packets(
                        "Event: QueueMemberPause\nPrivilege: agent,all\nQueue: support\n\
                         LastPause: 1443613421\nLastCall: 0",
                    );
                }
                _ => conversation.answer("Success", ""),
            }
        }
    });
    let shown = |args: &str| {
        let program = amish_at(server.address(), "u", "s", args).env("TZ", "UTC");
        let done = program.run();
        assert_eq!(done.code, 0, "{done:?}");
        done.out
    };
    let time = "2015-09-30 11:43:41, ";
    let table = shown("-o table QueueStatus");
    assert!(table.contains("Last call"), "{table}");
    assert!(
        table.contains(time) && table.contains(" days ago"),
        "{table}"
    );
    assert!(table.contains("never"), "{table}");
    assert!(!table.contains("Last pause"), "{table}");
    let all = shown("-o table --fields * QueueStatus");
    assert!(all.contains(time) && all.contains("never"), "{all}");
    let line = shown("-o table -e=agent --count 1 --fields LastPause,LastCall");
    assert!(line.contains(time) && line.contains("never"), "{line}");
    for form in ["packet", "json", "csv", "tsv", "raw"] {
        let exact = shown(&format!("-o {form} QueueStatus"));
        assert!(exact.contains("1443613421"), "{exact}");
        assert!(
            !exact.contains("2015") && !exact.contains("never"),
            "{exact}"
        );
    }
}
