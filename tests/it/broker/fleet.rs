//! The streams of many PBXs into one broker.

use super::{Stream, emit};
use crate::program::amish;
use crate::redis::Redis;
use crate::servers::simulator;
use crate::support::until;
use amish::simulator::Simulator;
use nix::sys::signal::Signal;
use std::collections::HashSet;

// One process for forty PBXs must keep what forty keep: a stream for each, in its
// order, and no two records with one identity.
#[test]
fn every_pbx_has_a_stream_of_its_own_while_the_broker_is_killed() {
    let Some(mut redis) = Redis::start("") else {
        return;
    };
    let pbxs = [simulator(), simulator()];
    let profile = |(name, pbx): (&str, &Simulator)| {
        let target = pbx.addr();
        format!("[profile.{name}]\ntarget = \"{target}\"\nuser = \"demo\"\nsecret = \"demo\"\n")
    };
    let config: String = ["a.1", "b"].into_iter().zip(&pbxs).map(profile).collect();
    let config = config.replace("profile.a.1", "profile.\"a.1\"");
    let run = amish(&format!("@all -e=user --to {}", redis.url()));
    let stream = Stream::begin(run.file(".config/amish/config.toml", config));
    let keys = ["ami.a_1", "ami.b"];
    until("both streams have begun", || {
        pbxs.iter().for_each(|pbx| pbx.emit("Begin", "user", &[]));
        keys.iter().all(|key| redis.count(key) > 0)
    });
    let send = |numbers: std::ops::Range<usize>| {
        for number in numbers {
            pbxs.iter().for_each(|pbx| emit(pbx, number));
        }
    };
    send(0..100);
    redis.kill();
    send(100..300);
    stream.has_said("trying again");
    redis.again();
    send(300..400);
    let mut ids = HashSet::new();
    for key in keys {
        until("the last one came", || {
            let last = redis.cli(&["XREVRANGE", key, "+", "-", "COUNT", "1"]);
            last.contains("\"Number\":\"399\"")
        });
        let mut numbers = Vec::new();
        let mut seen = HashSet::new();
        for entry in redis.entries(key) {
            let json: serde_json::Value = serde_json::from_str(&entry.json).unwrap();
            // A copy has the identity of the first.
            if seen.insert(entry.id.clone())
                && let Some(number) = json["Number"].as_str()
            {
                numbers.push(number.parse::<usize>().unwrap());
            }
        }
        assert_eq!(numbers, (0..400).collect::<Vec<_>>(), "{key}");
        let before = ids.len() + seen.len();
        ids.extend(seen);
        assert_eq!(ids.len(), before, "two PBXs have one identity");
    }
    crate::program::signal(&stream.child, Signal::SIGTERM);
    let (code, said) = stream.ends();
    assert_eq!(code, 143, "{said}");
}
