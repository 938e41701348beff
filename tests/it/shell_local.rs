//! Local programs that get the terminal from the shell: the pager, `!cmd`, `|
//! cmd`, the editor.

use crate::pty::{Key, Pty, rows, typed};
use crate::scripted::Scripted;
use crate::shell::pbx;
use amish::simulator::Simulator;
use std::sync::mpsc::channel;

const ROWS: u16 = 24;

/// A shell at its first prompt, and the prompt.
fn shell(pbx: &Simulator, args: &[&str], env: &[(&str, &str)]) -> (Pty, String) {
    let target = pbx.addr().to_string();
    let args: Vec<&str> = args.iter().copied().chain([&*target]).collect();
    let login = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let env: Vec<_> = login.iter().chain(env).copied().collect();
    let pty = Pty::spawn(&args, &env, 100, ROWS);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    (pty, prompt)
}

/// Reads everything, says so, and waits for a line.
const PAGER: &str = "cat >paged; echo in the pager; read line </dev/tty; echo out of it";

// An operator reads a page for minutes while calls go on: no event may be lost
// meanwhile, and none may be printed over the page.
#[test]
fn events_behind_a_pager_are_all_shown_after_it() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(
        &pbx,
        &["-o", "packet", "--color", "never"],
        &[("PAGER", PAGER)],
    );
    pty.type_line("/events user");
    let prompt = prompt.replace("> ", " (events)> ");
    pty.wait_typed(&prompt);
    pty.type_line("ListCommands");
    pty.wait_line("in the pager");
    let before = pty.bytes().len();
    for number in 1..=2_000 {
        pbx.emit("UserEvent", "user", &[("Number", &format!("<{number}>"))]);
    }
    // Answered after the events, to another session.
    let other = crate::program::amish(&format!("-u demo {} Ping", pbx.addr()));
    assert_eq!(other.env("AMISH_SECRET", "demo").run().code, 0);
    let meanwhile = String::from_utf8_lossy(&pty.bytes()[before..]).into_owned();
    assert!(!meanwhile.contains("Number"), "over the page: {meanwhile}");
    pty.type_line("");
    pty.wait_line("Number: <2000>");
    pty.wait_typed(&prompt);
    let seen = String::from_utf8_lossy(&pty.bytes()).into_owned();
    let shown = (1..=2_000).filter(|n| seen.contains(&format!("Number: <{n}>")));
    assert_eq!(shown.count(), 2_000);
    let paged = std::fs::read_to_string(pty.home().join("paged")).unwrap();
    assert!(paged.contains("Response: Success\n") && paged.contains("QueueStatus: "));
}

// Ending the pager with Ctrl-C, or before the end of a text larger than a pipe,
// must not affect the shell.
#[test]
fn a_pager_that_ends_early_ends_nothing_else() {
    let pbx = pbx();
    for pager in [
        "echo in it; exec sleep 600",
        "exit 3",
        "head -n 1 >/dev/null",
    ] {
        let (mut pty, prompt) = shell(
            &pbx,
            &["-o", "packet", "--color", "never"],
            &[("PAGER", pager)],
        );
        pty.type_line("ListCommands");
        if pager.starts_with("echo") {
            pty.wait_line("in it");
            pty.key(Key::Ctrl('c'));
        }
        pty.wait_typed(&prompt);
        pty.type_line("Ping ActionID=after");
        pty.wait_line("ActionID: after");
    }
}

// An unwanted page costs a key each time; a mistyped pager in a profile must
// not lose the reply.
#[test]
fn without_a_pager_a_reply_is_shown_as_it_is() {
    let pbx = pbx();
    for (args, pager, line) in [
        (&["--no-pager"][..], PAGER, "Ping"),
        (&[], PAGER, "/set pager off"),
        (&[], "cat", "Ping"),
        (&[], "no-such-pager", "Ping"),
    ] {
        let args: Vec<&str> = args
            .iter()
            .copied()
            .chain(["-o", "packet", "--color", "never"])
            .collect();
        let (mut pty, prompt) = shell(&pbx, &args, &[("PAGER", pager)]);
        pty.type_line(line);
        pty.wait_typed(&prompt);
        pty.type_line("ListCommands ActionID=long");
        pty.wait_line("WaitEvent: ");
        pty.wait_typed(&prompt);
        let seen = String::from_utf8_lossy(&pty.bytes()).into_owned();
        assert!(seen.contains("ActionID: long"), "{pager}");
        assert!(!seen.contains("in the pager"), "{args:?} {line}");
        let said = seen.contains("PAGER cannot be run");
        assert_eq!(said, pager == "no-such-pager");
    }
}

