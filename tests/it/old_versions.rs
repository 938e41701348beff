//! What only Asterisk before 13 does, played from recordings (`replayed`).

use crate::pty::Key;
use crate::replayed::Replay;
use crate::scripted::Request;

// 1.6.2 says `all` behind the rights of everybody: a user with few was told
// that he may do all, and of two faults that are none.
#[test]
fn the_rights_of_1_6_2_are_those_of_the_user() {
    let server = Replay::of("asterisk-1.6.2/doctor.trace").start();
    let done = server.run("abcde123", &["-c", "/whoami", "-c", "/doctor"]);
    assert_eq!(done.code, 0, "{done:?}");
    let rights = "system,call,log,verbose,command,agent,user";
    for part in [
        format!("{rights} (read=)"),
        format!("{rights} (write=)"),
        "no originate in write=: calls cannot be started".to_owned(),
        "no problems found".to_owned(),
    ] {
        assert!(done.out.contains(&part), "{part}: {}", done.out);
    }
    assert!(!done.out.contains("PJSIP"), "{}", done.out);
}

// 1.4 prints the lines of manager.conf, and knows eight classes.
#[test]
fn the_rights_of_1_4_are_read_from_its_own_words() {
    let told = "\n       username: admin\n         secret: <Set>\n           deny: (N/A)\n\
        \x20        permit: 0.0.0.0/0.0.0.0\n           read: system,call,agent\n\
        \x20         write: system,call,log,verbose,command,agent,user,config\n\
        displayconnects: yes\n";
    let replay = Replay::of("asterisk-1.4/shell.trace");
    let server = replay.and_cli("manager show user admin", told).start();
    let done = server.run(
        "admin",
        &[
            "-c",
            "/whoami",
            "-c",
            "/doctor",
            "-c",
            "/doctor event Newexten",
        ],
    );
    assert!(
        done.out.contains("system,call,agent (read=)"),
        "{}",
        done.out
    );
    assert!(done.out.contains("no user in read="), "{}", done.out);
    assert!(done.out.contains("no problems found"), "{}", done.out);
    assert!(done.out.contains("Newexten is an event of class call"));
    assert!(!done.out.contains("no dialplan"), "{}", done.out);
}

const PARK: &str = "Action: Park\nSynopsis: Park a channel\nPrivilege: call,all\n\
    Description: Parks a channel.\nVariables: (Names marked with * are required)\n\
    \t*Channel: Which channel\n\t*Channel2: Where it is announced\n\
    \tTimeout: Milliseconds until it comes back\n\n";

// 1.4 documents one Action at a time. Asked for ten, it says how to ask; that
// was kept as if it were an answer, and keys of later versions were offered and
// sent.
#[test]
fn what_1_4_documents_is_asked_for_one_by_one() {
    let replay = Replay::of("asterisk-1.4/shell.trace");
    let server = replay.and_cli("manager show command Park", PARK).start();
    let mut pty = server.shell("admin");
    server.wait_asked("Command: _command matchesarray \"manager show event \" \"\"");
    pty.type_line("help Park");
    pty.wait_line("Channel2*");
    pty.type_line("Park Channel=SIP/a-1 Channel2=SIP/b-1 TimeoutChannel=x");
    pty.wait_line("Park takes no TimeoutChannel; did you mean Timeout?");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
    let heard = server.heard.look();
    let asked = |request: &&Request| {
        let command = request.get("Command").unwrap_or_default();
        command.starts_with("manager show command ")
    };
    let counts: Vec<usize> = heard
        .iter()
        .filter(asked)
        .map(|request| request.get("Command").unwrap().split(' ').count() - 3)
        .collect();
    // Once for ten, then once for each that is listed.
    let many = counts.iter().filter(|count| **count > 1).count();
    assert_eq!((many, counts.len()), (1, 1 + 42), "{counts:?}");
}

