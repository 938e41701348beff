//! What Tab offers at the prompt, held against what the server says to a
//! client of its own at the same moment.

mod phones;
mod prompt;

use crate::live::Client;
use crate::pty::Key;
use crate::scripted::{Conversation, Scripted};
use crate::servers::{Server, real_servers, servers, spawn};
use amish::ami::Packet;
use prompt::Shell;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// `key` of each item of the list that `action` gives, as it is on the wire.
fn listed(client: &mut Client, action: &[&str], event: &str, key: &str) -> Vec<String> {
    let headers: Vec<(&str, &str)> = action[1..]
        .iter()
        .map(|header| header.split_once('=').expect("a header"))
        .collect();
    let answer = client.ask(action[0], &headers);
    let is_item = |packet: &&Packet| packet.is_event(event);
    let values = answer.iter().filter(is_item);
    let mut names: Vec<String> = Vec::new();
    for value in values.filter_map(|item| item.text(key)) {
        if !names.iter().any(|name| *name == value) {
            names.push(value.into_owned());
        }
    }
    assert!(!names.is_empty(), "{action:?} lists nothing to offer");
    names
}

/// Line, question, event and header.
type Row<'a> = (&'a str, &'a [&'a str], &'a str, &'a str);

// The promise of completion: what there is, not what there was or may be.
#[test]
fn what_is_on_the_server_is_offered() {
    let support = &["QueueStatus", "Queue=support"][..];
    let rows: &[Row<'_>] = &[
        (
            "QueueStatus Queue=",
            &["QueueStatus"],
            "QueueParams",
            "Queue",
        ),
        (
            "QueueSummary Queue=",
            &["QueueStatus"],
            "QueueParams",
            "Queue",
        ),
        (
            "QueueReset Queue=",
            &["QueueStatus"],
            "QueueParams",
            "Queue",
        ),
        (
            "QueueAdd Interface=x Queue=",
            &["QueueStatus"],
            "QueueParams",
            "Queue",
        ),
        (
            "QueueRemove Queue=support Interface=",
            support,
            "QueueMember",
            "Location",
        ),
        (
            "QueuePause Queue=support Interface=",
            support,
            "QueueMember",
            "Location",
        ),
        (
            "QueuePause Interface=",
            &["QueueStatus"],
            "QueueMember",
            "Location",
        ),
        (
            "QueueStatus Queue=support Member=",
            support,
            "QueueMember",
            "Location",
        ),
        (
            "Hangup Channel=",
            &["CoreShowChannels"],
            "CoreShowChannel",
            "Channel",
        ),
        (
            "Status Channel=",
            &["CoreShowChannels"],
            "CoreShowChannel",
            "Channel",
        ),
        (
            "Setvar Variable=x Channel=",
            &["CoreShowChannels"],
            "CoreShowChannel",
            "Channel",
        ),
        (
            "Getvar Channel=",
            &["CoreShowChannels"],
            "CoreShowChannel",
            "Channel",
        ),
    ];
    for server in servers() {
        let mut client = Client::log_in(&server, "off");
        call(&mut client, &server);
        let mut shell = Shell::on(&server);
        for (line, action, event, key) in rows {
            shell.offers(line, || listed(&mut client, action, event, key));
        }
    }
}

