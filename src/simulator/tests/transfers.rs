use super::{Telnet, start};
use crate::simulator::{Config, Life, Simulator};

/// Two channels that talk: `Local/110@default-00000000;1` has dialed `Local/200@default-00000001;1`.
fn call(simulator: &Simulator) -> Telnet {
    let mut telnet = Telnet::login(simulator, "demo", "call,dialplan,agent");
    telnet.send(
        "Action: Originate\nChannel: Local/110@default/n\nApplication: Dial\nData: Local/200@default/n,20\nAsync: true\n\n",
    );
    telnet.until("Event: BridgeEnter\r\n");
    telnet.until("Application: Echo\r\n");
    telnet.until("\r\n\r\n");
    telnet
}

const CALLER: &str = "Local/110@default-00000000;1";
const CALLED: &str = "Local/200@default-00000001;1";

/// Names and places of all channels.
fn channels(telnet: &mut Telnet) -> String {
    telnet.send("Action: Command\nCommand: core show channels concise\nActionID: all\n\n");
    telnet.until("ActionID: all\r\n");
    let text = telnet.until("\r\n\r\n");
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("Output: "));
    let place = |line: &str| line.split('!').take(3).collect::<Vec<_>>().join(" ");
    lines.map(place).collect::<Vec<_>>().join("\n")
}

// Who is sent elsewhere is there, and nobody is left behind in a call with nobody.
#[test]
fn a_redirected_channel_goes_on_elsewhere_and_the_other_is_hung_up() {
    let simulator = start(Config::default());
    let mut telnet = call(&simulator);
    let to = "Context: default\nExten: 100\nPriority: 1";
    telnet.send(&format!("Action: Redirect\nChannel: {CALLER}\n{to}\n\n"));
    let text = telnet.until("Application: Wait\r\n");
    telnet.until("\r\n\r\n");
    let hung_up = format!("Event: Hangup\r\nPrivilege: call,all\r\nChannel: {CALLED}\r\n");
    for part in [
        "Message: Redirect successful\r\n",
        "Event: BridgeDestroy\r\n",
        &hung_up,
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let left = channels(&mut telnet);
    assert!(left.contains(&format!("{CALLER} default 100")), "{left}");
    assert!(!left.contains(CALLED), "{left}");
}

// With both channels given, each is sent to its own place, and none is hung up.
#[test]
fn both_halves_of_a_call_are_redirected_at_once() {
    let simulator = start(Config::default());
    let mut telnet = call(&simulator);
    telnet.send(&format!(
        "Action: Redirect\nChannel: {CALLER}\nExtraChannel: {CALLED}\nContext: default\nExten: 100\nExtraExten: 800\n\
         Priority: 1\n\n"
    ));
    telnet.until("Event: ConfbridgeJoin\r\n");
    telnet.until("\r\n\r\n");
    let left = channels(&mut telnet);
    assert!(left.contains(&format!("{CALLER} default 100")), "{left}");
    assert!(left.contains(&format!("{CALLED} default 800")), "{left}");
}

// A caller who waits has a step to come, which must not end the call at its new place.
#[test]
fn a_caller_who_is_taken_out_of_a_queue_leaves_it() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "agent");
    telnet.ask("Action: QueuePause\nInterface: PJSIP/101\nPaused: true");
    telnet.ask(
        "Action: Originate\nChannel: Local/110@default/n\nContext: default\nExten: 300\nPriority: 1\nAsync: true",
    );
    telnet.until("Event: QueueCallerJoin\r\n");
    telnet.send(&format!(
        "Action: Redirect\nChannel: {CALLER}\nContext: default\nExten: 110\nPriority: 1\n\n"
    ));
    telnet.until("Event: QueueCallerAbandon\r\n");
    telnet.until("Event: QueueCallerLeave\r\n");
    telnet.until("\r\n\r\n");
    let left = channels(&mut telnet);
    assert!(left.contains(&format!("{CALLER} default 110")), "{left}");
}

