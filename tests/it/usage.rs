//! What `-h` and `--help` show, and what is said of options that cannot be obeyed.

use crate::program::amish;
use crate::settings::OWN;
use crate::support::own_address;
use amish::cli::{Cli, Unread};
use clap::CommandFactory;
use std::io::Write;
use std::net::TcpListener;

// A screen has 24 lines of 80 columns, one of them for the prompt behind it.
// Whoever scrolls to find the usage has been told too much.
#[test]
fn short_help_fits_on_one_screen() {
    let done = amish("-h").env("COLUMNS", "80").run();
    let lines: Vec<&str> = done.out.lines().collect();
    assert!(lines.len() < 24, "{} lines: {}", lines.len(), done.out);
    for line in &lines {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for needed in [
        "init [TARGET]",
        "help [TOPIC]",
        "doctor security [--file FILE]",
        "--user",
        "--secret-file",
        "--tls",
        "-c <LINE>",
        "-x <TEXT>",
        "--file <FILE>",
        "--events",
        "--output",
        "--read-only",
        "--demo",
        "amish --help",
    ] {
        assert!(done.out.contains(needed), "{needed}: {}", done.out);
    }
}

// Who looks for an option looks for what it is about.
#[test]
fn every_option_is_in_a_group_of_the_long_help() {
    let done = amish("--help").env("COLUMNS", "80").run();
    let headings = done.out.lines().filter(|line| line.ends_with(':'));
    let headings: Vec<&str> = headings.filter(|line| !line.starts_with(' ')).collect();
    let groups = [
        "Arguments:",
        "Connection:",
        "TLS:",
        "What to run:",
        "Events:",
        "Output:",
        "Scripts and safety:",
        "Many PBXs:",
        "Setting up a profile (init):",
        "Demo and captures:",
        "Information:",
    ];
    assert_eq!(headings[..groups.len()], groups);
    assert!(!headings.contains(&"Options:"), "{headings:?}");
    let end = done.out.trim_end().lines().next_back().unwrap();
    assert!(end.contains("amish help"), "{end}");
}

// An example with an option of yesterday is worse than none.
#[test]
fn every_example_of_the_long_help_can_be_typed() {
    let help = amish("--help").run().out;
    let (_, examples) = help.split_once("Examples:\n").unwrap();
    let examples = examples.lines().map_while(|line| line.strip_prefix("  "));
    let mut count = 0;
    for example in examples {
        // The words that explain it stand behind two blanks at least.
        let (typed, why) = example.split_once("  ").unwrap();
        assert!(!why.trim().is_empty(), "{example}");
        // A quoted text is one word, whichever it is.
        let parts = typed.split('\'').enumerate();
        let words = parts.flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        });
        let read = Cli::read(words.map(Into::into), std::iter::empty());
        assert!(read.is_ok(), "{example}: {:?}", read.err());
        count += 1;
    }
    assert!(count > 9, "{help}");
}

