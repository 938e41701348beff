//! The questions before dangerous Actions, and where none are asked.

use crate::program::amish;
use crate::pty::{Key, Pty, rows, typed};
use crate::shell::pbx;
use amish::simulator::Simulator;

const LOGIN: [(&str, &str); 2] = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];

fn shell(pbx: &Simulator, args: &[&str]) -> (Pty, String) {
    let target = pbx.addr().to_string();
    let args: Vec<&str> = args.iter().copied().chain([&*target]).collect();
    let pty = Pty::spawn(&args, &LOGIN, 100, 30);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    (pty, prompt)
}

/// How many requests of this Action the server has received.
pub fn heard(pbx: &Simulator, action: &str) -> usize {
    let line = format!("ction: {action}");
    let received = pbx.received();
    received.iter().filter(|one| one.contains(&line)).count()
}

// The question is pointless if the Action is sent before the answer, or after
// any answer but yes.
#[test]
fn what_is_not_answered_yes_is_not_sent() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, &[]);
    for answer in [
        "n\r", "\r", "no\r", "yess\r", "Ping\r", "\x03", "y\x03", "\x04",
    ] {
        pty.type_line("DBDelTree night");
        pty.wait_line("this deletes everything below night in the server's database");
        pty.wait_typed("send it? [y/N] ");
        pty.type_text(answer);
        pty.wait_typed(&prompt);
        pty.type_text("\x0c");
        pty.wait_for("a clean screen", |screen| screen.cursor_position().0 == 0);
    }
    assert_eq!(heard(&pbx, "DBDelTree"), 0);
    for answer in ["y", "YES"] {
        pty.type_line("DBDelTree night");
        pty.wait_typed("send it? [y/N] ");
        pty.type_line(answer);
        pty.wait_typed(&prompt);
        pty.type_text("\x0c");
        pty.wait_for("a clean screen", |screen| screen.cursor_position().0 == 0);
    }
    assert_eq!(heard(&pbx, "DBDelTree"), 2);
    assert_eq!(heard(&pbx, "Ping"), 0);
}

// A pasted packet and a CLI command do the same harm.
#[test]
fn packets_and_cli_commands_are_asked_about_each() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, &[]);
    pty.paste("action: dbdeltree\nfamily: a\n\naction: ping\nactionid: x\n\n");
    pty.key(Key::Enter);
    pty.wait_typed("send it? [y/N] ");
    pty.type_line("n");
    // The other one is harmless.
    pty.wait_line("Pong");
    pty.wait_typed(&prompt);
    pty.type_line("cli core  STOP now");
    pty.wait_line("this stops Asterisk at once: every call ends");
    pty.wait_typed("send it? [y/N] ");
    pty.type_line("n");
    pty.wait_line("nothing was sent");
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "dbdeltree"), 0);
    assert!(!pbx.received().join("\n").contains("STOP"));
}

#[test]
fn nobody_is_asked_who_has_said_so() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, &["--yes"]);
    pty.type_line("DBDelTree one");
    pty.wait_line("Error");
    pty.wait_typed(&prompt);
    // A script asks nobody, wherever it is started.
    std::fs::write(pty.home().join("todo"), "-DBDelTree two\n").unwrap();
    let (mut asked, prompt) = shell(&pbx, &[]);
    std::fs::write(asked.home().join("todo"), "-DBDelTree two\n").unwrap();
    asked.type_line("/source todo");
    asked.wait_line("Error");
    asked.wait_typed(&prompt);
    let done = amish(&format!("-u demo {} DBDelTree three", pbx.addr()));
    let done = done.env("AMISH_SECRET", "demo").run();
    assert_eq!(done.code, 3, "{}", done.err);
    assert_eq!(heard(&pbx, "DBDelTree"), 3);
    assert!(!String::from_utf8_lossy(&pty.bytes()).contains("[y/N]"));
}

// A single Action is confirmed if somebody can answer; exit code 2 tells a
// wrapper that nothing was sent.
#[test]
fn a_single_action_on_a_terminal_is_asked_about() {
    let pbx = pbx();
    let target = pbx.addr().to_string();
    let run = |args: &[&str]| {
        let args: Vec<&str> = [&*target].iter().chain(args).copied().collect();
        Pty::spawn(&args, &LOGIN, 100, 30)
    };
    for (answer, code, sent) in [("n", 2, 0), ("", 2, 0), ("y", 3, 1)] {
        let mut pty = run(&["DBDelTree", "night"]);
        pty.wait_line("this deletes everything below night in the server's database");
        pty.wait_typed("send it? [y/N] ");
        pty.type_line(answer);
        assert_eq!(pty.exit_code(), code, "{answer:?}");
        assert_eq!(heard(&pbx, "DBDelTree"), sent);
    }
    assert_eq!(run(&["--yes", "DBDelTree", "night"]).exit_code(), 3);
    // A dry run sends nothing.
    assert_eq!(run(&["--dry-run", "DBDelTree", "night"]).exit_code(), 0);
    assert_eq!(run(&["--read-only", "DBDelTree", "night"]).exit_code(), 2);
    assert_eq!(run(&["-c", "DBDelTree night"]).exit_code(), 3);
    assert_eq!(heard(&pbx, "DBDelTree"), 3);
}

