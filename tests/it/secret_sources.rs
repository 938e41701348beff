//! Where secrets come from, and how they are kept from others.

use crate::program::{AMISH, Amish, amish, finish, signal};
use crate::settings::{OWN, SECRET, pbx, user_of, with};
use crate::support::code_of;
use amish::simulator::Simulator;
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader, Read};

// A secret sent to another server or user is given away.
#[test]
fn the_secret_of_a_profile_serves_its_own_target_and_user() {
    let pbx = pbx();
    let config = "[profile.default]\ntarget='PBX'\nuser='profile'\nsecret='hunter2'\n";
    for args in [
        "-u option default Ping",
        "profile@PBX Ping",
        "-u option -c Ping",
    ] {
        let run = with(config, args, &pbx).without_terminal();
        let (seen, done) = user_of(run, &pbx);
        assert_eq!(seen, None, "{args}: nobody was logged in");
        assert_eq!(done.code, 2, "{args}: {}", done.err);
        assert!(done.err.contains("no secret for"), "{args}: {}", done.err);
    }
}

// The three ways to put a secret into a profile, and how paths are resolved.
#[test]
fn a_profile_names_a_secret_a_file_or_a_command() {
    let pbx = pbx();
    for secret in [
        "secret = 'hunter2'",
        "secret_file = 'beside'",
        "secret_file = '~/at-home'",
        "secret_command = \"printf '%s\\n' hunter2 more\"",
        "secret_command = ['printf', 'hunter2']",
    ] {
        let config = format!("[profile.p]\ntarget='PBX'\nuser='profile'\n{secret}\n");
        let run = with(&config, "p Ping", &pbx)
            .file(".config/amish/beside", "hunter2\n")
            .file("at-home", "hunter2");
        let (_, done) = user_of(run, &pbx);
        assert_eq!(done.code, 0, "{secret}: {}", done.err);
    }
}

