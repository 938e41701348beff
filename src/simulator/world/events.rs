//! What Asterisk 22 says of a happening; header names, their order and spelling are the server's.

use super::channel::Channel;
use super::happening::{Agent, Between, Queued, What, cause_text, presentation};
use super::queue::{Member, Queue};
use crate::simulator::outbox::Event;
use crate::simulator::wire::Packet;

pub(super) fn event(name: &str, classes: &str) -> Packet {
    Packet::event(name).header("Privilege", format!("{classes},all"))
}

pub(super) fn or_unknown(text: &str) -> String {
    if text.is_empty() {
        "<unknown>".into()
    } else {
        escaped(text.as_bytes())
    }
}

/// Names and variables come C-escaped from Asterisk 13 on.
pub(in crate::simulator) fn escaped(value: &[u8]) -> String {
    String::from_utf8_lossy(value)
        .chars()
        .fold(String::new(), |mut text, char| {
            match char {
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                '"' | '\'' | '\\' | '?' => text.extend(['\\', char]),
                _ => text.push(char),
            }
            text
        })
}

/// The headers with which a channel is described everywhere, each with a prefix.
pub(in crate::simulator) fn snapshot(packet: Packet, prefix: &str, channel: &Channel) -> Packet {
    let header =
        |packet: Packet, key: &str, value: &str| packet.header(&format!("{prefix}{key}"), value);
    let packet = header(packet, "Channel", &channel.name);
    let packet = header(packet, "ChannelState", &channel.state.number());
    let packet = header(packet, "ChannelStateDesc", channel.state.word());
    let packet = header(packet, "CallerIDNum", &or_unknown(&channel.caller.num));
    let packet = header(packet, "CallerIDName", &or_unknown(&channel.caller.name));
    let packet = header(
        packet,
        "ConnectedLineNum",
        &or_unknown(&channel.connected.num),
    );
    let packet = header(
        packet,
        "ConnectedLineName",
        &or_unknown(&channel.connected.name),
    );
    let packet = header(packet, "Language", "en");
    let packet = header(packet, "AccountCode", &channel.account);
    let packet = header(packet, "Context", &channel.context);
    let packet = header(packet, "Exten", &channel.exten);
    let packet = header(packet, "Priority", &channel.priority.to_string());
    let packet = header(packet, "Uniqueid", &channel.uniqueid);
    header(packet, "Linkedid", &channel.linkedid)
}

/// What happened to a channel, as an event.
pub(super) fn happened(channel: &Channel, what: &What<'_>) -> Option<Event> {
    let call = |name, more: &[(&str, &str)]| Some(about(name, "call", channel, more));
    match what {
        What::Newchannel => call("Newchannel", &[]),
        What::Newstate => call("Newstate", &[]),
        What::Newexten => {
            let more = [
                ("Extension", &*channel.exten),
                ("Application", &*channel.application),
                ("AppData", &*channel.data),
            ];
            Some(about("Newexten", "dialplan", channel, &more))
        }
        What::NewCallerid => call("NewCallerid", &[("CID-CallingPres", presentation(channel))]),
        What::NewConnectedLine => call("NewConnectedLine", &[]),
        What::VarSet(name, value) => {
            // A value that is not UTF-8 is never sent.
            std::str::from_utf8(value).ok()?;
            let more = [("Variable", *name), ("Value", &escaped(value))];
            Some(about("VarSet", "dialplan", channel, &more))
        }
        What::HangupRequest(cause) => call("HangupRequest", &[("Cause", &cause.to_string())]),
        What::SoftHangupRequest(cause) => {
            call("SoftHangupRequest", &[("Cause", &cause.to_string())])
        }
        What::Hangup(cause) => call(
            "Hangup",
            &[
                ("Cause", &cause.to_string()),
                ("Cause-txt", cause_text(*cause)),
            ],
        ),
        What::HoldMusic(true) => call("MusicOnHoldStart", &[("Class", "default")]),
        What::HoldMusic(false) => call("MusicOnHoldStop", &[]),
        What::Queued {
            queue,
            position,
            what,
        } => Some(queued(channel, queue, *position, *what)),
        What::UserEvent(headers) => Some(about("UserEvent", "user", channel, headers)),
        What::DialOver(_) => None,
    }
}

