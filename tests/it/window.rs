//! `--window`: several Actions in flight, with the same result as one at a
//! time.

use crate::program::{Done, amish, amish_at, finish, signal};
use crate::scripted::{Conversation, Scripted};
use crate::servers::{servers, with};
use nix::sys::signal::Signal;
use std::time::Duration;

/// Lines of every kind, including errors.
fn mixed() -> String {
    let line = |i: usize| match i % 12 {
        1 => format!("DBGet gwindow nosuch ActionID=w{i}\n"),
        2 => format!("NoSuchThing ActionID=w{i}\n"),
        3 => format!("-DBDel gwindow nosuch ActionID=w{i}\n"),
        4 => format!("set k = ActionID\necho {i}: $k\n"),
        5 => format!("DBPut gwindow at$k $k ActionID=w{i}\nDBGet gwindow at$k ActionID=x{i}\n"),
        6 => format!("cli database show gwindow key{}\n", i - 6),
        7 => format!("action: ping\nactionid: w{i}\n\n"),
        8 => format!("QueueSummary gnone ActionID=w{i}\n"),
        9 => format!("UserEvent G n={i} ActionID=w{i}\nexpect UserEvent n={i}\n"),
        _ => format!("DBPut gwindow key{i} {i} ActionID=w{i}\n"),
    };
    (0..240).map(line).collect()
}

// Line by line the same, on both streams.
#[test]
fn a_window_changes_nothing_but_the_time() {
    for server in with(&["queue-summary", "answered-userevents"], servers()) {
        let run = |window: &str| {
            let args = format!("--keep-going {window} -f todo");
            let run = amish_at(server.address, server.user, server.secret, &args);
            run.file("todo", mixed()).run()
        };
        let one = run("");
        assert_eq!(one.code, 3, "{}: {}", server.name, one.err);
        assert!(one.err.contains(" ok, 40 errors\n"), "{}", one.err);
        for window in ["--window 3", "--window 64"] {
            let many = run(window);
            assert_eq!(
                many.code, one.code,
                "{} {window}: {}",
                server.name, many.err
            );
            let (own, other) = (timeless(&one.out), timeless(&many.out));
            let differs = own.iter().zip(&other).find(|(own, other)| own != other);
            assert_eq!(
                (differs, other.len()),
                (None, own.len()),
                "{} {window}",
                server.name
            );
            assert_eq!(many.err, one.err, "{} {window}", server.name);
        }
    }
}

/// The lines, without those that show the time.
fn timeless(out: &str) -> Vec<&str> {
    let lines = out.lines();
    lines
        .filter(|line| !line.starts_with("Timestamp: "))
        .collect()
}

const PINGS: &str = "Ping ActionID=p1\nPing ActionID=p2\nPing ActionID=p3\nPing ActionID=p4\n\
    Ping ActionID=p5\nPing ActionID=p6\n";

/// Six Pings to a server run by `script`, up to `window` at once.
fn pings(args: &str, script: impl FnMut(&mut Conversation) + Send + 'static) -> Done {
    let server = Scripted::logged_in(script);
    let args = format!("-u me --keep-going {args} -f todo {}", server.target());
    let run = amish(&args).env("AMISH_SECRET", "secret");
    run.file("todo", PINGS).run()
}

fn hear(server: &mut Conversation, ids: &[&str]) {
    for id in ids {
        assert_eq!(server.expect("Ping").get("ActionID"), Some(*id));
    }
}

fn pong(server: &mut Conversation, id: &str) {
    server.packets(&format!("Response: Success\nPing: Pong\nActionID: {id}"));
}

// What was in flight must appear neither as not sent nor as answered.
#[test]
fn what_is_under_way_at_a_cut_is_unknown_and_no_more_is_sent() {
    let done = pings("--window 4", |server| {
        hear(server, &["p1", "p2", "p3", "p4"]);
        server.expect_nothing(Duration::from_millis(200));
        pong(server, "p1");
        hear(server, &["p5"]);
    });
    assert_eq!(done.code, 6, "{done:?}");
    for (line, id) in [(2, "p2"), (3, "p3"), (4, "p4"), (5, "p5")] {
        let words = format!(
            "todo:{line}: the connection ended before the answer: the outcome of Ping (ActionID {id})"
        );
        assert!(done.err.contains(&words), "{}", done.err);
    }
    assert!(!done.err.contains("p6"), "{}", done.err);
    assert!(done.err.contains("1 ok, 4 unknown"), "{}", done.err);
}

// A stuck server: each Action in flight is reported, and none is sent
// afterwards.
#[test]
fn what_is_not_answered_in_time_is_unknown_and_no_more_is_sent() {
    let done = pings("--window 3 -t 0.3", |server| {
        hear(server, &["p1", "p2", "p3"]);
        pong(server, "p1");
        hear(server, &["p4"]);
        server.expect("Logoff");
    });
    assert_eq!(done.code, 6, "{done:?}");
    assert_eq!(done.out.matches("Pong").count(), 1, "{done:?}");
    for line in 2..=4 {
        let words =
            format!("todo:{line}: no answer in time: the outcome of Ping (ActionID p{line})");
        assert!(done.err.contains(&words), "{}", done.err);
    }
    assert!(!done.err.contains("p5"), "{}", done.err);
}

// Ctrl-C stops sending, waits a second for what is in flight, and claims
// nothing.
#[test]
fn an_interrupt_tells_of_all_that_is_under_way() {
    let (heard, under_way) = std::sync::mpsc::channel();
    let server = Scripted::logged_in(move |server| {
        hear(server, &["p1", "p2", "p3"]);
        heard.send(()).unwrap();
        // By now nothing is being sent: the next is the goodbye, after the
        // second.
        server.expect("Logoff");
        server.answer("Goodbye", "Message: Thanks for all the fish.");
    });
    let args = format!("-u me --keep-going --window 3 -f todo {}", server.target());
    let run = amish(&args).env("AMISH_SECRET", "secret");
    let (child, _home) = run.file("todo", PINGS).spawn();
    under_way.recv().unwrap();
    signal(&child, Signal::SIGINT);
    let done = finish(child, b"");
    assert_eq!(done.code, 130, "{done:?}");
    for line in 1..=3 {
        let words = format!("todo:{line}: stopped waiting: the outcome of Ping (ActionID p{line})");
        assert!(done.err.contains(&words), "{}", done.err);
    }
    assert!(!done.err.contains("p4"), "{}", done.err);
}

// The output follows the script, whatever the server's order.
#[test]
fn answers_are_shown_in_the_order_of_the_script() {
    let done = pings("--window 6", |server| {
        hear(server, &["p1", "p2", "p3", "p4", "p5", "p6"]);
        for id in ["p2", "p6", "p1", "p5", "p4", "p3"] {
            pong(server, id);
        }
        server.carry_on();
    });
    assert_eq!(done.code, 0, "{done:?}");
    let ids: Vec<&str> = done
        .out
        .lines()
        .filter(|line| line.starts_with("ActionID"))
        .collect();
    let wanted = ["p1", "p2", "p3", "p4", "p5", "p6"].map(|id| format!("ActionID: {id}"));
    assert_eq!(ids, wanted);
}

// Without --keep-going the lines after an Error must not have been sent.
#[test]
fn a_window_needs_keep_going() {
    let done = amish("--demo --window 8 -c Ping").run();
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("--keep-going"), "{}", done.err);
}
