//! CoreShowChannels, Status, Hangup, Getvar, Setvar.

use super::Answer;
use super::list::List;
use super::pattern;
use crate::simulator::Version;
use crate::simulator::outbox::Event;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{Channel, Id, World, hms, snapshot};

pub(super) fn core_show_channels(peer: &mut Peer, request: &Request) -> Answer {
    let mut list = List::marked(request, peer.version(), "Channels will follow");
    peer.server.in_world(|world| {
        for channel in world.channels() {
            let packet = Packet::event("CoreShowChannel").action_id(request);
            list.item(match world.version {
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
    packet
        .header("Channel", &channel.name)
        .header("UniqueID", &channel.uniqueid)
        .header("Context", &channel.context)
        .header("Extension", &channel.exten)
        .header("Priority", channel.priority.to_string())
        .header("ChannelState", channel.state.number())
        .header("ChannelStateDesc", channel.state.word())
        .header("Application", &channel.application)
        .header("ApplicationData", &channel.data)
        .header("CallerIDnum", &channel.caller.num)
        .header("CallerIDname", &channel.caller.name)
        .header("ConnectedLineNum", &channel.connected.num)
        .header("ConnectedLineName", &channel.connected.name)
        .header("Duration", hms(duration(world, channel)))
        .header("AccountCode", &channel.account)
        .header("BridgedChannel", other.map_or("", |other| &other.name))
        .header("BridgedUniqueID", other.map_or("", |other| &other.uniqueid))
}

pub(super) fn status(peer: &mut Peer, request: &Request) -> Answer {
    let name = request.text("Channel");
    peer.server.in_world(|world| {
        if !name.is_empty() && world.find_channel(&name).is_none() {
            return Answer::error(request, "No such channel");
        }
        let mut list = List::unmarked(request, world.version, "Channel status will follow");
        for channel in world.channels() {
            if name.is_empty()
                || world
                    .find_channel(&name)
                    .is_some_and(|one| one.id == channel.id)
            {
                let packet = Packet::event("Status").header("Privilege", "Call");
                let packet = match world.version {
                    Version::V22 => status_of(packet, world, channel),
                    Version::V18 => status_of_1_8(packet, world, channel),
                };
                list.item(variables(packet, world, channel, request).action_id(request));
            }
        }
        let items = list.items().to_string();
        list.end("StatusComplete", &[("Items", &items)])
    })
}

fn status_of(packet: Packet, world: &World, channel: &Channel) -> Packet {
    let or_unknown = |text: &str| {
        if text.is_empty() {
            "<unknown>".to_owned()
        } else {
            text.to_owned()
        }
    };
    snapshot(packet, "", channel)
        .header("Type", channel.technology())
        .header("DNID", "")
        .header(
            "EffectiveConnectedLineNum",
            or_unknown(&channel.connected.num),
        )
        .header(
            "EffectiveConnectedLineName",
            or_unknown(&channel.connected.name),
        )
        .header("TimeToHangup", "0")
        .header("BridgeID", world.bridge_of(channel))
        .header("Application", &channel.application)
        .header("Data", &channel.data)
        .header(
            "Nativeformats",
            if channel.technology() == "Local" {
                "(slin)"
            } else {
                "(ulaw)"
            },
        )
        .header("Readformat", "slin")
        .header("Readtrans", "")
        .header("Writeformat", "slin")
        .header("Writetrans", "")
        .header("Callgroup", "0")
        .header("Pickupgroup", "0")
        .header("Seconds", duration(world, channel).to_string())
}

/// A channel that runs no dialplan is described by fewer headers, under other names.
fn status_of_1_8(packet: Packet, world: &World, channel: &Channel) -> Packet {
    let packet = packet
        .header("Channel", &channel.name)
        .header("CallerIDNum", or(&channel.caller.num))
        .header("CallerIDName", or(&channel.caller.name))
        .header("ConnectedLineNum", or(&channel.connected.num))
        .header("ConnectedLineName", or(&channel.connected.name));
    let packet = if channel.runs_dialplan() {
        packet
            .header("Accountcode", &channel.account)
            .header("ChannelState", channel.state.number())
            .header("ChannelStateDesc", channel.state.word())
            .header("Context", &channel.context)
            .header("Extension", &channel.exten)
            .header("Priority", channel.priority.to_string())
            .header("Seconds", duration(world, channel).to_string())
    } else {
        packet
            .header("Account", &channel.account)
            .header("State", channel.state.word())
    };
    let packet = match world.bridged_with(channel) {
        Some(other) => packet
            .header("BridgedChannel", &other.name)
            .header("BridgedUniqueid", &other.uniqueid),
        None => packet,
    };
    packet.header("Uniqueid", &channel.uniqueid)
}

fn or(text: &str) -> &str {
    if text.is_empty() { "<unknown>" } else { text }
}

/// Those that were asked for, set or not; with AllVariables those that are set.
fn variables(mut packet: Packet, world: &World, channel: &Channel, request: &Request) -> Packet {
    let mut add = |name: &str, value: &[u8]| {
        packet = packet
            .clone()
            .header("Variable", [name.as_bytes(), b"=", value].concat());
    };
    if request.is_true("AllVariables") && world.version == Version::V22 {
        channel
            .variables
            .iter()
            .for_each(|(name, value)| add(name, value));
        return packet;
    }
    let asked = request.text("Variables").into_owned();
    for name in asked.split(',').filter(|name| !name.is_empty()) {
        let value = value_of(world, Some(channel), name);
        add(name, value.as_deref().unwrap_or(b"(null)"));
    }
    packet
}

/// A channel's variable, a global one, or one of the functions that say something about a channel.
fn value_of(world: &World, channel: Option<&Channel>, name: &str) -> Option<Vec<u8>> {
    if let Some(channel) = channel {
        let text = match name {
            "CHANNEL" | "CHANNEL(name)" => Some(channel.name.clone()),
            "CHANNEL(state)" => Some(channel.state.word().to_owned()),
            "CHANNEL(language)" => Some("en".to_owned()),
            "CHANNEL(channeltype)" => Some(channel.technology().to_owned()),
            "CHANNEL(uniqueid)" | "UNIQUEID" => Some(channel.uniqueid.clone()),
            "CHANNEL(linkedid)" => Some(channel.linkedid.clone()),
            "CALLERID(num)" => Some(channel.caller.num.clone()),
            "CALLERID(name)" => Some(channel.caller.name.clone()),
            "CONTEXT" => Some(channel.context.clone()),
            "EXTEN" => Some(channel.exten.clone()),
            "PRIORITY" => Some(channel.priority.to_string()),
            _ => None,
        };
        if let Some(text) = text {
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

/// The event for a global variable names no channel in its own way.
fn global_set(peer: &Peer, request: &Request) {
    let packet = Packet::event("VarSet")
        .header("Privilege", "dialplan,all")
        .header("Channel", "none");
    let packet = match peer.version() {
        Version::V22 => packet
            .header("Uniqueid", "none")
            .header("Variable", request.get("Variable"))
            .header(
                "Value",
                crate::simulator::world::escaped(request.get("Value")),
            ),
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
        .and_then(|rest| rest.strip_suffix('/'));
    peer.server.in_world(|world| match pattern {
        Some(pattern) if world.version == Version::V22 => {
            hang_up_all(world, request, pattern, cause)
        }
        _ => match world.find_channel(&name).map(|channel| channel.id) {
            Some(id) => {
                world.request_hangup(id, cause);
                Answer::success(request, "Channel Hungup")
            }
            None => Answer::error(request, "No such channel"),
        },
    })
}

fn hang_up_all(world: &mut World, request: &Request, pattern: &str, cause: u32) -> Answer {
    let mut list = List::marked(request, world.version, "Channels hung up will follow");
    let met = world
        .channels()
        .filter(|channel| pattern::matches(pattern, &channel.name));
    let met: Vec<(Id, String)> = met
        .map(|channel| (channel.id, channel.name.clone()))
        .collect();
    for (id, name) in met {
        list.item(
            Packet::event("ChannelHungup")
                .header("Channel", name)
                .action_id(request),
        );
        world.request_hangup(id, cause);
    }
    list.end("ChannelsHungupListComplete", &[])
}