#[test]
fn a_blind_transfer_sends_the_other_one() {
    let simulator = start(Config::default());
    let mut telnet = call(&simulator);
    telnet.send(&format!(
        "Action: BlindTransfer\nChannel: {CALLED}\nContext: default\nExten: 110\n\n"
    ));
    let text = telnet.until(&format!(
        "Event: Hangup\r\nPrivilege: call,all\r\nChannel: {CALLED}\r\n"
    ));
    let told = format!("Result: Success\r\nTransfererChannel: {CALLED}\r\n");
    assert!(text.contains(&told), "{text}");
    assert!(
        text.contains(&format!("TransfereeChannel: {CALLER}\r\n")),
        "{text}"
    );
    let left = channels(&mut telnet);
    assert!(left.contains(&format!("{CALLER} default 110")), "{left}");
    telnet.send(&format!(
        "Action: BlindTransfer\nChannel: {CALLER}\nExten: 110\n\n"
    ));
    telnet.until("Message: Transfer invalid\r\n");
}

// The one who consults has two calls, and hangs up: the other two must be left with each other.
#[test]
fn who_consults_hands_its_call_over() {
    let simulator = start(Config::default());
    let mut telnet = call(&simulator);
    telnet.send(&format!(
        "Action: Atxfer\nChannel: {CALLED}\nExten: 110\n\n"
    ));
    telnet.until("Message: Atxfer successfully queued\r\n");
    // Out of its call, and into that with the third.
    let asked = "Local/110@default-00000002;1";
    telnet.until(&format!("Variable: BRIDGEPEER\r\nValue: {asked}\r\n"));
    telnet.until("\r\n\r\n");
    telnet.send(&format!("Action: Hangup\nChannel: {CALLED}\n\n"));
    telnet.until("Event: AttendedTransfer\r\n");
    telnet.until(&format!(
        "Event: Hangup\r\nPrivilege: call,all\r\nChannel: {CALLED}\r\n"
    ));
    telnet.until("\r\n\r\n");
    let bridge = |telnet: &mut Telnet, name: &str| {
        telnet.send(&format!("Action: Status\nChannel: {name}\nActionID: s\n\n"));
        let text = telnet.until("Event: StatusComplete\r\n");
        telnet.until("\r\n\r\n");
        let mut lines = text
            .lines()
            .filter_map(|line| line.strip_prefix("BridgeID: "));
        lines.next().unwrap_or_default().to_owned()
    };
    let (one, other) = (bridge(&mut telnet, CALLER), bridge(&mut telnet, asked));
    assert!(!one.is_empty() && one == other, "{one:?} {other:?}");
    telnet.send(&format!("Action: Hangup\nChannel: {asked}\n\n"));
    telnet.until(&format!(
        "Event: Hangup\r\nPrivilege: call,all\r\nChannel: {CALLER}\r\n"
    ));
    telnet.until("\r\n\r\n");
}

#[test]
fn a_consultation_that_is_cancelled_leads_back_to_the_call() {
    let simulator = start(Config::default());
    let mut telnet = call(&simulator);
    telnet.send(&format!(
        "Action: Atxfer\nChannel: {CALLED}\nExten: 110\n\n"
    ));
    telnet.until("Variable: BRIDGEPEER\r\nValue: Local/110@default-00000002;1\r\n");
    telnet.send(&format!("Action: CancelAtxfer\nChannel: {CALLED}\n\n"));
    telnet.until("Event: BridgeEnter\r\n");
    telnet.until(&format!(
        "Event: Unhold\r\nPrivilege: call,all\r\nChannel: {CALLED}\r\n"
    ));
    telnet.until("\r\n\r\n");
    telnet.send(&format!("Action: Hangup\nChannel: {CALLED}\n\n"));
    telnet.until(&format!(
        "Event: Hangup\r\nPrivilege: call,all\r\nChannel: {CALLER}\r\n"
    ));
}

