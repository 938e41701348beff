//! MixMonitor, StopMixMonitor, MuteAudio, PlayDTMF, AGI: what concerns the sound of a channel. There is none here.

use crate::simulator::answer::Answer;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{Id, World};

fn id(world: &World, request: &Request) -> Option<Id> {
    let name = request.text("Channel");
    world.find_channel(&name).map(|channel| channel.id)
}

/// The channel, or why there is none.
fn channel(peer: &Peer, request: &Request) -> Result<Id, &'static str> {
    if request.get("Channel").is_empty() {
        return Err("No channel specified");
    }
    let found = peer.server.in_world(|world| id(world, request));
    found.ok_or("No such channel")
}

pub(super) fn mix_monitor(peer: &mut Peer, request: &Request) -> Answer {
    let id = match channel(peer, request) {
        Ok(id) => id,
        Err(why) => return Answer::error(request, why),
    };
    let (file, options) = (request.text("File"), request.text("Options"));
    let started = match file.is_empty() && !options.contains(['r', 't']) {
        true => None,
        false => peer
            .server
            .in_world(|world| world.start_recording(id, &file, &options)),
    };
    match started {
        Some(number) => {
            let packet = Packet::response("Success", request);
            Answer::packet(match options.contains("i(") {
                true => packet.header("MixMonitorID", number),
                false => packet,
            })
        }
        None => Answer::error(request, "Could not start monitoring channel"),
    }
}

pub(super) fn stop_mix_monitor(peer: &mut Peer, request: &Request) -> Answer {
    let id = match channel(peer, request) {
        Ok(id) => id,
        Err(why) => return Answer::error(request, why),
    };
    let which = request.text("MixMonitorID");
    let stopped = |world: &mut World| world.stop_recording(id, &which);
    match peer.server.in_world(stopped) {
        true => Answer::packet(Packet::response("Success", request)),
        false => Answer::error(request, "Could not stop monitoring channel"),
    }
}

pub(super) fn mute_audio(peer: &mut Peer, request: &Request) -> Answer {
    for key in ["Channel", "State", "Direction"] {
        if request.get(key).is_empty() {
            return Answer::error(request, &format!("{key} not specified"));
        }
    }
    if peer.server.in_world(|world| id(world, request)).is_none() {
        return Answer::error(request, "Channel not found");
    }
    let direction = request.text("Direction");
    let is_known = ["in", "out", "all"]
        .iter()
        .any(|one| one.eq_ignore_ascii_case(&direction));
    match is_known {
        true => Answer::packet(Packet::response("Success", request)),
        false => Answer::error(request, "Failed to mute/unmute stream"),
    }
}

pub(super) fn play_dtmf(peer: &mut Peer, request: &Request) -> Answer {
    let Some(id) = peer.server.in_world(|world| id(world, request)) else {
        return Answer::error(request, "Channel not found");
    };
    let digits = request.text("Digit");
    let Some(digit) = digits.chars().next() else {
        return Answer::error(request, "No digit specified");
    };
    let duration = match &*request.text("Duration") {
        "" => Some(100),
        text => text.parse().ok(),
    };
    let Some(duration) = duration else {
        return Answer::error(request, "Could not convert Duration parameter");
    };
    let receives = request.is_true("Receive");
    peer.server.in_world(|world| match receives {
        true => world.press(id, digit, None),
        false => world.press(id, digit, Some(duration)),
    });
    Answer::success(request, "DTMF successfully queued")
}

/// No channel here waits in Async AGI.
pub(super) fn agi(peer: &mut Peer, request: &Request) -> Answer {
    let (name, command) = (request.text("Channel"), request.text("Command"));
    if name.is_empty() || command.is_empty() {
        return Answer::error(request, "Both, Channel and Command are *required*");
    }
    let why = match peer.server.in_world(|world| id(world, request)) {
        Some(_) => format!("Failed to add AGI command to channel {name} queue"),
        None => format!("Channel {name} does not exist."),
    };
    Answer::error(request, &why)
}
