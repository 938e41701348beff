//! Ctrl-Z and what follows it.

use crate::program::{amish_at, signal};
use crate::pty::{Key, Pty, rows};
use crate::reconnect::listening;
use crate::scripted::Scripted;
use crate::servers::simulator;
use crate::support::{BOUND, code_of, until};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::channel;
use std::time::Duration;

/// amish with `args` as a job of a shell that reports when it has stopped, and
/// continues it after Enter. Compares the modes of the terminal on the way.
fn job(args: &str) -> Pty {
    job_with("", args)
}

/// The same with variables of its own.
pub fn job_with(variables: &str, args: &str) -> Pty {
    let script = format!(
        "set -m; stty -a >before; {variables} {} {args}; echo stopped; stty -a >after; \
         cmp before after && echo same; read line; fg; echo ended $?",
        env!("CARGO_BIN_EXE_amish")
    );
    let env = [("AMISH_SECRET", "demo")];
    Pty::program("/bin/sh", &["-c", &script], &env, 80, 24)
}

// After Ctrl-Z users want their shell, with echo, and later their line and
// their events, and to know that events were missed.
#[test]
fn ctrl_z_costs_nothing_but_what_happened_meanwhile() {
    let pbx = simulator();
    let mut pty = job(&format!("-u demo {}", pbx.addr()));
    let prompt = format!("demo@{} (events)>", pbx.addr());
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_typed(&prompt);
    pty.type_text("Ping Action");
    pty.wait_typed(&format!("{prompt} Ping Action"));
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    let is_off = |one: &String| one.contains("EventMask: off");
    until("the server was not asked", || {
        pbx.received().iter().any(is_off)
    });
    pbx.emit("UserEvent", "user", &[("UserEvent", "unseen")]);
    pty.key(Key::Enter);
    pty.wait_line("; what happened meanwhile is missing here");
    pty.wait_typed(&format!("{prompt} Ping Action"));
    // It listens again some time after asking for it.
    pty.until("no events any more", |pty| {
        pbx.emit("UserEvent", "user", &[("UserEvent", "noticed")]);
        // Not so many that they cover what comes next.
        std::thread::sleep(Duration::from_millis(5));
        String::from_utf8_lossy(&pty.bytes()).contains("noticed")
    });
    pty.type_line("ID=7");
    pty.wait_line("Pong");
    pty.wait_typed(&prompt);
    pty.key(Key::Ctrl('d'));
    pty.wait_line("ended 0");
    let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(!written.contains("unseen"), "{written:?}");
}

// A key that waits for another must not swallow it.
#[test]
fn ctrl_z_stops_amish_behind_keys_that_wait_for_another() {
    let pbx = simulator();
    let config = tempfile::NamedTempFile::new().unwrap();
    for (mode, begun) in [("emacs", "\x18"), ("emacs", "\x1d"), ("vi", "\x1bd")] {
        std::fs::write(config.path(), format!("[keys]\nedit_mode = '{mode}'\n")).unwrap();
        let path = config.path().display();
        let mut pty = job_with(
            &format!("AMISH_CONFIG={path}"),
            &format!("-u demo {}", pbx.addr()),
        );
        let prompt = format!("demo@{}>", pbx.addr());
        pty.wait_typed(&prompt);
        pty.type_text("Ping");
        pty.wait_typed(&format!("{prompt} Ping"));
        pty.type_text(begun);
        pty.key(Key::Ctrl('z'));
        pty.wait_line("same");
        pty.key(Key::Enter);
        pty.wait_typed(&format!("{prompt} Ping"));
    }
}

// Nothing there draws the prompt anew, and without one nobody knows who listens.
#[test]
fn fg_gives_a_prompt_again_on_a_dumb_terminal() {
    let pbx = simulator();
    let mut pty = job_with("TERM=dumb", &format!("-u demo {}", pbx.addr()));
    let prompt = format!("demo@{}>", pbx.addr());
    pty.wait_typed(&prompt);
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_typed(&prompt);
    pty.type_line("Ping");
    pty.wait_line("Pong");
    pty.wait_typed(&prompt);
    pty.key(Key::Ctrl('d'));
    pty.wait_line("ended 0");
    assert!(!pty.bytes().contains(&0x1b), "no control sequence");
}