// Things that the built-in PBX does not have.
#[test]
fn what_is_on_a_real_server_is_offered() {
    let tree = &["DBGetTree", "Family=b-tab"][..];
    let dialplan = &["ShowDialPlan", "Context=parkedcalls"][..];
    let rows: &[Row<'_>] = &[
        (
            "Redirect Channel=",
            &["CoreShowChannels"],
            "CoreShowChannel",
            "Channel",
        ),
        (
            "Park Channel=",
            &["CoreShowChannels"],
            "CoreShowChannel",
            "Channel",
        ),
        (
            "MixMonitor Channel=",
            &["CoreShowChannels"],
            "CoreShowChannel",
            "Channel",
        ),
        ("AgentLogoff Agent=", &["Agents"], "Agents", "Agent"),
        ("Park Parkinglot=", &["Parkinglots"], "Parkinglot", "Name"),
        (
            "BridgeTechnologySuspend BridgeTechnology=",
            &["BridgeTechnologyList"],
            "BridgeTechnologyListItem",
            "BridgeTechnology",
        ),
        (
            "Redirect Context=parkedcalls Exten=",
            dialplan,
            "ListDialplan",
            "Extension",
        ),
        (
            "ShowDialPlan Context=parkedcalls Extension=",
            dialplan,
            "ListDialplan",
            "Extension",
        ),
        (
            "ExtensionState Context=default Exten=",
            &["ExtensionStateList"],
            "ExtensionStatus",
            "Exten",
        ),
    ];
    for server in real_servers() {
        let mut client = Client::log_in(&server, "off");
        call(&mut client, &server);
        for key in ["one", "two"] {
            let entry = [("Family", "b-tab"), ("Key", key), ("Val", "x")];
            client.ask("DBPut", &entry);
        }
        let mut shell = Shell::on(&server);
        for (line, action, event, key) in rows {
            shell.offers(line, || listed(&mut client, action, event, key));
        }
        shell.offers("DBGet Family=b-tab Key=", || {
            let paths = listed(&mut client, tree, "DBGetTreeResponse", "Key");
            let keys = paths.iter().filter_map(|path| path.strip_prefix("/b-tab/"));
            keys.map(str::to_owned).collect()
        });
    }
}

/// A channel of our own, which stays.
fn call(client: &mut Client, server: &Server) {
    let headers = [
        ("Channel", "Local/110@default"),
        ("Application", "Wait"),
        ("Data", "60"),
        ("Async", "true"),
    ];
    let answer = client.ask("Originate", &headers);
    assert_eq!(answer[0].name(), b"Success", "{} calls", server.name);
}

