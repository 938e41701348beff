//! Files that amish opens: never one on which it would block or read forever,
//! never through a link, and nothing that another user may change.

use crate::program::{AMISH, Amish, Done, amish, finish};
use crate::pty::Pty;
use crate::servers::simulator_with;
use crate::settings::{OWN, SECRET, pbx, user_of, with};
use crate::shell::COLS;
use amish::files::{FileError, create, read, read_to_end};
use amish::simulator::{Config, User};
use nix::sys::stat::Mode;
use nix::unistd::{Uid, chown, mkfifo};
use std::fs::{metadata, read_to_string, set_permissions, write};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// A user who is neither root nor the one running the tests.
const SOMEBODY: u32 = 54_321;

fn fifo(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    mkfifo(path, Mode::from_bits_truncate(0o600)).unwrap();
}

fn mode(path: &Path) -> u32 {
    metadata(path).unwrap().permissions().mode() & 0o777
}

/// Runs it in a directory in which `prepare` has put files.
fn run_in(run: Amish, prepare: impl FnOnce(&Path)) -> Done {
    prepare(run.home());
    run.run()
}

// A FIFO blocks until somebody writes, and a device has no end: a cron job
// would hang, or fill the memory.
#[test]
fn what_is_no_file_is_refused_by_name_wherever_it_is_read() {
    let pbx = pbx();
    let target = pbx.addr().to_string();
    for (args, named) in [
        ("option@PBX -f IT", true),
        ("--decode IT", true),
        ("option@PBX Ping --secret-file IT", true),
        ("option@PBX Ping", true),
        ("--tls --cacert IT option@PBX Ping", true),
        ("option@PBX Ping", false),
    ] {
        for (it, kind) in [
            ("fifo", "a FIFO"),
            ("/dev/zero", "a device or a terminal"),
            (".", "a directory"),
        ] {
            let run = amish(&args.replace("PBX", &target).replace("IT", it));
            let run = match (args, named) {
                ("option@PBX Ping", true) => run.env("AMISH_SECRET_FILE", it),
                (_, true) => run.env("AMISH_SECRET", SECRET),
                _ => run.env("AMISH_CONFIG", it),
            };
            let done = run_in(run, |home| fifo(&home.join("fifo")));
            assert_eq!(done.code, 1, "{args} {it}: {}", done.err);
            let words = format!("{it}: it is {kind}, not a regular file");
            assert!(done.err.contains(&words), "{args}: {}", done.err);
        }
    }
    // The default configuration file is not skipped either.
    let done = run_in(amish("option@127.0.0.1:1 Ping"), |home| {
        fifo(&home.join(OWN))
    });
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(
        done.err.contains("config.toml: it is a FIFO"),
        "{}",
        done.err
    );
}

// At the prompt a person would be stuck, because Ctrl-C does not end an open().
#[test]
fn a_script_at_the_prompt_must_be_a_file() {
    let pbx = crate::shell::pbx();
    let target = pbx.addr().to_string();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let mut pty = Pty::spawn(&["-q", &target], &env, COLS, 24);
    pty.wait_typed(&format!("demo@{target}> "));
    fifo(&pty.home().join("fifo"));
    for (line, words) in [
        ("/source fifo", "fifo: it is a FIFO, not a regular file"),
        ("/source /dev/zero", "/dev/zero: it is a device"),
        ("/source /dev/tty", "/dev/tty: it is a device or a terminal"),
        ("/save fifo", "fifo: it is a FIFO, not a regular file"),
    ] {
        pty.type_line(line);
        pty.wait_line(words);
        pty.wait_typed(&format!("demo@{target}> "));
    }
}

// A pipe that a shell made for amish is intended by the user, and /dev/null is
// used to disable something.
#[test]
fn a_pipe_made_for_amish_is_read() {
    let pbx = pbx();
    for (command, out) in [
        ("-f <(echo Ping)", "Ping: Pong"),
        ("-f - < <(echo Ping)", "Ping: Pong"),
        ("-f /dev/stdin < <(sleep 0.1; echo Ping)", "Ping: Pong"),
        ("-f /dev/null -v", ""),
    ] {
        let command = format!("{AMISH} option@{} {command}", pbx.addr());
        let mut bash = Command::new("bash");
        bash.args(["-c", &command]).env("AMISH_SECRET", SECRET);
        bash.env("AMISH_CONFIG", "/dev/null");
        let done = bash.output().unwrap();
        let err = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{command}: {err}");
        assert!(
            String::from_utf8_lossy(&done.stdout).contains(out),
            "{command}: {err}"
        );
    }
}