// Whoever mistypes an option wants the line to type, not the usage of all of amish.
#[test]
fn a_wrong_option_is_told_in_one_line_with_what_to_type() {
    for (args, said) in [
        (
            "--until X pbx",
            "--until needs -e or --decode: amish TARGET -e --until Hangup",
        ),
        (
            "--until=X pbx",
            "--until needs -e or --decode: amish TARGET -e --until Hangup",
        ),
        (
            "--count 1 pbx",
            "--count needs -e or --decode: amish TARGET -e --count 10",
        ),
        ("--for 5s pbx", "--for needs -e: amish TARGET -e --for 5m"),
        (
            "--to redis://h pbx",
            "--to needs -e: amish TARGET -e --to redis://127.0.0.1",
        ),
        (
            "-e --to-secret-file f pbx",
            "--to-secret-file needs --to: amish TARGET -e --to redis://127.0.0.1 --to-secret-file FILE",
        ),
        (
            "--window 3 pbx Ping",
            "--window needs --keep-going: amish TARGET -f FILE --keep-going --window 10",
        ),
        (
            "--demo-secret-file f",
            "--demo-secret-file needs --demo-listen: amish --demo-listen 127.0.0.1:5038 --demo-secret-file FILE",
        ),
        (
            "--listen 127.0.0.1:1 pbx",
            "--listen is for metrics: amish TARGET metrics --listen 127.0.0.1:9140",
        ),
        (
            "--parallel 3 pbx Ping",
            "--parallel is for many PBXs: name a group, several targets behind commas, or --targets",
        ),
        (
            "--shard 1/2 pbx Ping",
            "--shard is for many PBXs: name a group, several targets behind commas, or --targets",
        ),
        (
            "--group-by target pbx Ping",
            "--group-by is for many PBXs: name a group, several targets behind commas, or --targets",
        ),
        (
            "--insecure --cacert f pbx",
            "--insecure accepts any certificate, where --cacert has no effect: leave --insecure out",
        ),
        (
            "--decode f --tls",
            "--decode connects to nothing, where --tls has no effect: leave it out",
        ),
        (
            "--demo --targets f",
            "--demo and --targets exclude each other: leave one of them out",
        ),
        ("--man pbx", "--man stands alone: leave everything else out"),
        ("--tsl pbx", "there is no --tsl: did you mean --tls?"),
        ("--tim 3 pbx", "there is no --tim: did you mean --timeout?"),
        (
            "-Z pbx",
            "there is no -Z: amish --help lists the options, and behind -- all are words",
        ),
        (
            "--json pbx",
            "there is no --json: the form is given with -o, as in -o json",
        ),
        ("--file", "--file has no value: write --file FILE"),
        ("-c", "-c has no value: write -c LINE"),
        (
            "-o",
            "--output has no value: write one of table, packet, raw, json, csv, tsv",
        ),
        ("-o jsn pbx", "--output has no 'jsn': did you mean json?"),
        (
            "--color yes pbx",
            "--color has no 'yes': write one of auto, always, never",
        ),
        (
            "--quiet=yes pbx",
            "--quiet takes no value: write --quiet alone",
        ),
        (
            "--parallel 0 a,b",
            "--parallel: '0' is no number from 1 to 65535",
        ),
        (
            "-e --count x pbx",
            "--count: 'x' is no number: write 1 or more",
        ),
        (
            "--demo-fleet 99999",
            "--demo-fleet: '99999' is no number from 1 to 10000",
        ),
        ("help -e", "help takes no --events: amish help [TOPIC]"),
        ("init -c Ping", "init takes no -c: amish init [TARGET]"),
        (
            "init -o json",
            "init takes no --output: amish init [TARGET]",
        ),
        (
            "doctor security --tls",
            "doctor takes no --tls: amish doctor security [--file FILE]",
        ),
    ] {
        let done = amish(args).run();
        assert_eq!(done.code, 2, "{args}: {done:?}");
        assert_eq!(done.err, format!("amish: {said}\n"), "{args}");
        assert_eq!(done.out, "", "{args}");
    }
}

// The needs are told from what was typed: a row that is missing there would tell
// of an option that nobody typed.
#[test]
fn every_option_that_needs_another_is_told_by_its_name() {
    let mut needing = 0;
    let command = Cli::command();
    for option in command.get_arguments().filter_map(|arg| arg.get_long()) {
        for value in ["", "=1", "=1MiB", "=target"] {
            let args = ["amish".into(), format!("--{option}{value}").into()];
            if let Err(Unread::Wrong(said)) = Cli::read(args, std::iter::empty()) {
                assert!(!said.contains("is missing"), "{option}: {said}");
                needing += usize::from(said.contains(&format!("--{option} needs ")));
            }
        }
    }
    assert!(needing > 6, "{needing}");
}

// A command of the Asterisk CLI, or an Action, where the target belongs, is a
// mistake of the first minute: the name server knows no word of it.
#[test]
fn what_is_no_target_is_led_to_its_place() {
    let cli = |typed: &str| {
        format!(
            "that reads like a command of the Asterisk CLI, and lacks a target: amish TARGET -x '{typed}'"
        )
    };
    let action = |typed: &str| {
        let name = typed.split(' ').next().unwrap();
        format!("{name} is an Action, which stands behind the target: amish TARGET {typed}")
    };
    for (args, code, said) in [
        ("core show channels", 2, cli("core show channels")),
        ("queue show", 2, cli("queue show")),
        ("show channels", 2, cli("core show channels")),
        ("--dry-run queue show", 2, cli("queue show")),
        ("stop now", 5, cli("stop now")),
        ("queuestatus support", 2, action("QueueStatus ...")),
        ("QueueStatus", 5, action("QueueStatus")),
        ("ping", 5, action("Ping")),
        ("-e ping", 5, action("Ping")),
        ("Login Username=x Secret=pa55word", 2, action("Login ...")),
        (
            "/calls",
            2,
            "/calls is a command of amish, for which a target is needed: amish TARGET -c '/calls'".to_owned(),
        ),
        ("metrics", 5, "metrics stands behind the target: amish TARGET metrics".to_owned()),
        ("--demo pbx ping", 2, "the built-in PBX is the target already: amish --demo Ping".to_owned()),
        (
            "pbx core show channels",
            2,
            "that reads like a command of the Asterisk CLI, not an Action: write -x 'core show channels'".to_owned(),
        ),
    ] {
        let done = amish(&format!("-u x --connect-timeout 1 {args}")).run();
        assert_eq!(done.code, code, "{args}: {done:?}");
        assert!(done.err.contains(&said), "{args}: {}", done.err);
        assert!(!done.err.contains("pa55word"), "{args}: {}", done.err);
    }
    // A profile may be called as its queue is.
    let done = amish("--dry-run queue Ping").file(OWN, "[profile.queue]\ntarget = 'pbx.invalid'\n");
    assert_eq!(done.run().code, 0);
    let named =
        amish("--dry-run queue show").file(OWN, "[profile.queue]\ntarget = 'pbx.invalid'\n");
    assert!(!named.run().err.contains("lacks a target"));
}