/// What the server's own completion says, read here once more.
fn completed(client: &mut Client, line: &str) -> Vec<String> {
    let word = line.rsplit(' ').next().unwrap_or_default();
    let text = format!("_command matchesarray \"{line}\" \"{word}\"");
    let answer = client.ask("Command", &[("Command", &text)]);
    let said = match answer[0].get("Output") {
        Some(line) => line,
        None => answer[0].body().expect("an output"),
    };
    let said = String::from_utf8_lossy(said).into_owned();
    let mut names: Vec<String> = Vec::new();
    for name in said.split(' ').skip(1).filter(|name| !name.is_empty()) {
        let name = name.trim_end().to_owned();
        if name != "_EOF_" && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

// Whoever knows `asterisk -r` finds the same behind `cli`, with any rights and
// far from the machine.
#[test]
fn the_cli_is_completed_as_the_server_completes_it() {
    let lines = [
        "",
        "c",
        "core ",
        "core s",
        "core show ",
        "core show ch",
        "core show channel ",
        "core show channels ",
        "core show channels c",
        "core show calls ",
        "core show help ",
        "core show help core ",
        "core set ",
        "core stop ",
        "core nosuch",
        "database ",
        "database show ",
        "dialplan ",
        "dialplan show ",
        "dialplan show d",
        "manager ",
        "manager show ",
        "manager show command Q",
        "manager show command Ping Q",
        "manager show user ",
        "module ",
        "module show ",
        "queue ",
        "queue show ",
        "queue show s",
        "QUEUE SH",
        "channel request hangup ",
        "pjsip show ",
        "nosuch ",
    ];
    for server in servers() {
        let mut client = Client::log_in(&server, "off");
        call(&mut client, &server);
        let mut shell = Shell::on(&server);
        for line in lines {
            let typed = format!("cli {line}");
            shell.offers(&typed, || completed(&mut client, line));
        }
    }
}

const QUEUES: &str = "EventList: start\nMessage: Queue status will follow\n\n\
    Event: QueueParams\nQueue: support\nCalls: 2\nActionID: $ID\n\n\
    Event: QueueParams\nQueue: sales\nCalls: 0\nActionID: $ID\n\n\
    Event: QueueStatusComplete\nEventList: Complete\nListItems: 2\nActionID: $ID";

/// Refuses what comes until it is `action`. None: the client has left.
fn hear(conversation: &mut Conversation, action: &str) -> Option<()> {
    loop {
        let request = conversation.hear()?;
        match request.get("Action").unwrap_or_default() {
            name if name == action => return Some(()),
            "Logoff" => conversation.answer("Goodbye", ""),
            _ => conversation.answer("Error", "Message: Permission denied"),
        }
    }
}

// A person is not kept waiting by a slow server, and has not waited in vain:
// what comes late is there at the next Tab.
#[test]
fn a_late_answer_is_there_at_the_next_tab() {
    let (go, going) = channel();
    let server = Scripted::logged_in(move |conversation| {
        if hear(conversation, "QueueStatus").is_some() {
            going.recv().expect("the test goes on");
            conversation.answer("Success", QUEUES);
            while hear(conversation, "QueueStatus").is_some() {
                conversation.answer("Success", QUEUES);
            }
        }
    });
    // Should the test fail, the server waits no longer.
    let go = go;
    let mut shell = Shell::at(&server.target(), "demo", "demo");
    let line = "QueueStatus Queue=";
    assert_eq!(shell.tab(line), [line]);
    go.send(()).expect("the server waits");
    shell.offers(line, || vec!["support".to_owned(), "sales".to_owned()]);
    shell.pty.key(Key::Ctrl('d'));
    assert_eq!(shell.pty.exit_code(), 0);
}

// Any byte ends a WaitEvent, and behind one that blocks a question would wait
// for ever: while an Action is unanswered Tab asks nothing.
#[test]
fn tab_disturbs_no_action_that_is_under_way() {
    let (heard, waits) = channel();
    let server = Scripted::logged_in(move |conversation| {
        if hear(conversation, "WaitEvent").is_some() {
            heard.send(()).expect("the test goes on");
            conversation.expect("Ping");
            conversation.answer("Success", "Ping: Pong");
            conversation.carry_on();
        }
    });
    let mut shell = Shell::at(&server.target(), "demo", "demo");
    shell.pty.type_line("Action: WaitEvent");
    shell.pty.type_line("");
    waits.recv().expect("the server hears it");
    shell.pty.key(Key::Ctrl('c'));
    shell.pty.wait_line("stopped waiting");
    shell.clear();
    let line = "QueueStatus Queue=";
    assert_eq!(shell.tab(line), [line]);
    shell.pty.type_line("Ping");
    shell.pty.wait_line("Pong");
}

// As above, with a server that has stopped in earnest: Tab answers from what is
// known, and goes on when the server does.
#[test]
fn a_server_that_stands_still_does_not_hold_the_line() {
    for server in real_servers() {
        let own = spawn(&server.name);
        let target = own.address.to_string();
        let mut shell = Shell::at(&target, server.user, server.secret);
        let (known, unknown) = ("QueueStatus Queue=", "AgentLogoff Agent=");
        let queues = shell.tab(known);
        assert!(queues.contains(&"support".to_owned()), "{queues:?}");
        own.ctl("pause");
        assert_eq!(shell.tab(unknown), [unknown]);
        assert_eq!(shell.tab(known), queues);
        own.ctl("resume");
        shell.offers(unknown, || vec!["1001".to_owned()]);
    }
}

// Prints how long Tab takes, with values that are known and with those that
// are asked for: `cargo test --release --test it how_long_tab -- --ignored --nocapture`.
#[test]
#[ignore = "it measures"]
fn how_long_tab_takes() {
    for server in servers() {
        let mut shell = Shell::on(&server);
        shell.tab("QueueStatus Queue=");
        // Again and again the same question; and each time another.
        let known = times(&mut shell, |_| "QueueStatus Queue=s".to_owned());
        let asked = times(&mut shell, |turn| format!("DBGet Family=b{turn} Key="));
        println!(
            "{}: median and 99th percentile {known:?} known, {asked:?} asked for",
            server.name
        );
    }
}

fn times(shell: &mut Shell, line: impl Fn(usize) -> String) -> (Duration, Duration) {
    let mut times: Vec<Duration> = (0..300)
        .map(|turn| {
            let line = line(turn);
            shell.pty.type_text(&line);
            shell.pty.wait_typed(&format!("{}{line}", shell.prompt));
            let begun = Instant::now();
            shell.press();
            let time = begun.elapsed();
            shell.clear();
            time
        })
        .collect();
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}
