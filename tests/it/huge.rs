//! Excessively large packets: memory and time stay bounded, and what follows is
//! read correctly. A quadratic step anywhere exceeds the time limit of a run,
//! even at the quick sizes.
//!
//! AMISH_TEST_FULL=1 uses the full sizes: a line of 1 GB, ten million headers.
//! This needs a release build.

use crate::program::{Done, amish, finish};
use crate::scripted::{Conversation, Scripted};
use crate::support::{BOUND, Watched, is_full};

const MIB: usize = 1024 * 1024;

/// How large something is.
fn size(full: usize, quick: usize) -> usize {
    if is_full() { full } else { quick }
}

/// A run, and its peak memory until Logoff, in MiB.
struct Measured {
    done: Done,
    peak: u64,
}

/// Runs amish with `args` against a server that does `work`, then receives a
/// Logoff.
fn measured(args: &str, mut work: impl FnMut(&mut Conversation) + Send + 'static) -> Measured {
    let pid = Watched::new(None);
    let peak = Watched::new(None);
    let (whose, found) = (pid.clone(), peak.clone());
    let server = Scripted::logged_in(move |conversation| {
        work(conversation);
        conversation.expect("Logoff");
        let pid = whose.wait(BOUND, |pid| *pid).expect("the client runs");
        found.change(|peak| *peak = Some(high_water(pid)));
        conversation.answer("Goodbye", "");
    });
    let run = amish(&format!("-u me {} {args}", server.target()));
    let (child, _home) = run.env("AMISH_SECRET", "secret").spawn();
    pid.change(|pid| *pid = Some(child.id()));
    let done = finish(child, b"");
    let peak = peak.look().unwrap_or_else(|| panic!("{done:?}"));
    Measured { done, peak }
}

/// Not available on other systems; the rest of each test applies there too.
fn high_water(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    kilobytes.map_or(0, |number| number.parse::<u64>().expect("a number") / 1024)
}

/// Sends `count` texts, in large writes.
fn send_each(conversation: &mut Conversation, count: usize, one: impl Fn(usize) -> String) {
    for from in (0..count).step_by(10_000) {
        let texts = (from..count.min(from + 10_000)).map(&one);
        conversation.send(texts.collect::<String>());
    }
}

// A packet too large to keep is replaced by a gap, it costs no more memory than
// the largest packet that is kept, and the next packet is read correctly.
#[test]
fn a_line_of_a_gigabyte_is_a_gap() {
    let megabytes = size(1024, 80);
    let run = measured("-e -o json --count 2", move |conversation| {
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        conversation.packets("Event: Before\nPrivilege: user,all");
        conversation.send("Event: Big\r\nText: ");
        for _ in 0..megabytes {
            conversation.send(vec![b'x'; MIB]);
        }
        conversation.packets("");
        conversation.packets("Event: Behind\nPrivilege: user,all");
    });
    let Measured { done, peak } = run;
    assert_eq!(done.code, 8, "{done:?}");
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.len(), 3, "{done:?}");
    assert!(lines[0].contains("\"Event\":\"Before\""), "{done:?}");
    assert!(lines[1].contains("\"reason\":\"oversize\""), "{done:?}");
    assert!(lines[2].contains("\"Event\":\"Behind\""), "{done:?}");
    let bytes = megabytes * MIB + "Event: Big\r\nText: \r\n\r\n".len();
    let said = format!("a packet of {bytes} bytes is missing here: 64 MiB are kept at most");
    assert!(done.err.contains(&said), "{done:?}");
    assert!(peak < 200, "{peak} MiB");
}

// An answer too large to keep was still an answer: the Action may have been
// carried out.
#[test]
fn an_answer_that_is_too_large_leaves_the_outcome_unknown() {
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("Getvar");
        let id = conversation.id().to_owned();
        conversation.send(format!("Response: Success\r\nActionID: {id}\r\nValue: "));
        for _ in 0..65 {
            conversation.send(vec![b'x'; MIB]);
        }
        conversation.packets("");
    });
    let args = format!("-u me {} -o json Getvar Variable=X", server.target());
    let done = amish(&args).env("AMISH_SECRET", "secret").run();
    assert_eq!(done.code, 6, "{done:?}");
    assert!(done.out.contains("\"oversize\""), "{done:?}");
    assert!(done.err.contains("is unknown; it was sent"), "{done:?}");
}

/// The body of a packet of very many lines.
struct Shape {
    name: &'static str,
    head: &'static str,
    line: fn(usize) -> String,
    /// How the second-to-last line of this many is shown in json.
    shows: fn(usize) -> String,
    count: usize,
}

fn shapes() -> Vec<Shape> {
    let many = size(10_000_000, 100_000);
    let some = size(1_000_000, 100_000);
    vec![
        Shape {
            name: "headers of one letter",
            head: "",
            line: |_| "a:b\r\n".to_owned(),
            shows: |_| ",\"b\",\"b\"]".to_owned(),
            count: many,
        },
        Shape {
            name: "headers that differ",
            head: "",
            line: |i| format!("{i:x}:\r\n"),
            shows: |i| format!(",\"{i:x}\":\"\","),
            // More do not fit into a packet that is kept.
            count: size(7_000_000, 100_000),
        },
        Shape {
            name: "a header that repeats",
            head: "",
            line: |i| format!("Variable: {i}\r\n"),
            shows: |i| format!(",\"{i}\","),
            count: some,
        },
        Shape {
            name: "lines that continue a value",
            head: "Value: x\r\n",
            line: |i| format!("more {i}\r\n"),
            shows: |i| format!("\\r\\nmore {i}\\r\\n"),
            count: some,
        },
        Shape {
            name: "lines behind a key of 4 MiB",
            head: "LONG: x\r\n",
            line: |i| format!("more {i}\r\n"),
            shows: |i| format!("\\r\\nmore {i}\\r\\n"),
            count: some,
        },
        Shape {
            name: "lines without a key",
            head: "",
            line: |i| format!("more {i}\r\n"),
            shows: |i| format!(",\"more {i}\","),
            count: some,
        },
        Shape {
            name: "lines of output",
            head: "Message: Command output follows\r\n",
            line: |i| format!("Output: line {i}\r\n"),
            shows: |i| format!(",\"line {i}\","),
            count: some,
        },
    ]
}

