//! The Actions that lines become, and what is refused.

use super::*;
use crate::ami::{Packet, Reply};
use crate::catalog::{Catalog, Listing, Name, Page, Parameter};

// A mistyped secret must not appear in a message that is logged.
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

// A line on the wire: a wrong key would change somebody else's call.
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
        // The name is what is wrong, not the words.
        (
            "Qeuestatus support",
            "no Action Qeuestatus is known; did you mean QueueStatus? Qeuestatus takes no bare words: write Key=value",
        ),
        ("UserEvent a b='\0'", "b holds a NUL byte"),
        (long.as_str(), "the line of b has 1023 bytes"),
    ] {
        let error = sent(typed).expect_err(typed);
        assert!(error.starts_with(wanted), "{typed}: {error}");
    }
    let id = format!("Ping ActionID={}", "x".repeat(61));
    assert!(sent(&id).expect_err("too long").contains("at most 60"));
}

// A forgotten quote gives the rest of a value to the next key, and the server
// takes it. Only the keys are told: the value may be a secret.
#[test]
fn a_word_behind_a_value_is_told_with_the_key_it_fills() {
    let told = |typed: &str| {
        let statements = parse(typed.as_bytes(), Place::Shell).expect("reads");
        match &statements[0].command {
            Command::Action(line) => line.strays(&Catalog::default()),
            other => panic!("{other:?}"),
        }
    };
    let quotes = "a value with blanks stands in quotes";
    for (typed, behind) in [
        (
            "QueueAdd support Local/1 membername=Test One",
            &[("MemberName", "Penalty")][..],
        ),
        (
            "QueueAdd support MemberName= Test",
            &[("MemberName", "Interface")],
        ),
        (
            "QueueAdd MemberName=Al B Reason=so what",
            &[("MemberName", "Queue"), ("Reason", "Interface")],
        ),
        ("Login Secret=my s3cret", &[("Secret", "Username")]),
        ("QueueAdd support Local/1 MemberName='Test One' 2", &[]),
        ("QueueAdd support Local/1 2 MemberName=Test", &[]),
        ("QueueAdd support Local/1", &[]),
        // Refused: there is no key to fill.
        ("Ping ActionID=a b", &[]),
    ] {
        let wanted = behind
            .iter()
            .map(|(before, filled)| format!("the word behind {before}= fills {filled}; {quotes}"));
        assert_eq!(told(typed), wanted.collect::<Vec<_>>(), "{typed}");
    }
}

// Documentation names one key for many. Sent with the documentation's number,
// the second change of a file is lost, and a lone one changes another section.
#[test]
fn a_numbered_key_goes_out_with_its_number() {
    let documented = Catalog::default().and([
        page("UpdateConfig", &["SrcFilename!", "Action-000000"]),
        page(
            "AOCMessage",
            &[
                "Channel",
                "MsgType",
                "ChargeType",
                "UnitAmount(0)",
                "UnitType(0)",
            ],
        ),
        page("UserEvent", &["UserEvent!", "Header1", "HeaderN"]),
        page("Frobnicate", &["Key-XXXXXX", "Key-000000", "WidgetN!"]),
    ]);
    for catalog in [Catalog::default(), documented] {
        let sent = |typed: &str| {
            let statements = parse(typed.as_bytes(), Place::Shell).expect("reads");
            match &statements[0].command {
                Command::Action(line) => {
                    check(line, &catalog).expect("nothing is lacking");
                    short(&Command::Raw(line.action(&catalog).expect("in bounds")))
                }
                other => panic!("{other:?}"),
            }
        };
        for (typed, wanted) in [
            (
                "updateconfig a b action-000000=NewCat Cat-000000=x Action-000001=Append",
                "UpdateConfig|SrcFilename: a|DstFilename: b|Action-000000: NewCat|\
                 Cat-000000: x|Action-000001: Append",
            ),
            (
                "UpdateConfig a b Action-000001=DelCat Value-123456=v",
                "UpdateConfig|SrcFilename: a|DstFilename: b|Action-000001: DelCat|\
                 Value-123456: v",
            ),
            (
                "aocmessage channel=x MsgType=D ChargeType=Free UnitAmount(1)=5 UnitType(31)=2",
                "AOCMessage|Channel: x|MsgType: D|ChargeType: Free|UnitAmount(1): 5|UnitType(31): 2",
            ),
            (
                "UserEvent Ding Header2=a header1=b channel=c headern=d actionid=1",
                "UserEvent|UserEvent: Ding|Header2: a|header1: b|channel: c|headern: d|\
                 ActionID: 1",
            ),
            (
                "Frobnicate Key-000007=x Widget3=y",
                "Frobnicate|Key-000007: x|Widget3: y",
            ),
        ] {
            // An Action without a documentation is not known by amish either.
            if typed.starts_with("Frob") && catalog.page("Frobnicate").is_none() {
                continue;
            }
            let sent = sent(typed);
            let named = format!("Action: {wanted}||");
            assert_eq!(sent, named, "{typed}");
        }
    }
}

// What the check refuses before sending, and what it accepts.
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
            "show channels verbose",
            Some("type `cli core show channels verbose`"),
            Some("type `cli core show channels verbose`"),
        ),
        (
            "show queue sales",
            Some("type `cli queue show sales`"),
            Some("type `cli queue show sales`"),
        ),
        // Which it should be, nobody knows.
        (
            "show chanels",
            Some("lists no Action show"),
            Some("show takes no bare words"),
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
        required: key.ends_with('!'),
        ..Parameter::of(Name::of_key(key.trim_end_matches('!').as_bytes()).unwrap())
    };
    Page {
        parameters: keys.iter().map(parameter).collect(),
        ..Page::of(Name::of_action(name.as_bytes()).unwrap())
    }
}

// A missing or mistyped key costs a round trip, and in `QueueAdd` a member that
// is never called. A key that the documentation merely omits can still be sent.
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
        // The typo is why the key is missing, so it is what to report.
        (
            "QueueAdd Quue=support Local/1",
            "QueueAdd takes no Quue; did you mean Queue?",
        ),
        ("QueueAdd support Local/1 ActionID=1", "sent"),
        ("QueueAdd support Local/1 SuppressEvents=1", "sent"),
        (
            "QueueAdd support Local/1 Zone=a Hue=b",
            "the documentation of QueueAdd does not name Zone, Hue; will be sent as typed",
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
        // Not in the table of positions: the server's required keys take the
        // words.
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
