//! The check before sending: valid packets are not refused, and Actions that
//! lack required keys are not sent.

use crate::program::{amish, amish_at};
use crate::pty::{Key, Pty, hint, rows, typed};
use crate::servers::{Server, real_servers_with, simulator};
use amish::catalog::{Catalog, Name, Page, Parameter};
use amish::language::{Command, Fault, Place, check, parse, quote};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The result of the check for an Action with these headers.
fn verdict(
    action: &str,
    headers: &[(&str, &str)],
    catalog: &Catalog,
) -> Result<Option<String>, Fault> {
    let word = |(key, value): &(&str, &str)| {
        let value = quote(value.as_bytes(), Place::Shell);
        format!(" {key}={}", String::from_utf8(value).unwrap())
    };
    let line: String = headers.iter().map(word).collect();
    let read = parse(format!("{action}{line}").as_bytes(), Place::Shell);
    match &read.unwrap()[0].command {
        Command::Action(line) => check(line, catalog),
        other => panic!("{other:?}"),
    }
}

/// A packet as its headers.
fn packets(text: &str) -> Vec<Vec<(&str, &str)>> {
    let text = text.split("\n\n").map(|packet| {
        let lines = packet.lines().filter_map(|line| line.split_once(':'));
        lines
            .map(|(key, value)| (key.trim(), value.trim()))
            .collect()
    });
    text.collect()
}

fn get<'a>(packet: &[(&str, &'a str)], key: &str) -> Option<&'a str> {
    let mut all = packet.iter();
    let found = all.find(|(own, _)| own.eq_ignore_ascii_case(key));
    found.map(|(_, value)| *value)
}

/// The successful requests of a recording: Action and headers.
fn answered(requests: &Path) -> Vec<(String, Vec<(String, String)>)> {
    let read = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        String::from_utf8_lossy(&bytes).replace('\r', "")
    };
    let (requests, replies) = (read(requests), read(&requests.with_extension("txt")));
    let replies = packets(&replies);
    let failed = |id: &str| {
        let own = |one: &&Vec<(&str, &str)>| get(one, "ActionID") == Some(id);
        let reply = replies.iter().find(own);
        reply.is_none_or(|one| get(one, "Response") == Some("Error"))
    };
    let requests = packets(&requests);
    let valid = requests.iter().filter_map(|one| {
        let action = get(one, "Action").filter(|name| !name.is_empty())?;
        let id = get(one, "ActionID")?;
        let others = one
            .iter()
            .filter(|(key, _)| !key.eq_ignore_ascii_case("Action"));
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        (!failed(id)).then(|| (action.to_owned(), others.map(owned).collect()))
    });
    valid.collect()
}

/// `Key!` is required, according to that server's `[Syntax]`.
type Syntax = BTreeMap<String, Vec<(String, bool)>>;

fn syntax(version: &str) -> Syntax {
    let text = std::fs::read_to_string(root().join("syntax").join(version)).unwrap();
    let row = |line: &str| {
        let mut words = line.split(' ').map(str::to_owned);
        let name = words.next().unwrap();
        let keys = words.map(|word| {
            let key = word.trim_end_matches('!');
            (key.to_owned(), key.len() < word.len())
        });
        (name, keys.collect())
    };
    text.lines().map(row).collect()
}

/// The pages that this documentation would become.
fn pages(syntax: &Syntax) -> Catalog {
    let parameter = |(key, required): &(String, bool)| Parameter {
        required: *required,
        ..Parameter::of(Name::of_key(key.as_bytes()).unwrap())
    };
    Catalog::default().and(syntax.iter().map(|(name, keys)| Page {
        parameters: keys.iter().map(parameter).collect(),
        ..Page::of(Name::of_action(name.as_bytes()).unwrap())
    }))
}

// A user who must switch the check off for one packet leaves it off.
#[test]
fn nothing_that_a_server_took_is_refused() {
    let mut count = 0;
    for server in ["asterisk-1.8", "asterisk-16", "asterisk-22"] {
        let version = server.trim_start_matches("asterisk-");
        let mut catalogs = vec![Catalog::default()];
        if version != "1.8" {
            catalogs.push(pages(&syntax(version)));
        }
        let folder = root().join("transcripts").join(server);
        for file in folder.read_dir().unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|e| e != "in") {
                continue;
            }
            for (action, headers) in answered(&path) {
                let headers: Vec<(&str, &str)> = headers
                    .iter()
                    .map(|(key, value)| (key.as_str(), value.as_str()))
                    .collect();
                for catalog in &catalogs {
                    let said = verdict(&action, &headers, catalog);
                    assert!(said.is_ok(), "{}: {action}: {said:?}", path.display());
                    count += 1;
                }
            }
        }
    }
    assert!(count > 250, "only {count} requests");
}

