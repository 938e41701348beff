//! ConfbridgeList, ConfbridgeListRooms, ConfbridgeMute, ConfbridgeUnmute, ConfbridgeKick.

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{Conference, Id, World, snapshot};

const NO_NAME: &str = "No Conference name provided.";
const NONE: &str = "No active conferences.";
const UNKNOWN: &str = "No Conference by that name found.";
const NOBODY: &str = "No Channel by that name found in Conference.";

fn yes_or_no(is: bool) -> &'static str {
    if is { "Yes" } else { "No" }
}

/// The conference that is asked for, or why there is none.
fn named<'a>(world: &'a World, name: &str) -> Result<&'a Conference, &'static str> {
    if name.is_empty() {
        return Err(NO_NAME);
    }
    if world.conferences.is_empty() {
        return Err(NONE);
    }
    world.conference(name).ok_or(UNKNOWN)
}

pub(super) fn list(peer: &mut Peer, request: &Request) -> Answer {
    let name = request.text("Conference");
    peer.server.in_world(|world| {
        let room = match named(world, &name) {
            Ok(room) => room,
            Err(why) => return Answer::error(request, why),
        };
        let mut list = List::marked(request, world.version, "Confbridge user list will follow");
        for seat in &room.seats {
            let Some(channel) = world.channel(seat.channel) else {
                continue;
            };
            let seconds = world.uptime().saturating_sub(seat.since).as_secs();
            let packet = Packet::event("ConfbridgeList").action_id(request).with(&[
                ("Conference", &*room.name),
                ("Admin", "No"),
                ("MarkedUser", "No"),
                ("WaitMarked", "No"),
                ("EndMarked", "No"),
                ("EndMarkedAny", "No"),
                ("Waiting", "No"),
                ("Muted", yes_or_no(seat.is_muted)),
                ("Talking", "No"),
                ("AnsweredTime", &seconds.to_string()),
            ]);
            list.add(snapshot(packet, "", channel));
        }
        list.end("ConfbridgeListComplete", &[])
    })
}

pub(super) fn list_rooms(peer: &mut Peer, request: &Request) -> Answer {
    peer.server.in_world(|world| {
        if world.conferences.is_empty() {
            return Answer::error(request, NONE);
        }
        let mut list = List::marked(request, world.version, "Confbridge conferences will follow");
        for room in &world.conferences {
            let packet = Packet::event("ConfbridgeListRooms").action_id(request);
            list.add(packet.with(&[
                ("Conference", &*room.name),
                ("Parties", &room.seats.len().to_string()),
                ("Marked", "0"),
                ("Locked", "No"),
                ("Muted", "No"),
            ]));
        }
        list.end("ConfbridgeListRoomsComplete", &[])
    })
}

pub(super) fn mute(peer: &mut Peer, request: &Request) -> Answer {
    each(peer, request, "User muted", |world, id| {
        world.mute(id, true)
    })
}

pub(super) fn unmute(peer: &mut Peer, request: &Request) -> Answer {
    each(peer, request, "User unmuted", |world, id| {
        world.mute(id, false);
    })
}

pub(super) fn kick(peer: &mut Peer, request: &Request) -> Answer {
    each(peer, request, "User kicked", World::kick)
}

/// Does something to a channel of a conference, or to all of them.
fn each(peer: &Peer, request: &Request, done: &str, deed: impl Fn(&mut World, Id)) -> Answer {
    let (name, who) = (request.text("Conference"), request.text("Channel"));
    if name.is_empty() {
        return Answer::error(request, NO_NAME);
    }
    if who.is_empty() {
        return Answer::error(request, "No channel name provided.");
    }
    peer.server.in_world(|world| {
        let room = match named(world, &name) {
            Ok(room) => room,
            Err(why) => return Answer::error(request, why),
        };
        let seats = room.seats.iter().map(|seat| seat.channel);
        let seats: Vec<Id> = match ["all", "participants"].contains(&&*who) {
            true => seats.collect(),
            false => {
                let is = |id: &Id| {
                    let channel = world.channel(*id);
                    channel.is_some_and(|channel| channel.name.starts_with(&*who))
                };
                seats.filter(is).take(1).collect()
            }
        };
        if seats.is_empty() {
            return Answer::error(request, NOBODY);
        }
        seats.into_iter().for_each(|id| deed(world, id));
        Answer::success(request, done)
    })
}
