//! What is typed by habit from other programs, on the command line and in the
//! configuration: the message names the cure, and nothing is sent.

use crate::program::{Done, amish};
use crate::servers::simulator;
use crate::settings::{OWN, SECRET, pbx, user_of, with};
use amish::simulator::Simulator;

/// amish at `pbx` with `args`, in which `|` separates and `PBX` is the target.
fn run(pbx: &Simulator, args: &str) -> Done {
    let target = format!("demo@{}", pbx.addr());
    let words = args.split('|').map(|word| word.replace("PBX", &target));
    let run = words.fold(amish(""), |run, word| run.arg(word));
    run.env("AMISH_SECRET", "demo").run()
}

// A new user types what other programs take; each must be led on by the first
// answer, and not in a circle.
#[test]
fn what_is_typed_by_habit_gets_the_cure() {
    let server = simulator();
    let secret = "--secret-file, --secret-command, a profile or the prompt";
    for (args, cure) in [
        ("PBX|core|show|channels", "-x 'core show channels'"),
        ("PBX|sip show peers", "-x 'sip show peers'"),
        ("PBX|-c|core show channels", "`cli core show channels`"),
        ("PBX|-e|call", "-e=call"),
        ("-e|call,agent|PBX", "-e=call,agent"),
        ("PBX|-p|hunter2|Ping", secret),
        ("PBX|-phunter2|Ping", secret),
        ("PBX|--password|hunter2|Ping", secret),
        ("PBX|--password=hunter2|Ping", secret),
        ("PBX|--secret|hunter2|Ping", secret),
        ("PBX|-P|5038|Ping", secret),
        ("PBX|-P|5038|Ping", "host:5038"),
        ("--host|PBX|Ping", "amish user@host:5038 Ping"),
        ("PBX|--port|5038|Ping", "host:5038"),
        ("PBX|-rx|core show channels", "-x 'core show channels'"),
        ("PBX|--json|Ping", "-o json"),
        ("PBX|/calls", "-c '/calls'"),
        ("PBX|calls", "-c '/calls'"),
        (
            "PBX|/watch|QueueStatus|support",
            "/watch 2 QueueStatus support",
        ),
        ("PBX|quit", "/quit works at the prompt only"),
        ("PBX|exit", "/quit works at the prompt only"),
        ("PBX|/exit", "/quit works at the prompt only"),
        (
            "PBX|-c|calls",
            "calls is no Action but a command of amish: write /calls",
        ),
        ("PBX|-c|Ping|-c|Top", "-c:2: top is no Action"),
        ("PBX|-c|history", "/history works at the prompt only"),
        ("PBX|5038|Ping", "as in host:5038"),
        (
            "PBX|-e|--filter|Hangup for 5s",
            "or in --for 5s of a stream",
        ),
        ("PBX|expect|Hangup", "-c 'expect Hangup'"),
        ("PBX|QueueStatus support", "-c 'QueueStatus support'"),
        ("PBX|-x|", "-x:1: "),
        ("PBX|", "'' is not the name of an Action"),
        ("PBX| ", "' ' is not the name of an Action"),
        ("PBX|-f|a|-f|b", "-f takes one script"),
    ] {
        let done = run(&server, args);
        assert_eq!(done.code, 2, "{args}: {done:?}");
        assert!(done.err.contains(cure), "{args}: {}", done.err);
        assert!(!done.err.contains("hunter2"), "{args}: {}", done.err);
    }
    assert!(server.received().is_empty(), "{:?}", server.received());
}

// Four ways to write one thing: a bare word ends a script, and a command of the
// prompt is refused, whatever its name.
#[test]
fn a_script_is_left_by_a_bare_word() {
    let server = simulator();
    for leave in ["quit", "exit", "Exit"] {
        let done = run(&server, &format!("PBX|-c|echo a|-c|{leave}|-c|echo b"));
        assert_eq!((done.code, &*done.out), (0, "a\n"), "{leave}: {done:?}");
    }
    for leave in ["/quit", "/exit", "/Exit"] {
        let done = run(&server, &format!("PBX|-c|echo a|-c|{leave}|-c|echo b"));
        assert_eq!((done.code, &*done.out), (2, ""), "{leave}: {done:?}");
    }
}

