//! QueueStatus, QueueSummary, QueueAdd, QueueRemove, QueuePause, QueueReset.

use super::list::List;
use crate::simulator::answer::Answer;
use crate::simulator::config::Version;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};
use crate::simulator::world::{Caller, Member, Queue, Refused, World, known};

const SUMMARY: &str = "Queue LoggedIn Available Callers=Calls HoldTime TalkTime LongestHoldTime";

/// The headers of QueueParams, QueueMember and QueueEntry.
fn headers(version: Version) -> [&'static str; 3] {
    match version {
        Version::V22 => [
            "Queue Max:0 Strategy:ringall Calls Holdtime TalkTime Completed Abandoned ServiceLevel:0 ServicelevelPerf \
             ServicelevelPerf2=ServicelevelPerf Weight:0",
            "Queue Name=MemberName Location=Interface StateInterface Membership Penalty CallsTaken LastCall LastPause \
             LoginTime InCall Status Paused PausedReason Wrapuptime",
            "Queue Position Channel Uniqueid CallerIDNum CallerIDName ConnectedLineNum ConnectedLineName Wait Priority:0",
        ],
        Version::V18 => [
            "Queue Max:0 Strategy:ringall Calls Holdtime TalkTime Completed Abandoned ServiceLevel:0 ServicelevelPerf \
             Weight:0",
            "Queue Name=MemberName Location=Interface Membership Penalty CallsTaken LastCall Status Paused",
            "Queue Position Channel Uniqueid CallerIDNum CallerIDName ConnectedLineNum ConnectedLineName Wait",
        ],
    }
}

pub(super) fn queue_status(peer: &mut Peer, request: &Request) -> Answer {
    let (wanted, who) = (request.text("Queue"), request.text("Member"));
    let mut list = List::unmarked(request, peer.version(), "Queue status will follow");
    let [params, member, entry] = headers(peer.version());
    peer.server.in_world(|world| {
        let met = |queue: &&Queue| wanted.is_empty() || queue.name == wanted;
        for queue in world.queues.iter().filter(met) {
            list.item(
                Packet::event("QueueParams").listed(params, known("", &[], &told(world, queue))),
            );
            let met = |member: &&Member| who.is_empty() || member.interface == who;
            for one in queue.members.iter().filter(met) {
                let facts = one.told(&queue.name);
                list.item(Packet::event("QueueMember").listed(member, known("", &[], &facts)));
            }
            for (at, caller) in queue.callers.iter().enumerate() {
                let waits = waits(world, caller).to_string();
                let facts = [
                    ("Queue", &*queue.name),
                    ("Position", &*(at + 1).to_string()),
                    ("Wait", &waits),
                ];
                if let Some(channel) = world.channel(caller.channel) {
                    let channels = [("", channel)];
                    let known = known("unknown", &channels, &facts);
                    list.item(Packet::event("QueueEntry").listed(entry, known));
                }
            }
        }
    });
    list.end("QueueStatusComplete", &[])
}

/// What packets say about a queue.
fn told(world: &World, queue: &Queue) -> [(&'static str, String); 10] {
    let free = queue.members.iter().filter(|member| member.is_available());
    let longest = queue
        .callers
        .iter()
        .map(|caller| waits(world, caller))
        .max();
    [
        ("Queue", queue.name.clone()),
        ("Calls", queue.callers.len().to_string()),
        ("HoldTime", queue.hold_time.to_string()),
        ("TalkTime", queue.talk_time.to_string()),
        ("Completed", queue.completed.to_string()),
        ("Abandoned", queue.abandoned.to_string()),
        ("ServicelevelPerf", queue.service_level().into()),
        ("LoggedIn", queue.members.len().to_string()),
        ("Available", free.count().to_string()),
        ("LongestHoldTime", longest.unwrap_or(0).to_string()),
    ]
}

fn waits(world: &World, caller: &Caller) -> u64 {
    world.uptime().saturating_sub(caller.joined).as_secs()
}

pub(super) fn queue_summary(peer: &mut Peer, request: &Request) -> Answer {
    let wanted = request.text("Queue");
    let mut list = List::unmarked(request, peer.version(), "Queue summary will follow");
    peer.server.in_world(|world| {
        let met = |queue: &&Queue| wanted.is_empty() || queue.name == wanted;
        for queue in world.queues.iter().filter(met) {
            let facts = told(world, queue);
            list.item(Packet::event("QueueSummary").listed(SUMMARY, known("", &[], &facts)));
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
    let removed = |world: &mut World| world.remove_member(&queue, &interface);
    match peer.server.in_world(removed) {
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
    let done = |world: &mut World| world.pause_member(&queue, &interface, paused, &reason);
    match (peer.server.in_world(done), paused) {
        (false, _) => Answer::error(request, "Interface not found"),
        (true, true) => Answer::success(request, "Interface paused successfully"),
        (true, false) => Answer::success(request, "Interface unpaused successfully"),
    }
}
