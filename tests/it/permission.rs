//! What may be sent: `--read-only`, `--dry-run` and `--strict`, and
//! explanations of a server's refusals.

use crate::live::Client;
use crate::program::{Amish, amish, amish_at};
use crate::pty::Pty;
use crate::scripted::Scripted;
use crate::servers::{Server, real_servers_with, servers, simulator, with};
use std::net::TcpListener;

fn at(server: &Server, args: &str) -> Amish {
    amish_at(server.address, server.user, server.secret, args)
}

/// The value in the server's database, as an admin sees it.
fn in_database(server: &Server, key: &str) -> Option<String> {
    let get = at(server, "-o tsv --fields Val DBGet amish-permission");
    let done = get.arg(key).run();
    match done.code {
        0 => done.out.lines().nth(1).map(str::to_owned),
        3 => None,
        _ => panic!("{done:?}"),
    }
}

// Anybody may be given amish --read-only: none of these may change anything, in
// whatever order, spelling and number the headers come.
#[test]
fn read_only_cannot_be_talked_round() {
    let attacks = [
        "DBPut amish-permission KEY x\n",
        "dbput Family=amish-permission Key=KEY Val=x\n",
        "Action: DBPut\nFamily: amish-permission\nVal: broken in\nKey: KEY\n\n",
        "Key: KEY\nFamily: amish-permission\nVal: broken in\naCTION:  dbput\n\n",
        "Action:\nFamily: amish-permission\nVal: broken in\nAction: DBPut\nKey: KEY\n\n",
        "Action: Ping\nAction: DBPut\nFamily: amish-permission\nVal: broken in\nKey: KEY\n\n",
        "Action: \t\nFamily: amish-permission\nVal: broken in\nACTION:DBPUT\nKey: KEY\n\n",
        "cli database put amish-permission KEY show\n",
        "cli \"database\" put amish-permission KEY show\n",
        "Action: Command\nCommand: database put amish-permission KEY x\nCommand: core show uptime\n\n",
        "Command: database put amish-permission KEY x\nCommand: core show uptime\nAction: Command\n\n",
        "Action: Command\nCommand: core show uptime\nCommand: database put amish-permission KEY x\n\n",
        "Getvar Variable=DB_DELETE(amish-permission/KEY)\n",
        "Getvar 'Variable=SHELL(asterisk -rx \"database put amish-permission KEY x\")'\n",
        "Status Variables=A,SHELL(id)\n",
        "Originate Channel=Local/100@default Application=Set Data=DB(amish-permission/KEY)=x Async=true\n",
        "UserEvent x\n",
        "Setvar GLOBAL(KEY) x\n",
    ];
    for (n, attack) in attacks.iter().enumerate() {
        for server in servers() {
            let key = format!("key{n}-{}", std::process::id());
            let attack = attack.replace("KEY", &key);
            let done = at(&server, "--read-only").input(&attack).run();
            assert_eq!(done.code, 2, "{}: {attack}{}", server.name, done.err);
            assert_eq!(done.out, "", "{}: {attack}", server.name);
            assert!(done.err.contains("read-only: "), "{attack}{}", done.err);
            assert_eq!(
                in_database(&server, &key),
                None,
                "{}: {attack}",
                server.name
            );
        }
    }
}

// Existing data stays, even with a function that deletes what it reads.
#[test]
fn read_only_takes_nothing_away() {
    for server in servers() {
        let key = format!("kept-{}", std::process::id());
        let mut admin = Client::log_in(&server, "off");
        let entry = [("Family", "amish-permission"), ("Key", &key[..])];
        let put = [entry[0], entry[1], ("Val", "kept")];
        assert_eq!(admin.ask("DBPut", &put)[0].name(), b"Success");
        for line in [
            format!("Getvar Variable=DB_DELETE(amish-permission/{key})"),
            format!("DBDel amish-permission {key}"),
            format!("cli database del amish-permission {key}"),
        ] {
            let done = at(&server, "--read-only --keep-going -c").arg(&line).run();
            assert_eq!(done.code, 2, "{}: {line}", server.name);
        }
        assert_eq!(in_database(&server, &key).as_deref(), Some("kept"));
        admin.ask("DBDel", &entry);
    }
}

