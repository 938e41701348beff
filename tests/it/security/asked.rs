//! The same over a session.

use super::findings;
use crate::calm::{assert_calm, assert_calm_shell};
use crate::evils::EVILS;
use crate::program::{amish, amish_at, finish};
use crate::pty::Pty;
use crate::scripted::{Conversation, Scripted};
use crate::servers::real_servers;

/// A server with these answers to GetConfig and to CLI commands; what has none is
/// refused.
fn server(config: &'static [u8], cli: &'static [(&'static str, &'static str)]) -> Scripted {
    Scripted::logged_in(move |conversation| answers(conversation, config, cli))
}

fn answers(conversation: &mut Conversation, config: &[u8], cli: &[(&str, &str)]) {
    while let Some(request) = conversation.hear() {
        let listed = match (config.is_empty(), cli.is_empty()) {
            (false, _) => "CoreSettings: x (Priv: system,all)\nGetConfig: x (Priv: config,all)",
            (_, false) => "Command: x (Priv: command,all)",
            _ => "Ping: x (Priv: <none>)",
        };
        match (request.get("Action"), request.get("Filename")) {
            (Some("Logoff"), _) => return,
            (Some("ListCommands"), _) => conversation.answer("Success", listed),
            (Some("CoreSettings"), _) => {
                conversation.answer("Success", "AsteriskVersion: 18.24.1\nCoreHTTPenabled: Yes");
            }
            (Some("GetConfig"), Some("manager.conf")) if request.get("Category").is_none() => {
                let id = conversation.id().to_owned();
                let head = format!("Response: Success\r\nActionID: {id}\r\n");
                conversation.send([head.as_bytes(), config, b"\r\n"].concat());
            }
            (Some("GetConfig"), Some("asterisk.conf")) => conversation.answer(
                "Success",
                "Category-000000: options\nLine-000000-000000: live_dangerously=yes",
            ),
            (Some("Command"), _) => {
                let asked = request.get("Command").unwrap_or_default();
                match cli.iter().find(|(text, _)| *text == asked) {
                    Some((_, output)) => conversation.answer("Success", output),
                    None => conversation.answer("Error", "Message: x"),
                }
            }
            _ => conversation.answer("Error", "Message: Permission denied"),
        }
    }
}

const CONFIG: &[u8] = b"Category-000000: general\r\n\
    Line-000000-000000: enabled=yes\r\nLine-000000-000001: bindaddr=0.0.0.0\r\n\
    Line-000000-000002: webenabled=yes\r\n\
    Category-000001: closed\r\nIsTemplate-000001: 1\r\nLine-000001-000000: secret=1234\r\n\
    Category-000002: me\r\nLine-000002-000000: secret=Hush9-hush8-hush7x\r\n\
    Line-000002-000001: read=all\r\nLine-000002-000002: write=originate,config\r\n\
    Category-000003: them\r\nLine-000003-000000: secret=zzTop\r\n\
    Line-000003-000001: write=call\r\n";

// Over a session: the version has advisories, the other files are looked at, and
// what the server gives away is shown to nobody, in no form and in no trace.
#[test]
fn a_server_is_asked_and_its_secrets_are_shown_nowhere() {
    for form in ["table", "packet", "raw", "json", "csv", "tsv"] {
        let server = server(CONFIG, &[]);
        let args = format!("-v -o {form} --trace trace doctor security");
        let run = amish_at(server.address(), "me", "Hush9-hush8-hush7x", &args);
        let trace = run.home().join("trace");
        let (child, home) = run.spawn();
        let done = finish(child, b"");
        assert_eq!(done.code, 3, "{form}: {}{}", done.out, done.err);
        for part in [
            "18.24.1, GHSA-c4cg-9275-6w44, CVE-2024-42365",
            "live_dangerously = yes",
            "and the HTTP server is on",
            "the secret is shorter",
            "write = config is a shell",
        ] {
            assert!(done.out.contains(part), "{form}, {part}: {}", done.out);
        }
        let trace = std::fs::read(trace).unwrap();
        drop(home);
        let all = [done.out.as_bytes(), done.err.as_bytes(), &trace].concat();
        let all = String::from_utf8_lossy(&all).into_owned();
        for secret in ["zzTop", "Hush9", "=1234"] {
            assert!(!all.contains(secret), "{form}: {all}");
        }
        assert!(!done.out.contains("closed"), "{form}: {}", done.out);
    }
}

// A user who may not read the file learns from the CLI what it tells, and one who
// may nothing gets no grade: silence is not a good one.
#[test]
fn what_may_not_be_asked_is_said_and_makes_no_good_grade() {
    let told = server(
        b"",
        &[
            (
                "manager show settings",
                "Output:   TCP Bindaddress:           0.0.0.0:5038\n\
                 Output:   Web Manager (AMI/HTTP):    No",
            ),
            (
                "manager show users",
                "Output: \nOutput: username\nOutput: --------\nOutput: me\nOutput: you\n\
                 Output: -------------------\nOutput: 2 manager users configured.",
            ),
            (
                "manager show user me",
                "Output:   username: me\nOutput:   ACL: yes\nOutput:   write perm: command",
            ),
            (
                "manager show user you",
                "Output:   username: you\nOutput:   ACL: no\nOutput:   write perm: call",
            ),
        ],
    );
    let run = amish_at(told.address(), "me", "x", "-o table doctor security");
    let done = run.run();
    assert_eq!(done.code, 3, "{}{}", done.out, done.err);
    for part in [
        "grade D   at best: 2 serious, 1 warning, 1 note (the Asterisk CLI)",
        "not checked: secrets, and which addresses ACLs let in: the CLI does not tell",
        "serious   [you]: there is no permit= and no deny=",
        "warning   [me]: write = command is a shell",
    ] {
        assert!(done.out.contains(part), "{part}: {}", done.out);
    }
    let silent = server(b"", &[]);
    let run = amish_at(silent.address(), "me", "x", "-o table doctor security");
    let done = run.run();
    assert_eq!(done.code, 7, "{}{}", done.out, done.err);
    assert!(done.out.starts_with("no grade  manager.conf could not be"));
    assert!(
        done.out
            .contains("GetConfig needs system or config in write=")
    );
}

