//! Programs of this machine that get the terminal from the shell: the pager,
//! `!cmd`, `| cmd`, the editor.

use crate::pty::{Key, Pty};
use crate::shell::pbx;
use amish::simulator::Simulator;

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

/// Takes it all, says so, and waits for a line.
const PAGER: &str = "cat >paged; echo in the pager; read line </dev/tty; echo out of it";

// An operator reads a page for minutes while calls go on: not one event may be
// lost meanwhile, and none may be printed over the page.
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
    // Answered behind the events, to another session.
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

// Whoever ends the pager by Ctrl-C, or before the end of a text larger than a
// pipe, wants to go on working.
#[test]
fn a_pager_that_ends_early_ends_nothing_else() {
    let pbx = pbx();
    for pager in ["echo in it; sleep 600", "exit 3", "head -n 1 >/dev/null"] {
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

// A page where none is wanted costs a key each time; a name that is mistyped in
// a profile must not cost the reply.
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
        let said = seen.contains("PAGER names nothing that can be run");
        assert_eq!(said, pager == "no-such-pager");
    }
}