// Queries must work, or nobody uses the option.
#[test]
fn read_only_lets_one_look() {
    for server in with(&["channels"], servers()) {
        let lines = "Ping\ncoreshowchannels\nQueueStatus\ncli core show version\n\
            Getvar Variable=FOO\nAction: Status\n\n-DBGet no such\n";
        let done = at(&server, "--read-only").input(lines).run();
        assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
        assert!(done.out.contains("Ping: Pong"), "{}", done.out);
        let done = at(&server, "--read-only -e=call --for 100ms").run();
        assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
    }
}

// A refusal that is known in advance must not leave a script half done.
#[test]
fn read_only_looks_at_the_whole_script_before_it_connects() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let target = listener.local_addr().unwrap();
    let script = "Ping\n\nDBPut a b c\n";
    for run in [
        amish(&format!("--read-only {target} -f todo")).file("todo", script),
        amish(&format!("--read-only {target} -c Ping -c")).arg("DBPut a b c"),
        amish(&format!("--read-only {target} DBPut a b c")),
    ] {
        let done = run.run();
        assert_eq!(done.code, 2, "{}", done.err);
        assert!(
            done.err
                .contains("DBPut was not sent because it may change something"),
            "{}",
            done.err
        );
        assert!(listener.accept().is_err(), "nobody has connected");
    }
    // From a pipe the preceding lines are sent.
    let simulator = simulator();
    let run = amish_at(simulator.addr(), "demo", "demo", "--read-only");
    let done = run.input("Ping\nDBPut a b c\nPing\n").run();
    assert_eq!(done.code, 2, "{}", done.err);
    assert!(done.err.contains("stdin:2: "), "{}", done.err);
    let received = simulator.received().join("\n");
    assert_eq!(received.matches("Action: Ping").count(), 1);
    assert!(!received.contains("DBPut"), "{received}");
}

fn shell(args: &[&str], address: std::net::SocketAddr, user: &str) -> Pty {
    let target = address.to_string();
    let args: Vec<&str> = args.iter().copied().chain([&target[..]]).collect();
    let env = [("AMISH_SECRET", user), ("AMISH_USER", user)];
    let pty = Pty::spawn(&args, &env, 200, 24);
    pty.wait_line("> ");
    pty
}

#[test]
fn the_shell_keeps_to_the_same_rules() {
    let simulator = simulator();
    let mut pty = shell(&["--read-only", "--strict"], simulator.addr(), "demo");
    pty.type_line("DBPut a b c");
    pty.wait_line("read-only: DBPut was not sent because it may change something");
    pty.type_line("cli core show uptime");
    pty.wait_line("System uptime");
    let received = simulator.received().join("\n");
    assert!(!received.contains("Action: DBPut"), "{received}");
}

fn without_id(out: &str) -> String {
    let kept = out.lines().filter(|line| !line.starts_with("ActionID: "));
    kept.map(|line| format!("{line}\n")).collect()
}

// A dry run shows what a script will do, without a server, and may be shown to
// others.
#[test]
fn a_dry_run_prints_the_packets_and_connects_to_nothing() {
    let script = "# a comment\nLogin ann s3cret\nAction: getvar\nVariable: x\nActionID: mine\n\n\
        Originate PJSIP/1 default 100 1\n/events call\nsleep 100\necho hi\ncli core show uptime\n";
    let packets = "Action: Login\nUsername: ann\nSecret: ***\n\n\
        Action: getvar\nVariable: x\n\n\
        Action: Originate\nChannel: PJSIP/1\nContext: default\nExten: 100\nPriority: 1\nAsync: true\n\n\
        Action: Events\nEventMask: call\n\n\
        Action: Command\nCommand: core show uptime\n\n";
    let args = "--dry-run nobody.invalid";
    for run in [
        amish(args).input(script),
        amish(&format!("{args} -f todo")).file("todo", script),
    ] {
        let done = run.without_terminal().run();
        assert_eq!((done.code, &done.err[..]), (0, ""), "{}", done.out);
        assert_eq!(done.out.matches("\r\n\r\n").count(), 5, "as it goes out");
        assert_eq!(done.out.matches("ActionID: ").count(), 5);
        assert!(done.out.contains("ActionID: mine\r\n"));
        assert_eq!(without_id(&done.out), packets);
    }
    for (more, packet) in [
        ("-e=call", "Action: Events\nEventMask: call\n\n"),
        ("DBGet a b", "Action: DBGet\nFamily: a\nKey: b\n\n"),
        ("-x help", "Action: Command\nCommand: help\n\n"),
    ] {
        let done = amish(&format!("{args} {more}")).run();
        assert_eq!((done.code, without_id(&done.out)), (0, packet.into()));
    }
}

