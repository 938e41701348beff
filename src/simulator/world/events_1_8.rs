//! What Asterisk 1.8 says of a happening: flat events, other names, and a CDR for each channel.

use super::channel::Channel;
use super::clock::{Clock, date_and_time};
use super::events::{event, or_unknown, with};
use super::happening::{Agent, Between, Queued, What, cause_text, presentation};
use super::queue::{Member, Queue};
use crate::simulator::outbox::Event;
use crate::simulator::wire::Packet;

/// What happened to a channel, as events.
pub(super) fn happened(channel: &Channel, what: &What<'_>, now: Clock) -> Vec<Event> {
    let one = |classes, packet| vec![Event::new(classes, packet)];
    match what {
        What::Newchannel => one("call", newchannel(channel)),
        What::Newstate => one("call", newstate(channel)),
        What::Newexten => one("dialplan", newexten(channel)),
        What::NewCallerid => one("call", new_callerid(channel)),
        What::VarSet(name, value) => one("dialplan", var_set(channel, name, value)),
        What::Hangup(cause) => {
            // Of a channel that was never connected to anything there is no record.
            let record = channel.answered.is_some() || channel.runs_dialplan();
            let record = record.then(|| Event::new("cdr", cdr(channel, now)));
            let mut events = one("call", hangup(channel, *cause));
            events.extend(record);
            events
        }
        What::HoldMusic(on) => one("call", hold_music(channel, *on)),
        What::Queued {
            queue,
            position,
            what,
        } => vec![queued(channel, queue, *position, *what)],
        What::UserEvent(headers) => one("user", with(event("UserEvent", "user"), headers)),
        What::DialOver(status) => one("call", dial_end(channel, status)),
        What::NewConnectedLine | What::HangupRequest(_) | What::SoftHangupRequest(_) => Vec::new(),
    }
}

fn newexten(channel: &Channel) -> Packet {
    event("Newexten", "dialplan")
        .header("Channel", &channel.name)
        .header("Context", &channel.context)
        .header("Extension", &channel.exten)
        .header("Priority", channel.priority.to_string())
        .header("Application", &channel.application)
        .header("AppData", &channel.data)
        .header("Uniqueid", &channel.uniqueid)
}

fn new_callerid(channel: &Channel) -> Packet {
    event("NewCallerid", "call")
        .header("Channel", &channel.name)
        .header("CallerIDNum", &channel.caller.num)
        .header("CallerIDName", &channel.caller.name)
        .header("Uniqueid", &channel.uniqueid)
        .header("CID-CallingPres", presentation(channel))
}

fn var_set(channel: &Channel, name: &str, value: &[u8]) -> Packet {
    event("VarSet", "dialplan")
        .header("Channel", &channel.name)
        .header("Variable", name)
        .header("Value", value)
        .header("Uniqueid", &channel.uniqueid)
}

fn hold_music(channel: &Channel, on: bool) -> Packet {
    event("MusicOnHold", "call")
        .header("State", if on { "Start" } else { "Stop" })
        .header("Channel", &channel.name)
        .header("UniqueID", &channel.uniqueid)
}

fn dial_end(channel: &Channel, status: &str) -> Packet {
    event("Dial", "call")
        .header("SubEvent", "End")
        .header("Channel", &channel.name)
        .header("UniqueID", &channel.uniqueid)
        .header("DialStatus", status)
}

fn queued(channel: &Channel, queue: &str, position: usize, what: Queued) -> Event {
    match what {
        Queued::Join { count } => Event::new("call", join(channel, queue, position, count)),
        Queued::Leave { count } => {
            let packet = event("Leave", "call")
                .header("Channel", &channel.name)
                .header("Queue", queue)
                .header("Count", count.to_string())
                .header("Position", position.to_string());
            Event::new("call", packet.header("Uniqueid", &channel.uniqueid))
        }
        Queued::Abandon { at_first, hold } => {
            let packet = event("QueueCallerAbandon", "agent")
                .header("Queue", queue)
                .header("Uniqueid", &channel.uniqueid)
                .header("Position", position.to_string())
                .header("OriginalPosition", at_first.to_string());
            Event::new("agent", packet.header("HoldTime", hold.to_string()))
        }
    }
}

