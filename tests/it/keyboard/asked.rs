//! The question before a dangerous Action, and what does not answer it.

use super::inserted::wait_listed;
use super::{F6, KEYS, question, refused, shell};
use crate::dangerous::heard;
use crate::pty::Key;
use crate::scripted::Scripted;
use crate::shell::pbx;
use std::sync::mpsc::channel;

// The editor would offer as the answer what was being typed when the key was
// pressed, and as a hint what was typed earlier.
#[test]
fn the_question_before_a_dangerous_action_begins_empty() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), KEYS, &[], 30);
    pty.type_line("# yes");
    pty.type_line("y");
    refused(&pty, "y");
    pty.type_text("y");
    pty.type_text(F6);
    question(&pty);
    pty.key(Key::Right);
    pty.key(Key::Enter);
    pty.wait_line("nothing was sent");
    // The line is back.
    pty.wait_typed(&format!("{prompt}y"));
    pty.key(Key::Ctrl('u'));
    for (line, keys) in [
        // A hint, the history, Tab, and another key of amish's own.
        ("QueueReset", "\x1b[C\r"),
        ("QueueReset", "\x1b[A\r"),
        ("QueueReset", "y\x1b[A\r"),
        ("QueueReset", "\t\r"),
        ("QueueReset", "y\x1b[17~\r"),
        ("QueueReset", "y\x7f\r"),
    ] {
        pty.type_line(line);
        question(&pty);
        pty.type_text(keys);
        pty.wait_typed(&prompt);
        pty.type_text("\x0c");
        pty.wait_for("a clean screen", |screen| screen.cursor_position().0 == 0);
    }
    assert_eq!(heard(&pbx, "QueueReset"), 0);
    pty.type_line("QueueReset");
    question(&pty);
    pty.type_text("no\x7f\x7fyes\r");
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "QueueReset"), 1);
}

// A user who types ahead has not read the question. What they typed is for the
// prompt.
#[test]
fn what_is_typed_ahead_answers_no_question_and_is_not_lost() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &[], 30);
    pty.type_text("QueueReset\ry\rPing ActionID=ahead\r");
    // It is read together with the line, or waits until after it.
    pty.wait_for("the question or no question", |screen| {
        let text = screen.contents();
        text.contains("[y/N]") || text.contains("keys were pressed before the question")
    });
    if !String::from_utf8_lossy(&pty.bytes()).contains("keys were pressed") {
        question(&pty);
        pty.key(Key::Enter);
    }
    refused(&pty, "y");
    pty.wait_line("ActionID: ahead");
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "QueueReset"), 0);
}

// The same if the keys come while the server is being queried about the line.
#[test]
fn keys_pressed_before_the_question_came_send_nothing() {
    let (asked, is_asked) = channel();
    let (go, going) = channel::<()>();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("ListCommands");
        conversation.answer("Success", "Ping: Known now. (Priv: <none>)");
        while let Some(request) = conversation.hear() {
            match request.get("Action").unwrap_or_default() {
                "ListCommands" => {
                    // Later ones need not wait.
                    let _ = asked.send(());
                    let _ = going.recv();
                    let listed = "Ping: x (Priv: <none>)\nQueueReset: x (Priv: <none>)";
                    conversation.answer("Success", listed);
                }
                "QueueReset" => panic!("it was sent"),
                "Logoff" => return conversation.answer("Goodbye", ""),
                _ => conversation.answer("Success", "Ping: Pong"),
            }
        }
    });
    let (mut pty, prompt) = shell(&server.target(), "", &[], 30);
    wait_listed(&mut pty, &prompt);
    pty.type_line("QueueReset");
    is_asked.recv().unwrap();
    pty.type_line("y");
    go.send(()).unwrap();
    pty.wait_line("nothing was sent: keys were pressed before the question appeared");
    pty.wait_line(&format!("{prompt}y"));
    drop(go);
    pty.key(Key::Ctrl('d'));
    assert_eq!(pty.exit_code(), 0);
}

// Events continue meanwhile, and the user who answers must see the question.
#[test]
fn the_question_stands_below_what_events_pushed_away() {
    let pbx = pbx();
    let (mut pty, _) = shell(&pbx.addr().to_string(), "", &[], 30);
    pty.type_line("/events user");
    let prompt = format!("demo@{} (events)> ", pbx.addr());
    pty.wait_typed(&prompt);
    pty.type_line("QueueReset");
    question(&pty);
    pty.type_text("ye");
    pty.wait_typed("send it? [y/N] ye");
    pbx.emit("UserEvent", "user", &[("UserEvent", "meanwhile")]);
    pty.wait_line("meanwhile");
    pty.wait_typed("send it? [y/N] ye");
    pty.type_text("s\r");
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "QueueReset"), 1);
}

// A pattern may hit more than its user thinks of: the question names it.
#[test]
fn who_will_be_hung_up_is_named_before_the_question() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), KEYS, &[], 30);
    pty.type_line("Hangup /^Local/");
    pty.wait_line("matches /^Local/: none at this moment");
    question(&pty);
    pty.type_text("n\r");
    pty.wait_typed(&prompt);
    pty.type_line("Originate Channel=Local/300@default Application=Wait Data=30");
    pty.wait_line("answered after");
    pty.wait_typed(&prompt);
    pty.type_line("Hangup /^local/");
    pty.wait_line("matches /^local/: 2 at this moment:");
    pty.wait_line("Local/300@default-00000000;1, Local/300@default-00000000;2");
    question(&pty);
    pty.type_text("n\r");
    pty.wait_typed(&prompt);
    assert_eq!(heard(&pbx, "Hangup"), 0);
}
