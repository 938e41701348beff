//! CoreShowChannels, Status, Hangup, Getvar, Setvar.

use regex::{Regex, RegexBuilder};

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::config::Version;
use crate::simulator::outbox::Event;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{Channel, Id, World, escaped, hms, known, snapshot};

pub(super) fn core_show_channels(peer: &mut Peer, request: &Request) -> Answer {
    let mut list = List::marked(request, peer.version(), "Channels will follow");
    peer.server.in_world(|world| {
        for channel in world.channels() {
            let packet = Packet::event("CoreShowChannel").action_id(request);
            list.add(match world.version {
                Version::V22 => shown(packet, world, channel),
                Version::V18 => shown_1_8(packet, world, channel),
            });
        }
    });
    list.end("CoreShowChannelsComplete", &[])
}

fn duration(world: &World, channel: &Channel) -> u64 {
    world.uptime().saturating_sub(channel.created).as_secs()
}

fn shown(packet: Packet, world: &World, channel: &Channel) -> Packet {
    snapshot(packet, "", channel)
        .header("Application", &channel.application)
        .header("ApplicationData", &channel.data)
        .header("Duration", hms(duration(world, channel)))
        .header("BridgeId", world.bridge_of(channel))
}

fn shown_1_8(packet: Packet, world: &World, channel: &Channel) -> Packet {
    let other = world.bridged_with(channel);
    let facts = [
        ("Duration", &*hms(duration(world, channel))),
        ("BridgedChannel", other.map_or("", |other| &other.name)),
        ("BridgedUniqueID", other.map_or("", |other| &other.uniqueid)),
    ];
    let headers = "Channel UniqueID Context Extension Priority ChannelState ChannelStateDesc Application ApplicationData \
                   CallerIDnum CallerIDname ConnectedLineNum ConnectedLineName Duration AccountCode BridgedChannel \
                   BridgedUniqueID";
    packet.listed(headers, known("", &[("", channel)], &facts))
}

pub(super) fn status(peer: &mut Peer, request: &Request) -> Answer {
    let name = request.text("Channel");
    peer.server.in_world(|world| {
        if !name.is_empty() && world.find_channel(&name).is_none() {
            return Answer::error(request, "No such channel");
        }
        let mut list = List::unmarked(request, world.version, "Channel status will follow");
        let one = world.find_channel(&name).map(|channel| channel.id);
        let met = |channel: &&Channel| one.is_none_or(|one| one == channel.id);
        for channel in world.channels().filter(met) {
            let packet = Packet::event("Status").header("Privilege", "Call");
            let packet = match world.version {
                Version::V22 => status_of(packet, world, channel),
                Version::V18 => status_of_1_8(packet, world, channel),
            };
            list.item(variables(packet, world, channel, request));
        }
        let items = list.items().to_string();
        list.end("StatusComplete", &[("Items", &items)])
    })
}

fn status_of(packet: Packet, world: &World, channel: &Channel) -> Packet {
    let format = match channel.technology() {
        "Local" => "(slin)",
        _ => "(ulaw)",
    };
    let facts = [
        ("BridgeID", world.bridge_of(channel)),
        ("Nativeformats", format),
        ("Seconds", &duration(world, channel).to_string()),
    ];
    let headers = "Type DNID: EffectiveConnectedLineNum EffectiveConnectedLineName TimeToHangup:0 BridgeID Application Data \
                   Nativeformats Readformat:slin Readtrans: Writeformat:slin Writetrans: Callgroup:0 Pickupgroup:0 Seconds";
    snapshot(packet, "", channel).listed(headers, known("<unknown>", &[("", channel)], &facts))
}

/// A channel that runs no dialplan is described by fewer headers, under other names.
fn status_of_1_8(packet: Packet, world: &World, channel: &Channel) -> Packet {
    let state = match channel.runs_dialplan() {
        true => "Accountcode ChannelState ChannelStateDesc Context Extension Priority Seconds",
        false => "Account State",
    };
    let other = world.bridged_with(channel);
    let bridged = match other {
        Some(_) => "BridgedChannel=OtherChannel BridgedUniqueid=OtherUniqueid",
        None => "",
    };
    let headers = format!(
        "Channel CallerIDNum CallerIDName ConnectedLineNum ConnectedLineName {state} {bridged} Uniqueid"
    );
    let channels = [Some(("", channel)), other.map(|other| ("Other", other))];
    let channels: Vec<_> = channels.into_iter().flatten().collect();
    let facts = [("Seconds", duration(world, channel).to_string())];
    packet.listed(&headers, known("<unknown>", &channels, &facts))
}

/// Those that were asked for, set or not; with AllVariables those that are set.
fn variables(mut packet: Packet, world: &World, channel: &Channel, request: &Request) -> Packet {
    let add = |packet: Packet, name: &str, value: &[u8]| {
        packet.header("Variable", [name.as_bytes(), b"=", value].concat())
    };
    if request.is_true("AllVariables") && world.version == Version::V22 {
        let all = channel.variables.iter();
        return all.fold(packet, |packet, (name, value)| add(packet, name, value));
    }
    let asked = request.text("Variables");
    for name in asked.split(',').filter(|name| !name.is_empty()) {
        let value = value_of(world, Some(channel), name);
        packet = add(packet, name, value.as_deref().unwrap_or(b"(null)"));
    }
    packet
}

