//! Every operator of expressions, compared with independent readers: the same
//! selection made on the unfiltered stream, in json.
//!
//! `AMISH_TEST_FULL=1` uses 100,000 events, and jq, which must then be
//! installed.

use crate::program::{Done, amish_at};
use crate::scripted::Scripted;
use crate::support::is_full;
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

/// An expression, the same for jq, and the same in Rust.
type Case = (&'static str, &'static str, fn(&Value) -> bool);

const CASES: [Case; 16] = [
    ("Hangup", r#"name == "Hangup""#, |e| name(e) == "Hangup"),
    (
        "hangup|NEWEXTEN",
        r#"name == "Hangup" or name == "Newexten""#,
        |e| ["Hangup", "Newexten"].contains(&name(e)),
    ),
    ("New*", r#"name | startswith("New")"#, |e| {
        name(e).starts_with("New")
    }),
    ("*e*t*", r#"name | test("e.*t"; "i")"#, |e| {
        let lower = name(e).to_ascii_lowercase();
        lower
            .split_once('e')
            .is_some_and(|(_, rest)| rest.contains('t'))
    }),
    ("!VarSet", r#"name != "VarSet""#, |e| name(e) != "VarSet"),
    ("Cause=16", r#"vals("cause") | any(. == "16")"#, |e| {
        any(e, "cause", |v| v == "16")
    }),
    (
        "cAUSE!=16",
        r#"vals("cause") | any(. == "16") | not"#,
        |e| !any(e, "cause", |v| v == "16"),
    ),
    (
        "!Cause=16",
        r#"vals("cause") | any(. == "16") | not"#,
        |e| !any(e, "cause", |v| v == "16"),
    ),
    ("!Cause!=16", r#"vals("cause") | any(. == "16")"#, |e| {
        any(e, "cause", |v| v == "16")
    }),
    ("Queue=''", r#"vals("queue") | any(. == "")"#, |e| {
        any(e, "queue", str::is_empty)
    }),
    (
        "ChanVariable=\"B=two words\"",
        r#"vals("chanvariable") | any(. == "B=two words")"#,
        |e| any(e, "chanvariable", |v| v == "B=two words"),
    ),
    (
        "ChanVariable~^A=[0-4]",
        r#"vals("chanvariable") | any(test("^A=[0-4]"))"#,
        |e| {
            any(e, "chanvariable", |v| {
                v.strip_prefix("A=")
                    .is_some_and(|rest| rest.starts_with(['0', '1', '2', '3', '4']))
            })
        },
    ),
    (
        "!Channel~alice",
        r#"vals("channel") | any(test("alice")) | not"#,
        |e| !any(e, "channel", |v| v.contains("alice")),
    ),
    (
        "Value~second",
        r#"vals("value") | any(test("second"))"#,
        |e| any(e, "value", |v| v.contains("second")),
    ),
    (
        "Hangup Cause!=16 , VarSet Channel~bob !Queue=sales",
        r#"(name == "Hangup" and (vals("cause") | any(. == "16") | not))
           or (name == "VarSet" and (vals("channel") | any(test("bob")))
               and (vals("queue") | any(. == "sales") | not))"#,
        |e| {
            let hangup = name(e) == "Hangup" && !any(e, "cause", |v| v == "16");
            let bob = name(e) == "VarSet" && any(e, "channel", |v| v.contains("bob"));
            hangup || (bob && !any(e, "queue", |v| v == "sales"))
        },
    ),
    (
        "Value~(?i)JÖRG",
        r#"vals("value") | any(test("jörg"; "i"))"#,
        |e| any(e, "value", |v| v.to_lowercase().contains("jörg")),
    ),
];

const PRELUDE: &str = r#"
    def name: .Event | if type == "array" then .[0] else . end;
    def vals($k): [to_entries[] | select((.key | ascii_downcase) == $k) | .value] | flatten;
"#;

/// The name in the first line, whatever else a UserEvent contains.
fn name(event: &Value) -> &str {
    let name = &event["Event"];
    name.get(0).unwrap_or(name).as_str().unwrap()
}

fn any(event: &Value, key: &str, meant: impl Fn(&str) -> bool) -> bool {
    let headers = event.as_object().unwrap().iter();
    let mut values = headers
        .filter(|(name, _)| name.eq_ignore_ascii_case(key))
        .flat_map(|(_, value)| match value {
            Value::Array(values) => values.clone(),
            one => vec![one.clone()],
        });
    values.any(|value| meant(value.as_str().unwrap()))
}

