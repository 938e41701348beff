//! Lines with a cursor, and what Tab makes of them.

use super::*;
use crate::catalog::{Choice, Page, Parameter};

/// What Tab offers at the `¦` of a line, blanks between them.
type Row = (&'static str, &'static str);

fn parameter(key: &str, required: bool, repeatable: bool, choices: &[&str]) -> Parameter {
    let choice = |value: &&str| Choice {
        value: (*value).to_owned(),
        about: String::new(),
    };
    Parameter {
        key: key.to_owned(),
        required,
        repeatable,
        choices: choices.iter().map(choice).collect(),
        about: vec![format!("{key} of it")],
    }
}

fn page(name: &str, parameters: Vec<Parameter>) -> Page {
    Page {
        name: name.to_owned(),
        parameters,
        ..Page::default()
    }
}

fn catalog() -> Catalog {
    Catalog::default().and([
        page(
            "QueueAdd",
            vec![
                parameter("ActionID", false, false, &[]),
                parameter("Queue", true, false, &[]),
                parameter("Interface", true, false, &[]),
                parameter("Penalty", false, false, &[]),
                parameter("Paused", false, false, &["yes", "no"]),
            ],
        ),
        page(
            "Originate",
            vec![
                parameter("ActionID", false, false, &[]),
                parameter("Channel", true, false, &[]),
                parameter("Variable", false, true, &[]),
                parameter("Async", false, false, &["true", "false"]),
            ],
        ),
        page(
            "QueuePause",
            vec![
                parameter("Interface", true, false, &[]),
                parameter("Paused", true, false, &["true", "false"]),
                parameter(
                    "Reason",
                    false,
                    false,
                    &["lunch break", "it's over", "say \"hi\""],
                ),
            ],
        ),
    ])
}

#[track_caller]
fn holds(rows: &[Row]) {
    let catalog = catalog();
    let profiles = [
        Candidate::new("office", "pbx"),
        Candidate::new("outpost", "10.0.0.7"),
    ];
    let known = Known {
        catalog: &catalog,
        profiles: &profiles,
    };
    for (line, wanted) in rows {
        let position = line.find('¦').expect("a cursor");
        let buffer = line.replacen('¦', "", 1);
        let (start, found) = complete(&buffer, position, &known);
        let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        let typed = &buffer[start..position];
        assert_eq!(format!("{typed}>{}", texts.join(" ")), *wanted, "{line}");
    }
}

// What Tab offers is what people learn the protocol from: names in any case,
// wherever one begins.
#[test]
fn names() {
    holds(&[
        ("coreshowchannels¦", "coreshowchannels>CoreShowChannels"),
        ("PIN¦", "PIN>Ping"),
        ("  pin¦", "pin>Ping"),
        ("Ping\npin¦", "pin>Ping"),
        ("action: pin¦", "pin>Ping"),
        ("variable: x\naction:pin¦", "pin>Ping"),
        ("Action: Ping\n\npin¦", "pin>Ping"),
        ("help pin¦", "pin>Ping"),
        ("hel¦", "hel>help"),
        ("pin¦ ActionID=1", "pin>Ping"),
        ("pin¦g", "pin>Ping"),
        ("'pin¦", "pin>"),
        ("a=b¦", "b>"),
    ]);
}

// The required ones first, ActionID last, and none twice but where that means
// something.
#[test]
fn keys() {
    holds(&[
        (
            "QueueAdd ¦",
            ">Queue= Interface= Penalty= Paused= ActionID=",
        ),
        (
            "queueadd ¦",
            ">Queue= Interface= Penalty= Paused= ActionID=",
        ),
        ("QueueAdd p¦", "p>Penalty= Paused="),
        (
            "QueueAdd Queue=a ¦",
            ">Interface= Penalty= Paused= ActionID=",
        ),
        (
            "QueueAdd ¦ Queue=a",
            ">Interface= Penalty= Paused= ActionID=",
        ),
        ("QueueAdd a ¦", ">Interface= Penalty= Paused= ActionID="),
        ("QueueAdd '¦", "'>"),
        ("Originate Variable=a Var¦", "Var>Variable="),
        ("Action: QueueAdd\nqueue: a\np¦", "p>Penalty:  Paused: "),
        (
            "Action: QueueAdd\n¦\nqueue: a",
            ">Interface:  Penalty:  Paused:  ActionID: ",
        ),
        ("x: QueueAdd\nA¦", "A>Action: "),
    ]);
}

// Quotes go where the language needs them, or as they were opened.
#[test]
fn values() {
    holds(&[
        ("QueueAdd Paused=¦", ">yes no"),
        ("QueueAdd paused=Y¦", "Y>yes"),
        ("QueuePause Interface=a t¦", "t>true"),
        ("QueuePause a t¦", "t>true"),
        ("QueuePause Reason=l¦", "l>'lunch break'"),
        ("QueuePause Reason=\"l¦", "\"l>\"lunch break\""),
        ("QueuePause Reason='say¦", "'say>'say \"hi\"'"),
        ("QueuePause Reason=\"say¦", "\"say>\"say \\\"hi\\\"\""),
        ("QueuePause Reason='it¦", "'it>\"it's over\""),
        ("Action: QueuePause\nReason: l¦", "l>lunch break"),
        ("QueuePause ¦ x", ">Interface= Reason="),
    ]);
}

#[test]
fn words_of_amish() {
    holds(&[
        ("/ev¦", "/ev>/events"),
        ("/doctor origin¦", "origin>Originate"),
        ("/events ca¦", "ca>call"),
        ("/events call,ag¦", "ag>agent agi"),
        ("/set out¦", "out>output"),
        ("/set output j¦", "j>json"),
        ("/set output json x¦", "x>"),
        ("/connect o¦", "o>office outpost"),
        ("/CONNECT  out¦", "out>outpost"),
        ("/connect office o¦", "o>"),
        ("!ls ¦", ">"),
        ("Ping | gr¦", ">"),
    ]);
}
