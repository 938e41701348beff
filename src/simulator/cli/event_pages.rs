//! `manager show events` and `manager show event NAME`: the documentation of the simulator's events, as Asterisk 22 lays it out.

use super::output::{Failed, Handled};
use crate::simulator::peer::Peer;

/// A header of an event, and its description.
type Header = (&'static str, &'static str);

/// An event: its version, meaning and headers. `@` stands for the headers of a
/// channel, `@Dest` for the same with that prefix.
type Event = (&'static str, &'static str, &'static str, &'static [Header]);

const CHANNEL: &[Header] = &[
    ("Channel", ""),
    (
        "ChannelState",
        "The number of the channel's state, which ChannelStateDesc has in words",
    ),
    (
        "ChannelStateDesc",
        "Down\nRsrvd\nOffHook\nDialing\nRing\nRinging\nUp\nBusy\nUnknown",
    ),
    ("CallerIDNum", ""),
    ("CallerIDName", ""),
    ("ConnectedLineNum", ""),
    ("ConnectedLineName", ""),
    ("Language", ""),
    ("AccountCode", ""),
    ("Context", ""),
    ("Exten", ""),
    ("Priority", ""),
    ("Uniqueid", ""),
    ("Linkedid", "The Uniqueid of the oldest channel of the call"),
];

const BRIDGE: &[Header] = &[
    ("BridgeUniqueid", ""),
    ("BridgeType", "The kind of bridge"),
    ("BridgeTechnology", "How it mixes"),
    ("BridgeCreator", "Who made it"),
    ("BridgeName", "The name that its creator gave it"),
    ("BridgeNumChannels", "How many channels are in it"),
];

const CALLER: Header = ("@", "");
const DESTINATION: Header = ("@Dest", "");
const PARKER: Header = ("ParkerDialString", "Whom to dial when the time is over.");
const QUEUE: Header = ("Queue", "The name of the queue.");
const INTERFACE: Header = ("Interface", "The member's technology and address.");
const MEMBER: Header = ("MemberName", "The name of the member.");