// The reply went into such a pager, and nobody saw it.
#[test]
fn a_reply_never_vanishes_in_a_pager() {
    let pbx = pbx();
    for (pager, said) in [
        (" ", "the pager showed nothing"),
        ("true", "the pager showed nothing"),
        ("false", "the pager ended with exit status: 1"),
        ("exit 3", "the pager ended with exit status: 3"),
        (
            "cat >/dev/null; exit 3",
            "the pager ended with exit status: 3",
        ),
        ("kill -SEGV $$", "the pager ended with signal: 11"),
        ("/nonexistent/less", "PAGER cannot be run"),
        // As in psql and git: none.
        ("", ""),
    ] {
        let args = ["-o", "packet", "--color", "never"];
        let (mut pty, prompt) = shell(&pbx, &args, &[("PAGER", pager)]);
        pty.type_line("ListCommands ActionID=long");
        pty.wait_line("WaitEvent: ");
        pty.wait_line(said);
        pty.wait_typed(&prompt);
        let seen = String::from_utf8_lossy(&pty.bytes()).into_owned();
        assert!(seen.contains("ActionID: long"), "{pager}: {seen}");
        assert!(!said.is_empty() || !seen.contains("the pager"), "{seen}");
    }
}

// It stood where the prompt came, and was erased.
#[test]
fn output_without_a_last_line_end_stays_above_the_prompt() {
    let pbx = pbx();
    for (env, mark) in [(&[][..], "%"), (&[("NO_COLOR", "1")], "%")] {
        let (mut pty, prompt) = shell(&pbx, &["-o", "packet"], env);
        let whole = "x".repeat(100);
        for (line, wanted) in [
            ("!printf unended", format!("unended{mark}")),
            ("Ping | printf piped", format!("piped{mark}")),
            ("!printf '\\033[31mred'; exit 3", format!("red{mark}")),
            // The cursor is behind the last column, or in the first.
            (&format!("!printf {whole}"), whole.clone()),
            ("!echo ended", "ended".into()),
            ("!printf 'one\\ntwo\\r\\n'", "two".into()),
            ("!true #", format!("{prompt}!true #")),
        ] {
            pty.type_line(line);
            pty.wait_for(&format!("{wanted:?} above the prompt"), |screen| {
                let (row, _) = screen.cursor_position();
                let above = &rows(screen)[..usize::from(row)];
                let last = above.iter().rfind(|row| row.trim_end() != mark);
                typed(screen).trim_end() == prompt.trim_end()
                    && last.is_some_and(|last| last.trim_end() == wanted)
            });
        }
        pty.type_line("Ping ActionID=behind");
        pty.wait_line("ActionID: behind");
    }
}

// In a container without a locale `less` showed names as bytes, and with
// options of the user's that say nothing of colours, ESC[1m.
#[test]
fn the_pager_is_told_what_the_text_is() {
    let pbx = pbx();
    for (env, wanted) in [
        (
            &[][..],
            "-FRX -Ps?e(END) .q leaves, h shows the keys$ utf-8",
        ),
        (&[("LESS", "-i"), ("LC_ALL", "C")], "-R -i utf-8"),
        (&[("LESS", "-r"), ("LESSCHARSET", "latin1")], "-R -r latin1"),
    ] {
        let pager = ("PAGER", "echo told: $LESS $LESSCHARSET; cat >/dev/null");
        let env: Vec<_> = env.iter().copied().chain([pager]).collect();
        let (mut pty, prompt) = shell(&pbx, &[], &env);
        pty.type_line("ListCommands");
        pty.wait_line(&format!("told: {wanted}"));
        pty.wait_typed(&prompt);
    }
    if !std::path::Path::new("/usr/bin/less").exists() {
        return crate::support::skipped("there is no /usr/bin/less");
    }
    for options in ["-i", "i", "-S -Pmine"] {
        let env = [("LESS", options), ("LC_ALL", "C"), ("PAGER", "less")];
        let (mut pty, prompt) = shell(&pbx, &["-o", "packet"], &env);
        let value = "é".repeat(20);
        for number in 10..40 {
            pty.type_line(&format!("DBPut f k{number} {value}"));
            pty.wait_typed(&prompt);
        }
        pty.type_line("DBGetTree f");
        pty.wait_for("the pager", |screen| {
            rows(screen)
                .iter()
                .filter(|row| row.contains("Val: éé"))
                .count()
                > 3
        });
        pty.look(|screen| assert!(!screen.contents().contains("ESC["), "{options}"));
        pty.type_text("q");
        pty.wait_typed(&prompt);
    }
}

// Whoever meets `less` for the first time sees a colon, and no way out.
#[test]
fn the_pager_of_help_says_how_to_leave() {
    if !std::path::Path::new("/usr/bin/less").exists() {
        return crate::support::skipped("there is no /usr/bin/less");
    }
    let pbx = pbx();
    let target = pbx.addr().to_string();
    let script = format!(
        "unset PAGER; exec {} demo@{target}",
        env!("CARGO_BIN_EXE_amish")
    );
    let env = [("AMISH_SECRET", "demo")];
    let mut pty = Pty::program("/bin/sh", &["-c", &script], &env, 100, 10);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    let says = |words: &'static str| {
        move |screen: &vt100::Screen| rows(screen).last().is_some_and(|row| row.trim() == words)
    };
    pty.type_line("help");
    pty.wait_for("the pager", says("q leaves, h shows the keys"));
    pty.type_text("G");
    pty.wait_for("its end", says("(END) q leaves, h shows the keys"));
    pty.type_text("q");
    pty.wait_typed(&prompt);
}

