//! The questions before what takes much away at once, and where there are none.

use crate::program::amish;
use crate::pty::{Key, Pty};
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

/// How many requests of this Action the server has heard.
fn heard(pbx: &Simulator, action: &str) -> usize {
    let line = format!("ction: {action}");
    let received = pbx.received();
    received.iter().filter(|one| one.contains(&line)).count()
}

// The question is worth nothing if the Action has left before the answer, or
// leaves with any other answer than yes.
#[test]
fn what_is_not_answered_yes_is_not_sent() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, &[]);
    for answer in [
        "n\r", "\r", "no\r", "yess\r", "Ping\r", "\x03", "y\x03", "\x04",
    ] {
        pty.type_line("DBDelTree night");
        pty.wait_line("this deletes all that the server's database holds below night");
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
    // What is a script asks nobody, wherever it is started.
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

// A single Action is asked about where somebody can answer: exit code 2 tells
// a wrapper that nothing was sent.
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
        pty.wait_line("this deletes all that the server's database holds below night");
        pty.wait_typed("send it? [y/N] ");
        pty.type_line(answer);
        assert_eq!(pty.exit_code(), code, "{answer:?}");
        assert_eq!(heard(&pbx, "DBDelTree"), sent);
    }
    assert_eq!(run(&["--yes", "DBDelTree", "night"]).exit_code(), 3);
    // Nothing would be sent.
    assert_eq!(run(&["--dry-run", "DBDelTree", "night"]).exit_code(), 0);
    assert_eq!(run(&["--read-only", "DBDelTree", "night"]).exit_code(), 2);
    assert_eq!(run(&["-c", "DBDelTree night"]).exit_code(), 3);
    assert_eq!(heard(&pbx, "DBDelTree"), 3);
}

// A profile for a PBX of tests need not ask, and no other is the laxer for it.
#[test]
fn a_profile_may_switch_the_questions_off() {
    let pbx = pbx();
    let target = pbx.addr();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let text = format!(
        "[profile.lax]\ntarget = \"demo@{target}\"\nconfirm = false\n[profile.strict]\ntarget = \"demo@{target}\"\n"
    );
    std::fs::write(&config, text).unwrap();
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