/// Runs two Actions, the first of which is answered in this shape.
fn shaped(shape: &'static Shape, form: &str) -> Measured {
    measured(&format!("-o {form} -c Ping -c Ping"), move |conversation| {
        conversation.expect("Ping");
        let id = conversation.id().to_owned();
        let blanks = " ".repeat(4 * MIB);
        let head = shape.head.replace("LONG", &blanks);
        conversation.send(format!("Response: Success\r\nActionID: {id}\r\n{head}"));
        send_each(conversation, shape.count, shape.line);
        conversation.packets("");
        conversation.expect("Ping");
        conversation.answer("Success", "Ping: Pong");
    })
}

// A stranger who can make the server send such a packet must not be able to
// stop amish in any form; all of it is shown.
fn survive(form: &str) {
    for shape in Box::leak(shapes().into_boxed_slice()) {
        let Measured { done, peak } = shaped(shape, form);
        let name = shape.name;
        assert_eq!(done.code, 0, "{name}: {}", done.err);
        assert!(done.out.contains("Pong"), "{name}");
        if form == "json" {
            assert_eq!(done.out.lines().count(), 2, "{name}");
            let last = (shape.shows)(shape.count - 2);
            assert!(done.out.contains(&last), "{name}: no {last}");
        }
        let bytes = shape.count * (shape.line)(shape.count).len();
        let most = 64 + 20 * bytes / MIB;
        assert!(peak < most as u64, "{name}: {peak} MiB of {most}");
    }
}

#[test]
fn ten_million_headers_fit_json() {
    survive("json");
}

#[test]
fn ten_million_headers_fit_packets() {
    survive("packet");
}

#[test]
fn ten_million_headers_fit_a_table() {
    survive("table");
}

// The line of an event searches for dozens of headers, none of which is there.
#[test]
fn an_event_of_ten_million_headers_has_its_line() {
    let count = size(10_000_000, 100_000);
    let run = measured("-e -o table --count 2", move |conversation| {
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        conversation.send("Event: Many\r\nPrivilege: user,all\r\n");
        send_each(conversation, count, |_| "a:b\r\n".to_owned());
        conversation.packets("");
        conversation.packets("Event: Behind\nPrivilege: user,all");
    });
    let Measured { done, peak } = run;
    assert_eq!(done.code, 0, "{}", done.err);
    let lines: Vec<&str> = done.out.lines().collect();
    assert!(lines[0].contains("a=b  a=b  a=b"), "{}", lines[0]);
    assert!(lines[1].contains("Behind"), "{}", lines[1]);
    assert!(peak < (64 + count / 20_000) as u64, "{peak} MiB");
}

// Every item in its place and none lost, even if each is of a different kind,
// by which tables group them.
#[test]
fn a_list_of_a_million_items_is_whole() {
    let count = size(1_000_000, 30_000);
    for (form, kinds) in [("json", 1), ("json", count), ("table", 1), ("table", count)] {
        let run = measured(&format!("-o {form} QueueStatus"), move |conversation| {
            conversation.expect("QueueStatus");
            conversation.answer("Success", "EventList: start\nMessage: will follow");
            let id = conversation.id().to_owned();
            send_each(conversation, count, |i| {
                let kind = i % kinds;
                format!("Event: Kind{kind}\r\nActionID: {id}\r\nName: name {i}\r\n\r\n")
            });
            conversation.packets("Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete");
        });
        let Measured { done, peak } = run;
        assert_eq!(done.code, 0, "{form}: {}", done.err);
        let items = done.out.matches("name ").count();
        assert_eq!(items, count, "{form}, {kinds} kinds");
        assert!(peak < (64 + count / 500) as u64, "{form}: {peak} MiB");
    }
}

// Command up to Asterisk 13: text without any header.
#[test]
fn a_million_lines_of_output_are_text() {
    let count = size(1_000_000, 100_000);
    let server = Scripted::start(move |conversation| {
        conversation.greet("2.10.6");
        conversation.expect("Command");
        let id = conversation.id().to_owned();
        let head = "Response: Follows\r\nPrivilege: Command\r\n";
        conversation.send(format!("{head}ActionID: {id}\r\n"));
        send_each(conversation, count, |i| format!("line {i}\n"));
        conversation.send("--END COMMAND--\r\n\r\n");
        conversation.carry_on();
    });
    for form in ["json", "packet", "table"] {
        let args = format!("-u me {} -o {form} cli dialplan show", server.target());
        let done = amish(&args).env("AMISH_SECRET", "secret").run();
        assert_eq!(done.code, 0, "{form}: {}", done.err);
        assert_eq!(done.out.matches("line ").count(), count, "{form}");
    }
}