#[test]
fn a_dry_run_refuses_what_a_run_would() {
    for (args, input) in [
        ("--read-only nobody.invalid", "Ping\nDBPut a b c\n"),
        ("nobody.invalid", "Ping\nPing 'x\n"),
    ] {
        let done = amish(&format!("--dry-run {args}")).input(input).run();
        assert_eq!(done.code, 2, "{}", done.err);
        assert!(done.err.contains("stdin:2: "), "{}", done.err);
        assert!(done.out.contains("Action: Ping"), "{}", done.out);
    }
    // On a terminal there is nothing to print.
    let pty = Pty::spawn(&["--dry-run", "nobody.invalid"], &[], 200, 24);
    pty.wait_line("--dry-run has nothing to print: give an Action");
    assert_eq!(pty.exit_code(), 2);
}

// An empty list that is answered by an Error is not an error, unless the user
// wants that.
#[test]
fn strict_counts_an_empty_list_that_is_an_error() {
    let server = Scripted::logged_in(|conversation| {
        while let Some(request) = conversation.hear() {
            let action = request.get("Action").map(str::to_ascii_lowercase);
            match action.as_deref() {
                Some("pjsipshowendpoints") => {
                    conversation.answer("Error", "Message: No endpoints found\n");
                }
                Some("logoff") => return,
                _ => conversation.answer("Success", "Ping: Pong"),
            }
        }
    });
    let target = server.target();
    let places = [
        (format!("{target} PJSIPShowEndpoints"), ""),
        (target.clone(), "PJSIPShowEndpoints\n"),
        (target, "Action: pjsipshowendpoints\n\n"),
    ];
    for (args, input) in &places {
        for (strict, code) in [("", 0), ("--strict", 3)] {
            let run = amish(&format!("-u me {strict} {args}"));
            let done = run.env("AMISH_SECRET", "x").input(*input).run();
            assert_eq!(done.code, code, "{strict} {args}: {done:?}");
        }
    }
    for server in real_servers_with(&["pjsip"]) {
        for (strict, code) in [("", 0), ("--strict", 3)] {
            let done = at(&server, &format!("{strict} PJSIPShowEndpoints")).run();
            assert_eq!(done.code, code, "{}: {}", server.name, done.err);
            assert_eq!(done.err.contains("No endpoints found"), code == 3);
        }
    }
}

// The server's two words become advice, for every Action, wherever it came
// from.
#[test]
fn permission_denied_names_the_class_that_is_missing() {
    for server in with(&["class-originate"], servers()) {
        let run = |args: &str| amish_at(server.address, "readonly", "readonly", args);
        let done = run("DBPut a b c").run();
        assert_eq!(done.code, 3, "{}", server.name);
        let words =
            "Permission denied: DBPut needs write=system; add it to write= of user readonly";
        assert!(done.err.contains(words), "{}: {}", server.name, done.err);
        let lines = "-Redirect x y z 1\nStatus\ncli core show uptime\n";
        let done = run("--keep-going").input(lines).run();
        let several = "stdin:2: Permission denied: Status needs one of write=system,call,reporting";
        assert!(done.err.contains(several), "{}", done.err);
        assert!(
            done.err.contains("Command needs write=command"),
            "{}",
            done.err
        );
        assert!(!done.err.contains("Redirect"), "forgiven: {}", done.err);
    }
    for server in real_servers_with(&["forbidden-applications"]) {
        let call = "Originate Channel=Local/100@default Application=System Data=id";
        let done = amish_at(server.address, "nocall", "nocall", call).run();
        assert_eq!(done.code, 3, "{}", server.name);
        assert!(done.err.contains("also needs write=system"), "{}", done.err);
    }
}

#[test]
fn the_shell_names_the_class_too() {
    for server in servers() {
        let mut pty = shell(&[], server.address, "readonly");
        pty.type_line("Action: DBPut\rFamily: a\rKey: b\rVal: c\r");
        pty.wait_line("DBPut needs write=system; add it to write= of user readonly");
        pty.type_line("quit");
        assert_eq!(pty.exit_code(), 0);
    }
}