// A truncated secret would be another secret, and would be sent.
#[test]
fn a_secret_that_is_too_long_is_refused_and_not_cut() {
    let long = "x".repeat(4096);
    let pbx = simulator_with(Config {
        users: vec![User::new("long", &long, "all", "all")],
        ..Config::default()
    });
    let run = |text: &str| {
        let args = format!("long@{} Ping --secret-file s", pbx.addr());
        user_of(amish(&args).file("s", text), &pbx)
    };
    for text in [format!("{long}\n"), format!("{long}\r\nmore"), long.clone()] {
        let (seen, done) = run(&text);
        assert_eq!(
            (seen.as_deref(), done.code),
            (Some("long"), 0),
            "{}",
            done.err
        );
    }
    for text in [format!("{long}x\n"), long.repeat(1000)] {
        let (seen, done) = run(&text);
        assert_eq!((seen, done.code), (None, 1), "{}", done.err);
        assert!(done.err.contains("longer than 4096 bytes"), "{}", done.err);
    }
}

// Whoever may write the file decides which command runs as the user of amish.
#[test]
fn a_configuration_that_others_may_change_is_not_obeyed() {
    let pbx = pbx();
    let config = "[profile.p]\ntarget='PBX'\nuser='profile'\nsecret_command=\"touch ran\"\n";
    for others in [0o620, 0o602, 0o666, 0o664] {
        let run = with(config, "p Ping", &pbx);
        let home = run.home().to_owned();
        set_permissions(home.join(OWN), PermissionsExt::from_mode(others)).unwrap();
        let (child, _kept) = run.spawn();
        let done = finish(child, b"");
        assert_eq!(done.code, 2, "{others:o}: {}", done.err);
        let cure = format!("chmod go-w {}", home.join(OWN).display());
        assert!(done.err.contains(&cure), "{others:o}: {}", done.err);
        assert!(!home.join("ran").exists(), "{others:o}");
    }
}

// This holds for root too, who may read everything.
#[test]
fn a_file_of_another_user_is_not_obeyed() {
    if !Uid::effective().is_root() {
        return crate::support::skipped("only root can give a file to another user");
    }
    let pbx = pbx();
    let config = "[profile.p]\ntarget='PBX'\nuser='profile'\nsecret_command=\"touch ran\"\n";
    let secret = format!("profile@{} Ping --secret-file s", pbx.addr());
    for (run, file) in [
        (with(config, "p Ping", &pbx), OWN),
        (amish(&secret).file("s", SECRET), "s"),
    ] {
        let home = run.home().to_owned();
        chown(&home.join(file), Some(SOMEBODY.into()), None).unwrap();
        let (child, _kept) = run.spawn();
        let done = finish(child, b"");
        assert_eq!(done.code, 2, "{file}: {}", done.err);
        assert!(
            done.err.contains("another user (uid 54321): chown 0 "),
            "{}",
            done.err
        );
        assert!(!home.join("ran").exists());
    }
    assert!(pbx.received().is_empty(), "nobody was logged in");
}