/// What happened between two channels, as an event, if 1.8 has one for it.
pub(super) fn happened_between(from: &Channel, to: &Channel, what: &Between<'_>) -> Option<Event> {
    let agent = |name, agent: &Agent, more: &[(&str, &str)]| {
        let packet = event(name, "agent")
            .header("Queue", &agent.queue)
            .header("Uniqueid", &from.uniqueid);
        let packet = packet
            .header("Channel", &to.name)
            .header("Member", &agent.interface);
        Some(Event::new(
            "agent",
            with(packet.header("MemberName", &agent.name), more),
        ))
    };
    match what {
        // A member who is called for a queue is not dialed.
        Between::DialBegin(dialed) if dialed.contains('/') => None,
        Between::DialBegin(dialed) => Some(Event::new("call", dial_begin(from, to, dialed))),
        Between::Ringing | Between::DialEnd(_) => None,
        Between::AgentCalled(who) => Some(Event::new("agent", agent_called(from, to, who))),
        Between::AgentRingNoAnswer(who, ring) => agent(
            "AgentRingNoAnswer",
            who,
            &[("Ringtime", &(ring * 1000).to_string())],
        ),
        Between::AgentConnect {
            agent: who,
            hold,
            ring,
        } => {
            let (hold, ring) = (hold.to_string(), ring.to_string());
            let more = [
                ("Holdtime", &*hold),
                ("BridgedChannel", &*to.uniqueid),
                ("Ringtime", &*ring),
            ];
            agent("AgentConnect", who, &more)
        }
        Between::AgentComplete {
            agent: who,
            hold,
            talk,
            reason,
        } => {
            let (hold, talk) = (hold.to_string(), talk.to_string());
            agent(
                "AgentComplete",
                who,
                &[("HoldTime", &hold), ("TalkTime", &talk), ("Reason", reason)],
            )
        }
    }
}

fn newchannel(channel: &Channel) -> Packet {
    event("Newchannel", "call")
        .header("Channel", &channel.name)
        .header("ChannelState", channel.state.number())
        .header("ChannelStateDesc", channel.state.word())
        .header("CallerIDNum", &channel.caller.num)
        .header("CallerIDName", &channel.caller.name)
        .header("AccountCode", &channel.account)
        .header("Exten", &channel.exten)
        .header("Context", &channel.context)
        .header("Uniqueid", &channel.uniqueid)
}

fn newstate(channel: &Channel) -> Packet {
    event("Newstate", "call")
        .header("Channel", &channel.name)
        .header("ChannelState", channel.state.number())
        .header("ChannelStateDesc", channel.state.word())
        .header("CallerIDNum", &channel.caller.num)
        .header("CallerIDName", &channel.caller.name)
        .header("ConnectedLineNum", &channel.connected.num)
        .header("ConnectedLineName", &channel.connected.name)
        .header("Uniqueid", &channel.uniqueid)
}

/// Four headers with one word for what is unknown; which word differs from event to event.
fn parties(packet: Packet, channel: &Channel, unknown: &str) -> Packet {
    let or = |text: &str| {
        if text.is_empty() {
            unknown.to_owned()
        } else {
            text.to_owned()
        }
    };
    packet
        .header("CallerIDNum", or(&channel.caller.num))
        .header("CallerIDName", or(&channel.caller.name))
        .header("ConnectedLineNum", or(&channel.connected.num))
        .header("ConnectedLineName", or(&channel.connected.name))
}

fn hangup(channel: &Channel, cause: u32) -> Packet {
    let packet = event("Hangup", "call")
        .header("Channel", &channel.name)
        .header("Uniqueid", &channel.uniqueid);
    parties(packet, channel, "<unknown>")
        .header("Cause", cause.to_string())
        .header("Cause-txt", cause_text(cause))
}

fn join(channel: &Channel, queue: &str, position: usize, count: usize) -> Packet {
    parties(
        event("Join", "call").header("Channel", &channel.name),
        channel,
        "unknown",
    )
    .header("Queue", queue)
    .header("Position", position.to_string())
    .header("Count", count.to_string())
    .header("Uniqueid", &channel.uniqueid)
}

