//! The shell as a person sees it: on a terminal, against the built-in PBX or a
//! faulty server.

use crate::pty::{Key, Pty, rows};
use crate::scripted::Scripted;
use amish::simulator::{Config, Simulator};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc::{Sender, channel};

pub const COLS: u16 = 80;
const ROWS: u16 = 24;

pub fn pbx() -> Simulator {
    Simulator::listen("127.0.0.1:0", Config::default()).expect("a port")
}

/// A shell on `target`, at its first prompt.
fn shell(target: &str, args: &[&str]) -> Pty {
    let args: Vec<&str> = args.iter().copied().chain([target]).collect();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let pty = Pty::spawn(&args, &env, COLS, ROWS);
    pty.wait_line("> ");
    pty
}

pub fn demo(pbx: &Simulator) -> Pty {
    shell(&pbx.addr().to_string(), &["-o", "packet"])
}

fn prompt(pbx: &Simulator) -> String {
    format!("demo@{}> ", pbx.addr())
}

pub fn ping_answered(pty: &Pty, id: &str) {
    let answered = format!("ActionID: {id}");
    pty.wait_line(&answered);
}

// Lines typed ahead, by a fast user or a paste without brackets.
#[test]
fn lines_sent_in_one_write_all_run() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    pty.type_text("Ping ActionID=a\rPing ActionID=b\rPing ActionID=c\r");
    for id in ["a", "b", "c"] {
        ping_answered(&pty, id);
    }
    pty.wait_typed(&prompt(&pbx));
}

// A terminal breaks a long line within a word, and a name broken in two can be
// neither read nor copied.
#[test]
fn a_message_is_broken_between_its_words() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    pty.type_line("/zzzz");
    pty.wait_line("/x");
    pty.wait_typed(&prompt(&pbx));
    let message: Vec<String> = pty.look(|screen| {
        let said = rows(screen).into_iter();
        said.skip_while(|row| !row.starts_with("there is no /zzzz"))
            .take_while(|row| !row.starts_with("demo@"))
            .collect()
    });
    assert!(message.len() > 1, "{message:?}");
    assert!(
        message[1..].iter().all(|row| row.starts_with('/')),
        "{message:?}"
    );
}

/// A shell that waits for an answer, which is sent on command.
fn waiting() -> (Scripted, Pty, Sender<()>) {
    let (heard, asked) = channel();
    let (go, going) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Error", "Message: Permission denied");
        heard.send(()).expect("the test waits");
        conversation.expect("Slow");
        heard.send(()).expect("the test waits");
        going.recv().expect("the test goes on");
        conversation.answer("Success", "Message: At last");
        conversation.carry_on();
    });
    let mut pty = shell(&server.target(), &["-o", "packet"]);
    asked.recv().expect("the question of the background");
    pty.type_line("Slow");
    asked.recv().expect("it was sent");
    (server, pty, go)
}

#[test]
fn lines_typed_while_a_reply_is_awaited_run_after_it() {
    let (_server, mut pty, go) = waiting();
    pty.type_text("Ping ActionID=a\rPing ActionID=b\r");
    go.send(()).expect("the server waits");
    pty.wait_line("Message: At last");
    for id in ["a", "b"] {
        ping_answered(&pty, id);
    }
}

// Packets that people paste from their notes.
#[test]
fn two_raw_packets_pasted_both_run() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    pty.paste("action: ping\nactionid: one\n\naction: ping\nactionid: two\n\n");
    pty.key(Key::Enter);
    ping_answered(&pty, "one");
    ping_answered(&pty, "two");
}

// A key of an old keyboard must not lose the line.
#[test]
fn a_byte_that_is_not_utf8_loses_no_text() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    pty.type_text("Ping Action");
    pty.wait_typed(&format!("{}Ping Action", prompt(&pbx)));
    pty.type_bytes(b"\xff");
    pty.wait_line("not UTF-8");
    pty.wait_typed(&format!("{}Ping Action??", prompt(&pbx)));
    pty.type_line("\x7fID=whole");
    ping_answered(&pty, "whole");
}

