//! QueueStatus, QueueSummary, QueueAdd, QueueRemove, QueuePause, QueueReset.

use super::Answer;
use super::list::List;
use crate::simulator::Version;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{Member, Queue, Refused, World};

pub(super) fn queue_status(peer: &mut Peer, request: &Request) -> Answer {
    let (wanted, who) = (request.text("Queue"), request.text("Member"));
    let mut list = List::unmarked(request, peer.version(), "Queue status will follow");
    peer.server.in_world(|world| {
        for queue in world
            .queues
            .iter()
            .filter(|queue| wanted.is_empty() || queue.name == wanted)
        {
            list.item(params(world.version, queue).action_id(request));
            for member in queue
                .members
                .iter()
                .filter(|member| who.is_empty() || member.interface == who)
            {
                list.item(self::member(world.version, queue, member).action_id(request));
            }
            for packet in callers(world, queue) {
                list.item(packet.action_id(request));
            }
        }
    });
    list.end("QueueStatusComplete", &[])
}

fn params(version: Version, queue: &Queue) -> Packet {
    let answered = if queue.completed > 0 { "100.0" } else { "0.0" };
    let packet = Packet::event("QueueParams")
        .header("Queue", &queue.name)
        .header("Max", "0")
        .header("Strategy", "ringall")
        .header("Calls", queue.callers.len().to_string())
        .header("Holdtime", queue.hold_time.to_string())
        .header("TalkTime", queue.talk_time.to_string())
        .header("Completed", queue.completed.to_string())
        .header("Abandoned", queue.abandoned.to_string())
        .header("ServiceLevel", "0")
        .header("ServicelevelPerf", answered);
    let packet = if version == Version::V22 {
        packet.header("ServicelevelPerf2", answered)
    } else {
        packet
    };
    packet.header("Weight", "0")
}

fn member(version: Version, queue: &Queue, member: &Member) -> Packet {
    let packet = Packet::event("QueueMember")
        .header("Queue", &queue.name)
        .header("Name", &member.name)
        .header("Location", &member.interface);
    let packet = match version {
        Version::V22 => packet.header("StateInterface", &member.state_interface),
        Version::V18 => packet,
    };
    let packet = packet
        .header("Membership", member.membership())
        .header("Penalty", member.penalty.to_string())
        .header("CallsTaken", member.calls_taken.to_string())
        .header("LastCall", member.last_call.to_string());
    let status = |packet: Packet| {
        packet
            .header("Status", member.status.to_string())
            .header("Paused", u8::from(member.paused).to_string())
    };
    match version {
        Version::V22 => {
            let packet = packet
                .header("LastPause", member.last_pause.to_string())
                .header("LoginTime", member.login_time.to_string())
                .header("InCall", u8::from(member.in_call).to_string());
            status(packet)
                .header("PausedReason", &member.paused_reason)
                .header("Wrapuptime", "0")
        }
        Version::V18 => status(packet),
    }
}

fn callers(world: &World, queue: &Queue) -> Vec<Packet> {
    let or_unknown = |text: &str| {
        if text.is_empty() {
            "unknown".to_owned()
        } else {
            text.to_owned()
        }
    };
    let entry = |(at, caller): (usize, &crate::simulator::world::Caller)| {
        let channel = world.channel(caller.channel)?;
        let packet = Packet::event("QueueEntry")
            .header("Queue", &queue.name)
            .header("Position", (at + 1).to_string())
            .header("Channel", &channel.name)
            .header("Uniqueid", &channel.uniqueid)
            .header("CallerIDNum", or_unknown(&channel.caller.num))
            .header("CallerIDName", or_unknown(&channel.caller.name))
            .header("ConnectedLineNum", or_unknown(&channel.connected.num))
            .header("ConnectedLineName", or_unknown(&channel.connected.name))
            .header(
                "Wait",
                world
                    .uptime()
                    .saturating_sub(caller.joined)
                    .as_secs()
                    .to_string(),
            );
        Some(if world.version == Version::V22 {
            packet.header("Priority", "0")
        } else {
            packet
        })
    };
    queue.callers.iter().enumerate().filter_map(entry).collect()
}

