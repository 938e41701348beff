use super::{Telnet, start};
use crate::simulator::{Config, Version};

#[test]
fn queue_members_come_pause_and_go() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "agent");
    let member = "Queue: empty\nInterface: PJSIP/109";
    telnet.send(&format!(
        "Action: QueueAdd\n{member}\nMemberName: Zoe\nPenalty: 2\n\n"
    ));
    let text = telnet.until("Wrapuptime: 0\r\n\r\n");
    assert!(
        text.contains("Message: Added interface to queue\r\n\r\nEvent: QueueMemberAdded\r\n"),
        "{text}"
    );
    assert!(
        telnet
            .ask(&format!("Action: QueueAdd\n{member}"))
            .contains("Already there")
    );
    telnet.send(&format!(
        "Action: QueuePause\n{member}\nPaused: true\nReason: lunch\n\n"
    ));
    let text = telnet.until("Wrapuptime: 0\r\n\r\n");
    assert!(
        text.contains("Event: QueueMemberPause\r\n") && text.contains("PausedReason: lunch\r\n"),
        "{text}"
    );
    telnet.send("Action: QueueStatus\nQueue: empty\nActionID: q\n\n");
    let text = telnet.until(
        "Event: QueueStatusComplete\r\nActionID: q\r\nEventList: Complete\r\nListItems: 2\r\n\r\n",
    );
    assert!(
        text.contains("Name: Zoe\r\nLocation: PJSIP/109\r\n") && text.contains("Paused: 1\r\n"),
        "{text}"
    );
    telnet.send(&format!("Action: QueueRemove\n{member}\n\n"));
    telnet.until("Event: QueueMemberRemoved\r\n");
    telnet.until("\r\n\r\n");
    assert!(
        telnet
            .ask(&format!("Action: QueueRemove\n{member}"))
            .contains("Not there")
    );
    assert!(
        telnet
            .ask("Action: QueueRemove\nQueue: support\nInterface: PJSIP/101")
            .contains("Member not dynamic")
    );
}

#[test]
fn a_caller_in_a_queue_gets_a_member() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "agent");
    telnet.ask(
        "Action: Originate\nChannel: Local/300@default\nApplication: Wait\nData: 60\nAsync: true",
    );
    let text = telnet.until("Event: AgentConnect\r\n");
    for kind in ["QueueCallerJoin", "AgentCalled", "QueueCallerLeave"] {
        assert!(
            text.contains(&format!("Event: {kind}\r\n")),
            "{kind} is missing in {text}"
        );
    }
}

#[test]
fn the_database_keeps_what_is_put() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    let entry = "Family: amish\nKey: k1";
    assert!(
        telnet
            .ask(&format!("Action: DBGet\n{entry}"))
            .contains("Database entry not found")
    );
    assert!(
        telnet
            .ask(&format!("Action: DBPut\n{entry}\nVal: a: b \nActionID: 1"))
            .contains("Updated database")
    );
    telnet.send(&format!("Action: DBGet\n{entry}\nActionID: 2\n\n"));
    let text = telnet.until("ListItems: 1\r\n\r\n");
    assert!(
        text.contains(
            "Event: DBGetResponse\r\nFamily: amish\r\nKey: k1\r\nVal: a: b \r\nActionID: 2\r\n\r\n"
        ),
        "{text}"
    );
    assert!(
        telnet
            .ask("Action: Command\nCommand: database show amish")
            .contains("Output: 1 results found.")
    );
    assert!(
        telnet
            .ask(&format!("Action: DBDel\n{entry}"))
            .contains("Key deleted successfully")
    );
    assert!(
        telnet
            .ask(&format!("Action: DBDel\n{entry}"))
            .contains("could not be deleted")
    );
}

// UserEvent echoes lines that look like headers, and lines without a colon,
// unchanged.
#[test]
fn a_user_event_comes_back_to_the_letter() {
    let lines = "ActionID: ue1\r\nBody: hello\r\nNoSpace:x\r\nnocolon line\r\nEvent: Spoof\r\nEmpty:\r\n\r\n";
    for (version, action) in [(Version::V22, ""), (Version::V18, "Action: UserEvent\r\n")] {
        let simulator = start(Config {
            version,
            ..Config::default()
        });
        let mut telnet = Telnet::login(&simulator, "demo", "user");
        telnet.send(&format!("Action: UserEvent\r\nUserEvent: Ding\r\n{lines}"));
        let sent = "Response: Success\r\nActionID: ue1\r\nMessage: Event Sent\r\n\r\n";
        let event = format!(
            "{sent}Event: UserEvent\r\nPrivilege: user,all\r\nUserEvent: Ding\r\n{action}{lines}"
        );
        assert_eq!(telnet.until(lines), event);
    }
}