// A pattern may hit more than its user thinks of, and a wrapper sees from 2 that
// nothing was sent. Only the server knows whom: this question comes after the
// login, and amish still logs off.
#[test]
fn a_single_hangup_by_pattern_names_whom_it_meets() {
    let pbx = pbx();
    let target = pbx.addr().to_string();
    let run = |args: &[&str]| {
        let args: Vec<&str> = [&*target].iter().chain(args).copied().collect();
        Pty::spawn(&args, &LOGIN, 160, 30)
    };
    let mut pty = run(&["Hangup", "/^local/"]);
    pty.wait_line("matches /^local/: none at this moment");
    pty.wait_typed("send it? [y/N] ");
    pty.type_line("n");
    assert_eq!(pty.exit_code(), 2);
    let call = "Originate Channel=Local/300@default Application=Wait Data=30";
    assert_eq!(run(&["-c", call]).exit_code(), 0);
    for (answer, code) in [("n\r", 2), ("\x04", 2), ("\x03", 130)] {
        let mut pty = run(&["Hangup", "/^local/"]);
        pty.wait_line("this hangs up every channel whose name matches /^local/: 2 at this moment:");
        pty.wait_line("Local/300@default-00000000;1, Local/300@default-00000000;2");
        pty.wait_typed("send it? [y/N] ");
        pty.type_text(answer);
        assert_eq!(pty.exit_code(), code, "{answer:?}");
    }
    let pty = run(&["Hangup", "/^local/"]);
    pty.wait_typed("send it? [y/N] ");
    pty.signal(nix::sys::signal::Signal::SIGTERM);
    assert_eq!(pty.exit_code(), 143);
    assert_eq!(heard(&pbx, "Hangup"), 0);
    assert_eq!(heard(&pbx, "Logoff"), 6);
    let mut pty = run(&["Hangup", "/^local/"]);
    pty.wait_typed("send it? [y/N] ");
    pty.type_line("y");
    assert_eq!(pty.exit_code(), 0);
    // Who has said so, and who gives no pattern, is asked nothing.
    assert_eq!(run(&["--yes", "Hangup", "/^local/"]).exit_code(), 0);
    assert_eq!(run(&["Hangup", "Local/300@default-1"]).exit_code(), 3);
    assert_eq!(heard(&pbx, "Hangup"), 3);
}

// A profile for a test PBX may skip the questions without affecting others.
#[test]
fn a_profile_may_switch_the_questions_off() {
    let pbx = pbx();
    let target = pbx.addr();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let text = format!(
        "[profile.lax]\ntarget = \"demo@{target}\"\nconfirm = false\n[profile.strict]\ntarget = \"demo@{target}\"\n"
    );
    crate::support::write_own(&config, &text);
    let env = [LOGIN[0], ("AMISH_CONFIG", config.to_str().unwrap())];
    let mut pty = Pty::spawn(&["lax"], &env, 100, 30);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    pty.type_line("DBDelTree night");
    pty.wait_line("Error");
    pty.wait_typed(&prompt);
    pty.type_line("/connect strict");
    pty.wait_for("the other session", |screen| {
        screen.contents().matches("type help").count() == 2
    });
    pty.type_line("DBDelTree night");
    pty.wait_typed("send it? [y/N] ");
    pty.type_line("");
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "DBDelTree"), 1);
}