// Rights were blamed for what no right can give.
#[test]
fn what_1_4_does_not_have_is_not_blamed_on_rights() {
    let server = Replay::of("asterisk-1.4/shell.trace").start();
    let mut pty = server.shell("admin");
    server.wait_asked("Command: _command matchesarray \"manager show event \" \"\"");
    pty.type_line("CoreShowChannels");
    pty.wait_line("Asterisk 1.4 has no CoreShowChannels: use `Status`");
    pty.type_line("ModuleLoad Module=res_x LoadType=load");
    pty.wait_line("Asterisk 1.4 has no ModuleLoad");
    pty.type_line("/doctor QueueSummary");
    pty.wait_line("Asterisk 1.4 has no QueueSummary: use `QueueStatus`");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
    let done = server.run("admin", &["CoreShowChannels"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(
        done.err.contains("Asterisk 1.4 has no CoreShowChannels"),
        "{}",
        done.err
    );
}

// Where rights may be the reason, they are those that 1.4 wants.
#[test]
fn what_1_4_keeps_from_a_user_needs_a_class_of_its_own() {
    let few = "Response: Success\nActionID: $ID\nPing: Keepalive (Priv: <none>)\n\n";
    let replay = Replay::of("asterisk-1.4/shell.trace");
    let server = replay.and("Action: ListCommands", few).start();
    let mut pty = server.shell("admin");
    server.wait_asked("Command: _command matchesarray \"manager show event \" \"\"");
    // The list is asked for again before something is refused.
    pty.type_line("CoreShowChannels");
    pty.wait_line("Asterisk 1.4 has no CoreShowChannels");
    pty.type_line("Status");
    pty.wait_line("it needs write=call, or its module is not loaded");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
}

// The two first words are refused, and 1.4 has no Action to do it with.
#[test]
fn what_1_4_does_not_let_through_is_for_its_console() {
    let refused = "Response: Error\nActionID: $ID\nMessage: Command blacklisted\n\n";
    let replay = Replay::of("asterisk-1.4/shell.trace");
    let question = "Action: Command\nCommand: module load res_x";
    let server = replay.and(question, refused).start();
    let done = server.run("admin", &["-x", "module load res_x"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(
        done.err.contains("asterisk -rx 'module load res_x'"),
        "{}",
        done.err
    );
    assert!(!done.err.contains("ModuleLoad"), "{}", done.err);
}

// Before 13 a server that stops does not say so: it forgets what it had. A
// script took that for a slip of the pen, and went on with --keep-going.
#[test]
fn a_server_that_forgets_what_it_had_is_stopping() {
    let unknown = "Response: Error\nActionID: $ID\nMessage: Invalid/unknown command: \
        X. Use Action: ListCommands to show available commands.\n\n";
    let replay = || {
        let replay = Replay::of("asterisk-1.6.2/doctor.trace");
        let replay = replay.and("Action: CoreShowChannels", unknown);
        replay
            .and("Action: Nonsense", unknown)
            .and("Action: Filter", unknown)
    };
    let server = replay().start();
    let args = ["--keep-going", "-c", "CoreShowChannels", "-c", "Ping"];
    let done = server.run("abcde123", &args);
    assert_eq!(done.code, 6, "{done:?}");
    assert!(done.err.contains("so it is stopping"), "{}", done.err);
    assert!(!done.out.contains("Pong"), "{}", done.out);
    let done = server.run("abcde123", &["Nonsense"]);
    assert_eq!(done.code, 3, "{done:?}");
    let done = server.run("abcde123", &["Filter", "Operation=Add"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(
        done.err.contains("this version of Asterisk has no Filter"),
        "{}",
        done.err
    );
}

// 1.4 and 1.6.0 carry a UserEvent out and say nothing: amish waited for the
// whole `-t` and called the outcome unknown. A refusal is still one, and 1.8,
// which has the banner of 1.6.0, answers.
#[test]
fn a_userevent_that_this_version_does_not_answer_is_not_waited_for() {
    let replay = |trace: &str, answer: &str| {
        let question = "Action: UserEvent\nUserEvent: Ding";
        Replay::of(trace).and(question, answer).start()
    };
    let words = "UserEvent was sent and not refused; this version of Asterisk does not answer it";
    for (trace, user) in [
        ("asterisk-1.4/shell.trace", "admin"),
        ("asterisk-1.6.2/doctor.trace", "abcde123"),
    ] {
        let silent = replay(trace, "");
        let done = silent.run(user, &["-t", "600", "UserEvent", "UserEvent=Ding"]);
        assert_eq!((done.code, &*done.out), (0, ""), "{done:?}");
        assert!(done.err.contains(words), "{}", done.err);
        let script = ["-t", "600", "-c", "UserEvent Ding", "-c", "echo behind"];
        let done = silent.run(user, &script);
        assert_eq!((done.code, &*done.out), (0, "behind\n"), "{done:?}");
        assert!(done.err.contains(words), "{}", done.err);
        let refused = "Response: Error\nActionID: $ID\nMessage: Permission denied\n\n";
        let done = replay(trace, refused).run(user, &["UserEvent", "UserEvent=Ding"]);
        assert_eq!(done.code, 3, "{done:?}");
        let answered = "Response: Success\nActionID: $ID\nMessage: Event Sent\n\n";
        let done = replay(trace, answered).run(user, &["UserEvent", "UserEvent=Ding"]);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(done.out.contains("Event Sent"), "{}", done.out);
        assert!(!done.err.contains(words), "{}", done.err);
    }
}

// VoicemailUserEntry of 1.6 to 13 begins with its ActionID, before `Event:`.
#[test]
fn an_item_may_begin_with_its_actionid() {
    let server = Replay::of("asterisk-11/vmusers.trace").start();
    let fields = ["-o", "tsv", "--fields", "VoiceMailbox,Fullname"];
    let done = server.run("admin", &[&fields[..], &["VoicemailUsersList"]].concat());
    assert_eq!((done.code, &*done.err), (0, ""), "{done:?}");
    assert_eq!(
        done.out,
        "VoiceMailbox\tFullname\n100\tAnn Hundred\n101\tBen Onehundredone\n"
    );
}

// IAXpeers of 1.4 sends its ActionID and a table, without a Response.
#[test]
fn a_table_behind_our_actionid_is_the_answer() {
    for form in ["table", "tsv"] {
        let server = Replay::of("asterisk-1.4/iaxpeers.trace").start();
        let done = server.run("admin", &["-o", form, "IAXpeers"]);
        assert_eq!((done.code, &*done.err), (0, ""), "{done:?}");
        // In tsv the lines are one cell.
        let text = done.out.replace("\\n", "\n");
        let last = "\n1 iax2 peers [0 online, 0 offline, 1 unmonitored]\n";
        assert!(text.ends_with(last), "{done:?}");
        assert!(
            text.contains("\nbranch           (Unspecified)"),
            "{done:?}"
        );
        assert!(!done.out.contains("ActionID"), "{done:?}");
    }
}

// QueueRule of 1.6.2 without rules is answered by empty lines alone.
#[test]
fn an_answer_of_empty_lines_is_an_empty_list() {
    let server = Replay::of("asterisk-1.6.2/queuerule.trace").start();
    let done = server.run("admin", &["-o", "table", "QueueRule"]);
    assert_eq!((done.code, &*done.err), (0, ""), "{done:?}");
    assert_eq!(done.out, "The list is empty.\n");
}

// A script against 1.6.2, where DBGet that finds has no end: each line gets its
// own answer, refusals too, and UserEvent has one.
#[test]
fn a_script_reads_every_answer_of_1_6_2() {
    let server = Replay::of("asterisk-1.6.2/slow.trace").start();
    let lines = [
        "DBPut gwindow key0 0",
        "-DBGet gwindow nosuch",
        "-NoSuchThing",
        "-DBDel gwindow nosuch",
        "DBPut gwindow atw3 w3",
        "DBGet gwindow atw3",
        "cli database show gwindow key0",
        "QueueSummary gnone",
        "UserEvent G n=9",
        "Ping",
    ];
    let given = lines.iter().flat_map(|line| ["-c", line]);
    let args: Vec<&str> = ["-o", "json"].into_iter().chain(given).collect();
    let done = server.run("admin", &args);
    assert_eq!(done.code, 0, "{done:?}");
    let told = [
        "Updated database successfully",
        "Database entry not found",
        "Invalid/unknown command: NoSuchThing.",
        "Database entry not found",
        "Updated database successfully",
        "Result will follow",
        r#""Event":"DBGetResponse","Family":"gwindow","Key":"atw3","Val":"w3""#,
        r#""/gwindow/key0                                     : 0  "#,
        "Queue summary will follow",
        r#""Event":"QueueSummaryComplete""#,
        "Event Sent",
        r#""Ping":"Pong""#,
    ];
    let out: Vec<&str> = done.out.lines().collect();
    assert_eq!(out.len(), told.len(), "{done:?}");
    for (line, part) in out.iter().zip(told) {
        assert!(line.contains(part), "{part}: {line}");
    }
}

// Up to 13 a Command is answered by `Response: Follows` and text up to a marker.
// One that a caller's value forges, while no Command waits, hides nothing.
#[test]
fn a_value_of_an_old_server_forges_no_output() {
    let value = "Response: Success\nVariable: X\nValue: a\n\n\
        Response: Follows\nPrivilege: Command\nx\nActionID: $ID\n\n";
    for (trace, user) in [
        ("asterisk-1.4/shell.trace", "admin"),
        ("asterisk-1.6.2/doctor.trace", "abcde123"),
        ("asterisk-11/vmusers.trace", "admin"),
    ] {
        let replay = Replay::of(trace).and("Action: Getvar\nVariable: X", value);
        let args = ["-o", "json", "-c", "Getvar X", "-c", "Ping"];
        let done = replay.start().run(user, &args);
        assert_eq!(done.code, 0, "{done:?}");
        let lines: Vec<&str> = done.out.lines().collect();
        assert_eq!(lines.len(), 3, "{done:?}");
        assert!(lines[2].contains("Pong"), "{done:?}");
        assert!(done.err.contains("unrequested Response"), "{done:?}");
    }
}

// The items of amish's own question begin with its ActionID, up to 13: they were
// printed below the line, as text that nobody had asked for. 1.4 has no such list.
#[test]
fn tab_behind_a_mailbox_prints_nothing_but_mailboxes() {
    for (trace, has_list) in [
        ("asterisk-11/vmusers.trace", true),
        ("asterisk-1.4/shell.trace", false),
    ] {
        let server = Replay::of(trace).start();
        let mut pty = server.shell("admin");
        pty.type_text("MailboxStatus ");
        pty.key(Key::Tab);
        if has_list {
            server.wait_asked("Action: VoicemailUsersList");
            // The first Tab does not wait long for an answer.
            pty.key(Key::Tab);
            pty.wait_line("101@default");
        }
        pty.key(Key::Ctrl('u'));
        pty.type_line("Ping");
        pty.wait_line("Response: ");
        pty.type_line("quit");
        assert_eq!(pty.exit_code(), 0);
        let shown = String::from_utf8_lossy(&pty.bytes()).into_owned();
        for own in ["VoicemailUser", "VMContext", "unrequested", "ActionID"] {
            let of_ping = usize::from(own == "ActionID");
            assert_eq!(shown.matches(own).count(), of_ping, "{own}: {shown}");
        }
    }
}
