//! The events of Asterisk 1.8: fewer headers, other names, and a Cdr event for each channel.

use super::channel::Channel;
use super::clock::Clock;
use super::events::{event, known};
use crate::simulator::outbox::Event;

/// Its name today, its name in 1.8, its class, what stands for an unknown party, and its headers.
type Kind = [&'static str; 5];

#[rustfmt::skip]
const EVENTS: &[Kind] = &[
    ["AgentCalled", "AgentCalled", "agent", "unknown", "Queue AgentCalled=Interface AgentName=MemberName ChannelCalling=Channel DestinationChannel=DestChannel CallerIDNum CallerIDName ConnectedLineNum ConnectedLineName Context Extension Priority Uniqueid"],
    ["AgentComplete", "AgentComplete", "agent", "", "Queue Uniqueid Channel=DestChannel Member=Interface MemberName HoldTime TalkTime Reason"],
    ["AgentConnect", "AgentConnect", "agent", "", "Queue Uniqueid Channel=DestChannel Member=Interface MemberName Holdtime BridgedChannel=DestUniqueid Ringtime"],
    ["AgentRingNoAnswer", "AgentRingNoAnswer", "agent", "", "Queue Uniqueid Channel=DestChannel Member=Interface MemberName Ringtime"],
    ["Cdr", "Cdr", "cdr", "", "AccountCode Source=CallerIDNum Destination=Exten DestinationContext=Context CallerID Channel DestinationChannel: LastApplication=Application LastData=AppData StartTime AnswerTime EndTime Duration BillableSeconds Disposition AMAFlags:DOCUMENTATION UniqueID UserField:"],
    ["DialBegin", "Dial", "call", "<unknown>", "SubEvent:Begin Channel Destination=DestChannel CallerIDNum CallerIDName ConnectedLineNum ConnectedLineName UniqueID DestUniqueID Dialstring"],
    ["DialOver", "Dial", "call", "", "SubEvent:End Channel UniqueID DialStatus"],
    ["Hangup", "Hangup", "call", "<unknown>", "Channel Uniqueid CallerIDNum CallerIDName ConnectedLineNum ConnectedLineName Cause Cause-txt"],
    ["Link", "Bridge", "call", "<unknown>", "Bridgestate:Link Bridgetype:core Channel1=Channel Channel2=DestChannel Uniqueid1=Uniqueid Uniqueid2=DestUniqueid CallerID1=CallerIDNum CallerID2=DestCallerIDNum"],
    ["MusicOnHoldStart", "MusicOnHold", "call", "", "State:Start Channel UniqueID"],
    ["MusicOnHoldStop", "MusicOnHold", "call", "", "State:Stop Channel UniqueID"],
    ["NewAccountCode", "NewAccountCode", "call", "", "Channel Uniqueid AccountCode OldAccountCode:"],
    ["NewCallerid", "NewCallerid", "call", "", "Channel CallerIDNum CallerIDName Uniqueid CID-CallingPres"],
    ["Newchannel", "Newchannel", "call", "", "Channel ChannelState ChannelStateDesc CallerIDNum CallerIDName AccountCode Exten Context Uniqueid"],
    ["Newexten", "Newexten", "dialplan", "", "Channel Context Extension Priority Application AppData Uniqueid"],
    ["Newstate", "Newstate", "call", "", "Channel ChannelState ChannelStateDesc CallerIDNum CallerIDName ConnectedLineNum ConnectedLineName Uniqueid"],
    ["QueueCallerAbandon", "QueueCallerAbandon", "agent", "", "Queue Uniqueid Position OriginalPosition HoldTime"],
    ["QueueCallerJoin", "Join", "call", "unknown", "Channel CallerIDNum CallerIDName ConnectedLineNum ConnectedLineName Queue Position Count Uniqueid"],
    ["QueueCallerLeave", "Leave", "call", "", "Channel Queue Count Position Uniqueid"],
    ["QueueMemberAdded", "QueueMemberAdded", "agent", "", "Queue Location=Interface MemberName Membership Penalty CallsTaken LastCall Status Paused"],
    ["QueueMemberPause", "QueueMemberPaused", "agent", "", "Queue Location=Interface MemberName Paused"],
    ["QueueMemberRemoved", "QueueMemberRemoved", "agent", "", "Queue Location=Interface MemberName"],
    ["QueueMemberStatus", "QueueMemberStatus", "agent", "", "Queue Location=Interface MemberName Membership Penalty CallsTaken LastCall Status Paused"],
    ["Unlink", "Unlink", "call", "<unknown>", "Channel1=Channel Channel2=DestChannel Uniqueid1=Uniqueid Uniqueid2=DestUniqueid CallerID1=CallerIDNum CallerID2=DestCallerIDNum"],
];

/// What happened, as an event, if 1.8 has one for it.
pub(super) fn happened(
    name: &str,
    channels: &[(&str, &Channel)],
    facts: &[(&str, &str)],
) -> Option<Event> {
    if name == "UserEvent" {
        return Some(Event::new("user", event(name, "user").with(facts)));
    }
    let queued = |(key, dialed): &(&str, &str)| *key == "DialString" && dialed.contains('/');
    // An originated channel is dialed by nobody, and a member who is called for a queue is not dialed.
    if channels
        .first()
        .is_some_and(|(prefix, _)| *prefix == "Dest")
        || facts.iter().any(queued)
    {
        return None;
    }
    let [_, name, classes, unknown, headers] = EVENTS.iter().find(|[today, ..]| *today == name)?;
    let packet = event(name, classes).listed(headers, known(unknown, channels, facts));
    Some(Event::new(classes, packet))
}

/// The record of a channel that ends. One that was never connected to anything has none.
pub(super) fn record(channel: &Channel, now: Clock) -> Option<Event> {
    if channel.answered.is_none() && !channel.runs_dialplan() {
        return None;
    }
    let time = |moment| now.utc(moment, "%F %T");
    let seconds = |since| now.now.saturating_sub(since).as_secs().to_string();
    let caller = match (&*channel.caller.name, &*channel.caller.num) {
        ("", num) => num.to_owned(),
        (name, num) => format!("\"{name}\" <{num}>"),
    };
    let answered = channel.answered;
    let disposition = answered.map_or("NO ANSWER", |_| "ANSWERED");
    let facts = [
        ("CallerID", &*caller),
        ("StartTime", &*time(channel.created)),
        ("AnswerTime", &*answered.map(time).unwrap_or_default()),
        ("EndTime", &*time(now.now)),
        ("Duration", &*seconds(channel.created)),
        ("BillableSeconds", &*answered.map_or("0".into(), seconds)),
        ("Disposition", disposition),
    ];
    happened("Cdr", &[("", channel)], &facts)
}