#[test]
fn commands_answer_in_the_form_of_their_version() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    let unknown = "Action: Command\nCommand: frob the nicator\nActionID: 1";
    let why = "No such command 'frob the nicator' (type 'core show help frob the' for other possible commands)";
    let head = "Response: Error\r\nActionID: 1\r\nMessage: Command output follows\r\nOutput: ";
    assert_eq!(telnet.ask(unknown), format!("{head}{why}\r\n\r\n"));
    assert!(
        telnet
            .ask("Action: Command")
            .contains("No command provided")
    );
    assert!(
        telnet
            .ask("Action: Command\nCommand: module unload x")
            .contains("Command blacklisted")
    );
    assert!(
        telnet
            .ask("Action: Command\nCommand: core show channel")
            .starts_with("Response: Error\r\n")
    );

    let simulator = start(Config {
        version: Version::V18,
        ..Config::default()
    });
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    telnet.send(&format!("{unknown}\n\n"));
    let text = telnet.until("--END COMMAND--\r\n\r\n");
    assert_eq!(
        text,
        format!(
            "Response: Follows\r\nPrivilege: Command\r\nActionID: 1\r\n{why}\n--END COMMAND--\r\n\r\n"
        )
    );
    telnet.send("Action: Command\nCommand: _command matchesarray \"zzz\" \"zzz\"\n\n");
    telnet.until("Privilege: Command\r\n_EOF_--END COMMAND--\r\n\r\n");
}

// The shell completes CLI commands with this; what is offered must be what
// runs.
#[test]
fn the_command_line_completes() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    let mut complete = |line: &str, word: &str| {
        let answer = telnet.ask(&format!(
            "Action: Command\nCommand: _command matchesarray \"{line}\" \"{word}\""
        ));
        answer
            .split("Output: ")
            .nth(1)
            .unwrap()
            .trim_end_matches("\r\n")
            .to_owned()
    };
    assert_eq!(complete("core sh", "sh"), "show show _EOF_");
    assert_eq!(
        complete("core show CH", "CH"),
        "channel channel channels _EOF_"
    );
    assert_eq!(complete("queue show ", ""), " empty sales support _EOF_");
    assert_eq!(
        complete("manager show command Or", "Or"),
        "Originate Originate _EOF_"
    );
    assert_eq!(complete("zzz", "zzz"), "_EOF_");
}

#[test]
fn core_stop_now_ends_the_connection_without_a_word() {
    let simulator = start(Config::default());
    let mut telnet = Telnet::login(&simulator, "demo", "off");
    telnet.send("Action: Command\nCommand: core stop now\n\nAction: Ping\n\n");
    assert_eq!(telnet.rest(), "");
}

// Whatever one client sends, the next must be served.
#[test]
fn noise_does_no_harm() {
    let simulator = start(Config::default());
    let names: Vec<&str> = crate::simulator::registry::ACTIONS
        .iter()
        .map(|action| action.name)
        .collect();
    let values = [
        "",
        "-1",
        "99999999999999999999",
        "/",
        "//",
        "/^/",
        "/.*/",
        "a\0b",
        "é\u{202e}",
        "Local/@",
        "Local//n",
        "PJSIP/",
    ];
    let keys = [
        "Channel",
        "Exten",
        "Context",
        "Priority",
        "Application",
        "Data",
        "Variable",
        "Queue",
        "Interface",
        "Paused",
    ];
    let more = [
        "Command",
        "EventMask",
        "Family",
        "Key",
        "Val",
        "Cause",
        "Penalty",
        "CallerID",
        "AuthType",
        "UserEvent",
        "Conference",
        "Digit",
        "Endpoint",
        "ExtraChannel",
        "File",
        "Mailbox",
        "Options",
        "ParkingSpace",
        "Peer",
        "Provider",
        "State",
        "TimeoutChannel",
    ];
    let mut telnet = Telnet::login(&simulator, "demo", "on");
    for name in names
        .iter()
        .filter(|name| !["Logoff", "WaitEvent", "Login"].contains(name))
    {
        for value in values {
            let lines: String = keys
                .iter()
                .chain(&more)
                .map(|key| format!("{key}: {value}\n"))
                .collect();
            telnet.send(&format!(
                "Action: {name}\nAsync: true\nTimeout: 1\nActionID: x\n{lines}\n"
            ));
        }
    }
    telnet.send("Action: Ping\nActionID: the-end\n\n");
    telnet.until("ActionID: the-end\r\nPing: Pong\r\n");
}