#[rustfmt::skip]
const EVENTS: &[Event] = &[
    ("AgentCalled", "12.0.0", "A member of a queue is being rung for a caller.", &[CALLER, DESTINATION, QUEUE, MEMBER, INTERFACE]),
    ("AgentComplete", "12.0.0", "A member of a queue has finished with a caller.", &[CALLER, DESTINATION, QUEUE, INTERFACE, MEMBER, ("HoldTime", "How long the caller had waited, in seconds."), ("TalkTime", "How long they spoke, in seconds."), ("Reason", "caller - The caller hung up.\nagent - The member hung up.\ntransfer - The call was transferred.")]),
    ("AgentConnect", "12.0.0", "A member of a queue has answered a caller.", &[CALLER, DESTINATION, QUEUE, INTERFACE, MEMBER, ("RingTime", "How long the member was rung, in seconds."), ("HoldTime", "How long the caller had waited, in seconds.")]),
    ("AgentRingNoAnswer", "12.0.0", "A member of a queue was rung and did not answer.", &[CALLER, DESTINATION, QUEUE, INTERFACE, MEMBER, ("RingTime", "How long the member was rung, in milliseconds.")]),
    ("AttendedTransfer", "12.0.0", "A channel has asked another, which has taken its call.", &[("Result", "Fail\nInvalid\nNot Permitted\nSuccess"), ("@OrigTransferer", ""), ("#Orig", ""), ("@SecondTransferer", ""), ("#Second", ""), ("@Transferee", ""), ("@TransferTarget", ""), ("IsExternal", "Yes\nNo"), ("DestType", "Where the call goes on."), ("DestBridgeUniqueid", "")]),
    ("BlindTransfer", "12.0.0", "A channel has sent its call elsewhere.", &[("Result", "Fail\nInvalid\nNot Permitted\nSuccess"), ("@Transferer", ""), ("@Transferee", ""), ("#", ""), ("IsExternal", "Yes\nNo"), ("Context", "Where the call goes on."), ("Extension", "Where the call goes on.")]),
    ("BridgeCreate", "12.0.0", "A bridge was made.", &[("#", "")]),
    ("BridgeDestroy", "12.0.0", "A bridge is gone.", &[("#", "")]),
    ("BridgeEnter", "12.0.0", "A channel has entered a bridge.", &[("#", ""), CALLER, ("SwapUniqueid", "The channel whose place it took, if it did.")]),
    ("BridgeLeave", "12.0.0", "A channel has left a bridge.", &[("#", ""), CALLER]),
    ("Cdr", "12.0.0", "The record of a call that is over.", &[("AccountCode", ""), ("Source", ""), ("Destination", ""), ("DestinationContext", ""), ("CallerID", ""), ("Channel", ""), ("DestinationChannel", ""), ("LastApplication", ""), ("LastData", ""), ("StartTime", ""), ("AnswerTime", ""), ("EndTime", ""), ("Duration", "Seconds from its start to its end."), ("BillableSeconds", "Seconds from its answer to its end."), ("Disposition", "NO ANSWER\nFAILED\nBUSY\nANSWERED"), ("UniqueID", "")]),
    ("ConfbridgeEnd", "12.0.0", "A conference is over.", &[("Conference", "The name of the conference."), ("#", "")]),
    ("ConfbridgeJoin", "12.0.0", "Somebody has joined a conference.", &[("Conference", "The name of the conference."), ("#", ""), CALLER, ("Admin", "Yes\nNo"), ("Muted", "Yes\nNo")]),
    ("ConfbridgeLeave", "12.0.0", "Somebody has left a conference.", &[("Conference", "The name of the conference."), ("#", ""), CALLER, ("Admin", "Yes\nNo")]),
    ("ConfbridgeMute", "12.0.0", "Somebody in a conference is muted.", &[("Conference", "The name of the conference."), ("#", ""), CALLER, ("Admin", "Yes\nNo")]),
    ("ConfbridgeStart", "12.0.0", "A conference begins.", &[("Conference", "The name of the conference."), ("#", "")]),
    ("ConfbridgeUnmute", "12.0.0", "Somebody in a conference is muted no more.", &[("Conference", "The name of the conference."), ("#", ""), CALLER, ("Admin", "Yes\nNo")]),
    ("DTMFBegin", "12.0.0", "A digit begins.", &[CALLER, ("Digit", "The digit."), ("Direction", "Received\nSent")]),
    ("DTMFEnd", "12.0.0", "A digit is over.", &[CALLER, ("Digit", "The digit."), ("DurationMs", "How long it was, in milliseconds."), ("Direction", "Received\nSent")]),
    ("DeviceStateChange", "12.0.0", "The state of a device has changed.", &[("Device", "The device."), ("State", "Its new state.")]),
    ("DialBegin", "12.0.0", "A channel begins to dial another.", &[CALLER, DESTINATION, ("DialString", "What was dialed, without the technology.")]),
    ("DialEnd", "12.0.0", "A dialing is over.", &[CALLER, DESTINATION, ("DialStatus", "ABORT - The call was aborted.\nANSWER - The caller was answered.\nBUSY - The called party was busy.\nCANCEL - The caller gave up.\nCHANUNAVAIL - The called party could not be reached.\nCONGESTION - There was no way to it.\nNOANSWER - Nobody answered.")]),
    ("ExtensionStatus", "1.6.0", "The state of an extension by its hint has changed.", &[("Exten", ""), ("Context", ""), ("Hint", "The devices that the state is of."), ("Status", "The number of the state."), ("StatusText", "The state in words.")]),
    ("FullyBooted", "12.0.0", "The server has started to the end.", &[("Status", ""), ("Uptime", "Seconds since it was started."), ("LastReload", "Seconds since it was last reloaded.")]),
    ("Hangup", "12.0.0", "A channel is hung up.", &[CALLER, ("Cause", "The number of the cause, such as 16 for a normal end."), ("Cause-txt", "The cause in words.")]),
    ("Hold", "12.0.0", "A channel has put its call on hold.", &[CALLER, ("MusicClass", "The music, if it suggests one.")]),
    ("MessageWaiting", "12.0.0", "The number of messages in a mailbox has changed.", &[CALLER, ("Mailbox", "The mailbox, as in 101@default."), ("Waiting", "0\n1"), ("New", "How many new messages there are."), ("Old", "How many old ones there are.")]),
    ("MixMonitorStart", "16.17.0", "The recording of a channel begins.", &[CALLER]),
    ("MixMonitorStop", "16.17.0", "The recording of a channel is over.", &[CALLER]),
    ("MusicOnHoldStart", "12.0.0", "Music begins to play on a channel.", &[CALLER, ("Class", "The class of music.")]),
    ("MusicOnHoldStop", "12.0.0", "Music has ended on a channel.", &[CALLER]),
    ("NewCallerid", "12.0.0", "A channel has another caller ID.", &[CALLER, ("CID-CallingPres", "How it may be shown.")]),
    ("NewExten", "12.0.0", "A channel has come to another step of the dialplan.", &[CALLER, ("Extension", "Deprecated: Exten says the same."), ("Application", "The application that is about to run."), ("AppData", "What is given to it.")]),
    ("Newchannel", "12.0.0", "There is a new channel.", &[CALLER]),
    ("Newstate", "12.0.0", "The state of a channel has changed.", &[CALLER]),
    ("OriginateResponse", "1.0.0", "What became of an Originate.", &[("ActionID", ""), ("Response", "Failure\nSuccess"), ("Channel", ""), ("Context", ""), ("Exten", ""), ("Application", ""), ("Data", ""), ("Reason", "A number: 4 answered, 5 busy, 3 nobody answered, 8 congestion."), ("Uniqueid", ""), ("CallerIDNum", ""), ("CallerIDName", "")]),
    ("ParkedCall", "12.0.0", "A channel is parked.", &[("@Parkee", ""), PARKER, ("Parkinglot", "The parking lot."), ("ParkingSpace", "The space in it."), ("ParkingTimeout", "The seconds that are left."), ("ParkingDuration", "The seconds that it has been there.")]),
    ("ParkedCallGiveUp", "12.0.0", "A parked channel has hung up, or was sent elsewhere.", &[("@Parkee", ""), PARKER, ("Parkinglot", "The parking lot."), ("ParkingSpace", "The space in it."), ("ParkingTimeout", "The seconds that are left."), ("ParkingDuration", "The seconds that it has been there.")]),
    ("ParkedCallTimeOut", "12.0.0", "Nobody has fetched a parked channel in time.", &[("@Parkee", ""), PARKER, ("Parkinglot", "The parking lot."), ("ParkingSpace", "The space in it."), ("ParkingTimeout", "The seconds that are left."), ("ParkingDuration", "The seconds that it has been there.")]),
    ("PresenceStateChange", "11.0.0", "A presence has changed.", &[("Presentity", "The provider."), ("Status", "The state."), ("Subtype", "What the state is about."), ("Message", "What the person says.")]),
    ("QueueCallerAbandon", "12.0.0", "A caller has left a queue before anybody answered.", &[CALLER, QUEUE, ("Position", "Where the caller stood."), ("OriginalPosition", "Where the caller had come in."), ("HoldTime", "How long the caller had waited, in seconds.")]),
    ("QueueCallerJoin", "12.0.0", "A caller has come into a queue.", &[CALLER, QUEUE, ("Position", "Where the caller stands."), ("Count", "How many callers are in it now.")]),
    ("QueueCallerLeave", "12.0.0", "A caller has left a queue.", &[CALLER, QUEUE, ("Count", "How many callers are in it now."), ("Position", "Where the caller stood.")]),
    ("QueueMemberAdded", "12.0.0", "A queue has another member.", &[QUEUE, MEMBER, INTERFACE, ("StateInterface", "The device whose state is the member's."), ("Membership", "dynamic\nrealtime\nstatic"), ("Penalty", "The penalty of the member."), ("Paused", "0\n1")]),
    ("QueueMemberPause", "12.2.0", "A member of a queue was paused, or is back.", &[QUEUE, MEMBER, INTERFACE, ("Paused", "0\n1"), ("PausedReason", "Why, if somebody said so.")]),
    ("QueueMemberRemoved", "12.0.0", "A queue has lost a member.", &[QUEUE, MEMBER, INTERFACE]),
    ("QueueMemberStatus", "12.0.0", "The state of a member of a queue has changed.", &[QUEUE, MEMBER, INTERFACE, ("Status", "The number of the member's state."), ("InCall", "0\n1")]),
    ("Shutdown", "12.0.0", "The server ends.", &[("Shutdown", "Uncleanly\nCleanly"), ("Restart", "True\nFalse")]),
    ("SuccessfulAuth", "12.0.0", "Somebody has logged in.", &[("EventTV", ""), ("Severity", ""), ("Service", ""), ("EventVersion", ""), ("AccountID", ""), ("SessionID", ""), ("LocalAddress", ""), ("RemoteAddress", ""), ("UsingPassword", "")]),
    ("UnParkedCall", "12.0.0", "A parked channel was fetched.", &[("@Parkee", ""), ("@Retriever", ""), PARKER, ("Parkinglot", "The parking lot."), ("ParkingSpace", "The space in it."), ("ParkingTimeout", "The seconds that are left."), ("ParkingDuration", "The seconds that it has been there.")]),
    ("Unhold", "12.0.0", "A channel has taken its call off hold.", &[CALLER]),
    ("UserEvent", "12.0.0", "Somebody has sent an event: the dialplan, or a session.", &[CALLER, ("UserEvent", "The name that the sender chose.")]),
    ("VarSet", "12.0.0", "A variable of a channel has another value.", &[CALLER, ("Variable", "The variable."), ("Value", "Its new value.")]),
];