fn queued(channel: &Channel, queue: &str, position: usize, what: Queued) -> Event {
    let position = position.to_string();
    let place = [("Queue", queue), ("Position", &*position)];
    let told =
        |name, more: &[(&str, &str)]| about(name, "agent", channel, &[&place, more].concat());
    match what {
        Queued::Join { count } => told("QueueCallerJoin", &[("Count", &count.to_string())]),
        Queued::Leave { count } => told("QueueCallerLeave", &[("Count", &count.to_string())]),
        Queued::Abandon { at_first, hold } => {
            let (at_first, hold) = (at_first.to_string(), hold.to_string());
            told(
                "QueueCallerAbandon",
                &[("OriginalPosition", &at_first), ("HoldTime", &hold)],
            )
        }
    }
}

/// What happened between two channels, as an event.
pub(super) fn happened_between(from: Option<&Channel>, to: &Channel, what: &Between<'_>) -> Event {
    let agent = |name, agent: &Agent, more: &[(&str, &str)]| {
        let who = [
            ("Queue", &*agent.queue),
            ("Interface", &*agent.interface),
            ("MemberName", &*agent.name),
        ];
        dial(name, "agent", from, to, &[&who, more].concat())
    };
    match what {
        Between::DialBegin(to_dial) => {
            dial("DialBegin", "call", from, to, &[("DialString", to_dial)])
        }
        Between::Ringing => dial("DialState", "call", from, to, &[("DialStatus", "RINGING")]),
        Between::DialEnd(status) => dial("DialEnd", "call", from, to, &[("DialStatus", status)]),
        Between::AgentCalled(who) => agent("AgentCalled", who, &[]),
        Between::AgentRingNoAnswer(who, ring) => {
            // Unlike the seconds of the others, this one counts milliseconds.
            agent(
                "AgentRingNoAnswer",
                who,
                &[("RingTime", &(ring * 1000).to_string())],
            )
        }
        Between::AgentConnect {
            agent: who,
            hold,
            ring,
        } => agent(
            "AgentConnect",
            who,
            &[
                ("HoldTime", &hold.to_string()),
                ("RingTime", &ring.to_string()),
            ],
        ),
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

/// An event about one channel, with what more there is to say.
pub(super) fn about(name: &str, classes: &str, channel: &Channel, more: &[(&str, &str)]) -> Event {
    let packet = snapshot(event(name, classes), "", channel);
    Event::new(classes, with(packet, more))
}

/// An event about a channel that dials and the one that is dialed; an originated one is dialed by nobody.
pub(super) fn dial(
    name: &str,
    classes: &str,
    from: Option<&Channel>,
    to: &Channel,
    more: &[(&str, &str)],
) -> Event {
    let packet = event(name, classes);
    let packet = from
        .into_iter()
        .fold(packet, |packet, from| snapshot(packet, "", from));
    Event::new(classes, with(snapshot(packet, "Dest", to), more))
}

pub(super) fn local_bridge(one: &Channel, two: &Channel) -> Event {
    let packet = snapshot(event("LocalBridge", "call"), "LocalOne", one);
    let packet = snapshot(packet, "LocalTwo", two)
        .header("Context", &two.context)
        .header("Exten", &two.exten);
    Event::new("call", packet.header("LocalOptimization", "Yes"))
}

/// The headers with which a bridge is described.
pub(super) fn bridge(packet: Packet, uniqueid: &str, channels: usize) -> Packet {
    packet
        .header("BridgeUniqueid", uniqueid)
        .header("BridgeType", "basic")
        .header("BridgeTechnology", "simple_bridge")
        .header("BridgeCreator", "<unknown>")
        .header("BridgeName", "<unknown>")
        .header("BridgeNumChannels", channels.to_string())
        .header("BridgeVideoSourceMode", "none")
}

pub(super) fn member(name: &str, queue: &Queue, member: &Member) -> Event {
    let packet = event(name, "agent")
        .header("Queue", &queue.name)
        .header("MemberName", &member.name)
        .header("Interface", &member.interface)
        .header("StateInterface", &member.state_interface)
        .header("Membership", member.membership())
        .header("Penalty", member.penalty.to_string())
        .header("CallsTaken", member.calls_taken.to_string())
        .header("LastCall", member.last_call.to_string())
        .header("LastPause", member.last_pause.to_string())
        .header("LoginTime", member.login_time.to_string())
        .header("InCall", u8::from(member.in_call).to_string())
        .header("Status", member.status.to_string())
        .header("Paused", u8::from(member.paused).to_string())
        .header("PausedReason", &member.paused_reason)
        .header("Ringinuse", "1")
        .header("Wrapuptime", "0");
    Event::new("agent", packet)
}

pub(super) fn with(packet: Packet, more: &[(&str, &str)]) -> Packet {
    more.iter()
        .fold(packet, |packet, (key, value)| packet.header(key, value))
}
