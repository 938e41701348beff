//! The events of many PBXs as one stream.

use super::{demo, profiles, with_config};
use crate::program::{Amish, finish, signal};
use crate::servers::{simulator, simulator_with};
use crate::support::until;
use amish::simulator::{Config, Simulator};
use nix::sys::signal::Signal;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;

fn emit(pbx: &Simulator, number: usize) {
    let number = number.to_string();
    pbx.emit(
        "UserEvent",
        "user",
        &[("UserEvent", "Tick"), ("Number", &number)],
    );
}

/// Whether somebody gets events of `pbx`.
fn is_asked(pbx: &Simulator) -> bool {
    pbx.listeners() > 0
}

fn begun(run: Amish, pbxs: &[&Simulator]) -> (std::process::Child, tempfile::TempDir) {
    let child = run.spawn();
    for pbx in pbxs {
        until("nobody asks for events", || is_asked(pbx));
    }
    child
}

fn of(line: &str) -> (String, String) {
    let value: Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    (text("_pbx"), text("_kind"))
}

// `--count` and `--until` are of the stream, not of each PBX.
#[test]
fn an_end_on_one_pbx_ends_the_stream_of_all() {
    let (one, other) = (simulator(), simulator());
    let config = profiles(&[demo("one", &one), demo("other", &other)]);
    let run = with_config("@all -e=user -o json --count 3", &config);
    let (child, _home) = begun(run, &[&one, &other]);
    emit(&one, 1);
    emit(&one, 2);
    emit(&other, 3);
    let done = finish(child, b"");
    assert_eq!(done.code, 0, "{}", done.err);
    let mut pbxs: Vec<String> = done.out.lines().map(|line| of(line).0).collect();
    pbxs.sort();
    assert_eq!(pbxs, ["one", "one", "other"]);

    let run = "@all -e=user -o json --until Number=7,_pbx=none --filter _pbx=other";
    let (child, _home) = begun(with_config(run, &config), &[]);
    for pbx in [&one, &other] {
        until("the second stream is not there", || is_asked(pbx));
    }
    emit(&one, 5);
    emit(&other, 6);
    let mut child = child;
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    out.read_line(&mut text).unwrap();
    emit(&one, 7);
    out.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{text}");
    let pbxs: Vec<String> = text.lines().map(|line| of(line).0).collect();
    assert_eq!(pbxs, ["other", "one"], "{text}");
}

// A PBX that is gone must not look like one on which nothing happens, and the others
// go on.
#[test]
fn a_pbx_that_is_gone_is_a_gap_of_its_own() {
    let stays = simulator();
    let goes = simulator();
    let address = goes.addr();
    let config = profiles(&[demo("stays", &stays), demo("goes", &goes)]);
    let run = with_config("@all -e=user -o json --until Number=9", &config);
    let (mut child, _home) = begun(run, &[&stays, &goes]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        of(&line)
    };
    goes.stop();
    emit(&stays, 1);
    assert_eq!(next(), ("stays".to_owned(), "event".to_owned()));
    let listener = TcpListener::bind(address).unwrap();
    let back = Simulator::start(listener, Config::default()).unwrap();
    assert_eq!(next(), ("goes".to_owned(), "gap".to_owned()));
    until("the events are not asked for again", || is_asked(&back));
    emit(&back, 9);
    assert_eq!(next(), ("goes".to_owned(), "event".to_owned()));
    // Events were lost while it was gone.
    assert_eq!(child.wait().unwrap().code(), Some(8));
}

// Forms that a person or a spreadsheet reads say whose an event is, too.
#[test]
fn events_carry_their_pbx_in_every_form() {
    let (one, other) = (simulator(), simulator_with(Config::default()));
    let config = profiles(&[demo("one", &one), demo("other", &other)]);
    for (form, of_one) in [
        (
            "csv --fields Event,Number",
            "pbx,Event,Number\r\none,UserEvent,1\r\n",
        ),
        ("tsv --fields Number", "pbx\tNumber\none\t1\n"),
        ("packet", "# one\nEvent: UserEvent\n"),
    ] {
        let run = with_config(&format!("@all -e=user --count 1 -o {form}"), &config);
        let (child, _home) = run.spawn();
        for pbx in [&one, &other] {
            until("nobody asks for events", || is_asked(pbx));
        }
        emit(&one, 1);
        let done = finish(child, b"");
        assert!(done.out.starts_with(of_one), "{form}: {}", done.out);
    }
}

// What a profile says of its events holds in a fleet as it does alone.
#[test]
fn classes_and_filter_are_those_of_each_profile() {
    let (one, other) = (simulator(), simulator());
    let config = profiles(&[demo("one", &one)])
        + "events = \"user\"\nfilter = \"Number=1\"\n"
        + &profiles(&[demo("other", &other)]);
    let run = with_config("@all -e -o json --until Number=9", &config);
    let (child, _home) = begun(run, &[&one, &other]);
    emit(&one, 2);
    emit(&one, 1);
    emit(&other, 9);
    let done = finish(child, b"");
    let masks = |pbx: &Simulator| {
        let received = pbx.received().into_iter();
        received
            .filter(|one| one.contains("ction: Events"))
            .collect::<String>()
    };
    assert!(masks(&one).contains("EventMask: user"), "{}", masks(&one));
    assert!(
        !masks(&other).contains("EventMask: user"),
        "{}",
        masks(&other)
    );
    assert!(!done.out.contains("\"Number\":\"2\""), "{}", done.out);
}

// Whoever stops a stream of forty PBXs waits a second at most, and has logged off.
#[test]
fn a_signal_ends_the_stream_of_all() {
    let pbxs = [simulator(), simulator()];
    let config = profiles(&[demo("one", &pbxs[0]), demo("other", &pbxs[1])]);
    for (end, seen) in [(Signal::SIGINT, 1), (Signal::SIGTERM, 2)] {
        let run = with_config("@all -e=user -o json", &config);
        let (mut child, _home) = run.spawn();
        let count = |pbx: &Simulator, what: &str| {
            let received = pbx.received();
            received.iter().filter(|one| one.contains(what)).count()
        };
        for pbx in &pbxs {
            until("nobody asks for events", || {
                count(pbx, "ction: Events") >= seen
            });
        }
        signal(&child, end);
        assert_eq!(child.wait().unwrap().code(), Some(128 + end as i32));
        for pbx in &pbxs {
            until("it has not logged off", || {
                count(pbx, "ction: Logoff") == seen
            });
        }
    }
}