#[test]
fn ctrl_c_clears_the_line_and_ctrl_d_leaves_an_empty_one() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    // All in one write: nothing after it is lost.
    pty.type_text("Hangup Channel=all\x03Ping ActionID=after\r");
    ping_answered(&pty, "after");
    pty.wait_typed(&prompt(&pbx));
    pty.key(Key::Ctrl('c'));
    pty.wait_line("Ctrl-D or quit leaves");
    pty.type_text("half");
    pty.key(Key::Ctrl('d'));
    pty.wait_typed(&format!("{}half", prompt(&pbx)));
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&prompt(&pbx));
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
    let hung_up = pbx
        .received()
        .iter()
        .any(|one| one.contains("Action: Hangup"));
    assert!(!hung_up, "a line that was cleared is not sent");
}

#[test]
fn ctrl_c_stops_the_wait_and_a_late_reply_says_so() {
    let (server, mut pty, go) = waiting();
    pty.key(Key::Ctrl('c'));
    pty.wait_line("the outcome of Slow");
    pty.wait_typed(&format!("demo@{}> ", server.target()));
    go.send(()).expect("the server waits");
    pty.wait_line("late reply:");
    pty.wait_line("Message: At last");
}

// The terminal must not be left in raw mode.
#[test]
fn term_logs_off_and_leaves_the_terminal_as_it_was() {
    let pbx = pbx();
    let script = format!(
        "stty -a >before; sh -c 'echo $$ >pid; exec {} {}'; \
         echo ended $?; stty -a >after; cmp before after && echo same",
        env!("CARGO_BIN_EXE_amish"),
        pbx.addr()
    );
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let mut pty = Pty::program("/bin/sh", &["-c", &script], &env, COLS, ROWS);
    pty.wait_typed(&prompt(&pbx));
    pty.type_text("half a line");
    pty.wait_line("half a line");
    let pid = std::fs::read_to_string(pty.home().join("pid")).unwrap();
    let pid = Pid::from_raw(pid.trim().parse().expect("a number"));
    kill(pid, Signal::SIGTERM).expect("it runs");
    pty.wait_line("ended 143");
    pty.wait_line("same");
    assert!(
        pbx.received()
            .iter()
            .any(|one| one.contains("Action: Logoff"))
    );
}

#[test]
fn a_server_that_goes_is_one_calm_line() {
    let pbx = pbx();
    let mut pty = shell(&pbx.addr().to_string(), &["-o", "packet", "--no-reconnect"]);
    pty.type_text("Pin");
    pty.wait_typed(&format!("{}Pin", prompt(&pbx)));
    pbx.kick();
    pty.wait_line("the server closed the connection; /reconnect, /connect TARGET or quit");
    pty.wait_typed(&format!("{}Pin", prompt(&pbx)));
    pty.type_line("g");
    pty.wait_line("not connected: nothing was sent; /reconnect, /connect TARGET or quit");
    pty.wait_typed("not connected> ");
    pty.type_line(&format!("/connect {}", pbx.addr()));
    pty.wait_typed(&prompt(&pbx));
    pty.type_line("Ping ActionID=again");
    ping_answered(&pty, "again");
}

// A session as typed on telnet.
#[test]
fn a_session_typed_as_on_telnet_works_to_the_letter() {
    let pbx = pbx();
    let target = pbx.addr().to_string();
    let pty = Pty::spawn(&["--no-login", "-o", "packet", &target], &[], COLS, 60);
    let mut pty = pty;
    pty.wait_typed(&format!("{target}> "));
    pty.type_text("action: login\rusername: abcde123\rsecret: abcde123\r\r");
    pty.wait_line("Message: Authentication accepted");
    // A user who forgot the empty line must see that the packet is still open.
    pty.wait_line("… username: abcde123");
    pty.wait_typed(&format!("abcde123@{target} (events)> "));
    pty.type_text("action: ping\rchannel: x\r");
    pty.wait_typed("… ");
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&format!("abcde123@{target} (events)> "));
    pty.type_text("action: listcommands\r\r");
    pty.wait_line("WaitEvent: Wait for an event to occur.  (Priv: <none>)");
    pty.type_text("action: logoff\r\r");
    pty.wait_line("Response: Goodbye");
    pty.wait_line("Message: Thanks for all the fish.");
    pty.wait_typed("not connected> ");
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
    let history = std::fs::read_to_string(pty.home().join("state/amish/history")).unwrap();
    assert!(!history.contains("abcde123"), "{history}");
    assert_eq!(history, "action: listcommands\naction: logoff\n");
}

