//! ExtensionState, ExtensionStateList, DeviceStateList, PresenceState, PresenceStateList.

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::config::Version;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{dialplan, presence_facts};

pub(super) fn extension_state(peer: &mut Peer, request: &Request) -> Answer {
    let exten = request.text("Exten");
    if exten.is_empty() {
        return Answer::error(request, "Extension not specified");
    }
    let context = match request.get("Context") {
        b"" => "default".into(),
        _ => request.text("Context"),
    };
    let is_here = context == "default" || dialplan::INCLUDING.contains(&&*context);
    let hint = dialplan::hints().find(|(own, _)| is_here && *own == exten);
    let hint = hint.map_or(String::new(), |(_, hint)| hint);
    let (status, text) = match &*hint {
        "" => ("-1", "Unknown"),
        hint => peer.server.in_world(|world| world.extension_state(hint)),
    };
    let packet = Packet::response("Success", request).with(&[
        ("Message", "Extension Status"),
        ("Exten", &exten),
        ("Context", &context),
        ("Hint", &hint),
        ("Status", status),
    ]);
    Answer::packet(match peer.version() {
        Version::V22 => packet.header("StatusText", text),
        Version::V18 => packet,
    })
}

pub(super) fn extension_state_list(peer: &mut Peer, request: &Request) -> Answer {
    let mut list = List::marked(request, peer.version(), "Extension Statuses will follow");
    peer.server.in_world(|world| {
        for (exten, hint) in dialplan::hints() {
            let (status, text) = world.extension_state(&hint);
            let packet = Packet::event("ExtensionStatus").action_id(request);
            list.add(packet.with(&[
                ("Exten", exten),
                ("Context", "default"),
                ("Hint", &hint),
                ("Status", status),
                ("StatusText", text),
            ]));
        }
    });
    list.end("ExtensionStateListComplete", &[])
}

pub(super) fn device_state_list(peer: &mut Peer, request: &Request) -> Answer {
    let mut list = List::marked(request, peer.version(), "Device State Changes will follow");
    peer.server.in_world(|world| {
        for (device, state) in world.devices() {
            let packet = Packet::event("DeviceStateChange").action_id(request);
            list.add(packet.header("Device", device).header("State", state));
        }
    });
    list.end("DeviceStateListComplete", &[])
}

pub(super) fn presence_state(peer: &mut Peer, request: &Request) -> Answer {
    let provider = request.text("Provider");
    if provider.is_empty() {
        return Answer::error(request, "No provider specified");
    }
    if !provider.starts_with("CustomPresence:") {
        let why = format!("Invalid provider {provider} or provider in invalid state");
        return Answer::error(request, &why);
    }
    let known = peer.server.in_world(|world| {
        let mut all = world.presences();
        let found = all.find(|(name, _)| *name == provider);
        found.map(|(_, value)| value.to_owned())
    });
    let value = known.unwrap_or_else(|| "not_set".to_owned());
    let packet = Packet::response("Success", request).header("Message", "Presence State");
    let facts = presence_facts(&provider, &value);
    // Here the first two have other names, and the message comes twice.
    let packet = facts
        .iter()
        .skip(1)
        .fold(packet, |packet, (key, text)| match *key {
            "Status" => packet.header("State", text),
            "Message" => packet.header(key, text).header("PresenceMessage", text),
            _ => packet.header(key, text),
        });
    Answer::packet(packet)
}

pub(super) fn presence_state_list(peer: &mut Peer, request: &Request) -> Answer {
    let mut list = List::marked(
        request,
        peer.version(),
        "Presence State Changes will follow",
    );
    peer.server.in_world(|world| {
        for (provider, value) in world.presences() {
            let packet = Packet::event("PresenceStateChange").action_id(request);
            list.add(packet.with(&presence_facts(provider, value)));
        }
    });
    list.end("PresenceStateListComplete", &[])
}