// Both ways out of the lot: somebody fetches the call, or its time is over.
#[test]
fn a_parked_call_is_fetched_or_comes_back() {
    let simulator = start(Config::default());
    let mut telnet = call(&simulator);
    let park =
        format!("Action: Park\nChannel: {CALLED}\nTimeoutChannel: {CALLER}\nTimeout: 60000\n\n");
    telnet.send(&park);
    let text = telnet.until("ParkingDuration: 0\r\n\r\n");
    assert!(
        text.contains("ParkingSpace: 701\r\nParkingTimeout: 60\r\n"),
        "{text}"
    );
    telnet.send("Action: ParkedCalls\nActionID: l\n\n");
    let list = telnet.until("Event: ParkedCallsComplete\r\n");
    assert!(
        list.contains(&format!("ParkeeChannel: {CALLED}\r\n")),
        "{list}"
    );
    telnet.send(
        "Action: Originate\nChannel: Local/110@default/n\nContext: default\nExten: 701\nPriority: 1\nAsync: true\n\n",
    );
    telnet.until("Event: UnParkedCall\r\n");
    telnet.until(&format!("Variable: BRIDGEPEER\r\nValue: {CALLED}\r\n"));
    telnet.send(&park.replace("60000", "1000"));
    telnet.until("Event: ParkedCallTimeOut\r\n");
    // Who parked it is gone, so its own device is dialed.
    telnet.until("Application: Dial\r\nAppData: Local/200@default,30\r\n");
    telnet.until(&format!("Variable: BRIDGEPEER\r\nValue: {CALLED}\r\n"));
}

// A lot has a bound, as everything that clients can fill.
#[test]
fn a_full_parking_lot_takes_no_more() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    let park = |telnet: &mut Telnet, number: u32| {
        telnet.ask(
            "Action: Originate\nChannel: Local/110@default/n\nContext: default\nExten: 110\nPriority: 1\nAsync: true",
        );
        telnet.ask(&format!(
            "Action: Park\nChannel: Local/110@default-{number:08x};1\nTimeout: 0"
        ))
    };
    for number in 0..20 {
        let answer = park(&mut telnet, number);
        assert!(answer.contains("Park successful"), "{number}: {answer}");
    }
    assert!(park(&mut telnet, 20).contains("Park action failed"));
    assert!(
        telnet
            .ask("Action: Hangup\nChannel: Local/110@default-00000003;1")
            .contains("Success")
    );
    assert!(park(&mut telnet, 21).contains("Park successful"));
}

#[test]
fn a_conference_has_its_members_until_they_are_kicked() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "call,dialplan");
    telnet.send(
        "Action: Originate\nChannel: Local/110@default/n\nContext: default\nExten: 800\nPriority: 1\nAsync: true\n\n",
    );
    telnet.until("Event: ConfbridgeStart\r\n");
    telnet.until("Event: ConfbridgeJoin\r\n");
    telnet.until("Muted: No\r\n\r\n");
    let list = |telnet: &mut Telnet| {
        telnet.send("Action: ConfbridgeList\nConference: 800\nActionID: l\n\n");
        telnet.until("ListItems: 1\r\n\r\n")
    };
    assert!(list(&mut telnet).contains(&format!(
        "Muted: No\r\nTalking: No\r\nAnsweredTime: 0\r\nChannel: {CALLER}\r\n"
    )));
    telnet.send(&format!(
        "Action: ConfbridgeMute\nConference: 800\nChannel: {CALLER}\n\n"
    ));
    telnet.until("Event: ConfbridgeMute\r\n");
    assert!(list(&mut telnet).contains("\r\nMuted: Yes\r\n"));
    telnet.send("Action: ConfbridgeKick\nConference: 800\nChannel: all\n\n");
    telnet.until("Message: User kicked\r\n");
    telnet.until("Event: ConfbridgeLeave\r\n");
    telnet.until("Event: ConfbridgeEnd\r\n");
    telnet.until(&format!(
        "Event: Hangup\r\nPrivilege: call,all\r\nChannel: {CALLER}\r\n"
    ));
    telnet.until("\r\n\r\n");
    telnet.send("Action: ConfbridgeListRooms\n\n");
    telnet.until("Message: No active conferences.\r\n");
}