pub(super) fn queue_summary(peer: &mut Peer, request: &Request) -> Answer {
    let wanted = request.text("Queue");
    let mut list = List::unmarked(request, peer.version(), "Queue summary will follow");
    peer.server.in_world(|world| {
        for queue in world
            .queues
            .iter()
            .filter(|queue| wanted.is_empty() || queue.name == wanted)
        {
            let longest = queue
                .callers
                .iter()
                .map(|caller| world.uptime().saturating_sub(caller.joined).as_secs());
            let free = queue
                .members
                .iter()
                .filter(|member| member.is_available())
                .count();
            let packet = Packet::event("QueueSummary")
                .header("Queue", &queue.name)
                .header("LoggedIn", queue.members.len().to_string())
                .header("Available", free.to_string())
                .header("Callers", queue.callers.len().to_string())
                .header("HoldTime", queue.hold_time.to_string())
                .header("TalkTime", queue.talk_time.to_string())
                .header("LongestHoldTime", longest.max().unwrap_or(0).to_string());
            list.item(packet.action_id(request));
        }
    });
    list.end("QueueSummaryComplete", &[])
}

pub(super) fn queue_add(peer: &mut Peer, request: &Request) -> Answer {
    let (queue, interface) = (request.text("Queue"), request.text("Interface"));
    if queue.is_empty() {
        return Answer::error(request, "'Queue' not specified.");
    }
    if interface.is_empty() {
        return Answer::error(request, "'Interface' not specified.");
    }
    let name = request.text("MemberName");
    let added = peer.server.in_world(|world| {
        let name = if name.is_empty() { &interface } else { &name };
        let mut member = Member::new(name, &interface, world.clock.seconds());
        member.dynamic = true;
        member.penalty = request.text("Penalty").parse().unwrap_or(0);
        member.paused = request.is_true("Paused");
        if !request.get("StateInterface").is_empty() {
            member.state_interface = request.text("StateInterface").into_owned();
        }
        if member.paused {
            member.last_pause = world.clock.seconds();
        }
        world.add_member(&queue, member)
    });
    match added {
        Ok(()) => Answer::success(request, "Added interface to queue"),
        Err(Refused::AlreadyThere) => {
            Answer::error(request, "Unable to add interface: Already there")
        }
        Err(_) => Answer::error(request, "Unable to add interface to queue: No such queue"),
    }
}

pub(super) fn queue_remove(peer: &mut Peer, request: &Request) -> Answer {
    let (queue, interface) = (request.text("Queue"), request.text("Interface"));
    if queue.is_empty() || interface.is_empty() {
        return Answer::error(request, "Need 'Queue' and 'Interface' parameters.");
    }
    match peer
        .server
        .in_world(|world| world.remove_member(&queue, &interface))
    {
        Ok(()) => Answer::success(request, "Removed interface from queue"),
        Err(Refused::NotThere) => Answer::error(request, "Unable to remove interface: Not there"),
        Err(Refused::NotDynamic) => Answer::error(request, "Member not dynamic"),
        Err(_) => Answer::error(
            request,
            "Unable to remove interface from queue: No such queue",
        ),
    }
}

/// Succeeds for an unknown queue as well, as in Asterisk.
pub(super) fn queue_reset(peer: &mut Peer, request: &Request) -> Answer {
    let wanted = request.text("Queue");
    peer.server.in_world(|world| {
        let met = |queue: &&mut Queue| wanted.is_empty() || queue.name == wanted;
        world.queues.iter_mut().filter(met).for_each(Queue::reset);
    });
    Answer::success(request, "Queue stats reset successfully")
}

pub(super) fn queue_pause(peer: &mut Peer, request: &Request) -> Answer {
    let (queue, interface) = (request.text("Queue"), request.text("Interface"));
    if interface.is_empty() || request.get("Paused").is_empty() {
        return Answer::error(request, "Need 'Interface' and 'Paused' parameters.");
    }
    let (paused, reason) = (request.is_true("Paused"), request.text("Reason"));
    if !peer
        .server
        .in_world(|world| world.pause_member(&queue, &interface, paused, &reason))
    {
        return Answer::error(request, "Interface not found");
    }
    Answer::success(
        request,
        if paused {
            "Interface paused successfully"
        } else {
            "Interface unpaused successfully"
        },
    )
}
