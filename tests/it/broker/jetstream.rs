//! The same with NATS.

use super::{Load, Stream, away, emit, numbers, prepared};
use crate::nats::Nats;
use crate::program::signal;
use crate::servers::simulator;
use crate::support::until;
use nix::sys::signal::Signal;
use std::time::Duration;

// Each record is acknowledged by itself, and its identity keeps the stream from
// having it twice.
#[test]
fn a_nats_that_is_killed_and_comes_back_has_every_event_once_and_in_order() {
    let Some(mut nats) = Nats::start() else {
        return;
    };
    nats.keep();
    let pbx = simulator();
    let stream = Stream::begin(prepared(&pbx, &format!("-e=user --to {}", nats.url())));
    until("the stream has begun", || {
        pbx.emit("Begin", "user", &[]);
        nats.count() > 0
    });
    let mut load = Load::of(&pbx);
    load.run(300, Duration::ZERO);
    nats.kill();
    load.run(500, away());
    stream.has_said("trying again");
    nats.again();
    load.run(200, Duration::ZERO);
    stream.has_said("takes records again");
    // Those named Begin are not numbered.
    until("the last one came", || {
        nats.count() >= load.count
            && nats
                .last()
                .contains(&format!("\"Number\":\"{}\"", load.count - 1))
    });
    signal(&stream.child, Signal::SIGTERM);
    let (code, said) = stream.ends();
    assert_eq!(code, 143, "{said}");
    let entries = nats.entries();
    assert_eq!(numbers(&entries), (0..load.count).collect::<Vec<_>>());
    let ids: std::collections::HashSet<&str> = entries.iter().map(|one| &one.id[..]).collect();
    assert_eq!(ids.len(), entries.len(), "none is there twice");
}

// Without a stream nothing would be kept, and a message that nobody keeps is
// lost: the cure is told, and what came meanwhile is there when it is done.
#[test]
fn without_a_stream_events_wait_for_one() {
    let Some(nats) = Nats::start() else {
        return;
    };
    let pbx = simulator();
    let stream = Stream::begin(prepared(&pbx, &format!("-e=user --to {}", nats.url())));
    until("it is told", || {
        emit(&pbx, 0);
        stream.said.look().contains("nats stream add AMI")
    });
    nats.keep();
    stream.has_said("takes records again");
    let entries = nats.entries();
    assert_eq!(entries[0].subject, "ami.office.UserEvent");
    signal(&stream.child, Signal::SIGTERM);
    assert_eq!(stream.ends().0, 143);
}

// A stranger can make a packet larger than what a server takes: it must not
// stand in the way of what comes behind it.
#[test]
fn what_is_too_large_for_the_broker_is_a_gap() {
    let Some(nats) = Nats::start() else {
        return;
    };
    nats.keep();
    let pbx = simulator();
    let args = format!("-e=user --until Done --to {}", nats.url());
    let stream = Stream::begin(prepared(&pbx, &args));
    until("the stream has begun", || {
        pbx.emit("Begin", "user", &[]);
        nats.count() > 0
    });
    pbx.emit("Huge", "user", &[("Text", &"x".repeat(1_500_000))]);
    pbx.emit("Done", "user", &[]);
    let (code, said) = stream.ends();
    assert_eq!(code, 8, "{said}");
    let entries = nats.entries();
    let [.., gap, done] = &entries[..] else {
        panic!("{entries:?}");
    };
    assert_eq!(gap.subject, "ami.office._gap");
    assert!(gap.json.contains("\"reason\":\"oversize\""), "{gap:?}");
    assert_eq!(done.subject, "ami.office.Done");
}