/// Numbered keys of patterns, as a user would write them.
fn written(key: &str) -> String {
    key.replace("000000", "000003")
        .replace("(0)", "(1)")
        .replace("HeaderN", "Header7")
}

// The documented required keys suffice, and all documented keys are accepted:
// by the pages themselves, and by the built-in table, which must work for every
// version.
#[test]
fn nothing_that_is_documented_is_refused() {
    for version in ["16", "22"] {
        let syntax = syntax(version);
        for catalog in [Catalog::default(), pages(&syntax)] {
            for (action, keys) in &syntax {
                let all: Vec<String> = keys.iter().map(|(key, _)| written(key)).collect();
                let all: Vec<(&str, &str)> = all.iter().map(|key| (&**key, "1")).collect();
                let said = verdict(action, &all, &catalog);
                assert_eq!(said, Ok(None), "{version}: {action} {all:?}");
                let required = keys.iter().filter(|(_, required)| *required);
                let required: Vec<(&str, &str)> =
                    required.map(|(key, _)| (key.as_str(), "1")).collect();
                match verdict(action, &required, &catalog) {
                    Ok(None) => {}
                    // Servers require more than their documentation says.
                    Err(Fault::Missing { .. }) if WANTS_MORE.contains(&action.as_str()) => {}
                    said => panic!("{version}: {action} {required:?}: {said:?}"),
                }
            }
        }
    }
}

/// Refused by the servers although all documented required keys are there
/// (16.28 and 22.10).
const WANTS_MORE: [&str; 7] = [
    "AOCMessage",
    "BlindTransfer",
    "Filter",
    "MessageSend",
    "MixMonitorMute",
    "Originate",
    "PJSIPNotify",
];

/// The `[Syntax]` of a live server, parsed as simply as possible.
fn syntax_of(server: &Server) -> Syntax {
    let run = |lines: &[String]| {
        let mut amish = amish_at(server.address, server.user, server.secret, "-o packet");
        for line in lines {
            amish = amish.arg("-c").arg(line);
        }
        amish.run().out
    };
    let listed = run(&["ListCommands".to_owned()]);
    let listed = listed.lines().filter(|line| line.contains("(Priv: "));
    let names: Vec<&str> = listed
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    assert!(names.len() > 100, "{}: {names:?}", server.name);
    let asked = names
        .iter()
        .map(|name| format!("cli manager show command {name}"));
    let text = run(&asked.collect::<Vec<_>>());
    let mut syntax = Syntax::new();
    for page in text.split("[Syntax]\n").skip(1) {
        let Some(rest) = page.strip_prefix("Action: ") else {
            continue;
        };
        let mut lines = rest.lines();
        let name = lines.next().unwrap().trim().to_owned();
        let keys = lines.take_while(|line| !line.trim().is_empty());
        let keys = keys.filter_map(|line| {
            let key = line.split(':').next()?;
            Some((
                key.trim_start_matches('[').to_owned(),
                !line.starts_with('['),
            ))
        });
        syntax.insert(name, keys.collect());
    }
    assert_eq!(syntax.len(), names.len(), "{}", server.name);
    syntax
}

/// Documented as required, but not checked for, with the key that is named
/// instead: servers work without it, or accept another (16.28 and 22.10).
const SPARED: [(&str, &str, &str); 6] = [
    ("AOCMessage", "Channel", "Channel or ChannelPrefix"),
    ("ExtensionState", "Context", ""),
    ("JabberSend", "JID", "ScreenName"),
    ("PJSIPHangup", "Cause", ""),
    ("PJSIPNotify", "Variable", "Endpoint, URI or Channel"),
    ("Setvar", "Value", ""),
];

/// Ctrl-C, and then the new prompt: keys that come before it would be another
/// line's.
fn give_up_line(pty: &mut Pty) {
    pty.key(Key::Ctrl('c'));
    pty.wait_for("an empty line", |screen| {
        typed(screen).trim_end().ends_with('>')
    });
}