fn dial_begin(from: &Channel, to: &Channel, dialed: &str) -> Packet {
    let packet = event("Dial", "call")
        .header("SubEvent", "Begin")
        .header("Channel", &from.name);
    parties(packet.header("Destination", &to.name), from, "<unknown>")
        .header("UniqueID", &from.uniqueid)
        .header("DestUniqueID", &to.uniqueid)
        .header("Dialstring", dialed)
}

fn agent_called(from: &Channel, to: &Channel, who: &Agent) -> Packet {
    let packet = event("AgentCalled", "agent")
        .header("Queue", &who.queue)
        .header("AgentCalled", &who.interface)
        .header("AgentName", &who.name)
        .header("ChannelCalling", &from.name)
        .header("DestinationChannel", &to.name);
    parties(packet, from, "unknown")
        .header("Context", &from.context)
        .header("Extension", &from.exten)
        .header("Priority", from.priority.to_string())
        .header("Uniqueid", &from.uniqueid)
}

/// Two channels begin or cease to hear each other.
pub(super) fn link(linked: bool, one: &Channel, two: &Channel) -> Event {
    let packet = if linked {
        event("Bridge", "call")
            .header("Bridgestate", "Link")
            .header("Bridgetype", "core")
    } else {
        event("Unlink", "call")
    };
    let packet = packet
        .header("Channel1", &one.name)
        .header("Channel2", &two.name)
        .header("Uniqueid1", &one.uniqueid)
        .header("Uniqueid2", &two.uniqueid)
        .header("CallerID1", or_unknown(&one.caller.num))
        .header("CallerID2", or_unknown(&two.caller.num));
    Event::new("call", packet)
}

fn cdr(channel: &Channel, now: Clock) -> Packet {
    let time = |moment: std::time::Duration| {
        let (date, time) = date_and_time((now.start + moment).as_secs());
        format!("{date} {time}")
    };
    let seconds = |since: std::time::Duration| now.now.saturating_sub(since).as_secs().to_string();
    let caller = match (&*channel.caller.name, &*channel.caller.num) {
        ("", num) => num.to_owned(),
        (name, num) => format!("\"{name}\" <{num}>"),
    };
    event("Cdr", "cdr")
        .header("AccountCode", &channel.account)
        .header("Source", &channel.caller.num)
        .header("Destination", &channel.exten)
        .header("DestinationContext", &channel.context)
        .header("CallerID", caller)
        .header("Channel", &channel.name)
        .header("DestinationChannel", "")
        .header("LastApplication", &channel.application)
        .header("LastData", &channel.data)
        .header("StartTime", time(channel.created))
        .header("AnswerTime", channel.answered.map(time).unwrap_or_default())
        .header("EndTime", time(now.now))
        .header("Duration", seconds(channel.created))
        .header(
            "BillableSeconds",
            channel.answered.map_or("0".into(), seconds),
        )
        .header(
            "Disposition",
            if channel.answered.is_some() {
                "ANSWERED"
            } else {
                "NO ANSWER"
            },
        )
        .header("AMAFlags", "DOCUMENTATION")
        .header("UniqueID", &channel.uniqueid)
        .header("UserField", "")
}

pub(super) fn member(name: &str, queue: &Queue, member: &Member) -> Event {
    let name = if name == "QueueMemberPause" {
        "QueueMemberPaused"
    } else {
        name
    };
    let packet = event(name, "agent")
        .header("Queue", &queue.name)
        .header("Location", &member.interface)
        .header("MemberName", &member.name);
    let packet = match name {
        "QueueMemberRemoved" => packet,
        "QueueMemberPaused" => packet.header("Paused", u8::from(member.paused).to_string()),
        _ => packet
            .header("Membership", member.membership())
            .header("Penalty", member.penalty.to_string())
            .header("CallsTaken", member.calls_taken.to_string())
            .header("LastCall", member.last_call.to_string())
            .header("Status", member.status.to_string())
            .header("Paused", u8::from(member.paused).to_string()),
    };
    Event::new("agent", packet)
}