// A question that swallowed the key, or was answered by the keys that continue
// the job, would be harmful.
#[test]
fn ctrl_z_at_a_question_costs_nothing_either() {
    let pbx = simulator();
    for args in ["", " QueueReset"] {
        let mut pty = job(&format!("-u demo {}{args}", pbx.addr()));
        if args.is_empty() {
            pty.wait_line(">");
            pty.type_line("QueueReset");
        }
        pty.wait_typed("send it? [y/N] ");
        pty.type_text("n");
        pty.wait_typed("send it? [y/N] n");
        pty.key(Key::Ctrl('z'));
        pty.wait_line("same");
        pty.key(Key::Enter);
        pty.wait_typed("send it? [y/N] n");
        pty.type_text("\x7fy\r");
        if args.is_empty() {
            pty.wait_typed(&format!("demo@{}>", pbx.addr()));
            pty.key(Key::Ctrl('d'));
        }
        pty.wait_line("ended 0");
    }
    let received = pbx.received();
    let sent = received
        .iter()
        .filter(|one| one.contains("Action: QueueReset"));
    assert_eq!(sent.count(), 2);
}

// A key that became a part of the secret would refuse the login, and lock the
// user out of the shell meanwhile.
#[test]
fn ctrl_z_and_ctrl_backslash_at_the_secret_do_what_they_do_elsewhere() {
    let pbx = simulator();
    let target = pbx.addr();
    let amish = env!("CARGO_BIN_EXE_amish");
    let script = format!(
        "set -m; stty -a >before; {amish} demo@{target} Ping; echo stopped; stty -a >after; \
         cmp before after && echo same; read line; fg; echo ended $?; {amish} demo@{target}; \
         echo ended $?"
    );
    let mut pty = Pty::program("/bin/sh", &["-c", &script], &[], 80, 24);
    pty.wait_typed("Secret for demo:");
    pty.wait_silent();
    pty.type_text("de");
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_typed("Secret for demo:");
    pty.wait_silent();
    pty.type_line("mo");
    pty.wait_line("ended 0");
    pty.wait_typed("Secret for demo:");
    pty.wait_silent();
    pty.key(Key::Ctrl('\\'));
    pty.wait_line("ended 131");
    assert!(String::from_utf8_lossy(&pty.bytes()).contains("Pong"));
}

// The same, with a session and its events behind the question.
#[test]
fn a_question_of_connect_stands_below_events_and_can_be_stopped() {
    let (pbx, other) = (simulator(), simulator());
    let mut pty = job(&format!("-u demo {}", pbx.addr()));
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_typed(&format!("demo@{} (events)>", pbx.addr()));
    pty.type_line(&format!("/connect supervisor@{}", other.addr()));
    pty.wait_typed("Secret for supervisor:");
    pbx.emit("UserEvent", "user", &[("UserEvent", "noticed")]);
    pty.wait_line("noticed");
    pty.wait_typed("Secret for supervisor:");
    pty.look(|screen| {
        let event = rows(screen).into_iter().find(|row| row.contains("noticed"));
        assert!(event.is_some_and(|row| !row.contains("Secret")));
    });
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_typed("Secret for supervisor:");
    pty.key(Key::Ctrl('\\'));
    pty.wait_line("ended 131");
}