// An office in which nobody meets has nothing for ConfbridgeList to show.
#[test]
fn somebody_is_in_the_meeting() {
    let simulator = start(Config {
        life: Life::Seeded(1),
        ..Config::default()
    });
    let mut telnet = Telnet::login(&simulator, "demo", "call");
    telnet.until("Event: ConfbridgeJoin\r\n");
    let text = telnet.until("\r\n\r\n");
    let mut names = text
        .lines()
        .filter_map(|line| line.strip_prefix("Channel: "));
    let name = names.next().unwrap_or_default().to_owned();
    assert!(name.starts_with("PJSIP/trunk-"), "{text}");
    let left = channels(&mut telnet);
    assert!(left.contains(&format!("{name} from-trunk 800")), "{left}");
}

// Who is busy has voicemail, and what is said there is counted.
#[test]
fn a_message_is_in_the_mailbox_of_a_busy_phone() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "call");
    let count = "Action: MailboxCount\nMailbox: 102@default\nActionID: c";
    let before = telnet.until_answer(count, "c");
    assert!(before.contains("NewMessages: 0\r\n"), "{before}");
    let ring = |telnet: &mut Telnet, channel: &str, target: &str| {
        telnet.send(&format!(
            "Action: Originate\nChannel: {channel}\n{target}\nAsync: true\n\n"
        ));
        telnet.until("Event: OriginateResponse\r\n");
    };
    ring(&mut telnet, "PJSIP/102", "Application: Wait\nData: 60");
    ring(
        &mut telnet,
        "Local/102@default",
        "Application: Wait\nData: 60",
    );
    telnet.until("Mailbox: 102@default\r\nWaiting: 1\r\nNew: 1\r\nOld: 1\r\n\r\n");
    let after = telnet.until_answer(count, "c");
    assert!(after.contains("NewMessages: 1\r\n"), "{after}");
}

#[test]
fn a_presence_that_is_set_is_told_and_listed() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "call");
    let set = |telnet: &mut Telnet, name: &str, value: &str| {
        let set = format!(
            "Action: Setvar\nVariable: PRESENCE_STATE(CustomPresence:{name})\nValue: {value}\nActionID: s"
        );
        telnet.until_answer(&set, "s")
    };
    assert!(set(&mut telnet, "101", "bogus").contains("Variable not set"));
    assert!(set(&mut telnet, "101", "dnd,meeting,until noon").contains("Variable Set"));
    telnet.until("Event: PresenceStateChange\r\n");
    telnet.until("Presentity: CustomPresence:101\r\nStatus: dnd\r\nSubtype: meeting\r\nMessage: until noon\r\n\r\n");
    telnet.send("Action: PresenceStateList\nActionID: l\n\n");
    telnet.until("Event: PresenceStateListComplete\r\nActionID: l\r\nEventList: Complete\r\nListItems: 2\r\n\r\n");
    // Bounded, for clients choose the names.
    let refused = (0..200).map(|name| set(&mut telnet, &name.to_string(), "away"));
    assert!(
        refused
            .last()
            .is_some_and(|answer| answer.contains("Variable not set"))
    );
}

#[test]
fn version_1_8_has_the_peers_of_chan_sip() {
    let simulator = start(Config {
        version: crate::simulator::Version::V18,
        ..Config::default()
    });
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    telnet.send("Action: SIPpeers\nActionID: p\n\n");
    let list = telnet.until(
        "Event: PeerlistComplete\r\nEventList: Complete\r\nListItems: 5\r\nActionID: p\r\n\r\n",
    );
    assert!(
        list.contains("ObjectName: 101\r\nChanObjectType: peer\r\n"),
        "{list}"
    );
    let one = telnet.ask("Action: SIPshowpeer\nPeer: 102");
    assert!(one.contains("Callerid: \"Bob\" <102>\r\n"), "{one}");
    assert!(
        telnet
            .ask("Action: ConfbridgeListRooms")
            .contains("Invalid/unknown command")
    );
    let newer = start(Config::default());
    let mut telnet = Telnet::login(&newer, "demo", "off");
    assert!(
        telnet
            .ask("Action: SIPpeers")
            .contains("Invalid/unknown command")
    );
}