/// Events of many shapes, numbered.
fn events(count: usize) -> Vec<u8> {
    let mut random = 7_u64;
    let mut pick = |of: usize| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (random >> 33) as usize % of
    };
    let mut text: Vec<u8> = Vec::new();
    for number in 0..count {
        let name = [
            "Hangup",
            "VarSet",
            "Newexten",
            "Newchannel",
            "UserEvent",
            "QueueMemberStatus",
        ][pick(6)];
        let channel = ["PJSIP/alice-1", "PJSIP/bob-2", "Local/x@y-3;1", ""][pick(4)];
        write!(
            text,
            "Event: {name}\r\nPrivilege: call,all\r\nSeq: {number}\r\n"
        )
        .unwrap();
        write!(text, "{}: {channel}\r\n", ["Channel", "CHANNEL"][pick(2)]).unwrap();
        if pick(2) == 0 {
            write!(text, "Cause: {}\r\n", 15 + pick(3)).unwrap();
        }
        let extra: &[u8] = [
            &b"Queue: \r\n"[..],
            b"Queue: sales\r\n",
            b"ChanVariable: A=1\r\nChanVariable: B=two words\r\n",
            b"chanvariable: A=7\r\nChanVariable: A=3\r\n",
            b"Event: Hangup\r\nCause: 16\r\n",
            b"Value: first\r\nsecond\r\n",
            b"Value: first\nsecond: x\r\n",
            "Value: J\u{f6}rg\r\n".as_bytes(),
            b"Value: J\xf6rg\r\n",
            b"",
        ][pick(10)];
        text.extend_from_slice(extra);
        text.extend_from_slice(b"\r\n");
    }
    text
}

/// The stream of `events` through `filter`, followed by a last one.
fn run(events: &[u8], filter: Option<&str>) -> Done {
    let events = events.to_vec();
    let server = Scripted::logged_in(move |server| {
        let mut request = server.hear().expect("a request");
        while request.get("Action") == Some("Filter") {
            request = server.hear().expect("Events");
        }
        server.answer("Success", "Events: On");
        server.send(&events);
        server.packets("Event: Done");
        server.carry_on();
    });
    let run = amish_at(server.address(), "demo", "demo", "-e -o json --until Done");
    match filter {
        Some(filter) => run.arg("--filter").arg(filter).run(),
        None => run.run(),
    }
}

/// The numbers of the events in these lines.
fn numbers<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let event = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    let numbers = lines.filter_map(|line| event(line)["Seq"].as_str().map(str::to_owned));
    numbers.collect()
}

fn by_jq(program: &str, stream: &str) -> Vec<String> {
    let mut jq = Command::new("jq")
        .args([
            "-r",
            &format!("{PRELUDE} select(.Seq != null and ({program})) | .Seq"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("jq is there");
    let mut input = jq.stdin.take().unwrap();
    let stream = stream.to_owned();
    let writing = std::thread::spawn(move || input.write_all(stream.as_bytes()).unwrap());
    let done = jq.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(done.status.success());
    let out = String::from_utf8(done.stdout).unwrap();
    out.lines().map(str::to_owned).collect()
}

// Users would not notice a filter that drops one event too many.
#[test]
fn a_filter_selects_what_other_readers_select() {
    let count = if is_full() { 100_000 } else { 2_000 };
    let events = events(count);
    let whole = run(&events, None);
    assert_eq!(whole.code, 0, "{}", whole.err);
    assert_eq!(whole.out.lines().count(), count + 1);
    for (expr, program, meant) in CASES {
        let done = run(&events, Some(expr));
        let shown = numbers(done.out.lines());
        let event = |line: &&str| {
            let event: Value = serde_json::from_str(line).unwrap();
            event["Seq"].is_string() && meant(&event)
        };
        let expected = numbers(whole.out.lines().filter(event));
        assert_eq!(shown, expected, "{expr}");
        assert!(
            !shown.is_empty() && shown.len() < count,
            "{expr} says something"
        );
        if is_full() {
            assert_eq!(shown, by_jq(program, &whole.out), "{expr}");
        }
    }
}