// A key with letters exchanged matches nothing, or with != everything.
#[test]
fn a_header_that_is_like_a_known_one_is_doubted() {
    let server = simulator();
    for (filter, note) in [
        (
            "Hangup Cuase!=16",
            "no header Cuase is known: did you mean Cause?",
        ),
        (
            "Chanel~SIP",
            "no header Chanel is known: did you mean Channel?",
        ),
        ("Line=2", ""),
        ("cause-TXT=x", ""),
    ] {
        let done = run(&server, &format!("PBX|-e|--for|50ms|--filter|{filter}"));
        assert_eq!(done.code, 0, "{filter}: {done:?}");
        assert_eq!(
            done.err.contains("did you mean"),
            !note.is_empty(),
            "{done:?}"
        );
        assert!(done.err.contains(note), "{filter}: {}", done.err);
    }
}

// A profile that is mistyped is looked for in the network; and so are classes
// behind a blank.
#[test]
fn a_name_that_is_no_host_is_led_to_what_it_meant() {
    let profile = "[profile.office]\ntarget='pbx.invalid'\n[profile.attic]\n";
    for (args, advice) in [
        ("ofice Ping", "did you mean office?"),
        ("Office Ping", "did you mean office?"),
        ("off Ping", "did you mean office?"),
        ("-e call", "-e=call"),
        // The name itself, with what belongs to a host.
        (
            "office:5039 Ping",
            "office is a profile, whose name stands alone, as in amish office Ping",
        ),
        ("me@office Ping", "office is a profile"),
        ("office/ Ping", "office is a profile"),
    ] {
        let done = amish(&format!("--connect-timeout 1 -u x {args}"))
            .file(OWN, profile)
            .run();
        assert_eq!(done.code, 5, "{args}: {done:?}");
        assert!(done.err.contains(advice), "{args}: {}", done.err);
        assert!(!done.err.contains("no profile office"), "{}", done.err);
    }
}

// An alias of the shell with options in it must not forbid others. Each row has
// what only the last option brings about.
#[test]
fn the_last_of_two_options_wins() {
    let server = simulator();
    for (args, code, told) in [
        ("-o|json|-o|packet|PBX|Ping", 0, "Response: Success"),
        (
            "--output=packet|--output=json|PBX|Ping",
            0,
            "{\"_kind\":\"response\"",
        ),
        ("-q|-v|PBX|Ping", 0, "Message: Authentication accepted"),
        ("-t|1|-t|5m|PBX|-c|/set", 0, "timeout  300\n"),
        (
            "--color|never|--color|always|-o|table|PBX|Ping",
            0,
            "\u{1b}[",
        ),
        (
            "--secret-command|false|--secret-file|/none|PBX|Ping",
            1,
            "the secret in /none",
        ),
        (
            "--secret-file|/none|--secret-command|echo demo|PBX|Ping",
            0,
            "Response: Success",
        ),
        // It would try again without end.
        (
            "--reconnect|--no-reconnect|--tls|--tls|PBX|Ping",
            5,
            "it speaks AMI without TLS",
        ),
    ] {
        let done = run(&server, args);
        assert_eq!(done.code, code, "{args}: {done:?}");
        let said = format!("{}{}", done.out, done.err);
        assert!(said.contains(told), "{args}: {done:?}");
    }
    let quiet = run(&server, "-v|-q|PBX|Ping");
    assert_eq!((quiet.code, &*quiet.err), (0, ""), "{quiet:?}");
}