// Names and values of a file are a server's words.
#[test]
fn what_a_server_says_of_its_file_is_calm() {
    for (name, evil) in EVILS.iter().filter(|(_, evil)| evil.len() < 1000) {
        let evil: Vec<u8> = evil
            .iter()
            .copied()
            .filter(|byte| !matches!(byte, b'\r' | b'\n'))
            .collect();
        let parts: [&[u8]; 9] = [
            b"Category-000000: general\r\nLine-000000-000000: bindaddr=",
            &evil,
            b"\r\nLine-000000-000001: authlimit=999\r\nCategory-000001: a",
            &evil,
            b"b\r\nLine-000001-000000: secret=x\r\nLine-000001-000001: write=all\r\n\
              Line-000001-000002: acl=",
            &evil,
            b"\r\nLine-000001-000003: ",
            &evil,
            b"=x\r\n",
        ];
        let config: &'static [u8] = Box::leak(parts.concat().into_boxed_slice());
        let server = server(config, &[]);
        let run = amish_at(server.address(), "me", "x", "-o table doctor security");
        let done = run.run();
        assert!(
            done.out.contains("is a shell on the PBX"),
            "{name}: {}",
            done.out
        );
        assert_calm(name, done.out.as_bytes());
        assert_calm(name, done.err.as_bytes());
    }
}

// A server may claim any number of sections.
#[test]
fn a_file_without_end_is_bounded() {
    let mut config = b"Category-000000: general\r\nLine-000000-000000: enabled=yes\r\n".to_vec();
    for number in 1..5_000 {
        let line =
            format!("Category-{number:06}: u{number}\r\nLine-{number:06}-000000: secret=x\r\n");
        config.extend_from_slice(line.as_bytes());
    }
    let server = server(Box::leak(config.into_boxed_slice()), &[]);
    let run = amish_at(server.address(), "me", "x", "-o table doctor security");
    let done = run.run();
    assert_eq!(done.code, 3, "{}", done.err);
    assert!(
        done.out
            .contains("not checked: sections after the first 1000")
    );
}

// At the prompt: Tab knows the word, the screen says it all, and nothing follows.
#[test]
fn at_the_prompt_it_is_completed_and_shown() {
    let server = server(CONFIG, &[]);
    let env = [("AMISH_SECRET", "x"), ("AMISH_USER", "me")];
    let mut pty = Pty::spawn(&[&server.target()], &env, 160, 60);
    pty.wait_line("> ");
    pty.type_text("/doctor secu");
    pty.wait_line("> /doctor secu");
    pty.type_text("\t");
    pty.wait_line("> /doctor security");
    pty.type_text("\r");
    pty.wait_line("grade D");
    pty.wait_line("[me]: write = config is a shell on the PBX");
    let screen = pty.bytes();
    assert_calm_shell("the shell", &screen);
    assert!(!String::from_utf8_lossy(&screen).contains("zzTop"));
}

// Two PBXs are asked as one, each under its name, and one exit code.
#[test]
fn several_are_asked_at_once() {
    let (one, other) = (server(CONFIG, &[]), server(b"", &[]));
    let targets = format!("{},{}", one.target(), other.target());
    let run = amish(&format!("-u me {targets} -o json doctor security"));
    let done = run.env("AMISH_SECRET", "x").run();
    assert_eq!(done.code, 3, "{}{}", done.out, done.err);
    for (server, grade) in [(&one, "D"), (&other, "none")] {
        let part = format!(
            r#"{{"_kind":"security_grade","_pbx":"{}","grade":"{grade}""#,
            server.target()
        );
        assert!(done.out.contains(&part), "{part}: {}", done.out);
    }
}

// Real servers give out their file as written: the lab's users are weak, and only
// on loopback.
#[test]
fn real_servers_are_judged() {
    for server in real_servers() {
        let (user, secret) = (server.user, server.secret);
        let args = "-o tsv doctor security";
        let done = amish_at(server.address, user, secret, args).run();
        let all = findings(&done).join("\n");
        for part in [
            "warning admin: the secret is a",
            "warning nocall: the secret is the",
            "note admin: write = all is",
        ] {
            assert!(all.contains(part), "{}, {part}: {all}", server.name);
        }
        assert_eq!(done.code, 3, "{}: {}", server.name, done.err);
        let done = amish_at(server.address, "readonly", "readonly", args).run();
        assert_eq!(done.code, 7, "{}: {}", server.name, done.err);
    }
}
