//! Every way to type a secret, and whether it is left behind: in the history,
//! in the trace, in a dry run, in a message.

use crate::program::{amish, finish};
use crate::pty::{Key, Pty};
use crate::secrets::{SECRET, assert_nowhere, server};
use crate::shell::COLS;
use crate::support::write_own;

/// Aliases of words that take a secret.
const CONFIG: &str = "[alias]\nli = 'Login'\npw = 'cli ari mkpasswd'\n";

/// Lines that send it, with `***` in its place.
const SENT: [&str; 9] = [
    "pw ***",
    "cli database put pbx secret ***",
    "cli realtime update peers name bob secret ***",
    "UpdateConfig SrcFilename=a DstFilename=a Action-000000=Update Var-000000=secret Value-000000=***",
    "UpdateConfig SrcFilename=a DstFilename=a Action-7=Delete Match-7=*** Var-7=Password",
    "UserEvent X Data=http://me:***@pbx/x",
    "UserEvent X MD5Cred=*** | cat",
    "li me ***",
    "Login me *** &",
];

/// Lines that send nothing, and the text that shows that they are done.
const KEPT_HERE: [(&str, &str); 6] = [
    ("/connect me:***@127.0.0.1", "must not contain a secret"),
    (
        "/connect ami://me:***@127.0.0.1",
        "must not contain a secret",
    ),
    ("!true curl -u me:*** http://pbx; echo $((6*111))", "666"),
    ("!true curl ftp://me:***@pbx; echo $((7*111))", "777"),
    ("-Login me ***", "is for scripts"),
    ("/watch never Login me ***", "is not a time"),
];

// The history can be read from the disk, and a trace is passed on to others.
#[test]
fn a_secret_that_is_typed_is_left_nowhere() {
    let (server, keys) = server("Success");
    let target = server.target();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    write_own(&path, CONFIG);
    let env = [
        ("AMISH_CONFIG", path.to_str().unwrap()),
        ("AMISH_SECRET", "another"),
    ];
    let args = ["-q", "--yes", "-u", "me", "--trace", "t", &*target];
    let mut pty = Pty::spawn(&args, &env, COLS, 40);
    let mut prompt = format!("me@{target}> ");
    pty.wait_typed(&prompt);
    for line in SENT {
        pty.type_line(&line.replace("***", SECRET));
        // A user who logs in by hand gets all events.
        if line.starts_with("li ") {
            prompt = prompt.replace("> ", " (events)> ");
        }
        pty.wait_typed(&prompt);
    }
    for (line, told) in KEPT_HERE {
        pty.type_line(&line.replace("***", SECRET));
        pty.wait_for(told, |screen| {
            let rows = crate::pty::rows(screen);
            rows.iter()
                .any(|row| row.contains(told) && !row.contains(SECRET))
        });
        pty.wait_typed(&prompt);
    }
    pty.type_line("/history");
    pty.wait_line("    1  /history");
    pty.wait_typed(&prompt);
    let seen = String::from_utf8_lossy(&pty.bytes()).into_owned();
    for repeated in ["write /watch 2 Login me ", "\nLogin me "] {
        assert!(!seen.contains(&format!("{repeated}{SECRET}")), "{repeated}");
    }
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
    assert_nowhere("typed", b"", pty.home(), &keys);
    // Lines are omitted for their secrets, and for no other reason.
    let trace = std::fs::read_to_string(pty.home().join("t")).unwrap();
    for line in [
        "Command: ari mkpasswd ***",
        "Command: database put pbx secret ***",
        "Var-000000: secret\r\nValue-000000: ***",
        "Match-7: ***\r\nVar-7: Password",
        "Data: http://me:***@pbx/x",
    ] {
        assert!(trace.contains(line), "{line}: {trace}");
    }
    let history = std::fs::read_to_string(pty.home().join("state/amish/history")).unwrap();
    assert_eq!(history, "/history\n");
}

// Dry runs are shown to others.
#[test]
fn a_dry_run_shows_no_secret() {
    for line in SENT {
        let line = line.replace("***", SECRET);
        let line = line.trim_end_matches([' ', '&']).replace(" | cat", "");
        let line = line.replace("li me", "Login me");
        let line = line.replace("pw ", "cli ari mkpasswd ");
        for line in [line.clone(), format!("-{line}")] {
            let run = amish("--dry-run pbx -c").arg(&line);
            let (child, home) = run.spawn();
            let done = finish(child, b"");
            assert_eq!(done.code, 0, "{line}: {}", done.err);
            assert!(done.out.contains("***"), "{line}: {}", done.out);
            assert!(!done.out.contains(SECRET), "{line}: {}", done.out);
            drop(home);
        }
    }
}

// CLI commands print secrets in clear: 16 and 22 in `pjsip show auth`, and up
// to 13 in lines without a header.
#[test]
fn what_a_cli_command_prints_is_masked_in_the_trace() {
    let server = crate::scripted::Scripted::logged_in(|conversation| {
        conversation.expect("Command");
        conversation.answer(
            "Success",
            &format!("Message: Command output follows\nOutput:  password   : {SECRET}\nOutput: /pbx/secret  : {SECRET}"),
        );
        conversation.carry_on();
    });
    let args = format!("-u me {} --trace t -x", server.target());
    let run = amish(&args)
        .arg("pjsip show auth bob")
        .env("AMISH_SECRET", "x");
    let (child, home) = run.spawn();
    let done = finish(child, b"");
    assert_eq!(done.code, 0, "{}", done.err);
    // The user who asked for it sees it.
    assert!(done.out.contains(SECRET), "{}", done.out);
    let trace = std::fs::read_to_string(home.path().join("t")).unwrap();
    assert!(trace.contains("Output:  password   : ***\r\n"), "{trace}");
    assert!(!trace.contains(SECRET), "{trace}");
}

// Messages end up in the logs of cron jobs.
#[test]
fn a_message_repeats_no_secret() {
    for args in [
        &["--filter", "Secret=***, ,", "pbx", "-e"][..],
        &["me:***@pbx", "Ping"],
        &["ami://me:***@pbx", "Ping"],
        &["http://me:***@pbx", "Ping"],
        &["--dry-run", "pbx", "Login", "me", "***", "more"],
        &["--dry-run", "pbx", "-c", "Login me '***"],
        &["--dry-run", "pbx", "-c", "Secret=*** Login"],
        &["--dry-run", "pbx", "-c", "me:***@pbx Ping"],
        &["--dry-run", "pbx", "-c", "ami://me:***@pbx"],
    ] {
        let args = args.iter().map(|arg| arg.replace("***", SECRET));
        let done = args.fold(amish(""), |run, arg| run.arg(arg)).run();
        assert_eq!(done.code, 2, "{}", done.err);
        assert!(!done.err.contains(SECRET), "{}", done.err);
    }
}