// As in every shell: count, cut, save. Colours and the terminal's width would
// be in the way.
#[test]
fn a_reply_goes_through_a_local_command() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, &[], &[]);
    pty.type_line("ListCommands | grep -c QueueStatus");
    pty.wait_for("the count", |screen| {
        rows(screen).iter().any(|row| row == "1")
    });
    pty.wait_typed(&prompt);
    pty.type_line("cli core show channels | cat >all; wc -l <all | sed s/^/lines:/");
    pty.wait_line("lines:");
    pty.wait_typed(&prompt);
    pty.type_line("QueueStatus support | cat >table");
    pty.wait_typed(&prompt);
    pty.type_line("/history | tail -n 1 | tr a-z A-Z");
    pty.wait_line("/HISTORY | TAIL");
    pty.wait_typed(&prompt);
    let all = std::fs::read_to_string(pty.home().join("all")).unwrap();
    assert!(all.contains("active channel"), "{all}");
    let table = std::fs::read_to_string(pty.home().join("table")).unwrap();
    assert!(
        table.contains("Strategy") && !table.contains('\x1b'),
        "{table}"
    );
    // A command in the background would read nothing.
    pty.type_line("Ping | tr a-z A-Z &");
    pty.wait_line("PONG");
    pty.wait_typed(&prompt);
    // A line that fails does not run the command.
    pty.type_line("QueueStatuss | touch ran");
    pty.wait_line("did you mean QueueStatus");
    pty.wait_typed(&prompt);
    assert!(!pty.home().join("ran").exists());
}

#[test]
fn a_local_command_has_the_terminal_and_gives_it_back() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, &[], &[("SHELL", "/bin/sh")]);
    pty.type_line("!stty -a | grep -o ' icanon'; read x; echo \"<$x>\"");
    pty.wait_for("the modes", |screen| {
        rows(screen).iter().any(|row| row == " icanon")
    });
    pty.type_line("typed for it");
    pty.wait_line("<typed for it>");
    pty.wait_typed(&prompt);
    // It is stopped, amish is not.
    pty.type_line("!echo begun; exec sleep 600");
    pty.wait_for("the command", |screen| {
        rows(screen).iter().any(|row| row == "begun")
    });
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&prompt);
    pty.type_line("Ping");
    pty.wait_line("Pong");
}

// For operators who must have no other shell.
#[test]
fn without_a_local_shell_nothing_local_runs() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, &["--no-shell"], &[]);
    for line in [
        "!touch ran",
        "Ping | touch ran",
        "!",
        "Ping ActionID=x | cat",
    ] {
        pty.type_line(line);
        pty.wait_typed(&prompt);
    }
    pty.wait_line("--no-shell: no local commands");
    assert!(!pty.home().join("ran").exists());
    assert!(!pbx.received().iter().any(|one| one.contains("ActionID: x")));
}

// A call that rings for a minute must not hold the prompt.
#[test]
fn behind_the_prompt_a_reply_comes_when_it_comes() {
    let (heard, asked) = channel();
    let (go, going) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Error", "Message: Permission denied");
        conversation.expect("Slow");
        heard.send(()).expect("the test waits");
        going.recv().expect("the test goes on");
        conversation.answer("Success", "Message: At last");
        conversation.expect("Never");
        heard.send(()).expect("the test waits");
        conversation.carry_on();
    });
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let args = [
        "-o",
        "packet",
        "--color",
        "never",
        "-t",
        "1",
        &*server.target(),
    ];
    let mut pty = Pty::spawn(&args, &env, 100, ROWS);
    let prompt = format!("demo@{}> ", server.target());
    pty.wait_typed(&prompt);
    pty.type_line("Slow Key=value &");
    asked.recv().expect("it was sent");
    pty.wait_typed(&prompt);
    pty.type_text("half typed");
    pty.wait_typed(&format!("{prompt}half typed"));
    go.send(()).expect("the server waits");
    pty.wait_line("Message: At last");
    let marked = |screen: &vt100::Screen| rows(screen).iter().any(|row| row == "Slow Key=value:");
    pty.wait_for("the line above its reply", marked);
    pty.wait_typed(&format!("{prompt}half typed"));
    // Nobody answers: the prompt is back when the time is over.
    pty.type_text("\x15Never &\r");
    asked.recv().expect("it was sent");
    pty.wait_line("no answer in time: the outcome of Never");
    pty.wait_typed(&prompt);
    pty.type_line("help &");
    pty.wait_line("& works for an Action");
}