#[test]
fn tab_lists_what_the_server_can_do_and_what_it_cannot_is_refused() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    pty.type_line("Pong");
    // Before the list has arrived, the server itself refuses it.
    pty.wait_line("Pong");
    // The list arrives in the background; until then help uses our own words.
    for turn in 0.. {
        pty.type_line("help Ping");
        pty.type_line(&format!("Ping ActionID=turn{turn}"));
        ping_answered(&pty, &format!("turn{turn}"));
        if String::from_utf8_lossy(&pty.bytes()).contains("Keepalive command.") {
            break;
        }
        assert!(turn < 2000, "the server's own words never come");
    }
    pty.type_line("Qstatus");
    pty.wait_line("this server lists no Action Qstatus");
    pty.type_text("queuesu");
    pty.key(Key::Tab);
    pty.wait_typed(&format!("{}QueueSummary ", prompt(&pbx)));
    pty.key(Key::Ctrl('c'));
    pty.type_text("cores");
    pty.key(Key::Tab);
    pty.wait_line("CoreShowChannels  List currently active channels. (system,reporting)");
    pty.wait_typed(&format!("{}cores", prompt(&pbx)));
}

#[test]
fn set_source_and_history_do_what_they_say() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    let file = pty.home().join("todo");
    std::fs::write(
        &file,
        "# two\nPing ActionID=one\nNosuchthing\nPing ActionID=two\n",
    )
    .unwrap();
    pty.type_line("help DBGet");
    pty.wait_line("DBGet Family Key");
    pty.type_line("/source todo");
    ping_answered(&pty, "one");
    pty.wait_line("todo:3: Nosuchthing: the server knows no such action");
    std::fs::write(&file, "Ping ActionID=three\nPing X=\"\n").unwrap();
    pty.type_line("/source todo");
    pty.wait_line("todo:2:");
    pty.type_line("/set output json");
    pty.type_line("Ping ActionID=four");
    pty.wait_line("\"ActionID\":\"four\"");
    pty.type_line(" Ping ActionID=hidden");
    pty.wait_line("\"ActionID\":\"hidden\"");
    pty.type_line("/history");
    pty.wait_line("5  /history");
    let sent = pbx.received().join("\n");
    assert!(!sent.contains("three") && !sent.contains("two"), "{sent}");
    let history = pty.home().join("state/amish/history");
    let mode = std::fs::metadata(&history).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!std::fs::read_to_string(history).unwrap().contains("hidden"));
}

#[test]
fn hup_ends_the_shell_with_its_own_code() {
    let pbx = pbx();
    let pty = demo(&pbx);
    pty.signal(Signal::SIGHUP);
    assert_eq!(pty.exit_code(), 129);
}

// A list from a server that was still booting, or from before a module was
// loaded, must not block Actions that the server has now.
#[test]
fn an_action_that_is_new_on_the_server_is_sent() {
    let pbx = Scripted::logged_in(|conversation| {
        let mut list = "Ping: Known now. (Priv: <none>)".to_owned();
        while let Some(request) = conversation.hear() {
            match request.get("Action") {
                Some("ListCommands") => conversation.answer("Success", &list),
                Some("QueueStatus") => conversation.answer("Error", "Message: it came"),
                _ => {
                    conversation.answer("Success", "Ping: Pong");
                    list.push_str("\nQueueStatus: Queues. (Priv: <none>)");
                }
            }
        }
    });
    let mut pty = shell(&pbx.target(), &["-o", "packet"]);
    // The list arrives in the background.
    while !String::from_utf8_lossy(&pty.bytes()).contains("Known now.") {
        pty.type_line("help Ping");
        pty.wait_typed(&format!("demo@{}> ", pbx.target()));
    }
    pty.type_line("Ping");
    pty.type_line("QueueStatus");
    pty.wait_line("it came");
}