// The replies go into a file, and the person sits there all the same: lines were
// read without a prompt, and nothing was asked.
#[test]
fn who_types_has_a_prompt_and_is_asked_wherever_the_replies_go() {
    let pbx = pbx();
    let target = pbx.addr();
    let amish = env!("CARGO_BIN_EXE_amish");
    let shell = |line: &str| Pty::program("/bin/sh", &["-c", line], &LOGIN, 100, 30);
    let prompt = format!("demo@{target}> ");
    for (to, questions) in [("| cat >log", 1), (">log", 2)] {
        let mut pty = shell(&format!("{amish} {target} {to}"));
        pty.wait_typed(&prompt);
        pty.type_line("Ping ActionID=first");
        pty.wait_typed(&prompt);
        pty.type_line("DBDelTree night");
        pty.wait_typed("send it? [y/N] ");
        pty.type_line("n");
        pty.wait_line("nothing was sent");
        pty.wait_typed(&prompt);
        pty.type_line("DBDelTree night");
        pty.wait_typed("send it? [y/N] ");
        pty.type_line("y");
        pty.wait_typed(&prompt);
        // A long reply meets no pager.
        pty.type_line("ListCommands");
        // Meanwhile Ctrl-C is a signal, which `sh` and `cat` get as well.
        pty.wait_for("the prompt below the line", |screen| {
            let (row, _) = screen.cursor_position();
            let above = usize::from(row).checked_sub(1);
            let above = above.and_then(|row| rows(screen).into_iter().nth(row));
            above.is_some_and(|above| above.contains("ListCommands"))
                && typed(screen).trim_end() == prompt.trim_end()
        });
        pty.key(Key::Ctrl('c'));
        pty.type_line("nosuch");
        pty.wait_line("lists no Action nosuch");
        pty.type_text("\x04");
        assert_eq!(pty.exit_code(), 0);
        let log = std::fs::read_to_string(pty.home().join("log")).unwrap();
        assert!(
            log.contains("ActionID: first") && log.contains("WaitEvent: "),
            "{log}"
        );
        assert!(!log.contains("send it") && !log.contains("> "), "{log}");
        assert!(!log.contains('\x1b'), "{log}");
        assert_eq!(heard(&pbx, "DBDelTree"), questions);
    }
    // A single Action asks wherever its own output and messages go.
    for to in ["| cat", ">log 2>&1", "2>log"] {
        let mut pty = shell(&format!("{amish} {target} DBDelTree night {to}; echo done"));
        pty.wait_typed("send it? [y/N] ");
        pty.type_line("");
        pty.wait_line("done");
    }
    assert_eq!(heard(&pbx, "DBDelTree"), 2);
}

// Without the key that was meant it does more than was meant: every queue is
// reset. Nobody is asked about it, and nothing is sent, whoever types it where.
#[test]
fn a_mistyped_key_of_a_dangerous_action_is_refused_everywhere() {
    let pbx = pbx();
    let line = "QueueReset Qeueu=support";
    let words = "QueueReset takes no Qeueu; did you mean Queue?";
    let at = |args: &str| {
        let run = amish(&format!("-u demo {} {args}", pbx.addr()));
        run.env("AMISH_SECRET", "demo")
    };
    let script = format!("Ping\n{line}\n");
    for (run, place, pings) in [
        (at(line), "", 0),
        (at(&format!("--dry-run {line}")), "", 0),
        (at("-c").arg(&script), "-c:2: ", 0),
        (at("-f todo").file("todo", &script), "todo:2: ", 0),
        (at("-c").arg(format!("set q = 'x'\n{line}$q")), "-c:2: ", 0),
        (at("-c").arg(format!("/watch 1 {line}")), "-c:1: ", 0),
        // A pipe is read line by line.
        (at("").input(&script), "stdin:2: ", 1),
        (at("--dry-run").input(&script), "stdin:2: ", 0),
    ] {
        let before = heard(&pbx, "Ping");
        let done = run.run();
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.err.contains(&format!("{place}{words}")), "{done:?}");
        assert_eq!(heard(&pbx, "Ping") - before, pings, "{done:?}");
    }
    let target = pbx.addr().to_string();
    let single = Pty::spawn(&[&*target, "QueueReset", "Qeueu=x"], &LOGIN, 100, 30);
    assert_eq!(single.exit_code(), 2);
    assert!(!String::from_utf8_lossy(&single.bytes()).contains("[y/N]"));
    let (mut pty, prompt) = shell(&pbx, &[]);
    pty.type_line(line);
    pty.wait_line(words);
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "QueueReset"), 0);
    // What is like no key, a raw packet, and what is not to be checked.
    for run in [
        at("-c").arg("QueueReset Zone=x"),
        at("-c").arg("Action: QueueReset\nQeueu: support\n"),
        at(&format!("--no-check {line}")),
    ] {
        let done = run.run();
        assert_eq!(done.code, 0, "{done:?}");
    }
    assert_eq!(heard(&pbx, "QueueReset"), 3);
}

// What is doubtful about a line is for the answer, so it is told before the
// question, and does not say that the line has gone out.
#[test]
fn what_is_doubtful_is_told_before_the_question() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, &[]);
    // Before the page is there, Zone might be a key as well.
    pty.type_line("help DBDelTree");
    pty.wait_typed(&prompt);
    pty.type_line("DBDelTree Key=my night Zone=x");
    pty.wait_typed("send it? [y/N] ");
    let shown = pty.look(|screen| rows(screen).join(" "));
    for part in [
        "the word behind Key= fills Family",
        "does not name Zone; will be sent as typed",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    pty.type_line("n");
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "DBDelTree"), 0);
}