// 5083 is typed for 5038, and whoever has a firewall in mind looks for it there.
#[test]
#[cfg(target_os = "linux")]
fn a_port_where_nobody_listens_is_led_to_the_usual_one() {
    let address = own_address();
    let refused = |args: &str| {
        let done = amish(&format!("-u x {args} Ping")).run();
        assert_eq!(done.code, 5, "{args}: {done:?}");
        done.err
    };
    let wrong = format!("{address}:5083");
    let cure = format!("nothing listens on 5083, but 5038 speaks AMI: amish ami://{address}");
    assert!(!refused(&wrong).contains("5038 speaks AMI"));
    let usual = TcpListener::bind((address, 5038)).unwrap();
    std::thread::spawn(move || {
        for (mut stream, banner) in usual
            .incoming()
            .flatten()
            .zip(["Asterisk Call Manager/11.0.0\r\n", "SSH-2.0-x\r\n"])
        {
            let _ = stream.write_all(banner.as_bytes());
        }
    });
    assert!(refused(&wrong).contains(&cure));
    // Something else at 5038 is no cure.
    assert!(!refused(&wrong).contains("5038 speaks AMI"));
}

// The very first try, on a laptop, where there is no Asterisk.
#[test]
fn without_a_target_and_an_asterisk_the_next_step_is_told() {
    let hand = "amish init to make a profile; amish --demo is a PBX to look around in";
    // Elsewhere a real one may be there.
    let free = TcpListener::bind("127.0.0.1:5038").map(drop).is_ok();
    let done = amish("-u x").run();
    if free {
        assert_eq!(done.code, 5, "{done:?}");
        assert!(done.err.contains(hand), "{}", done.err);
    }
    // Whoever named a target knows where it is.
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let done = amish(&format!("-u x {closed}")).run();
    assert_eq!(done.code, 5, "{done:?}");
    assert!(!done.err.contains("--demo"), "{}", done.err);
    let named = amish("-u x").env("AMISH_TARGET", &closed.to_string()).run();
    assert!(!named.err.contains("--demo"), "{}", named.err);
}

// Whoever reports a fault says with which program: on one line for a script, and
// in full.
#[test]
fn the_version_says_from_which_commit_and_for_which_machine() {
    let short = amish("-V").run();
    let version = env!("CARGO_PKG_VERSION");
    let commit = short.out.strip_prefix(&format!("amish {version} ("));
    let commit = commit.and_then(|rest| rest.strip_suffix(")\n")).unwrap();
    assert!(commit.bytes().all(|b| b.is_ascii_graphic()), "{short:?}");
    let long = amish("--version").run();
    let (head, rest) = long.out.split_once('\n').unwrap();
    assert_eq!(head, format!("amish {version}"));
    let facts: Vec<(&str, &str)> = rest
        .lines()
        .filter_map(|line| line.split_once(':'))
        .collect();
    let fact = |name: &str| facts.iter().find(|(key, _)| *key == name).unwrap().1.trim();
    assert_eq!(fact("commit"), commit);
    assert!(
        fact("target").starts_with(std::env::consts::ARCH),
        "{long:?}"
    );
    assert!(fact("target").contains(std::env::consts::OS), "{long:?}");
    assert!(fact("TLS").contains("rustls"), "{long:?}");
    assert_eq!(facts.len(), rest.lines().count(), "{rest}");
}