/// All names, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    EVENTS.iter().map(|(name, ..)| *name)
}

pub(super) fn show_events(_: &Peer, _: &[&str]) -> Handled {
    let width = names().map(str::len).max().unwrap_or(0);
    let rule = format!("  {}", "-".repeat(width)).repeat(3);
    let names: Vec<&str> = names().collect();
    let row = |row: &[&str]| {
        let cells: String = row.iter().map(|name| format!("  {name:<width$}")).collect();
        cells + "\n"
    };
    let rows: String = names.chunks(3).map(row).collect();
    let count = names.len();
    Ok(format!(
        "Events:\n{rule}  \n{rows}\n{count} events registered.\n"
    ))
}

pub(super) fn show_event(_: &Peer, words: &[&str]) -> Handled {
    let [name] = words else {
        return Err(Failed::Usage);
    };
    let found = EVENTS.iter().find(|(own, ..)| own == name);
    Ok(match found {
        Some(event) => page(event),
        None => format!("Could not find event '{name}'\n"),
    })
}

fn page((name, since, what, headers): &Event) -> String {
    let all: Vec<(String, &str)> = headers.iter().flat_map(expanded).collect();
    let syntax: String = all
        .iter()
        .map(|(key, _)| format!("{key}: <value>\n"))
        .collect();
    let told = all.iter().filter(|(_, about)| !about.is_empty());
    let arguments: String = told
        .map(|(key, about)| format!("\n{key}\n    {}\n", about.replace('\n', "\n    ")))
        .collect();
    format!(
        "Event: {name}\n\n  -= Info about Manager Event '{name}' =- \n\n[Synopsis]\n{what}\n\n[Provided By]\nbuiltin\n\n\
         [Since]\n{since}\n\n[Description]\nNot available\n\n[Syntax]\nEvent: {name}\n{syntax}\n\
         [Arguments]\n{arguments}\n[See Also]\nNot available\n\n"
    )
}

fn expanded((key, about): &Header) -> Vec<(String, &'static str)> {
    let (prefix, headers) = match key.split_at_checked(1) {
        Some(("@", prefix)) => (prefix, CHANNEL),
        Some(("#", prefix)) => (prefix, BRIDGE),
        _ => return vec![((*key).to_owned(), *about)],
    };
    let prefixed = |(key, about): &Header| (format!("{prefix}{key}"), *about);
    headers.iter().map(prefixed).collect()
}
