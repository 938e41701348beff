//! What lines become, and what is refused.

use super::*;
use crate::ami::{Packet, Reply};
use crate::catalog::{Catalog, Listing, Page, Parameter};

// A secret that was mistyped must not come back in a message that is logged.
#[test]
fn no_fault_shows_a_value() {
    for typed in [
        "Login admin s3cret three",
        "Login Secret='s3cret",
        "Ping s3cret",
        "Secret: s3cret",
        "Action: Login\nSecret: s3cret\0",
    ] {
        let parsed = parse(typed.as_bytes(), Place::Shell);
        let error = match parsed {
            Err(error) => error,
            Ok(statements) => match &statements[0].command {
                Command::Action(line) => {
                    assert!(!format!("{:?}", statements[0]).contains("s3cret"));
                    let fault = line.action(&Catalog::default());
                    statements[0].wrong(fault.expect_err(typed))
                }
                other => panic!("{other:?}"),
            },
        };
        assert!(
            !format!("{error} {error:?}").contains("s3cret"),
            "{error:?}"
        );
    }
}

fn sent(line: &str) -> Result<String, String> {
    let statements = parse(line.as_bytes(), Place::Shell).map_err(|e| e.to_string())?;
    match &statements[0].command {
        Command::Action(line) => match line.action(&Catalog::default()) {
            Ok(action) => Ok(short(&Command::Raw(action))),
            Err(fault) => Err(fault.to_string()),
        },
        other => panic!("{other:?}"),
    }
}

// What a line becomes on the wire: a wrong key changes another's call.
#[test]
fn actions_of_lines() {
    for (typed, wanted) in [
        ("ping", "Action: Ping||"),
        (
            "dbput cidname 555 'Al B'",
            "Action: DBPut|Family: cidname|Key: 555|Val: Al B||",
        ),
        ("DBPut KEY=k f v", "Action: DBPut|Key: k|Family: f|Val: v||"),
        ("getvar FOO", "Action: Getvar|Variable: FOO||"),
        (
            "getvar Local/1 FOO",
            "Action: Getvar|Channel: Local/1|Variable: FOO||",
        ),
        (
            "setvar channel=c FOO 1",
            "Action: Setvar|Channel: c|Variable: FOO|Value: 1||",
        ),
        (
            "originate Local/1 async=true Variable=A=1 variable=B=2",
            "Action: Originate|Channel: Local/1|Async: true|Variable: A=1|Variable: B=2||",
        ),
        (
            "UserEvent Ding mine=1 Ours=",
            "Action: UserEvent|UserEvent: Ding|mine: 1|Ours: ||",
        ),
        (
            "NoSuchAction x=1 actionid=7",
            "Action: NoSuchAction|x: 1|ActionID: 7||",
        ),
        (
            "command 'core show channels'",
            "Action: Command|Command: core show channels||",
        ),
    ] {
        assert_eq!(sent(typed), Ok(wanted.to_owned()), "{typed}");
    }
    let long = format!("UserEvent a b={}", "x".repeat(1020));
    for (typed, wanted) in [
        (
            "DBPut a b c d",
            "DBPut takes bare words for Family, Key, Val only: write the others as Key=value",
        ),
        (
            "Command core show channels",
            "Command takes bare words for Command only",
        ),
        ("ping x", "Ping takes no bare words: write Key=value"),
        ("NoSuchAction x", "NoSuchAction takes no bare words"),
        ("UserEvent a b='\0'", "b holds a NUL byte"),
        (long.as_str(), "the line of b has 1023 bytes"),
    ] {
        let error = sent(typed).expect_err(typed);
        assert!(error.starts_with(wanted), "{typed}: {error}");
    }
    let id = format!("Ping ActionID={}", "x".repeat(61));
    assert!(sent(&id).expect_err("too long").contains("at most 60"));
}