// Events stay on in this case: any byte would end a WaitEvent.
#[test]
fn ctrl_z_while_an_answer_is_awaited_leaves_the_server_alone() {
    let (asked, is_asked) = channel();
    let (back, is_back) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Success", "Ping: Keepalive. (Priv: <none>)");
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        conversation.expect("Ping");
        asked.send(()).unwrap();
        is_back.recv().unwrap();
        conversation.answer("Success", "Ping: Pong");
        // From here on it may be pinged.
        while let Some(request) = conversation.hear() {
            assert_eq!(request.get("EventMask"), None, "{request:?}");
            conversation.answer("Success", "");
        }
    });
    let mut pty = job(&format!("-u demo {}", server.target()));
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_line("events: user");
    pty.type_line("Ping");
    is_asked.recv_timeout(BOUND).unwrap();
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_silent();
    back.send(()).unwrap();
    pty.wait_line("Pong");
    pty.wait_typed(&format!("demo@{} (events)>", server.target()));
    pty.key(Key::Ctrl('d'));
    pty.wait_line("ended 0");
}

// amish's own queries must not keep the events on.
#[test]
fn ctrl_z_while_amish_asks_something_of_its_own_stops_the_events() {
    let (asked, is_asked) = channel();
    let server = Scripted::logged_in(move |conversation| {
        let listing = conversation.expect("ListCommands");
        conversation.expect("Events");
        conversation.answer("Success", "Events: On");
        let off = conversation.expect("Events");
        asked.send(off.get("EventMask").map(str::to_owned)).unwrap();
        conversation.answer("Success", "Events: Off");
        let id = listing.get("ActionID").unwrap();
        let late = "Response: Success\r\nPing: Keepalive. (Priv: <none>)\r\nActionID: ";
        conversation.send(format!("{late}{id}\r\n\r\n"));
        conversation.carry_on();
    });
    let mut pty = job(&format!("-u demo {}", server.target()));
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_typed(&format!("demo@{} (events)>", server.target()));
    pty.key(Key::Ctrl('z'));
    let mask = is_asked.recv_timeout(BOUND).expect("it is asked");
    assert_eq!(mask.as_deref(), Some("off"));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_line("; what happened meanwhile is missing here");
}

// The end of the link is reported, and the shell is still there.
#[test]
fn a_server_that_left_meanwhile_is_noticed() {
    let server = Scripted::logged_in(|conversation| {
        while let Some(request) = conversation.hear() {
            match request.get("EventMask") {
                Some("off") => return,
                _ => conversation.answer("Success", "Events: On"),
            }
        }
    });
    let mut pty = job(&format!("-u demo --no-reconnect {}", server.target()));
    pty.wait_line(">");
    pty.type_line("/events user");
    pty.wait_typed(&format!("demo@{} (events)>", server.target()));
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    pty.key(Key::Enter);
    pty.wait_line("the server closed the connection; /reconnect");
    pty.key(Key::Enter);
    pty.wait_typed("not connected>");
    pty.key(Key::Ctrl('d'));
    pty.wait_line("ended 0");
}

// The first process of a terminal has no shell to return to: the window would
// be frozen for good.
#[test]
fn the_first_process_of_a_terminal_does_not_stop() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let env = [("AMISH_SECRET", "demo")];
    let mut pty = Pty::spawn(&["-u", "demo", &target], &env, 80, 24);
    pty.wait_typed(&format!("demo@{target}>"));
    pty.type_text("Pi");
    pty.key(Key::Ctrl('z'));
    pty.type_line("ng");
    pty.wait_line("Pong");
}

// A consumer that stops its producer for a while must get the complete stream.
#[test]
fn a_stream_goes_on_after_a_stop() {
    let pbx = simulator();
    let (mut child, _home) = amish_at(pbx.addr(), "demo", "demo", "-e=user").spawn();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    listening(&pbx, &mut lines);
    signal(&child, Signal::SIGSTOP);
    for n in 1..=20 {
        pbx.emit(
            "UserEvent",
            "user",
            &[("UserEvent", &format!("number {n}"))],
        );
    }
    signal(&child, Signal::SIGCONT);
    let mut lines = lines.lines().map(Result::unwrap);
    for n in 1..=20 {
        let next = lines.find(|line| line.contains("number"));
        assert_eq!(next.unwrap(), format!("UserEvent: number {n}"));
    }
    signal(&child, Signal::SIGTERM);
    assert_eq!(code_of(child.wait().unwrap()), 143);
}