// Each Action of a server without its keys must be refused with an explanation,
// and the trace must show that it was not sent.
#[test]
fn every_action_of_a_server_without_its_keys_is_refused_and_named() {
    for server in real_servers_with(&["hundred-actions"]) {
        let syntax = syntax_of(&server);
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("trace");
        let target = server.address.to_string();
        let args = [
            "-o",
            "packet",
            "--trace",
            trace.to_str().unwrap(),
            "-u",
            server.user,
            &target,
        ];
        let mut pty = Pty::spawn(&args, &[("AMISH_SECRET", server.secret)], 160, 50);
        pty.wait_line("> ");
        // Only the server's own page has descriptions of keys, and this one is
        // read last.
        let missing = format!("{}: its pages never come", server.name);
        pty.until(&missing, |pty| {
            give_up_line(pty);
            pty.type_text("WaitEvent Timeout=");
            pty.wait_for("the line", |screen| typed(screen).contains("Timeout="));
            pty.look(|screen| hint(screen).contains("econds"))
        });
        give_up_line(&mut pty);
        let mut count = 0;
        for (action, keys) in &syntax {
            // The one Action that works without its documented required key: it
            // would wait.
            if action == "WaitEvent" {
                continue;
            }
            let required = keys.iter().filter(|(_, required)| *required);
            let required: Vec<&str> = required
                .map(|(key, _)| {
                    let spared = SPARED
                        .iter()
                        .find(|(name, own, _)| name == action && own == key);
                    spared.map_or(key.as_str(), |(_, _, instead)| *instead)
                })
                .filter(|key| !key.is_empty())
                .collect();
            if required.is_empty() {
                continue;
            }
            pty.type_line(action);
            let needs = format!("{action} needs ");
            let what = format!("{}: {needs}{required:?}", server.name);
            pty.wait_for(&what, |screen| {
                let mut said = rows(screen).into_iter();
                said.any(|row| {
                    row.starts_with(&needs) && required.iter().all(|key| row.contains(key))
                })
            });
            count += 1;
        }
        assert!(count > 80, "{}: {count}", server.name);
        pty.type_line("quit");
        assert_eq!(pty.exit_code(), 0);
        let trace = std::fs::read_to_string(&trace).unwrap().replace('\r', "");
        let mut sent: Vec<&str> = trace
            .lines()
            .filter_map(|line| line.strip_prefix("Action: "))
            .collect();
        sent.sort_unstable();
        sent.dedup();
        let own = [
            "Challenge",
            "Command",
            "ListCommands",
            "Login",
            "Logoff",
            "Ping",
        ];
        sent.retain(|name| !own.contains(name));
        assert!(sent.is_empty(), "{}: {sent:?} went out", server.name);
    }
}

// Documentation may be wrong; the server decides.
#[test]
fn with_no_check_everything_goes_out_as_it_was_typed() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let args = ["--no-check", "-o", "packet", "-u", "demo", &target];
    let mut pty = Pty::spawn(&args, &[("AMISH_SECRET", "demo")], 80, 24);
    pty.wait_line("> ");
    pty.type_line("QueueAdd Quue=x");
    pty.wait_line("Response: Error");
    let sent = pbx.received();
    assert!(sent.iter().any(|one| one.contains("Quue: x")), "{sent:?}");
    let line = "Originate Local/1 Application=Wait";
    let dry = |args: &str| amish(args).arg("-c").arg(line).run().out;
    assert!(dry("--dry-run x").contains("Async: true"));
    let unchecked = dry("--dry-run --no-check x");
    assert!(unchecked.contains("Application: Wait") && !unchecked.contains("Async"));
}

// A command without its slash must be recognised, instead of suggesting
// unrelated Actions.
#[test]
fn a_command_of_amish_without_its_slash_is_named() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let mut pty = Pty::spawn(
        &["-u", "demo", &target],
        &[("AMISH_SECRET", "demo")],
        80,
        24,
    );
    pty.wait_line("> ");
    pty.type_line("calls");
    pty.wait_line("calls is a command of amish: type /calls");
}

// Outside of the prompt nothing is refused, for a server may do without: some
// place a call without a Priority. But a key that was left out is named.
#[test]
fn what_is_left_out_is_told_where_nothing_is_refused() {
    let pbx = simulator();
    let run = |options: &str, line: &str| {
        let args = format!("{options} -c");
        amish_at(pbx.addr(), "demo", "demo", &args).arg(line).run()
    };
    for (line, lacks) in [
        ("DBGet night", "DBGet usually needs Key; sent as typed"),
        (
            "Originate Local/110@default default 120",
            "Originate usually needs Context, Exten, Priority (or Application); sent as typed",
        ),
    ] {
        let done = run("", line);
        assert!(done.err.contains(lacks), "{line}: {done:?}");
        for quiet in ["-q", "--no-check"] {
            let done = run(quiet, line);
            assert!(!done.err.contains("usually"), "{line} {quiet}: {done:?}");
        }
    }
    let whole = run("", "DBGet night mode");
    assert!(!whole.err.contains("usually"), "{whole:?}");
}
