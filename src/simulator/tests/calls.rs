use super::{Telnet, start};
use crate::simulator::{Config, Life, Version};

const CALL: &str = "Action: Originate\nChannel: Local/200@default\nContext: default\nExten: 100\nPriority: 1\nAsync: true";

// Clients learn the outcome of a call from this sequence.
#[test]
fn an_originated_call_tells_its_story() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "call,dialplan");
    let call = CALL.replace("Exten: 100", "Exten: 600");
    telnet.send(&format!(
        "{call}\nCallerID: \"O'Brien ?\" <1001>\nVariable: A=1,B=two words\nActionID: o-1\n\n"
    ));
    telnet.until("Message: Originate successfully queued\r\n\r\n");
    let mut kinds = Vec::new();
    let mut text = String::new();
    while kinds.iter().filter(|kind| *kind == "Hangup").count() < 2 {
        let event = telnet.until("\r\n\r\n");
        kinds.push(event.lines().next().unwrap().replace("Event: ", ""));
        text += &event;
    }
    let expected = "Newchannel Newchannel Newexten VarSet VarSet NewCallerid NewConnectedLine LocalBridge DialBegin Newexten \
                    Newstate Newstate DialEnd OriginateResponse Newexten HangupRequest Hangup SoftHangupRequest Hangup";
    let mut rest = kinds.iter();
    for kind in expected.split(' ') {
        assert!(
            rest.any(|next| next == kind),
            "{kind} is missing or out of place in {kinds:?}"
        );
    }
    assert!(
        text.contains("CallerIDName: O\\'Brien \\?\r\n")
            && text.contains("CallerIDName: O'Brien ?\r\n"),
        "{text}"
    );
    let response = "ActionID: o-1\r\nResponse: Success\r\nChannel: Local/200@default-00000000;1\r\nContext: default\r\n\
                    Exten: 600\r\nReason: 4\r\n";
    assert!(text.contains(response), "{text}");
}

#[test]
fn a_call_is_there_until_it_is_hung_up() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    assert!(telnet.ask(CALL).contains("Success"));
    telnet.send("Action: CoreShowChannels\nActionID: 1\n\n");
    let list = telnet.until("ListItems: 2\r\n\r\n");
    assert!(
        list.contains("Application: Echo\r\n") && list.contains("Application: Wait\r\n"),
        "{list}"
    );
    assert!(
        telnet
            .ask("Action: Getvar\nChannel: Local/200@default-00000000;1\nVariable: FOO")
            .ends_with("Value: bar\r\n\r\n")
    );
    assert!(
        telnet
            .ask("Action: Hangup\nChannel: /(/")
            .contains("Message: Regex compile failed on: /(/")
    );
    telnet.send("Action: Hangup\nChannel: /^local.*;[12]$/\n\n");
    let list = telnet
        .until("Event: ChannelsHungupListComplete\r\nEventList: Complete\r\nListItems: 2\r\n\r\n");
    assert_eq!(list.matches("Event: ChannelHungup\r\n").count(), 2);
    telnet.send("Action: Status\n\n");
    telnet.until("ListItems: 0\r\nItems: 0\r\n\r\n");
    assert!(
        telnet
            .ask("Action: Hangup\nChannel: Local/200@default-00000000;1")
            .contains("No such channel")
    );
}

#[test]
fn a_waiting_originate_says_how_it_went() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    let mut call = |channel: &str| {
        telnet.ask(&format!(
            "Action: Originate\nChannel: {channel}\nApplication: Wait\nData: 1"
        ))
    };
    assert!(call("Local/200@default").contains("Originate successfully queued"));
    assert!(call("PJSIP/101").contains("Originate successfully queued"));
    assert!(call("Local/400@default").contains("Originate failed"));
    assert!(call("Local/nosuch@nowhere").contains("Originate failed"));
    assert!(call("Bogus/1").contains("Originate failed"));
    assert!(call("Local").contains("Invalid channel"));
}

// A test that ends while one of its clients waits for a call must not hang.
#[test]
fn stopping_does_not_wait_for_a_call() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    telnet.send("Action: Originate\nChannel: Local/500@default\nApplication: Wait\n\n");
    while simulator.received().len() < 2 {
        std::thread::yield_now();
    }
    simulator.stop();
    telnet.rest();
}

#[test]
fn version_1_8_lists_channels_its_own_way() {
    let simulator = start(Config {
        version: Version::V18,
        ..Config::default()
    });
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    telnet.ask(
        "Action: Originate\nChannel: Local/200@default\nApplication: Wait\nData: 25\nAsync: true",
    );
    telnet.send("Action: Status\nActionID: s\n\n");
    let list = telnet.until("Event: StatusComplete\r\nActionID: s\r\nItems: 2\r\n\r\n");
    assert!(
        !list.contains("EventList") && list.contains("Account: \r\nState: Up\r\n"),
        "{list}"
    );
    telnet.send("Action: CoreShowChannels\nActionID: c\n\n");
    telnet.until("EventList: Complete\r\nListItems: 2\r\nActionID: c\r\n\r\n");
}

// The stories of old servers are tried on this order, as recorded from a real
// 1.8: a dialed leg ends before Dial says why, and before the caller.
#[test]
fn version_1_8_ends_a_dialed_leg_first() {
    for (exten, hangs_up, order) in [
        (
            "100",
            true,
            "Bridge Unlink Hangup:100 Dial:ANSWER Hangup:200",
        ),
        ("400", false, "Hangup:400 Dial:BUSY Hangup:200"),
        ("500", true, "Hangup:500 Dial:CANCEL Hangup:200"),
    ] {
        let simulator = start(Config {
            version: Version::V18,
            ..Config::default()
        });
        let mut telnet = Telnet::login(&simulator, "demo", "call");
        telnet.send(&format!(
            "Action: Originate\nChannel: Local/200@default\nApplication: Dial\nData: Local/{exten}@default,20\nAsync: true\n\n"
        ));
        let mut kinds = Vec::new();
        let mut dialled = String::new();
        while kinds.last().is_none_or(|kind| kind != "Hangup:200") {
            let event = telnet.until("\r\n\r\n");
            let header = |key: &str| {
                let mut values = event.lines().filter_map(|line| line.strip_prefix(key));
                values.next().unwrap_or_default().to_owned()
            };
            let is_begin = event.contains("SubEvent: Begin");
            if is_begin {
                dialled = header("Destination: ");
            }
            if hangs_up && (is_begin && exten == "500" || event.contains("Bridgestate: Link")) {
                telnet.send("Action: Hangup\nChannel: Local/200@default-00000000;1\n\n");
            }
            let whose = match header("Channel: ") {
                channel if channel == dialled => exten,
                channel if channel.ends_with("00000000;1") => "200",
                _ => "",
            };
            match &header("Event: ")[..] {
                "Hangup" if !whose.is_empty() => kinds.push(format!("Hangup:{whose}")),
                "Dial" if !is_begin => kinds.push(format!("Dial:{}", header("DialStatus: "))),
                kind @ ("Bridge" | "Unlink") => kinds.push(kind.to_owned()),
                _ => {}
            }
        }
        assert_eq!(kinds.join(" "), order, "{exten}");
    }
}

#[test]
fn a_seeded_office_is_alive() {
    let simulator = start(Config {
        life: Life::Seeded(3),
        ..Config::default()
    });
    let mut telnet = Telnet::login(&simulator, "demo", "call");
    telnet.until("Event: Newchannel\r\n");
}