// A secret that everybody on the machine may read is not secret.
#[test]
fn a_file_with_a_secret_must_be_its_owners_alone() {
    let pbx = pbx();
    let config = "[profile.p]\ntarget='PBX'\nuser='profile'\nsecret='hunter2'\n";
    let harmless = "[profile.p]\ntarget='PBX'\nuser='profile'\nsecret_file='s'\n";
    // 0440 of root's is a credential of systemd.
    for mode in [0o640, 0o604, 0o620, 0o601] {
        let open = |run: Amish, name: &str, text: &str| {
            let text = text.replace("PBX", &pbx.addr().to_string());
            run.file_with(mode, name, text)
        };
        let named = format!("profile@{} Ping", pbx.addr());
        for (run, file) in [
            (open(amish("p Ping"), OWN, config), OWN),
            (
                open(amish("p Ping"), "c", config).env("AMISH_CONFIG", "c"),
                "c",
            ),
            (
                open(amish(&format!("{named} --secret-file s")), "s", SECRET),
                "s",
            ),
            (
                open(amish(&named), "s", SECRET).env("AMISH_SECRET_FILE", "s"),
                "s",
            ),
            (
                open(with(harmless, "p Ping", &pbx), ".config/amish/s", SECRET),
                ".config/amish/s",
            ),
        ] {
            let (seen, done) = user_of(run, &pbx);
            assert_eq!(
                (done.code, seen),
                (2, None),
                "{mode:o} {file}: {}",
                done.err
            );
            // Nobody else may change what amish obeys, with or without a
            // secret.
            let cure = match mode {
                0o620 if file != "s" && !file.ends_with("/s") => "chmod go-w ",
                _ => "chmod 600 ",
            };
            assert!(
                done.err.contains(cure) && done.err.ends_with(&format!("{file}\n")),
                "{mode:o} {file}: {}",
                done.err
            );
        }
    }
    // Without a secret in it anybody may read it.
    let run = open_to_all(harmless, &pbx);
    assert_eq!(user_of(run, &pbx).1.code, 0);
    // What a shell makes of <(…) is not a regular file.
    let command = format!(
        "{} profile@{} --secret-file <(echo {SECRET}) Ping",
        AMISH,
        pbx.addr()
    );
    let done = std::process::Command::new("bash")
        .args(["-c", &command])
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn open_to_all(config: &str, pbx: &Simulator) -> Amish {
    let config = config.replace("PBX", &pbx.addr().to_string());
    let run = amish("p Ping").file_with(0o644, OWN, config);
    run.file(".config/amish/s", SECRET)
}

// The command does not run in a shell, and errors are reported without its
// arguments, which may contain a secret.
#[test]
fn a_secret_command_runs_without_a_shell_and_fails_in_words() {
    let pbx = pbx();
    let run = |command: &str| {
        let args = format!("profile@{} Ping --secret-command", pbx.addr());
        amish(&args).arg(command)
    };
    let (_, done) = user_of(run("printf hunter2"), &pbx);
    assert_eq!(done.code, 0, "{}", done.err);
    for (command, code, words) in [
        ("true hunter2", 1, "'true' printed no secret"),
        ("printf '\\nhunter2'", 1, "'printf' printed no secret"),
        (
            "sh -c 'echo hunter2; exit 3'",
            1,
            "'sh' gave no secret: exit status: 3",
        ),
        (
            "sh -c 'kill -9 $$' hunter2",
            1,
            "'sh' gave no secret: signal: 9",
        ),
        ("no-such-program hunter2", 1, "cannot run 'no-such-program'"),
        ("yes hunter2", 1, "more than 64 KiB"),
        ("printf '\\377%.0s' hunter2", 1, "not UTF-8 text"),
        ("printf 'hunter2", 2, "quote"),
        (" ", 2, "is empty"),
        // Its input is empty, and it does not wait for any.
        ("cat", 1, "'cat' printed no secret"),
    ] {
        let (seen, done) = user_of(run(command).input("hunter2\n"), &pbx);
        assert_eq!((done.code, seen), (code, None), "{command}: {}", done.err);
        assert!(done.err.contains(words), "{command}: {}", done.err);
    }
    for command in [
        "echo $(touch here) `touch here` ; touch here",
        "echo a > here",
        "echo a | tee here",
        "echo a && touch here",
    ] {
        let (child, home) = run(command).spawn();
        let done = finish(child, b"");
        // The words were printed, and are the wrong secret.
        assert_eq!(done.code, 4, "{command}: {}", done.err);
        assert!(!home.path().join("here").exists(), "{command}");
    }
}

// Without a time limit a cron job would hang forever on a password manager that
// asks.
#[test]
fn a_secret_command_that_takes_too_long_is_ended_with_all_it_started() {
    let pbx = pbx();
    let args = format!("x@{} Ping --secret-command", pbx.addr());
    let run = amish(&args).arg("sh -c '(sleep 40; echo survived >&2) & wait'");
    // Its stderr is ours, so this returns only if all its children have ended.
    let done = run.run();
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.err.contains("within 10 s"), "{}", done.err);
    assert!(!done.err.contains("survived"), "{}", done.err);
}

// A value that cannot be read must not be replaced by another secret or server.
#[test]
fn an_environment_that_is_not_text_is_refused() {
    let pbx = pbx();
    for name in [
        "AMISH_TARGET",
        "AMISH_USER",
        "AMISH_SECRET",
        "AMISH_SECRET_FILE",
    ] {
        let run = amish(&format!("profile@{} Ping", pbx.addr())).env("AMISH_SECRET", SECRET);
        let (user, done) = user_of(run.env_bytes(name, b"\xff"), &pbx);
        assert_eq!((done.code, user), (2, None), "{}", done.err);
        assert!(done.err.contains(name), "{}", done.err);
    }
}

// Ctrl-C also ends what amish waits for.
#[test]
fn a_secret_command_ends_with_amish() {
    let pbx = pbx();
    let args = format!("x@{} Ping --secret-command", pbx.addr());
    let run = amish(&args).arg("sh -c 'echo started >&2; sleep 40; echo survived >&2'");
    let (mut child, _home) = run.spawn();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    err.read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");
    signal(&child, Signal::SIGINT);
    // Its stderr is ours, so this returns only if all its children have ended.
    let mut rest = String::new();
    err.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("survived"), "{rest}");
    assert_eq!(code_of(child.wait().unwrap()), 128 + 2, "{rest}");
}