/// A channel's variable, a global one, or one of the functions that say something about a channel.
fn value_of(world: &World, channel: Option<&Channel>, name: &str) -> Option<Vec<u8>> {
    if let Some(channel) = channel {
        let header = match name {
            "CHANNEL(name)" => "Channel",
            "CHANNEL(state)" => "ChannelStateDesc",
            "CHANNEL(language)" => "Language",
            "CHANNEL(channeltype)" => "Type",
            "CHANNEL(uniqueid)" => "Uniqueid",
            "CHANNEL(linkedid)" => "Linkedid",
            "CALLERID(num)" => "CallerIDNum",
            "CALLERID(name)" => "CallerIDName",
            "CHANNEL" | "UNIQUEID" | "CONTEXT" | "EXTEN" | "PRIORITY" => name,
            _ => "",
        };
        if let Some(text) = channel.told(header) {
            return Some(text.into_bytes());
        }
        if let Some((_, value)) = channel.variables.iter().find(|(key, _)| key == name) {
            return Some(value.clone());
        }
    }
    let global = name
        .strip_prefix("GLOBAL(")
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(name);
    world.globals.get(global).cloned()
}

pub(super) fn getvar(peer: &mut Peer, request: &Request) -> Answer {
    let (variable, name) = (request.text("Variable"), request.text("Channel"));
    if variable.is_empty() {
        return Answer::error(request, "No variable specified");
    }
    peer.server.in_world(|world| {
        let channel = world.find_channel(&name);
        if !name.is_empty() && channel.is_none() {
            return Answer::error(request, "No such channel");
        }
        let value = value_of(world, channel, &variable).unwrap_or_default();
        let packet =
            Packet::response("Success", request).header("Variable", request.get("Variable"));
        Answer::packet(packet.header("Value", value))
    })
}

pub(super) fn setvar(peer: &mut Peer, request: &Request) -> Answer {
    let (variable, name) = (request.text("Variable"), request.text("Channel"));
    if variable.is_empty() {
        return Answer::error(request, "No variable specified");
    }
    if let Some(provider) = provider(&variable) {
        let value = request.text("Value");
        let set = |world: &mut World| world.set_presence(provider, &value);
        return match peer.server.in_world(set) {
            true => Answer::success(request, "Variable Set"),
            false => Answer::error(request, "Variable not set"),
        };
    }
    let id = peer.server.in_world(|world| {
        let id = world.find_channel(&name).map(|channel| channel.id);
        if id.is_some() || name.is_empty() {
            world.set_variable(id, &variable, request.get("Value"));
        }
        id
    });
    if id.is_none() && !name.is_empty() {
        return Answer::error(request, "No such channel");
    }
    if id.is_none() {
        global_set(peer, request);
    }
    Answer::success(request, "Variable Set")
}

/// The provider in `PRESENCE_STATE(CustomPresence:101)`.
fn provider(variable: &str) -> Option<&str> {
    let inner = variable
        .strip_prefix("PRESENCE_STATE(")?
        .strip_suffix(')')?;
    inner.starts_with("CustomPresence:").then_some(inner)
}

/// The event for a global variable names no channel in its own way.
fn global_set(peer: &Peer, request: &Request) {
    let packet = Packet::event("VarSet")
        .header("Privilege", "dialplan,all")
        .header("Channel", "none");
    let packet = match peer.version() {
        Version::V22 => packet
            .header("Uniqueid", "none")
            .header("Variable", request.get("Variable"))
            .header("Value", escaped(request.get("Value"))),
        Version::V18 => packet
            .header("Variable", request.get("Variable"))
            .header("Value", request.get("Value"))
            .header("Uniqueid", "none"),
    };
    peer.server.broadcast(&Event::new("dialplan", packet));
}

pub(super) fn hangup(peer: &mut Peer, request: &Request) -> Answer {
    let name = request.text("Channel");
    let cause = request
        .text("Cause")
        .parse()
        .ok()
        .filter(|cause| (1..=127).contains(cause))
        .unwrap_or(0);
    if name.is_empty() {
        return Answer::error(request, "No channel specified");
    }
    let pattern = name
        .strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'))
        .filter(|_| peer.version() == Version::V22);
    if let Some(pattern) = pattern {
        // In time that grows with the length of the name only, because the world is locked.
        let Ok(pattern) = RegexBuilder::new(pattern).case_insensitive(true).build() else {
            return Answer::error(request, &format!("Regex compile failed on: {name}"));
        };
        return peer
            .server
            .in_world(|world| hang_up_all(world, request, &pattern, cause));
    }
    peer.server.in_world(
        |world| match world.find_channel(&name).map(|channel| channel.id) {
            Some(id) => {
                world.request_hangup(id, cause);
                Answer::success(request, "Channel Hungup")
            }
            None => Answer::error(request, "No such channel"),
        },
    )
}

fn hang_up_all(world: &mut World, request: &Request, pattern: &Regex, cause: u32) -> Answer {
    let mut list = List::marked(request, world.version, "Channels hung up will follow");
    let met = world
        .channels()
        .filter(|channel| pattern.is_match(&channel.name));
    let met: Vec<(Id, String)> = met
        .map(|channel| (channel.id, channel.name.clone()))
        .collect();
    for (id, name) in met {
        list.item(Packet::event("ChannelHungup").header("Channel", name));
        world.request_hangup(id, cause);
    }
    list.end("ChannelsHungupListComplete", &[])
}