// What the prompt refuses before sending, and what it lets through.
#[test]
fn the_check_of_unknown_actions() {
    let text = b"Response: Success\r\nPing: x  (Priv: <none>)\r\nOriginate: x  (Priv: all)\r\n\
        QueueStatus: x  (Priv: all)\r\nBridge: x  (Priv: call,all)\r\n\r\n";
    let reply = Reply::single(Packet::new(text.to_vec().into()));
    let listed = Catalog::with(Listing::of(&reply));
    let verdict = |line: &str, catalog: &Catalog| {
        let statements = parse(line.as_bytes(), Place::Shell).expect("reads");
        match &statements[0].command {
            Command::Action(line) => check(line, catalog).err().map(|fault| fault.to_string()),
            other => panic!("{other:?}"),
        }
    };
    for (line, with_list, without) in [
        ("ping", None, None),
        ("Login a b", None, None),
        ("Bridge a b", None, None),
        (
            "Orginate x",
            Some("lists no Action Orginate; did you mean Originate?"),
            Some("takes no bare words"),
        ),
        (
            "Xyzzyplugh",
            Some("lists no Action Xyzzyplugh; type help for the list"),
            None,
        ),
        (
            "DBGet a b",
            Some("you send: it needs one of write=system,reporting, or its module"),
            None,
        ),
        (
            "core show channels",
            Some("type `cli core show channels`"),
            Some("type `cli core show channels`"),
        ),
        (
            "sip show peers",
            Some("type `cli sip show peers`"),
            Some("type `cli sip show peers`"),
        ),
        (
            "queue show",
            Some("type `cli queue show`"),
            Some("type `cli queue show`"),
        ),
        (
            "dialplan reload",
            Some("type `cli dialplan reload`"),
            Some("`cli dialplan reload`"),
        ),
        (
            "foo show bar",
            Some("type `cli foo show bar`"),
            Some("type `cli foo show bar`"),
        ),
        (
            "bridge show all",
            Some("type `cli bridge show all`"),
            Some("`cli bridge show all`"),
        ),
        ("core Key=v", Some("lists no Action core"), None),
    ] {
        for (catalog, wanted) in [(&listed, with_list), (&Catalog::default(), without)] {
            let verdict = verdict(line, catalog);
            let says = wanted.map(|wanted| verdict.as_deref().unwrap_or("").contains(wanted));
            assert_eq!(verdict.is_some(), wanted.is_some(), "{line}: {verdict:?}");
            assert_ne!(says, Some(false), "{line}: {verdict:?}");
        }
    }
}

fn page(name: &str, keys: &[&str]) -> Page {
    let parameter = |key: &&str| Parameter {
        key: key.trim_end_matches('!').to_owned(),
        required: key.ends_with('!'),
        ..Parameter::default()
    };
    Page {
        name: name.to_owned(),
        parameters: keys.iter().map(parameter).collect(),
        ..Page::default()
    }
}

// A key that is missing or mistyped costs a round trip, and in `QueueAdd` a
// member that is never called; a key that documentation merely forgot does not
// keep anybody from sending it.
#[test]
fn the_check_of_keys() {
    let catalog = Catalog::default().and([
        page("QueueAdd", &["Queue!", "Interface!", "Penalty", "Paused"]),
        page("QueueRemove", &["Queue!", "Interface!"]),
        page("Originate", &["Channel!", "Exten", "Context", "Priority"]),
        page("UserEvent", &["UserEvent!", "Header1", "HeaderN"]),
        page("UpdateConfig", &["SrcFilename!", "Action-000000"]),
        page("Frobnicate", &["Widget!", "Colour", "Size!"]),
        page("Login", &["Username!", "Secret"]),
    ]);
    let verdict = |line: &str| {
        let statements = parse(line.as_bytes(), Place::Shell).expect("reads");
        match &statements[0].command {
            Command::Action(line) => match check(line, &catalog) {
                Ok(doubt) => doubt.map_or("sent".to_owned(), |doubt| doubt.to_string()),
                Err(fault) => fault.to_string(),
            },
            other => panic!("{other:?}"),
        }
    };
    for (line, wanted) in [
        (
            "queueadd",
            "QueueAdd needs Queue and Interface: help QueueAdd tells what it takes",
        ),
        ("QueueAdd support", "QueueAdd needs Interface"),
        ("QueueAdd interface=Local/1", "QueueAdd needs Queue:"),
        ("QueueAdd support Local/1 2", "sent"),
        (
            "QueueAdd support Local/1 Penalti=2",
            "QueueAdd takes no Penalti; did you mean Penalty?",
        ),
        // The slip is why the key is missing, and what helps.
        (
            "QueueAdd Quue=support Local/1",
            "QueueAdd takes no Quue; did you mean Queue?",
        ),
        ("QueueAdd support Local/1 ActionID=1", "sent"),
        ("QueueAdd support Local/1 SuppressEvents=1", "sent"),
        (
            "QueueAdd support Local/1 Zone=a Hue=b",
            "the documentation of QueueAdd does not name Zone, Hue; sent as typed",
        ),
        ("QueueAdd a b c d", "QueueAdd takes bare words for Queue,"),
        ("QueueRemove support Local/1", "sent"),
        (
            "Originate Local/1",
            "Originate needs Context, Exten, Priority (or Application):",
        ),
        ("Originate Local/1 default 100 1", "sent"),
        ("UserEvent Ding a=1 Heder7=2", "sent"),
        ("UpdateConfig a.conf Action-000003=newcat", "sent"),
        ("Login admin Key=1 AuthType=MD5 Events=on", "sent"),
        // Not in the table of places: the server's required keys take the words.
        ("Frobnicate wide 3", "sent"),
        ("Frobnicate wide", "Frobnicate needs Size:"),
        (
            "Frobnicate a b c",
            "Frobnicate takes bare words for Widget, Size only",
        ),
    ] {
        let verdict = verdict(line);
        assert!(verdict.starts_with(wanted), "{line}: {verdict}");
    }
}
