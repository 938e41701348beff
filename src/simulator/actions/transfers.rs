//! Redirect, BlindTransfer, Atxfer, CancelAtxfer.

use crate::simulator::answer::Answer;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{Id, NotMoved, Place, World};

pub(super) fn redirect(peer: &mut Peer, request: &Request) -> Answer {
    let place = match place(request) {
        Ok(place) => place,
        Err(why) => return Answer::error(request, &why),
    };
    let (name, extra) = (request.text("Channel"), request.text("ExtraChannel"));
    peer.server.in_world(|world| {
        let missing =
            |name: &str| Answer::error(request, &format!("Channel does not exist: {name}"));
        let Some(id) = id(world, &name) else {
            return missing(&name);
        };
        let second = match &*extra {
            "" => None,
            extra => match world.find_channel(extra) {
                Some(channel) => Some(channel.id),
                None => return missing(extra),
            },
        };
        let done = match second {
            None => world.redirect(id, &place),
            Some(second) => {
                redirect_both(world, (id, &place), (second, &extra_place(request, &place)))
            }
        };
        match done {
            Ok(()) => Answer::success(request, "Redirect successful"),
            Err(_) => Answer::error(request, "Redirect failed"),
        }
    })
}

/// Both halves of a call at once: neither is hung up because the other leaves.
fn redirect_both(
    world: &mut World,
    (one, to): (Id, &Place),
    (other, there): (Id, &Place),
) -> Result<(), NotMoved> {
    world.part(one);
    world.redirect(one, to)?;
    world.redirect(other, there)
}

fn id(world: &World, name: &str) -> Option<Id> {
    world.find_channel(name).map(|channel| channel.id)
}

fn place(request: &Request) -> Result<Place, String> {
    for key in ["Channel", "Context", "Exten", "Priority"] {
        if request.get(key).is_empty() {
            return Err(format!("{key} not specified"));
        }
    }
    let priority = request.text("Priority").parse();
    Ok(Place {
        context: request.text("Context").into_owned(),
        exten: request.text("Exten").into_owned(),
        priority: priority.map_err(|_| "Priority is invalid".to_owned())?,
    })
}

/// Where the other channel goes: to the same place, as far as nothing else is said.
fn extra_place(request: &Request, place: &Place) -> Place {
    let own = |key: &str, otherwise: &str| match request.get(key) {
        b"" => otherwise.to_owned(),
        _ => request.text(key).into_owned(),
    };
    let priority = request.text("ExtraPriority").parse();
    Place {
        context: own("ExtraContext", &place.context),
        exten: own("ExtraExten", &place.exten),
        priority: priority.unwrap_or(place.priority),
    }
}

/// The channel and the extension that a transfer needs.
fn wanted(peer: &Peer, request: &Request) -> Result<(Id, Place), &'static str> {
    let (name, exten) = (request.text("Channel"), request.text("Exten"));
    if name.is_empty() {
        return Err("No channel specified");
    }
    if exten.is_empty() {
        return Err("No extension specified");
    }
    let found = peer.server.in_world(|world| {
        let channel = world.find_channel(&name);
        channel.map(|channel| (channel.id, channel.context.clone()))
    });
    let (id, own) = found.ok_or("Channel specified does not exist")?;
    let context = match request.get("Context") {
        b"" => own,
        _ => request.text("Context").into_owned(),
    };
    let place = Place {
        context,
        exten: exten.into_owned(),
        priority: 1,
    };
    Ok((id, place))
}

pub(super) fn blind_transfer(peer: &mut Peer, request: &Request) -> Answer {
    let (id, place) = match wanted(peer, request) {
        Ok(wanted) => wanted,
        Err(why) => return Answer::error(request, why),
    };
    let moved = |world: &mut World| world.blind_transfer(id, &place);
    match peer.server.in_world(moved) {
        Ok(()) => Answer::success(request, "Transfer succeeded"),
        Err(_) => Answer::error(request, "Transfer invalid"),
    }
}

/// Plays the feature code and the extension for the channel: that there is no call to transfer is not told.
pub(super) fn atxfer(peer: &mut Peer, request: &Request) -> Answer {
    let (id, place) = match wanted(peer, request) {
        Ok(wanted) => wanted,
        Err(why) => return Answer::error(request, why),
    };
    peer.server.in_world(|world| {
        if !request.get("Context").is_empty() {
            world.set_variable(Some(id), "TRANSFER_CONTEXT", place.context.as_bytes());
        }
        for digit in "*2".chars().chain(place.exten.chars()) {
            world.press(id, digit, None);
        }
        // Who is in no call hears nothing of it.
        let _ = world.consult(id, &place);
    });
    Answer::success(request, "Atxfer successfully queued")
}

pub(super) fn cancel_atxfer(peer: &mut Peer, request: &Request) -> Answer {
    let name = request.text("Channel");
    if name.is_empty() {
        return Answer::error(request, "No channel specified");
    }
    peer.server.in_world(|world| {
        let Some(id) = id(world, &name) else {
            return Answer::error(request, "Channel specified does not exist");
        };
        for digit in "*1".chars() {
            world.press(id, digit, None);
        }
        world.cancel_consultation(id);
        let queued = Packet::response("Success", request);
        Answer::packet(queued.header("Message", "CancelAtxfer successfully queued"))
    })
}
