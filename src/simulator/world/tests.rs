use std::time::{Duration, UNIX_EPOCH};

use super::lot::Stay;
use super::moving::Place;
use super::random::Random;
use super::state::World;
use crate::simulator::config::{Life, Version};
use crate::simulator::outbox::Event;

/// What points to a channel or a bridge that is not there.
fn astray(world: &World) -> Vec<String> {
    let is_there = |id: &u64| world.channels.contains_key(id);
    let mut found = Vec::new();
    for channel in world.channels.values() {
        if channel
            .bridge
            .is_some_and(|key| !world.bridges.contains_key(&key))
        {
            found.push(format!("{} is in a bridge that is gone", channel.name));
        }
    }
    for bridge in world.bridges.values() {
        found.extend(
            [bridge.caller, bridge.callee]
                .iter()
                .filter(|id| !is_there(id))
                .map(|id| format!("a bridge has channel {id}, which is gone")),
        );
    }
    let seats = world.conferences.iter().flat_map(|room| &room.seats);
    let seated = seats.map(|seat| seat.channel);
    let parked = world.parking.calls.iter().map(|call| call.channel);
    let consult = world.consultations.iter();
    let consult = consult.flat_map(|one| [one.transferer, one.transferee, one.target]);
    let held = seated.chain(parked).chain(consult);
    found.extend(
        held.filter(|id| !is_there(id))
            .map(|id| format!("{id} is gone")),
    );
    found
}

/// Does something to a channel by chance.
fn meddle(world: &mut World, random: &mut Random) {
    let ids: Vec<_> = world.channels.keys().copied().collect();
    let Some(id) = random.pick(&ids).copied() else {
        return;
    };
    let extens = [
        "100", "101", "110", "200", "300", "400", "701", "800", "nosuch",
    ];
    let exten = random.pick(&extens).copied().unwrap_or("100");
    let place = Place {
        context: "default".into(),
        exten: exten.into(),
        priority: 1,
    };
    match random.between(0, 8) {
        0 => _ = world.redirect(id, &place),
        1 => _ = world.blind_transfer(id, &place),
        2 | 3 => _ = world.consult(id, &place),
        4 => _ = world.cancel_consultation(id),
        5 => {
            let seconds = Some(random.between(0, 5));
            let wish = Stay {
                seconds,
                ..Stay::default()
            };
            world.park(id, &wish);
        }
        6 => world.kick(id),
        7 => world.request_hangup(id, 16),
        _ => {
            world.part(id);
            _ = world.redirect(id, &place);
        }
    }
}

// Everything that a client can do to a call, in any order and at any moment: nothing may point to what is gone, and once
// all is hung up nothing may be left.
#[test]
fn whatever_is_done_to_calls_leaves_nothing_astray() {
    for seed in 0..40 {
        let mut world = World::new(Version::V22, Life::Seeded(seed), UNIX_EPOCH);
        let mut random = Random::new(seed);
        for second in 1..300 {
            world.advance(Duration::from_secs(second));
            for _ in 0..random.between(0, 3) {
                meddle(&mut world, &mut random);
                assert_eq!(astray(&world), [""; 0], "seed {seed}, second {second}");
            }
        }
        world.lively = false;
        world.schedule.clear();
        for id in world.channels.keys().copied().collect::<Vec<_>>() {
            world.request_hangup(id, 16);
        }
        assert!(world.channels.is_empty() && world.bridges.is_empty());
        assert!(world.conferences.is_empty() && world.parking.calls.is_empty());
        assert!(world.consultations.is_empty() && world.attempts.is_empty());
        let text: String = world.take_events().iter().map(Event::text).collect();
        let count = |kind: &str| text.matches(&format!("Event: {kind}\r\n")).count();
        assert_eq!(count("Newchannel"), count("Hangup"), "seed {seed}");
        // The bridge of the parking lot stays.
        let lot = usize::from(text.contains("BridgeType: parking"));
        assert_eq!(
            count("BridgeCreate"),
            count("BridgeDestroy") + lot,
            "seed {seed}"
        );
    }
}