// In a shared directory somebody else can choose what a path leads to.
#[test]
fn nothing_is_saved_through_a_link_or_in_a_file_of_another() {
    let save = |prepare: &dyn Fn(&Path)| {
        let run = amish("--demo").arg("-c").arg("/save report");
        let run = run.arg("-c").arg("Ping");
        prepare(run.home());
        let (child, home) = run.spawn();
        (finish(child, b""), home)
    };
    let untouched = |home: &Path, done: &Done, words: &str| {
        assert_eq!(done.code, 1, "{}", done.err);
        assert!(done.err.contains(words), "{}", done.err);
        assert_eq!(read_to_string(home.join("mine")).unwrap(), "precious\n");
    };
    let (done, home) = save(&|home| {
        write(home.join("mine"), "precious\n").unwrap();
        symlink("mine", home.join("report")).unwrap();
    });
    untouched(home.path(), &done, "report: it is a link");
    let (done, home) = save(&|home| {
        write(home.join("mine"), "precious\n").unwrap();
        std::fs::hard_link(home.join("mine"), home.join("report")).unwrap();
    });
    untouched(home.path(), &done, "report: it is a link");
    // Replies may contain secrets, so the mode matters even if the file
    // existed.
    let (done, home) = save(&|home| {
        write(home.join("report"), "before\n").unwrap();
        set_permissions(home.join("report"), PermissionsExt::from_mode(0o644)).unwrap();
    });
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(mode(&home.path().join("report")), 0o600);
    if !Uid::effective().is_root() {
        return crate::support::skipped("only root can give a file to another user");
    }
    let (done, _home) = save(&|home| {
        write(home.join("report"), "").unwrap();
        chown(&home.join("report"), Some(SOMEBODY.into()), None).unwrap();
    });
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(
        done.err.contains("another user (uid 54321)"),
        "{}",
        done.err
    );
}

// Intended targets must not be refused along with the others.
#[test]
fn stderr_and_a_terminal_can_be_saved_to() {
    let lines = ["-c", "/save /dev/stderr", "-c", "Ping"];
    let done = lines.iter().fold(amish("--demo"), Amish::arg).run();
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("Ping: Pong"), "{}", done.err);
    let args = [
        "--demo",
        "--color",
        "never",
        "-o",
        "packet",
        "-c",
        "/save /dev/tty",
        "-c",
        "Ping",
    ];
    let pty = Pty::spawn(&args, &[], COLS, 24);
    assert_eq!(pty.exit_code(), 0);
    let shown = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert_eq!(shown.matches("Ping: Pong").count(), 2, "{shown}");
}

// The history is written after every line; a link would redirect each of them.
#[test]
fn the_history_follows_no_link() {
    let pbx = crate::shell::pbx();
    let target = pbx.addr().to_string();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path().join("mine"), "Ping precious\n").unwrap();
    let link = folder.path().join("history");
    symlink("mine", &link).unwrap();
    let env = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_USER", "demo"),
        ("AMISH_HISTFILE", link.to_str().unwrap()),
    ];
    let mut pty = Pty::spawn(&[&*target], &env, COLS, 24);
    pty.wait_line("it is a link");
    pty.type_line("Ping ActionID=typed");
    pty.wait_line("Pong");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
    let kept = read_to_string(folder.path().join("mine")).unwrap();
    assert_eq!(kept, "Ping precious\n");
}

// A trace must be written to a file of our own, from its beginning.
#[test]
fn a_file_that_is_written_anew_is_ours_and_empty() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write(at("old"), "of before").unwrap();
    set_permissions(at("old"), PermissionsExt::from_mode(0o644)).unwrap();
    for name in ["old", "new"] {
        create(&at(name)).unwrap().write_all(b"now").unwrap();
        assert_eq!(read_to_string(at(name)).unwrap(), "now");
        assert_eq!(mode(&at(name)), 0o600);
    }
    create(Path::new("/dev/null")).unwrap();
    fifo(&at("fifo"));
    symlink("old", at("link")).unwrap();
    symlink("none", at("dangling")).unwrap();
    for (path, words) in [
        (at("fifo"), "a FIFO"),
        (at("link"), "a link"),
        (at("dangling"), "a link"),
        (folder.path().to_owned(), "a directory"),
        ("/dev/zero".into(), "a device"),
    ] {
        let error = create(&path).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(read_to_string(at("old")).unwrap(), "now");
    assert!(!at("none").exists(), "nothing is made through a link");
}

// Reading an endless file to its end would fill the memory.
#[test]
fn no_more_is_read_than_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    write(&path, "12345").unwrap();
    assert_eq!(read(&path, 5).unwrap(), b"12345");
    assert!(matches!(read(&path, 4), Err(FileError::TooLarge(4))));
    assert!(matches!(
        read_to_end(std::io::repeat(0), 1 << 20),
        Err(FileError::TooLarge(_))
    ));
}
