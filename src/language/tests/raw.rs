//! Raw packets, and how readers handle bad ones.

use super::*;

// What telnet users type and paste today, verbatim.
#[test]
fn raw_packets() {
    for (typed, wanted) in [
        (
            "action: login\nusername: abcde123\nsecret: abcde123\n\naction: listcommands\n\naction: logoff\n\n",
            &[
                "action: login|username: abcde123|secret: abcde123||",
                "action: listcommands||",
                "action: logoff||",
            ][..],
        ),
        (
            "Action: Ping\r\nActionID: 1\r\n\r\nPing\r\n",
            &["Action: Ping|ActionID: 1||", "Ping"],
        ),
        (
            "ActionID: 7  \nKey:  v  \nAction:Ping  \n",
            &["ActionID: 7|Key: v  |Action: Ping||"],
        ),
        ("Secret: x\naction: y", &["Secret: x|action: y||"]),
        (
            "Action:Ping\nActionID:1\n\n",
            &["Action: Ping|ActionID: 1||"],
        ),
        (
            "  Action: Ping\n  ActionID: 1\n   \nPing",
            &["Action: Ping|ActionID: 1||", "Ping"],
        ),
        (
            "Action: UserEvent\n# no comment\nno key\nE:\nVar: \"a\" $x 'b\n\n\n\n# c\n\nPing",
            &[
                "Action: UserEvent|# no comment|no key|E: |Var: \\\"a\\\" $x \\'b||",
                "Ping",
            ],
        ),
    ] {
        let wanted: Vec<String> = wanted.iter().map(|one| one.to_string()).collect();
        assert_eq!(shell(typed), Ok(wanted.clone()), "{typed}");
        assert_eq!(script(typed), Ok(wanted), "{typed}");
    }
}

// Refused as a whole, naming the line at fault.
#[test]
fn raw_packets_that_cannot_be_sent() {
    let long = format!(
        "Ping\nAction: x\nVal: {}\nmore: y\n\nPing",
        "v".repeat(1018)
    );
    let many = format!("Action: x\n{}", "k: v\n".repeat(128));
    for (typed, wanted) in [
        (
            "Ping\nKey: v\nk: w\n\nPing",
            "2:1: the packet has no Action: header",
        ),
        ("Action:\n\n", "1:1: the packet has no Action: header"),
        ("Action: x\nk: a\rb", "2:1: k holds a carriage return"),
        ("Action: x\nk: a\0b", "2:1: k holds a NUL"),
        (long.as_str(), "3:1: the line of Val has 1023 bytes"),
        (many.as_str(), "129:1: more than 128 headers"),
    ] {
        let error = shell(typed).expect_err("refused");
        assert!(error.starts_with(wanted), "{error}");
    }
}

// One bad packet in a pipe costs only its own lines: the rest is read.
#[test]
fn a_reader_goes_on_after_an_error() {
    let mut reader = Reader::new(Place::Script);
    let lines = ["A: x", "B: \0", "C: y", "", "Ping", "'", "Status", "Key: v"];
    let seen: Vec<Option<bool>> = lines
        .iter()
        .map(|line| reader.line(line.as_bytes()).map(|read| read.is_ok()))
        .collect();
    let (ok, bad) = (Some(true), Some(false));
    assert_eq!(seen, [None, None, None, bad, ok, bad, ok, None]);
    assert!(reader.is_open());
    let error = reader.finish().expect("open").expect_err("no Action");
    assert_eq!(error.line, 8);
    assert!(!reader.is_open() && reader.finish().is_none());
}

// The prompt relies on this to ask for more lines.
#[test]
fn when_a_raw_packet_is_open() {
    for (buffer, open) in [
        ("", false),
        ("Ping", false),
        ("action: login", true),
        ("action: login\nusername: x", true),
        ("action: login\n", false),
        ("action: login\r\n\r\n", false),
        ("a: b\n\nc: d", true),
        ("k=v\nx:", true),
        ("cli a: b", false),
        ("# a: b", false),
        (":", false),
    ] {
        assert_eq!(raw_packet_open(buffer.as_bytes()), open, "{buffer:?}");
    }
}