// A time is typed in many places and must be read alike in all of them.
#[test]
fn a_time_is_read_and_refused_alike_everywhere() {
    let server = simulator();
    let places = [
        "-t|TIME|PBX|Ping",
        "-t=TIME|PBX|Ping",
        "--connect-timeout|TIME|PBX|Ping",
        "-e|--count|1|--for|TIME|PBX|--dry-run",
        "PBX|-c|/set timeout TIME",
        "PBX|--dry-run|-c|sleep TIME",
        "PBX|--dry-run|-c|expect Hangup within TIME",
        "PBX|--dry-run|-c|/watch TIME Ping",
    ];
    for place in places {
        for time in ["30", "1.5", "200ms", "30s", "5m", "1h30m"] {
            let done = run(&server, &place.replace("TIME", time));
            assert_eq!(done.code, 0, "{place} {time}: {done:?}");
        }
        for (time, why) in [
            ("-1", "is negative: write 30, 1.5"),
            ("-5s", "is negative: write 30, 1.5"),
            ("99999999999999999999", "is too long"),
            ("soon", "is not a time: write 30, 1.5"),
        ] {
            let done = run(&server, &place.replace("TIME", time));
            assert_eq!(done.code, 2, "{place} {time}: {done:?}");
            let said = format!("'{time}' {why}");
            assert!(done.err.contains(&said), "{place} {time}: {}", done.err);
        }
    }
    for number in ["--count|-1|-e|PBX", "--buffer|-1|PBX", "--window|-1|PBX"] {
        let done = run(&server, number);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.err.contains("'-1' is no"), "{}", done.err);
    }
}

// What cannot come is waited for in vain, and an option without effect looks as if
// it had worked: each is told, and what was typed is done.
#[test]
fn what_has_no_effect_is_told() {
    let server = simulator();
    let hangup = "no event Hangpu is known: did you mean Hangup?";
    for (args, code, told) in [
        ("PBX|-e|--filter|Hangpu|--for|300ms", 0, hangup),
        ("PBX|-e|--until|Newchannel,Hangpu|--for|300ms", 7, hangup),
        ("PBX|-c|expect Hangpu within 1ms", 7, hangup),
        ("PBX|-c|/filter !Hangpu", 0, hangup),
        (
            "PBX|-e|--filter|Hangup or Newchannel|--for|300ms",
            2,
            "a blank is and, a comma is or",
        ),
        ("PBX|-c|expect A AND B", 2, "a blank is and, a comma is or"),
        (
            "PBX|-o|json|Ping|--fields|Ping",
            0,
            "--fields has no effect",
        ),
    ] {
        let done = run(&server, args);
        assert_eq!(done.code, code, "{args}: {done:?}");
        assert!(done.err.contains(told), "{args}: {}", done.err);
    }
    for args in [
        "PBX|-e|--filter|hangup,Agents,QueueMember*,ParkedCallsComplete|--for|300ms",
        "PBX|-o|csv|Ping|--fields|Ping",
        "PBX|Ping|ActionID=1",
        "PBX|UserEvent|Dong|Anything=1",
    ] {
        let done = run(&server, args);
        assert_eq!((done.code, &*done.err), (0, ""), "{args}: {done:?}");
    }
}

// A profile is written after the example of other programs' files.
#[test]
fn keys_of_other_programs_and_missing_quotes_are_named() {
    let server = pbx();
    let quoted = |key: &str| format!("a text needs quotes: {key} = \"…\"");
    for (line, words) in [
        (
            "host = 'x'",
            "write target = \"HOST\", with a port target = \"HOST:PORT\"".to_owned(),
        ),
        ("Port = 5038", "write target = \"HOST:PORT\"".to_owned()),
        ("password = 'hunter2'", "write secret = \"…\"".to_owned()),
        ("username = 'x'", "write user = \"NAME\"".to_owned()),
        ("target = 127.0.0.1", quoted("target")),
        ("target = 127.0.0.1:5038", quoted("target")),
        ("target = pbx.example.com", quoted("target")),
        ("target = [::1]:5038", quoted("target")),
        ("secret = hunter2", quoted("secret")),
        ("tls = yes", "write true or false here".to_owned()),
        ("target 'x'", "expected `=`".to_owned()),
    ] {
        let config = format!("[profile.p]\ncolor = 'never'\n{line}\n");
        let (_, done) = user_of(with(&config, "p Ping", &server), &server);
        assert_eq!(done.code, 2, "{line}: {done:?}");
        let named = done.err.contains("config.toml:3: ") && done.err.contains(&words);
        assert!(named, "{line}: {}", done.err);
        assert!(!done.err.contains(SECRET), "{line}: {}", done.err);
    }
}
